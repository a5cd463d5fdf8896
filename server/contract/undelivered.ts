// A notification that was given up, as the desk is told of it: no address and no secret.
import type { Severity } from './lists.ts';

export interface Undelivered {
  /** When it was given up (milliseconds). */
  readonly at: number;
  readonly owner: 'person' | 'team' | 'site';
  /** The person, team or site whom it was for. */
  readonly of: string;
  /** The name of their channel. */
  readonly channel: string;
  /** push, webhook, email; null where nobody knows any more. */
  readonly via: string | null;
  /** How often it was tried; null where that was not written yet. */
  readonly tries: number | null;
  readonly why: string;
  /** Its own name. */
  readonly notification: string;
  readonly episode: string;
  readonly rule: string;
  readonly severity: Severity;
  /** fire, escalate, raise, unstable, end. */
  readonly kind: string;
}

/** `GET /api/v1/undelivered`: newest first, a thousand and seven days at most. */
export interface UndeliveredSaid {
  readonly letters: readonly Undelivered[];
}
