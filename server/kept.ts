// What a snapshot holds, and which version of it this is.
import type { FloorDump } from './floor/floor.ts';
import type { DedupDump } from './log/dedup.ts';
import type { SnapshotForm } from './log/snapshots.ts';

/** What a snapshot holds besides its position. */
export interface Kept {
  readonly floor: FloorDump;
  readonly dedup: DedupDump;
  readonly soundAt: number;
}

/** The form of `Kept`: a change of it is a new version, with a migration and a fixture of the old one. */
export const KEPT_FORM: SnapshotForm = { version: 2, migrations: { 1: withAlerts } };

/** Version 1 knew no alerts. */
function withAlerts(state: unknown): unknown {
  const { floor, ...rest } = state as { readonly floor: Omit<FloorDump, 'version'> };
  return { ...rest, floor: { ...floor, version: 2, rows: { ...floor.rows, alerts: [] } } };
}
