// What is kept beside the journal, on both stores: snapshots that survive damage, refusals that are in nobody's way, the trimmer's limit.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Lease } from '../../server/log/leases.ts';
import { createRefusals } from '../../server/log/refusals.ts';
import type { Refusal } from '../../server/log/refusals.ts';
import { createSnapshotWriter, loadSnapshot, storedForm } from '../../server/log/snapshots.ts';
import type { Snapshot, SnapshotForm } from '../../server/log/snapshots.ts';
import { JOURNAL_KEPT_MS, trimJournal } from '../../server/log/trimmer.ts';
import { MAKERS } from './stores.ts';
import type { Bench } from './stores.ts';

const FORM: SnapshotForm = { version: 1, migrations: {} };
const at = (id: string, state: unknown): Snapshot => ({
  position: { id, added: Number(id.split('-')[0]) },
  savedAt: 1_000,
  state,
});
const refusal = (source: string, more: Partial<Refusal> = {}): Refusal => ({
  source,
  reason: 'wrong-type',
  field: 'data.queue',
  expected: 'an id',
  given: '7',
  ...more,
});

describe.each(MAKERS)('what is kept on $name', (maker) => {
  let bench: Bench;
  let lease: Lease;
  beforeAll(() => maker.start());
  afterAll(() => maker.stop());
  beforeEach(async () => {
    bench = await maker.open();
    lease = (await bench.store.takeLease('snapshot', 'one', 60_000))!;
  });
  afterEach(() => bench.close());

  /** Puts a damaged copy of the newest snapshot in its place, and what was older stays. */
  async function damageNewest(): Promise<void> {
    const { store } = bench;
    const newest = (await store.onShelf('newest'))!;
    const body = Buffer.from(newest.body);
    body[body.length >> 1]! ^= 1;
    await store.shelve(lease, { ...newest, body }, 'aside');
  }

  it('[LOG-20] gives back the newest snapshot, whole, be it small or of megabytes', async () => {
    const { store } = bench;
    expect(await loadSnapshot(store, FORM)).toEqual({ kind: 'none' });
    const writer = createSnapshotWriter(store, FORM);
    await writer.save(lease, at('1-0', { agents: ['čarlis', '查理'] }));
    const large = { rows: Array.from({ length: 50_000 }, (_, n) => ({ n, text: `row ${n} ā` })) };
    for (const state of [{ agents: ['čarlis', '查理'] }, large]) {
      await writer.save(lease, at('2-0', state));
      const loaded = await loadSnapshot(store, FORM);
      expect(loaded).toEqual({
        kind: 'loaded',
        shelf: 'newest',
        passedOver: null,
        snapshot: at('2-0', state),
      });
    }
    expect((await store.onShelf('newest'))?.encoding).toBe('gzip');
  });

  it('[LOG-21] keeps two snapshots, and takes the older one where the newest is damaged, saying so', async () => {
    const { store } = bench;
    const writer = createSnapshotWriter(store, FORM);
    for (const id of ['1-0', '2-0', '3-0']) await writer.save(lease, at(id, { id }));
    expect(await store.shelvedIds()).toEqual({ newest: '3-0', older: '2-0' });
    await damageNewest();
    expect(await loadSnapshot(store, FORM)).toEqual({
      kind: 'loaded',
      shelf: 'older',
      passedOver: 'The newest snapshot is damaged: its checksum is another.',
      snapshot: at('2-0', { id: '2-0' }),
    });
  });

  it('[LOG-21] puts a damaged newest snapshot aside, never over the older one that is sound', async () => {
    const { store } = bench;
    const writer = createSnapshotWriter(store, FORM);
    for (const id of ['1-0', '2-0']) await writer.save(lease, at(id, { id }));
    await damageNewest();
    const next = createSnapshotWriter(store, FORM);
    await next.save(lease, at('4-0', { id: '4-0' }));
    expect(await store.shelvedIds()).toEqual({ newest: '4-0', older: '1-0' });
    await next.save(lease, at('5-0', { id: '5-0' }));
    expect(await store.shelvedIds()).toEqual({ newest: '5-0', older: '4-0' });
  });

  it('[LOG-22] says in a sentence why the start must stop where neither can be read', async () => {
    const { store } = bench;
    const writer = createSnapshotWriter(store, { version: 3, migrations: {} });
    for (const id of ['1-0', '2-0']) await writer.save(lease, at(id, { id }));
    await damageNewest();
    const loaded = await loadSnapshot(store, { version: 2, migrations: {} });
    expect(loaded.kind).toBe('unreadable');
    expect(loaded.kind === 'unreadable' && loaded.why).toMatch(
      /does not start.*newest snapshot is damaged.*older snapshot was written by a newer Pharos \(version 3, this one reads up to 2\).*Nothing was changed/,
    );
    expect(await store.shelvedIds()).toEqual({ newest: '2-0', older: '1-0' });
  });

  it('[LOG-25] never trims past the older of two snapshots, nor within 48 hours, nor without two', async () => {
    const { store } = bench;
    const ids = await store.append(
      Array.from({ length: 2_000 }, (_, n) => ({
        type: 'contact.held' as const,
        subject: `c${n}`,
        data: {},
      })),
    );
    const written = await store.time();
    const long = written + JOURNAL_KEPT_MS + 60_000;
    const shelve = async (id: string): Promise<void> =>
      store.shelve(lease, await storedForm(at(id, {}), 1), 'older');
    expect(await trimJournal(store, long)).toEqual({ kind: 'kept', why: 'no-two-snapshots' });
    await shelve(ids[1_500]!);
    expect(await trimJournal(store, long)).toEqual({ kind: 'kept', why: 'no-two-snapshots' });
    await shelve(ids[1_900]!);
    expect(await trimJournal(store, written)).toMatchObject({ kind: 'trimmed', entries: 0 });
    const trimmed = await trimJournal(store, long);
    expect(trimmed).toMatchObject({ kind: 'trimmed', minId: ids[1_500] });
    // Redis drops whole nodes of its tree, so it may leave some that could go.
    const [first] = await store.read('0-0', { count: 1, blockMs: 0 });
    const left = ids.indexOf(first!.id);
    expect(left).toBeGreaterThan(1_300);
    expect(left).toBeLessThanOrEqual(1_500);
  });

  it('[LOG-40] writes refusals down, newest first, and counts them by source and reason', async () => {
    const { store } = bench;
    const refusals = createRefusals(store);
    refusals.note(refusal('crm', { type: 'contact.queued', entry: '5-0' }));
    refusals.note(refusal('crm'));
    refusals.note(refusal('pbx', { reason: 'too-old' }));
    await refusals.settled();
    expect(refusals.counts()).toEqual([
      { source: 'crm', reason: 'wrong-type', count: 2 },
      { source: 'pbx', reason: 'too-old', count: 1 },
    ]);
    const kept = await store.readRefusals(10);
    expect(kept.map(({ source }) => source)).toEqual(['pbx', 'crm', 'crm']);
    const { at: writtenAt, ...last } = kept[2]!;
    expect(last).toEqual(refusal('crm', { type: 'contact.queued', entry: '5-0' }));
    expect(Math.abs(writtenAt - (await store.time()))).toBeLessThan(60_000);
    expect(await store.readRefusals(1)).toHaveLength(1);
  });

  it('[LOG-41] writes what several servers refuse in the journal once', async () => {
    const { store } = bench;
    const one = createRefusals(store);
    const two = createRefusals(store);
    for (const entry of ['1000-0', '1000-1', '1001-0']) one.note(refusal('crm', { entry }));
    await one.settled();
    for (const entry of ['1000-0', '1000-1', '1001-0', '1001-10'])
      two.note(refusal('crm', { entry }));
    await two.settled();
    one.note(refusal('crm', { entry: '1001-9' }));
    await one.settled();
    const kept = await store.readRefusals(100);
    expect(kept.map(({ entry }) => entry)).toEqual(['1001-10', '1001-0', '1000-1', '1000-0']);
  });

  it('[LOG-42] keeps about 10,000 refusals, and 64 sources have names', async () => {
    const { store } = bench;
    const refusals = createRefusals(store);
    for (let round = 0; round < 21; round++) {
      for (let n = 0; n < 500; n++) refusals.note(refusal(`s${n % 100}`));
      await refusals.settled();
    }
    expect(refusals.unwritten()).toBe(0);
    const counts = refusals.counts();
    expect(counts).toHaveLength(65);
    expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(10_500);
    expect(counts.find(({ source }) => source === 'other')?.count).toBe(36 * 105);
    const kept = await store.readRefusals(20_000);
    expect(kept.length).toBeGreaterThanOrEqual(10_000);
    expect(kept.length).toBeLessThan(10_200);
  });
});

describe('refusals', () => {
  it('[LOG-40] keep 200 characters of whatever a producer made up', async () => {
    const written: Refusal[] = [];
    const refusals = createRefusals({
      writeRefusals: (some) => Promise.resolve(void written.push(...some)),
      readRefusals: () => Promise.resolve([]),
    });
    const long = 'x'.repeat(1_000_000);
    refusals.note({ ...refusal('crm'), field: long, type: long });
    await refusals.settled();
    expect(written.map(({ field, type }) => [field.length, type?.length])).toEqual([[200, 200]]);
  });

  it('[LOG-43] never wait for a store that fails, and what waits to be written is bounded', async () => {
    const refusals = createRefusals({
      writeRefusals: () => Promise.reject(new Error('gone')),
      readRefusals: () => Promise.resolve([]),
    });
    for (let n = 0; n < 10_000; n++) refusals.note(refusal('crm'));
    await refusals.settled();
    expect(refusals.unwritten()).toBe(10_000);
    expect(refusals.counts()).toEqual([{ source: 'crm', reason: 'wrong-type', count: 10_000 }]);
  });
});
