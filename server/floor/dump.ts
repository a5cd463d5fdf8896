// The floor as it lies in a snapshot: plain data, whole. What can be derived from it is not in it.
import type { Agent } from './agents.ts';
import type { CallbacksDump } from './callbacks.ts';
import type { ContactsDump } from './contacts.ts';
import type { IntervalsDump } from './intervals.ts';
import type { QueueSaid } from './queues.ts';
import type { FactOf, FactTable } from './rows.ts';
import type { SiteDump } from './site.ts';
import type { Source } from './sources.ts';
import type { Team } from './teams.ts';
import type { VisitsDump } from './visits.ts';

export const FLOOR_DUMP_VERSION = 2;

/** Tables whose rows are kept as they are; those of site and queues are built again, those of intervals too. */
export const DUMPED_TABLES = [
  'agents',
  'teams',
  'contacts',
  'callbacks',
  'assists',
  'alerts',
  'sources',
  'boards',
] as const satisfies readonly FactTable[];

export interface FloorDump {
  readonly version: number;
  readonly rows: { readonly [T in (typeof DUMPED_TABLES)[number]]: readonly FactOf[T][] };
  readonly site: SiteDump;
  readonly queues: readonly QueueSaid[];
  readonly intervals: IntervalsDump;
  readonly visits: VisitsDump;
  readonly teams: readonly Team[];
  readonly agents: readonly Agent[];
  readonly contacts: ContactsDump;
  readonly callbacks: CallbacksDump;
  readonly sources: readonly Source[];
}
