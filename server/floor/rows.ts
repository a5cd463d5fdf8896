// The floor's own rows: those of the contract, with what only the house may know. A board decides what leaves it.
import type { Board } from '../contract/board.ts';
import type { CallbackResult, EpisodeState, HowKnown, Severity } from '../contract/lists.ts';
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
import type { AlertTold, EpisodeSaid, Told } from '../events/episode.ts';

/** A customer as the producer named them; never sent to a public board as it is. */
export interface RawCustomer {
  readonly id: string | null;
  readonly name: string | null;
  /** A telephone number or an e-mail address. */
  readonly address: string | null;
}

export interface SiteFact extends Omit<SiteRow, 'dutyManager'> {
  /** Limits by name, in seconds, for every queue and team that has none of its own. */
  readonly limits: Readonly<Record<string, number>>;
  /** The agent whom escalation ends with. */
  readonly dutyManager: string | null;
}

export interface QueueFact extends QueueRow {
  /** Those that its own profile said; `limits` has those of its team and of the site behind them. */
  readonly ownLimits: Readonly<Record<string, number>>;
  /** The contact that waits longest, in `oldestAt`. */
  readonly oldest: string | null;
  /** Abandoned with a shorter wait is a short abandon. */
  readonly shortAbandonSeconds: number;
  readonly wrapUpSeconds: number;
}

export interface TeamFact extends Omit<TeamRow, 'coverTaken'> {
  /** Teams whose leads and supervisors cover this one, nearest first. */
  readonly coveredBy: readonly string[];
  /** `HH:MM-HH:MM` in the site's zone; null: always. */
  readonly coverHours: string | null;
  readonly limits: Readonly<Record<string, number>>;
  /** Who took cover, for how long. */
  readonly takenBy: readonly CoverTaken[];
  /** Who gave it back last; absent: nobody yet. */
  readonly gaveBack?: CoverGivenBack;
}

export interface CoverGivenBack {
  readonly agent: string;
  readonly at: number;
  /** How it is known who; missing where a producer said it. */
  readonly how?: HowKnown;
}

export interface CoverTaken {
  readonly agent: string;
  readonly until: number;
  /** When; missing in dumps from before there was this. */
  readonly at?: number;
  /** How it is known who; missing where a producer said it. */
  readonly how?: HowKnown;
}

export interface AgentFact extends AgentRow {
  readonly alias: string | null;
  readonly extension: string | null;
  /** Since when the presence is what it is. */
  readonly presenceSince: number | null;
  /** Since when its source says that it is on a break, in wrap-up or gone, whatever its contacts say; null: it does not. */
  readonly awaySince: number | null;
  /** Contacts that rang and were not taken, one after the other; a contact that is taken, a break or a new shift ends the row. */
  readonly missed: number;
  /** Requests for help that they claimed today. */
  readonly claimedToday: number;
}

export interface ContactFact extends Omit<ContactRow, 'customer'> {
  readonly customer: RawCustomer;
  readonly reason: string | null;
  readonly incident: string | null;
  readonly disposition: string | null;
  readonly priority: number;
  /** Who put it on hold or parked it; null while it is not held. */
  readonly heldBy: string | null;
  /** Milliseconds for which it rang at agents in this visit; the ring that runs now counts from `since`. */
  readonly rungMs: number;
  /** Agents at whom it rings now, first rung first. */
  readonly ringing: readonly string[];
  /** An outbound contact: the callback that it is for. Any other: the open promise that this customer had when it came. */
  readonly callback: string | null;
  /** The source that opened it, and alone may end it by silence in a snapshot. */
  readonly source: string;
}

export interface Attempt {
  readonly at: number;
  readonly by: string | null;
  readonly contact: string | null;
  readonly result: CallbackResult;
  readonly talkMs: number | null;
  /** How it is known who tried; missing where a producer said it. */
  readonly how?: HowKnown;
}

/** What somebody said of a callback besides attempts, which stand for themselves. */
export interface CallbackStep {
  readonly at: number;
  readonly what: 'promised' | 'promised-anew' | 'claimed' | 'released' | 'completed' | 'cancelled';
  readonly by: string | null;
  /** How it is known who; missing where a producer said it. */
  readonly how?: HowKnown;
}

export interface CallbackFact extends Omit<CallbackRow, 'customer'> {
  readonly customer: RawCustomer;
  readonly note: string | null;
  /** The contact in which it was promised. */
  readonly contact: string | null;
  /** The site's country when it was promised, by which its address is read. */
  readonly country: string | null;
  /** The latest attempts, oldest first; `attempts` counts them all. */
  readonly tries: readonly Attempt[];
  /** What was said of it, the latest, oldest first; missing in dumps from before there was this. */
  readonly steps?: readonly CallbackStep[];
  /** When it was proved, completed, cancelled or overtaken by the customer; null while it is open. */
  readonly closedAt: number | null;
  readonly closedBy: string | null;
  /** Why it was completed or cancelled, in that person's words. */
  readonly why: string | null;
  /** E.164 where it parses, else its digits, else null: what a proof is matched by. */
  readonly addressKey: string | null;
  /** The due time that passed without a proof; a promise that was broken may have been made anew for a later one. Missing: none did. */
  readonly missedDueAt?: number;
}

export interface AssistFact extends AssistRow {
  /** How it is known who claimed it; missing where a producer said it. */
  readonly claimedHow?: HowKnown;
}

/** One decision about an episode. */
export interface AlertMove {
  readonly at: number;
  readonly from: EpisodeState | null;
  readonly to: EpisodeState;
  readonly reason: string;
  /** Who moved it and in which words, where a person did. */
  readonly by: string | null;
  readonly why: string | null;
  /** How it is known who it was; absent where it was nobody. */
  readonly how?: HowKnown;
  readonly version: number;
  readonly severity: Severity;
  readonly level: number;
  /** Whom it is for. */
  readonly told: readonly Told[];
}

export interface AlertFact extends EpisodeSaid {
  readonly id: string;
  readonly state: EpisodeState;
  /** One of its sources is silent, so that what is said of it may be old. */
  readonly stale: boolean;
  /** How it came to be so, oldest first. */
  readonly moves: readonly AlertMove[];
  /** What became of each notification at last, in the order of their first attempts. */
  readonly deliveries: readonly AlertTold[];
}

export interface SourceFact extends SourceRow {
  /** Milliseconds of silence that make it stale; null: it never declared any heartbeat. Missing in dumps from before there was this. */
  readonly silentAfterMs?: number | null;
}

/** What the floor keeps, by table. */
export interface FactOf {
  readonly site: SiteFact;
  readonly queues: QueueFact;
  readonly intervals: IntervalRow;
  readonly agents: AgentFact;
  readonly teams: TeamFact;
  readonly contacts: ContactFact;
  readonly callbacks: CallbackFact;
  readonly assists: AssistFact;
  /** Open episodes, and those that ended in the last day. */
  readonly alerts: AlertFact;
  readonly sources: SourceFact;
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
  'alerts',
  'sources',
  'boards',
] as const satisfies readonly (keyof FactOf)[];
export type FactTable = (typeof FACT_TABLES)[number];

/** What others may look at. */
export type Facts = { readonly [T in FactTable]: ReadonlyMap<string, FactOf[T]> };

/** The ids of rows that were put, replaced or removed, by table; a table that is missing has none. */
export type Touched = { readonly [T in FactTable]?: ReadonlySet<string> };
