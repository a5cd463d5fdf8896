// Pharos’ own keys, with something in their place that it never wrote: it says so where it must, and goes on.
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { untilAnswering } from '../../server/log/answering.ts';
import { runCopier } from '../../server/log/copier.ts';
import type { CopierParts } from '../../server/log/copier.ts';
import { keysOf } from '../../server/log/keys.ts';
import { openRedisStore } from '../../server/log/redis-store.ts';
import { createSnapshotWriter, loadSnapshot } from '../../server/log/snapshots.ts';
import type { Store } from '../../server/log/store.ts';
import { startRedis } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';

const LEASE_MS = 5_000;
const AN_HOUR_MS = 3_600_000;
const soon = { timeout: 8_000, interval: 10 };

let server: RedisServer;
let raw: Redis;
let store: Store;
let sites = 0;
let keys = keysOf('');
beforeAll(async () => {
  server = await startRedis();
  raw = new Redis(server.url);
});
afterAll(async () => {
  raw.disconnect();
  await server.close();
});
beforeEach(async () => {
  const site = `site-${++sites}`;
  keys = keysOf(site);
  store = openRedisStore({ url: server.url, site });
  const trouble = await untilAnswering(store, { clock: systemClock, withinMs: 5_000 });
  if (trouble) throw trouble;
});
afterEach(() => store.close());

describe('a lease', () => {
  it.each([
    ['a key that never ends', () => raw.set(keys.lease('demo'), 'mine')],
    ['a key that ends tomorrow', () => raw.set(keys.lease('demo'), 'mine', 'EX', 86_400)],
    ['something else than a text', () => raw.sadd(keys.lease('demo'), 'mine')],
  ])('[LOG-16] comes free as any other though %s stands in its place', async (_, spoil) => {
    await spoil();
    expect(await store.takeLease('demo', 'one', LEASE_MS)).toBeNull();
    expect(await raw.pttl(keys.lease('demo'))).toBeLessThanOrEqual(LEASE_MS);
    await raw.pexpire(keys.lease('demo'), 1);
    await expect.poll(() => store.takeLease('demo', 'one', LEASE_MS), soon).not.toBeNull();
  });

  it.each([
    ['a word', () => raw.set(keys.fence, 'seven')],
    ['the last number that there is', () => raw.set(keys.fence, '9223372036854775807')],
    ['something else than a text', () => raw.sadd(keys.fence, 'x')],
  ])(
    '[LOG-16] has a number of its own though %s stands in the place of the counter',
    async (_, spoil) => {
      await raw.set(keys.fence, 41);
      const before = (await store.takeLease('demo', 'one', LEASE_MS))!;
      await raw.del(keys.fence);
      await spoil();
      const next = (await store.takeLease('other', 'one', LEASE_MS))!;
      const last = (await store.takeLease('third', 'one', LEASE_MS))!;
      expect(before.fence).toBe(42);
      expect(next.fence).toBeGreaterThan(before.fence);
      expect(last.fence).toBeGreaterThan(next.fence);
      expect(await store.appendFenced(last, [])).toEqual([]);
    },
  );
});

describe('the copier', () => {
  let stop: AbortController;
  let running: Promise<void>;
  let told: string[];
  beforeEach(() => {
    stop = new AbortController();
    running = Promise.resolve();
    told = [];
  });
  afterEach(async () => {
    stop.abort();
    await running;
  });

  async function copy(more: Partial<CopierParts> = {}): Promise<void> {
    const lease = (await store.takeLease(`copier-${told.length}-${Math.random()}`, 'one', 60_000))!;
    stop = new AbortController();
    running = runCopier({
      store,
      lease,
      signal: stop.signal,
      clock: systemClock,
      heardAt: () => null,
      onRefused: () => undefined,
      onFault: (source, fault, lost) => told.push(`${source} ${fault} ${lost ?? '?'}`),
      onLeftOut: (sources) => told.push(`left out: ${sources.join(' ')}`),
      onTrouble: () => undefined,
      onWell: () => undefined,
      ...more,
    });
  }
  async function halt(): Promise<void> {
    stop.abort();
    await running;
  }
  async function produce(source: string, subject: string, id = '*'): Promise<void> {
    await raw.xadd(
      keys.inbound(source),
      id,
      'type',
      'contact.held',
      'subject',
      subject,
      'data',
      '{}',
    );
  }
  async function copied(): Promise<readonly string[]> {
    const entries = await store.read('0-0', { count: 10_000, blockMs: 0 });
    const producers = entries.filter(({ fields }) => fields.source !== 'pharos');
    return producers.map(({ fields }) => fields.subject ?? '');
  }

  it('[LOG-86] puts a cursor back that was taken out of Redis under its hands', async () => {
    await produce('crm', 'a');
    await copy();
    await expect.poll(copied, soon).toEqual(['a']);
    const cursor = await raw.hget(keys.cursors, 'crm');
    await raw.del(keys.cursors);
    await expect.poll(() => raw.hget(keys.cursors, 'crm'), soon).toBe(cursor);
    await produce('crm', 'b');
    await expect.poll(copied, soon).toEqual(['a', 'b']);
    expect(told).toEqual([]);
  });

  it('[LOG-86] does not copy an old stream again whose cursor was taken away while nobody looked, and says so', async () => {
    const before = Date.now() - AN_HOUR_MS / 2;
    await produce('crm', 'a', `${before}-0`);
    await copy();
    await expect.poll(copied, soon).toEqual(['a']);
    await halt();
    await raw.del(keys.cursors);
    await produce('crm', 'lost');
    await copy({ heardAt: (source) => (source === 'crm' ? before + 60_000 : null) });
    await expect.poll(() => told, soon).toEqual(['crm trimmed ?']);
    await produce('crm', 'b');
    await expect.poll(copied, soon).toEqual(['a', 'b']);
    expect(told).toEqual(['crm trimmed ?']);
  });

  it('[LOG-86] copies the whole of a new stream, though its source spoke by another door before', async () => {
    await produce('crm', 'a');
    await copy({ heardAt: () => Date.now() });
    await expect.poll(copied, soon).toEqual(['a']);
    expect(told).toEqual([]);
  });

  it('[LOG-87] puts aside what is no table of cursors, and drops what is no cursor', async () => {
    await produce('crm', 'a');
    await raw.set(keys.cursors, 'no table');
    await copy();
    await expect.poll(copied, soon).toEqual(['a']);
    expect(await raw.get(`${keys.cursors}:unreadable`)).toBe('no table');
    await halt();
    await raw.hset(keys.cursors, 'shop', 'here');
    await produce('shop', 's');
    await copy();
    await expect.poll(copied, soon).toEqual(['a', 's']);
    expect(told).toEqual([]);
  });

  it('[LOG-88] forgets streams that were taken away, and leaves out by name what is too much', async () => {
    await produce('zebra', 'z');
    await copy();
    await expect.poll(copied, soon).toEqual(['z']);
    for (let n = 0; n < 300; n += 1) await raw.hset(keys.cursors, `gone-${n}`, `${n + 1}-0 1`);
    await expect.poll(() => raw.hlen(keys.cursors), soon).toBe(1);
    for (let n = 0; n < 256; n += 1) await produce(`m-${String(n).padStart(3, '0')}`, 'm');
    await expect.poll(async () => (await copied()).length, soon).toBe(256);
    await produce('zebra', 'after');
    await expect.poll(copied, soon).toContain('after');
    expect(told.filter((said) => said.startsWith('left out'))).toEqual(['left out: m-255']);
    expect(await copied()).toHaveLength(257);
  });
});

describe('the record', () => {
  const words = { version: '1', added: '1', savedAt: '1', encoding: 'json', sha256: 'x' };
  const snapshot = (id: string) => ({ ...words, id, body: Buffer.from('{}') });

  it('[LOG-31] is written though something else stands in the place of a snapshot or of a day, which is put aside', async () => {
    const lease = (await store.takeLease('snapshot', 'one', 60_000))!;
    await store.shelve(lease, snapshot('1-0'), 'older');
    await raw.set(keys.snapshot('newest'), 'no snapshot');
    await raw.set(keys.intervals('2026-11-21'), 'no day');
    expect(await store.shelvedIds()).toEqual({ newest: null, older: null });
    const form = { version: 1, migrations: {} };
    const loaded = await loadSnapshot(store, form);
    expect(loaded).toMatchObject({ kind: 'unreadable' });
    const state = { position: { id: '2-0', added: 2 }, savedAt: 2, state: { a: 1 } };
    await createSnapshotWriter(store, form).save(lease, state);
    expect(await raw.get(keys.snapshot('unreadable'))).toBe('no snapshot');
    expect(await loadSnapshot(store, form)).toMatchObject({ kind: 'loaded', shelf: 'newest' });
    expect((await store.loadIntervals('2026-11-21', '2026-11-21')).size).toBe(0);
    await store.saveIntervals(lease, '2026-11-21', new Map([['q', '{}']]));
    expect((await store.loadIntervals('2026-11-21', '2026-11-21')).size).toBe(1);
    expect(await raw.get(`${keys.intervals('2026-11-21')}:unreadable`)).toBe('no day');
  });

  it('[LOG-31] takes the older snapshot where the newest is none', async () => {
    const lease = (await store.takeLease('snapshot', 'one', 60_000))!;
    const form = { version: 1, migrations: {} };
    const writer = createSnapshotWriter(store, form);
    for (const added of [1, 2])
      await writer.save(lease, { position: { id: `${added}-0`, added }, savedAt: 1, state: {} });
    await raw.del(keys.snapshot('newest'));
    await raw.sadd(keys.snapshot('newest'), 'x');
    const loaded = await loadSnapshot(store, form);
    expect(loaded).toMatchObject({ kind: 'loaded', shelf: 'older' });
    expect(loaded.kind === 'loaded' && loaded.passedOver).toContain('newest');
  });

  it('[LOG-31] of refusals goes on', async () => {
    await raw.set(keys.refused, 'no stream');
    await raw.sadd(keys.refusedUpTo, 'no text');
    await store.writeRefusals([
      {
        source: 'crm',
        type: 't',
        reason: 'missing',
        field: 'f',
        expected: 'e',
        given: 'g',
        entry: '5-1',
      },
    ]);
    expect(await store.readRefusals(10)).toMatchObject([{ source: 'crm', reason: 'missing' }]);
  });
});
