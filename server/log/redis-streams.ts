// Reading streams of Redis: entries after an id, and how far each stream reaches.
import type { Redis } from 'ioredis';
import { compareIds, instantOf } from './continuity.ts';
import { BLOCK_MOST_MS } from './log.ts';
import type { Entry, Extent, LogPosition, ReadOptions } from './log.ts';
import type { RedisLink } from './redis-link.ts';
import { COUNT_AFTER, EXTENT_AND, EXTENTS, runScript } from './scripts.ts';

/** Entries after each id (exclusive), by key; keys without any are left out. */
export async function readStreams(
  link: RedisLink,
  after: ReadonlyMap<string, string>,
  { count, blockMs, signal }: ReadOptions,
): Promise<ReadonlyMap<string, readonly Entry[]>> {
  if (blockMs > BLOCK_MOST_MS)
    throw new Error(`invariant: a read blocks ${BLOCK_MOST_MS} ms at most, not ${blockMs}`);
  if (signal?.aborted || after.size === 0) return new Map();
  const streams = [...after.keys(), ...after.values()];
  const answer = link.run((redis) =>
    blockMs > 0
      ? redis.xread('COUNT', count, 'BLOCK', blockMs, 'STREAMS', ...streams)
      : redis.xread('COUNT', count, 'STREAMS', ...streams),
  );
  const reply = await unlessAborted(answer, signal);
  return new Map((reply ?? []).map(([key, entries]) => [key, entries.map(entryOf)]));
}

/** Of one stream, and whether it knows the entry `id`. */
export async function extentAnd(redis: Redis, key: string, id: string): Promise<Extent> {
  const reply = (await runScript(redis, EXTENT_AND, [key], [id])) as readonly (string | number)[];
  const isThere = Number(reply[4]) > 0;
  // The stream remembers the highest id that was deleted from its middle, so an older one may have been, too.
  return { ...extentIn(reply), knows: isThere || compareIds(String(reply[5]), id) >= 0 };
}

/** The position at `id`, by what is after it. */
export async function placeIn(redis: Redis, key: string, id: string): Promise<LogPosition> {
  const [added = 0, after = 0] = (await runScript(redis, COUNT_AFTER, [key], [id])) as number[];
  return { id, added: added - after };
}

export async function extentsOf(redis: Redis, keys: readonly string[]): Promise<readonly Extent[]> {
  const reply = (await runScript(redis, EXTENTS, keys, [])) as readonly (string | number)[];
  return keys.map((_, index) => extentIn(reply.slice(index * 4, 4 + index * 4)));
}

function extentIn(words: readonly (string | number)[]): Extent {
  const [firstId, lastId, length, entriesAdded] = words;
  return {
    firstId: firstId ? String(firstId) : null,
    lastId: String(lastId),
    length: Number(length),
    entriesAdded: Number(entriesAdded),
  };
}

export function entryOf([id, words]: readonly [string, readonly string[]]): Entry {
  const fields: Record<string, string> = {};
  for (let at = 0; at + 1 < words.length; at += 2) fields[words[at]!] = words[at + 1]!;
  return { id, at: instantOf(id), fields };
}

/** Null as soon as the signal is aborted; the answer that comes later is dropped, which costs nothing where one reads from an id. */
export function unlessAborted<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T | null> {
  if (!signal) return answer;
  return new Promise((resolve, reject) => {
    const abort = (): void => resolve(null);
    signal.addEventListener('abort', abort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
