// Leases: what only one server may do at a time, with a fencing number that its writes carry.
import type { Clock } from '../clock.ts';
import { pause } from '../clock.ts';
import type { NewEvent } from '../events/event.ts';

/** Milliseconds that a lease lives without being renewed. */
const LEASE_MS = 5_000;
const RENEW_MS = 1_500;
/** A holder counts itself out so much before Redis does (milliseconds). */
const MARGIN_MS = 500;
/** Between two tries to take it (milliseconds). */
const RETRY_MS = 1_000;

export interface Lease {
  readonly name: string;
  /** Grows with every taking of any lease of the site. */
  readonly fence: number;
  readonly holder: string;
}

/** What stands in the lease's key while it is held; what a fenced write is compared with. */
export function tokenOf({ fence, holder }: Lease): string {
  return `${fence}:${holder}`;
}

export interface LeaseStore {
  /** Null: somebody else has it. */
  takeLease(name: string, holder: string, ms: number): Promise<Lease | null>;
  /** False: it is no longer ours. */
  renewLease(lease: Lease, ms: number): Promise<boolean>;
  releaseLease(lease: Lease): Promise<void>;
  /** As `append`, in one script with the comparison; rejects with `LeaseLost`, and nothing is written, where it is not ours. */
  appendFenced(lease: Lease, events: readonly NewEvent[]): Promise<readonly string[]>;
}

/** `taken`: Redis says that it is no longer ours. `unsure`: Redis did not answer in time. `closed`: we let it go. */
export type LeaseEnd = 'taken' | 'unsure' | 'closed';

export interface LeaseWork {
  readonly store: LeaseStore;
  readonly clock: Clock;
  readonly name: string;
  /** Names this server, and is never used by two. */
  readonly holder: string;
  /** Begins the work; `signal` is aborted at the instant the lease must be counted as lost. */
  readonly onHeld: (lease: Lease, signal: AbortSignal) => void;
  readonly onLost: (lease: Lease, why: LeaseEnd) => void;
}

/** Keeps trying to hold the lease until it is closed; closing lets it go, for the next one to take at once. */
export function holdLease(work: LeaseWork): { close(): Promise<void> } {
  const closing = new AbortController();
  const running = keepHolding(work, closing.signal);
  return {
    async close() {
      closing.abort();
      await running;
    },
  };
}

async function keepHolding(work: LeaseWork, closing: AbortSignal): Promise<void> {
  const { store, clock, name, holder } = work;
  while (!closing.aborted) {
    const askedAt = clock.monotonic();
    const lease = await store.takeLease(name, holder, LEASE_MS).catch(() => null);
    if (lease !== null) await holdOnce(work, lease, { askedAt, closing });
    // After a loss too: who lost it because Redis is gone must not ask in a busy loop.
    if (!closing.aborted) await pause(clock, RETRY_MS, closing);
  }
}

interface Held {
  /** When the taking was asked for, on the monotonic clock: the lease runs from there at the latest. */
  readonly askedAt: number;
  readonly closing: AbortSignal;
}

async function holdOnce(work: LeaseWork, lease: Lease, held: Held): Promise<void> {
  const { store, clock } = work;
  if (held.closing.aborted) return store.releaseLease(lease).catch(() => undefined);
  const lost = new AbortController();
  let why: LeaseEnd = 'closed';
  function lose(because: LeaseEnd): void {
    if (lost.signal.aborted) return;
    why = because;
    lost.abort();
  }
  const close = (): void => lose('closed');
  held.closing.addEventListener('abort', close, { once: true });
  let cancel = deadline(held.askedAt);
  function deadline(askedAt: number): () => void {
    const leftMs = askedAt + LEASE_MS - MARGIN_MS - clock.monotonic();
    return clock.after(leftMs, () => lose('unsure'));
  }
  work.onHeld(lease, lost.signal);
  while (!lost.signal.aborted) {
    await pause(clock, RENEW_MS, lost.signal);
    if (lost.signal.aborted) break;
    const askedAt = clock.monotonic();
    const renewed = await store.renewLease(lease, LEASE_MS).catch(() => null);
    if (lost.signal.aborted) break;
    if (renewed === false) lose('taken');
    if (renewed !== true) continue;
    cancel();
    cancel = deadline(askedAt);
  }
  cancel();
  held.closing.removeEventListener('abort', close);
  work.onLost(lease, why);
  if (why === 'closed') await store.releaseLease(lease).catch(() => undefined);
}
