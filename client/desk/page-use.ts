// When a desk page that is used says so: at most once a minute, and never against what the person said.
import type { Presence } from '../../server/contract/lists.ts';

export const SAID_EVERY_MS = 60_000;
/** A presence that lasts longer than this anyhow is not said again: the server ends ours after five minutes. */
const LONG_ENOUGH_MS = 240_000;

export interface Use {
  readonly presence: Presence | null;
  readonly until: number | null;
  /** The site's time. */
  readonly now: number;
  /** When this page said it last; null: not yet. */
  readonly saidAt: number | null;
  /** This person said it themselves, today; else a page, a phone or time alone says it. */
  readonly isSaid: boolean;
}

export function shouldSayUsed({ presence, until, now, saidAt, isSaid }: Use): boolean {
  if (saidAt !== null && now - saidAt < SAID_EVERY_MS) return false;
  switch (presence) {
    case 'floor':
    case 'meeting':
    case 'call':
      return until !== null && until <= now;
    case 'desk':
      return until !== null && until - now < LONG_ENOUGH_MS;
    case 'away':
    case 'offline':
      return !isSaid;
    case null:
      return true;
    default: {
      const never: never = presence;
      return never;
    }
  }
}
