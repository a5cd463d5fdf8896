// The first moments of a server: while it was away nobody was heard, so nothing is decided before those who fell silent have had time to speak.
import type { Clock } from '../clock.ts';
import type { Facts } from '../floor/rows.ts';

/** So long a source has for its first word (milliseconds). */
const WAITED_MS = 3_000;
/** And so long, after the last of them has begun to speak, to tell all that is true. */
const TELLING_MS = 1_000;

export class FirstWords {
  readonly #sources: Facts['sources'];
  readonly #clock: Pick<Clock, 'monotonic'>;
  #waiting: { readonly ids: readonly string[]; readonly since: number } | null = null;
  #spokenAt: number | null = null;
  #isOver = false;

  constructor(facts: Pick<Facts, 'sources'>, clock: Pick<Clock, 'monotonic'>) {
    this.#sources = facts.sources;
    this.#clock = clock;
  }

  /** True, for good, once what is known may be judged. Asked first when the floor has caught up with the log. */
  get areHeard(): boolean {
    this.#isOver ||= this.#areOver(this.#clock.monotonic());
    return this.#isOver;
  }

  #areOver(now: number): boolean {
    const silent = [...this.#sources.values()].filter(
      ({ state }) => state === 'stale' || state === 'lost',
    );
    this.#waiting ??= { ids: silent.map(({ id }) => id), since: now };
    const { ids, since } = this.#waiting;
    if (ids.length === 0 || now - since >= WAITED_MS) return true;
    if (silent.some(({ id }) => ids.includes(id))) return false;
    this.#spokenAt ??= now;
    return now - this.#spokenAt >= TELLING_MS;
  }
}
