// In which order open episodes stand: what needs a person who has not come yet first, then what somebody has or what may be over, then what is only shown.
import type { AlertRow } from '../../server/contract/rows.ts';

const RANK = { P1: 0, P2: 1, P3: 2 } as const;

/** What nobody took first, then what is in hand, then P3; worst first in each, then oldest. Where few fit, those are the ones that matter. */
export function inOrder(alerts: Iterable<AlertRow>): readonly AlertRow[] {
  return [...alerts]
    .filter(({ state }) => state === 'firing' || state === 'acknowledged' || state === 'recovering')
    .sort(
      (a, b) =>
        groupOf(a) - groupOf(b) ||
        RANK[a.severity] - RANK[b.severity] ||
        Number(isInHand(a)) - Number(isInHand(b)) ||
        a.since - b.since ||
        (a.id < b.id ? -1 : 1),
    );
}

function groupOf(alert: AlertRow): number {
  if (alert.severity === 'P3') return 2;
  return isInHand(alert) ? 1 : 0;
}

/** A person has it, or it may be over already: nobody else is needed at this moment. */
export function isInHand({ takenBy, state }: Pick<AlertRow, 'takenBy' | 'state'>): boolean {
  return takenBy !== null || state === 'recovering';
}
