// What an operator sees of notifications: those that were given up, and figures of all for Prometheus, without a person in them.
import { afterEach, describe, expect, it } from 'vitest';
import type { UndeliveredSaid } from '../../server/contract/undelivered.ts';
import type { OutboxLook } from '../../server/gateway/options.ts';
import { laneOf } from '../../server/log/outbox.ts';
import type { DeadLetter } from '../../server/log/outbox.ts';
import { countMove } from '../../server/acting/move-counted.ts';
import { undeliveredOf } from '../../server/notify/undelivered.ts';
import { call } from '../support/call.ts';
import type { Called } from '../support/call.ts';
import { openBench, TOKEN } from '../support/gateway-bench.ts';
import type { Bench } from '../support/gateway-bench.ts';
import { alertRow, callbackRow, NOON } from '../support/paper-rows.ts';

const BEARER = { authorization: `Bearer ${TOKEN}` };
let bench: Bench;
afterEach(() => bench.close());

const LETTER: DeadLetter = {
  at: NOON,
  why: 'no box lea@example.org at https://u:p@hooks.example/T0/secret',
  tries: 5,
  via: 'email',
  notice: {
    id: 'n1',
    lane: laneOf({ owner: 'person', of: 'lea', channel: 'mail' }),
    about: 'ep',
    marks: 'tells',
    dueAt: NOON - 60_000,
    text: JSON.stringify({
      ...{ kind: 'fire', episode: 'ep', rule: 'hold.long', severity: 'P2', params: {}, passed: [] },
      ...{ team: null, queue: null, since: NOON, raisedAt: NOON, decidedAt: NOON },
    }),
  },
};

function outboxOf(change: Partial<OutboxLook> = {}): OutboxLook {
  return {
    deadLetters: (count) => Promise.resolve(undeliveredOf(LETTER).slice(0, count)),
    backlog: () => Promise.resolve({ rows: 3, oldestDueAt: Date.now() - 42_000 }),
    ...change,
  };
}

function get(path: string, headers: Readonly<Record<string, string>> = BEARER): Promise<Called> {
  return call({ port: bench.port, path, headers });
}

describe('GET /api/v1/undelivered', () => {
  it('[GTW-70] says who was not reached, by what, how often it was tried and why, and no address', async () => {
    bench = await openBench({
      settings: { demo: false, bootstrapToken: TOKEN },
      outbox: outboxOf(),
    });
    expect((await get('/api/v1/undelivered', {})).status).toBe(401);
    const { status, body, headers } = await get('/api/v1/undelivered?count=5');
    expect([status, headers['cache-control']]).toEqual([200, 'no-store']);
    expect((JSON.parse(body) as UndeliveredSaid).letters).toEqual([
      {
        ...{ at: NOON, owner: 'person', of: 'lea', channel: 'mail', via: 'email', tries: 5 },
        why: 'no box …@example.org at https://hooks.example/…',
        ...{ notification: 'n1', episode: 'ep', rule: 'hold.long', severity: 'P2', kind: 'fire' },
      },
    ]);
    for (const query of ['count=0', 'count=1001', 'count=x', 'from=1'])
      expect((await get(`/api/v1/undelivered?${query}`)).status, query).toBe(400);
  });

  it('[GTW-70] is 503 while Redis cannot be asked', async () => {
    const deadLetters = (): Promise<never> => Promise.reject(new Error('away'));
    bench = await openBench({ outbox: outboxOf({ deadLetters }) });
    expect((await get('/api/v1/undelivered', {})).status).toBe(503);
  });
});

describe('GET /api/v1/callbacks/ID', () => {
  it('[GTW-72] gives a promise with its history and the number to call, and nothing that is only the house’s', async () => {
    bench = await openBench({ settings: { demo: false, bootstrapToken: TOKEN } });
    const attempt = { at: NOON, by: 'lea', contact: 'c9', result: 'busy', talkMs: null } as const;
    const step = { at: NOON - 1_000, what: 'claimed', by: 'lea', how: 'said' } as const;
    const customer = { id: 'x1', name: 'Lucie', address: '+371 6123 4567' };
    const says = { customer, note: 'the parcel', tries: [{ ...attempt, how: 'said' }] } as const;
    bench.floor.put('callbacks', {
      ...callbackRow('desk/a b', { ...says, addressKey: '+37161234567' }),
      steps: [step],
    });
    const path = `/api/v1/callbacks/${encodeURIComponent('desk/a b')}`;
    expect((await get(path, {})).status).toBe(401);
    const { body } = await get(path);
    expect(JSON.parse(body)).toEqual({
      callback: {
        id: 'desk/a b',
        customer: { name: 'Lucie', address: '+371 6123 4567' },
        ...{ note: 'the parcel', closedAt: null, closedBy: null, why: null },
        tries: [{ at: NOON, by: 'lea', result: 'busy', talkMs: null, how: 'said' }],
        steps: [step],
      },
    });
    expect((await get('/api/v1/callbacks/none')).status).toBe(404);
    const long = `desk/${'ā?'.repeat(125)}`;
    bench.floor.put('callbacks', callbackRow(long, says));
    const longOne = await get(`/api/v1/callbacks/${encodeURIComponent(long)}`);
    expect(JSON.parse(longOne.body)).toMatchObject({ callback: { id: long } });
  });
});

describe('/metrics', () => {
  const line = (body: string, start: string): string | undefined =>
    body.split('\n').find((each) => each.startsWith(start));

  it('[GTW-71] counts open episodes, moves, what was told and what became of it, and how long it took', async () => {
    bench = await openBench({ outbox: outboxOf() });
    for (const [id, change] of [
      ['a', {}],
      ['b', {}],
      ['c', { severity: 'P1' }],
      ['d', { state: 'resolved' }],
    ] as const)
      bench.floor.put('alerts', alertRow(id, { rule: 'hold.long', severity: 'P2', ...change }));
    const told = [
      { owner: 'person', of: 'lea', level: 1, channel: 'a', via: 'push', notification: 'n1' },
      { owner: 'person', of: 'sam', level: 1, channel: null, notification: null },
    ] as const;
    const move = { to: alertRow('a', { rule: 'hold.long' }), reason: 'worse' } as const;
    countMove(bench.telemetry, move, { told: told.map((each) => ({ ...each, why: null })) });
    const say = (name: string, fields: Readonly<Record<string, string | number>>): void =>
      bench.telemetry.announce({ name, severity: 'debug', fields });
    say('notify.settled', { outcome: 'sent', via: 'push', count: 2 });
    say('notify.settled', { outcome: 'failed', via: 'email', count: 1 });
    say('notify.handed', { via: 'push', seconds: 1.4 });
    say('alerts.proposed', { answer: 'stale' });
    const { body } = await get('/metrics', {});
    const wanted = [
      'pharos_alerts_open{rule="hold.long",severity="P2"} 2',
      'pharos_alerts_open{rule="hold.long",severity="P1"} 1',
      'pharos_alert_moves_total{rule="hold.long",reason="worse"} 1',
      'pharos_alerts_proposed_total{answer="stale"} 1',
      'pharos_notifications_decided_total{via="push"} 1',
      'pharos_notifications_decided_total{via="none"} 1',
      'pharos_notifications_total{outcome="sent",via="push"} 2',
      'pharos_notifications_total{outcome="failed",via="email"} 1',
      'pharos_notification_handover_seconds_bucket{le="1",via="push"} 0',
      'pharos_notification_handover_seconds_bucket{le="2",via="push"} 1',
      'pharos_notification_handover_seconds_sum{via="push"} 1.4',
      'pharos_outbox_rows 3',
    ];
    for (const each of wanted) expect(body.split('\n')).toContain(each);
    const age = Number(line(body, 'pharos_outbox_oldest_seconds')?.split(' ')[1]);
    expect(age).toBeGreaterThanOrEqual(42);
    expect(age).toBeLessThan(60);
    expect(body).not.toMatch(/\b(lea|sam|n1)\b/);
    bench.floor.remove('alerts', 'c');
    expect(
      line((await get('/metrics', {})).body, 'pharos_alerts_open{rule="hold.long",severity="P1"'),
    ).toBe(undefined);
  });

  it('[GTW-71] says of the outbox that it is no number while Redis cannot be asked', async () => {
    const backlog = (): Promise<never> => Promise.reject(new Error('away'));
    bench = await openBench({ outbox: outboxOf({ backlog }) });
    const { body } = await get('/metrics', {});
    expect(line(body, 'pharos_outbox_rows')).toMatch(/nan/i);
    expect(line(body, 'pharos_outbox_oldest_seconds')).toMatch(/nan/i);
  });
});
