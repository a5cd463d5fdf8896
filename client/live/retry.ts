// When to try again: for ever, within two seconds, spread so that a floor of screens does not come as one.
import type { Refusal } from '../../server/contract/protocol.ts';

const WITHIN_MS = 2_000;
const HOPELESS_MS = 20_000;
/** Milliseconds that a try may take: mostly short, because packets that a cut swallowed are not sent again soon. */
const PATIENCE_MS = [2_000, 2_000, 4_000, 2_000, 2_000, 4_000, 2_000, 2_000, 10_000] as const;

/**
 * Milliseconds until the next try: full jitter within 2 s of the start of the last, which took `tookMs`; `random`
 * in [0, 1). What only a person can mend is tried more seldom.
 */
export function retryMs(tookMs: number, refused: Refusal | null, random: number): number {
  switch (refused) {
    case 'session':
    case 'origin':
    case 'host':
    case 'board':
    case 'protocol':
      return HOPELESS_MS / 2 + (HOPELESS_MS / 2) * random;
    default:
      return Math.max(random * 250, random * WITHIN_MS - tookMs);
  }
}

/** Milliseconds after which try number `attempt` (0 is the first) is given up. */
export function patienceMs(attempt: number): number {
  return PATIENCE_MS[attempt % PATIENCE_MS.length] ?? WITHIN_MS;
}
