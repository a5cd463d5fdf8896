// Leads of the demo who say "I have it", since nobody sits at its desks: of many episodes after a while, of none that a visitor had in hand.
import type { Clock } from '../../clock.ts';
import type { Severity } from '../../contract/lists.ts';
import type { Chance } from './chance.ts';

export interface OpenEpisode {
  readonly id: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly team: string | null;
  readonly version: number;
  readonly takenBy: string | null;
  /** Who of the visitors ever said a word about it, had it or put it off. */
  readonly visitors: readonly string[];
}

/** The desks of the demo's leads. */
export interface LeadsDesk {
  /** Episodes that are open and whose condition holds. */
  open(): readonly OpenEpisode[];
  /** A visitor sits at this person's desk, so that nobody else may act for them. */
  isUsed(person: string): boolean;
  /** In the name of `by`; what has moved since `version` stays as it is. */
  take(episode: Pick<OpenEpisode, 'id' | 'version'>, by: string): Promise<unknown>;
}

const LOOK_EVERY_MS = 1_000;
/** Milliseconds from the first look at it. */
const AFTER_MS = { P1: [12_000, 35_000], P2: [22_000, 60_000] } as const;
/** Chance that anybody takes it; help is answered by coming, and what is not here is left to the next level. */
const TAKEN: Readonly<Record<string, number>> = {
  'callback.overdue': 1,
  'callback.customer-first': 0.7,
  'cover.lost': 0.6,
  'hold.forgotten': 0.8,
  'hold.long': 0.75,
  'wait.long': 0.6,
};

/** Gives what ends it. `nearest`: who leads, is present and is nearest to a team. */
export function startTakers(parts: {
  readonly desk: LeadsDesk;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly nearest: (team: string | null) => string | null;
}): () => void {
  const { desk, clock, chance, nearest } = parts;
  /** When each is taken, by episode and severity: what gets worse may be taken after all. */
  let plans = new Map<string, number>();

  function look(): void {
    const now = clock.now();
    const kept = new Map<string, number>();
    for (const episode of desk.open()) {
      const { id, severity, rule, team, takenBy, visitors } = episode;
      const name = `${id} ${severity}`;
      const at = plans.get(name) ?? now + waitFor(rule, severity);
      kept.set(name, at);
      if (at > now || takenBy !== null || visitors.length > 0) continue;
      const by = nearest(team);
      if (by !== null) void desk.take(episode, by);
    }
    plans = kept;
  }

  /** What is only shown, nobody takes. */
  function waitFor(rule: string, severity: Severity): number {
    if (severity === 'P3') return Infinity;
    const [least, most] = AFTER_MS[severity];
    const ms = chance.between(least, most);
    return chance.happens(TAKEN[rule] ?? 0) ? ms : Infinity;
  }

  return clock.every(LOOK_EVERY_MS, look);
}
