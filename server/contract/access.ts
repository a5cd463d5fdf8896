// Who may come in and what they may do: roles, people with accounts, sessions, source tokens, paired screens, as HTTP says them.
import type { Audience, Language } from './lists.ts';

/** Each may what those before it may. `wall`: a paired screen, which reads one board. */
export const ACCESS_ROLES = ['wall', 'agent', 'lead', 'supervisor', 'installer'] as const;
export type AccessRole = (typeof ACCESS_ROLES)[number];

/** Roles that a person can have. */
export const PERSON_ROLES = ['agent', 'lead', 'supervisor', 'installer'] as const;
export type PersonRole = (typeof PERSON_ROLES)[number];

export function isAtLeast(role: AccessRole, least: AccessRole): boolean {
  return ACCESS_ROLES.indexOf(role) >= ACCESS_ROLES.indexOf(least);
}

/** A person with an account, as installers see them. */
export interface AccountSaid {
  /** On the floor they are the agent of this id, if there is one. */
  readonly id: string;
  readonly name: string;
  /** What they type to sign in: small letters. */
  readonly login: string;
  readonly role: PersonRole;
  /** Of a lead or an agent; supervisors and installers see all. */
  readonly teams: readonly string[];
  /** False: they were invited, and have no password yet; they may still come by the site's own sign-in (OIDC). */
  readonly hasPassword: boolean;
  readonly isDisabled: boolean;
  readonly madeAt: number;
  /** When they were here last, to five minutes; null: never. */
  readonly seenAt: number | null;
}

/** One browser in which somebody is signed in. */
export interface SessionOf {
  /** Names it; it is not what the cookie holds. */
  readonly id: string;
  readonly madeAt: number;
  readonly seenAt: number;
  readonly endsAt: number;
  /** The address from which it was made. */
  readonly from: string;
  /** The browser, as it calls itself. */
  readonly browser: string;
  /** The one that asks. */
  readonly isOwn: boolean;
}

/** A program that may tell events. */
export interface SourceTokenSaid {
  /** The name under which its events are told, and that of its stream, `in:SOURCE`. */
  readonly source: string;
  /** Types that it may send, such as `contact.*`. */
  readonly grant: readonly string[];
  readonly madeAt: number;
  readonly by: string;
  /** False: it may write its stream only; no token was made, or it was taken back. */
  readonly hasToken: boolean;
}

/** One line of who did what. */
export interface TrailLine {
  readonly at: number;
  /** An account, `token` for whoever has the site's, `server` for Pharos itself. */
  readonly by: string;
  /** The address from which it was done; null: by the server. */
  readonly from: string | null;
  readonly what: TrailWord;
  /** An account, a screen, a source, a board. */
  readonly about: string | null;
  readonly more: Readonly<Record<string, string>>;
}

export const TRAIL_WORDS = [
  'signed-in',
  'sign-in-failed',
  'signed-out',
  'session-ended',
  'person-made',
  'person-changed',
  'person-removed',
  'invited',
  'password-set',
  'token-made',
  'token-ended',
  'grant-changed',
  'screen-paired',
  'screen-changed',
  'screen-ended',
  'board-saved',
  'board-removed',
  'settings-changed',
  'help-link-made',
  'help-link-ended',
] as const;
export type TrailWord = (typeof TRAIL_WORDS)[number];

/** A television that was paired. */
export interface ScreenSaid {
  readonly id: string;
  readonly name: string;
  readonly board: string;
  /** Null: as the board says. */
  readonly inches: number | null;
  readonly seatMetres: number | null;
  readonly language: string | null;
  readonly pairedAt: number;
  readonly by: string;
  /** Its browser, and the address from which it asked to be paired. */
  readonly browser: string;
  readonly from: string;
  /** Its last word; null: it never came. */
  readonly seenAt: number | null;
  /** When it painted last; null: never, or it does not say. */
  readonly paintedAt: number | null;
  /** The build that it shows. */
  readonly build: string | null;
}

/** Characters that a password has. NIST SP 800-63B-4, 3.1.1.2: at least 15 where it is the only factor, and no rules of composition; ours gives way to 12, since tries are few. */
export const PASSWORD_LEAST = 12;
export const PASSWORD_MOST = 256;

/** What a supervisor may have a screen do. */
export const SCREEN_ORDERS = ['identify', 'reload'] as const;
export type ScreenOrder = (typeof SCREEN_ORDERS)[number];

/** A board that a screen can show. */
export interface ScreenBoard {
  readonly id: string;
  readonly name: string;
  readonly audience: Audience;
  readonly language: Language;
  readonly inches: number;
  readonly seatMetres: number;
}

export interface ScreensAnswer {
  readonly screens: readonly ScreenSaid[];
  readonly boards: readonly ScreenBoard[];
}

/** A television that asks to be paired, as whoever typed its code sees it. */
export interface PairingSaid {
  /** As it is shown. */
  readonly code: string;
  readonly from: string;
  readonly browser: string;
  /** Of its screen, in pixels; null: it does not say. */
  readonly width: number | null;
  readonly height: number | null;
  /** Milliseconds since it asked, and for which the code is good. */
  readonly ageMs: number;
  readonly forMs: number;
}

/** What a television is told that asks to be paired. */
export interface PairingBegun {
  /** As it is shown: `WDJB-MJHT`. */
  readonly code: string;
  /** By which it asks what became of it, in the header `Authorization: Pairing TICKET`. */
  readonly ticket: string;
  /** Milliseconds for which it is good. */
  readonly forMs: number;
  /** Where the code is typed, and the same with the code in it as a picture of a QR code. */
  readonly url: string;
  readonly svg: string;
}

export type PairingBecame =
  | { readonly state: 'open'; readonly forMs: number }
  /** The answer sets its cookie; `path` is its board's. */
  | { readonly state: 'paired'; readonly path: string };

/** Inches of a screen's diagonal and metres of a seat that are believed. */
export const INCHES = { least: 7, most: 200 } as const;
export const SEAT_METRES = { least: 0.3, most: 30 } as const;

/** Letters of any script, digits and `. _ - @ +`, in small letters. */
export function isLogin(login: string): boolean {
  return /^[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}._@+-]{1,120}$/u.test(login);
}

export function isName(name: string): boolean {
  return /^[^\p{C}\p{Zl}\p{Zp}]{1,120}$/u.test(name) && name.trim() !== '';
}
