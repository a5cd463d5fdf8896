// The keeper of the record, when what it wrote is gone.
import { expect, it } from 'vitest';
import { Floor } from '../../server/floor/floor.ts';
import { startKeeper } from '../../server/keeping/keeper.ts';
import { createDedupWindow } from '../../server/log/dedup.ts';
import type { Kept } from '../../server/keeping/kept.ts';
import { KEPT_FORM } from '../../server/keeping/kept.ts';
import { openMemoryStore } from '../../server/log/memory-store.ts';
import { createSnapshotWriter, loadSnapshot } from '../../server/log/snapshots.ts';
import type { Store } from '../../server/log/store.ts';
import { createTelemetry } from '../../server/telemetry.ts';
import { takeTurn } from '../../server/engine/turn.ts';
import { OPTIONS } from '../floor/scene.ts';
import { createManualClock } from '../support/manual-clock.ts';

it('[LOG-26] writes the record of a quiet floor anew when its lease was lost, and only then', async () => {
  const clock = createManualClock();
  const store = openMemoryStore(clock);
  let saved = 0;
  const telemetry = createTelemetry();
  telemetry.subscribe(({ name }) => {
    if (name === 'snapshot.saved') saved += 1;
  });
  const keeper = startKeeper({
    store,
    floor: new Floor({ ...OPTIONS, now: clock.now() }),
    dedup: createDedupWindow(),
    clock,
    telemetry,
    holder: 'one',
    standing: () => ({ position: { id: '0-0', added: 0 }, soundAt: clock.now() }),
  });
  await clock.advance(200_000);
  expect(saved).toBe(1);
  // As when Redis is emptied: its key is gone, and nobody else has it.
  await store.releaseLease({ name: 'snapshot', fence: 1, holder: 'one' });
  await clock.advance(10_000);
  expect(saved).toBe(2);
  await keeper.close();
});

it('[LOG-27] writes a floor that is of one instant with its position, whatever is folded while the intervals are written', async () => {
  const clock = createManualClock();
  const store = openMemoryStore(clock);
  const floor = new Floor({ ...OPTIONS, now: clock.now() });
  const dedup = createDedupWindow();
  let standing = { position: { id: '0-0', added: 0 }, soundAt: clock.now() };
  async function foldOne(contact: string): Promise<void> {
    // Of an hour ago, so that an interval that is closed has changed; what is refused is counted as often as it is read.
    const time = new Date(clock.now() - 3_600_000).toISOString();
    await store.appendFields([
      {
        type: 'contact.queued',
        subject: contact,
        source: 'crm',
        time,
        data: '{"queue":"billing"}',
      },
      { type: 'contact.ended', subject: contact, source: 'crm', time, data: '{}' },
      { type: 'contact.queued', subject: contact, source: 'crm', data: '{}' },
    ]);
    const { position, soundAt } = standing;
    const entries = await store.read(position.id, { count: 100, blockMs: 0 });
    const turn = takeTurn({ floor, dedup }, entries, {
      now: clock.now(),
      soundAt,
      poisonedBy: null,
    });
    const id = entries.at(-1)?.id ?? position.id;
    standing = {
      position: { id, added: position.added + entries.length },
      soundAt: turn.soundAt,
    };
  }
  const busy: Store = {
    ...store,
    async saveIntervals(...given) {
      await store.saveIntervals(...given);
      await foldOne('meanwhile');
    },
  };
  await foldOne('before');
  const keeper = startKeeper({
    store: busy,
    floor,
    dedup,
    clock,
    telemetry: createTelemetry(),
    holder: 'one',
    standing: () => standing,
  });
  await clock.advance(6_000);
  const loaded = await loadSnapshot(store, KEPT_FORM);
  if (loaded.kind !== 'loaded') throw new Error(`expected a snapshot, got ${loaded.kind}`);
  const kept = loaded.snapshot.state as Kept;
  const again = Floor.restore(kept.floor, { ...OPTIONS, now: clock.now() });
  const rest = await store.read(loaded.snapshot.position.id, { count: 100, blockMs: 0 });
  takeTurn({ floor: again, dedup: createDedupWindow(kept.dedup) }, rest, {
    now: clock.now(),
    soundAt: kept.soundAt,
    poisonedBy: null,
  });
  expect(again.facts.queues.get('billing')?.today.offered).toBe(2);
  expect(again.facts.sources.get('crm')?.refused).toBe(2);
  await keeper.close();
});

it.each([
  ['has not read what the newest one knows', 'kept'],
  ['goes on with a journal that was set back', 'replaced'],
] as const)(
  '[LOG-28] writes no record that goes back, unless the journal did: %s',
  async (_, is) => {
    const clock = createManualClock();
    const store = openMemoryStore(clock);
    const floor = new Floor({ ...OPTIONS, now: clock.now() });
    const dedup = createDedupWindow();
    const ids = await store.appendFields([{ type: 'a' }, { type: 'b' }]);
    const [first = '', last = ''] = ids;
    const other = await store.takeLease('snapshot', 'other', 1_000);
    if (other === null) throw new Error('invariant: nobody has the lease yet');
    const kept: Kept = { floor: floor.dump(), dedup: dedup.dump(), soundAt: clock.now() };
    await createSnapshotWriter(store, KEPT_FORM).save(other, {
      position: { id: last, added: 2 },
      savedAt: clock.now(),
      state: kept,
    });
    await clock.advance(2_000);
    if (is === 'replaced') {
      store.journal.empty();
      store.journal.add({ type: 'a' }, first);
    }
    let standing = { position: { id: first, added: 1 }, soundAt: clock.now() };
    const keeper = startKeeper({
      store,
      floor,
      dedup,
      clock,
      telemetry: createTelemetry(),
      holder: 'one',
      standing: () => standing,
    });
    await clock.advance(10_000);
    expect((await store.shelvedIds()).newest).toBe(is === 'kept' ? last : first);
    if (is === 'kept') {
      const [next = ''] = await store.appendFields([{ type: 'c' }]);
      standing = { position: { id: next, added: 3 }, soundAt: clock.now() };
      await clock.advance(60_000);
      expect((await store.shelvedIds()).newest).toBe(next);
    }
    await keeper.close();
  },
);
