// The guard at each door: what a caller shows, whether it is let in, and how guessing is slowed down.
import type { IncomingMessage } from 'node:http';
import { allow } from '../access/allow.ts';
import type { Access, Credential } from '../access/allow.ts';
import { isSame, openSession, sealSession } from '../access/secret.ts';
import { WrongTries } from '../access/wrong-tries.ts';
import type { Clock } from '../clock.ts';
import type { Doorman } from './doorman.ts';

export const SESSION_COOKIE = 'pharos_session';
/** Characters of a cookie header that are looked at. */
const COOKIES_MOST = 8_192;

export interface GuardOptions {
  readonly doorman: Doorman;
  readonly token: string | null;
  readonly isDemo: boolean;
  readonly clock: Clock;
  readonly now: () => number;
  readonly random: (bytes: number) => Buffer;
  readonly parseCookies: (header: string) => Readonly<Record<string, string | undefined>>;
  readonly wrongTriesPerMinute: number;
}

export type Judged =
  | Access
  /** Too many wrong tokens; nothing was compared. */
  | { readonly kind: 'blocked'; readonly waitMs: number };

type Caller = Pick<IncomingMessage, 'headers' | 'socket'>;

export class Guard {
  readonly #options: GuardOptions;
  readonly #tries: WrongTries;

  constructor(options: GuardOptions) {
    this.#options = options;
    this.#tries = new WrongTries(options.wrongTriesPerMinute);
  }

  /** By `Authorization: Bearer` or the session's cookie; `token` is what a socket or a form says besides. */
  judge(caller: Caller, token?: string): Judged {
    const { doorman, isDemo, clock } = this.#options;
    // An empty text is nothing shown, not a guess.
    const shown = token || bearerOf(caller);
    const address = doorman.addressOf(caller);
    const now = clock.monotonic();
    if (shown !== null && this.#tries.isBlocked(address, now))
      return { kind: 'blocked', waitMs: this.#tries.waitMs(address, now) };
    const credential = this.#credential(caller, shown);
    const access = allow({
      isLocal: doorman.isLocal(caller),
      isDemo,
      hasToken: this.#options.token !== null,
      credential,
    });
    // Who is let in all the same, as at the demo, has guessed at nothing.
    if (credential.kind === 'token' && access.kind === 'refused') this.#tries.wrong(address, now);
    return access;
  }

  /** The value of a new session's cookie; null where the site has no token to seal it with. */
  newSession(): string | null {
    const { token, now, random } = this.#options;
    if (token === null) return null;
    return sealSession({ token, now: now(), nonce: random(16).toString('base64url') });
  }

  /** A younger session for a caller whose own is good; null for everybody else. */
  renewedSession(caller: Caller): string | null {
    const { token, now } = this.#options;
    const session = this.#sessionOf(caller);
    if (token === null || session === null) return null;
    return openSession(session, token, now()) === null ? null : this.newSession();
  }

  #credential(caller: Caller, shown: string | null): Credential {
    const { token, now } = this.#options;
    if (shown !== null) return { kind: 'token', isRight: token !== null && isSame(shown, token) };
    const session = this.#sessionOf(caller);
    if (session === null) return { kind: 'none' };
    return {
      kind: 'session',
      isRight: token !== null && openSession(session, token, now()) !== null,
    };
  }

  #sessionOf({ headers: { cookie } }: Caller): string | null {
    if (cookie === undefined || cookie.length > COOKIES_MOST) return null;
    return this.#options.parseCookies(cookie)[SESSION_COOKIE] ?? null;
  }
}

function bearerOf({ headers }: Caller): string | null {
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1] ?? null;
}
