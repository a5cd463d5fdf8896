// Whether a position still stands in its stream. XREAD says nothing when entries are gone, and waits for ever when ids went back.
import type { LogReason } from '../contract/lists.ts';
import type { Extent, LogPosition } from './log.ts';

export type Continuity =
  | { readonly kind: 'ok' }
  | {
      /** `trimmed`: entries past the position are gone; `emptied`: another stream begins or none is there;
       * `went-back`: the same name, but its tail is not the one that was read (a failover, a restored copy). */
      readonly kind: 'trimmed' | 'emptied' | 'went-back';
      /** How many entries were never seen; null: nobody can say. */
      readonly lost: number | null;
      readonly reason: LogReason;
    };

/** Before everything. */
export const ORIGIN: LogPosition = { id: '0-0', added: 0 };

const OK: Continuity = { kind: 'ok' };
const EMPTIED: Continuity = { kind: 'emptied', lost: null, reason: 'emptied' };
const WENT_BACK: Continuity = { kind: 'went-back', lost: null, reason: 'emptied' };

/** `position` as it stood when the extent was asked for, with no read in between. */
export function judge(position: LogPosition, extent: Extent): Continuity {
  const isBehind = compareIds(extent.lastId, position.id) < 0;
  const place = isBehind ? null : placeOf(position.id, extent);
  // What is before the position was read; the stream counts as many, or else some of them passed unseen.
  if (place !== null && place.added >= position.added) return lostOf(place.added - position.added);
  if (extent.entriesAdded === 0 && extent.length === 0 && extent.lastId === ORIGIN.id)
    return position.id === ORIGIN.id ? OK : EMPTIED;
  if (place !== null || extent.entriesAdded < position.added || isBehind)
    return extent.firstId !== null && compareIds(extent.firstId, position.id) <= 0
      ? WENT_BACK
      : EMPTIED;
  if (extent.lastId === position.id) return lostOf(extent.entriesAdded - position.added);
  const headIsGone = extent.firstId === null || compareIds(extent.firstId, position.id) > 0;
  if (!headIsGone) return OK;
  const removed = extent.entriesAdded - extent.length;
  // All that was read must be among the removed, or the stream is not the one that was read.
  if (removed < position.added) return EMPTIED;
  return lostOf(removed - position.added);
}

/** The position at `id` as the stream counts, by what is after it; null where that was not counted. */
function placeOf(id: string, { entriesAdded, after }: Extent): LogPosition | null {
  return after === undefined || after === null ? null : { id, added: entriesAdded - after };
}

function lostOf(lost: number): Continuity {
  return lost > 0 ? { kind: 'trimmed', lost, reason: 'trimmed' } : OK;
}

/** The position before the first entry that is still there: where a reader without any begins, or goes on after a gap. */
export function startOf(extent: Extent): LogPosition {
  const added = extent.entriesAdded - extent.length;
  return { id: extent.firstId === null ? extent.lastId : before(extent.firstId), added };
}

/** Where a reader goes on after a gap, so that it is told once and nothing that is there is read twice. */
export function resumeAt(position: LogPosition, extent: Extent): LogPosition {
  return judge(position, extent).kind === 'trimmed' && extent.lastId === position.id
    ? { id: extent.lastId, added: extent.entriesAdded }
    : startOf(extent);
}

/** Where the reader of the journal goes on after a gap; `position` and `extent` as `judge` had them. */
export function goesOnAt(
  kind: Exclude<Continuity['kind'], 'ok'>,
  position: LogPosition,
  extent: Extent,
): LogPosition {
  const { id } = position;
  switch (kind) {
    case 'trimmed':
      return placeOf(id, extent) ?? resumeAt(position, extent);
    case 'emptied':
      return startOf(extent);
    // What is there up to its old end was read before; what is past the position came after it was set back.
    case 'went-back':
      return compareIds(extent.lastId, id) > 0
        ? (placeOf(id, extent) ?? { id, added: extent.entriesAdded })
        : { id: extent.lastId, added: extent.entriesAdded };
    default:
      return kind satisfies never;
  }
}

/** Negative, zero or positive, as `a` is before, at or after `b`. Ids have 64 bits on each side, more than a number. */
export function compareIds(a: string, b: string): number {
  if (a === b) return 0;
  const [aMs = '', aSeq = '0'] = a.split('-');
  const [bMs = '', bSeq = '0'] = b.split('-');
  return compareDecimals(aMs, bMs) || compareDecimals(aSeq, bSeq);
}

/** Milliseconds of an entry's id. */
export function instantOf(id: string): number {
  return Number(id.slice(0, id.indexOf('-')));
}

/** The first id of an instant, in milliseconds. */
export function idAt(ms: number): string {
  return `${Math.max(0, Math.floor(ms))}-0`;
}

/** An entry further ahead than this (milliseconds) dates all that follow it. */
export const AHEAD_MAX_MS = 5_000;

/** True if an entry's id is more than 5 s ahead of the site's clock, so that its time cannot be believed. */
export function isPoisoned(id: string, now: number): boolean {
  return isAhead(instantOf(id), now);
}

/** The same of an entry's instant. */
export function isAhead(at: number, now: number): boolean {
  return at - now > AHEAD_MAX_MS;
}

function compareDecimals(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

function before(id: string): string {
  const [ms = '0', seq = '0'] = id.split('-');
  if (seq !== '0') return `${ms}-${BigInt(seq) - 1n}`;
  return ms === '0' ? '0-0' : `${BigInt(ms) - 1n}-18446744073709551615`;
}
