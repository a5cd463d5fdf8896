// How fast one peer may speak: a bucket that fills by the second.

export class Pace {
  readonly #perSecond: number;
  #left: number;
  #at: number;

  constructor(perSecond: number, now: number) {
    this.#perSecond = perSecond;
    this.#left = perSecond;
    this.#at = now;
  }

  /** Takes one; false where none is left. `now` in milliseconds of a clock that does not go back. */
  take(now: number): boolean {
    const filled = this.#left + ((now - this.#at) / 1_000) * this.#perSecond;
    this.#left = Math.min(this.#perSecond, filled) - 1;
    this.#at = now;
    return this.#left >= 0;
  }
}
