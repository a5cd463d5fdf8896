// In which order open episodes stand: worst first, then oldest.
import type { AlertRow } from '../../server/contract/rows.ts';

const RANK = { P1: 0, P2: 1, P3: 2 } as const;

/** Open episodes: worst first, then oldest; what a person has taken stands below what nobody has. */
export function inOrder(alerts: Iterable<AlertRow>): readonly AlertRow[] {
  return [...alerts]
    .filter(({ state }) => state === 'firing' || state === 'acknowledged' || state === 'recovering')
    .sort(
      (a, b) =>
        RANK[a.severity] - RANK[b.severity] ||
        Number(a.takenBy !== null) - Number(b.takenBy !== null) ||
        a.since - b.since ||
        (a.id < b.id ? -1 : 1),
    );
}
