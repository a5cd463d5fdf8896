// The site of the long day: Redis and Pharos as processes, a journal that is already two days old, and the day told through all three doors.
import { Redis } from 'ioredis';
import { pause, systemClock } from '../../server/clock.ts';
import type { Board } from '../../server/contract/board.ts';
import { encode } from '../../server/events/encode.ts';
import type { NewEvent } from '../../server/events/event.ts';
import { keysOf } from '../../server/log/keys.ts';
import { JOURNAL_KEPT_MS } from '../../server/log/trimmer.ts';
import { wordsOf } from '../../server/words-of.ts';
import { startPharos } from '../support/pharos.ts';
import type { Pharos } from '../support/pharos.ts';
import { startRedis } from '../support/redis-server.ts';
import { createLongDay } from './long-day-floor.ts';
import type { LongDay } from './long-day-floor.ts';
import { openInspector } from './long-day-inspector.ts';

export const TOKEN = 'a-token-of-the-long-day-only';
export const KEYS = keysOf('main');
/** The phone system; it writes into a stream of its own and the copier brings it over. */
const SOURCE = 'pbx';
const BEAT_SECONDS = 5;
/** Happenings closer together go out as one. */
const TURN_MS = 20;
/** Where people are is said by HTTP, once in so long, as from desks. */
const POST_EVERY_MS = 1_000;
/** The old part of the journal begins so long before what is kept, and outlasts the run by as much. */
const MARGIN_MS = 5 * 60_000;
const PORTION = 500;
/** By the clock on the wall of the site, so that no day ends in the middle of a run. */
const LOCAL_HOUR = 9;

export interface Site {
  readonly pharos: Pharos;
  readonly redis: Redis;
  readonly redisVersion: string;
  readonly size: LongDay['size'];
  /** Events that were written, those of the old part left out. Throws once no more can be. */
  told(): number;
  /** Entries of the two days before. */
  readonly oldEntries: number;
  /** Bytes of heap after a collection in a second server that has just begun from the same record: what the state itself takes. */
  heapOfFresh(): Promise<number>;
  /** Tells the day from now on, until closed. */
  openDoors(): void;
  close(): Promise<void>;
}

export async function startSite(options: {
  readonly boards: readonly Board[];
  readonly seed: string;
  readonly minutes: number;
  /** Milliseconds of the floor in one of the wall. */
  readonly speed: number;
}): Promise<Site> {
  const server = await startRedis();
  const redis = new Redis(server.url);
  const stopping = new AbortController();
  const clock = systemClock;
  let told = 0;
  let telling: Promise<void> = Promise.resolve();
  let trouble: string | null = null;

  const oldEntries = await writeOldDays(redis, options);
  const day = createLongDay({
    seed: options.seed,
    opensAt: clock.now(),
    speed: options.speed,
    run: 'names',
  });
  await write(redis, KEYS.journal, [...day.profiles(), ...options.boards.map(saved)]);
  const environment = {
    REDIS_URL: server.url,
    PHAROS_BOOTSTRAP_TOKEN: TOKEN,
    PHAROS_DEMO: 'off',
    PHAROS_ZONE: zoneWhereItIs(LOCAL_HOUR, clock.now()),
    // The standard door of Node to its own memory: the product knows nothing of it.
    NODE_OPTIONS: '--inspect=127.0.0.1:0',
  };
  const pharos = await startPharos(environment);
  const [, redisVersion = '?'] = /redis_version:(\S+)/.exec(await redis.info('server')) ?? [];

  async function tell(): Promise<void> {
    const today = createLongDay({
      seed: options.seed,
      opensAt: clock.now(),
      speed: options.speed,
      run: 'today',
    });
    let waiting = [...today.opening()];
    let posts: NewEvent[] = [];
    let postAt = 0;
    let beatAt = 0;
    while (!stopping.signal.aborted) {
      const now = clock.now();
      const events = [...waiting, ...today.until(now)];
      waiting = [];
      if (now >= beatAt) {
        beatAt = now + BEAT_SECONDS * 1_000;
        events.push({
          type: 'source.heartbeat',
          subject: SOURCE,
          data: { everySeconds: BEAT_SECONDS },
        });
      }
      posts.push(...events.filter(isOfDesks));
      const ofPhones = events.filter((event) => !isOfDesks(event));
      await write(redis, KEYS.inbound(SOURCE), ofPhones);
      told += ofPhones.length;
      if (now >= postAt && posts.length > 0) {
        await post(pharos.url, posts);
        told += posts.length;
        posts = [];
        postAt = now + POST_EVERY_MS;
      }
      await pause(clock, TURN_MS, stopping.signal);
    }
  }

  return {
    pharos,
    redis,
    redisVersion,
    size: day.size,
    told() {
      if (trouble !== null) throw new Error(`The day cannot be told any further: ${trouble}.`);
      return told;
    },
    oldEntries,
    async heapOfFresh() {
      const fresh = await startPharos(environment);
      const inspector = await openInspector(fresh);
      try {
        return await inspector.heapAfterCollection();
      } finally {
        inspector.close();
        await fresh.close();
      }
    },
    openDoors() {
      telling = tell();
      telling.catch((error: unknown) => (trouble = wordsOf(error)));
    },
    async close() {
      stopping.abort();
      await telling.catch(() => undefined);
      redis.disconnect();
      await pharos.close();
      await server.close();
    },
  };
}

/** The phone system does not know where supervisors are; their desks do. */
function isOfDesks({ type }: NewEvent): boolean {
  return type === 'supervisor.presence' || type.startsWith('cover.');
}

function saved(board: Board): NewEvent {
  const { id, ...data } = board;
  return { type: 'board.saved', subject: id, data } as NewEvent;
}

/** At its own pace, with ids of two days ago, so that each minute of the run there is a minute's worth to be trimmed. */
async function writeOldDays(
  redis: Redis,
  { seed, minutes }: { readonly seed: string; readonly minutes: number },
): Promise<number> {
  const opensAt = systemClock.now() - JOURNAL_KEPT_MS - MARGIN_MS;
  const day = createLongDay({ seed: `${seed}, before`, opensAt, speed: 1, run: 'before' });
  const isKnown = ({ type }: NewEvent): boolean =>
    type.startsWith('contact.') || type === 'agent.state';
  const endsAt = opensAt + minutes * 60_000 + 2 * MARGIN_MS;
  const events: NewEvent[] = day.profiles().map((event) => ({ ...event, at: opensAt }));
  for (let at = opensAt; at < endsAt; at += 60_000) events.push(...day.until(at).filter(isKnown));
  // A call that was kept connected stands after younger ones.
  events.sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
  await write(redis, KEYS.journal, events, (event) => `${event.at ?? opensAt}-*`);
  return events.length;
}

async function write(
  redis: Redis,
  stream: string,
  events: readonly NewEvent[],
  idOf: (event: NewEvent) => string = () => '*',
): Promise<void> {
  for (let from = 0; from < events.length; from += PORTION) {
    const batch = redis.pipeline();
    for (const event of events.slice(from, from + PORTION))
      batch.xadd(
        stream,
        idOf(event),
        ...Object.entries(encode({ ...event, source: SOURCE })).flat(),
      );
    for (const [error] of (await batch.exec()) ?? []) if (error) throw error;
  }
}

async function post(url: string, events: readonly NewEvent[]): Promise<void> {
  const answer = await fetch(`${url}/api/v1/events`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'application/cloudevents-batch+json',
    },
    body: JSON.stringify(
      events.map((event) => {
        const { data = '{}', ...attributes } = encode(event);
        return {
          specversion: '1.0',
          ...attributes,
          source: 'desk',
          data: JSON.parse(data) as unknown,
        };
      }),
    ),
  });
  if (answer.status !== 202)
    throw new Error(`desks were answered with ${answer.status}: ${await answer.text()}`);
}

/** A zone without summer time, of whole hours. */
function zoneWhereItIs(hour: number, now: number): string {
  const ahead = ((hour - new Date(now).getUTCHours() + 36) % 24) - 12;
  // The names of these zones have the sign of their authors, not of the rest of the world.
  return ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}
