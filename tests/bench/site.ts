// The site of a bench: a real Redis that keeps what it is given, a floor in its stride, and the producer who writes what happens.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { NewEvent } from '../../server/events/event.ts';
import { encode } from '../../server/events/encode.ts';
import { keysOf } from '../../server/log/keys.ts';
import { createChance } from '../support/chance.ts';
import type { Chance } from '../support/chance.ts';
import { startPharos } from '../support/pharos.ts';
import type { Pharos } from '../support/pharos.ts';
import { startRedis } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { instant } from './keys.ts';
import { Traffic } from './traffic.ts';

export const TOKEN = 'a-token-of-the-bench-only';
export const JOURNAL = keysOf('main').journal;

/** Events of the opening in one pipeline. */
const BATCH = 500;
/** Events an agent until the floor is in its stride. */
const STRIDE = 6;

/** What was written, and how it is found again in the rows of a screen. */
export interface Sent {
  readonly key: number;
  /** A contact that is over goes or is wrapped up, and is found by the instant at which it was queued; null for all else. */
  readonly queuedAt: number | null;
  readonly department: string;
  /** Just before `XADD`. */
  readonly at: number;
}

export interface Produced {
  readonly sent: readonly Sent[];
  /** Milliseconds of the slowest `XADD`, and how often Redis waited for the disk since it began: what no reader can be blamed for. */
  readonly slowestMs: number;
  readonly diskWaits: number;
}

export interface SiteOptions {
  readonly agents: number;
  readonly queues: number;
  readonly departments: number;
}

export interface Site {
  readonly redis: RedisServer;
  /** Writes traffic for so long, with gaps by chance; gives what can be found again. */
  produce(pace: {
    readonly seconds: number;
    readonly gapMs: (chance: Chance) => number;
  }): Promise<Produced>;
  /** The site's limits of alerts, in seconds; those that are not said are as by default. */
  setLimits(limits: Readonly<Record<string, number>>): Promise<void>;
  /** The product as it is configured by default, on this site's Redis. */
  startPharos(): Promise<Pharos>;
  close(): Promise<void>;
}

const SEED = 1859;

export async function openSite(options: SiteOptions): Promise<Site> {
  const redis = await startRedis();
  const client = new Redis(redis.url);
  const chance = createChance(SEED);
  const traffic = new Traffic({ ...options, chance });
  const queuedAtOf = new Map<string, number>();
  let last = 0;
  await open();

  async function open(): Promise<void> {
    const strides = options.agents * STRIDE;
    const from = Date.now() - strides - 1_000;
    const lived = Array.from({ length: strides }, (_, at) => traffic.next(from + at));
    for (const event of lived) note(event);
    const events = [...traffic.profiles(), ...traffic.boards(), ...lived];
    for (let at = 0; at < events.length; at += BATCH) {
      const pipeline = client.pipeline();
      for (const event of events.slice(at, at + BATCH)) pipeline.xadd(...entry(event));
      await pipeline.exec();
    }
  }

  function note({ type, subject, at = 0 }: NewEvent): number | null {
    last = at;
    if (type === 'contact.queued') queuedAtOf.set(subject, at);
    const known = queuedAtOf.get(subject) ?? null;
    if (type === 'contact.ended') queuedAtOf.delete(subject);
    return type === 'contact.ended' ? known : null;
  }

  return {
    redis,
    async produce({ seconds, gapMs }) {
      let slowestMs = 0;
      const sent: Sent[] = [];
      const written: Promise<unknown>[] = [];
      const until = instant() + seconds * 1_000;
      for (let due = instant(); due < until; due += gapMs(chance)) {
        while (instant() < due) await new Promise((resolve) => setTimeout(resolve, 1));
        // Each event has a millisecond of its own.
        const event = traffic.next(Math.max(last + 1, Date.now()));
        const queuedAt = note(event);
        const words = entry(event);
        const at = instant();
        const acknowledged = client.xadd(...words).then(() => {
          slowestMs = Math.max(slowestMs, instant() - at);
        });
        written.push(acknowledged);
        if (!isSeenByInstant(event)) continue;
        const department = event.subject.slice(0, event.subject.indexOf('-'));
        sent.push({ key: event.at ?? 0, queuedAt, department, at });
      }
      await Promise.all(written);
      return { sent, slowestMs, diskWaits: diskWaitsOf(redis) };
    },
    async setLimits(limits) {
      const at = Math.max(last + 1, Date.now());
      const event: NewEvent = { type: 'site.profile', subject: 'main', data: { limits }, at };
      note(event);
      await client.xadd(...entry({ ...event, source: 'acd' }));
    },
    startPharos: () =>
      startPharos({ REDIS_URL: redis.url, PHAROS_BOOTSTRAP_TOKEN: TOKEN, ...nodeOptions() }),
    async close() {
      client.disconnect();
      await redis.close();
    },
  };
}

/** Gaps of a Poisson stream of so many events a second. */
export function atRate(perSecond: number): (chance: Chance) => number {
  return (chance) => (-Math.log(1 - chance.next()) * 1_000) / perSecond;
}

/** The boards of `Traffic`. */
export function boardsOf(departments: number): readonly string[] {
  return ['all-public', 'all-desk', ...Array.from({ length: departments }, (_, at) => `d${at}`)];
}

function diskWaitsOf({ dir }: RedisServer): number {
  return (
    readFileSync(join(dir, 'redis.log'), 'utf8').split('AOF fsync is taking too long').length - 1
  );
}

function entry(event: NewEvent): [string, string, ...string[]] {
  const fields = Object.entries(encode(event)).flatMap(([name, value]) => [name, value]);
  return [JOURNAL, '*', ...fields];
}

/** Whether a row shows the instant of this event. */
function isSeenByInstant({ type }: NewEvent): boolean {
  return (
    type.startsWith('contact.') ||
    type === 'agent.state' ||
    type === 'callback.promised' ||
    type === 'assist.requested'
  );
}

/** `PHAROS_BENCH_NODE_OPTIONS` are options for the server's Node, such as `--import` of a profiler. */
function nodeOptions(): Readonly<Record<string, string>> {
  const options = process.env.PHAROS_BENCH_NODE_OPTIONS;
  return options ? { NODE_OPTIONS: options } : {};
}
