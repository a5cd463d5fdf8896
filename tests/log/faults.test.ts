// A real Redis that is killed, frozen, full, read-only, loading or locked: nothing is lost, nothing is sent twice, and each trouble has its name.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import type { NewEvent } from '../../server/events/event.ts';
import { untilAnswering } from '../../server/log/answering.ts';
import { LogTrouble } from '../../server/log/log.ts';
import { openRedisStore } from '../../server/log/redis-store.ts';
import { warningsOf } from '../../server/log/store.ts';
import type { Store } from '../../server/log/store.ts';
import { startRedis } from '../support/redis-server.ts';
import type { RedisServer, RedisServerOptions } from '../support/redis-server.ts';

const held = (contact: string, id = contact): NewEvent => ({
  type: 'contact.held',
  subject: contact,
  id,
  data: {},
});
const JOURNAL = 'pharos:{main}:events';

/** The names of the trouble, of a write and of a read, or `fine`. */
async function namesOf(store: Store): Promise<readonly (string | null)[]> {
  const name = async (doing: Promise<unknown>): Promise<string | null> =>
    doing.then(
      () => 'fine',
      (error: unknown) => {
        if (!(error instanceof LogTrouble)) throw error;
        return error.reason;
      },
    );
  return [
    await name(store.append([held('probe')])),
    await name(store.read('0-0', { count: 1, blockMs: 100 })),
  ];
}

describe('a Redis in trouble', () => {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });
  async function start(options: RedisServerOptions = {}): Promise<RedisServer> {
    const server = await startRedis(options);
    closers.push(() => server.close());
    return server;
  }
  function open(url: string): Store {
    const store = openRedisStore({ url, site: 'main' });
    closers.push(() => store.close());
    return store;
  }
  async function both(options: RedisServerOptions = {}): Promise<[RedisServer, Store]> {
    const server = await start(options);
    const store = open(server.url);
    expect(await untilAnswering(store, { clock: systemClock, withinMs: 5_000 })).toBeNull();
    await store.read('0-0', { count: 1, blockMs: 0 }).catch(() => undefined);
    return [server, store];
  }

  it.each(['port', 'socket'] as const)(
    '[LOG-50] that is killed is called unreachable, and is read and written again by itself on a %s',
    async (on) => {
      const [server, store] = await both({ on });
      await store.append([held('a')]);
      await server.kill();
      await expect.poll(() => namesOf(store)).toEqual(['unreachable', 'unreachable']);
      await server.restart();
      await expect.poll(() => namesOf(store), { timeout: 5_000 }).toEqual(['fine', 'fine']);
      const [first] = await store.read('0-0', { count: 1, blockMs: 0 });
      expect(first?.fields.subject).toBe('a');
    },
  );

  it('[LOG-51] loses nothing that was acknowledged, and shows each of it once, over cut connections and kills', async () => {
    const [server, store] = await both();
    const acknowledged = new Set<string>();
    const writing = new AbortController();
    const seen: string[] = [];
    async function write(): Promise<void> {
      for (let n = 0; !writing.signal.aborted; n++) {
        const ids = Array.from({ length: 5 }, (_, part) => `${n}.${part}`);
        await store.append(ids.map((id) => held(id))).then(
          () => ids.forEach((id) => acknowledged.add(id)),
          (error: unknown) => expect(error).toBeInstanceOf(LogTrouble),
        );
        // Let the others have their turn, also while every try is refused at once.
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    let position = '0-0';
    async function readOn(): Promise<number> {
      const entries = await store
        .read(position, { count: 500, blockMs: 100 })
        .catch((error: unknown) => {
          expect(error).toBeInstanceOf(LogTrouble);
          return [];
        });
      for (const entry of entries) seen.push(entry.fields.id ?? '');
      position = entries.at(-1)?.id ?? position;
      return entries.length;
    }
    const writer = write();
    for (let round = 1; round <= 6; round++) {
      const enough = acknowledged.size + 200;
      await expect
        .poll(
          async () => {
            await readOn();
            return acknowledged.size;
          },
          { interval: 1, timeout: 10_000 },
        )
        .toBeGreaterThan(enough);
      if (round % 3 === 0) {
        await server.kill();
        await server.restart();
      } else await server.say('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    }
    writing.abort();
    await writer;
    await untilAnswering(store, { clock: systemClock, withinMs: 5_000 });
    await expect.poll(readOn, { interval: 1, timeout: 10_000 }).toBe(0);
    expect(acknowledged.size).toBeGreaterThan(1_000);
    // What was in flight at a cut may be in the log without an acknowledgement, but never twice.
    expect(new Set(seen).size).toBe(seen.length);
    const known = new Set(seen);
    expect([...acknowledged].filter((id) => !known.has(id))).toEqual([]);
  });

  it('[LOG-52] that is frozen is called frozen, by a reader that waits as well, and works again by itself', async () => {
    const [server, store] = await both();
    const reading = (async () => {
      for (;;) await store.read('99-0', { count: 1, blockMs: 1_000 });
    })();
    server.stop();
    const trouble: unknown = await reading.catch((error: unknown) => error);
    expect(trouble).toMatchObject({ name: 'LogTrouble', reason: 'frozen' });
    expect(await namesOf(store)).toEqual(['frozen', 'frozen']);
    server.cont();
    await expect.poll(() => namesOf(store), { timeout: 5_000 }).toEqual(['fine', 'fine']);
  });

  it('[LOG-53] that is full is called OOM, takes nothing of a batch, and can still be read', async () => {
    const [server, store] = await both();
    await store.append([held('a')]);
    await server.say('CONFIG', 'SET', 'maxmemory', '1');
    expect(await namesOf(store)).toEqual(['OOM', 'fine']);
    await expect(store.append([held('b'), held('c')])).rejects.toMatchObject({ reason: 'OOM' });
    await expect(store.probe()).rejects.toMatchObject({ reason: 'OOM' });
    expect((await store.extent()).entriesAdded).toBe(1);
    await server.say('CONFIG', 'SET', 'maxmemory', '0');
    expect(await namesOf(store)).toEqual(['fine', 'fine']);
  });

  it('[LOG-53] that is a replica is called READONLY, and can still be read', async () => {
    const [server, store] = await both();
    await server.say('REPLICAOF', '127.0.0.1', '1');
    expect(await namesOf(store)).toEqual(['READONLY', 'fine']);
    await expect(store.probe()).rejects.toMatchObject({ reason: 'READONLY' });
    await server.say('REPLICAOF', 'NO', 'ONE');
    expect(await namesOf(store)).toEqual(['fine', 'fine']);
    const waiting = store.read('$', { count: 1, blockMs: 2_000 });
    const blocked = `return tonumber(string.match(redis.call('INFO', 'clients'), 'blocked_clients:(%d+)'))`;
    await expect.poll(() => server.say('EVAL', blocked, '0')).toBe(':1');
    await server.say('REPLICAOF', '127.0.0.1', '1');
    await expect(waiting).rejects.toMatchObject({ reason: 'READONLY' });
  });

  it('[LOG-53] that wants a password, or another one, is called NOAUTH', async () => {
    const server = await start({ config: { requirepass: 'right' } });
    for (const password of ['', ':wrong@']) {
      const store = open(server.url.replace('redis://', `redis://${password}`));
      await expect.poll(() => namesOf(store)).toEqual(['NOAUTH', 'NOAUTH']);
    }
    const store = open(server.url.replace('redis://', 'redis://:right@'));
    await expect.poll(() => namesOf(store)).toEqual(['fine', 'fine']);
  });

  it('[LOG-53] that loads its data is called LOADING, and works once it has them', async () => {
    const [server, store] = await both({ config: { rdbcompression: 'no' } });
    await store.append([held('a')]);
    // Forty keys in a base file, each delayed on its way in (microseconds), so that there is something to see.
    for (let n = 0; n < 40; n++) await server.say('SET', `key-${n}`, 'x'.repeat(2_048));
    await server.say('BGREWRITEAOF');
    const files = (): Promise<readonly string[]> => readdir(join(server.dir, 'appendonlydir'));
    await expect.poll(files, { timeout: 10_000 }).toContain('appendonly.aof.2.base.rdb');
    await server.kill();
    server.restartWithoutWaiting({
      'key-load-delay': '200000',
      'loading-process-events-interval-bytes': '1024',
    });
    await expect
      .poll(() => namesOf(store), { timeout: 10_000, interval: 5 })
      .toEqual(['LOADING', 'LOADING']);
    await server.restart();
    await expect.poll(() => namesOf(store), { timeout: 10_000 }).toEqual(['fine', 'fine']);
    expect((await store.extent()).entriesAdded).toBeGreaterThanOrEqual(2);
  });

  it('[LOG-53] whose journal is no stream is called WRONGTYPE', async () => {
    const [server, store] = await both();
    await server.say('SET', JOURNAL, 'not a stream');
    await expect(store.append([held('a')])).rejects.toMatchObject({
      reason: 'WRONGTYPE',
      said: 'WRONGTYPE Operation against a key holding the wrong kind of value',
    });
  });

  it('[LOG-54] whose ids were used up by a huge one says so, and the reader goes on', async () => {
    const [server, store] = await both();
    await server.say('XADD', JOURNAL, '18446744073709551615-18446744073709551615', 'type', 'x');
    await expect(store.append([held('a')])).rejects.toMatchObject({
      reason: null,
      said: expect.stringContaining('last possible ID') as unknown,
    });
    expect(await store.read('0-0', { count: 9, blockMs: 0 })).toHaveLength(1);
  });

  it('[LOG-55] says at the start what of its settings would lose the record', async () => {
    const [server, store] = await both();
    expect(warningsOf((await store.settings())!)).toEqual([]);
    await server.say('CONFIG', 'SET', 'appendonly', 'no');
    await server.say('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    const warnings = warningsOf((await store.settings())!);
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toContain('appendonly off');
    expect(warnings[1]).toContain('allkeys-lru');
    expect(
      warningsOf({ version: '6.2.14', appendOnly: true, evictionPolicy: 'noeviction' }),
    ).toEqual(['Redis is version 6.2.14: Pharos expects 7 or newer.']);
  });
});
