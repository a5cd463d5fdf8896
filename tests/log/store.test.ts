// One suite for the log and its twin: order, waiting, extents, leases and their fences. One room, since both stores pass all of it.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NewEvent } from '../../server/events/event.ts';
import { instantOf, judge, ORIGIN, resumeAt, startOf } from '../../server/log/continuity.ts';
import type { Lease } from '../../server/log/leases.ts';
import { AFTER_MOST, LeaseLost } from '../../server/log/log.ts';
import { storedForm } from '../../server/log/snapshots.ts';
import { MAKERS } from './stores.ts';
import type { Bench } from './stores.ts';

const held = (contact: string): NewEvent => ({
  type: 'contact.held',
  subject: contact,
  data: { agent: 'charles' },
});
const now = { count: 100, blockMs: 0 };

describe.each(MAKERS)('the log on $name', (maker) => {
  let bench: Bench;
  beforeAll(() => maker.start());
  afterAll(() => maker.stop());
  beforeEach(async () => {
    bench = await maker.open();
  });
  afterEach(() => bench.close());

  it('[LOG-1] gives entries in the order in which they were appended, under the ids that append gave', async () => {
    const { store } = bench;
    const ids = [
      ...(await store.append([held('a'), held('b')])),
      ...(await store.append([held('c')])),
    ];
    const entries = await store.read('0-0', now);
    expect(entries.map((entry) => entry.id)).toEqual(ids);
    expect(entries.map((entry) => entry.fields.subject)).toEqual(['a', 'b', 'c']);
    expect(entries.map((entry) => `${entry.at}-`)).toEqual(
      ids.map((id) => id.slice(0, id.indexOf('-') + 1)),
    );
  });

  it('[LOG-1] keeps the order of more entries than go into one script', async () => {
    const { store } = bench;
    const subjects = Array.from({ length: 1_203 }, (_, index) => `c${index}`);
    const ids = await store.append(subjects.map(held));
    const entries = await store.read('0-0', { count: 5_000, blockMs: 0 });
    expect(entries.map((entry) => entry.fields.subject)).toEqual(subjects);
    expect(entries.map((entry) => entry.id)).toEqual(ids);
  });

  it('[LOG-2] reads after a position, that one excluded, and never more than asked for', async () => {
    const { store } = bench;
    const ids = await store.append(['a', 'b', 'c', 'd'].map(held));
    const entries = await store.read(ids[0]!, { count: 2, blockMs: 0 });
    expect(entries.map((entry) => entry.fields.subject)).toEqual(['b', 'c']);
    expect(await store.read(ids[3]!, now)).toEqual([]);
  });

  it('[LOG-3] wakes a waiting reader with the next entry', async () => {
    const { store } = bench;
    const waiting = store.read('0-0', { count: 10, blockMs: 2_000 });
    await store.append([held('a')]);
    expect((await waiting).map((entry) => entry.fields.subject)).toEqual(['a']);
  });

  it('[LOG-3] gives nothing when nothing came, and at once when the signal is aborted', async () => {
    const { store } = bench;
    expect(await store.read('0-0', { count: 10, blockMs: 20 })).toEqual([]);
    const stop = new AbortController();
    const waiting = store.read('0-0', { count: 10, blockMs: 2_000, signal: stop.signal });
    stop.abort();
    expect(await waiting).toEqual([]);
    expect(await store.read('0-0', { ...now, signal: stop.signal })).toEqual([]);
  });

  it('[LOG-3] holds a second read meanwhile for a bug', async () => {
    const { store } = bench;
    const stop = new AbortController();
    const first = store.read('0-0', { count: 1, blockMs: 2_000, signal: stop.signal });
    await expect(store.read('0-0', now)).rejects.toThrow('invariant');
    await expect(store.read('0-0', { count: 1, blockMs: 2_001 })).rejects.toThrow('invariant');
    stop.abort();
    await first;
  });

  it('[LOG-4] gives an id to events that have none, and keeps the others’', async () => {
    const { store } = bench;
    await store.append([{ ...held('a'), id: 'mine' }, held('b'), held('c')]);
    const ids = (await store.read('0-0', now)).map((entry) => entry.fields.id);
    expect(ids[0]).toBe('mine');
    expect(new Set(ids).size).toBe(3);
    expect(ids[1]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('[LOG-5] says how far the stream reaches, and a missing stream reaches nowhere', async () => {
    const { store } = bench;
    const none = await store.extent();
    expect(none).toEqual({
      firstId: null,
      lastId: '0-0',
      length: 0,
      entriesAdded: 0,
    });
    const ids = await store.append(['a', 'b', 'c'].map(held));
    await bench.cut(2);
    expect(await store.extent()).toEqual({
      firstId: ids[1],
      lastId: ids[2],
      length: 2,
      entriesAdded: 3,
    });
  });

  it('[LOG-15] says its own instant where nothing is unread, and nothing where something is', async () => {
    const { store } = bench;
    const before = Math.floor(await store.time());
    expect(await store.quietAt('0-0')).toBeGreaterThanOrEqual(before);
    const ids = await store.append(['a', 'b'].map(held));
    expect(await store.quietAt('0-0')).toBeNull();
    expect(await store.quietAt(ids[0]!)).toBeNull();
    const at = await store.quietAt(ids[1]!);
    const [next] = await store.append([held('c')]);
    expect(at).toBeGreaterThanOrEqual(instantOf(ids[1]!));
    expect(at).toBeLessThanOrEqual(instantOf(next!));
    const last = '18446744073709551615-18446744073709551615';
    expect(await store.quietAt(last)).toBeGreaterThanOrEqual(instantOf(next!));
  });

  it('[LOG-6] finds what was trimmed past the position, and nothing where only read entries went', async () => {
    const { store } = bench;
    const ids = await store.append(['a', 'b', 'c', 'd', 'e'].map(held));
    const position = { id: ids[1]!, added: 2 };
    await bench.cut(3);
    expect(judge(position, await store.extent())).toEqual({ kind: 'ok' });
    await bench.cut(1);
    const extent = await store.extent();
    expect(judge(position, extent)).toEqual({ kind: 'trimmed', lost: 2, reason: 'trimmed' });
    const resumed = resumeAt(position, extent);
    expect(judge(resumed, extent)).toEqual({ kind: 'ok' });
    const rest = await store.read(resumed.id, now);
    expect(rest.map((entry) => entry.id)).toEqual([ids[4]]);
    await bench.cut(0);
    expect(judge({ id: ids[4]!, added: 5 }, await store.extent())).toEqual({ kind: 'ok' });
    expect(judge(position, await store.extent()).kind).toBe('trimmed');
  });

  it('[LOG-9] says how many entries are after an id, up to a limit', async () => {
    const { store } = bench;
    expect(await store.extent('5-0')).toMatchObject({ lastId: '0-0', entriesAdded: 0, after: 0 });
    const ids = await store.append(['a', 'b', 'c', 'd'].map(held));
    expect(await store.extent(ids[1])).toMatchObject({ entriesAdded: 4, after: 2 });
    expect(await store.extent(ids[3])).toMatchObject({ entriesAdded: 4, after: 0 });
    await bench.cut(1);
    expect(await store.extent('0-0')).toMatchObject({ length: 1, after: 1 });
    expect(await store.extent('18446744073709551615-18446744073709551615')).toMatchObject({
      after: 0,
    });
    await store.append(Array.from({ length: AFTER_MOST - 1 }, (_, n) => held(`more-${n}`)));
    expect((await store.extent('0-0')).after).toBe(AFTER_MOST);
    await store.append([held('one more')]);
    expect((await store.extent('0-0')).after).toBeNull();
  });

  it('[LOG-6] finds a stream that was emptied, also when new entries are in it already', async () => {
    const { store } = bench;
    const ids = await store.append(['a', 'b', 'c'].map(held));
    const position = { id: ids[2]!, added: 3 };
    await bench.wipeJournal();
    expect(judge(position, await store.extent()).kind).toBe('emptied');
    // Redis gives ids by the millisecond: within the same one, nobody could tell the two streams apart.
    await expect.poll(() => store.time(), { interval: 1 }).toBeGreaterThan(instantOf(ids[2]!) + 1);
    await store.append(['d', 'e', 'f', 'g'].map(held));
    const extent = await store.extent();
    expect(judge(position, extent).kind).toBe('emptied');
    expect(startOf(extent).added).toBe(0);
    expect(await store.read(resumeAt(position, extent).id, now)).toHaveLength(4);
    expect(judge(ORIGIN, extent)).toEqual({ kind: 'ok' });
  });

  it('[LOG-10] gives a lease to one of two, and to the other once it ran out or was let go', async () => {
    const { store } = bench;
    const first = await store.takeLease('demo', 'one', 60_000);
    expect(first?.holder).toBe('one');
    expect(await store.takeLease('demo', 'two', 60_000)).toBeNull();
    expect(await store.takeLease('other', 'two', 60_000)).not.toBeNull();
    await store.releaseLease(first!);
    const second = await store.takeLease('demo', 'two', 40);
    expect(second!.fence).toBeGreaterThan(first!.fence);
    await expect.poll(() => store.takeLease('demo', 'one', 60_000)).not.toBeNull();
    expect(await store.renewLease(second!, 60_000)).toBe(false);
  });

  it('[LOG-10] lets a holder renew its lease', async () => {
    const { store } = bench;
    const lease = await store.takeLease('demo', 'one', 1_000);
    expect(await store.renewLease(lease!, 60_000)).toBe(true);
    expect(await store.takeLease('demo', 'two', 1_000)).toBeNull();
  });

  it('[LOG-11] refuses every write of a holder whose lease went to another, and writes nothing of it', async () => {
    const { store } = bench;
    const old = await store.takeLease('demo', 'one', 60_000);
    await store.releaseLease(old!);
    const present = await store.takeLease('demo', 'two', 60_000);
    const form = await storedForm({ position: ORIGIN, savedAt: 1, state: {} }, 1);
    const writes: ((lease: Lease) => Promise<unknown>)[] = [
      (lease) => store.appendFenced(lease, [held('a')]),
      (lease) => store.shelve(lease, form, 'older'),
      (lease) => store.saveIntervals(lease, '2026-11-21', new Map([['q', '{}']])),
      (lease) =>
        store.copyInbound(lease, {
          source: 'crm',
          from: ORIGIN,
          to: { id: '1-0', added: 1 },
          entries: [{ type: 'contact.held', subject: 'a', data: '{}' }],
        }),
    ];
    for (const write of writes) await expect(write(old!)).rejects.toBeInstanceOf(LeaseLost);
    expect(await store.read('0-0', now)).toEqual([]);
    expect(await store.onShelf('newest')).toBeNull();
    expect((await store.loadIntervals('2026-11-21', '2026-11-21')).size).toBe(0);
    expect((await store.inboundCursors(present!)).size).toBe(0);
    for (const write of writes) await write(present!);
    expect(await store.read('0-0', now)).toHaveLength(2);
  });

  it('[LOG-30] keeps closed intervals by day, and rewrites a field whole', async () => {
    const { store } = bench;
    const lease = (await store.takeLease('snapshot', 'one', 60_000))!;
    await store.saveIntervals(
      lease,
      '2026-11-20',
      new Map([
        ['sales 1', 'a'],
        ['sales 2', 'b'],
      ]),
    );
    await store.saveIntervals(lease, '2026-11-20', new Map([['sales 2', 'c']]));
    await store.saveIntervals(lease, '2026-11-22', new Map([['sales 1', 'd']]));
    expect(await store.loadIntervals('2026-11-01', '2026-11-21')).toEqual(
      new Map([
        [
          '2026-11-20',
          new Map([
            ['sales 1', 'a'],
            ['sales 2', 'c'],
          ]),
        ],
      ]),
    );
    expect([...(await store.loadIntervals('2026-11-20', '2026-11-22')).keys()]).toEqual([
      '2026-11-20',
      '2026-11-22',
    ]);
  });
});
