// Who holds a lease, and since when not: two holders on a clock that the test moves.
import { describe, expect, it } from 'vitest';
import { holdLease } from '../../server/log/leases.ts';
import type { Lease, LeaseStore } from '../../server/log/leases.ts';
import { LogTrouble } from '../../server/log/log.ts';
import { openMemoryStore } from '../../server/log/memory-store.ts';
import { createManualClock } from '../support/manual-clock.ts';

function stage() {
  const clock = createManualClock();
  const memory = openMemoryStore(clock);
  const told: string[] = [];
  const signals = new Map<string, AbortSignal>();
  const leases = new Map<string, Lease>();
  /** Holders for whom the store is out of reach. */
  const cutOff = new Set<string>();
  const reach = async <T>(holder: string, ask: () => Promise<T>): Promise<T> =>
    cutOff.has(holder) ? Promise.reject(new LogTrouble('unreachable', 'cut')) : ask();
  const store: LeaseStore = {
    takeLease: (name, holder, ms) => reach(holder, () => memory.takeLease(name, holder, ms)),
    renewLease: (lease, ms) => reach(lease.holder, () => memory.renewLease(lease, ms)),
    releaseLease: (lease) => reach(lease.holder, () => memory.releaseLease(lease)),
    appendFenced: (lease, events) => memory.appendFenced(lease, events),
  };
  const hold = (holder: string) =>
    holdLease({
      store,
      clock,
      name: 'demo',
      holder,
      onHeld(lease, signal) {
        told.push(`${holder} holds`);
        leases.set(holder, lease);
        signals.set(holder, signal);
      },
      onLost(_, why) {
        told.push(`${holder} lost: ${why}`);
      },
    });
  return { clock, memory, told, signals, leases, cutOff, hold };
}

describe('a lease', () => {
  it('[LOG-12] is held by one, renewed for as long as it lives, and taken by the other when the first falls silent', async () => {
    const { clock, told, signals, cutOff, hold } = stage();
    hold('one');
    await clock.advance(100);
    hold('two');
    await clock.advance(60_000);
    expect(told).toEqual(['one holds']);
    cutOff.add('one');
    await clock.advance(10_000);
    expect(told).toEqual(['one holds', 'one lost: unsure', 'two holds']);
    expect(signals.get('one')?.aborted).toBe(true);
    cutOff.clear();
    await clock.advance(60_000);
    expect(told).toHaveLength(3);
  });

  it('[LOG-12] that was taken while its holder could not know is lost at the next renewal', async () => {
    const { clock, memory, told, leases, hold } = stage();
    hold('one');
    await clock.advance(100);
    await memory.releaseLease(leases.get('one')!);
    await memory.takeLease('demo', 'two', 60_000);
    await clock.advance(1_500);
    expect(told).toEqual(['one holds', 'one lost: taken']);
    const write = memory.appendFenced(leases.get('one')!, []);
    await expect(write).rejects.toThrow('the lease demo is lost');
  });

  it('[LOG-13] is counted as lost before it can be another’s, and asked for again once Redis answers', async () => {
    const { clock, memory, told, cutOff, hold } = stage();
    hold('one');
    await clock.advance(100);
    cutOff.add('one');
    let freeAt: number | null = null;
    let lostAt: number | null = null;
    for (let ms = 0; ms < 6_000 && freeAt === null; ms += 10) {
      await clock.advance(10);
      if (told.length > 1) lostAt ??= clock.now();
      const other = await memory.takeLease('demo', 'two', 1);
      if (other) freeAt = clock.now();
    }
    expect(told).toEqual(['one holds', 'one lost: unsure']);
    expect(lostAt!).toBeLessThan(freeAt!);
    cutOff.clear();
    await clock.advance(5_000);
    expect(told.at(-1)).toBe('one holds');
  });

  it('[LOG-14] that is closed is free at once, and its holder has been told', async () => {
    const { clock, memory, told, signals, hold } = stage();
    const holder = hold('one');
    await clock.advance(100);
    await holder.close();
    expect(told).toEqual(['one holds', 'one lost: closed']);
    expect(signals.get('one')?.aborted).toBe(true);
    expect(await memory.takeLease('demo', 'two', 1_000)).not.toBeNull();
    await holder.close();
  });

  it('[LOG-14] that never was held is closed as well', async () => {
    const { clock, memory, told, hold } = stage();
    await memory.takeLease('demo', 'two', 60_000);
    const holder = hold('one');
    await clock.advance(100);
    await holder.close();
    await clock.advance(60_000);
    expect(told).toEqual([]);
  });
});
