// Quarters of an hour summed to the spans that somebody asks for, aligned to the site's local time.
import { addCounts, noCounts } from '../floor/counts.ts';
import type { Counts } from '../floor/counts.ts';
import { ALL_QUEUES } from '../floor/interval.ts';
import type { Interval } from '../floor/interval.ts';
import { alignedStart, siteDayOf } from '../floor/site-day.ts';

const DAY_MINUTES = 1_440;

export interface SpanOptions {
  readonly minutes: number;
  readonly zone: string;
  readonly dayStarts: string;
}

export interface Span {
  readonly start: number;
  readonly queue: string;
  readonly counts: Counts;
  waitingAtStart: number;
  oldestWaitAtStartMs: number;
  talkingAtStart: number;
  peakWaiting: number;
}

/** By start and queue, `*` before the others. A span in which nothing was is not there. */
export function spansOf(intervals: Iterable<Interval>, options: SpanOptions): readonly Span[] {
  const spans = new Map<string, Span>();
  // To ask a zone for its offset is slow, and many queues have the same quarters.
  const starts = new Map<number, number>();
  for (const interval of intervals) {
    const start = starts.get(interval.start) ?? startOf(interval.start, options);
    starts.set(interval.start, start);
    const id = `${interval.queue} ${start}`;
    const span = spans.get(id) ?? emptySpan(interval.queue, start);
    spans.set(id, span);
    addCounts(span.counts, interval);
    span.peakWaiting = Math.max(span.peakWaiting, interval.peakWaiting);
    if (interval.start !== start) continue;
    span.waitingAtStart = interval.waitingAtStart;
    span.oldestWaitAtStartMs = interval.oldestWaitAtStartMs;
    span.talkingAtStart = interval.talkingAtStart;
  }
  return [...spans.values()].sort((a, b) => a.start - b.start || order(a.queue, b.queue));
}

function startOf(at: number, { minutes, zone, dayStarts }: SpanOptions): number {
  if (minutes === DAY_MINUTES) return siteDayOf(at, zone, dayStarts).startsAt;
  return alignedStart(at, minutes, zone);
}

function emptySpan(queue: string, start: number): Span {
  return {
    start,
    queue,
    counts: noCounts(),
    waitingAtStart: 0,
    oldestWaitAtStartMs: 0,
    talkingAtStart: 0,
    peakWaiting: 0,
  };
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  if (a === ALL_QUEUES) return -1;
  if (b === ALL_QUEUES) return 1;
  return a < b ? -1 : 1;
}
