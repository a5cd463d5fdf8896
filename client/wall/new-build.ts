// When a screen that nobody touches takes a new build: at a quiet moment, never under an open P1.

export interface Quiet {
  /** The build that this page was loaded with, and the one that the server now runs. */
  readonly loaded: string | null;
  readonly running: string | null;
  readonly isLive: boolean;
  readonly openP1: boolean;
  readonly waiting: number;
}

export type BuildTurn = 'same' | 'later' | 'now';

export function buildTurn({ loaded, running, isLive, openP1, waiting }: Quiet): BuildTurn {
  if (loaded === null || running === null || loaded === running) return 'same';
  return isLive && !openP1 && waiting === 0 ? 'now' : 'later';
}

/** A floor that is never quiet takes it all the same after so long, unless a P1 is open. */
export const LONGEST_WAIT_MS = 300_000;
