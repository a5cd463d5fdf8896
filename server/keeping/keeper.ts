// The keeper: under its lease it writes the record (snapshots and closed intervals) and trims the journal behind it.
import { pause } from '../clock.ts';
import type { Cancel, Clock } from '../clock.ts';
import type { Standing } from '../engine/engine.ts';
import type { Floor, Interval } from '../floor/floor.ts';
import { KEPT_FORM } from './kept.ts';
import type { Kept } from './kept.ts';
import { compareIds } from '../log/continuity.ts';
import type { DedupWindow } from '../log/dedup.ts';
import { fieldOf, saveIntervals } from './kept-intervals.ts';
import { holdLease } from '../log/leases.ts';
import type { Lease } from '../log/leases.ts';
import { createSnapshotWriter } from '../log/snapshots.ts';
import type { Store } from '../log/store.ts';
import { startTrimmer } from '../log/trimmer.ts';
import type { Telemetry } from '../telemetry.ts';
import { wordsOf } from '../words-of.ts';

/** Milliseconds between two snapshots of a floor that moves. */
const EVERY_MS = 60_000;
/** The first one comes sooner, so that a new site has a record at once. */
const FIRST_MS = 5_000;

export interface KeeperParts {
  readonly store: Store;
  readonly floor: Floor;
  readonly dedup: DedupWindow;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly holder: string;
  readonly standing: () => Standing;
}

export interface Keeper {
  /** Writes once more if the lease is ours, and lets it go. */
  close(): Promise<void>;
}

export function startKeeper(parts: KeeperParts): Keeper {
  const { store, clock, telemetry, holder } = parts;
  const writer = createSnapshotWriter(store, KEPT_FORM, () => pause(clock, 0));
  /** Intervals that were taken from the floor and are not in the store yet. */
  const owed = new Map<string, Interval>();
  let held: Lease | null = null;
  let savedId: string | null = null;
  let saving: Promise<void> = Promise.resolve();

  async function save(lease: Lease): Promise<void> {
    const { floor, dedup, standing } = parts;
    if (await isBehind(store, standing().position.id)) return;
    await saveIntervals(store, lease, takeOwed(owed, floor, clock.now()));
    owed.clear();
    // In one step with the dump: what is folded past the position would be folded again by whoever goes on from here.
    const { position, soundAt } = standing();
    if (position.id === savedId) return;
    const kept: Kept = { floor: floor.dump(), dedup: dedup.dump(), soundAt };
    await writer.save(lease, { position, savedAt: clock.now(), state: kept });
    savedId = position.id;
    telemetry.announce({ name: 'snapshot.saved', severity: 'debug', fields: { id: position.id } });
  }

  function saveSoon(lease: Lease): Promise<void> {
    saving = saving.then(() => save(lease)).catch(troubled);
    return saving;
  }

  function troubled(error: unknown): void {
    const why = wordsOf(error);
    const text = `The record could not be written: ${why}. Nothing is lost while the journal stands; trying again.`;
    telemetry.announce({ name: 'snapshot.failed', severity: 'warn', text });
  }

  const holding = holdLease({
    store,
    clock,
    name: 'snapshot',
    holder,
    onHeld(lease, signal) {
      held = lease;
      // Since we had it last, another server may have written, or Redis have been emptied.
      savedId = null;
      const ends: Cancel[] = [
        clock.after(FIRST_MS, () => void saveSoon(lease)),
        clock.every(EVERY_MS, () => void saveSoon(lease)),
        stopsOf(startTrimmer({ store, clock, onTrouble: troubled })),
      ];
      signal.addEventListener('abort', () => ends.forEach((end) => end()), { once: true });
    },
    onLost() {
      held = null;
    },
  });

  return {
    async close() {
      if (held !== null) await saveSoon(held);
      await holding.close();
    },
  };
}

/**
 * Somebody else wrote a record of more than we have read yet, as after a freeze or in the middle of a long start: ours would go back.
 * Where the journal itself ends before that record, it was set back, and there is nothing to wait for.
 */
async function isBehind(store: Store, readUpTo: string): Promise<boolean> {
  const { newest } = await store.shelvedIds();
  if (newest === null || compareIds(newest, readUpTo) <= 0) return false;
  const { lastId } = await store.extent();
  return compareIds(lastId, newest) >= 0;
}

/** A later count of the same interval takes the place of an earlier one. */
function takeOwed(owed: Map<string, Interval>, floor: Floor, now: number): readonly Interval[] {
  for (const interval of floor.takeClosedIntervals(now)) owed.set(fieldOf(interval), interval);
  return [...owed.values()];
}

function stopsOf(running: { close(): void }): Cancel {
  return () => running.close();
}
