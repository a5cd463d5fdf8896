// What is to be done with the head of a lane that is in our hands: pure.
import { DROPPED } from '../contract/channels.ts';
import { digestId } from '../alerts/identity.ts';
import type { Claimed, Digest, WaitingRow } from '../log/outbox.ts';
import { lanePartsOf } from '../log/outbox.ts';
import { rowIn } from './letter.ts';
import type { Row } from './notices.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Between the first tries; then each minute (milliseconds). */
const RETRIES_MS = [5 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE] as const;
const GIVE_UP_MS = 60 * MINUTE;
/** In no ten minutes has one person more news than this on one channel, what is urgent and the ends of what was told left out. */
const MOST = 10;
/** Two marks at most lie in any ten minutes, and a digest may go at each. */
const DIGESTS = 2;
/** After so many what comes next comes together. */
const FLOOD = MOST - DIGESTS;
/** Ends go at once each until there were so many messages of all kinds: after a digest of hundreds their ends would be a flood. */
const ENDS_FLOOD = 2 * FLOOD;
/** Digests go at these marks of the site's clock, so that every server means the same (milliseconds). */
const DIGEST_MS = 5 * MINUTE;
/** So many urgent ones in ten minutes go at once each; what comes next comes together. */
const STORM = 10;
/** At these marks (milliseconds). */
const STORM_MS = MINUTE;

export type Plan =
  | { readonly kind: 'send'; readonly row: WaitingRow; readonly isUrgent: boolean }
  | {
      readonly kind: 'digest';
      readonly rows: readonly WaitingRow[];
      readonly isUrgent: boolean;
      readonly digest: Digest;
      /** It may have been sent before. */
      readonly isPacked: boolean;
    }
  | {
      readonly kind: 'hold';
      readonly rows: readonly WaitingRow[];
      readonly isUrgent: boolean;
      readonly until: number;
    }
  /** They have arrived already, as the journal says: a Redis that was set back still has them. */
  | { readonly kind: 'known'; readonly rows: readonly WaitingRow[] }
  /** They are not to be told any more. */
  | { readonly kind: 'drop'; readonly rows: readonly WaitingRow[]; readonly why: string }
  /** They should have been told, and were not. */
  | { readonly kind: 'give-up'; readonly rows: readonly WaitingRow[]; readonly why: string };

export interface PlanAround {
  /** The site's clock. */
  readonly now: number;
  /** The channel is there. */
  readonly isReachable: boolean;
  /** It has ended, and does not come back as the same any more. */
  readonly isOver: (episode: string) => boolean;
  /** It would come in quiet hours that it may not break. */
  readonly isHushed: (row: Row) => boolean;
  readonly hasArrived: (row: Pick<WaitingRow, 'id' | 'about'>) => boolean;
  /** Of its episode something has arrived here since its last end, as the journal says: it knows it longer than the outbox. */
  readonly hasHeard: (row: Pick<WaitingRow, 'lane' | 'about'>) => boolean;
}

export function planFor(given: Claimed, around: PlanAround): Plan {
  const { now, isReachable, isOver, isHushed, hasArrived, hasHeard } = around;
  const ends = given.rows.filter(({ marks, about }) => marks === 'ends' && !given.told.has(about));
  const heard = ends.filter(hasHeard).map(({ about }) => about);
  const claimed = { ...given, told: new Set([...given.told, ...heard]) };
  const { rows, lane } = claimed;
  const [head] = rows;
  if (head === undefined) throw new Error('invariant: a claimed lane has rows');
  const known = rows.filter(hasArrived);
  if (known.length > 0) return { kind: 'known', rows: known };
  if (!isReachable) return { kind: 'drop', rows, why: 'this channel is no more' };
  const hushed = rows.filter((row) => isHushed(rowIn(row)));
  if (hushed.length > 0) return { kind: 'drop', rows: hushed, why: DROPPED.quiet };
  const old = rows.filter(({ firstAt }) => firstAt !== null && now - firstAt >= GIVE_UP_MS);
  if (old.length > 0) return { kind: 'give-up', rows: old, why: 'not taken within an hour' };
  const late = rows.filter((row) => row.tries > 0 && row.marks === 'tells' && isOver(row.about));
  if (late.length > 0) return { kind: 'give-up', rows: late, why: 'over before it arrived' };
  const unheard = unheardIn(claimed);
  if (unheard.length > 0) return { kind: 'drop', rows: unheard, why: 'nothing of it had arrived' };
  const tried = rows.find(({ tries, digest }) => tries > 0 || digest !== undefined);
  if (tried !== undefined) return again(tried, rows);
  const isPerson = lanePartsOf(lane).owner === 'person';
  return isPerson ? paced(claimed, head, now) : unpaced(claimed, head);
}

/** It may have arrived: what came since is in another message, or a receiver that knows this one would never see it. */
function again(tried: WaitingRow, rows: readonly WaitingRow[]): Plan {
  const isUrgent = isUrgentRow(tried);
  const { digest } = tried;
  if (digest === undefined) return { kind: 'send', row: tried, isUrgent };
  const same = rows.filter((row) => row.digest?.id === digest.id);
  return { kind: 'digest', rows: same, isUrgent, digest, isPacked: true };
}

function together(rows: readonly WaitingRow[], isUrgent: boolean, over: number): Plan {
  const digest = { id: digestId(rows.map(({ id }) => id)), over };
  return { kind: 'digest', rows, isUrgent, digest, isPacked: false };
}

/** A team's channel is held back by nothing but its own fullness. */
function unpaced({ rows, calm, urgent }: Claimed, head: WaitingRow): Plan {
  const isUrgent = isUrgentRow(head);
  const { over } = isUrgent ? urgent : calm;
  if (over === 0) return { kind: 'send', row: head, isUrgent };
  return together(kinOf(rows, isUrgent), isUrgent, over);
}

function paced(claimed: Claimed, head: WaitingRow, now: number): Plan {
  const { calm, urgent } = claimed;
  const isUrgent = isUrgentRow(head);
  const rows = kinOf(claimed.rows, isUrgent);
  const { lately, heldUntil, over } = isUrgent ? urgent : calm;
  const until = nextMark(now, isUrgent ? STORM_MS : DIGEST_MS);
  if (heldUntil !== null && heldUntil > now)
    return { kind: 'hold', rows, isUrgent, until: heldUntil };
  const isDigestDue = over > 0 || (heldUntil !== null && head.dueAt <= heldUntil);
  if (!isDigestDue) {
    if (isFlood(claimed, head, isUrgent)) return { kind: 'hold', rows, isUrgent, until };
    return { kind: 'send', row: head, isUrgent };
  }
  // A digest that came late leaves less room for the next.
  if (!isUrgent && lately >= MOST) return { kind: 'hold', rows, isUrgent, until };
  const ended = endedIn(claimed);
  if (ended.length > 0) return { kind: 'drop', rows: ended, why: 'over before it was told' };
  // One alone is said whole, and can be taken.
  if (isUrgent && rows.length === 1 && over === 0) return { kind: 'send', row: head, isUrgent };
  return together(rows, isUrgent, over);
}

function isFlood(
  { calm, urgent, endsLately }: Claimed,
  { marks }: WaitingRow,
  isUrgent: boolean,
): boolean {
  if (isUrgent) return urgent.lately >= STORM;
  const news = calm.lately + urgent.lately;
  return marks === 'ends' ? news + endsLately >= ENDS_FLOOD : news >= FLOOD;
}

/** After a failed try at `now`. */
export function nextTryAt({ tries }: Pick<WaitingRow, 'tries'>, now: number): number {
  return now + (RETRIES_MS[Math.min(tries, RETRIES_MS.length - 1)] ?? MINUTE);
}

/** That what was urgent is over is not. */
function isUrgentRow(row: WaitingRow): boolean {
  return row.marks === 'tells' && rowIn(row).severity === 'P1';
}

function kinOf(rows: readonly WaitingRow[], isUrgent: boolean): readonly WaitingRow[] {
  return rows.filter((row) => isUrgentRow(row) === isUrgent);
}

/** Ends of which no beginning arrived, and none is about to. */
function unheardIn({ rows, told }: Claimed): readonly WaitingRow[] {
  const begun = new Set(rows.filter(({ marks }) => marks === 'tells').map(({ about }) => about));
  return rows.filter(
    ({ marks, about }) => marks === 'ends' && !told.has(about) && !begun.has(about),
  );
}

/** What waited for a digest until its end was due, and that end. */
function endedIn({ rows, told }: Claimed): readonly WaitingRow[] {
  const endedAt = new Map<string, number>();
  for (const row of rows)
    if (row.marks === 'ends' && !told.has(row.about)) endedAt.set(row.about, rowIn(row).decidedAt);
  const begun = rows.filter(
    (row) =>
      row.marks === 'tells' &&
      row.tries === 0 &&
      rowIn(row).decidedAt <= (endedAt.get(row.about) ?? -Infinity),
  );
  const over = new Set(begun.map(({ about }) => about));
  const isBegun = (row: WaitingRow): boolean => row.marks === 'ends' || begun.includes(row);
  return rows.filter((row) => over.has(row.about) && isBegun(row));
}

function nextMark(now: number, everyMs: number): number {
  return (Math.floor(now / everyMs) + 1) * everyMs;
}
