// What a phone system did while nobody listened: closed by the connector's snapshot once the server is back, and shown as not seen.
import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import type { ContactRow, QueueRow } from '../../server/contract/rows.ts';
import type { Pharos } from '../support/pharos.ts';
import { startRedis } from '../support/redis-server.ts';
import { knownOf, markEnd, startSite, untilFolded } from './arena.ts';
import { record } from './record.ts';
import { differencesFrom, entriesOf, openReference, openScreen } from './reference.ts';
import { times } from './scale.ts';
import { openWaitingRoom, QUEUE } from './waiting-room.ts';

const PATIENCE = { timeout: 20_000 };

const closings: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closings.reverse().splice(0)) await close();
});

async function floorOf(pharos: Pharos): Promise<{
  readonly queue: QueueRow | undefined;
  readonly contacts: Readonly<Record<string, ContactRow>>;
}> {
  const { rows } = await knownOf(pharos);
  return { queue: rows.queues?.[QUEUE], contacts: rows.contacts ?? {} };
}

describe('a phone system that went on while the server was killed', () => {
  it('[FLT-55] loses nobody who is there, keeps nobody who is gone, and shows how many were not seen', async () => {
    const server = await startRedis();
    const redis = new Redis(server.url);
    closings.push(async () => {
      redis.disconnect();
      await server.close();
    });
    const room = await openWaitingRoom();
    closings.push(() => room.close());
    const pharos = await startSite(server.url, {
      PHAROS_ASTERISK: `ami://user:secret@127.0.0.1:${room.port}?name=pbx1`,
    });
    closings.push(() => pharos.close());
    const screen = openScreen(pharos, 'main');
    closings.push(() => screen.close());
    const names = async (): Promise<readonly string[]> =>
      Object.keys((await floorOf(pharos)).contacts).sort();
    const isThere = (...uniqueids: readonly string[]): Promise<void> =>
      expect.poll(names, PATIENCE).toEqual(uniqueids.map((one) => `pbx1/${one}`).sort());

    room.join('1.0');
    const rounds = times(1, 10);
    const backMs: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const [stays, goes, comes] = [`${round}.0`, `${round}.5`, `${round + 1}.0`];
      room.join(goes);
      await isThere(stays, goes);
      const before = (await floorOf(pharos)).contacts[`pbx1/${stays}`];
      await pharos.kill();
      room.hangUp(goes);
      const joinedAt = Date.now();
      room.join(comes);
      const began = performance.now();
      await pharos.start();
      await isThere(stays, comes);
      backMs.push(performance.now() - began);
      const { queue, contacts } = await floorOf(pharos);
      expect(queue).toMatchObject({ waiting: 2, today: { unknown: round, abandoned: round - 1 } });
      expect(contacts[`pbx1/${stays}`]).toEqual(before);
      // The PBX says in whole seconds how long somebody has waited.
      const off = Math.abs((contacts[`pbx1/${comes}`]?.queuedAt ?? 0) - joinedAt);
      expect(off).toBeLessThan(1_500);
      await expect.poll(() => screen.tables.queues.get(QUEUE)?.today.unknown).toBe(round);
      // Seen, so it is counted.
      room.hangUp(stays);
      await isThere(comes);
    }
    await markEnd(server, 'the-end');
    await untilFolded(pharos, 'the-end');
    const reference = await openReference(await entriesOf(redis), 'the-end');
    closings.push(() => reference.close());
    expect((await differencesFrom(reference, pharos)).slice(0, 20)).toEqual([]);
    const today = (await floorOf(pharos)).queue?.today;
    const offered = today?.offered ?? 0;
    expect(today).toMatchObject({ offered: rounds, abandoned: rounds, unknown: rounds });
    record({
      fault: 'server killed while a phone system went on',
      times: rounds,
      noticedMs: [],
      backMs,
      lost: Math.max(0, rounds - offered),
      twice: Math.max(0, offered - rounds),
      says: `${rounds} not seen, as the tile says; who waited goes on waiting since the same instant`,
    });
  }, 300_000);
});
