// Streams of less trusted producers, `in:SOURCE`: what the copier needs of the store that has them.
import type { Fields } from '../events/decode.ts';
import type { Lease } from './leases.ts';
import type { Entry, Extent, LogPosition, ReadOptions } from './log.ts';

/** What a stream that is not there says of itself. */
export const MISSING: Extent = { firstId: null, lastId: '0-0', length: 0, entriesAdded: 0 };

/** One step of copying one stream: all of it happens, or nothing. */
export interface CopyStep {
  readonly source: string;
  /** Where the cursor must stand; another place means that this step was done already. */
  readonly from: LogPosition;
  readonly to: LogPosition;
  readonly entries: readonly Fields[];
}

export interface InboundStore {
  /** The names of the streams that are there. */
  inboundSources(): Promise<readonly string[]>;
  /**
   * How far each stream was copied. Something else in the place of their table is put aside, and they begin anew. Rejects with
   * `LeaseLost`.
   */
  inboundCursors(lease: Lease): Promise<ReadonlyMap<string, LogPosition>>;
  /** Null: something else than a stream is in its place. */
  inboundExtents(sources: readonly string[]): Promise<ReadonlyMap<string, Extent | null>>;
  /** Entries after each position, at most `count` a stream; waits while none has any. One at a time. */
  readInbound(
    after: ReadonlyMap<string, LogPosition>,
    options: ReadOptions,
  ): Promise<ReadonlyMap<string, readonly Entry[]>>;
  /** Moves the cursor and appends to the journal in one script. `moved`: the cursor stood elsewhere and nothing was done. Rejects with `LeaseLost`. */
  copyInbound(lease: Lease, step: CopyStep): Promise<'copied' | 'moved'>;
  /** Drops a cursor that stands at `at` still. */
  forgetInbound(lease: Lease, source: string, at: LogPosition): Promise<void>;
  /** Drops entries of `in:SOURCE` before `minId`, or fewer. */
  trimInbound(source: string, minId: string): Promise<void>;
}

/** How a cursor lies in its hash. */
export function cursorText({ id, added }: LogPosition): string {
  return `${id} ${added}`;
}

export function cursorOf(text: string): LogPosition {
  const [id = '0-0', added = '0'] = text.split(' ');
  return { id, added: Number(added) };
}
