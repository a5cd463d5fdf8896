// A storm: the whole house, events by chance, lines that are cut by chance; in the end every screen has what is true.
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { pause, systemClock } from '../../server/clock.ts';
import { readConfig } from '../../server/config.ts';
import type { NewEvent } from '../../server/events/event.ts';
import { openHouse } from '../../server/house.ts';
import { createLifecycle } from '../../server/lifecycle.ts';
import { memoryShelves } from '../../server/log/memory-shelves.ts';
import { createThrottle } from '../../server/log/throttle.ts';
import type { Lifecycle } from '../../server/lifecycle.ts';
import { openMemoryStore } from '../../server/log/memory-store.ts';
import { createTelemetry } from '../../server/telemetry.ts';
import { createChance, seedFor } from '../support/chance.ts';
import { cutLink } from '../support/cut-link.ts';
import { weather } from '../support/weather.ts';
import { isLive, openWireClient } from '../support/wire-client.ts';
import type { WireClient } from '../support/wire-client.ts';

const TOKEN = 'a-token-of-the-test-suite-only';
const BOARDS: readonly NewEvent<'board.saved'>[] = [
  { type: 'board.saved', subject: 'floor', data: { name: 'Floor', audience: 'desk' } },
  { type: 'board.saved', subject: 'one', data: { name: 'One queue', queues: ['queue-1'] } },
];
const BOARD_OF = ['main', 'floor', 'one'] as const;
const CLIENTS = 12;
const ROUNDS = 80;

const lifecycle: Lifecycle = createLifecycle();
const clients: WireClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  expect(await lifecycle.close()).toEqual([]);
});

describe('the whole house in a storm', () => {
  it('[ENG-6] brings every screen to what is true, whatever was cut on the way', async () => {
    const seed = seedFor('storm');
    const chance = createChance(seed);
    const store = openMemoryStore(systemClock);
    const read = readConfig({ PORT: '0', PHAROS_DEMO: 'off', PHAROS_BOOTSTRAP_TOKEN: TOKEN });
    if (!read.ok) throw new Error(read.complaints.join());
    const {
      address: { port },
    } = await openHouse({
      config: read.config,
      store,
      lifecycle,
      telemetry: createTelemetry(),
      clock: systemClock,
      holder: randomBytes(4).toString('hex'),
      token: TOKEN,
      shelves: memoryShelves(),
      throttle: createThrottle(null),
      staticDir: tmpdir(),
      build: 'storm',
    });
    await store.append(BOARDS);
    const link = await cutLink(port);
    lifecycle.onClose('link', () => link.close());
    const open = (board: string): WireClient => {
      const url = `http://127.0.0.1:${link.port}`;
      const client = openWireClient({ url, auth: { token: TOKEN, board } });
      // A screen that was cut off, at whatever moment, comes back with the position that it has.
      client.socket.on('disconnect', (why) => {
        if (why !== 'io client disconnect') client.socket.connect();
      });
      client.socket.on('connect_error', () => {
        systemClock.after(50, () => client.socket.connect());
      });
      clients.push(client);
      return client;
    };
    for (let each = 0; each < CLIENTS; each++) open(BOARD_OF[each % BOARD_OF.length] ?? 'main');
    await Promise.all(clients.map((client) => client.until(isLive)));

    for (let round = 0; round < ROUNDS; round++) {
      await store.append(Array.from({ length: 20 }, () => weather(chance)));
      // A frame or so between two rounds, so that they are not sent as one.
      await pause(systemClock, 40);
      if (chance.below(4) === 0) link.mend();
      const one = chance.of(clients);
      if (chance.below(3) === 0 && one.socket.connected) one.comeBack();
      if (chance.below(5) === 0) chance.of(clients).isMute = chance.below(2) === 0;
    }
    for (const client of clients) client.isMute = false;
    await store.append([{ type: 'team.profile', subject: 'the-end', data: { name: 'The end' } }]);
    const storm = [...clients];
    await Promise.all(
      storm.map((client) => client.until(({ tables }) => tables.teams.has('the-end'))),
    );

    for (const board of BOARD_OF) {
      const fresh = open(board);
      await fresh.until(isLive);
      const mine = storm.filter((client) => client.board?.id === board);
      expect(mine.length).toBeGreaterThan(2);
      for (const client of mine)
        await expect.poll(() => client.tables, { timeout: 10_000 }).toEqual(fresh.tables);
    }
    // The storm was one: rows moved, lines were cut, and some came back by the missing rows alone.
    const said = storm.flatMap(({ said }) => said);
    expect(said.filter((word) => word.startsWith('delta')).length).toBeGreaterThan(100);
    expect(said.filter((word) => word.startsWith('snapshot')).length).toBeGreaterThanOrEqual(
      CLIENTS,
    );
  });
});
