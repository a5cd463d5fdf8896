// Waiting for what somebody else does: whoever waits looks again at each turn, until it is so or it has been too long.

/** Runs something after so many milliseconds, unless it is cancelled. */
type After = (ms: number, run: () => void) => () => void;

export class Looking {
  readonly #after: After;
  readonly #forMs: number;
  readonly #waiting = new Set<() => void>();

  /** `forMs`: so long anybody waits, in milliseconds. */
  constructor(after: After, forMs: number) {
    this.#after = after;
    this.#forMs = forMs;
  }

  /** Something may be so now. */
  turned(): void {
    for (const look of [...this.#waiting]) look();
  }

  /** True once it is so, false if it is not in time. */
  until(isSo: () => boolean): Promise<boolean> {
    if (isSo()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const end = (is: boolean): void => {
        cancel();
        this.#waiting.delete(look);
        resolve(is);
      };
      const look = (): void => {
        if (isSo()) end(true);
      };
      const cancel = this.#after(this.#forMs, () => end(false));
      this.#waiting.add(look);
    });
  }
}
