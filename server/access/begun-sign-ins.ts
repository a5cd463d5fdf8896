// Sign-ins that went to the company's own provider and are not back: kept for ten minutes, for the one browser that began each, and good once.
import type { Kept } from './kept.ts';
import type { BegunSignIn } from './records.ts';
import { hashOf, isSame, newSecret } from './secret.ts';
import type { Random } from './secret.ts';

/** Milliseconds in which one has to be back. */
export const BEGUN_MS = 10 * 60_000;
/** What is over is looked for at most so often (milliseconds). */
const FORGOTTEN_MS = 60_000;

export interface BegunSignInsOptions {
  readonly kept: Kept<BegunSignIn>;
  readonly now: () => number;
  readonly random: Random;
}

/** All of these reject where Redis fails. */
export class BegunSignIns {
  readonly #options: BegunSignInsOptions;
  #forgottenAt = 0;

  constructor(options: BegunSignInsOptions) {
    this.#options = options;
  }

  /** What the browser's cookie is to hold, told this once. */
  async keep(begun: Omit<BegunSignIn, 'endsAt'>): Promise<string> {
    const { kept, now, random } = this.#options;
    await this.#forget();
    const { text, hash } = newSecret(random);
    await kept.put(hash, { ...begun, endsAt: now() + BEGUN_MS });
    return text;
  }

  /**
   * Of the browser with that cookie, if it comes back from this very sign-in; null: none, it is over, or it came back before.
   * One that is another browser's is left, since who brings its state only need not be its owner.
   */
  async take(text: string, state: string): Promise<BegunSignIn | null> {
    const { kept, now } = this.#options;
    const hash = hashOf(text);
    const begun = hash === null ? null : await kept.read(hash);
    if (hash === null || begun === null || !isSame(state, begun.state)) return null;
    const isMine = await kept.drop(hash);
    return isMine && begun.endsAt > now() ? begun : null;
  }

  /** What never came back takes no place. */
  async #forget(): Promise<void> {
    const { kept, now } = this.#options;
    const at = now();
    if (at - this.#forgottenAt < FORGOTTEN_MS) return;
    this.#forgottenAt = at;
    for (const [hash, { endsAt }] of await kept.all()) if (endsAt <= at) await kept.drop(hash);
  }
}
