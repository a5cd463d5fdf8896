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
export const KEPT_FORM: SnapshotForm = { version: 1, migrations: {} };
