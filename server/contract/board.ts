// A board: what one screen shows, to whom, how large and from how far away it is read.
import type { Audience, Language } from './lists.ts';
import type { Table } from './tables.ts';

export const PAGES = ['queues', 'floor', 'promises', 'today'] as const;
export type Page = (typeof PAGES)[number];

export interface Board {
  readonly id: string;
  readonly name: string;
  readonly audience: Audience;
  /** Null: all of them. */
  readonly queues: readonly string[] | null;
  /** The queues that serve these teams, as their profiles say, in place of `queues`; null or missing: no such rule. */
  readonly queuesOf?: readonly string[] | null;
  /** Null: all of them. */
  readonly teams: readonly string[] | null;
  readonly language: Language;
  readonly pages: readonly Page[];
  /** Seconds that one page stays before the next. */
  readonly rotateSeconds: number;
  readonly screen: {
    /** The screen's diagonal in inches. */
    readonly inches: number;
    /** Metres from the screen to the farthest seat. */
    readonly seatMetres: number;
    /** It hangs upright: higher than wide. */
    readonly isPortrait?: boolean;
  };
  /** Which saving made it so; absent: nobody saved it, or a server did that did not count yet. */
  readonly revision?: string;
}

/** What a scope is made of: boards with equal scopes share one encoding. */
export interface Scope {
  readonly audience: Audience;
  /** Sorted; null: all. */
  readonly queues: readonly string[] | null;
  /** Sorted; null: all. */
  readonly teams: readonly string[] | null;
  /** Sorted. */
  readonly tables: readonly Table[];
}

export const DEFAULT_BOARD: Board = {
  id: 'main',
  name: 'Main',
  audience: 'public',
  queues: null,
  teams: null,
  language: 'en',
  pages: PAGES,
  rotateSeconds: 20,
  screen: { inches: 55, seatMetres: 5 },
};

/** The parts of a board that its editor writes. */
export type BoardWords = Omit<Board, 'id' | 'revision'>;

/** `GET /api/v1/boards`: a board as it stands. */
export interface BoardSaid extends Board {
  /** False: it is there by itself, until somebody saves one of its id. */
  readonly isSaved: boolean;
}

export interface BoardsSaid {
  readonly boards: readonly BoardSaid[];
}

/** What a desk reads that names no board of its own: all of the floor, nothing masked. */
export const DESK_BOARD: Board = {
  ...DEFAULT_BOARD,
  id: 'desk',
  name: 'Desk',
  audience: 'desk',
};
