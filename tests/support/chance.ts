// Chance from a seed, so that a story can be told again: the seed is printed by who makes it.

export interface Chance {
  readonly seed: number;
  /** In [0, 1). */
  next(): number;
  /** An integer from 0 to `below` - 1. */
  below(below: number): number;
  /** One of them. */
  of<T>(choices: readonly T[]): T;
}

/** Mulberry32, by Tommy Ettinger; public domain. */
export function createChance(seed: number): Chance {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    seed,
    next,
    below,
    of<T>(choices: readonly T[]): T {
      const chosen = choices[below(choices.length)];
      if (chosen === undefined) throw new Error('invariant: nothing to choose from');
      return chosen;
    },
  };
}

/** `SEED` of the environment, or one of today's. */
export function seedFor(story: string): number {
  const given = Number(process.env.SEED ?? Number.NaN);
  const seed = Number.isInteger(given) ? given : Date.now() % 1_000_000_007;
  console.info(`${story}: SEED=${seed}`);
  return seed;
}
