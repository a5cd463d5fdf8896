// What is counted of visits, and the figures that follow from it; every formula of the contract's section 4 is here.
import type { Formula } from '../contract/lists.ts';

/** Counts of visits; durations are milliseconds, summed. What each means is said in `interval.ts`. */
export interface Counts {
  offered: number;
  answered: number;
  abandoned: number;
  shortAbandoned: number;
  leftOtherwise: number;
  unknown: number;
  withinTarget: number;
  abandonedWithin: number;
  abandonedBefore: number;
  answeredWaitMs: number;
  abandonedWaitMs: number;
  longestWaitMs: number;
  longestAnsweredMs: number;
  longestAbandonedMs: number;
  handled: number;
  handleMs: number;
  wrapUpMs: number;
  holdMs: number;
}

export function noCounts(): Counts {
  return {
    offered: 0,
    answered: 0,
    abandoned: 0,
    shortAbandoned: 0,
    leftOtherwise: 0,
    unknown: 0,
    withinTarget: 0,
    abandonedWithin: 0,
    abandonedBefore: 0,
    answeredWaitMs: 0,
    abandonedWaitMs: 0,
    longestWaitMs: 0,
    longestAnsweredMs: 0,
    longestAbandonedMs: 0,
    handled: 0,
    handleMs: 0,
    wrapUpMs: 0,
    holdMs: 0,
  };
}

/** Adds `from` into `into`; the longest wait is the longer one. */
export function addCounts(into: Counts, from: Readonly<Counts>): void {
  into.offered += from.offered;
  into.answered += from.answered;
  into.abandoned += from.abandoned;
  into.shortAbandoned += from.shortAbandoned;
  into.leftOtherwise += from.leftOtherwise;
  into.unknown += from.unknown;
  into.withinTarget += from.withinTarget;
  into.abandonedWithin += from.abandonedWithin;
  into.abandonedBefore += from.abandonedBefore;
  into.answeredWaitMs += from.answeredWaitMs;
  into.abandonedWaitMs += from.abandonedWaitMs;
  into.longestWaitMs = Math.max(into.longestWaitMs, from.longestWaitMs);
  into.longestAnsweredMs = Math.max(into.longestAnsweredMs, from.longestAnsweredMs);
  into.longestAbandonedMs = Math.max(into.longestAbandonedMs, from.longestAbandonedMs);
  into.handled += from.handled;
  into.handleMs += from.handleMs;
  into.wrapUpMs += from.wrapUpMs;
  into.holdMs += from.holdMs;
}

/** How a queue judges its waits, in milliseconds. */
export interface Judgement {
  readonly targetMs: number;
  readonly shortMs: number;
}

export function countAnswered(counts: Counts, waitMs: number, by: Judgement): void {
  counts.offered += 1;
  counts.answered += 1;
  if (waitMs <= by.targetMs) counts.withinTarget += 1;
  counts.answeredWaitMs += waitMs;
  counts.longestAnsweredMs = Math.max(counts.longestAnsweredMs, waitMs);
  counts.longestWaitMs = Math.max(counts.longestWaitMs, waitMs);
}

export function countAbandoned(counts: Counts, waitMs: number, by: Judgement): void {
  counts.offered += 1;
  counts.abandoned += 1;
  if (waitMs < by.shortMs) counts.shortAbandoned += 1;
  if (waitMs <= by.targetMs) counts.abandonedWithin += 1;
  if (waitMs < by.targetMs) counts.abandonedBefore += 1;
  counts.abandonedWaitMs += waitMs;
  counts.longestAbandonedMs = Math.max(counts.longestAbandonedMs, waitMs);
  counts.longestWaitMs = Math.max(counts.longestWaitMs, waitMs);
}

export function countLeftOtherwise(counts: Counts, waitMs: number): void {
  counts.offered += 1;
  counts.leftOtherwise += 1;
  counts.longestWaitMs = Math.max(counts.longestWaitMs, waitMs);
}

/**
 * A fraction of 1, null where the denominator is 0. `stillLate` is how many wait past the target right now
 * (0 for what is over): they enlarge the denominator of the live figure.
 */
export function serviceLevel(
  counts: Readonly<Counts>,
  formula: Formula,
  stillLate = 0,
): number | null {
  switch (formula) {
    case 'offered':
      return ratio(counts.withinTarget, counts.offered + stillLate);
    case 'ignore-early-abandons':
      return ratio(counts.withinTarget, counts.offered - counts.abandonedBefore + stillLate);
    case 'ignore-short-abandons':
      return ratio(counts.withinTarget, counts.offered - counts.shortAbandoned + stillLate);
    case 'answered-only':
      return ratio(counts.withinTarget, counts.answered + stillLate);
    case 'abandons-count':
      return ratio(
        counts.withinTarget + counts.abandonedWithin,
        counts.answered + counts.abandoned + stillLate,
      );
    default:
      return formula satisfies never;
  }
}

/** Mean wait of the answered, zero waits included; milliseconds, not rounded. */
export function averageSpeedOfAnswerMs(counts: Readonly<Counts>): number | null {
  return ratio(counts.answeredWaitMs, counts.answered);
}

/** Mean wait of the abandoned; milliseconds, not rounded. */
export function averageAbandonedWaitMs(counts: Readonly<Counts>): number | null {
  return ratio(counts.abandonedWaitMs, counts.abandoned);
}

/** (talk + hold + wrap-up) ÷ handled; milliseconds, not rounded. */
export function averageHandleTimeMs(counts: Readonly<Counts>): number | null {
  return ratio(counts.handleMs + counts.wrapUpMs, counts.handled);
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
