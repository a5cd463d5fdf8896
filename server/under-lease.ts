// One of each: what would double every number if two servers ran it runs under a lease, and its writes carry the fencing number.
import type { Clock } from './clock.ts';
import type { Append } from './events/event.ts';
import { holdLease } from './log/leases.ts';
import type { Lease, LeaseStore } from './log/leases.ts';
import type { Telemetry } from './telemetry.ts';
import { wordsOf } from './words-of.ts';

export interface Running {
  stop(): Promise<void> | void;
}

export interface LeasedWork {
  readonly store: LeaseStore;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Of the lease, such as `asterisk/pbx1`. */
  readonly name: string;
  readonly holder: string;
  /** Begins anew each time the lease is won; `append` writes only while it is ours. */
  readonly begin: (append: Append, lease: Lease) => Running;
}

const DEBUG = { severity: 'debug' } as const;

/** Begins and ends the work as the lease comes and goes; closing ends the work first, then lets the lease go. */
export function underLease(work: LeasedWork): { close(): Promise<void> } {
  const { store, clock, telemetry, name, holder, begin } = work;
  let running: Running | null = null;
  let lossIsTold = false;
  /** An end that is still under way must be over before the next beginning. */
  let ending: Promise<void> = Promise.resolve();

  async function end(): Promise<void> {
    const was = running;
    running = null;
    await was?.stop();
  }

  function endSoon(): void {
    ending = ending.then(end).catch((error: unknown) => {
      const why = wordsOf(error);
      telemetry.announce({
        name: 'lease.work-failed',
        severity: 'error',
        text: `${name} did not end cleanly: ${why}.`,
      });
    });
  }

  const holding = holdLease({
    store,
    clock,
    name,
    holder,
    onHeld(lease, signal) {
      telemetry.announce({
        ...{ name: 'lease.held', fields: { lease: name } },
        ...(lossIsTold ? { severity: 'info', text: `${name} runs here again.` } : DEBUG),
      });
      lossIsTold = false;
      ending = ending.then(() => {
        if (!signal.aborted) running = begin((events) => store.appendFenced(lease, events), lease);
      });
    },
    onLost(_lease, why) {
      lossIsTold = why !== 'closed';
      if (lossIsTold)
        telemetry.announce({
          name: 'lease.lost',
          severity: 'warn',
          text: `${name} stops here: its lease ${why === 'taken' ? 'is not ours in Redis any more' : 'could not be renewed in time'}.`,
        });
      endSoon();
    },
  });

  return {
    async close() {
      endSoon();
      await ending;
      await holding.close();
    },
  };
}
