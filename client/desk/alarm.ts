// The sound of an untaken P1: at once, then each 15 seconds until somebody takes it.
import type { Cancel, Clock } from '../live/clock.ts';

export const RING_EVERY_MS = 15_000;

export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #next: Cancel | null = null;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** To be told whenever it may have changed; being told the same again changes nothing. */
  set(isWanted: boolean): void {
    if (isWanted === (this.#next !== null)) return;
    this.#next?.();
    this.#next = null;
    if (!isWanted) return;
    this.#ring();
    this.#next = this.#clock.every(RING_EVERY_MS, this.#ring);
  }
}
