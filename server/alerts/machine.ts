// The life of an episode as a pure function: what is seen now and what was decided before give the next move, or none. One room: every line is of one table of states.
import type { HowKnown, Severity } from '../contract/lists.ts';
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
  /** `isAnswered`: since a person saw to it. */
  | { readonly kind: 'false'; readonly isAnswered?: true }
  /** Its source is silent: silence is not recovery, and not the beginning of anything. */
  | { readonly kind: 'unclear' };

/** Why a move was made; kept with the episode. */
export type Reason =
  | 'began'
  | 'corrected'
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

export interface Tell {
  readonly kind: TellKind;
  /** Who hears it first; severity, round and loop are the episode's own after the move. */
  readonly level: number;
}

export interface Move {
  readonly from: Episode | null;
  readonly to: Episode;
  readonly reason: Reason;
  readonly tells: readonly Tell[];
  /** Who made it, and in which words, where a person did. */
  readonly by: string | null;
  readonly why: string | null;
  /** How it is known who. */
  readonly how?: HowKnown | undefined;
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
  const to: Episode = {
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
    unstableUntil: stillUnstable(birth, now),
  };
  return { ...auto('began', tell('fire', to)), from: null, to };
}

/** What follows now from what is seen and from time; null: nothing. One move at a time: the next follows from the one before. */
export function step(episode: Episode, seen: Seen, around: Around): Move | null {
  if (seen.kind === 'true' && (!isOpen(episode) || episode.falseSince !== null))
    return again(episode, seen, around);
  if (!isOpen(episode)) return null;
  if (seen.kind === 'false' || episode.falseSince !== null)
    return seen.kind === 'false' ? notHolding(episode, seen, around) : null;
  return (
    (seen.kind === 'true' ? (worse(episode, seen, around) ?? corrected(episode, seen)) : null) ??
    flapping(episode, around) ??
    (episode.taken === null ? escalated(episode, seen, around) : ranOut(episode, around))
  );
}

/** The instant at which time alone may bring the next move while this is seen; null: none. */
export function nextMoveAt(episode: Episode, seen: Seen, around: Around): number | null {
  if (!isOpen(episode)) return null;
  if (episode.falseSince !== null)
    return seen.kind === 'unclear' ? null : endsAt(episode, episode.falseSince, around);
  if (episode.taken !== null) return episode.taken.until;
  if (episode.escalatesFrom === null || episode.isExhausted || isHeldBack(episode, seen))
    return null;
  const next = nextStepMs(Math.max(0, around.now - episode.escalatesFrom));
  return next === null ? null : episode.escalatesFrom + next;
}

type HoldsNot = Extract<Seen, { kind: 'false' }>;

function notHolding(episode: Episode, { isAnswered }: HoldsNot, around: Around): Move | null {
  const { now } = around;
  const falseSince = episode.falseSince ?? now;
  if (now >= endsAt(episode, falseSince, around)) {
    const isSeen = episode.isSeen || isAnswered === true;
    return resolved({ ...episode, falseSince, isSeen }, now);
  }
  if (episode.falseSince !== null) return null;
  const to = moved(episode, { falseSince, state: stateOf(episode.taken, falseSince) });
  return { ...auto('ending'), from: episode, to };
}

/** What was put off ends with its time, all else when it was false long enough. */
function endsAt(
  { taken, unstableUntil }: Episode,
  falseSince: number,
  { keepFiringMs }: Around,
): number {
  if (taken?.how === 'snoozed') return taken.until;
  const usual = falseSince + keepFiringMs;
  if (unstableUntil === null) return usual;
  const slow = falseSince + Math.max(keepFiringMs, UNSTABLE.keepFiringMs);
  return Math.min(slow, Math.max(usual, unstableUntil));
}

function resolved(episode: Episode, now: number): Move {
  const isSeen = episode.isSeen || episode.taken !== null;
  const to = moved(episode, { state: 'resolved', resolvedAt: now, isSeen });
  return { ...auto('ended', tell('end', to)), from: episode, to };
}

/**
 * The condition holds again: the same episode goes on and nobody is told, unless the alarm of a person is due: it ended long ago, what was
 * taken ran out meanwhile, or was given back while there was nothing to tell.
 */
function again(episode: Episode, seen: Holds, around: Around): Move {
  const { now } = around;
  const { resolvedAt, falseSince } = episode;
  // One that ended long ago comes back under its own name, as a proof that is withdrawn makes a promise open again.
  const isOld = resolvedAt !== null && now - resolvedAt > AGAIN_MS;
  const severity = isOld ? seen.severity : episode.severity;
  const isTaken = !isOld && episode.taken !== null && now < episode.taken.until;
  const taken = isTaken ? episode.taken : null;
  const isAnew = isOld || (episode.taken !== null && !isTaken);
  const isOwed =
    taken === null && (isAnew || (isPushed(severity) && episode.escalatesFrom === null));
  const to = moved(episode, {
    ...told(seen),
    severity,
    raisedAt: seen.severity === severity ? seen.raisedAt : episode.raisedAt,
    ...(isOwed ? alarm(severity, around) : paused(episode, now - (falseSince ?? now))),
    round: episode.round + (isAnew ? 1 : 0),
    isSeen: episode.isSeen && !isOld,
    state: stateOf(taken, null),
    taken,
    falseSince: null,
    resolvedAt: null,
    activations: [...episode.activations, now].slice(-FLAPS.activations),
    unstableUntil: stillUnstable(episode, now),
  });
  return { ...auto('again', isOwed ? tell('fire', to) : []), from: episode, to };
}

/** Nobody is called further while there is nothing to answer. */
function paused({ escalatesFrom }: Episode, forMs: number): Pick<Episode, 'escalatesFrom'> {
  return { escalatesFrom: escalatesFrom === null ? null : escalatesFrom + forMs };
}

function worse(episode: Episode, seen: Holds, around: Around): Move | null {
  if (!isWorse(seen.severity, episode.severity)) return null;
  const { severity } = seen;
  const changed = { ...told(seen), severity };
  if (episode.taken !== null) {
    const isAlarm = severity === 'P1';
    const to = isAlarm
      ? alarmAgain({ ...episode, ...changed }, around, episode)
      : moved(episode, changed);
    const reason = isAlarm ? 'worse-than-taken' : 'worse';
    return { ...auto(reason, isAlarm ? tell('raise', to) : []), from: episode, to };
  }
  // The clock of escalation starts with the first severity that is told, and is not set back by a worse one.
  const first = alarm(severity, around);
  const to = moved(episode, { ...changed, ...(episode.escalatesFrom === null ? first : {}) });
  return { ...auto('worse', tell('raise', to, first.level)), from: episode, to };
}

/** What is known of its beginning or place is another now; its name stays. */
function corrected(episode: Episode, seen: Holds): Move | null {
  const { team, queue, since, sources } = episode;
  const isSame =
    seen.since === since &&
    seen.team === team &&
    seen.queue === queue &&
    seen.sources.join('\n') === sources.join('\n');
  if (isSame) return null;
  const { severity } = episode;
  const raisedAt = seen.severity === severity ? seen.raisedAt : episode.raisedAt;
  const to = moved(episode, { ...told(seen), severity, raisedAt });
  return { ...auto('corrected'), from: episode, to };
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
  const tells = episode.taken === null ? tell('unstable', to) : [];
  return { ...auto('unstable', tells), from: episode, to };
}

/** Quiet is counted anew from each time that it becomes true. */
function stillUnstable(
  { unstableUntil }: Pick<Episode, 'unstableUntil'>,
  now: number,
): number | null {
  return unstableUntil !== null && now < unstableUntil ? now + UNSTABLE.quietMs : null;
}

function escalated(episode: Episode, seen: Seen, { now, reach }: Around): Move | null {
  if (episode.escalatesFrom === null || episode.isExhausted || isHeldBack(episode, seen))
    return null;
  const elapsed = Math.max(0, now - episode.escalatesFrom);
  // Also after a time in which nothing could be decided, the level that is due now is told before it is called exhausted.
  const due = stepAt(elapsed, reach);
  const isFurther =
    due.loop > episode.loop || (due.loop === episode.loop && due.level > episode.level);
  if (isFurther) {
    const to = moved(episode, due);
    return { ...auto('escalated', tell('escalate', to)), from: episode, to };
  }
  if (nextStepMs(elapsed) !== null) return null;
  return { ...auto('exhausted'), from: episode, to: moved(episode, { isExhausted: true }) };
}

/** While its source is silent only the worst is called further. */
function isHeldBack({ severity }: Episode, seen: Seen): boolean {
  return seen.kind === 'unclear' && severity !== 'P1';
}

function ranOut(episode: Episode, around: Around): Move | null {
  const { taken } = episode;
  if (taken === null || around.now < taken.until) return null;
  const to = alarmAgain(episode, around);
  const reason = taken.how === 'snoozed' ? 'snooze-ran-out' : 'taken-ran-out';
  return { ...auto(reason, tell('fire', to)), from: episode, to };
}

/** From the beginning: level 1, a new round, nobody has it. */
export function alarmAgain(episode: Episode, around: Around, before = episode): Episode {
  return moved(before, {
    ...episode,
    state: 'firing',
    taken: null,
    round: episode.round + 1,
    ...alarm(episode.severity, around),
  });
}

/**
 * Counts the move. The version moves where the episode begins, ends or changes hands, and not with what comes and goes under the
 * thumb that is just pressing "take it".
 */
export function moved(episode: Episode, change: Partial<Episode>): Episode {
  const next = { ...episode, ...change };
  const isTurned =
    isOpen(next) !== isOpen(episode) ||
    next.taken?.how !== episode.taken?.how ||
    next.taken?.by !== episode.taken?.by;
  return {
    ...next,
    revision: episode.revision + 1,
    version: episode.version + (isTurned ? 1 : 0),
  };
}

/** Of one that is open: who has it and whether it is so are kept apart, and the state follows. */
export function stateOf(taken: Episode['taken'], falseSince: number | null): Episode['state'] {
  if (taken?.how === 'snoozed') return 'snoozed';
  if (falseSince !== null) return 'recovering';
  return taken === null ? 'firing' : 'acknowledged';
}

/** Of what is only shown nobody is told. */
export function tell(kind: TellKind, to: Episode, level = to.level): readonly Tell[] {
  return isPushed(to.severity) ? [{ kind, level }] : [];
}

type Alarm = Pick<Episode, 'escalatesFrom' | 'level' | 'loop' | 'isExhausted'>;

/** Of one that nobody is told of, or not at this moment. */
export const NO_ALARM: Alarm = { escalatesFrom: null, level: 0, loop: 1, isExhausted: false };

function alarm(severity: Severity, { now, reach }: Around): Alarm {
  if (!isPushed(severity)) return NO_ALARM;
  return { escalatesFrom: now, ...stepAt(0, reach), isExhausted: false };
}

function told(seen: Holds): Omit<Holds, 'kind'> {
  const { since, raisedAt, severity, team, queue, sources, text } = seen;
  return { since, raisedAt, severity, team, queue, sources, text };
}

function auto(
  reason: Reason,
  tells: readonly Tell[] = [],
): Pick<Move, 'reason' | 'tells' | 'by' | 'why'> {
  return { reason, tells, by: null, why: null };
}
