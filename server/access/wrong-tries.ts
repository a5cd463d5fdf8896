// Who guesses is stopped: a few wrong tries from one address, then nothing is compared until the minute is over.

const WINDOW_MS = 60_000;
/** Addresses remembered at most; past this the oldest are forgotten. */
const ADDRESSES_MOST = 10_000;

export class WrongTries {
  readonly #most: number;
  readonly #byAddress = new Map<string, { readonly since: number; wrong: number }>();

  constructor(most: number) {
    this.#most = most;
  }

  /** `now` in milliseconds of a clock that does not go back. */
  isBlocked(address: string, now: number): boolean {
    const tries = this.#byAddress.get(address);
    return tries !== undefined && now - tries.since < WINDOW_MS && tries.wrong >= this.#most;
  }

  /** Milliseconds until the address may try again. */
  waitMs(address: string, now: number): number {
    const tries = this.#byAddress.get(address);
    return tries === undefined ? 0 : Math.max(0, tries.since + WINDOW_MS - now);
  }

  wrong(address: string, now: number): void {
    const tries = this.#byAddress.get(address);
    if (tries && now - tries.since < WINDOW_MS) {
      tries.wrong += 1;
      return;
    }
    this.#byAddress.delete(address);
    this.#byAddress.set(address, { since: now, wrong: 1 });
    if (this.#byAddress.size <= ADDRESSES_MOST) return;
    const oldest = this.#byAddress.keys().next();
    if (oldest.done !== true) this.#byAddress.delete(oldest.value);
  }
}
