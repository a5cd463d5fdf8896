// *Take it* in a notification, at a real gateway: in whose name, what became of it, and that nobody is taken over.
import { afterEach, describe, expect, it } from 'vitest';
import type { TakeAnswer } from '../../server/contract/channels.ts';
import type { AlertFact } from '../../server/floor/rows.ts';
import { createCapabilities } from '../../server/notify/capability.ts';
import { call } from '../support/call.ts';
import type { Called } from '../support/call.ts';
import { openBench, TOKEN } from '../support/gateway-bench.ts';
import type { Bench } from '../support/gateway-bench.ts';
import { agentRow, alertRow } from '../support/paper-rows.ts';

let bench: Bench;
afterEach(() => bench.close());

const capabilities = createCapabilities('a key', () => Date.now());
const FOR_ANNA = capabilities.make({
  episode: 'ep/1',
  person: 'anna',
  until: Date.now() + 60_000,
});

async function open(alert: Partial<AlertFact> | null, commandsPerSecond = 100): Promise<void> {
  bench = await openBench({
    settings: { demo: false, bootstrapToken: TOKEN },
    limits: { commandsPerSecond },
    readCapability: capabilities.readCapability,
  });
  bench.floor.put('agents', agentRow('anna', { role: 'lead', name: 'Anna' }));
  bench.floor.put('agents', agentRow('nora', { role: 'supervisor', name: 'Nora Vale' }));
  bench.floor.put('agents', agentRow('charles', { name: 'Charles' }));
  if (alert !== null) bench.floor.put('alerts', alertRow('ep/1', { version: 7, ...alert }));
  bench.tell();
}
function post(body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Called> {
  return call({
    ...{ port: bench.port, method: 'POST', path: '/api/v1/take', body: JSON.stringify(body) },
    headers: { 'content-type': 'application/json', ...headers },
  });
}
async function take(capability: unknown = FOR_ANNA): Promise<readonly [number, TakeAnswer]> {
  const { status, body } = await post({ capability });
  return [status, JSON.parse(body) as TakeAnswer];
}
const taken = (by: string, how: 'acknowledged' | 'snoozed' = 'acknowledged') => ({
  state: how,
  taken: { how, by, at: 0, until: Date.now() + 60_000, why: null },
});

describe('a press on a notification', () => {
  it('[CHN-9] takes the episode as it stands now, in the name of whom the notification was for, without a session', async () => {
    await open({});
    expect(await take()).toEqual([200, { outcome: 'yours' }]);
    expect(bench.obeyed).toEqual([
      {
        heard: { name: 'acknowledge', says: { episode: 'ep/1', expectedVersion: 7 } },
        by: { id: 'anna', how: 'link' },
      },
    ]);
    expect(JSON.stringify(bench.happenings)).not.toContain(FOR_ANNA);
  });

  it('[CHN-9] takes nobody over: who has it is told by name, and whose it is already hears so', async () => {
    for (const [by, how, answer] of [
      ['nora', 'acknowledged', { outcome: 'taken', by: 'Nora Vale' }],
      ['nora', 'snoozed', { outcome: 'taken', by: 'Nora Vale' }],
      ['anna', 'acknowledged', { outcome: 'yours' }],
    ] as const) {
      await open(taken(by, how));
      expect((await take())[1]).toEqual(answer);
      expect(bench.obeyed).toEqual([]);
      await bench.close();
    }
    await open(taken('anna', 'snoozed'));
    expect((await take())[1]).toEqual({ outcome: 'yours' });
    expect(bench.obeyed).toHaveLength(1);
  });

  it('[CHN-9] that is late by a moment hears who was quicker', async () => {
    await open({});
    bench.answer = { refused: 'stale', by: 'nora', version: 8 };
    expect(await take()).toEqual([409, { outcome: 'taken', by: 'Nora Vale' }]);
    bench.answer = { refused: 'stale', by: 'anna', version: 8 };
    expect(await take()).toEqual([200, { outcome: 'yours' }]);
    bench.answer = { refused: 'stale', version: 8 };
    expect(await take()).toEqual([503, { outcome: 'later' }]);
    // Looked at three times, since it moved and nobody has it.
    expect(bench.obeyed).toHaveLength(5);
  });

  it('[CHN-9] after its end is written down and changes nothing', async () => {
    await open({ state: 'resolved', resolvedAt: 1 });
    expect(await take()).toEqual([409, { outcome: 'ended' }]);
    expect(bench.obeyed).toHaveLength(1);
    bench.answer = { refused: 'over' };
    expect(await take()).toEqual([409, { outcome: 'ended' }]);
  });

  it('[CHN-9] is said not to be done where it was not: no log, too fast, no right, a forged or ended capability', async () => {
    await open({}, 1);
    bench.answer = { refused: 'log' };
    expect(await take()).toEqual([503, { outcome: 'later' }]);
    expect(await take()).toEqual([503, { outcome: 'later' }]);
    expect(bench.obeyed).toHaveLength(1);
    const of = (person: string, episode = 'ep/1', until = Date.now() + 60_000): string =>
      capabilities.make({ episode, person, until });
    expect(await take(of('charles'))).toEqual([403, { outcome: 'not-allowed' }]);
    for (const bad of [`${FOR_ANNA}x`, '', 7, null, of('nora', 'other'), of('nora', 'ep/1', 1)])
      expect(await take(bad)).toEqual([410, { outcome: 'gone' }]);
    expect((await post('x')).status).toBe(410);
    expect(bench.obeyed).toHaveLength(1);
  });

  it('[CHN-9] comes by POST of a page of our own; looking takes nothing', async () => {
    await open({});
    const get = await call({ port: bench.port, path: `/api/v1/take?capability=${FOR_ANNA}` });
    expect([401, 404]).toContain(get.status);
    const foreign = await post({ capability: FOR_ANNA }, { origin: 'https://evil.example' });
    expect(foreign.status).toBe(403);
    expect(bench.obeyed).toEqual([]);
  });
});
