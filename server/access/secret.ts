// Secrets are compared without telling how far they agree, and a session is a sealed note: it outlives a restart, not its token.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** A screen stays signed in so long after it was last seen signing in or loading a page. */
export const SESSION_MS = 90 * 24 * 3_600_000;

const VERSION = 'v1';

/** In time that depends on neither. */
export function isSame(given: string, secret: string): boolean {
  return timingSafeEqual(digest(given), digest(secret));
}

export interface SealOptions {
  readonly token: string;
  readonly now: number;
  /** Random, so that no two sessions are the same. */
  readonly nonce: string;
}

/** The value of a session's cookie; the token cannot be read from it. */
export function sealSession({ token, now, nonce }: SealOptions): string {
  const body = `${VERSION}.${Math.floor(now + SESSION_MS)}.${nonce}`;
  return `${body}.${seal(token, body)}`;
}

/** The instant at which the session ends, or null where it is over, forged or sealed by another token. */
export function openSession(value: string, token: string, now: number): number | null {
  const parts = value.split('.');
  if (parts.length !== 4 || parts[0] !== VERSION) return null;
  const endsAt = Number(parts[1]);
  if (!isSame(parts[3] ?? '', seal(token, parts.slice(0, 3).join('.')))) return null;
  return Number.isFinite(endsAt) && endsAt > now ? endsAt : null;
}

function seal(token: string, body: string): string {
  return createHmac('sha256', token).update(`pharos session\n${body}`).digest('base64url');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
