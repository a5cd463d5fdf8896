// Screens that stop reading on a large and busy floor: what they do not take is not kept for them, nobody waits for them, and they come back right.
import { readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Delta } from '../../server/contract/protocol.ts';
import type { Pharos } from '../support/pharos.ts';
import { openRawWebsocket } from '../support/raw-websocket.ts';
import { startRedis } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { isLive, openWireClient } from '../support/wire-client.ts';
import type { WireClient } from '../support/wire-client.ts';
import { JOURNAL, markEnd, startSite, TOKEN, untilFolded } from './arena.ts';
import { record } from './record.ts';
import { times } from './scale.ts';

const SLOW = times(5, 50);
const LASTS_MS = times(6_000, 60_000);
const AGENTS = 1_000;
const QUEUES = 50;
const PER_SECOND = 200;
/** For each that does not read, the server keeps 256 KB and one message at most, and a snapshot of this floor is less than this. */
const KEPT_MOST = 1024 * 1024;
const GROWS_MOST = 20 * 1024 * 1024 + SLOW * KEPT_MOST;
/** A reader without a word is closed after 10 s, and cut off 2 s later. */
const GONE_MS = 20_000;
const PATIENCE_MS = 60_000;

let redis: RedisServer;
let hand: Redis;
let site: Pharos;

beforeAll(async () => {
  redis = await startRedis();
  hand = new Redis(redis.url);
  const floor = hand.pipeline();
  const say = (type: string, subject: string, data: object): void =>
    void floor.xadd(JOURNAL, '*', 'type', type, 'subject', subject, 'data', JSON.stringify(data));
  for (let n = 0; n < QUEUES; n++) say('queue.profile', `queue-${n}`, { name: `Queue ${n}` });
  for (let n = 0; n < AGENTS; n++) {
    say('agent.profile', `agent-${n}`, { name: `Ann Agent ${n}`, queues: [`queue-${n % QUEUES}`] });
    say('agent.state', `agent-${n}`, { state: 'available' });
  }
  await floor.exec();
  await markEnd(redis, 'filled');
  site = await startSite(redis.url);
  await untilFolded(site, 'filled');
});
afterAll(async () => {
  hand.disconnect();
  await site.close();
  await redis.close();
});

function memoryOf(pharos: Pharos): number {
  const status = readFileSync(`/proc/${pharos.pid()}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? NaN) * 1024;
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${site.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\d+)`, 'm').exec(text)?.[1] ?? NaN);
}

const open = (): WireClient => openWireClient({ url: site.url, auth: { token: TOKEN } });
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Stops reading; gives the way to go on. After 20 s without a ping the client itself gives its line up. */
function stopReading(client: WireClient): () => void {
  const { transport } = client.socket.io.engine as unknown as {
    readonly transport: { readonly ws: { pause(): void; resume(): void } };
  };
  const { ws } = transport;
  ws.pause();
  return () => ws.resume();
}

let told = 0;
/** Says 200 events a second for so long; gives milliseconds until `screen` had each, sorted. */
async function busy(ms: number, screen: WireClient): Promise<readonly number[]> {
  const saidAt = new Map<string, number>();
  const delays: number[] = [];
  const hear = ({ put }: Delta): void => {
    for (const id of Object.keys(put.agents ?? {})) {
      const at = saidAt.get(id);
      if (at !== undefined) delays.push(performance.now() - at);
      saidAt.delete(id);
    }
  };
  screen.socket.on('delta', hear);
  const from = performance.now();
  for (let n = 0; performance.now() - from < ms; n++) {
    await pause(from + (n * 1_000) / PER_SECOND - performance.now());
    const agent = `agent-${told % AGENTS}`;
    const state = Math.floor(told / AGENTS) % 2 === 0 ? 'break' : 'available';
    saidAt.set(agent, performance.now());
    const data = JSON.stringify({ state });
    void hand.xadd(JOURNAL, '*', 'type', 'agent.state', 'subject', agent, 'data', data);
    told += 1;
  }
  await expect.poll(() => saidAt.size, { timeout: PATIENCE_MS }).toBe(0);
  screen.socket.off('delta', hear);
  return delays.sort((a, b) => a - b);
}

const at = (sorted: readonly number[], share: number): number =>
  Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? NaN);

/** The row of every agent, as text that can be compared. */
const agentsOf = ({ tables }: WireClient): string =>
  JSON.stringify([...tables.agents.values()].sort((a, b) => (a.id < b.id ? -1 : 1)));

describe('screens that stop reading', () => {
  it(
    '[FLT-75] cost the server a bounded memory and the others nothing, are told to go, and come back with the right rows',
    { timeout: times(120_000, 240_000) },
    async () => {
      const healthy = open();
      const paused = open();
      await Promise.all([healthy, paused].map((client) => client.until(isLive)));
      const alone = await busy(times(3_000, 10_000), healthy);
      const before = memoryOf(site);

      const silent = Math.ceil(SLOW / 2);
      const raws = await Promise.all(
        Array.from({ length: SLOW }, () =>
          openRawWebsocket(site.port, { protocol: 1, token: TOKEN }),
        ),
      );
      // The others go on talking, and ask for all the rows again and again.
      const asking = setInterval(() => {
        for (const raw of raws.slice(silent)) {
          raw.say('42["have",{"epoch":"e","seq":0}]');
          raw.say('42["resync",{}]');
        }
      }, 500);
      const readOn = stopReading(paused);
      const beside = await busy(LASTS_MS, healthy);
      const most = memoryOf(site) - before;
      expect(most).toBeLessThanOrEqual(GROWS_MOST);
      expect([healthy.refused, healthy.misfits, healthy.socket.connected]).toEqual([null, 0, true]);
      await expect
        .poll(() => metric('pharos_sockets_slow_total'), { timeout: GONE_MS, interval: 500 })
        .toBeGreaterThanOrEqual(silent + 1);
      clearInterval(asking);

      readOn();
      await paused.until(({ socket }) => !socket.connected);
      paused.socket.connect();
      await busy(500, healthy);
      await paused.until(() => agentsOf(paused) === agentsOf(healthy));
      expect(paused.tables.agents.size).toBe(AGENTS);
      for (const raw of raws) raw.tcp.resume();
      await Promise.all(raws.slice(0, silent).map(({ closed }) => closed));
      for (const raw of raws) raw.close();
      await expect.poll(() => metric('pharos_readers'), { timeout: GONE_MS }).toBe(2);
      const mb = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);
      record({
        fault: `screens that stop reading for ${LASTS_MS / 1_000} s at ${PER_SECOND} events/s and ${AGENTS} agents`,
        times: SLOW + 1,
        noticedMs: [],
        backMs: [],
        lost: 0,
        twice: null,
        says: `the server had ${mb(before)} MB, ${mb(most)} MB more while ${SLOW + 1} did not read; others p50/p99 ${at(beside, 0.5)}/${at(beside, 0.99)} ms, alone ${at(alone, 0.5)}/${at(alone, 0.99)} ms`,
      });
      healthy.close();
      paused.close();
    },
  );
});
