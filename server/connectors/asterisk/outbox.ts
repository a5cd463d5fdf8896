// What waits to be appended: in order, bounded, tried again for a while; given up rather than kept for ever.
import { backoffMs } from '../../backoff.ts';
import type { Cancel, Clock } from '../../clock.ts';
import type { Append, NewEvent } from '../../events/event.ts';

export interface OutboxOptions {
  readonly append: Append;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Too much waited too long: all of it is dropped, and the box is shut until `open`. */
  readonly onDropped: (count: number) => void;
  /** Shut, and it may be time to try with a fresh account of everything. */
  readonly onRetry: () => void;
}

export interface Outbox {
  /** Takes events in, or drops them where it is shut. */
  offer(events: readonly NewEvent[]): void;
  /** From now on events are taken. */
  open(): void;
  readonly isIdle: boolean;
  /** Resolves once nothing is under way; what waits is dropped. */
  close(): Promise<void>;
}

const BATCH = 500;
const WAITING_MAX = 5_000;
/** Milliseconds for which a batch is tried again under its own ids; within the log's window of repeats. */
const PATIENCE_MS = 60_000;
const RETRY = { firstMs: 200, ceilingMs: 5_000 } as const;

export function createOutbox(options: OutboxOptions): Outbox {
  const { append, clock, random } = options;
  let waiting: NewEvent[] = [];
  let isOpen = false;
  let closed = false;
  let failingSince: number | null = null;
  let attempt = 0;
  let running: Promise<void> | null = null;
  let cancelRetry: Cancel = () => undefined;
  let isWaiting = false;

  function pump(): void {
    if (running || isWaiting || closed || waiting.length === 0) return;
    running = send().finally(() => {
      running = null;
      pump();
    });
  }

  async function send(): Promise<void> {
    const batch = waiting.slice(0, BATCH);
    try {
      await append(batch);
      waiting = waiting.slice(batch.length);
      failingSince = null;
      attempt = 0;
    } catch {
      failingSince ??= clock.monotonic();
      attempt += 1;
      if (clock.monotonic() - failingSince >= PATIENCE_MS) drop();
      later(pump);
    }
  }

  function drop(): void {
    const count = waiting.length;
    waiting = [];
    isOpen = false;
    options.onDropped(count);
  }

  function later(run: () => void): void {
    isWaiting = true;
    cancelRetry = clock.after(backoffMs(Math.max(1, attempt), RETRY, random()), () => {
      isWaiting = false;
      if (closed) return;
      if (isOpen) run();
      else options.onRetry();
    });
  }

  return {
    offer(events) {
      if (!isOpen || closed) return;
      waiting.push(...events);
      if (waiting.length > WAITING_MAX) {
        // What is under way may still arrive; its successors are gone, so the account must begin anew.
        drop();
        if (!isWaiting) later(pump);
      } else pump();
    },
    open() {
      isOpen = true;
      failingSince = null;
    },
    get isIdle() {
      return waiting.length === 0;
    },
    async close() {
      closed = true;
      cancelRetry();
      waiting = [];
      await running;
    },
  };
}
