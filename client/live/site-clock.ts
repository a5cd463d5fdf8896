// The site's time on a machine whose own time of day may be wrong: the server's `now` against a clock that never jumps.

/** How many of the last words of the server are weighed. */
const KEPT = 8;
/** Milliseconds by which so many words in a row must be late before the site's clock itself is taken to have gone back. */
const STEP_MS = 1_500;
const STEP_WORDS = 3;

export class SiteClock {
  #offsets: number[] = [];

  /** The server said `siteNow` when the browser's clock stood at `monotonic`; both in milliseconds. */
  heard(siteNow: number, monotonic: number): void {
    this.#offsets.push(siteNow - monotonic);
    if (this.#offsets.length > KEPT) this.#offsets.shift();
    const last = this.#offsets.slice(-STEP_WORDS);
    const best = Math.max(...this.#offsets);
    if (last.length === STEP_WORDS && last.every((offset) => best - offset > STEP_MS))
      this.#offsets = last;
  }

  /** The site's time, or null before the server has said anything. */
  at(monotonic: number): number | null {
    // A word on its way only ever makes the offset smaller, so the largest came quickest and is nearest the truth.
    return this.#offsets.length === 0 ? null : monotonic + Math.max(...this.#offsets);
  }
}
