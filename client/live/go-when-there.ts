// Goes to another page, or loads this one anew, once the server answers: a television on a browser's own error page has nobody to help it.
import type { Cancel, Clock } from './clock.ts';
import { inTime } from './in-time.ts';

/** Milliseconds that one question may take, and from one to the next. */
const PATIENCE_MS = 5_000;
const AGAIN_MS = 5_000;

export interface GoingOptions {
  readonly clock: Clock;
  /** Whether the server answers; rejects where nothing came back. */
  readonly isThere: (signal: AbortSignal) => Promise<boolean>;
  readonly go: () => void;
}

/** Goes once; returns its own undoing. */
export function goWhenThere({ clock, isThere, go }: GoingOptions): Cancel {
  let isOver = false;
  let cancel: Cancel | null = null;
  async function look(): Promise<void> {
    const there = await inTime({ clock, ms: PATIENCE_MS }, isThere).catch(() => false);
    if (isOver) return;
    if (there === true) {
      isOver = true;
      go();
    } else cancel = clock.after(AGAIN_MS, () => void look());
  }
  void look();
  return () => {
    isOver = true;
    cancel?.();
  };
}

/** The process that serves our pages is up. */
export async function serverIsThere(signal: AbortSignal): Promise<boolean> {
  return (await fetch('/healthz', { cache: 'no-store', signal })).ok;
}
