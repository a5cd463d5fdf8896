// From quarters of an hour to the audit's rows, and from rows to CSV.
import { DateTime } from 'luxon';
import type { Formula } from '../contract/lists.ts';
import {
  addCounts,
  averageAbandonedWaitMs,
  averageHandleTimeMs,
  averageSpeedOfAnswerMs,
  noCounts,
  serviceLevel,
} from '../floor/counts.ts';
import type { Counts } from '../floor/counts.ts';
import { ALL_QUEUES } from '../floor/interval.ts';
import type { Interval } from '../floor/interval.ts';
import { alignedStart, siteDayOf } from '../floor/site-day.ts';

const DAY_MINUTES = 1_440;

/** The first sixteen are promised to other programs; more may follow them. */
export const COLUMNS = [
  'start',
  'queue',
  'offered',
  'answered',
  'abandoned',
  'shortAbandoned',
  'leftOtherwise',
  'withinTarget',
  'serviceLevel',
  'asaMs',
  'ahtMs',
  'longestWaitMs',
  'waitingAtStart',
  'oldestWaitAtStartMs',
  'talkingAtStart',
  'peakWaiting',
  'unknown',
  'handled',
  'abandonedWaitMs',
  'longestAnsweredMs',
  'longestAbandonedMs',
] as const;

export interface ReportOptions {
  readonly minutes: number;
  readonly zone: string;
  readonly dayStarts: string;
  readonly formulaOf: (queue: string) => Formula;
}

interface Span {
  readonly start: number;
  readonly queue: string;
  readonly counts: Counts;
  waitingAtStart: number;
  oldestWaitAtStartMs: number;
  talkingAtStart: number;
  peakWaiting: number;
}

/** Lines of CSV, the header first, by start and queue, `*` before the others. A span in which nothing was has no line. */
export function* report(intervals: Iterable<Interval>, options: ReportOptions): Generator<string> {
  yield COLUMNS.join(',');
  const spans = [...gather(intervals, options)].sort(
    (a, b) => a.start - b.start || order(a.queue, b.queue),
  );
  for (const span of spans) yield lineOf(span, options);
}

function gather(intervals: Iterable<Interval>, options: ReportOptions): Iterable<Span> {
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
  return spans.values();
}

function startOf(at: number, { minutes, zone, dayStarts }: ReportOptions): number {
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

function lineOf(span: Span, { zone, formulaOf }: ReportOptions): string {
  const { counts, queue } = span;
  const cells: Readonly<Record<(typeof COLUMNS)[number], string | number | null>> = {
    ...counts,
    ...span,
    start: DateTime.fromMillis(span.start, { zone }).toISO({ suppressMilliseconds: true }),
    queue: quoted(queue),
    serviceLevel: serviceLevel(counts, formulaOf(queue)),
    asaMs: averageSpeedOfAnswerMs(counts),
    ahtMs: averageHandleTimeMs(counts),
    abandonedWaitMs: averageAbandonedWaitMs(counts),
  };
  return COLUMNS.map((column) => String(cells[column] ?? '')).join(',');
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  if (a === ALL_QUEUES) return -1;
  if (b === ALL_QUEUES) return 1;
  return a < b ? -1 : 1;
}
