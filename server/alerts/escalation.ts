// Whom an untaken episode has come to: level 1 the leads on duty, 2 supervisors who are present, 3 the duty manager.
import { ESCALATION } from './timing.ts';

export interface Step {
  /** From 1. */
  readonly loop: number;
  readonly level: number;
}

/** Is there anybody to be told at this level? */
export type Reach = (level: number) => boolean;

const LEVELS = ESCALATION.afterMs.length;

/**
 * The step that is due `elapsedMs` after the first alarm; once all loops are through, the last one.
 * A level with nobody in it is passed over at once; the last one is taken as it is.
 */
export function stepAt(elapsedMs: number, reach: Reach): Step {
  const loop = Math.min(ESCALATION.loops, Math.floor(elapsedMs / ESCALATION.loopMs) + 1);
  const within = elapsedMs - (loop - 1) * ESCALATION.loopMs;
  const nominal = ESCALATION.afterMs.filter((after) => after <= within).length;
  for (let level = nominal; level < LEVELS; level++) if (reach(level)) return { loop, level };
  return { loop, level: LEVELS };
}

/** Milliseconds after the first alarm at which the next step after `elapsedMs` is due; null: there is none. */
export function nextStepMs(elapsedMs: number): number | null {
  for (let loop = 0; loop < ESCALATION.loops; loop++)
    for (const after of ESCALATION.afterMs) {
      const at = loop * ESCALATION.loopMs + after;
      if (at > elapsedMs) return at;
    }
  const end = ESCALATION.loops * ESCALATION.loopMs;
  return end > elapsedMs ? end : null;
}
