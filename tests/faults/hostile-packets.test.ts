// Malformed packets by websocket and by polling, on the whole product: it stays up, stays small, and whoever is beside them notices nothing.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../support/call.ts';
import { createChance, seedFor } from '../support/chance.ts';
import type { Chance } from '../support/chance.ts';
import type { Pharos } from '../support/pharos.ts';
import { openRawWebsocket } from '../support/raw-websocket.ts';
import { startRedis } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';
import {
  rubbishBody,
  rubbishFrame,
  rubbishPacket,
  rubbishRequest,
} from '../support/rubbish-packets.ts';
import { isLive, openWireClient } from '../support/wire-client.ts';
import type { WireClient } from '../support/wire-client.ts';
import { JOURNAL, knownOf, startSite, TOKEN } from './arena.ts';
import { record } from './record.ts';
import { times } from './scale.ts';

const PACKETS = times(1_500, 10_000);
/** Before the first measure: what a server keeps of its first rubbish, it keeps once. */
const WARM_UP = 1_000;
const AT_ONCE = 10;
/** More in a second would be refused for their number alone. */
const OF_ONE_LINE = 15;
const GROWS_MOST = 20 * 1024 * 1024;
const SETTLED_MS = 60_000;
const CUT_MS = 1_000;

let redis: RedisServer;
let hand: Redis;
let site: Pharos;

beforeAll(async () => {
  redis = await startRedis();
  hand = new Redis(redis.url);
  site = await startSite(redis.url);
});
afterAll(async () => {
  hand.disconnect();
  await site.close();
  await redis.close();
});

/** Bytes of memory that the server has. */
function memoryOf(pharos: Pharos): number {
  const status = readFileSync(`/proc/${pharos.pid()}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? NaN) * 1024;
}

/** Ends our half, waits for theirs, and gives up after a while. */
async function end(tcp: Socket, closed: Promise<void>): Promise<void> {
  tcp.end();
  const cut = setTimeout(() => tcp.destroy(), CUT_MS);
  await closed;
  clearTimeout(cut);
}

/** One line by websocket: some packets, then frames of any kind. Gives how many. */
async function talkByWebsocket(chance: Chance): Promise<number> {
  const auth = chance.of([
    { protocol: 1, token: TOKEN },
    { protocol: 1, token: TOKEN, have: { epoch: 'e', seq: 7 } },
    { protocol: '1', __proto__: [] },
    { protocol: 1e300, board: ['__proto__'], have: { epoch: {}, seq: -1 } },
    [],
  ]);
  const raw = await openRawWebsocket(site.port, auth);
  raw.tcp.resume();
  const packets = 1 + chance.below(OF_ONE_LINE);
  for (let n = 0; n < packets; n++) {
    if (chance.below(2) === 0) raw.say(rubbishPacket(chance).slice(0, 60_000));
    else raw.tcp.write(rubbishFrame(chance));
    // Whatever one packet did to the line, the next comes in a read of its own.
    if (chance.below(3) === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await end(raw.tcp, raw.closed);
  return packets;
}

async function talkByPolling(chance: Chance): Promise<number> {
  const path = '/socket.io/?EIO=4&transport=polling';
  // Each call has a line of its own: one that is refused is cut.
  const opened = await call({ port: site.port, path });
  const { sid } = JSON.parse(opened.body.slice(1)) as { readonly sid: string };
  const say = async (body: string): Promise<number | 'cut'> => {
    const said = { port: site.port, path: `${path}&sid=${sid}`, method: 'POST', body };
    return call(said).then(
      ({ status }) => status,
      () => 'cut' as const,
    );
  };
  if (chance.below(2) === 0) await say(`40${JSON.stringify({ protocol: 1, token: TOKEN })}`);
  const { body, packets } = rubbishBody(chance);
  expect([200, 400, 413, 'cut']).toContain(await say(body));
  // A line that stood the body is told to go.
  await say('41\u001e1');
  return packets;
}

async function talkOnce(chance: Chance): Promise<number> {
  const tcp = connect({ port: site.port, host: '127.0.0.1' });
  tcp.on('error', () => undefined);
  tcp.resume();
  const closed = new Promise<void>((resolve) => tcp.once('close', () => resolve()));
  tcp.write(rubbishRequest(`127.0.0.1:${site.port}`, chance), 'latin1');
  await new Promise((resolve) => setImmediate(resolve));
  await end(tcp, closed);
  return 1;
}

/** Talks until so many packets were sent; gives how many by each way. */
async function talk(packets: number, chance: Chance): Promise<Readonly<Record<string, number>>> {
  const said = { websocket: 0, polling: 0, requests: 0 };
  const inAll = (): number => said.websocket + said.polling + said.requests;
  const line = async (): Promise<void> => {
    while (inAll() < packets) {
      const way = chance.below(10);
      if (way < 5) said.websocket += await talkByWebsocket(chance);
      else if (way < 8) said.polling += await talkByPolling(chance);
      else said.requests += await talkOnce(chance);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, line));
  return said;
}

async function move(n: number): Promise<void> {
  const data = JSON.stringify({ state: n % 2 === 0 ? 'available' : 'break', reason: `n${n}` });
  await hand.xadd(JOURNAL, '*', 'type', 'agent.state', 'subject', `agent-${n % 40}`, 'data', data);
}

describe('packets of a hostile client', () => {
  it(
    '[FLT-70] bring nothing down, leave the server as small as it was, and nobody beside them notices',
    { timeout: times(120_000, 240_000) },
    async () => {
      const chance = createChance(seedFor('packets of a hostile client'));
      const open = (transport: 'websocket' | 'polling'): WireClient =>
        openWireClient({ url: site.url, transport, auth: { token: TOKEN } });
      const good = [open('websocket'), open('websocket'), open('polling')] as const;
      await Promise.all(good.map((client) => client.until(isLive)));
      await talk(WARM_UP, chance);
      const calmAt = good[0].ticks.length + 5;
      await good[0].until(({ ticks }) => ticks.length >= calmAt);
      const before = memoryOf(site);

      let moved = 0;
      let isOver = false;
      const moving = (async () => {
        while (!isOver) {
          await move(moved++);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      })();
      const said = await talk(PACKETS, chance);
      isOver = true;
      await moving;
      const last = `n${moved - 1}`;
      // The public wall hides reasons, so the last word is looked for in what anybody may ask for, and the rows on each screen.
      await expect
        .poll(async () => {
          const { agents = {} } = (await knownOf(site)).rows;
          return Object.values(agents).some(({ reason }) => reason === last);
        })
        .toBe(true);
      const { agents = {} } = (await knownOf(site)).rows;
      for (const client of good) {
        await client.until(({ tables }) =>
          Object.values(agents).every(
            ({ id, state, since }) =>
              tables.agents.get(id)?.state === state && tables.agents.get(id)?.since === since,
          ),
        );
        expect([client.refused, client.misfits, client.socket.connected]).toEqual([null, 0, true]);
        const ticks = client.ticks.length;
        await client.until((each) => each.ticks.length > ticks + 1);
      }
      expect((await call({ port: site.port })).status).toBe(200);
      expect(site.printed()).not.toMatch(/uncaught|unhandled|at .*\.js:\d+/i);

      const right = memoryOf(site);
      await expect
        .poll(() => memoryOf(site) - before, { timeout: SETTLED_MS, interval: 500 })
        .toBeLessThanOrEqual(GROWS_MOST);
      const grown = memoryOf(site) - before;
      const mb = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);
      const sent = Object.values(said).reduce((sum, count) => sum + count, 0);
      record({
        fault: 'malformed packets',
        times: sent,
        noticedMs: [],
        backMs: [],
        lost: 0,
        twice: null,
        says: `${JSON.stringify(said)}; the server had ${mb(before)} MB, ${mb(right - before)} MB more right after, ${mb(grown)} MB more when settled`,
      });
      for (const client of good) client.close();
    },
  );
});
