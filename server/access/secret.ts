// Secrets: 256 random bits that a cookie or a link holds, of which only the hash is kept, and compared without telling how far they agree.
import { createHash, timingSafeEqual } from 'node:crypto';

const SECRET_BYTES = 32;
/** 32 bytes as base64url. */
const SECRET = /^[\w-]{43}$/;

export type Random = (bytes: number) => Buffer;

export interface Secret {
  /** Told once. */
  readonly text: string;
  readonly hash: string;
}

export function newSecret(random: Random): Secret {
  const text = random(SECRET_BYTES).toString('base64url');
  return { text, hash: digestText(text) };
}

/** Null: no secret of ours, so that nobody has to be asked. A hash of so many random bits needs no salt. */
export function hashOf(text: string): string | null {
  return SECRET.test(text) ? digestText(text) : null;
}

/** Another secret, which follows from this one alone, and not the other way round. */
export function derived(secret: string, what: string): string {
  return digestText(`${what}\n${secret}`);
}

/** Of any text. One that could be guessed can be found by its hash. */
export function digestText(text: string): string {
  return digest(text).toString('base64url');
}

/** In time that depends on neither. */
export function isSame(given: string, secret: string): boolean {
  return timingSafeEqual(digest(given), digest(secret));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
