// The trimmer: keeps the journal at 48 hours, and never cuts past the older of the two kept snapshots.
import type { Clock } from '../clock.ts';
import { compareIds, idAt } from './continuity.ts';
import type { SnapshotStore } from './snapshots.ts';

export const JOURNAL_KEPT_MS = 48 * 3_600_000;
const EVERY_MS = 60_000;

export interface TrimStore extends Pick<SnapshotStore, 'shelvedIds'> {
  /** Drops entries before `minId`, or fewer; gives how many went. */
  trim(minId: string): Promise<number>;
}

export type Trimmed =
  | { readonly kind: 'trimmed'; readonly entries: number; readonly minId: string }
  | {
      /** Without two snapshots the journal is the only record of what is in it. */
      readonly kind: 'kept';
      readonly why: 'no-two-snapshots';
    };

/** `now` on the site's clock. Rejects with `LogTrouble` where Redis fails. */
export async function trimJournal(store: TrimStore, now: number): Promise<Trimmed> {
  const { newest, older } = await store.shelvedIds();
  if (newest === null || older === null) return { kind: 'kept', why: 'no-two-snapshots' };
  const ids = [idAt(now - JOURNAL_KEPT_MS), newest, older].sort(compareIds);
  const minId = ids[0] ?? older;
  return { kind: 'trimmed', entries: await store.trim(minId), minId };
}

/** Trims each minute; what goes wrong is told and tried again. Hold a lease around it. */
export function startTrimmer(parts: {
  readonly store: TrimStore;
  readonly clock: Clock;
  readonly onTrimmed?: (trimmed: Trimmed) => void;
  readonly onTrouble: (error: unknown) => void;
}): { close(): void } {
  const { store, clock, onTrimmed, onTrouble } = parts;
  let busy = false;
  const stop = clock.every(EVERY_MS, () => {
    if (busy) return;
    busy = true;
    trimJournal(store, clock.now())
      .then((trimmed) => onTrimmed?.(trimmed), onTrouble)
      .finally(() => (busy = false));
  });
  return { close: stop };
}
