// Seeded chance: one stream of numbers, and the distributions that a contact centre is made of.

/** Draws a span in milliseconds, or any other number. */
export type Draw = (chance: Chance) => number;

export class Chance {
  #a: number;
  #b: number;
  #c: number;
  #count = 1;

  constructor(seed: string) {
    const mix = hash(seed);
    this.#a = mix();
    this.#b = mix();
    this.#c = mix();
    for (let round = 0; round < 15; round += 1) this.unit();
  }

  /** In [0, 1). The generator is sfc32 of PractRand (C. Doty-Humphrey, public domain). */
  unit(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  }

  /** True with this probability. */
  happens(probability: number): boolean {
    return probability > 0 && this.unit() < probability;
  }

  between(least: number, most: number): number {
    return least + (most - least) * this.unit();
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.unit());
  }

  /** Mean 0, deviation 1 (Box and Muller 1958). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.unit()));
    return radius * Math.cos(2 * Math.PI * this.unit());
  }

  pick<T>(list: readonly T[]): T {
    const found = list[Math.floor(this.unit() * list.length)];
    if (found === undefined) throw new Error('invariant: picked from an empty list');
    return found;
  }
}

/** A draw that is always the same. */
export const always =
  (value: number): Draw =>
  () =>
    value;

export const exponential =
  (mean: number): Draw =>
  (chance) =>
    chance.exponential(mean);

export const between =
  (least: number, most: number): Draw =>
  (chance) =>
    chance.between(least, most);

/** Lognormal by its own mean and its coefficient of variation (handling times are: Brown et al. 2005). */
export function lognormal(mean: number, variation: number): Draw {
  const variance = Math.log(1 + variation * variation);
  const middle = Math.log(mean) - variance / 2;
  const deviation = Math.sqrt(variance);
  return (chance) => Math.exp(middle + deviation * chance.normal());
}

/** Spreads a text over 32-bit words (FNV-1a, then the finalizer of MurmurHash3). */
function hash(text: string): () => number {
  let state = 2_166_136_261;
  for (let at = 0; at < text.length; at += 1)
    state = Math.imul(state ^ text.charCodeAt(at), 16_777_619);
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let word = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
    return (word ^ (word >>> 16)) | 0;
  };
}
