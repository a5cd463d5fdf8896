// The life of an episode as a pure function: what is seen now and what was decided before give the next move, or none.
import type { Severity } from '../contract/lists.ts';
import { isOpen, isPushed, isWorse } from './episode.ts';
import type { Episode } from './episode.ts';
import { nextStepMs, stepAt } from './escalation.ts';
import type { Reach } from './escalation.ts';
import { AGAIN_MS, FLAPPING_EPISODES, FLAPS, UNSTABLE } from './timing.ts';

/** What a rule sees of its subject now. */
export type Seen =
  | {
      readonly kind: 'true';
      /** The condition's own clock. */
      readonly since: number;
      /** When the limit of this severity was passed. */
      readonly raisedAt: number;
      readonly severity: Severity;
      readonly team: string | null;
      readonly queue: string | null;
      /** By whom it is known. */
      readonly sources: readonly string[];
      readonly text: Episode['text'];
    }
  | { readonly kind: 'false' }
  /** Its source is silent: silence is not recovery, and not the beginning of anything. */
  | { readonly kind: 'unclear' };

/** Why a move was made; kept with the episode. */
export type Reason =
  | 'began'
  | 'worse'
  | 'escalated'
  | 'exhausted'
  | 'ended'
  | 'ending'
  | 'again'
  | 'unstable'
  | 'taken-ran-out'
  | 'snooze-ran-out'
  | 'worse-than-taken'
  | 'acknowledged'
  | 'acknowledged-late'
  | 'snoozed'
  | 'released'
  | 'commented'
  | 'seen';

/** What people are told by a move; nothing else is ever told. */
export type TellKind = 'fire' | 'escalate' | 'raise' | 'unstable' | 'end';

export interface Move {
  readonly from: Episode | null;
  readonly to: Episode;
  readonly reason: Reason;
  readonly tells: readonly TellKind[];
  /** Who made it, and in which words, where a person did. */
  readonly by: string | null;
  readonly why: string | null;
}

export interface Around {
  /** The site's clock. */
  readonly now: number;
  readonly keepFiringMs: number;
  readonly reach: Reach;
  /** When the latest episodes of this key were opened, oldest first. */
  readonly recent: readonly number[];
}

export interface Birth {
  readonly id: string;
  readonly key: string;
  readonly rule: string;
  readonly subject: string;
  /** Of the episode of this key before. */
  readonly unstableUntil: number | null;
}

type Holds = Extract<Seen, { kind: 'true' }>;

/** The first move of an episode. */
export function open(birth: Birth, seen: Holds, around: Around): Move {
  const { now } = around;
  const base: Episode = {
    ...birth,
    ...told(seen),
    state: 'firing',
    version: 1,
    revision: 1,
    round: 1,
    ...alarm(seen.severity, around),
    taken: null,
    falseSince: null,
    resolvedAt: null,
    isSeen: false,
    activations: [now],
  };
  return { ...auto('began', ['fire']), from: null, to: base };
}

/** What follows now from what is seen and from time; null: nothing. One move at a time: the next follows from the one before. */
export function step(episode: Episode, seen: Seen, around: Around): Move | null {
  const holds = seen.kind === 'unclear' ? episode.falseSince === null : seen.kind === 'true';
  if (!isOpen(episode)) return seen.kind === 'true' ? again(episode, seen, around) : null;
  if (episode.state === 'snoozed') return snoozed(episode, seen, holds, around);
  if (!holds) return notHolding(episode, seen, around);
  if (episode.falseSince !== null)
    return seen.kind === 'true' ? again(episode, seen, around) : null;
  return (
    worse(episode, seen, around) ??
    flapping(episode, around) ??
    (episode.taken === null ? escalated(episode, around) : ranOut(episode, 'taken-ran-out', around))
  );
}

/** The instant at which time alone may bring the next move; null: none. */
export function nextMoveAt(episode: Episode, { keepFiringMs, now }: Around): number | null {
  if (!isOpen(episode)) return null;
  if (episode.state === 'snoozed') return episode.taken?.until ?? null;
  if (episode.falseSince !== null) return episode.falseSince + keepFiring(episode, keepFiringMs);
  if (episode.taken !== null) return episode.taken.until;
  if (episode.escalatesFrom === null || episode.isExhausted) return null;
  const next = nextStepMs(Math.max(0, now - episode.escalatesFrom));
  return next === null ? null : episode.escalatesFrom + next;
}

function snoozed(episode: Episode, seen: Seen, holds: boolean, around: Around): Move | null {
  if (holds) return worse(episode, seen, around) ?? ranOut(episode, 'snooze-ran-out', around);
  if (around.now < (episode.taken?.until ?? 0) || seen.kind === 'unclear') return null;
  return resolved(episode, around.now);
}

function notHolding(episode: Episode, seen: Seen, { now, keepFiringMs }: Around): Move | null {
  if (seen.kind !== 'false') return null;
  const falseSince = episode.falseSince ?? now;
  if (now - falseSince >= keepFiring(episode, keepFiringMs)) return resolved(episode, now);
  if (episode.falseSince !== null) return null;
  return {
    ...auto('ending'),
    from: episode,
    to: moved(episode, { state: 'recovering', falseSince }),
  };
}

function resolved(episode: Episode, now: number): Move {
  const to = moved(episode, {
    state: 'resolved',
    falseSince: episode.falseSince ?? now,
    resolvedAt: now,
    isSeen: episode.isSeen || episode.taken !== null,
  });
  return { ...auto('ended', ['end']), from: episode, to };
}

/** The condition holds again: the same episode goes on, and nobody is told, unless it ended or was taken long ago. */
function again(episode: Episode, seen: Holds, around: Around): Move {
  const { now } = around;
  const { taken, resolvedAt, unstableUntil } = episode;
  const isTaken = taken !== null && now < taken.until;
  // One that ended long ago comes back under its own name, as a proof that is withdrawn makes a promise open again.
  const isOld = resolvedAt !== null && now - resolvedAt > AGAIN_MS;
  const isAnew = isOld || (taken !== null && !isTaken);
  const severity = isOld ? seen.severity : episode.severity;
  const raisedAt = isOld ? seen.raisedAt : episode.raisedAt;
  const isUnstable = unstableUntil !== null && now < unstableUntil;
  const to = moved(episode, {
    ...told({ ...seen, severity, raisedAt }),
    ...(isAnew ? { ...alarm(severity, around), round: episode.round + 1 } : {}),
    isSeen: episode.isSeen && !isOld,
    state: isTaken && !isOld ? 'acknowledged' : 'firing',
    taken: isTaken && !isOld ? taken : null,
    falseSince: null,
    resolvedAt: null,
    activations: [...episode.activations, now].slice(-FLAPS.activations),
    unstableUntil: isUnstable ? now + UNSTABLE.quietMs : null,
  });
  return { ...auto('again', isAnew ? ['fire'] : []), from: episode, to };
}

function worse(episode: Episode, seen: Seen, around: Around): Move | null {
  if (seen.kind !== 'true' || !isWorse(seen.severity, episode.severity)) return null;
  const { severity, raisedAt } = seen;
  if (episode.taken === null) {
    const first = isPushed(episode.severity) ? {} : alarm(severity, around);
    const to = moved(episode, { ...told(seen), raisedAt, ...first });
    return { ...auto('worse', ['raise']), from: episode, to };
  }
  if (severity !== 'P1')
    return { ...auto('worse'), from: episode, to: moved(episode, { ...told(seen), raisedAt }) };
  const to = alarmAgain({ ...episode, ...told(seen), raisedAt }, around);
  return { ...auto('worse-than-taken', ['raise']), from: episode, to };
}

function flapping(episode: Episode, { now, recent }: Around): Move | null {
  if (episode.unstableUntil !== null && now < episode.unstableUntil) return null;
  const { activations } = episode;
  const first = activations[0] ?? now;
  const isFlapping =
    (activations.length >= FLAPS.activations && now - first <= FLAPS.withinMs) ||
    recent.filter((at) => now - at <= FLAPPING_EPISODES.withinMs).length >=
      FLAPPING_EPISODES.episodes;
  if (!isFlapping) return null;
  const to = moved(episode, { unstableUntil: now + UNSTABLE.quietMs });
  return { ...auto('unstable', ['unstable']), from: episode, to };
}

function escalated(episode: Episode, { now, reach }: Around): Move | null {
  if (episode.escalatesFrom === null || episode.isExhausted) return null;
  const due = stepAt(Math.max(0, now - episode.escalatesFrom), reach);
  if (due === null)
    return { ...auto('exhausted'), from: episode, to: moved(episode, { isExhausted: true }) };
  const isFurther =
    due.loop > episode.loop || (due.loop === episode.loop && due.level > episode.level);
  if (!isFurther) return null;
  return { ...auto('escalated', ['escalate']), from: episode, to: moved(episode, due) };
}

function ranOut(
  episode: Episode,
  reason: 'taken-ran-out' | 'snooze-ran-out',
  around: Around,
): Move | null {
  if (episode.taken === null || around.now < episode.taken.until) return null;
  return { ...auto(reason, ['fire']), from: episode, to: alarmAgain(episode, around) };
}

/** From the beginning: level 1, a new round, nobody has it. */
export function alarmAgain(episode: Episode, around: Around): Episode {
  return moved(episode, {
    state: 'firing',
    taken: null,
    round: episode.round + 1,
    ...alarm(episode.severity, around),
  });
}

/** Counts the move; the version only where state or taker is another. */
export function moved(episode: Episode, change: Partial<Episode>): Episode {
  const next = { ...episode, ...change };
  const isTurned = next.state !== episode.state || next.taken?.by !== episode.taken?.by;
  return {
    ...next,
    revision: episode.revision + 1,
    version: episode.version + (isTurned ? 1 : 0),
  };
}

function alarm(
  severity: Severity,
  { now, reach }: Around,
): Pick<Episode, 'escalatesFrom' | 'level' | 'loop' | 'isExhausted'> {
  const isExhausted = false;
  if (!isPushed(severity)) return { escalatesFrom: null, level: 0, loop: 1, isExhausted };
  return { escalatesFrom: now, ...(stepAt(0, reach) ?? { level: 1, loop: 1 }), isExhausted };
}

function told(seen: Holds): Omit<Holds, 'kind'> {
  const { since, raisedAt, severity, team, queue, sources, text } = seen;
  return { since, raisedAt, severity, team, queue, sources, text };
}

function keepFiring({ unstableUntil }: Episode, keepFiringMs: number): number {
  return unstableUntil === null ? keepFiringMs : Math.max(keepFiringMs, UNSTABLE.keepFiringMs);
}

function auto(
  reason: Reason,
  tells: readonly TellKind[] = [],
): Pick<Move, 'reason' | 'tells' | 'by' | 'why'> {
  return { reason, tells, by: null, why: null };
}
