// A site whose alarms are counted: a Redis, a receiver beside it, the cast with their channels, and a Pharos that calls its levels in a hurry.
import { systemClock } from '../../server/clock.ts';
import { untilAnswering } from '../../server/log/answering.ts';
import { openRedisStore } from '../../server/log/redis-store.ts';
import type { Store } from '../../server/log/store.ts';
import { openHttpSink } from '../support/http-sink.ts';
import type { HttpSink } from '../support/http-sink.ts';
import type { Pharos } from '../support/pharos.ts';
import { openRedisProxy } from '../support/redis-proxy.ts';
import type { RedisProxy } from '../support/redis-proxy.ts';
import { startRedis } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { castOf, giveChannels, peopleOf } from './alarm-cast.ts';
import type { Cast } from './alarm-cast.ts';
import { reckon } from './alarm-reckoning.ts';
import type { Reckoned } from './alarm-reckoning.ts';
import { startSite } from './arena.ts';
import { HURRIED, preloading } from './preload.ts';
import { SCRIPT_NAMES } from './script-names.ts';

/** An end is told 31 s after it. */
const DRAINED_MS = 90_000;
const LOOK_MS = 100;

export interface AlarmSite {
  readonly redis: RedisServer;
  /** Beside Pharos, by a way of its own. */
  readonly store: Store;
  readonly sink: HttpSink;
  readonly cast: readonly Cast[];
  /** Starts a server that loads this code before itself. */
  start(...code: readonly string[]): Promise<Pharos>;
  /** One that calls its levels in a hurry, over a line that stops at a command. */
  startBehindProxy(): Promise<{ readonly pharos: Pharos; readonly proxy: RedisProxy }>;
  /** Waits until everything that was planned was heard or is not to be told any more. */
  drained(): Promise<Reckoned>;
  close(): Promise<void>;
}

/** So many of the cast, each with channels of their own; the site itself hears at `/site`. */
export async function openAlarmSite(size: number): Promise<AlarmSite> {
  const closings: (() => Promise<void> | void)[] = [];
  const redis = await startRedis();
  closings.push(() => redis.close());
  const sink = await openHttpSink();
  closings.push(() => sink.close());
  const store = openRedisStore({ url: redis.url, site: 'main' });
  closings.push(() => store.close());
  const trouble = await untilAnswering(store, { clock: systemClock, withinMs: 10_000 });
  if (trouble !== null) throw new Error(`Redis does not answer: ${String(trouble)}`);
  const cast = Array.from({ length: size }, (_, number) => castOf(number));
  const people = cast.flatMap(({ lead, relief }) => [lead, relief]);
  await giveChannels(store, sink, people);
  for (const each of cast) await store.append([...peopleOf(each)]);
  const environment = { PHAROS_ALLOW_OUT: '127.0.0.1', PHAROS_WEBHOOK: `${sink.url}/site` };

  async function startAt(url: string, code: readonly string[]): Promise<Pharos> {
    const pharos = await startSite(url, { ...environment, ...preloading(...code) });
    closings.push(() => pharos.close());
    return pharos;
  }
  return {
    redis,
    store,
    sink,
    cast,
    start: (...code) => startAt(redis.url, code),
    async startBehindProxy() {
      const proxy = await openRedisProxy({ target: redis.url, scripts: SCRIPT_NAMES });
      closings.push(() => proxy.close());
      return { proxy, pharos: await startAt(proxy.url, [HURRIED]) };
    },
    async drained() {
      const until = performance.now() + DRAINED_MS;
      for (;;) {
        const reckoned = await reckon(store, sink);
        if (reckoned.lost.length === 0 || performance.now() > until) return reckoned;
        await pauseFor(LOOK_MS);
      }
    },
    async close() {
      for (const close of closings.reverse().splice(0)) await close();
    },
  };
}

export function pauseFor(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits for it; `what` is said where it does not come. */
export async function untilSo(what: string, isSo: () => unknown, withinMs = 40_000): Promise<void> {
  const until = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > until) throw new Error(`not ${what} within ${withinMs} ms`);
    await pauseFor(10);
  }
}
