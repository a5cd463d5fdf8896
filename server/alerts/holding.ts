// What a rule found, as it can be decided.
import type { AlertFact } from '../floor/rows.ts';
import { isOpen } from './episode.ts';
import type { Move } from './machine.ts';
import type { Holding, Rule } from './rule.ts';

/** An episode is known by so many sources at most. */
const SOURCES_MOST = 64;

/** Limits may be fractions of a second, and queues may have sources without number. */
export function holdingOf(holds: Holding, last: AlertFact | null, { beginsAnew }: Rule): Holding {
  const { sources, raisedAt } = holds;
  const began = Math.floor(holds.since);
  const isKept = beginsAnew === 'kept' && last !== null && isOpen(last) && last.falseSince === null;
  return {
    ...holds,
    since: isKept ? Math.min(began, last.since) : began,
    raisedAt: Math.ceil(raisedAt),
    sources: sources.slice(0, SOURCES_MOST),
  };
}

/** What is decided says since when it is so at that moment. */
export function movedAt(since: number, move: Move): Move {
  return { ...move, to: { ...move.to, since } };
}
