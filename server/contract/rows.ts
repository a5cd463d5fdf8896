// The shape of every row that a screen or a program may receive. Instants are milliseconds since 1970 on the site's clock.
import type {
  AgentState,
  CallbackState,
  Channel,
  ContactState,
  CoverState,
  Direction,
  Formula,
  Language,
  Presence,
  Role,
  Severity,
  SourceFault,
  SourceState,
  Wish,
} from './lists.ts';

export interface Limits {
  /** Seconds; a wait in the queue past this needs a person. */
  readonly waitSeconds: number;
  /** Seconds; a hold in the middle of a contact past this needs a person. */
  readonly holdSeconds: number;
  /** Further limits, each named by its rule. */
  readonly [name: string]: number;
}

export interface Target {
  /** Answer within so many seconds. */
  readonly seconds: number;
  /** 0 to 100. */
  readonly percent: number;
  readonly formula: Formula;
}

export interface SiteRow {
  readonly id: string;
  readonly name: string;
  /** IANA name, such as `Europe/Riga`. */
  readonly zone: string;
  /** ISO 3166 two letters, or null where nobody said. */
  readonly country: string | null;
  /** The instant at which the present day of the site began. */
  readonly dayStartsAt: number;
  /** The instant at which it ends: 23, 24 or 25 hours later. */
  readonly dayEndsAt: number;
  readonly languages: readonly Language[];
  readonly demo: boolean;
  readonly build: string;
  readonly lastWaitingAt: number | null;
  readonly promises: Promises;
  /** Alerts that ended without anyone having seen them. */
  readonly unseen: number;
  /** The agent whom escalation ends with; there only for a desk, and only where somebody is named. */
  readonly dutyManager?: string;
}

export interface Promises {
  /** Callbacks due today. */
  readonly due: number;
  readonly kept: number;
  readonly overdue: number;
  readonly nextDueAt: number | null;
}

export interface QueueToday {
  readonly offered: number;
  readonly answered: number;
  readonly abandoned: number;
  readonly shortAbandoned: number;
  readonly leftOtherwise: number;
  readonly unknown: number;
  readonly withinTarget: number;
  /** A fraction of 1 by the queue's formula; null where the denominator is 0. */
  readonly serviceLevel: number | null;
  /** The same, with what still waits past the target (enqueued today) in the denominator. */
  readonly liveServiceLevel: number | null;
  readonly asaMs: number | null;
  readonly ahtMs: number | null;
  readonly holdMs: number;
  readonly longestWaitMs: number;
}

export interface QueueRow {
  readonly id: string;
  readonly name: string;
  readonly channel: Channel;
  readonly teams: readonly string[];
  readonly waiting: number;
  readonly oldestAt: number | null;
  readonly target: Target;
  readonly limits: Limits;
  readonly today: QueueToday;
  /** Agents of this queue by what they do now. */
  readonly agents: Readonly<Record<AgentState, number>>;
  /** The sources that its figures are known by; missing where nobody said. */
  readonly sources?: readonly string[];
}

export interface IntervalRow {
  /** `QUEUE START`, where START is the instant in milliseconds. */
  readonly id: string;
  readonly queue: string;
  readonly start: number;
  readonly minutes: number;
  readonly offered: number;
  readonly answered: number;
  readonly abandoned: number;
  readonly withinTarget: number;
  readonly serviceLevel: number | null;
}

export interface AgentRow {
  readonly id: string;
  readonly name: string;
  readonly team: string | null;
  readonly role: Role;
  readonly state: AgentState;
  readonly reason: string | null;
  readonly since: number;
  readonly wish: Wish;
  readonly reachable: boolean;
  readonly contact: string | null;
  readonly queue: string | null;
  /** Queue to reason; paused in these only. */
  readonly pausedIn: Readonly<Record<string, string>>;
  readonly memberOf: readonly string[];
  readonly presence: Presence | null;
  readonly presenceUntil: number | null;
  /** When this person said it themselves; there only for a desk, and not where a page, a phone or time alone says it. */
  readonly presenceSaidAt?: number;
  /** The source that its state is known by; missing where nobody said. */
  readonly source?: string;
}

export interface Cover {
  readonly state: CoverState;
  readonly since: number;
  readonly present: readonly string[];
}

export interface TeamRow {
  readonly id: string;
  readonly name: string;
  readonly leads: readonly string[];
  readonly cover: Cover;
  /** Who said that they cover it, until when; there only for a desk, and only while somebody does. */
  readonly coverTaken?: readonly { readonly agent: string; readonly until: number }[];
}

export interface Hold {
  readonly count: number;
  /** Milliseconds of the holds that are over; the running one counts from `since`. */
  readonly totalMs: number;
  readonly since: number | null;
  /** True if the running hold began before `since` by an unknown time: shown as "≥ 0:42". */
  readonly atLeast: boolean;
  /** The slot in which the contact is parked, with nobody. */
  readonly parked: string | null;
}

export interface Customer {
  /** What a screen shows; masked by the board's audience, empty where nothing may be shown. */
  readonly label: string;
}

export interface ContactRow {
  readonly id: string;
  readonly queue: string | null;
  readonly channel: Channel;
  readonly direction: Direction;
  readonly state: ContactState;
  readonly since: number;
  readonly queuedAt: number | null;
  readonly answeredAt: number | null;
  readonly agent: string | null;
  readonly customer: Customer;
  readonly hold: Hold;
}

export interface CallbackRow {
  readonly id: string;
  readonly customer: Customer;
  readonly promisedAt: number;
  readonly dueAt: number;
  readonly by: string | null;
  readonly owner: string | null;
  readonly team: string | null;
  readonly state: CallbackState;
  /** Null until it is known; false for ever once `dueAt` has passed without proof. */
  readonly kept: boolean | null;
  readonly attempts: number;
  readonly lastAttemptAt: number | null;
  readonly proof: { readonly contact: string; readonly talkMs: number; readonly at: number } | null;
}

export interface AssistRow {
  readonly id: string;
  readonly agent: string;
  readonly team: string | null;
  readonly contact: string | null;
  readonly about: string | null;
  readonly requestedAt: number;
  readonly claimedBy: string | null;
  /** Since when somebody comes; missing while nobody does. */
  readonly claimedAt?: number;
}

export interface AlertRow {
  readonly id: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly subject: string;
  readonly team: string | null;
  readonly queue: string | null;
  readonly text: { readonly key: string; readonly params: Readonly<Record<string, string>> };
  readonly since: number;
  readonly raisedAt: number;
  readonly state: 'firing' | 'acknowledged' | 'snoozed' | 'recovering' | 'resolved';
  readonly level: number;
  readonly takenBy: string | null;
  /** Everybody was told, twice, and nobody took it; missing unless it is so. */
  readonly exhausted?: true;
  /** Who had it before it alarmed again; there only while nobody has taken it since. */
  readonly hadBy?: string;
  readonly version: number;
  readonly stale: boolean;
}

export interface SourceRow {
  readonly id: string;
  readonly state: SourceState;
  readonly lastAt: number;
  readonly skewMs: number;
  readonly refused: number;
  /** What was done to its stream; there only while `state` is `faulty`. */
  readonly fault?: SourceFault;
}
