// Commands at the door of a real gateway: who may say them, how fast, in which words, and who sits there.
import { afterEach, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../server/contract/commands.ts';
import { actsAs } from '../../server/contract/may-act.ts';
import type { CommandAnswer, CommandName } from '../../server/contract/commands.ts';
import { memoryShelves } from '../../server/log/memory-shelves.ts';
import { call } from '../support/call.ts';
import type { Called } from '../support/call.ts';
import { openBench, TOKEN } from '../support/gateway-bench.ts';
import type { Bench, BenchOptions } from '../support/gateway-bench.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { agentRow, teamRow } from '../support/paper-rows.ts';
import { cookieOf, withToken } from '../support/signed-in.ts';
import { isLive } from '../support/wire-client.ts';
import type { WireClient } from '../support/wire-client.ts';

let bench: Bench;
afterEach(() => bench.close());

const BEARER = { authorization: `Bearer ${TOKEN}` };
const SITE = { settings: { demo: false, bootstrapToken: TOKEN } } satisfies BenchOptions;
/** Words that are right for each command. */
const RIGHT: Readonly<Record<CommandName, Readonly<Record<string, unknown>>>> = {
  acknowledge: { episode: 'e1', expectedVersion: 3 },
  snooze: { episode: 'e1', until: '2026-11-21T13:00:00Z', why: 'a fire drill' },
  release: { episode: 'e1' },
  comment: { episode: 'e1', why: 'rang them' },
  see: { episode: 'e1' },
  promise: { customer: { address: '+371 6123 4567' }, dueAt: 1_795_000_000_000 },
  claim: { callback: 'cb1' },
  unclaim: { callback: 'cb1' },
  attempt: { callback: 'cb1', result: 'voicemail' },
  complete: { callback: 'cb1', why: 'they wrote' },
  cancel: { callback: 'cb1' },
  presence: { presence: 'floor' },
  cover: { team: 'billing' },
  uncover: { team: 'billing' },
  assist: { about: 'a refund' },
  come: { assist: 'h1' },
  close: { assist: 'h1' },
};

async function open(options: BenchOptions = {}): Promise<void> {
  bench = await openBench(options);
  bench.floor.put('agents', agentRow('anna', { role: 'lead' }));
  bench.floor.put('agents', agentRow('nora', { role: 'supervisor' }));
  bench.floor.put('agents', agentRow('charles'));
  bench.tell();
}

async function sit(
  agent: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Called> {
  return call({
    port: bench.port,
    method: 'POST',
    path: '/api/v1/session/person',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ agent }),
  });
}

async function desk(cookie: string, board = 'desk'): Promise<WireClient> {
  const client = bench.open({ auth: { board }, headers: { cookie } });
  await client.until(isLive);
  return client;
}

function say(client: WireClient, name: string, said: unknown): Promise<CommandAnswer> {
  return client.socket.emitWithAck(name, said) as Promise<CommandAnswer>;
}

describe('a command', () => {
  it('[CMD-1] is handed on in the name of who sits there, whatever its words say, and its answer comes back', async () => {
    await open({ limits: { commandsPerSecond: 100 } });
    const client = await desk(cookieOf(await sit('anna')));
    bench.answer = { ok: true, id: 'e1', version: 4 };
    for (const name of COMMANDS) {
      const answer = await say(client, name, { ...RIGHT[name], by: 'nora', person: 'nora' });
      expect([name, answer]).toEqual([name, bench.answer]);
    }
    expect(bench.obeyed.map(({ heard: { name }, by }) => [name, by])).toEqual(
      COMMANDS.map((name) => [name, { id: 'anna', how: 'said' }]),
    );
    for (const { heard } of bench.obeyed) expect(heard.says).not.toHaveProperty('by');
    const [, snooze] = bench.obeyed;
    expect(snooze?.heard.says).toEqual({
      episode: 'e1',
      until: Date.UTC(2026, 10, 21, 13),
      why: 'a fire drill',
    });
    bench.answer = { refused: 'taken', by: 'nora' };
    expect(await say(client, 'come', RIGHT.come)).toEqual(bench.answer);
  });

  it('[CMD-2] is refused to a public board, to who has no person, and to who has lost the right since', async () => {
    await open({ limits: { commandsPerSecond: 100 } });
    const anna = cookieOf(await sit('anna'));
    const wall = await desk(anna, 'main');
    const nobody = await desk('');
    const client = await desk(anna);
    for (const name of COMMANDS) {
      expect(await say(wall, name, RIGHT[name])).toEqual({ refused: 'not-allowed' });
      expect(await say(nobody, name, RIGHT[name])).toEqual({ refused: 'no-person' });
    }
    bench.floor.put('agents', agentRow('anna', { role: 'agent' }));
    expect(await say(client, 'come', RIGHT.come)).toEqual({ refused: 'not-allowed' });
    bench.floor.put('teams', teamRow('billing', { leads: ['anna'] }));
    expect(await say(client, 'come', RIGHT.come)).toEqual({ ok: true });
    bench.floor.remove('agents', 'anna');
    expect(await say(client, 'come', RIGHT.come)).toEqual({ refused: 'not-allowed' });
    expect(bench.obeyed).toHaveLength(1);
  });

  it('[CMD-2] is refused once the session is over, on a socket that lives on', async () => {
    const clock = createManualClock();
    await open({ ...SITE, clock });
    const cookie = await withToken(bench);
    await sit('anna', { cookie });
    const { sessions } = bench.access.records;
    for (const [hash, session] of await sessions.all())
      await sessions.put(hash, { ...session, endsAt: clock.now() + 1_000 });
    const client = bench.open({ auth: { board: 'desk' }, headers: { cookie } });
    await client.until(({ position }) => position !== null);
    expect(await say(client, 'come', RIGHT.come)).toEqual({ ok: true });
    await clock.advance(1_000);
    expect(await say(client, 'come', RIGHT.come)).toEqual({ refused: 'session' });
  });

  it('[CMD-3] in words that are not of the contract says which, what was expected and what was given', async () => {
    await open({ limits: { commandsPerSecond: 1_000 } });
    const client = await desk(cookieOf(await sit('anna')));
    const deep: unknown = JSON.parse(`${'['.repeat(300)}${']'.repeat(300)}`);
    const bad: readonly (readonly [CommandName, unknown, string])[] = [
      ['acknowledge', {}, 'episode'],
      ['acknowledge', { episode: '__proto__' }, 'episode'],
      ['acknowledge', { episode: 'e', expectedVersion: '3' }, 'expectedVersion'],
      ['snooze', { episode: 'e', until: 'soon', why: 'x' }, 'until'],
      ['snooze', { episode: 'e', until: 1e300, why: 'x' }, 'until'],
      ['comment', { episode: 'e', why: 'x'.repeat(501) }, 'why'],
      ['promise', { customer: 'anna', dueAt: 1 }, 'customer'],
      ['promise', { customer: { name: 7 }, dueAt: 1 }, 'customer.name'],
      ['attempt', { callback: 'c', result: 'perhaps' }, 'result'],
      ['presence', { presence: 'asleep' }, 'presence'],
      ['claim', { callback: 'c', once: '' }, 'once'],
      ['come', null, ''],
      ['come', 'h1', ''],
      ['come', [], ''],
      ['come', deep, ''],
    ];
    for (const [name, said, field] of bad) {
      const answer = await say(client, name, said);
      expect([name, said, answer]).toEqual([
        name,
        said,
        {
          refused: 'malformed',
          field,
          expected: expect.any(String) as string,
          given: expect.any(String) as string,
        },
      ]);
      expect('given' in answer && (answer.given ?? '').length).toBeLessThanOrEqual(201);
    }
    expect(bench.obeyed).toEqual([]);
    expect(await say(client, 'come', RIGHT.come)).toEqual({ ok: true });
  });

  it('[CMD-3] without a callback for its answer is no message of the contract', async () => {
    await open();
    const client = await desk(cookieOf(await sit('anna')));
    client.socket.emit('acknowledge', RIGHT.acknowledge);
    await client.until(({ refused }) => refused !== null);
    expect(client.refused).toBe('malformed');
    expect(bench.obeyed).toEqual([]);
  });

  it('[CMD-4] beyond five in a second of a socket or a person is refused, and says when to come again', async () => {
    const clock = createManualClock();
    await open({ clock });
    const cookie = cookieOf(await sit('anna'));
    const [one, other, nora] = await Promise.all(
      [cookie, cookie, cookieOf(await sit('nora'))].map(async (of) => {
        const client = bench.open({ auth: { board: 'desk' }, headers: { cookie: of } });
        await client.until(({ position }) => position !== null);
        return client;
      }),
    );
    const rate = { refused: 'rate', retryAfterMs: 1_000 };
    for (let n = 0; n < 5; n++)
      expect(await say(n % 2 === 0 ? one! : other!, 'come', RIGHT.come)).toEqual({ ok: true });
    expect(await say(other!, 'come', RIGHT.come)).toEqual(rate);
    expect(await say(one!, 'come', RIGHT.come)).toEqual(rate);
    expect(await say(nora!, 'come', RIGHT.come)).toEqual({ ok: true });
    expect(bench.obeyed).toHaveLength(6);
    await clock.advance(2_000);
    expect(await say(one!, 'come', RIGHT.come)).toEqual({ ok: true });
  });
});

describe('a session', () => {
  it('[CMD-10] gets a person who is a lead or supervisor of the floor, and nobody else', async () => {
    await open(SITE);
    const token = await withToken(bench);
    for (const agent of ['charles', 'nobody', '__proto__', '', 7, null, undefined]) {
      const answer = await sit(agent, { cookie: token });
      expect([agent, answer.status]).toEqual([agent, 422]);
      expect(JSON.parse(answer.body)).toMatchObject({ field: 'agent' });
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
    expect((await sit('anna')).status).toBe(401);
    expect((await sit('anna', BEARER)).status).toBe(409);
    const sat = await sit('anna', { cookie: token });
    expect(sat.status).toBe(200);
    expect(JSON.parse(sat.body)).toEqual({
      role: 'installer',
      account: null,
      choosesPerson: true,
      person: {
        id: 'anna',
        name: agentRow('anna').name,
        role: 'lead',
        team: null,
        unverified: true,
      },
      push: { possible: true, reason: null },
    });
    const session = await get('/api/v1/session', { cookie: token });
    expect(JSON.parse(session.body)).toEqual(JSON.parse(sat.body));
  });

  it('[CMD-36] says whose desk is opened, by sitting down and by coming back to it', async () => {
    await open(SITE);
    expect((await sit('anna')).status).toBe(401);
    const cookie = await withToken(bench);
    await sit('nobody', { cookie });
    await get('/api/v1/session', { cookie });
    expect(bench.sat).toEqual([]);
    await sit('anna', { cookie });
    await get('/api/v1/session', { cookie });
    expect(bench.sat).toEqual(['anna', 'anna']);
  });

  it('[CMD-10] keeps its person over pages that renew it, and is nobody else’s', async () => {
    await open(SITE);
    const cookie = await withToken(bench);
    await sit('anna', { cookie });
    expect(cookieOf(await get('/', { cookie }))).toBe(cookie);
    expect((await person({ cookie }))?.id).toBe('anna');
    expect(await person({ cookie: await withToken(bench) })).toBeNull();
  });

  it('[CMD-11] that changes its person is followed by its open sockets, and gives it up when asked', async () => {
    await open({ limits: { commandsPerSecond: 100 } });
    const cookie = cookieOf(await sit('anna'));
    const client = await desk(cookie);
    expect(await say(client, 'come', RIGHT.come)).toEqual({ ok: true });
    expect((await sit('nora', { cookie })).status).toBe(200);
    expect(await say(client, 'come', RIGHT.come)).toEqual({ ok: true });
    expect(bench.obeyed.map(({ by }) => by.id)).toEqual(['anna', 'nora']);
    const left = await call({
      port: bench.port,
      method: 'DELETE',
      path: '/api/v1/session/person',
      headers: { cookie },
    });
    expect(left.status).toBe(200);
    expect(await say(client, 'come', RIGHT.come)).toEqual({ refused: 'no-person' });
    expect(await person({ cookie })).toBeNull();
  });

  it('[CMD-10] takes who is named by a team as its lead, and the duty manager, whatever their role', async () => {
    await open();
    expect((await sit('charles')).status).toBe(422);
    bench.floor.put('teams', teamRow('red', { leads: ['charles'] }));
    expect((await sit('charles')).status).toBe(200);
    const around = { teams: [{ leads: ['charles'] }], dutyManager: 'gabelle' };
    const as = (id: string, role: 'agent' | 'lead' | 'supervisor' | 'trainee') =>
      actsAs({ id, role }, around);
    expect([as('charles', 'agent'), as('gabelle', 'agent'), as('nora', 'supervisor')]).toEqual([
      'lead',
      'duty-manager',
      'supervisor',
    ]);
    expect(as('sydney', 'trainee')).toBeNull();
  });

  it('[CMD-14] is the same on every server of the site, whose sockets follow it', async () => {
    const shelves = memoryShelves();
    const other = await openBench({ ...SITE, shelves });
    await open({ ...SITE, shelves, limits: { commandsPerSecond: 100 } });
    for (const id of ['anna', 'nora'])
      for (const each of [bench, other]) each.floor.put('agents', agentRow(id, { role: 'lead' }));
    const cookie = await withToken(bench);
    await sit('anna', { cookie });
    const client = other.open({ auth: { board: 'desk' }, headers: { cookie } });
    await client.until(isLive);
    expect(await say(client, 'come', RIGHT.come)).toEqual({ ok: true });
    // The log may be away: each command asks anew who sits there.
    bench.logTrouble = 'unreachable';
    expect((await sit('nora', { cookie })).status).toBe(200);
    expect(await say(client, 'come', RIGHT.come)).toEqual({ ok: true });
    expect(other.obeyed.map(({ by }) => by.id)).toEqual(['anna', 'nora']);
    await other.close();
  });

  it('[CMD-12] opens no door of the demo to who is elsewhere, though it says who one is', async () => {
    await open();
    const cookie = cookieOf(await sit('anna'));
    expect((await person({ cookie }))?.id).toBe('anna');
    const elsewhere = await get('/api/v1/session', { cookie, 'x-forwarded-for': '192.0.2.1' });
    expect(elsewhere.status).toBe(401);
  });

  it('[CMD-13] says whether a push can be had: only where the browser calls the way secure', async () => {
    await open({ settings: { ...SITE.settings, trustProxy: true } });
    const push = async (headers: Readonly<Record<string, string>>): Promise<unknown> =>
      (
        JSON.parse((await get('/api/v1/session', { ...BEARER, ...headers })).body) as {
          push: unknown;
        }
      ).push;
    expect(await push({})).toEqual({ possible: true, reason: null });
    expect(await push({ 'x-forwarded-proto': 'https' })).toEqual({ possible: true, reason: null });
    expect(await push({ 'x-forwarded-proto': 'http' })).toEqual({
      possible: false,
      reason: 'insecure',
    });
  });
});

function get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Called> {
  return call({ port: bench.port, path, headers });
}

async function person(
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly id: string } | null> {
  const { body } = await get('/api/v1/session', headers);
  return (JSON.parse(body) as { readonly person: { readonly id: string } | null }).person;
}
