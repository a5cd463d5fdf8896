// From quarters of an hour to the audit's rows, and from rows to CSV.
import { DateTime } from 'luxon';
import { INTERVAL_COLUMNS } from '../contract/interval-columns.ts';
import type { Formula } from '../contract/lists.ts';
import {
  averageAbandonedWaitMs,
  averageHandleTimeMs,
  averageSpeedOfAnswerMs,
  serviceLevel,
} from '../floor/counts.ts';
import type { Interval } from '../floor/interval.ts';
import { spansOf } from './spans.ts';
import type { Span, SpanOptions } from './spans.ts';

/** What is promised to other programs stands first; more may follow it. */
export const COLUMNS = [
  ...INTERVAL_COLUMNS,
  'unknown',
  'handled',
  'abandonedWaitMs',
  'longestAnsweredMs',
  'longestAbandonedMs',
] as const;

export interface ReportOptions extends SpanOptions {
  readonly formulaOf: (queue: string) => Formula;
}

/** Lines of CSV, the header first, by start and queue, `*` before the others. A span in which nothing was has no line. */
export function* report(intervals: Iterable<Interval>, options: ReportOptions): Generator<string> {
  yield COLUMNS.join(',');
  for (const span of spansOf(intervals, options)) yield lineOf(span, options);
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
