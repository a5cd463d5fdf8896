// The guard at each door: what a caller shows, whether it is let in, and how guessing is slowed down.
import type { IncomingMessage } from 'node:http';
import { allow } from '../access/allow.ts';
import type { Access, Credential } from '../access/allow.ts';
import { isSame, openSession, readSession, sealSession } from '../access/secret.ts';
import type { SessionNote } from '../access/secret.ts';
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
  /** What sessions are sealed with; where the site has no token, of this run only. */
  readonly #sealing: string;

  constructor(options: GuardOptions) {
    this.#options = options;
    this.#sealing = options.token ?? options.random(32).toString('base64url');
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
    const { token } = this.#options;
    return token === null ? null : this.#seal(token, { nonce: this.#nonce(), person: null });
  }

  /** A younger session for a caller whose own is good; null for everybody else. */
  renewedSession(caller: Caller): string | null {
    const note = this.session(caller);
    return note === null ? null : this.#seal(this.#sealing, note);
  }

  /** What the caller's session says of itself; null: there is none that is good. At the demo it opens no door, and says who one is. */
  session(caller: Caller): SessionNote | null {
    const session = this.#sessionOf(caller);
    return session === null ? null : readSession(session, this.#sealing, this.#options.now());
  }

  /** It shows a token, as programs do; any other header of that name would let a session speak in others' names. */
  isProgram(caller: Caller): boolean {
    return bearerOf(caller) !== null;
  }

  /** A session of the same browser in which this person sits. */
  sessionFor(
    caller: Caller,
    person: string | null,
  ): { readonly note: SessionNote; readonly session: string } {
    const nonce = this.session(caller)?.nonce ?? this.#nonce();
    const now = this.#options.now();
    const session = sealSession({ token: this.#sealing, now, nonce, person });
    const note = readSession(session, this.#sealing, now);
    if (note === null) throw new Error('invariant: what was sealed now can be read now');
    return { note, session };
  }

  #seal(token: string, { nonce, person }: Pick<SessionNote, 'nonce' | 'person'>): string {
    return sealSession({ token, now: this.#options.now(), nonce, person });
  }

  #nonce(): string {
    return this.#options.random(16).toString('base64url');
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
