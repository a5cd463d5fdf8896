// from the limit of a hold to the alarm at its receiver, beside the bare way: a log that is read, and each entry posted on.
import { request } from 'node:http';
import { Redis } from 'ioredis';
import { pause, systemClock } from '../../server/clock.ts';
import { untilAnswering } from '../../server/log/answering.ts';
import { openRedisStore } from '../../server/log/redis-store.ts';
import type { Store } from '../../server/log/store.ts';
import { castOf, giveChannels, over, peopleOf, thirdHold } from '../faults/alarm-cast.ts';
import type { Cast } from '../faults/alarm-cast.ts';
import { heardBy } from '../faults/alarm-reckoning.ts';
import { createChance } from '../support/chance.ts';
import { openHttpSink } from '../support/http-sink.ts';
import type { HttpSink } from '../support/http-sink.ts';
import { startPharos } from '../support/pharos.ts';
import { startRedis } from '../support/redis-server.ts';
import { ms, quantile } from './figures.ts';
import type { Bench, Line, Scale } from './line.ts';
import { cpuMsOf } from './process-cost.ts';
import { atRate } from './site.ts';

const PER_SECOND = 20;
/** Leads enough that none of them is in a flood. */
const SIZES = { whole: { leads: 200, seconds: 60 }, tiny: { leads: 20, seconds: 2 } } as const;
/** A contact is on hold so long. */
const LASTS_MS = 5_000;
const PATIENCE_MS = 20_000;
const SEED = 1859;
const PROMISED = { p95: 1_000, p99: 2_000 };
const BARE = 'bench:alarms';

export const bench: Bench = {
  name: 'alarms',
  async run(scale) {
    const redis = await startRedis();
    const sink = await openHttpSink();
    const store = openRedisStore({ url: redis.url, site: 'main' });
    try {
      await untilAnswering(store, { clock: systemClock, withinMs: PATIENCE_MS });
      return [await measure(scale, redis.url, store, sink)];
    } finally {
      await store.close();
      await sink.close();
      await redis.close();
    }
  },
};

async function measure(scale: Scale, url: string, store: Store, sink: HttpSink): Promise<Line> {
  const { leads, seconds } = SIZES[scale];
  const cast = Array.from({ length: leads }, (_, number) => castOf(number));
  await giveChannels(
    store,
    sink,
    cast.map(({ lead }) => lead),
  );
  for (const each of cast) await store.append(peopleOf(each));
  const pharos = await startPharos({
    ...{ REDIS_URL: url, PHAROS_DEMO: 'off', PHAROS_ALLOW_OUT: '127.0.0.1' },
  });
  try {
    const cpuFrom = cpuMsOf(pharos.pid());
    const from = performance.now();
    const limits = await tell(store, cast, seconds);
    const delays = await heardAfter(limits, sink);
    const cpu = (cpuMsOf(pharos.pid()) - cpuFrom) / (performance.now() - from);
    const bare = await bareWay(url, sink, limits.size);
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => quantile(delays, share)) as [
      number,
      number,
      number,
    ];
    return {
      promise: 'A-1',
      what: 'limit reached → handed to the receiver of a webhook',
      workload: `${PER_SECOND} episodes/s for ${seconds} s, ${leads} leads of as many teams, each with a channel; 250 ms of it are waited for events in flight`,
      measured: `p50 ${ms(p50)}, p95 ${ms(p95)}, p99 ${ms(p99)} of ${delays.length}; server ${Math.round(cpu * 100)} % of a core`,
      beside: `bare way p50 ${ms(quantile(bare, 0.5))}, p99 ${ms(quantile(bare, 0.99))}`,
      promised: `p95 ≤ ${PROMISED.p95} ms, p99 ≤ ${PROMISED.p99} ms`,
      holds: p95 <= PROMISED.p95 && p99 <= PROMISED.p99,
    };
  } finally {
    await pharos.close();
  }
}

/** Gives the instant of each agent's limit. */
async function tell(
  store: Store,
  cast: readonly Cast[],
  seconds: number,
): Promise<ReadonlyMap<string, number>> {
  const chance = createChance(SEED);
  const gapMs = atRate(PER_SECOND);
  const limits = new Map<string, number>();
  const until = performance.now() + seconds * 1_000;
  for (let each = 0, due = performance.now(); due < until; each++, due += gapMs(chance)) {
    await pause(systemClock, due - performance.now());
    const seat = cast[each % cast.length];
    if (seat === undefined) break;
    const [agent, contact] = [`${seat.agent}-${each}`, `${seat.contact}-${each}`];
    const of = { ...seat, agent, contact };
    const at = Date.now();
    limits.set(agent, at);
    await store.append([
      { type: 'agent.profile', subject: agent, data: { name: agent, team: seat.team } },
      ...thirdHold(of, at),
    ]);
    systemClock.after(LASTS_MS, () => void store.append([over(of)]).catch(() => undefined));
  }
  return limits;
}

/** Milliseconds from each limit to the first word of it. Rejects where one never came. */
async function heardAfter(
  limits: ReadonlyMap<string, number>,
  sink: HttpSink,
): Promise<readonly number[]> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const first = new Map<string, number>();
    for (const { at, episodes } of heardBy(sink)) {
      const agent = episodes[0]?.params.agent ?? '';
      if (!first.has(agent)) first.set(agent, at);
    }
    const delays = [...limits].map(([agent, at]) => (first.get(agent) ?? Infinity) - at);
    if (delays.every((delay) => Number.isFinite(delay))) return delays;
    if (performance.now() > until) throw new Error('an alarm never came');
    await pause(systemClock, 50);
  }
}

/** As many entries one after the other, each read from the log and posted on, without any state. */
async function bareWay(url: string, sink: HttpSink, count: number): Promise<readonly number[]> {
  const [writer, reader] = [new Redis(url), new Redis(url)];
  const delays: number[] = [];
  try {
    for (let each = 0; each < count; each++) {
      const read = reader.xread('BLOCK', PATIENCE_MS, 'STREAMS', BARE, '$');
      // So that the reader waits already.
      await writer.ping();
      await pause(systemClock, 5);
      const written = performance.now();
      await writer.xadd(BARE, '*', 'type', 'contact.held', 'subject', String(each));
      await read;
      await posted(sink.url);
      delays.push(performance.now() - written);
    }
  } finally {
    writer.disconnect();
    reader.disconnect();
  }
  return delays;
}

function posted(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/bare`, { method: 'POST', agent: false }, (response) => {
      response.resume();
      resolve();
    });
    asked.on('error', reject);
    asked.end('{}');
  });
}
