// What is read by HTTP follows what changes: at once, then so often at most, and never twice at a time.
import type { Cancel, Clock } from '../live/clock.ts';

export class ReadAgain {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #everyMs: number;
  readonly #read: () => Promise<void>;
  #isReading = false;
  #isWanted = false;
  #resting: Cancel | null = null;

  /** `everyMs`: milliseconds from the end of a reading to the next. `read` never throws. */
  constructor(clock: Pick<Clock, 'after'>, everyMs: number, read: () => Promise<void>) {
    this.#clock = clock;
    this.#everyMs = everyMs;
    this.#read = read;
  }

  /** It may be another by now. */
  want(): void {
    if (this.#isReading || this.#resting !== null) this.#isWanted = true;
    else void this.now();
  }

  /** Somebody asked for it. */
  async now(): Promise<void> {
    if (this.#isReading) {
      this.#isWanted = true;
      return;
    }
    this.stop();
    this.#isReading = true;
    await this.#read();
    this.#isReading = false;
    this.#resting = this.#clock.after(this.#everyMs, () => {
      this.#resting = null;
      if (this.#isWanted) void this.now();
    });
  }

  /** Nothing more is wanted. */
  stop(): void {
    this.#isWanted = false;
    this.#resting?.();
    this.#resting = null;
  }
}
