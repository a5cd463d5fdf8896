// The tables by name, and which row lives in which.
import type {
  AgentRow,
  AlertRow,
  AssistRow,
  CallbackRow,
  ContactRow,
  IntervalRow,
  QueueRow,
  SiteRow,
  SourceRow,
  TeamRow,
} from './rows.ts';

export interface RowOf {
  readonly site: SiteRow;
  readonly queues: QueueRow;
  readonly intervals: IntervalRow;
  readonly agents: AgentRow;
  readonly teams: TeamRow;
  readonly contacts: ContactRow;
  readonly callbacks: CallbackRow;
  readonly assists: AssistRow;
  readonly alerts: AlertRow;
  readonly sources: SourceRow;
}

export const TABLES = [
  'site',
  'queues',
  'intervals',
  'agents',
  'teams',
  'contacts',
  'callbacks',
  'assists',
  'alerts',
  'sources',
] as const satisfies readonly (keyof RowOf)[];
export type Table = (typeof TABLES)[number];

/** Every table as a Map from id to row, which only its owner writes. */
export type Tables = { readonly [T in Table]: Map<string, RowOf[T]> };

/** The same, to be looked at only. */
export type ReadonlyTables = { readonly [T in Table]: ReadonlyMap<string, RowOf[T]> };

/** Rows as they travel: table, id, row. A table without rows may be missing. */
export type RowsByTable = { readonly [T in Table]?: Readonly<Record<string, RowOf[T]>> };

/** Ids by table, as they travel. */
export type IdsByTable = { readonly [T in Table]?: readonly string[] };

export function emptyTables(): Tables {
  return {
    site: new Map(),
    queues: new Map(),
    intervals: new Map(),
    agents: new Map(),
    teams: new Map(),
    contacts: new Map(),
    callbacks: new Map(),
    assists: new Map(),
    alerts: new Map(),
    sources: new Map(),
  };
}
