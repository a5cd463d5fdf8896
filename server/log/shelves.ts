// Shelves: small things that servers share, as texts by their ids; and the trail, which is only added to. What stands on them is for whoever puts it there to read.

/** All of these reject with `LogTrouble` where Redis fails. */
export interface Shelf {
  read(id: string): Promise<string | null>;
  all(): Promise<ReadonlyMap<string, string>>;
  put(id: string, text: string): Promise<void>;
  /** Puts it where nothing is; false: something was, and stays. */
  claim(id: string, text: string): Promise<boolean>;
  /** Puts it where just that is; false: something else was, or nothing, and stays so. */
  swap(id: string, before: string, text: string): Promise<boolean>;
  /** True for one caller only; false: there was nothing. */
  drop(id: string): Promise<boolean>;
}

export interface TrailEntry {
  readonly id: string;
  readonly text: string;
}

export interface Trail {
  note(text: string): Promise<void>;
  /** Newest first, at most `count`, those before the entry `before`. */
  read(count: number, before: string | null): Promise<readonly TrailEntry[]>;
}

export const SHELVES = [
  'help-links',
  'accounts',
  'logins',
  'sessions',
  'invitations',
  'begun-sign-ins',
  'sources',
  'screens',
  'screen-signs',
  'pairings',
] as const;
export type ShelfName = (typeof SHELVES)[number];

export interface Shelves {
  shelf(name: ShelfName): Shelf;
  readonly trail: Trail;
}

/** Entries of the trail that are kept, or somewhat more. */
export const TRAIL_MOST = 20_000;
