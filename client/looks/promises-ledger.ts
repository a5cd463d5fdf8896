// The promises that are open: what is overdue first, then what is due next.
import type { CallbackRow } from '../../server/contract/rows.ts';

export function isOpen({ state }: CallbackRow): boolean {
  return state === 'open' || state === 'claimed' || state === 'attempted';
}

/** By due time: the most overdue stands first because it was due first. */
export function openPromises(callbacks: Iterable<CallbackRow>): readonly CallbackRow[] {
  return [...callbacks].filter(isOpen).sort((a, b) => a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1));
}
