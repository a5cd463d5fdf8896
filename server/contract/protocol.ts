// What server and client say to each other over the socket, message by message.
import type { Board } from './board.ts';
import type { CommandAnswer, CommandName, CommandSays } from './commands.ts';
import type { Changes } from './delta.ts';
import type { LogReason, LogState, SourceFault, SourceState } from './lists.ts';
import type { RowsByTable } from './tables.ts';

export const PROTOCOL = 1;

/** Milliseconds between two ticks. */
export const TICK_MS = 1_000;
/** Milliseconds without any word from the server after which a client must say that it is not live. */
export const LINK_LOST_MS = 3_500;
/** Milliseconds after which a number that is no longer live must not be shown at all. */
export const TOO_OLD_MS = 300_000;

/** A position: one life of one scope on one server, and how many deltas of it one has. */
export interface Position {
  readonly epoch: string;
  readonly seq: number;
}

export interface Snapshot extends Position {
  readonly now: number;
  readonly board: Board;
  readonly rows: RowsByTable;
}

export interface Delta extends Changes {
  readonly epoch: string;
  readonly from: number;
  readonly to: number;
}

export interface LogHealth {
  readonly state: LogState;
  readonly reason: LogReason | null;
  /** The site's time up to which the floor is known. */
  readonly asOf: number;
}

export interface Tick extends Position {
  readonly now: number;
  readonly log: LogHealth;
  readonly sources: Readonly<
    Record<
      string,
      { readonly state: SourceState; readonly ageMs: number; readonly fault?: SourceFault }
    >
  >;
}

/** Milliseconds for which a screen that is looked for shows its name. */
export const IDENTIFY_MS = 20_000;

/** What a supervisor has a screen do. */
export type Told =
  | { readonly identify: { readonly name: string; readonly forMs: number } }
  | { readonly reload: true };

export const REFUSALS = [
  'protocol',
  'origin',
  'host',
  'session',
  /** It was a paired screen, and is none any more. */
  'unpaired',
  'board',
  /** A paired screen has another board now. */
  'moved',
  'slow',
  'rate',
  'malformed',
  'full',
  'starting',
  'closing',
] as const;
export type Refusal = (typeof REFUSALS)[number];

export interface Handshake {
  readonly protocol: number;
  readonly board?: string;
  readonly have?: Position;
  readonly token?: string;
  /** A board that is not saved, to be tried by those who may save it. */
  readonly draft?: unknown;
}

export interface Have extends Position {
  /** When the screen last painted, by the site's clock as the client knows it. */
  readonly painted?: number;
  /** The build that the page was loaded from, once it is known. */
  readonly build?: string;
}

export interface ServerSays {
  snapshot: (snapshot: Snapshot) => void;
  delta: (delta: Delta) => void;
  tick: (tick: Tick) => void;
  refused: (why: { readonly reason: Refusal }) => void;
  /** To a paired screen alone. */
  told: (told: Told) => void;
}

/** Each command is answered by its callback. */
export type ClientCommands = {
  readonly [C in CommandName]: (
    said: CommandSays[C],
    answer: (answer: CommandAnswer) => void,
  ) => void;
};

export interface ClientSays extends ClientCommands {
  have: (have: Have) => void;
  resync: (nothing: Record<string, never>) => void;
}
