// What a bench and the processes of its crowd say to each other.

/** Pharos itself; the whole state each second; the bare event; frames of Pharos that a bare server repeats. */
export type Way = 'pharos' | 'plain' | 'bare' | 'frames';

export interface Seat {
  readonly board: string;
  /** It parses and applies what it hears, by socket.io's own client; the others only look at the head of each frame. */
  readonly isApplying: boolean;
}

export interface Hall {
  readonly way: Way;
  /** Such as `http://127.0.0.1:41234`. */
  readonly url: string;
  readonly token: string | null;
  readonly seats: readonly Seat[];
}

export type Order =
  | { readonly do: 'open'; readonly hall: Hall }
  /** Measures from now on. */
  | { readonly do: 'mark' }
  | { readonly do: 'report' }
  | { readonly do: 'cut' }
  | { readonly do: 'return'; readonly with: 'position' | 'nothing' }
  /** Resolves once nothing has come to any screen of the process but ticks, for as long as two of them take. */
  | { readonly do: 'settle' }
  /** Each applying screen against a fresh one of its board; nothing may change meanwhile. */
  | { readonly do: 'compare' };

export interface Received {
  readonly seats: number;
  readonly bytes: number;
  readonly messages: number;
}

export interface Applied {
  readonly board: string;
  /** Pairs: the key of what was applied (see `keys.ts`), and when. */
  readonly log: Float64Array;
  /** Pairs: a position, and when its delta was applied. */
  readonly deltas: Float64Array;
}

export interface Report {
  readonly spanMs: number;
  /** CPU of this process, and how late its loop was. */
  readonly cpuMs: number;
  readonly lateMs: { readonly p50: number; readonly p99: number };
  /** By board, at screens that do not apply: payload of WebSocket messages. */
  readonly received: ReadonlyMap<string, Received>;
  /** By board and position: when its delta came to the first screen and to the last one. */
  readonly arrived: ReadonlyMap<string, ReadonlyMap<number, readonly [number, number]>>;
  readonly applied: readonly Applied[];
  /** Deltas that did not follow what a screen had, and refusals. */
  readonly misfits: number;
  readonly refused: readonly string[];
}

export interface Returned {
  /** Milliseconds of each screen until it knew that it had the last position. */
  readonly tookMs: readonly number[];
  readonly by: { readonly rows: number; readonly snapshot: number; readonly nothing: number };
  /** `BOARD SEQ` of the snapshots that were given. */
  readonly snapshots: ReadonlySet<string>;
  readonly late: { readonly p99: number };
}

export interface Compared {
  readonly screens: number;
  readonly rows: number;
  /** Tables and ids that differ. */
  readonly differ: readonly string[];
}

export interface Answers {
  readonly open: number;
  readonly mark: number;
  readonly report: Report;
  readonly cut: number;
  readonly return: Returned;
  readonly settle: number;
  readonly compare: Compared;
}
