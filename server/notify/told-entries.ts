// What the journal hears of a row: how one try turned out, and what became of rows whose place it took.
import { encode } from '../events/encode.ts';
import type { AlertTold } from '../events/episode.ts';
import type { Fields } from '../events/decode.ts';
import { lanePartsOf } from '../log/outbox.ts';
import type { Outcome, WaitingRow } from '../log/outbox.ts';
import { rowIn } from './letter.ts';
import { plainWhy } from './plain-why.ts';

/** Of a try, or of what became of the row without one. */
export type Said = Pick<AlertTold, 'outcome' | 'why' | 'via' | 'nextAt' | 'isDigest'>;

export interface Ending {
  readonly outcome: Outcome;
  /** The site's clock, whole milliseconds. */
  readonly at: number;
}

export function toldEntry(row: WaitingRow, said: Said, { outcome, at }: Ending): Fields {
  const { owner, of, channel } = lanePartsOf(row.lane);
  const attempt = attemptsOf(row, said, outcome);
  const why = said.why === null ? null : plainWhy(said.why);
  const around = { owner, of, channel, notification: row.id, kind: rowIn(row).kind };
  return entryOf(row, { ...around, attempt, at, ...said, why });
}

/** Of those whose place this row took. */
export function foldedEntries(row: WaitingRow, at: number): readonly Fields[] {
  const isEnd = row.marks === 'ends';
  const why = isEnd ? 'over before it was told' : 'a later one of the same alert took its place';
  const said = { outcome: 'dropped', why, via: 'none' } as const;
  const around = { outcome: { kind: 'gone' }, at } as const;
  return (row.insteadOf ?? []).map((id) => toldEntry({ ...row, id, tries: 0 }, said, around));
}

/** In the words in which the journal said it before, under the same name. */
export function entryOf(row: Pick<WaitingRow, 'id' | 'about'>, data: AlertTold): Fields {
  const { attempt, outcome, nextAt = 0 } = data;
  // The same row may wait for one digest after the other.
  const until = outcome === 'held' ? `/${nextAt}` : '';
  const id = `${row.id}/${attempt}/${outcome}${until}`;
  return encode({ type: 'alert.told', subject: row.about, source: 'pharos', id, data });
}

function attemptsOf({ tries }: WaitingRow, said: Said, outcome: Outcome): number {
  if (outcome.kind === 'dead') return outcome.tries;
  return said.outcome === 'dropped' || said.outcome === 'held' ? tries : tries + 1;
}
