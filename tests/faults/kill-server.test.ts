// The server killed at every point of its work, again and again on the same data: nothing is lost, and nothing is counted twice. One room since it is one story: the points, the kill, what is compared after.
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { encode } from '../../server/events/encode.ts';
import { createChance, seedFor } from '../support/chance.ts';
import type { Pharos } from '../support/pharos.ts';
import { startRedis } from '../support/redis-server.ts';
import { openRedisProxy } from '../support/redis-proxy.ts';
import type { RedisProxy, StopAt } from '../support/redis-proxy.ts';
import { differences, JOURNAL, markEnd, startSite, untilFolded } from './arena.ts';
import { PROFILES, tellCalls } from './calls.ts';
import { copiedAndSaid, missingIn } from './journal-check.ts';
import { HASTY, preloading } from './preload.ts';
import { startProducers } from './producers.ts';
import type { Producers } from './producers.ts';
import { record } from './record.ts';
import {
  addEntries,
  differencesFrom,
  entriesOf,
  miscounted,
  openReference,
  openScreen,
  rowsOf,
  withoutRepeats,
} from './reference.ts';
import type { JournalEntry } from './reference.ts';
import { isFull, times } from './scale.ts';
import { SCRIPT_NAMES } from './script-names.ts';

const PER_SECOND = 200;
const OLD_ENTRIES = 400;
/** Older than the journal is kept, so that there is something to trim. */
const OLD_MS = 50 * 3_600_000;
const COMPARED_EACH = 20;
const PATIENCE_MS = 20_000;
const BOARDS = ['main', 'floor', 'main', 'floor'];

interface Window extends StopAt {
  readonly name: string;
}

const MOMENTS = {
  before: 'before it',
  unanswered: 'before its reply',
  answered: 'after its reply',
} as const;

function windows(name: string, kind: string, moments: readonly StopAt['moment'][]): Window[] {
  return moments.map((moment) => ({ name: `${name}, ${MOMENTS[moment]}`, kind, moment }));
}

/** Every write that the product makes, and the read between two of which it folds. */
const WINDOWS: readonly Window[] = [
  ...windows('read', 'XREAD events', ['unanswered']),
  {
    ...{ name: 'read, folded and not recorded', kind: 'XREAD events', moment: 'answered' },
    next: 'XREAD events',
  },
  ...windows('snapshot', 'SHELVE', ['before', 'unanswered', 'answered']),
  ...windows('intervals', 'SAVE_INTERVALS', ['unanswered', 'answered']),
  ...windows('lease renewed', 'RENEW_LEASE', ['unanswered', 'answered']),
  ...windows('copier', 'COPY', ['before', 'unanswered', 'answered']),
  ...windows('journal trimmed', 'XTRIM events', ['unanswered', 'answered']),
  ...windows('refusals', 'REFUSE', ['unanswered', 'answered']),
  ...windows('event by HTTP', 'APPEND events', ['unanswered', 'answered']),
];

describe('a server that is killed', () => {
  // In full each window has a site of its own, so that a failure names its window; else two halves run side by side.
  const half = WINDOWS.length / 2;
  const rounds = isFull
    ? WINDOWS.map((window) => [window])
    : [WINDOWS.slice(0, half), WINDOWS.slice(half)];
  const mode = isFull ? it : it.concurrent;
  mode.each(rounds.map((each) => ({ name: nameOf(each), each })))(
    '[FLT-31] [FLT-32] [FLT-33] loses nothing and counts nothing twice: $name',
    async ({ name, each }) => {
      const closings: Closings = [];
      try {
        await killThrough(name, each, closings);
      } finally {
        for (const close of closings.reverse()) await close();
      }
    },
    900_000,
  );
});

type Closings = (() => Promise<void> | void)[];

async function killThrough(
  name: string,
  each: readonly Window[],
  closings: Closings,
): Promise<void> {
  const seed = seedFor(`killed at ${name}`);
  const chance = createChance(seed);
  const site = await openKilledSite(seed, closings);
  const { pharos } = site;
  const screens = BOARDS.map((board) => openScreen(pharos, board));
  closings.push(() => screens.forEach((screen) => screen.close()));
  const found = { lost: 0, twice: 0, compared: 0, entries: 0, repeats: 0 };
  let producers = site.produce();
  const kills = each.flatMap((window) => Array.from({ length: times(1, 30) }, () => window));
  for (const [index, window] of kills.entries()) {
    // Not always the first one after the start; what is rare is not waited for.
    const isOften = /XREAD|COPY|APPEND/.test(window.kind);
    await killAt(site, { ...window, nth: 1 + (isOften ? chance.below(8) : 0) });
    if (index + 1 < kills.length && (index + 1) % COMPARED_EACH !== 0) continue;
    await producers.stop();
    await compare(site, { producers, screens, found });
    if (index + 1 < kills.length) producers = site.produce();
  }
  record({
    fault: `server killed at 200 events/s: ${name}`,
    times: kills.length,
    noticedMs: [],
    backMs: [],
    lost: found.lost,
    twice: found.twice,
    says: `${found.entries} entries, ${found.repeats} of them repeats; equal to an undisturbed run ${found.compared} times`,
  });
}

function nameOf(each: readonly Window[]): string {
  return each.length === 1 ? (each[0]?.name ?? '') : `${each.length} points`;
}

interface KilledSite {
  readonly redis: Redis;
  readonly proxy: RedisProxy;
  readonly pharos: Pharos;
  /** Entries that will be trimmed, as they were. */
  readonly old: readonly JournalEntry[];
  readonly say: (...command: readonly string[]) => Promise<string>;
  produce(): Producers;
}

async function openKilledSite(seed: number, closings: Closings): Promise<KilledSite> {
  const server = await startRedis();
  const redis = new Redis(server.url);
  closings.push(async () => {
    redis.disconnect();
    await server.close();
  });
  const old = oldEntries(seed);
  await addEntries(redis, old);
  const proxy = await openRedisProxy({ target: server.url, scripts: SCRIPT_NAMES });
  closings.push(() => proxy.close());
  const pharos = await startSite(proxy.url, preloading(HASTY));
  closings.push(() => pharos.close());
  let runs = 0;
  return {
    redis,
    proxy,
    pharos,
    old,
    say: (...command) => server.say(...command),
    produce() {
      const run = runs++;
      return startProducers({
        redisUrl: server.url,
        urls: [pharos.url],
        seed: seed + 10 * run,
        run,
        perSecond: PER_SECOND,
      });
    },
  };
}

function oldEntries(seed: number): readonly JournalEntry[] {
  const from = Date.now() - OLD_MS;
  let at = from;
  const tell = tellCalls('old', createChance(seed), () => at);
  return Array.from({ length: OLD_ENTRIES }, (_, index): JournalEntry => {
    at = from + index * 100;
    return [`${at}-0`, encode(PROFILES[index] ?? tell())];
  });
}

/** Waits for the point, kills the server in it, and starts it again on what is there. */
async function killAt({ proxy, pharos, redis }: KilledSite, at: Window): Promise<void> {
  let gone: Promise<unknown> = Promise.resolve();
  const reached = proxy.stopAt(at, () => {
    gone = pharos.kill();
  });
  await within(PATIENCE_MS, reached, `the server never came to "${at.name}"`);
  await gone;
  proxy.release();
  // As five seconds would: nobody is there to renew them.
  const leases = await redis.keys('pharos:*:lease:*');
  if (leases.length > 0) await redis.del(leases);
  await pharos.start();
}

let marks = 0;

async function compare(
  site: KilledSite,
  run: {
    readonly producers: Producers;
    readonly screens: readonly ReturnType<typeof openScreen>[];
    readonly found: {
      lost: number;
      twice: number;
      compared: number;
      entries: number;
      repeats: number;
    };
  },
): Promise<void> {
  const { redis, pharos, old } = site;
  const { producers, screens, found } = run;
  const mark = `mark-${++marks}`;
  await markEnd({ say: site.say }, mark);
  await untilFolded(pharos, mark);
  const journal = await entriesOf(redis, JOURNAL, old.at(-1)?.[0]);
  const whole = [...old, ...journal];

  const missing = missingIn(journal, producers.acknowledged);
  found.lost += missing.length;
  expect(missing, 'acknowledged, and not in the journal').toEqual([]);
  const { copied, said } = await copiedAndSaid(redis, journal);
  expect(copied, 'the stream of a producer, in the journal').toEqual(said);

  const once = withoutRepeats(whole);
  found.entries = whole.length;
  found.repeats = whole.length - once.length;
  const reference = await openReference(once, mark);
  try {
    const off = await differencesFrom(reference, pharos);
    const { lost, twice } = await miscounted(reference, pharos);
    found.lost += lost;
    found.twice += twice;
    expect(off.slice(0, 20), 'the floor, and that of an undisturbed run').toEqual([]);
    for (const [index, screen] of screens.entries()) {
      // Of the same server: a public board's names of contacts are each server's own.
      const fresh = openScreen(pharos, BOARDS[index] ?? 'main');
      try {
        const off = (): readonly string[] => differences(rowsOf(screen), rowsOf(fresh));
        await fresh.until(({ tables }) => tables.teams.has(mark));
        const until = performance.now() + PATIENCE_MS;
        while (off().length > 0 && performance.now() < until) await pause(50);
        expect(off().slice(0, 20), `a screen of ${screen.board?.id}`).toEqual([]);
      } finally {
        fresh.close();
      }
    }
  } finally {
    await reference.close();
  }
  found.compared += 1;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function within<T>(ms: number, done: Promise<T>, otherwise: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${otherwise} within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}
