// A real site for a fault suite: Pharos as a process on a Redis of its own, and the run that nobody disturbed to compare it with.
import { Redis } from 'ioredis';
import type { IntervalFigures } from '../../server/gateway/options.ts';
import type { RowsByTable } from '../../server/contract/tables.ts';
import { startPharos } from '../support/pharos.ts';
import type { Pharos } from '../support/pharos.ts';
import { startRedis } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';

export const TOKEN = 'a-token-of-the-test-suite-only';
export const JOURNAL = 'pharos:{main}:events';
const PORTION = 1_000;
const PATIENCE_MS = 60_000;

/** `redisUrl`: of the Redis, or of a link or proxy before it. */
export function startSite(
  redisUrl: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Pharos> {
  return startPharos({
    REDIS_URL: redisUrl,
    PHAROS_BOOTSTRAP_TOKEN: TOKEN,
    PHAROS_DEMO: 'off',
    ...environment,
  });
}

/** What a Pharos knows, as any program may read it. */
export interface Known {
  readonly rows: RowsByTable;
  readonly intervals: readonly IntervalFigures[];
}

export async function knownOf({ url }: Pick<Pharos, 'url'>): Promise<Known> {
  const get = async (path: string): Promise<unknown> => {
    const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${TOKEN}` } });
    if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}`);
    return answer.json();
  };
  const floor = (await get('/api/v1/floor')) as { readonly rows: RowsByTable };
  const figures = (await get('/api/v1/intervals?every=15m')) as {
    readonly intervals: readonly IntervalFigures[];
  };
  return { rows: floor.rows, intervals: figures.intervals };
}

/** Without alerts: each Pharos goes on deciding these by time, at instants of its own. */
export function heardOf({ rows, intervals }: Known): unknown {
  return { rows: { ...rows, alerts: null }, intervals };
}

/** Waits until the floor has the row of a team by this name: everything before it in the journal is folded then. */
export async function untilFolded(pharos: Pick<Pharos, 'url'>, team: string): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const known = await knownOf(pharos).catch(() => null);
    if (known?.rows.teams?.[team] !== undefined) return;
    if (performance.now() > until)
      throw new Error(`${pharos.url} did not fold the team "${team}" within ${PATIENCE_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Appends the mark that `untilFolded` waits for. */
export async function markEnd(redis: Pick<RedisServer, 'say'>, team: string): Promise<void> {
  const said = await redis.say(
    ...['XADD', JOURNAL, '*', 'type', 'team.profile', 'subject', team],
    ...['source', 'arena', 'data', JSON.stringify({ name: team })],
  );
  if (said.startsWith('-')) throw new Error(`the mark "${team}" was not taken: ${said}`);
}

/**
 * What a Pharos that nobody disturbed knows of the same journal: its entries are copied with their
 * ids into a fresh Redis and folded from the first by a fresh process.
 * The journal must be whole (not trimmed) and must end with the mark `team`.
 */
export async function undisturbed(redisUrl: string, team: string): Promise<Known> {
  const redis = await startRedis();
  try {
    await copyJournal(redisUrl, redis.url);
    const pharos = await startSite(redis.url);
    try {
      await untilFolded(pharos, team);
      return await knownOf(pharos);
    } finally {
      await pharos.close();
    }
  } finally {
    await redis.close();
  }
}

async function copyJournal(from: string, to: string): Promise<void> {
  const source = new Redis(from);
  const target = new Redis(to);
  try {
    const [[, first] = []] = await source.xrange(JOURNAL, '-', '+', 'COUNT', 1);
    if (first === undefined) throw new Error('the journal is empty');
    for (let after = '-'; ;) {
      const entries = await source.xrange(JOURNAL, after, '+', 'COUNT', PORTION);
      const batch = target.pipeline();
      for (const [id, fields] of entries) batch.xadd(JOURNAL, id, ...fields);
      for (const [error] of (await batch.exec()) ?? []) if (error) throw error;
      const last = entries.at(-1)?.[0];
      if (last === undefined || entries.length < PORTION) return;
      after = `(${last}`;
    }
  } finally {
    source.disconnect();
    target.disconnect();
  }
}

/** Paths at which two things differ, with both values; empty: they are equal. */
export function differences(a: unknown, b: unknown, path = ''): readonly string[] {
  if (Object.is(a, b)) return [];
  if (!isNode(a) || !isNode(b)) return [`${path}: ${JSON.stringify(a)} and ${JSON.stringify(b)}`];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].flatMap((key) => differences(a[key], b[key], `${path}/${key}`));
}

function isNode(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
