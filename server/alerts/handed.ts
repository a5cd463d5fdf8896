// One truth of who has it: who claimed the promise, came to help or covers the team has its episode, too; and who gave that back has given back both.
import type { HowKnown } from '../contract/lists.ts';
import type { AlertFact } from '../floor/rows.ts';
import { command } from './commands.ts';
import { isOpen } from './episode.ts';
import type { Around, Move } from './machine.ts';

/** What a person did last about the thing itself. */
export interface Hand {
  readonly holder: string;
  /** They have it, or it was given back. */
  readonly has: boolean;
  readonly at: number;
  /** Who said so; not always the holder. */
  readonly by: string;
  /** Absent: a program told of it. */
  readonly how?: HowKnown | undefined;
}

/** From then on it alarms, or alarms again: what was done before did not help. */
const ALARMS: ReadonlySet<string> = new Set([
  'began',
  'again',
  'worse-than-taken',
  'taken-ran-out',
  'snooze-ran-out',
  'released',
  'written-back',
]);

/** The episode follows the hand that was laid on its thing since it alarmed or was taken last; null: it has nothing to follow. */
export function handed(episode: AlertFact | null, hand: Hand | null, around: Around): Move | null {
  if (episode === null || hand === null || !isOpen(episode)) return null;
  const { taken } = episode;
  const { holder, has, at, by, how = 'program' } = hand;
  const isTheirs = taken?.by === holder;
  const since = taken?.at ?? alarmedAt(episode);
  if (at < since || isTheirs === has) return null;
  // Given back by who did not have the episode, it is nobody's as it was.
  if (!has && taken === null) return null;
  const kind = has ? 'acknowledge' : 'release';
  const answer = command(episode, { kind, by: has ? holder : by, why: null }, around);
  return answer.ok ? { ...answer.move, how } : null;
}

function alarmedAt({ moves, raisedAt }: AlertFact): number {
  return moves.findLast(({ reason }) => ALARMS.has(reason))?.at ?? raisedAt;
}
