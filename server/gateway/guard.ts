// The guard at each door: who a caller is by what they show, asked of Redis each time; while Redis is away, who they were a moment ago.
import type { IncomingMessage } from 'node:http';
import type { Accounts } from '../access/accounts.ts';
import { hangsOn } from '../access/identity.ts';
import type { Identity } from '../access/identity.ts';
import type { Screens } from '../access/screens.ts';
import { digestText, isSame } from '../access/secret.ts';
import type { Held, Sessions } from '../access/sessions.ts';
import type { SourceTokens } from '../access/sources.ts';
import type { Clock } from '../clock.ts';
import { LogTrouble } from '../log/log.ts';
import type { Throttle } from '../log/throttle.ts';
import type { Doorman } from './doorman.ts';

export const SESSION_COOKIE = 'pharos_session';
export const SCREEN_COOKIE = 'pharos_screen';
/** Characters of a cookie header that are looked at. */
const COOKIES_MOST = 8_192;
/** While Redis is away, who was known within this time is known still (milliseconds). */
const RECALLED_MS = 15 * 60_000;
const RECALLED_MOST = 10_000;

export interface GuardOptions {
  readonly doorman: Doorman;
  readonly token: string | null;
  readonly isDemo: boolean;
  readonly clock: Clock;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly sources: SourceTokens;
  readonly screens: Screens;
  readonly throttle: Throttle;
  readonly parseCookies: (header: string) => Readonly<Record<string, string | undefined>>;
}

export type Known =
  | { readonly kind: 'known'; readonly identity: Identity }
  | {
      readonly kind: 'refused';
      readonly reason: 'sign-in-needed' | 'wrong-token' | 'no-session' | 'no-screen';
    }
  /** Too many wrong tokens; nothing was compared. */
  | { readonly kind: 'blocked'; readonly waitMs: number }
  /** Nobody can say who that is just now. */
  | { readonly kind: 'away' };

export type Caller = Pick<IncomingMessage, 'headers' | 'socket'>;

const NO_SESSION: Known = { kind: 'refused', reason: 'no-session' };

export class Guard {
  readonly #options: GuardOptions;
  /** Addresses that guessed, and until when (milliseconds of a clock that does not go back). */
  readonly #blocked = new Map<string, number>();
  /** By what they showed. */
  readonly #recalled = new Map<string, { readonly identity: Identity; readonly at: number }>();

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  /** By `Authorization: Bearer` or a cookie; `token` is what a socket says besides. */
  async know(caller: Caller, token?: string): Promise<Known> {
    // An empty text is nothing shown, not a guess.
    const shown = token || bearerOf(caller);
    if (shown !== null) return this.byToken(shown, caller);
    const cookies = this.#cookiesOf(caller);
    const session = cookies[SESSION_COOKIE];
    const screen = cookies[SCREEN_COOKIE];
    const isDemo = this.#isDemo(caller);
    for (const [text, ask] of [
      [session, () => this.#bySession(session ?? '', isDemo)],
      [screen, () => this.#byScreen(screen ?? '')],
    ] as const) {
      if (text === undefined) continue;
      const known = await this.#recalling(text, ask);
      if (known.kind !== 'refused') return known;
    }
    // A television that was revoked is no desk, at the demo neither.
    if (screen !== undefined) return { kind: 'refused', reason: 'no-screen' };
    if (isDemo) return { kind: 'known', identity: { kind: 'demo', session: null } };
    return session === undefined ? { kind: 'refused', reason: 'sign-in-needed' } : NO_SESSION;
  }

  /** Who that is by now; null: nobody any more. `away`: it cannot be said. */
  async again(identity: Identity): Promise<Identity | null | 'away'> {
    try {
      switch (identity.kind) {
        case 'program':
        case 'source':
          return identity;
        case 'screen': {
          const screen = await this.#options.screens.byId(identity.id);
          return screen === null ? null : { kind: 'screen', id: identity.id, screen };
        }
        case 'demo':
        case 'keeper':
        case 'person': {
          if (identity.session === null) return identity;
          const held = await this.#options.sessions.held(identity.session.hash);
          return held === null ? null : await this.#ofSession(held, identity.kind === 'demo');
        }
        default:
          return identity satisfies never;
      }
    } catch (error) {
      if (error instanceof LogTrouble) return 'away';
      throw error;
    }
  }

  /** Somebody changed who a person, a session or a screen is; what was recalled of it is forgotten. */
  changed(what: string, of: string): void {
    for (const [text, { identity }] of this.#recalled)
      if (hangsOn(identity, what, of)) this.#recalled.delete(text);
  }

  /** Whose token that is; whoever guesses is stopped. */
  async byToken(shown: string, caller: Caller): Promise<Known> {
    const { doorman, token, sources, throttle, clock } = this.#options;
    // A program at the demo has guessed at nothing.
    if (this.#isDemo(caller)) return { kind: 'known', identity: { kind: 'program' } };
    const address = doorman.addressOf(caller);
    const waitMs = (this.#blocked.get(address) ?? 0) - clock.monotonic();
    if (waitMs > 0) return { kind: 'blocked', waitMs };
    if (token !== null && isSame(shown, token))
      return { kind: 'known', identity: { kind: 'program' } };
    const known = await this.#recalling(shown, async () => {
      const source = await sources.read(shown);
      return source === null
        ? { kind: 'refused', reason: 'wrong-token' }
        : { kind: 'known', identity: { kind: 'source', ...source } };
    });
    if (known.kind === 'refused') this.#block(address, await throttle.spend('token', address));
    return known;
  }

  #isDemo(caller: Caller): boolean {
    return this.#options.isDemo && this.#options.doorman.isLocal(caller);
  }

  #block(address: string, waitMs: number): void {
    if (waitMs <= 0) return;
    if (this.#blocked.size >= RECALLED_MOST) this.#blocked.clear();
    this.#blocked.set(address, this.#options.clock.monotonic() + waitMs);
  }

  /** What a session by the site's token bears; null: the site has none. */
  tokenStamp(): string | null {
    const { token } = this.#options;
    return token === null ? null : digestText(token);
  }

  async #bySession(text: string, isDemo: boolean): Promise<Known> {
    const held = await this.#options.sessions.read(text);
    const identity = held === null ? null : await this.#ofSession(held, isDemo);
    return identity === null ? NO_SESSION : { kind: 'known', identity };
  }

  async #ofSession(session: Held, isDemo: boolean): Promise<Identity | null> {
    const { person, by, stamp } = session.record;
    if (person !== null) {
      const account = await this.#options.accounts.read(person);
      const isGood = account !== null && !account.isDisabled && account.stamp === stamp;
      return isGood ? { kind: 'person', session, account } : null;
    }
    if (by === 'demo') return isDemo ? { kind: 'demo', session } : null;
    // A session by the site's token ends when the site has another, or none.
    return this.tokenStamp() === stamp ? { kind: 'keeper', session } : null;
  }

  async #byScreen(text: string): Promise<Known> {
    const found = await this.#options.screens.read(text);
    return found === null ? NO_SESSION : { kind: 'known', identity: { kind: 'screen', ...found } };
  }

  async #recalling(text: string, ask: () => Promise<Known>): Promise<Known> {
    const now = this.#options.clock.monotonic();
    try {
      const known = await ask();
      this.#recalled.delete(text);
      if (known.kind === 'known') {
        const oldest = this.#recalled.keys().next();
        if (this.#recalled.size >= RECALLED_MOST && oldest.done !== true)
          this.#recalled.delete(oldest.value);
        this.#recalled.set(text, { identity: known.identity, at: now });
      }
      return known;
    } catch (error) {
      if (!(error instanceof LogTrouble)) throw error;
      const recalled = this.#recalled.get(text);
      return recalled !== undefined && now - recalled.at < RECALLED_MS
        ? { kind: 'known', identity: recalled.identity }
        : { kind: 'away' };
    }
  }

  #cookiesOf({ headers: { cookie } }: Caller): Readonly<Record<string, string | undefined>> {
    if (cookie === undefined || cookie.length > COOKIES_MOST) return {};
    return this.#options.parseCookies(cookie);
  }
}

function bearerOf({ headers }: Caller): string | null {
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1] ?? null;
}
