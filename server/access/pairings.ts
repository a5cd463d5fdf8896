// Televisions that ask to be paired: a code for whoever stands before them, and a secret by which they hear what became of it.
import { newCode, readCode, shownCode } from './codes.ts';
import type { Kept } from './kept.ts';
import type { Pairing } from './records.ts';
import { derived, digestText, hashOf, newSecret } from './secret.ts';
import type { Random } from './secret.ts';

/** Milliseconds for which a code is good. */
export const PAIRING_MS = 10 * 60_000;
/** A television that was approved at the last moment comes for its cookie after that (milliseconds). */
const FETCHED_MS = 60_000;
/** So many may be open at a site, so that a stranger on the network fills nothing. */
export const PAIRINGS_MOST = 200;
/** Characters of what a browser calls itself. */
const BROWSER_MOST = 200;
/** What the secret is made into, so that a cookie cannot be had from the page's own memory alone. */
const COOKIE = 'cookie of a screen';

export interface PairingsOptions {
  readonly kept: Kept<Pairing>;
  readonly now: () => number;
  readonly random: Random;
}

export interface Begun {
  /** As it is shown. */
  readonly code: string;
  /** Told to the television alone, once. */
  readonly ticket: string;
  readonly endsAt: number;
}

/** An open pairing, and under what it is kept. */
export interface FoundPairing {
  readonly key: string;
  readonly pairing: Pairing;
}

export type Became =
  | { readonly kind: 'open'; readonly endsAt: number }
  /** `cookie`: what the screen is to show from now on. */
  | { readonly kind: 'paired'; readonly screen: string; readonly cookie: string }
  | { readonly kind: 'over' };

/** All of these reject where Redis fails. */
export class Pairings {
  readonly #options: PairingsOptions;

  constructor(options: PairingsOptions) {
    this.#options = options;
  }

  /** `full`: too many are open. */
  async begin(
    asked: Pick<Pairing, 'from' | 'width' | 'height'> & { readonly browser: string | undefined },
  ): Promise<Begun | 'full'> {
    const { kept, now, random } = this.#options;
    const { text, hash } = newSecret(random);
    const endsAt = now() + PAIRING_MS;
    const pairing: Pairing = {
      ...asked,
      ...{ hash, endsAt, screen: null, cookie: digestText(derived(text, COOKIE)) },
      browser: (asked.browser ?? '').slice(0, BROWSER_MOST),
    };
    let code = newCode(random);
    while (!(await kept.claim(digestText(code), pairing))) code = newCode(random);
    // Counted with this one among them, so that many at once are no more than that.
    if ((await this.#open()) > PAIRINGS_MOST) {
      await kept.drop(digestText(code));
      return 'full';
    }
    return { code: shownCode(code), ticket: `${code}.${text}`, endsAt };
  }

  /** Null: no code that is good, or it was used. */
  async find(typed: string): Promise<FoundPairing | null> {
    const code = readCode(typed);
    if (code === null) return null;
    const key = digestText(code);
    const pairing = await this.#options.kept.read(key);
    const isGood =
      pairing !== null && pairing.screen === null && pairing.endsAt > this.#options.now();
    return isGood ? { key, pairing } : null;
  }

  /** The code is that of this screen now, and of nobody any more. */
  async close({ key }: FoundPairing, screen: string): Promise<void> {
    await this.#options.kept.update(key, (pairing) => ({ ...pairing, screen }));
  }

  /** What became of the code that came with this ticket; asked again, it is answered the same. */
  async became(ticket: string): Promise<Became> {
    const { kept, now } = this.#options;
    const [code = '', secret = ''] = ticket.split('.');
    const hash = hashOf(secret);
    if (hash === null) return { kind: 'over' };
    const pairing = await kept.read(digestText(code));
    if (pairing?.hash !== hash) return { kind: 'over' };
    const { screen, endsAt } = pairing;
    if (screen === null)
      return endsAt <= now() ? { kind: 'over' } : { kind: 'open', endsAt: pairing.endsAt };
    return endsAt + FETCHED_MS <= now()
      ? { kind: 'over' }
      : { kind: 'paired', screen, cookie: derived(secret, COOKIE) };
  }

  /** How many are open; what is over takes no place. */
  async #open(): Promise<number> {
    const { kept, now } = this.#options;
    const at = now();
    let open = 0;
    for (const [key, { endsAt, screen }] of await kept.all()) {
      if (endsAt + FETCHED_MS <= at) await kept.drop(key);
      else if (endsAt > at && screen === null) open += 1;
    }
    return open;
  }
}
