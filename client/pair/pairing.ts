// One television that asks to be paired: its code, how long that is good, and what became of it. A new code comes by itself.
import type { PairingBecame, PairingBegun } from '../../server/contract/access.ts';
import type { Cancel, Clock } from '../live/clock.ts';
import { inTime } from '../live/in-time.ts';

/** How often it is asked what became of the code, and the longest that is waited for an answer (milliseconds). */
const ASK_MS = 2_000;
const PATIENCE_MS = 5_000;
/** Milliseconds until the next try for a code, at the least: an address gets ten a minute. */
const AGAIN_MS = 10_000;

/** What the page shows. */
export type PairingState =
  | { readonly kind: 'asking' }
  /** `forMs`: how long the code is good, as of now. */
  | {
      readonly kind: 'shown';
      readonly code: string;
      readonly url: string;
      readonly svg: string;
      readonly forMs: number;
    }
  /** No code can be had just now. */
  | { readonly kind: 'waiting'; readonly why: 'away' | 'often' }
  /** Approved; the page is about to go to its board. */
  | { readonly kind: 'paired'; readonly path: string };

export interface PairingView {
  readonly state: PairingState;
  /** The server does not answer. */
  readonly isCut: boolean;
}

export interface Answered {
  readonly status: number;
  readonly body: unknown;
  /** Seconds of `retry-after`; null: it does not say. */
  readonly retryAfter: number | null;
}

/** Asks for a code, or by its ticket what became of one; rejects where nothing came back. */
export type AskPairing = (ticket: string | null, signal: AbortSignal) => Promise<Answered>;

export interface PairingOptions {
  readonly ask: AskPairing;
  readonly clock: Clock;
  readonly onChange: () => void;
}

export class TelevisionPairing {
  readonly #options: PairingOptions;
  #state: PairingState = { kind: 'asking' };
  #begun: { readonly said: PairingBegun; readonly endsAt: number } | null = null;
  #isCut = false;
  #next: Cancel | null = null;

  constructor(options: PairingOptions) {
    this.#options = options;
    void this.#begin();
  }

  get view(): PairingView {
    return { state: this.#shown(), isCut: this.#isCut };
  }

  #shown(): PairingState {
    if (this.#begun === null || this.#state.kind === 'paired') return this.#state;
    const { said, endsAt } = this.#begun;
    const forMs = endsAt - this.#options.clock.monotonic();
    // A code that is over by our own clock is shown to nobody, whether the server can be asked or not.
    if (forMs <= 0) return { kind: 'asking' };
    const { code, url, svg } = said;
    return { kind: 'shown', code, url, svg, forMs };
  }

  async #begin(): Promise<void> {
    this.#begun = null;
    const got = await this.#ask(null);
    if (got?.status === 201) {
      const said = got.body as PairingBegun;
      this.#begun = { said, endsAt: this.#options.clock.monotonic() + said.forMs };
      this.#then(ASK_MS, () => this.#look(said.ticket));
      return;
    }
    this.#state =
      got === null
        ? { kind: 'asking' }
        : { kind: 'waiting', why: got.status === 429 ? 'often' : 'away' };
    const ms = Math.max(AGAIN_MS, (got?.retryAfter ?? 0) * 1_000);
    this.#then(ms, () => this.#begin());
  }

  async #look(ticket: string): Promise<void> {
    const got = await this.#ask(ticket);
    if (got?.status === 404) {
      await this.#begin();
      return;
    }
    const said = got?.status === 200 ? (got.body as PairingBecame) : null;
    if (said?.state === 'paired') {
      this.#state = { kind: 'paired', path: said.path };
      this.#options.onChange();
      return;
    }
    this.#then(ASK_MS, () => this.#look(ticket));
  }

  /** Null: nothing came back. */
  async #ask(ticket: string | null): Promise<Answered | null> {
    const { ask, clock } = this.#options;
    const got = await inTime({ clock, ms: PATIENCE_MS }, (signal) =>
      ask(ticket, signal).catch(() => null),
    );
    this.#isCut = got === null || (ticket !== null && got.status >= 500);
    return got;
  }

  #then(ms: number, run: () => Promise<void>): void {
    this.#options.onChange();
    this.#next?.();
    this.#next = this.#options.clock.after(ms, () => void run());
  }
}
