// Who waits, how long, and against which limit.
import type { QueueRow } from '../../server/contract/rows.ts';

/** Passed its limit, or twice its limit. */
export type Passed = 'P1' | 'P2' | null;

export interface Wait {
  readonly waiting: number;
  readonly oldestAt: number | null;
  /** The queue of the longest wait. */
  readonly queueName: string | null;
  /** The worst of all queues, each by its own limit. */
  readonly passed: Passed;
}

/** `at`: the instant at which the rows are read. */
export function waitIn(queues: Iterable<QueueRow>, at: number): Wait {
  let waiting = 0;
  let oldest: QueueRow | null = null;
  let passed: Passed = null;
  for (const queue of queues) {
    waiting += queue.waiting;
    if (queue.oldestAt === null) continue;
    if (oldest?.oldestAt == null || queue.oldestAt < oldest.oldestAt) oldest = queue;
    passed = worse(passed, passedLimit(queue.oldestAt, queue.limits.waitSeconds, at));
  }
  return {
    waiting,
    oldestAt: oldest?.oldestAt ?? null,
    queueName: oldest?.name ?? null,
    passed,
  };
}

/** `limitSeconds` after `since`: amber; at twice of it: red. */
export function passedLimit(since: number | null, limitSeconds: number, at: number): Passed {
  if (since === null || !(limitSeconds > 0)) return null;
  const ratio = (at - since) / (limitSeconds * 1000);
  if (ratio >= 2) return 'P1';
  return ratio >= 1 ? 'P2' : null;
}

/** The part of the bar that is filled; its mark stands at two thirds, which is the limit. */
export function barPart(since: number | null, limitSeconds: number, at: number): number {
  if (since === null || !(limitSeconds > 0)) return 0;
  const ratio = (at - since) / (limitSeconds * 1000);
  return Math.min(1, Math.max(0, ratio * LIMIT_PART));
}
export const LIMIT_PART = 2 / 3;

function worse(a: Passed, b: Passed): Passed {
  if (a === 'P1' || b === 'P1') return 'P1';
  return a ?? b;
}
