// Reading streams of Redis: entries after an id, and how far each stream reaches.
import type { Redis } from 'ioredis';
import { instantOf } from './continuity.ts';
import { AFTER_MOST, BLOCK_MOST_MS } from './log.ts';
import type { Entry, Extent, ReadOptions } from './log.ts';
import type { RedisLink } from './redis-link.ts';
import { EXTENT_AFTER, EXTENTS } from './scripts/log.ts';
import { runScript } from './scripts/script.ts';

const LAST_OF_ALL = '18446744073709551615-18446744073709551615';

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

/** Of one stream, and how many entries are after `id`. */
export async function extentAfter(redis: Redis, key: string, id: string): Promise<Extent> {
  // Nothing is after the last of all ids, and Redis takes none that is.
  if (id === LAST_OF_ALL) return { ...(await extentsOf(redis, [key]))[0]!, after: 0 };
  const words = [id, AFTER_MOST + 1];
  const reply = (await runScript(redis, EXTENT_AFTER, [key], words)) as readonly (
    string | number
  )[];
  const after = Number(reply[4]);
  return { ...extentIn(reply), after: after > AFTER_MOST ? null : after };
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
export function unlessAborted<T>(
  answer: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T | null> {
  if (!signal) return answer;
  return new Promise((resolve, reject) => {
    const abort = (): void => resolve(null);
    signal.addEventListener('abort', abort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
