// One agent's request for help as their phone knows it: what Pharos said last, what was pressed and not yet answered, and whether the link is cut.
import type { HelpAnswer, HelpRequest } from '../../server/contract/help.ts';
import type { Cancel, Clock } from '../live/clock.ts';
import { inTime } from '../live/in-time.ts';

/** How often it is asked how things stand (milliseconds): while somebody is waited for, and while nobody is. */
const LOOK_MS = { open: 2_000, calm: 5_000 } as const;
/** One try may take so long (milliseconds). */
const PATIENCE_MS = 5_000;
/** What the server answered may not be in what another one says so soon (milliseconds). */
const ROUND_MS = 3_000;

/** What the page shows. */
export type HelpState =
  | { readonly kind: 'looking' }
  /** The link is nobody's any more. */
  | { readonly kind: 'ended' }
  | { readonly kind: 'calm' }
  /** Pressed; Pharos has not said yet that it knows. */
  | { readonly kind: 'asking' }
  /** Pharos has it. `forMs`: since it was asked, as of now. */
  | {
      readonly kind: 'asked';
      readonly coming: string | null;
      readonly forMs: number;
      /** For how long somebody has been on the way; null: nobody is, or nobody knows. */
      readonly comingForMs: number | null;
    }
  | { readonly kind: 'ending' };

export interface HelpView {
  readonly state: HelpState;
  /** The agent's own name; empty until it is known. */
  readonly name: string;
  /** Pharos cannot be reached, or cannot reach its log. */
  readonly isCut: boolean;
}

/** One call to Pharos: its status and body; rejects where there was no answer. Once the signal says so it must not arrive any more. */
export type Call = (
  method: 'GET' | 'POST' | 'DELETE',
  body: Readonly<Record<string, string>> | null,
  signal: AbortSignal,
) => Promise<{ readonly status: number; readonly body: unknown }>;

export interface AskingOptions {
  readonly call: Call;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly onChange: () => void;
}

type Wish =
  | { readonly kind: 'ask'; readonly about: string | null; readonly once: string }
  | { readonly kind: 'end' };

export class Asking {
  readonly #options: AskingOptions;
  #known: { readonly answer: HelpAnswer; readonly at: number } | null = null;
  /** Pressed and not yet answered: it is said again until it is. */
  #wish: Wish | null = null;
  /** Pharos said that it has it, or that it is over; what it shows may be a moment older. */
  #settled: { readonly isOpen: boolean; readonly at: number } | null = null;
  #isCut = false;
  #isEnded = false;
  #isBusy = false;
  #next: Cancel | null = null;

  constructor(options: AskingOptions) {
    this.#options = options;
    void this.#turn();
  }

  get view(): HelpView {
    return { state: this.#state(), name: this.#known?.answer.name ?? '', isCut: this.#isCut };
  }

  ask(about: string | null): void {
    // Said again after a cut it is still one request.
    const once = `${this.#random()}${this.#random()}`;
    this.#press({ kind: 'ask', about, once });
  }

  end(): void {
    this.#press({ kind: 'end' });
  }

  /** The page is looked at again: there is no time to lose. */
  look(): void {
    void this.#turn();
  }

  #press(wish: Wish): void {
    if (this.#wish?.kind === wish.kind || this.#isEnded) return;
    this.#wish = wish;
    this.#options.onChange();
    void this.#turn();
  }

  #state(): HelpState {
    if (this.#isEnded) return { kind: 'ended' };
    if (this.#wish !== null) return { kind: this.#wish.kind === 'ask' ? 'asking' : 'ending' };
    if (this.#known === null) return { kind: 'looking' };
    const { answer, at } = this.#known;
    const { request } = answer;
    if (this.#settled !== null && (request !== null) !== this.#settled.isOpen)
      return this.#settled.isOpen
        ? { kind: 'asked', coming: null, forMs: 0, comingForMs: null }
        : { kind: 'calm' };
    return request === null ? { kind: 'calm' } : this.#asked(request, answer.now, at);
  }

  #asked(request: HelpRequest, then: number, at: number): HelpState {
    const { requestedAt, coming, comingSince } = request;
    const now = then + this.#options.clock.monotonic() - at;
    const since = (instant: number): number => Math.max(0, now - instant);
    const comingForMs = comingSince === null ? null : since(comingSince);
    return { kind: 'asked', coming, forMs: since(requestedAt), comingForMs };
  }

  async #turn(): Promise<void> {
    if (this.#isBusy || this.#isEnded) return;
    this.#isBusy = true;
    this.#next?.();
    const wish = this.#wish;
    const isDone = wish === null ? await this.#look() : await this.#say(wish);
    this.#isCut = !isDone;
    this.#isBusy = false;
    this.#options.onChange();
    // What was pressed meanwhile does not wait, nor does the first look after an answer.
    const isDue = isDone && (wish !== null || this.#wish !== null);
    const { clock, random } = this.#options;
    const pause = this.#state().kind === 'calm' ? LOOK_MS.calm : LOOK_MS.open;
    this.#next = clock.after(isDue ? 0 : pause * (0.75 + random() / 2), () => void this.#turn());
  }

  async #look(): Promise<boolean> {
    const got = await this.#call('GET', null);
    if (got === null) return false;
    const at = this.#options.clock.monotonic();
    const answer = got.body as HelpAnswer;
    this.#known = { answer, at };
    if (this.#settled !== null && at - this.#settled.at > ROUND_MS) this.#settled = null;
    return answer.isLive;
  }

  async #say(wish: Wish): Promise<boolean> {
    const got =
      wish.kind === 'end'
        ? await this.#call('DELETE', null)
        : await this.#call('POST', {
            once: wish.once,
            ...(wish.about === null ? {} : { about: wish.about }),
          });
    if (got === null) return false;
    if (this.#wish === wish) this.#wish = null;
    this.#settled = { isOpen: wish.kind === 'ask', at: this.#options.clock.monotonic() };
    return true;
  }

  /** Null: it was not done, and is to be tried again. */
  async #call(
    method: 'GET' | 'POST' | 'DELETE',
    body: Readonly<Record<string, string>> | null,
  ): Promise<{ readonly body: unknown } | null> {
    const { call, clock } = this.#options;
    // Else a press that hung on its way could arrive after it was taken back.
    const got = await inTime({ clock, ms: PATIENCE_MS }, (signal) =>
      call(method, body, signal).catch(() => null),
    );
    if (got?.status === 401) this.#isEnded = true;
    return got !== null && got.status >= 200 && got.status < 300 ? got : null;
  }

  #random(): string {
    return Math.floor(this.#options.random() * 2 ** 48).toString(36);
  }
}
