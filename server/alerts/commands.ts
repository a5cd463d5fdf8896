// What a person says of an episode: I have it, later, not I, a word about it. Each becomes a move, or a refusal with its reason.
import { isOpen } from './episode.ts';
import type { Episode } from './episode.ts';
import { alarmAgain, moved, NO_ALARM, stateOf, tell } from './machine.ts';
import type { Around, Move } from './machine.ts';
import { SNOOZE_MOST_MS, TAKEN_MS } from './timing.ts';

export type Command =
  | { readonly kind: 'acknowledge'; readonly by: string; readonly why: string | null }
  | {
      readonly kind: 'snooze';
      readonly by: string;
      readonly until: number;
      readonly why: string;
    }
  | { readonly kind: 'release'; readonly by: string; readonly why: string | null }
  | { readonly kind: 'comment'; readonly by: string; readonly why: string }
  /** It ended before anybody looked; now somebody has. */
  | { readonly kind: 'see'; readonly by: string };

export type CommandRefusal = 'no-reason' | 'too-long' | 'past' | 'not-taken' | 'over';

export type Answer =
  | { readonly ok: true; readonly move: Move }
  | { readonly ok: false; readonly refused: CommandRefusal };

export function command(episode: Episode, said: Command, around: Around): Answer {
  switch (said.kind) {
    case 'acknowledge':
      return done(episode, acknowledged(episode, said.by, around), said, 'acknowledged');
    case 'snooze':
      return snooze(episode, said, around);
    case 'release':
      if (!isOpen(episode)) return { ok: false, refused: 'over' };
      if (episode.taken === null) return { ok: false, refused: 'not-taken' };
      return release(episode, said, around);
    case 'comment':
      if (said.why.trim() === '') return { ok: false, refused: 'no-reason' };
      return done(episode, moved(episode, {}), said, 'commented');
    case 'see':
      return done(episode, moved(episode, { isSeen: true }), { ...said, why: null }, 'seen');
    default:
      return said satisfies never;
  }
}

function acknowledged(episode: Episode, by: string, { now }: Around): Episode {
  // It is written down that somebody wanted to, and changes nothing.
  if (!isOpen(episode)) return moved(episode, { isSeen: true });
  return taken(episode, { how: 'acknowledged', by, at: now, until: now + TAKEN_MS, why: null });
}

function snooze(
  episode: Episode,
  { by, until, why }: Extract<Command, { kind: 'snooze' }>,
  { now }: Around,
): Answer {
  if (!isOpen(episode)) return { ok: false, refused: 'over' };
  if (why.trim() === '') return { ok: false, refused: 'no-reason' };
  if (!(until > now)) return { ok: false, refused: 'past' };
  if (until > now + SNOOZE_MOST_MS) return { ok: false, refused: 'too-long' };
  const to = taken(episode, { how: 'snoozed', by, at: now, until, why });
  return done(episode, to, { by, why }, 'snoozed');
}

function taken(episode: Episode, by: NonNullable<Episode['taken']>): Episode {
  const state = stateOf(by, episode.falseSince);
  return moved(episode, { state, taken: by, isSeen: true });
}

function release(
  episode: Episode,
  { by, why }: Extract<Command, { kind: 'release' }>,
  around: Around,
): Answer {
  const { falseSince, round } = episode;
  // While the condition is false there is nothing to tell; if it comes back, it alarms.
  const to =
    falseSince === null
      ? alarmAgain(episode, around)
      : moved(episode, {
          ...NO_ALARM,
          round: round + 1,
          taken: null,
          state: stateOf(null, falseSince),
        });
  const tells = falseSince === null ? tell('fire', to) : [];
  return { ok: true, move: { from: episode, to, reason: 'released', tells, by, why } };
}

function done(
  from: Episode,
  to: Episode,
  { by, why }: { readonly by: string; readonly why: string | null },
  reason: Move['reason'],
): Answer {
  const late = reason === 'acknowledged' && !isOpen(from) ? 'acknowledged-late' : reason;
  return { ok: true, move: { from, to, reason: late, tells: [], by, why } };
}
