// The floor's own rows: those of the contract, with what only the house may know. A board decides what leaves it.
import type { Board } from '../contract/board.ts';
import type {
  AgentRow,
  AssistRow,
  CallbackRow,
  ContactRow,
  IntervalRow,
  QueueRow,
  SiteRow,
  SourceRow,
  TeamRow,
} from '../contract/rows.ts';

/** A customer as the producer named them; never sent to a public board as it is. */
export interface RawCustomer {
  readonly id: string | null;
  readonly name: string | null;
  /** A telephone number or an e-mail address. */
  readonly address: string | null;
}

export interface AgentFact extends AgentRow {
  readonly alias: string | null;
  readonly extension: string | null;
}

export interface ContactFact extends Omit<ContactRow, 'customer'> {
  readonly customer: RawCustomer;
  readonly reason: string | null;
  readonly incident: string | null;
  readonly priority: number;
  /** The source that opened it, and alone may end it by silence in a snapshot. */
  readonly source: string;
}

export interface CallbackFact extends Omit<CallbackRow, 'customer'> {
  readonly customer: RawCustomer;
  readonly note: string | null;
  /** E.164 where it parses, else its digits, else null: what a proof is matched by. */
  readonly addressKey: string | null;
}

/** What the floor keeps, by table. */
export interface FactOf {
  readonly site: SiteRow;
  readonly queues: QueueRow;
  readonly intervals: IntervalRow;
  readonly agents: AgentFact;
  readonly teams: TeamRow;
  readonly contacts: ContactFact;
  readonly callbacks: CallbackFact;
  readonly assists: AssistRow;
  readonly sources: SourceRow;
  readonly boards: Board;
}

export const FACT_TABLES = [
  'site',
  'queues',
  'intervals',
  'agents',
  'teams',
  'contacts',
  'callbacks',
  'assists',
  'sources',
  'boards',
] as const satisfies readonly (keyof FactOf)[];
export type FactTable = (typeof FACT_TABLES)[number];

/** What others may look at. */
export type Facts = { readonly [T in FactTable]: ReadonlyMap<string, FactOf[T]> };

/** The ids of rows that were put, replaced or removed, by table; a table that is missing has none. */
export type Touched = { readonly [T in FactTable]?: ReadonlySet<string> };
