// An episode: one stretch during which one condition holds for one subject, and who has taken it.
import type { EpisodeState, Severity } from '../contract/lists.ts';
import type { EpisodeSaid } from '../events/episode.ts';

export interface Episode extends EpisodeSaid {
  /** Fixed at birth: made of site, rule, subject and the beginning of the condition as known then. */
  readonly id: string;
  readonly state: EpisodeState;
}

export function isOpen({ state }: Pick<Episode, 'state'>): boolean {
  return state !== 'resolved';
}

/** P3 is shown, and told to nobody. */
export function isPushed(severity: Severity): boolean {
  return severity !== 'P3';
}

export function isWorse(a: Severity, b: Severity): boolean {
  return RANK[a] < RANK[b];
}

const RANK: Readonly<Record<Severity, number>> = { P1: 1, P2: 2, P3: 3 };
