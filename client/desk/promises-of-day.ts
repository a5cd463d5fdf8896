// What became of the promises that are due today: kept, broken, still open.
import type { CallbackRow, SiteRow } from '../../server/contract/rows.ts';

export interface PromisesOfDay {
  readonly kept: number;
  readonly broken: number;
  readonly open: number;
}

/** What was kept and closed before today is not among the rows, and in the site's count. */
export function promisesOfDay(
  callbacks: Iterable<CallbackRow>,
  {
    dayStartsAt,
    dayEndsAt,
    promises: { due, kept },
  }: Pick<SiteRow, 'dayStartsAt' | 'dayEndsAt' | 'promises'>,
): PromisesOfDay {
  let broken = 0;
  for (const { dueAt, kept: isKept } of callbacks)
    if (isKept === false && dueAt >= dayStartsAt && dueAt < dayEndsAt) broken += 1;
  return { kept, broken, open: Math.max(0, due - kept - broken) };
}
