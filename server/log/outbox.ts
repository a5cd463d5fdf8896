// What is to be told and how it gets there once: rows wait in lanes, a lane is in one server's hands at a time, and what was told is remembered.
import type { Fields } from '../events/decode.ts';

/** A row of the outbox. One whose id is there already, or was before, is not written again. */
export interface Notice {
  /** Without line breaks. */
  readonly id: string;
  /** A channel of one recipient; its rows go out one after the other, by their time. See `laneOf`. */
  readonly lane: string;
  /** The episode. */
  readonly about: string;
  /** An end goes only where something of its episode has arrived; `ends` takes that back. */
  readonly marks: 'tells' | 'ends';
  /** Milliseconds on the site's clock; not before. */
  readonly dueAt: number;
  /** JSON; the outbox does not read it. */
  readonly text: string;
  /** Counted apart from the others, and with room of its own; absent: false. */
  readonly isUrgent?: boolean;
}

export const OWNERS = ['person', 'team', 'site'] as const;
export type OwnerKind = (typeof OWNERS)[number];

export interface Lane {
  readonly owner: OwnerKind;
  readonly of: string;
  readonly channel: string;
}

/** An id has no line break, so that no lane begins with another one. */
export function laneOf({ owner, of, channel }: Lane): string {
  return `${owner}\n${of}\n${channel}`;
}

export function lanePartsOf(lane: string): Lane {
  const [owner, of = '', channel = ''] = lane.split('\n');
  return { owner: OWNERS.find((kind) => kind === owner) ?? 'site', of, channel };
}

export interface WaitingRow extends Notice {
  readonly tries: number;
  /** When it was tried first; null: never. */
  readonly firstAt: number | null;
  /** Ids of earlier rows of its episode that it took the place of, the newest of them; absent: none. */
  readonly insteadOf?: readonly string[];
  /** That with which it was sent, or was about to be; absent: none. It is sent again with the same rows, and no newer one takes its place. */
  readonly digest?: Digest;
}

/** One message about several rows. */
export interface Digest {
  /** Its name. */
  readonly id: string;
  /** How many more it tells as a number. */
  readonly over: number;
}

/** As what a message counts in the ten minutes after it; null: as none. */
export type Counts = 'news' | 'end' | null;

/** What goes for the urgent ones of a lane, and for the others. */
export interface Pace {
  /** News that went out in the last ten minutes. */
  readonly lately: number;
  /** Until when rows are held for a digest; null: they are not. */
  readonly heldUntil: number | null;
  /** How many came while the lane was full, and are to be told as a number. */
  readonly over: number;
}

/** A lane in our hands until its lease is over, and its rows that are due, oldest first. */
export interface Claimed {
  readonly lane: string;
  readonly token: string;
  readonly rows: readonly WaitingRow[];
  readonly calm: Pace;
  readonly urgent: Pace;
  /** Ends that went out by themselves in the last ten minutes. */
  readonly endsLately: number;
  /** Of the episodes of these rows, those of which something has arrived here. */
  readonly told: ReadonlySet<string>;
}

export interface Look {
  readonly claimed: readonly Claimed[];
  /** The earliest instant at which there may be something to claim; null: there is nothing. */
  readonly nextAt: number | null;
  /** Another word after each change of the channels. */
  readonly channelsAt: string;
}

export interface ClaimOptions {
  /** Never used twice. */
  readonly token: string;
  readonly leaseMs: number;
  readonly lanes: number;
}

/** Of a lane in our hands. */
export interface Lease {
  readonly lane: string;
  readonly token: string;
  readonly leaseMs: number;
}

/**
 * `gone`: nobody is to be told any more. `dead`: it was given up, and stands with the dead letters. `held`: it waits for a digest, and
 * what comes after it in the lane meanwhile goes on. `packed`: it is about to be sent in this digest, and the lane stays in our hands.
 */
export type Outcome =
  | {
      readonly kind: 'sent';
      readonly counts: Counts;
      readonly isUrgent: boolean;
      /** So many that came while the lane was full were told as a number: a dead letter says so. */
      readonly over: Over | null;
    }
  | { readonly kind: 'gone' }
  | { readonly kind: 'dead'; readonly why: string; readonly tries: number; readonly via: string }
  | { readonly kind: 'again'; readonly at: number }
  | { readonly kind: 'packed'; readonly digest: Digest }
  | { readonly kind: 'held'; readonly until: number; readonly isUrgent: boolean };

export interface Over {
  readonly count: number;
  readonly why: string;
  readonly via: string;
}

export interface Settling {
  readonly lane: string;
  readonly token: string;
  readonly ids: readonly string[];
  readonly outcome: Outcome;
  /** For the journal, in the same step. */
  readonly entries: readonly Fields[];
}

export interface DeadLetter {
  readonly at: number;
  readonly why: string;
  /** How often it was tried; null where that was not written yet. */
  readonly tries: number | null;
  /** push, webhook, email; null where that was not written yet, or nobody knew. */
  readonly via: string | null;
  readonly notice: Notice;
}

export interface OutboxStore {
  /** Lanes whose time has come, the most overdue first. */
  claim(options: ClaimOptions): Promise<Look>;
  /** False: the lane was no longer ours, and nothing was written. */
  settle(settling: Settling): Promise<boolean>;
  /** So long from now on, if the lane is still ours. */
  renew(lease: Lease): Promise<void>;
  /** Newest first, none older than seven days. */
  deadLetters(count: number): Promise<readonly DeadLetter[]>;
  backlog(): Promise<Backlog>;
}

/** What waits to be told. */
export interface Backlog {
  readonly rows: number;
  /** Since when the row that is overdue longest has been due (milliseconds on the site's clock); null: there is none. */
  readonly oldestDueAt: number | null;
}

export interface ChannelRow {
  /** JSON; null: it was taken away. */
  readonly text: string | null;
  /** When it was changed last (microseconds of the store's clock); 0: nobody knows. */
  readonly changedAt: number;
}

export interface ChannelStore {
  /** By lane; what was taken away, too, for thirty days. */
  channels(): Promise<ReadonlyMap<string, ChannelRow>>;
  /** Null takes it away. */
  putChannel(lane: string, text: string | null): Promise<void>;
  /** In one step, each where the store has nothing of it or what was before it. */
  giveBackChannels(rows: ReadonlyMap<string, ChannelRow>): Promise<void>;
  /** What the site has under this name; `made` where it had nothing. Every server is given the same. */
  secret(name: string, made: string): Promise<string>;
}

/** Rows of a lane that are claimed at once; of one whose digest is due, all. */
export const ROWS_MOST = 50;
/** Rows that wait in one lane; of more only the number is kept. */
export const LANE_MOST = 2_000;
/** So many of them may be others than urgent ones. */
export const CALM_MOST = 1_500;
/** Past so many rows no further lane is claimed at once. */
export const CLAIM_MOST = 2_000;
/** So many of the rows whose place a row took are kept with it. */
export const INSTEAD_MOST = 20;
/** For so long messages are counted (milliseconds). */
export const LATELY_MS = 10 * 60_000;
/** What was told is not told again within (milliseconds). */
export const DONE_KEPT_MS = 48 * 3_600_000;
/** So long it is known that a channel was taken away (milliseconds). */
export const TAKEN_AWAY_KEPT_MS = 30 * 24 * 3_600_000;
export const DEAD_KEPT_MS = 7 * 24 * 3_600_000;
/** And no more than so many. */
export const DEAD_MOST = 1_000;
/** So many lanes are looked at for the oldest row. */
export const BACKLOG_LANES = 2_000;

/** A notice as it lies in the store. */
export function rowText({ lane, about, marks, dueAt, text, isUrgent }: Notice): string {
  const urgent = isUrgent === true ? { isUrgent } : {};
  return JSON.stringify({ lane, about, marks, dueAt, text, ...urgent });
}
