// What would be true if nobody had disturbed anything and nobody had said anything twice: the journal without repeats, folded by a Pharos of its own.
import { Redis } from 'ioredis';
import type { RowsByTable } from '../../server/contract/tables.ts';
import { openWireClient } from '../support/wire-client.ts';
import type { WireClient } from '../support/wire-client.ts';
import type { Pharos } from '../support/pharos.ts';
import { startRedis } from '../support/redis-server.ts';
import { differences, JOURNAL, knownOf, startSite, TOKEN, untilFolded } from './arena.ts';
import type { Known } from './arena.ts';

const DAY_MS = 86_400_000;
/** As promised: a second event with the same source and id within 10 minutes of log time changes nothing. */
const WINDOW_MS = 600_000;
const PORTION = 1_000;
/** What time alone changes may be a moment apart on two servers. */
const SETTLED_MS = 8_000;

/** Id and fields of an entry. */
export type JournalEntry = readonly [string, Readonly<Record<string, string>>];

/** Entries of a stream after an id, oldest first. */
export async function entriesOf(
  redis: Redis,
  stream: string = JOURNAL,
  after = '0-0',
): Promise<readonly JournalEntry[]> {
  const all: JournalEntry[] = [];
  for (let from = after; ;) {
    const portion = await redis.xrange(stream, `(${from}`, '+', 'COUNT', PORTION);
    for (const [id, words] of portion) {
      const pairs = Array.from({ length: words.length / 2 }, (_, at) => words.slice(at * 2));
      all.push([id, Object.fromEntries(pairs.map(([name, value]) => [name, value ?? '']))]);
    }
    const last = portion.at(-1)?.[0];
    if (last === undefined) return all;
    from = last;
  }
}

/** Appends them to the journal under their own ids. */
export async function addEntries(redis: Redis, entries: readonly JournalEntry[]): Promise<void> {
  for (let at = 0; at < entries.length; at += PORTION) {
    const batch = redis.pipeline();
    for (const [id, fields] of entries.slice(at, at + PORTION))
      batch.xadd(JOURNAL, id, ...Object.entries(fields).flat());
    for (const [error] of (await batch.exec()) ?? []) if (error) throw error;
  }
}

/** Without what the same source said again under the same id, by another way than the product's: nothing is ever forgotten. */
export function withoutRepeats(entries: readonly JournalEntry[]): readonly JournalEntry[] {
  const first = new Map<string, number>();
  return entries.filter(([entry, { source = 'unknown', id }]) => {
    if (id === undefined) return true;
    const at = Number(entry.split('-')[0]);
    const name = `${source} ${id}`;
    const was = first.get(name);
    if (was !== undefined && at - was <= WINDOW_MS) return false;
    first.set(name, at);
    return true;
  });
}

export interface Reference {
  readonly pharos: Pharos;
  readonly redis: Redis;
  close(): Promise<void>;
}

/** Folded up to the mark `team`, which must be in it. */
export async function openReference(
  entries: readonly JournalEntry[],
  team: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Reference> {
  const server = await startRedis();
  const redis = new Redis(server.url);
  await addEntries(redis, entries);
  const pharos = await startSite(server.url, environment);
  await untilFolded(pharos, team);
  return {
    pharos,
    redis,
    async close() {
      await pharos.close();
      redis.disconnect();
      await server.close();
    },
  };
}

/** Rows, and quarters of an hour of today and yesterday. */
async function allOf(pharos: Pharos): Promise<Known> {
  const known = await knownOf(pharos);
  const dayStartsAt = Object.values(known.rows.site ?? {})[0]?.dayStartsAt ?? 0;
  const query = new URLSearchParams({
    every: '15m',
    from: new Date(dayStartsAt - DAY_MS).toISOString(),
    to: new Date(dayStartsAt + DAY_MS).toISOString(),
  });
  const answer = await fetch(`${pharos.url}/api/v1/intervals?${query.toString()}`, {
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  const { intervals } = (await answer.json()) as Pick<Known, 'intervals'>;
  return { rows: known.rows, intervals };
}

/** Where a server differs from the reference once both have settled; empty: nowhere. */
export async function differencesFrom(
  reference: Reference,
  pharos: Pharos,
): Promise<readonly string[]> {
  const until = performance.now() + SETTLED_MS;
  for (;;) {
    const [is, should] = await Promise.all([allOf(pharos), allOf(reference.pharos)]);
    const found = differences(is, should);
    if (found.length === 0 || performance.now() > until) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Visits of today, counted or waiting, that `is` has less or more than it should. */
export async function miscounted(
  reference: Reference,
  pharos: Pharos,
): Promise<{ readonly lost: number; readonly twice: number }> {
  const [is, should] = await Promise.all([knownOf(pharos), knownOf(reference.pharos)]);
  let lost = 0;
  let twice = 0;
  for (const [queue, { today, waiting }] of Object.entries(should.rows.queues ?? {})) {
    const mine = is.rows.queues?.[queue];
    const count = (mine?.today.offered ?? 0) + (mine?.today.unknown ?? 0) + (mine?.waiting ?? 0);
    const off = count - today.offered - today.unknown - waiting;
    lost += Math.max(0, -off);
    twice += Math.max(0, off);
  }
  return { lost, twice };
}

/** A screen that comes back whenever it is cut off. */
export function openScreen(pharos: Pick<Pharos, 'url'>, board: string): WireClient {
  const client = openWireClient({ url: pharos.url, auth: { token: TOKEN, board } });
  client.socket.on('disconnect', (why) => {
    if (why !== 'io client disconnect') client.socket.connect();
  });
  client.socket.on('connect_error', () => {
    setTimeout(() => client.socket.connect(), 50);
  });
  return client;
}

export function rowsOf({ tables }: Pick<WireClient, 'tables'>): RowsByTable {
  return Object.fromEntries(
    Object.entries(tables).map(([table, rows]) => [table, Object.fromEntries(rows)]),
  );
}
