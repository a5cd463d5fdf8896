// Whether what is on the screen is live, and if not, which of the links is broken and as of when it is known.
import type { LogReason, LogState } from '../../server/contract/lists.ts';
import { LINK_LOST_MS } from '../../server/contract/protocol.ts';
import type { LogHealth, Refusal } from '../../server/contract/protocol.ts';

export type Health =
  /** Nothing has ever been heard. */
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** No word from the server for 3.5 s. */
  | { readonly kind: 'link'; readonly asOf: number }
  /** The server speaks, but cannot read its log. */
  | {
      readonly kind: 'log';
      readonly state: Exclude<LogState, 'live'>;
      readonly reason: LogReason | null;
      readonly asOf: number;
    }
  /** The server will not have this screen. */
  | { readonly kind: 'refused'; readonly reason: Refusal };

export interface Signs {
  /** What the server refused, unless it has spoken since. */
  readonly refused: Refusal | null;
  /** Whether there is anything to show. */
  readonly shown: boolean;
  /** The browser's clock at the last word of the server, or null. */
  readonly heardAt: number | null;
  /** The browser's clock now. */
  readonly monotonic: number;
  /** The site's time at the last word of the server. */
  readonly siteAtWord: number;
  /** What the last tick said of the log. */
  readonly log: LogHealth | null;
}

/** Refusals after which the next try may well succeed: the screen says only that the link is down. */
const PASSING: ReadonlySet<Refusal> = new Set<Refusal>([
  'slow',
  'rate',
  'malformed',
  'full',
  'starting',
  'closing',
]);

export function judge({ refused, shown, heardAt, monotonic, siteAtWord, log }: Signs): Health {
  if (refused !== null && !PASSING.has(refused)) return { kind: 'refused', reason: refused };
  if (!shown || heardAt === null) return { kind: 'connecting' };
  const logAsOf = log && log.state !== 'live' ? log.asOf : null;
  if (monotonic - heardAt > LINK_LOST_MS) return { kind: 'link', asOf: logAsOf ?? siteAtWord };
  if (log && log.state !== 'live')
    return { kind: 'log', state: log.state, reason: log.reason, asOf: log.asOf };
  return { kind: 'live' };
}

/** The same reference back where nothing changed, so that nothing is drawn anew. */
export function sameHealth(a: Health, b: Health): boolean {
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case 'connecting':
    case 'live':
      return true;
    case 'link':
      return b.kind === 'link' && a.asOf === b.asOf;
    case 'log':
      return b.kind === 'log' && a.state === b.state && a.reason === b.reason && a.asOf === b.asOf;
    case 'refused':
      return b.kind === 'refused' && a.reason === b.reason;
    default: {
      const never: never = a;
      return never;
    }
  }
}
