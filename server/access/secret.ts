// Secrets are compared without telling how far they agree, and a session is a sealed note: it outlives a restart, not its token.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** A screen stays signed in so long after it was last seen signing in or loading a page. */
export const SESSION_MS = 90 * 24 * 3_600_000;

/** Without and with a person. */
const VERSIONS = ['v1', 'v2'] as const;

/** In time that depends on neither. */
export function isSame(given: string, secret: string): boolean {
  return timingSafeEqual(digest(given), digest(secret));
}

export interface SealOptions {
  readonly token: string;
  readonly now: number;
  /** Random, so that no two sessions are the same; it stays when a session is renewed. */
  readonly nonce: string;
  /** Who sits there, as they said themselves; null: nobody said. */
  readonly person?: string | null;
}

/** What a session says. */
export interface SessionNote {
  readonly endsAt: number;
  readonly nonce: string;
  readonly person: string | null;
}

/** The value of a session's cookie; the token cannot be read from it. */
export function sealSession({ token, now, nonce, person = null }: SealOptions): string {
  const ends = Math.floor(now + SESSION_MS);
  const body =
    person === null
      ? `${VERSIONS[0]}.${ends}.${nonce}`
      : `${VERSIONS[1]}.${ends}.${nonce}.${Buffer.from(person).toString('base64url')}`;
  return `${body}.${seal(token, body)}`;
}

/** The instant at which the session ends, or null where it is over, forged or sealed by another token. */
export function openSession(value: string, token: string, now: number): number | null {
  return readSession(value, token, now)?.endsAt ?? null;
}

/** All that a session says; null where it is over, forged or sealed by another token. */
export function readSession(value: string, token: string, now: number): SessionNote | null {
  const parts = value.split('.');
  const [version, ends, nonce = '', person] = parts;
  const hasPerson = version === VERSIONS[1];
  if (!hasPerson && version !== VERSIONS[0]) return null;
  if (parts.length !== (hasPerson ? 5 : 4)) return null;
  const endsAt = Number(ends);
  if (!isSame(parts.at(-1) ?? '', seal(token, parts.slice(0, -1).join('.')))) return null;
  if (!Number.isFinite(endsAt) || endsAt <= now) return null;
  const name = hasPerson ? Buffer.from(person ?? '', 'base64url').toString() : null;
  return { endsAt, nonce, person: name };
}

function seal(token: string, body: string): string {
  return createHmac('sha256', token).update(`pharos session\n${body}`).digest('base64url');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
