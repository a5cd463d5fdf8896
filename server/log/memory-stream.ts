// A stream as Redis has it, in memory: ids that only grow, what was ever added, and readers that wait.
import type { Fields } from '../events/decode.ts';
import type { Clock } from '../clock.ts';
import { compareIds, instantOf } from './continuity.ts';
import { AFTER_MOST } from './log.ts';
import type { Entry, Extent, ReadOptions } from './log.ts';

export interface MemoryStream {
  /** Without `id`, the next one. Null: `id` is not past the last one, or none is left. */
  add(fields: Fields, id?: string): string | null;
  after(id: string, count: number): readonly Entry[];
  newestFirst(count: number): readonly Entry[];
  extent(id?: string): Extent;
  /** Drops entries before `minId`; gives how many. */
  trim(minId: string): number;
  keepNewest(most: number): void;
  /** As FLUSHALL, or DEL. */
  empty(): void;
}

const SEQ_MOST = 18446744073709551615n;

/** `onAdded` wakes those who wait. */
export function createMemoryStream(clock: Clock, onAdded: () => void): MemoryStream {
  let entries: Entry[] = [];
  let lastId = '0-0';
  let added = 0;

  /** How many entries are at or before `id`. */
  function indexAfter(id: string): number {
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareIds(entries[middle]!.id, id) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  function drop(count: number): number {
    if (count > 0) entries = entries.slice(count);
    return Math.max(0, count);
  }

  return {
    add(fields, id = nextId(lastId, Math.floor(clock.now()))) {
      if (compareIds(id, lastId) <= 0) return null;
      entries.push({ id, at: instantOf(id), fields });
      lastId = id;
      added++;
      onAdded();
      return id;
    },
    after(id, count) {
      const from = indexAfter(id);
      return entries.slice(from, from + count);
    },
    newestFirst: (count) => entries.slice(-count).reverse(),
    extent: (id) => ({
      firstId: entries[0]?.id ?? null,
      lastId,
      length: entries.length,
      entriesAdded: added,
      ...(id === undefined ? {} : { after: atMost(entries.length - indexAfter(id)) }),
    }),
    trim: (minId) => drop(entries.findIndex((entry) => compareIds(entry.id, minId) >= 0)),
    keepNewest: (most) => void drop(entries.length - most),
    empty() {
      entries = [];
      lastId = '0-0';
      added = 0;
    },
  };
}

function atMost(count: number): number | null {
  return count > AFTER_MOST ? null : count;
}

function nextId(lastId: string, now: number): string {
  const [ms = '0', seq = '0'] = lastId.split('-');
  if (BigInt(now) > BigInt(ms)) return `${now}-0`;
  // Past the last sequence number: the same id again, which is refused as Redis refuses it.
  return BigInt(seq) < SEQ_MOST ? `${ms}-${BigInt(seq) + 1n}` : lastId;
}

/** Gives what `look` finds, as soon as it finds something, or nothing after `blockMs` or at the abort. */
export async function waitFor<T>(
  clock: Clock,
  waiters: Set<() => void>,
  look: () => T | null,
  { blockMs, signal }: ReadOptions,
): Promise<T | null> {
  if (signal?.aborted) return null;
  const found = look();
  if (found !== null || blockMs === 0) return found;
  return new Promise((resolve) => {
    const cancel = clock.after(blockMs, () => finish(null));
    const abort = (): void => finish(null);
    const wake = (): void => {
      const late = look();
      if (late !== null) finish(late);
    };
    waiters.add(wake);
    signal?.addEventListener('abort', abort, { once: true });
    function finish(value: T | null): void {
      cancel();
      waiters.delete(wake);
      signal?.removeEventListener('abort', abort);
      resolve(value);
    }
  });
}
