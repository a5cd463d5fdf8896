// What a log is: entries in one order, appended at the end, read from a position. Redis and its in-memory twin are two of them.
import type { LogReason } from '../contract/lists.ts';
import type { Fields } from '../events/decode.ts';
import type { Append } from '../events/event.ts';

export interface Entry {
  /** `MS-SEQ`, of Redis' making. */
  readonly id: string;
  /** The id's first part: milliseconds of the site's clock. */
  readonly at: number;
  readonly fields: Fields;
}

/** A place in a stream: the last entry that one has, and how many had ever been added by then, that one included. */
export interface LogPosition {
  readonly id: string;
  readonly added: number;
}

/** What a stream says of itself. A missing stream: null, `0-0`, 0, 0. */
export interface Extent {
  readonly firstId: string | null;
  /** The last id that was ever given; it stays when its entry is gone. */
  readonly lastId: string;
  readonly length: number;
  readonly entriesAdded: number;
  /** How many entries there are after the id that was asked about; null: more than `AFTER_MOST`; absent: nobody asked. */
  readonly after?: number | null;
}

/** So many entries are counted, since whoever counts holds up the others. */
export const AFTER_MOST = 1_000;

/** A read that blocks longer would outlive the timeout that notices a frozen Redis (milliseconds). */
export const BLOCK_MOST_MS = 2_000;

export interface ReadOptions {
  readonly count: number;
  /** Milliseconds to wait for the next entry, at most 2,000; 0: answer at once. */
  readonly blockMs: number;
  /** Aborted: the read gives nothing, at once. */
  readonly signal?: AbortSignal;
}

/** All of these reject with a `LogTrouble` where Redis fails, and go on by themselves once it is back. */
export interface Log {
  /** Encodes and appends, in order and all together; entry ids, in order. Events without an id get one. */
  readonly append: Append;
  /** The same for fields that went through the door already. */
  appendFields(entries: readonly Fields[]): Promise<readonly string[]>;
  /** Entries after `after` (exclusive; `0-0`: all), oldest first. One read at a time: a second one meanwhile is a bug. */
  read(after: string, options: ReadOptions): Promise<readonly Entry[]>;
  /** With an id, also what is after it. */
  extent(id?: string): Promise<Extent>;
  /** The log's own clock, in whole milliseconds, if nothing is there after the id: whatever is still to come is of that instant or later. Null: something is. */
  quietAt(after: string): Promise<number | null>;
  /** The instant of the log's own clock, in milliseconds. */
  time(): Promise<number>;
}

/** Redis did not do it, or is not known to have done it; the reason has a name that screens can show. */
export class LogTrouble extends Error {
  /** Null: it answered with something that has no name here; `said` has it. */
  readonly reason: LogReason | null;
  /** Redis' or the network's own words. */
  readonly said: string;
  constructor(reason: LogReason | null, said: string) {
    super(`the log did not take it (${reason ?? 'no name'}): ${said}`);
    this.name = 'LogTrouble';
    this.reason = reason;
    this.said = said;
  }
}

/** The lease under which this was to be written is somebody else's, or nobody's; nothing was written. */
export class LeaseLost extends Error {
  readonly lease: string;
  constructor(lease: string) {
    super(`the lease ${lease} is lost, so nothing was written`);
    this.name = 'LeaseLost';
    this.lease = lease;
  }
}
