// A quarter of an hour of one queue: what is counted in it, and how it is asked for and kept.

export const QUARTER_MS = 15 * 60_000;
/** The queue that stands for all of them. */
export const ALL_QUEUES = '*';

/** Counts of the visits that were enqueued in one quarter of an hour. Durations are milliseconds. */
export interface Interval {
  /** A queue's id, or `*` for all of them. */
  readonly queue: string;
  /** The instant at which it begins, in milliseconds; a multiple of 15 minutes in UTC. */
  readonly start: number;
  /** The site's day to which it belongs, `YYYY-MM-DD`. */
  readonly day: string;
  readonly offered: number;
  readonly answered: number;
  readonly abandoned: number;
  readonly shortAbandoned: number;
  readonly leftOtherwise: number;
  readonly unknown: number;
  /** Answered with wait ≤ target. */
  readonly withinTarget: number;
  /** Abandoned with wait ≤ target. */
  readonly abandonedWithin: number;
  /** Abandoned with wait < target. */
  readonly abandonedBefore: number;
  /** Waits of the answered, summed. */
  readonly answeredWaitMs: number;
  /** Waits of the abandoned, summed. */
  readonly abandonedWaitMs: number;
  readonly longestWaitMs: number;
  readonly longestAnsweredMs: number;
  readonly longestAbandonedMs: number;
  /** Answered and over. */
  readonly handled: number;
  /** Talk and hold of the handled, summed. */
  readonly handleMs: number;
  readonly wrapUpMs: number;
  /** Holds after the answer, summed. */
  readonly holdMs: number;
  /** Waiting at `start`: enqueued ≤ start < left. */
  readonly waitingAtStart: number;
  readonly oldestWaitAtStartMs: number;
  /** With an agent at `start`: answered ≤ start < over. */
  readonly talkingAtStart: number;
  /** Most that waited at once. */
  readonly peakWaiting: number;
}
