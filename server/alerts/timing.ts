// How long things take in the life of an episode, in milliseconds, and where each figure comes from.

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** A rule of time proposes so much after its limit, so that events in flight are seen first. */
export const IN_FLIGHT_MS = 250;
/** A contact of which nothing was known until so long after its limit is told of late, and must stand for a while to be believed. */
export const LATE_MS = 1_000;
export const SETTLING_MS = 500;
/** What is taken alarms again after so long, if the condition still holds. */
export const TAKEN_MS = 15 * MINUTE;
/** Longest time for which something can be put off. */
export const SNOOZE_MOST_MS = 4 * 60 * MINUTE;
/** A condition that comes back so soon after its end continues the same episode. */
export const AGAIN_MS = 30 * SECOND;
/** Three activations in this time, or four episodes in the next, are a flapping input. */
export const FLAPS = { activations: 3, withinMs: MINUTE } as const;
export const FLAPPING_EPISODES = { episodes: 4, withinMs: 15 * MINUTE } as const;
/** What flaps is kept firing so long after it became false, until it was quiet for the second time. */
export const UNSTABLE = { keepFiringMs: 10 * MINUTE, quietMs: 30 * MINUTE } as const;
/** When each level is told, from the first alarm on; then all over again, so many times. */
export const ESCALATION = {
  afterMs: [0, 3 * MINUTE, 7 * MINUTE],
  loopMs: 10 * MINUTE,
  loops: 2,
} as const;
