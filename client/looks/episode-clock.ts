// The clock of an episode: up from where it began, and down to a due time that is still to come.
import type { AlertRow } from '../../server/contract/rows.ts';

/** What reads clocks, as the view does. */
export interface Ages {
  instant(knownAt: number | null): number | null;
  age(since: number | null, instant: number | null): string;
}

/** How long it has run, by an instant; before a promise is due, how long there is still, after a minus. */
export function clockOf(
  { rule, since, text }: Pick<AlertRow, 'rule' | 'since' | 'text'>,
  ages: Ages,
  now = ages.instant(null),
): string {
  const due = Number(text.params.dueAt ?? Number.NaN);
  if (rule !== 'callback.at-risk' || !Number.isFinite(due)) return ages.age(since, now);
  return now === null ? ages.age(since, now) : `−${ages.age(now, due)}`;
}
