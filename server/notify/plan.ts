// What is to be done with the head of a lane that is in our hands: pure.
import type { Claimed, WaitingRow } from '../log/outbox.ts';
import { lanePartsOf } from '../log/outbox.ts';
import { rowIn } from './letter.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Between the first tries; then each minute (milliseconds). */
const RETRIES_MS = [5 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE] as const;
const GIVE_UP_MS = 60 * MINUTE;
/** In no ten minutes has one person more messages than this on one channel, what is urgent left out. */
const MOST = 10;
/** Two marks at most lie in any ten minutes, and a digest may go at each. */
const DIGESTS = 2;
/** After so many what comes next comes together. */
const FLOOD = MOST - DIGESTS;
/** Digests go at these marks of the site's clock, so that every server means the same (milliseconds). */
const DIGEST_MS = 5 * MINUTE;

export type Plan =
  | { readonly kind: 'send'; readonly row: WaitingRow }
  | { readonly kind: 'digest'; readonly rows: readonly WaitingRow[] }
  | { readonly kind: 'hold'; readonly rows: readonly WaitingRow[]; readonly until: number }
  /** It is not to be told any more. */
  | { readonly kind: 'drop'; readonly row: WaitingRow; readonly why: string }
  /** It should have been told, and was not. */
  | { readonly kind: 'give-up'; readonly row: WaitingRow; readonly why: string };

export interface PlanAround {
  /** The site's clock. */
  readonly now: number;
  /** The channel is there. */
  readonly isReachable: boolean;
  readonly isOver: (episode: string) => boolean;
}

export function planFor(claimed: Claimed, { now, isReachable, isOver }: PlanAround): Plan {
  const { rows, lane, told, sentLately, heldUntil } = claimed;
  const [head] = rows;
  if (head === undefined) throw new Error('invariant: a claimed lane has rows');
  if (!isReachable) return { kind: 'drop', row: head, why: 'this channel is no more' };
  if (head.firstAt !== null && now - head.firstAt >= GIVE_UP_MS)
    return { kind: 'give-up', row: head, why: 'not taken within an hour' };
  if (head.tries > 0 && head.marks === 'tells' && isOver(head.about))
    return { kind: 'give-up', row: head, why: 'over before it arrived' };
  const calm = lanePartsOf(lane).owner === 'person' ? rows.filter(isCalm) : [];
  if (calm.includes(head)) {
    const isHeld = heldUntil !== null && heldUntil > now;
    if (isHeld) return { kind: 'hold', rows: calm, until: heldUntil };
    if (heldUntil !== null && head.dueAt <= heldUntil) return digestOrNothing(calm, told, head);
    if (sentLately >= FLOOD) return { kind: 'hold', rows: calm, until: nextMark(now) };
  }
  if (head.marks === 'ends' && !told.has(head.about)) return neverHeard(head);
  return { kind: 'send', row: head };
}

/** After a failed try at `now`. */
export function nextTryAt({ tries }: Pick<WaitingRow, 'tries'>, now: number): number {
  return now + (RETRIES_MS[Math.min(tries, RETRIES_MS.length - 1)] ?? MINUTE);
}

/** All but what is urgent. */
function isCalm(row: WaitingRow): boolean {
  return rowIn(row).severity !== 'P1';
}

function digestOrNothing(
  rows: readonly WaitingRow[],
  told: ReadonlySet<string>,
  head: WaitingRow,
): Plan {
  const begun = new Set(rows.filter(({ marks }) => marks === 'tells').map(({ about }) => about));
  const heard = rows.filter(
    ({ marks, about }) => marks === 'tells' || begun.has(about) || told.has(about),
  );
  return heard.length === 0 ? neverHeard(head) : { kind: 'digest', rows: heard };
}

function neverHeard(row: WaitingRow): Plan {
  return { kind: 'drop', row, why: 'nothing of it had arrived' };
}

function nextMark(now: number): number {
  return (Math.floor(now / DIGEST_MS) + 1) * DIGEST_MS;
}
