// What the screens of a crowd have in common, and what they tell their process.
import type { Position } from '../../server/contract/protocol.ts';

export interface Screen {
  readonly board: string;
  readonly position: Position | null;
  /** Connects, with the position that it has; resolves once it knows that it has the last one. */
  open(): Promise<void>;
  /** Cuts the line at once. */
  cut(): void;
  /** Comes back as a stranger. */
  forget(): void;
}

export interface Ears {
  /** A delta came, whole. */
  delta(board: string, to: number, at: number): void;
  snapshot(board: string, seq: number): void;
  received(board: string, bytes: number): void;
  misfit(): void;
  refused(why: string): void;
}
