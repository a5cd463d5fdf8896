// One suite for decisions on both stores, then what only a real Redis can do: be full, be spoiled, and lose its reply.
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { untilAnswering } from '../../server/log/answering.ts';
import { ENDED_KEPT_MS } from '../../server/log/decisions.ts';
import type { Decision, Held } from '../../server/log/decisions.ts';
import { keysOf } from '../../server/log/keys.ts';
import { LogTrouble } from '../../server/log/log.ts';
import type { Notice } from '../../server/log/outbox.ts';
import { openMemoryStore } from '../../server/log/memory-store.ts';
import { openRedisStore } from '../../server/log/redis-store.ts';
import { DECIDE } from '../../server/log/scripts/decisions.ts';
import type { Store } from '../../server/log/store.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { openRedisProxy } from '../support/redis-proxy.ts';
import { startRedis } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { MAKERS } from './stores.ts';
import type { Bench } from './stores.ts';

/** Move `revision` of an episode, on the state before it. */
function move(episode: string, revision: number, change: Partial<Decision> = {}): Decision {
  return {
    episode,
    key: 'main hold.long c1',
    expected: revision - 1,
    revision,
    isOpen: true,
    // Marks, quotes and signs beyond the first plane come through the script as they are.
    entry: {
      type: 'alert.moved',
      subject: episode,
      id: `${episode}/${revision}`,
      data: '{"text":"a \\"ß\\" 😀"}',
    },
    notices: [],
    withdrawn: [],
    ...change,
  };
}
function notice(id: string, text: string): Notice {
  return { id, lane: 'person\nlea\nphone', about: 'a', marks: 'tells', dueAt: 5, text };
}
function held({ episode, key, revision, isOpen, entry }: Decision): Held {
  return { episode, key, revision, isOpen, entry, notices: [], told: [] };
}
async function toldIn(store: Store): Promise<readonly string[]> {
  const entries = await store.read('0-0', { count: 1_000, blockMs: 0 });
  return entries.map(({ fields }) => fields.id ?? '');
}

describe.each(MAKERS)('decisions on $name', (maker) => {
  let bench: Bench;
  beforeAll(() => maker.start());
  afterAll(() => maker.stop());
  beforeEach(async () => {
    bench = await maker.open();
  });
  afterEach(() => bench.close());

  it('[ALR-70] takes one of two proposals about the same state, and tells the journal of that one only', async () => {
    const { store } = bench;
    const both = [move('a', 1), move('a', 1)].map((each) => store.decide(each));
    expect((await Promise.all(both)).sort()).toEqual(['stale', 'taken']);
    expect(await store.decide(move('a', 2))).toBe('taken');
    expect(await store.decide(move('a', 2))).toBe('stale');
    expect(await store.decide(move('a', 4))).toBe('stale');
    expect(await toldIn(store)).toEqual(['a/1', 'a/2']);
    const [first] = await store.read('0-0', { count: 1, blockMs: 0 });
    expect(first?.fields).toEqual(move('a', 1).entry);
  });

  it('[ALR-71] lets no second episode of a key open, until the first one ended', async () => {
    const { store } = bench;
    await store.decide(move('a', 1));
    expect(await store.decide(move('b', 1))).toBe('stale');
    expect(await store.decide(move('c', 1, { key: 'another' }))).toBe('taken');
    expect(await store.decide(move('a', 2, { isOpen: false }))).toBe('taken');
    expect(await store.decide(move('b', 1))).toBe('taken');
    expect(await store.decide(move('a', 3))).toBe('stale');
    expect(await store.decide(move('b', 2, { isOpen: false }))).toBe('taken');
    expect(await store.decide(move('a', 3))).toBe('taken');
    expect(await store.decide(move('b', 3))).toBe('stale');
  });

  it('[ALR-72] puts what is to be told into the outbox with the move, each name once, and nothing of what is not taken', async () => {
    const { store } = bench;
    await store.decide(
      move('a', 1, { notices: [notice('n1', 'one'), { ...notice('n2', 'two'), about: 'b' }] }),
    );
    await store.decide(move('a', 1, { notices: [notice('n3', 'stale')] }));
    await store.decide(
      move('a', 2, {
        notices: [notice('n2', 'again'), { ...notice('n4', '{"ß":"😀"}'), about: 'c' }],
      }),
    );
    expect(await bench.outbox()).toEqual(
      new Map([
        ['n1', 'one'],
        ['n2', 'two'],
        ['n4', '{"ß":"😀"}'],
      ]),
    );
  });

  it('[ALR-73] takes back what a floor holds after it was emptied, the highest revision of all floors, and tells nobody', async () => {
    const { store } = bench;
    const [one, two, three] = [move('a', 1), move('a', 2), move('a', 3)];
    for (const each of [one, two, three]) await store.decide(each);
    await bench.wipeEpisodes();
    expect(await store.decide(move('a', 4))).toBe('stale');
    expect(await store.reconcile(held(two))).toBe('written');
    expect(await store.reconcile(held(three))).toBe('written');
    expect(await store.reconcile(held(three))).toBe('same');
    expect(await toldIn(store)).toEqual(['a/2', 'a/3']);
    expect(await bench.outbox()).toEqual(new Map());
    expect(await store.decide(move('b', 1))).toBe('stale');
    expect(await store.decide(move('a', 4))).toBe('taken');
  });

  it('[ALR-77] takes back with the episode what was to be told, each name once, and where something of it has arrived', async () => {
    const { store } = bench;
    await store.decide(move('a', 1, { notices: [notice('n1', '"x"')] }));
    await bench.wipeEpisodes();
    const told = ['person\nlea\nmail'];
    const back: Held = { ...held(move('a', 1)), notices: [notice('n1', '"x"')], told };
    expect(await store.reconcile(back)).toBe('written');
    expect(await store.reconcile(back)).toBe('same');
    expect([...(await bench.outbox()).keys()]).toEqual(['n1']);
    const end = { ...notice('end', '"y"'), lane: 'person\nlea\nmail', marks: 'ends' } as const;
    await store.decide(move('a', 2, { isOpen: false, notices: [end] }));
    const { claimed } = await store.claim({ token: 't', leaseMs: 10_000, lanes: 10 });
    const heard = claimed.map(({ lane, told: of }) => [lane, [...of]]);
    expect(new Map(heard as [string, string[]][])).toEqual(
      new Map([
        ['person\nlea\nphone', []],
        ['person\nlea\nmail', ['a']],
      ]),
    );
    // What was told is not written again, whoever holds it.
    for (const { lane, token, rows } of claimed)
      await store.settle({
        ...{ lane, token, ids: rows.map(({ id }) => id), entries: [] },
        outcome: { kind: 'gone' },
      });
    expect(await store.reconcile({ ...back, revision: 3 })).toBe('written');
    expect(await bench.outbox()).toEqual(new Map());
  });

  it('[ALR-73] says again what a floor has not heard, also of an episode that the floor does not know', async () => {
    const { store } = bench;
    for (const each of [move('a', 1), move('a', 2, { isOpen: false }), move('b', 1)])
      await store.decide(each);
    await bench.cut(0);
    expect(await store.reconcile(held(move('a', 1)))).toBe('retold');
    // Another one of its key is open: that one is said as well.
    expect(await toldIn(store)).toEqual(['b/1', 'a/2']);
    const unknown = { revision: 0, entry: null };
    expect(await store.reconcile({ ...held(move('b', 1)), ...unknown })).toBe('retold');
    expect(await store.reconcile({ ...held(move('c', 1)), ...unknown })).toBe('same');
    expect(await toldIn(store)).toEqual(['b/1', 'a/2', 'b/1', 'b/1']);
  });

  it('[ALR-73] takes an end that it had forgotten, so that the key is free again', async () => {
    const { store } = bench;
    await store.decide(move('a', 1));
    // Set back: the end was decided, and lost with the power.
    expect(await store.reconcile(held(move('a', 2, { isOpen: false })))).toBe('written');
    expect(await store.decide(move('b', 1))).toBe('taken');
    // A twin from before is written down, does not take the key, and can end.
    expect(await store.reconcile(held(move('t', 3)))).toBe('written');
    expect(await store.decide(move('t', 4, { isOpen: false }))).toBe('taken');
    expect(await store.decide(move('t', 5))).toBe('stale');
    expect(await store.decide(move('b', 2))).toBe('taken');
  });
});

describe('decisions, in time', () => {
  it('[ALR-74] forgets an ended episode after 48 h on the twin, and no open one', async () => {
    const clock = createManualClock();
    const store = openMemoryStore(clock);
    await store.decide(move('a', 1));
    await store.decide(move('a', 2, { isOpen: false }));
    await store.decide(move('b', 1));
    await clock.advance(ENDED_KEPT_MS - 1);
    const end = async (name: string): Promise<void> => {
      await store.decide(move(name, 1, { key: name, isOpen: false }));
    };
    await end('x');
    expect(await store.decide(move('a', 3, { isOpen: false }))).toBe('taken');
    await clock.advance(ENDED_KEPT_MS);
    await end('y');
    expect(await store.decide(move('a', 4, { isOpen: false }))).toBe('stale');
    expect(await store.decide(move('b', 2))).toBe('taken');
  });
});

describe('decisions on a Redis in trouble', () => {
  let server: RedisServer;
  let store: Store;
  let raw: Redis;
  const keys = keysOf('main');
  beforeAll(async () => {
    server = await startRedis();
    raw = new Redis(server.url);
  });
  afterAll(async () => {
    raw.disconnect();
    await server.close();
  });
  beforeEach(async () => {
    await raw.flushall();
    store = await open(server.url);
  });
  afterEach(() => store.close());
  async function open(url: string): Promise<Store> {
    const opened = openRedisStore({ url, site: 'main' });
    expect(await untilAnswering(opened, { clock: systemClock, withinMs: 5_000 })).toBeNull();
    return opened;
  }
  async function sizes(): Promise<readonly number[]> {
    const { journal, episodes, openEpisodes, endedEpisodes, outbox } = keys;
    const [rows = '', queue = ''] = outbox;
    return Promise.all([
      raw.xlen(journal),
      raw.hlen(episodes),
      raw.hlen(openEpisodes),
      raw.zcard(endedEpisodes),
      raw.hlen(rows),
      raw.zcard(queue),
    ]);
  }
  const notices = [notice('n1', 'one')];

  it('[ALR-74] forgets an ended episode after 48 h', async () => {
    await store.decide(move('a', 1, { isOpen: false }));
    await store.decide(move('b', 1, { isOpen: false }));
    await raw.zincrby(keys.endedEpisodes, -ENDED_KEPT_MS, 'a');
    await raw.zincrby(keys.endedEpisodes, 60_000 - ENDED_KEPT_MS, 'b');
    await store.decide(move('c', 1, { isOpen: false }));
    expect((await raw.hkeys(keys.episodes)).sort()).toEqual(['b', 'c']);
    expect(await raw.zrange(keys.endedEpisodes, '0', '-1')).toEqual(['b', 'c']);
  });

  it('[ALR-75] writes nothing at all where the memory is full', async () => {
    await store.decide(move('a', 1));
    const before = await sizes();
    await raw.config('SET', 'maxmemory', '1');
    try {
      const trouble = await store
        .decide(move('a', 2, { notices }))
        .catch((error: unknown) => error);
      expect(trouble).toMatchObject({ reason: 'OOM' });
      expect(trouble).toBeInstanceOf(LogTrouble);
    } finally {
      await raw.config('SET', 'maxmemory', '0');
    }
    expect(await sizes()).toEqual(before);
    expect(await store.decide(move('a', 2, { notices }))).toBe('taken');
  });

  it.each([
    [
      'the last possible id is given',
      () => raw.xadd(keys.journal, '18446744073709551615-18446744073709551615', 'a', 'b'),
    ],
    ['the journal is no stream', () => raw.set(keys.journal, 'x')],
  ])('[ALR-75] writes nothing at all where %s', async (_, spoil) => {
    await spoil();
    const before = await raw.dbsize();
    await expect(store.decide(move('a', 1, { notices }))).rejects.toBeInstanceOf(LogTrouble);
    expect(await raw.dbsize()).toBe(before);
  });

  it.each([
    ['the revisions are no hash', keys.episodes],
    ['the open ones are no hash', keys.openEpisodes],
    ['the ended ones are no set', keys.endedEpisodes],
  ])('[ALR-75] decides all the same where %s, and keeps that', async (_, key) => {
    await raw.set(key, 'x');
    expect(await store.decide(move('a', 1, { notices }))).toBe('taken');
    expect(await store.decide(move('a', 2, { isOpen: false }))).toBe('taken');
    expect(await raw.get(`${key}:unreadable`)).toBe('x');
  });

  it('[ALR-76] has taken a proposal whose reply is lost: the journal tells, and it is not taken twice', async () => {
    const scripts = new Map([[DECIDE.sha1, 'DECIDE']]);
    const proxy = await openRedisProxy({ target: server.url, scripts });
    const far = await open(proxy.url);
    try {
      const reached = proxy.stopAt({ kind: 'DECIDE', moment: 'unanswered' }, () => undefined);
      // Redis learns the script first, so that the call is the one that is stopped.
      await store.decide(move('z', 1, { key: 'z' }));
      const answer = far.decide(move('a', 1, { notices })).catch((error: unknown) => error);
      await reached;
      proxy.release();
      expect(await answer).toBeInstanceOf(LogTrouble);
      expect(await toldIn(store)).toEqual(['z/1', 'a/1']);
      expect(await untilAnswering(far, { clock: systemClock, withinMs: 5_000 })).toBeNull();
      expect(await far.decide(move('a', 1, { notices }))).toBe('stale');
      expect(await toldIn(store)).toEqual(['z/1', 'a/1']);
      expect(await raw.hlen(keys.outbox[0] ?? '')).toBe(1);
    } finally {
      await far.close();
      await proxy.close();
    }
  });
});
