// The steps of a rule of time: which severity is reached at which instant.
import type { Severity } from '../../contract/lists.ts';
import { isWorse } from '../episode.ts';

export interface Step {
  readonly severity: Severity;
  /** Milliseconds. */
  readonly at: number;
}

/** Half of a limit is a warning, twice of it the worst. */
export function stepsOf(since: number, limitSeconds: number): readonly Step[] {
  const limitMs = limitSeconds * 1_000;
  return [
    { severity: 'P3', at: since + limitMs / 2 },
    { severity: 'P2', at: since + limitMs },
    { severity: 'P1', at: since + 2 * limitMs },
  ];
}

/** The worst step that is reached, by its first instant, and when the next comes. */
export function reached(
  steps: readonly Step[],
  now: number,
): { readonly worst: Step | null; readonly nextAt: number | null } {
  let worst: Step | null = null;
  let nextAt: number | null = null;
  for (const step of steps) {
    if (step.at > now) nextAt = Math.min(nextAt ?? Infinity, step.at);
    else if (worst === null || isWorse(step.severity, worst.severity)) worst = step;
    else if (step.severity === worst.severity && step.at < worst.at) worst = step;
  }
  return { worst, nextAt };
}
