// How many entries a read of the journal asks for: many of small ones, few of large ones.
import type { Entry } from '../log/log.ts';

/** Entries of one read; large enough for a backlog, small enough to let the loop breathe. */
const READ_COUNT = 1_000;
/** One begins with fewer: entries may be of megabytes, and a thousand of those are more than the memory. */
export const READ_FIRST = 125;
/** A read of more text than this is followed by a shorter one. */
const READ_MOST_CHARS = 8 * 1024 * 1024;

/** Grows while reads are full and their text is little, shrinks where it is much. */
export function nextCount(asked: number, entries: readonly Entry[]): number {
  let left = READ_MOST_CHARS;
  for (const { fields } of entries) for (const name in fields) left -= fields[name]?.length ?? 0;
  if (left < 0) return Math.max(1, Math.floor(asked / 4));
  return entries.length < asked ? asked : Math.min(READ_COUNT, asked * 2);
}
