// What a snapshot holds, and which version of it this is.
import type { FloorDump } from '../floor/floor.ts';
import { DEFAULT_LIMITS } from '../floor/options.ts';
import type { DedupDump } from '../log/dedup.ts';
import type { SnapshotForm } from '../log/snapshots.ts';

/** What a snapshot holds besides its position. */
export interface Kept {
  readonly floor: FloorDump;
  readonly dedup: DedupDump;
  readonly soundAt: number;
}

/** The form of `Kept`: a change of it is a new version, with a migration and a fixture of the old one. */
export const KEPT_FORM: SnapshotForm = { version: 2, migrations: { 1: withAlerts } };

/** Version 1 knew no alerts, nor what their rules look at. */
function withAlerts(state: unknown): unknown {
  const { floor, ...rest } = state as { readonly floor: Omit<FloorDump, 'version'> };
  const { rows, queues, agents } = floor;
  const counted = { awaySince: null, missed: 0, claimedToday: 0 };
  return {
    ...rest,
    floor: {
      ...floor,
      version: 2,
      rows: {
        ...rows,
        alerts: [],
        agents: rows.agents.map((agent) => ({ ...agent, ...counted })),
        contacts: rows.contacts.map((contact) => ({
          ...contact,
          heldBy: contact.state === 'held' ? contact.agent : null,
          rungMs: 0,
        })),
      },
      agents: agents.map((agent) => ({ ...agent, ...counted })),
      queues: queues.map((queue) => ({ ...queue, limits: saidLimits(queue.limits) })),
    },
  };
}

/** Version 1 filled in what was not said; a limit that is what the house has was not said, as far as anybody can tell. */
function saidLimits(limits: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(limits).filter(([name, seconds]) => DEFAULT_LIMITS[name] !== seconds),
  );
}
