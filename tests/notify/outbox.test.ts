// The outbox on both stores: each row goes out once, in order, from one server at a time.
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { untilAnswering } from '../../server/log/answering.ts';
import { decode } from '../../server/events/decode.ts';
import type { Decision } from '../../server/log/decisions.ts';
import { keysOf } from '../../server/log/keys.ts';
import { openMemoryStore } from '../../server/log/memory-store.ts';
import { laneOf } from '../../server/log/outbox.ts';
import type { Claimed, Notice, Outcome } from '../../server/log/outbox.ts';
import { openRedisStore } from '../../server/log/redis-store.ts';
import type { Store } from '../../server/log/store.ts';
import { MAKERS } from '../log/stores.ts';
import type { Bench } from '../log/stores.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { startRedis } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';

const PHONE = laneOf({ owner: 'person', of: 'lea', channel: 'phone' });
const MAIL = laneOf({ owner: 'person', of: 'lea', channel: 'mail' });
const SENT: Outcome = { kind: 'sent', counts: 'news', isUrgent: false, over: null };
const dead = (why: string): Outcome => ({ kind: 'dead', why, tries: 3, via: 'push' });
let decisions = 0;
let tokens = 0;

function row(id: string, change: Partial<Notice> = {}): Notice {
  return {
    id,
    lane: PHONE,
    about: `of ${id}`,
    marks: 'tells',
    dueAt: 5,
    text: `"${id} ß😀"`,
    ...change,
  };
}
async function put(
  store: Store,
  notices: readonly Notice[],
  withdrawn: readonly string[] = [],
): Promise<void> {
  const episode = `e${++decisions}`;
  const entry = { type: 'alert.moved', subject: episode, data: '{}' };
  const made: Decision = {
    ...{ episode, key: episode, expected: 0, revision: 1, isOpen: true },
    ...{ entry, notices, withdrawn },
  };
  expect(await store.decide(made)).toBe('taken');
}
async function claim(store: Store, leaseMs = 10_000): Promise<readonly Claimed[]> {
  const look = await store.claim({ token: `t${++tokens}`, leaseMs, lanes: 10 });
  return look.claimed;
}
/** What of this lane is in our hands now. */
async function only(store: Store): Promise<Claimed> {
  const [claimed, ...more] = await claim(store);
  expect(more).toEqual([]);
  return claimed!;
}
async function end(
  store: Store,
  { lane, token, rows }: Claimed,
  outcome: Outcome,
  entries: readonly Readonly<Record<string, string>>[] = [],
): Promise<boolean> {
  return store.settle({ lane, token, ids: [rows[0]!.id], outcome, entries });
}
const idsOf = ({ rows }: Claimed): readonly string[] => rows.map(({ id }) => id);

describe.each(MAKERS)('the outbox on $name', (maker) => {
  let bench: Bench;
  let store: Store;
  beforeAll(() => maker.start());
  afterAll(() => maker.stop());
  beforeEach(async () => {
    bench = await maker.open();
    store = bench.store;
  });
  afterEach(() => bench.close());

  it('[NOT-2] hands a lane to one server at a time, with its rows in the order of their time', async () => {
    await put(store, [row('b', { dueAt: 7 }), row('a', { dueAt: 6 }), row('m', { lane: MAIL })]);
    const [first, second, ...more] = await claim(store);
    expect(more).toEqual([]);
    const lanes = new Map([first!, second!].map((each) => [each.lane, idsOf(each)]));
    expect(lanes).toEqual(
      new Map([
        [PHONE, ['a', 'b']],
        [MAIL, ['m']],
      ]),
    );
    expect(await claim(store)).toEqual([]);
    const phone = [first!, second!].find(({ lane }) => lane === PHONE)!;
    expect(phone.rows[0]).toEqual({ ...row('a', { dueAt: 6 }), tries: 0, firstAt: null });
    expect(await end(store, phone, SENT)).toBe(true);
    const next = await only(store);
    expect([next.lane, idsOf(next), next.calm.lately]).toEqual([PHONE, ['b'], 1]);
    expect(next.told).toEqual(new Set());
  });

  it('[NOT-2] hands nothing out before it is due, and says when that is', async () => {
    const now = await store.time();
    const dueAt = Math.floor(now) + 600_000;
    await put(store, [row('late', { dueAt })]);
    const look = await store.claim({ token: 'x', leaseMs: 10_000, lanes: 10 });
    expect([look.claimed, look.nextAt]).toEqual([[], dueAt]);
    await put(store, [row('now', { about: 'other' })]);
    expect(idsOf(await only(store))).toEqual(['now']);
  });

  it('[NOT-3] lets another server go on once a lease is over, with the same id; who was late settles nothing', async () => {
    await put(store, [row('a')]);
    const [dead] = await claim(store, 1);
    await expect.poll(async () => Math.floor(await store.time())).toBeGreaterThan(0);
    let taken: readonly Claimed[] = [];
    await expect.poll(async () => (taken = await claim(store)).length).toBe(1);
    expect(idsOf(taken[0]!)).toEqual(['a']);
    expect(await end(store, dead!, SENT)).toBe(false);
    expect(await end(store, taken[0]!, SENT)).toBe(true);
    expect(await end(store, taken[0]!, SENT)).toBe(false);
    expect(await claim(store)).toEqual([]);
  });

  it('[NOT-81] keeps a lane in hand while its lease is renewed, and lets nobody renew another’s', async () => {
    await put(store, [row('a')]);
    const [ours] = await claim(store, 300);
    const { lane, token } = ours!;
    await store.renew({ lane, token: 'of-another', leaseMs: 0 });
    expect(await claim(store)).toEqual([]);
    await store.renew({ lane, token, leaseMs: 60_000 });
    const look = await store.claim({ token: 'x', leaseMs: 1, lanes: 10 });
    expect(look.claimed).toEqual([]);
    expect(look.nextAt! - (await store.time())).toBeGreaterThan(50_000);
    expect(await end(store, ours!, SENT)).toBe(true);
    await store.renew({ lane, token, leaseMs: 60_000 });
    await put(store, [row('b')]);
    expect(idsOf(await only(store))).toEqual(['b']);
  });

  it('[NOT-4] never writes again what was told, dropped or given up, nor what waits', async () => {
    await put(store, [row('a'), row('b', { dueAt: 6 }), row('c', { dueAt: 7 })]);
    await put(store, [row('a', { text: '"other"' })]);
    const first = await only(store);
    expect(first.rows[0]!.text).toBe('"a ß😀"');
    await end(store, first, SENT);
    await end(store, await only(store), { kind: 'gone' });
    await end(store, await only(store), dead('refused'));
    await put(store, [row('a'), row('b'), row('c')]);
    expect(await claim(store)).toEqual([]);
    expect(await bench.outbox()).toEqual(new Map());
  });

  it('[NOT-5] waits with a lane until its next try, counts the tries, and keeps the order', async () => {
    await put(store, [row('a'), row('b', { dueAt: 6 })]);
    const at = Math.floor(await store.time()) + 600_000;
    await end(store, await only(store), { kind: 'again', at });
    await put(store, [row('urgent', { dueAt: 1 })]);
    const look = await store.claim({ token: 'x', leaseMs: 10_000, lanes: 10 });
    expect([look.claimed, look.nextAt]).toEqual([[], at]);
    // Another lane is not held up by it.
    await put(store, [row('m', { lane: MAIL })]);
    await end(store, await only(store), SENT);
  });

  it('[NOT-5] says how often a row was tried, and since when', async () => {
    await put(store, [row('a')]);
    const before = Math.floor(await store.time());
    await end(store, await only(store), { kind: 'again', at: 1 });
    await end(store, await only(store), { kind: 'again', at: 2 });
    const [{ tries, firstAt }] = (await only(store)).rows as [Claimed['rows'][0]];
    expect(tries).toBe(2);
    expect(firstAt).toBeGreaterThanOrEqual(before);
    expect(firstAt).toBeLessThanOrEqual(await store.time());
  });

  it('[NOT-6] takes back what nobody was told yet, and lets it come again', async () => {
    const dueAt = Math.floor(await store.time()) + 600_000;
    await put(store, [row('end', { dueAt, marks: 'ends' })]);
    await put(store, [], ['end', 'unknown']);
    const look = await store.claim({ token: 'x', leaseMs: 10_000, lanes: 10 });
    expect([look.claimed, look.nextAt]).toEqual([[], null]);
    await put(store, [row('end', { marks: 'ends' })]);
    expect(idsOf(await only(store))).toEqual(['end']);
  });

  it('[NOT-7] knows of what something has arrived, until its end has', async () => {
    const ep = { about: 'ep' };
    await put(store, [row('fire', ep), row('end', { ...ep, dueAt: 6, marks: 'ends' })]);
    const first = await only(store);
    expect(first.told).toEqual(new Set());
    await end(store, first, SENT);
    const second = await only(store);
    expect(second.told).toEqual(new Set(['ep']));
    await end(store, second, { ...SENT, counts: 'end' });
    await put(store, [row('later', { ...ep, dueAt: 8 })]);
    const third = await only(store);
    expect([third.told, third.calm.lately, third.endsLately]).toEqual([new Set(), 1, 1]);
  });

  it('[NOT-8] holds rows for a digest and lets others of the lane pass', async () => {
    const until = Math.floor(await store.time()) + 600_000;
    await put(store, [row('a'), row('b', { dueAt: 6 })]);
    await end(store, await only(store), { kind: 'held', until, isUrgent: false });
    const rest = await only(store);
    expect([idsOf(rest), rest.calm.heldUntil]).toEqual([['b'], until]);
    await end(store, rest, SENT);
    const look = await store.claim({ token: 'x', leaseMs: 10_000, lanes: 10 });
    expect([look.claimed, look.nextAt]).toEqual([[], until]);
  });

  it('[NOT-68] lets a later row take the place of what waits of its episode in its lane, and says whose', async () => {
    const ep = { about: 'ep' };
    await put(store, [
      row('fire', ep),
      row('m', { ...ep, lane: MAIL }),
      row('other', { about: 'ep2' }),
    ]);
    await put(store, [row('escalate', { ...ep, dueAt: 6 })]);
    await put(store, [row('raise', { ...ep, dueAt: 7 })]);
    // What has given up its place does not come again.
    await put(store, [row('fire', ep)]);
    const claimed = await claim(store);
    const phone = claimed.find(({ lane }) => lane === PHONE)!;
    expect(idsOf(phone)).toEqual(['other', 'raise']);
    expect(phone.rows[1]?.insteadOf?.toSorted()).toEqual(['escalate', 'fire']);
    expect(claimed.find(({ lane }) => lane === MAIL)?.rows).toHaveLength(1);
  });

  it('[NOT-68] leaves alone what may be on its way, and what was tried', async () => {
    const ep = { about: 'ep' };
    await put(store, [row('fire', ep)]);
    const inHand = await only(store);
    await put(store, [row('escalate', { ...ep, dueAt: 6 })]);
    await end(store, inHand, { kind: 'again', at: 7 });
    await put(store, [row('raise', { ...ep, dueAt: 8 })]);
    const next = await only(store);
    expect(idsOf(next)).toEqual(['fire', 'raise']);
    expect(next.rows[1]?.insteadOf).toEqual(['escalate']);
  });

  it('[NOT-68] takes away what is held of an episode when its end is due, and not what came after that end', async () => {
    const ep = { about: 'ep' };
    const until = Math.floor(await store.time()) + 600_000;
    const held: Outcome = { kind: 'held', until, isUrgent: false };
    await put(store, [row('a', ep)]);
    await end(store, await only(store), held);
    await put(store, [row('a-end', { ...ep, dueAt: 6, marks: 'ends' })]);
    const first = await only(store);
    expect(first.rows).toMatchObject([{ id: 'a-end', insteadOf: ['a'] }]);
    expect([...(await bench.outbox()).keys()]).toEqual(['a-end']);
    await end(store, first, { kind: 'gone' });
    const later = Math.floor(await store.time()) + 300;
    await put(store, [
      row('b', { about: 'ep2' }),
      row('b-end', { about: 'ep2', dueAt: later, marks: 'ends' }),
    ]);
    await put(store, [row('b-again', { about: 'ep2' })]);
    await end(store, await only(store), held);
    let taken: readonly Claimed[] = [];
    await expect.poll(async () => (taken = await claim(store)).length, { timeout: 5_000 }).toBe(1);
    expect(idsOf(taken[0]!)).toEqual(['b-end']);
    expect([...(await bench.outbox()).keys()].sort()).toEqual(['b-again', 'b-end']);
  });

  it('[NOT-69] keeps 1,500 rows of a lane, 2,000 with urgent ones, and of more the number, which a dead letter tells once it was told', async () => {
    const rows = (name: string, count: number, isUrgent: boolean): readonly Notice[] =>
      Array.from({ length: count }, (_, at) =>
        row(`${name}${at}`, { about: `${name}${at}`, ...(isUrgent ? { isUrgent } : {}) }),
      );
    await put(store, rows('calm', 1_600, false));
    await put(store, rows('urgent', 510, true));
    expect((await store.backlog()).rows).toBe(2_000);
    const claimed = await only(store);
    expect([claimed.rows.length, claimed.calm.over, claimed.urgent.over]).toEqual([2_000, 100, 10]);
    const { lane, token } = claimed;
    const ids = claimed.rows.filter(({ isUrgent }) => isUrgent).map(({ id }) => id);
    const over = { count: 10, why: 'too many', via: 'push' };
    const outcome: Outcome = { ...SENT, isUrgent: true, over };
    expect(await store.settle({ lane, token, ids, outcome, entries: [] })).toBe(true);
    const rest = await only(store);
    expect([rest.rows.length, rest.calm, rest.urgent]).toEqual([
      1_500,
      { lately: 0, heldUntil: null, over: 100 },
      { lately: 1, heldUntil: null, over: 0 },
    ]);
    const [letter, ...more] = await store.deadLetters(10);
    expect([more, letter?.why, letter?.via]).toEqual([[], 'too many', 'push']);
    await put(store, rows('urgent', 510, true));
    expect((await store.backlog()).rows).toBe(1_500);
  });

  it('[NOT-9] tells the journal in the step that settles, and keeps what was given up', async () => {
    await put(store, [row('a')]);
    const before = (await store.extent()).length;
    const claimed = await only(store);
    const told = [{ type: 'alert.told', subject: 'ep', data: '{"why":"ß"}' }];
    await end(store, { ...claimed, token: 'another' }, SENT, told);
    expect((await store.extent()).length).toBe(before);
    await end(store, claimed, dead('the receiver said 500 😀'), told);
    const entries = await store.read('0-0', { count: 100, blockMs: 0 });
    expect(entries.at(-1)?.fields).toEqual(told[0]);
    const [letter, ...more] = await store.deadLetters(10);
    expect(more).toEqual([]);
    expect(letter).toMatchObject({ why: 'the receiver said 500 😀', notice: row('a') });
    expect([letter?.tries, letter?.via]).toEqual([3, 'push']);
  });

  it('[NOT-16] says how much waits, and since when the oldest has been due', async () => {
    expect(await store.backlog()).toEqual({ rows: 0, oldestDueAt: null });
    const later = Math.floor(await store.time()) + 600_000;
    await put(store, [row('a', { dueAt: 7 }), row('b', { dueAt: later, lane: MAIL })]);
    await put(store, [row('c', { dueAt: 6, lane: MAIL })]);
    expect(await store.backlog()).toEqual({ rows: 3, oldestDueAt: 6 });
    for (const lane of await claim(store)) await end(store, lane, SENT);
    expect(await store.backlog()).toEqual({ rows: 1, oldestDueAt: later });
  });

  it('[NOT-10] keeps channels by lane, tells every server of a change, and has one secret of a name', async () => {
    const at = async (): Promise<string> =>
      (await store.claim({ token: 'x', leaseMs: 1, lanes: 1 })).channelsAt;
    const before = await at();
    await store.putChannel(PHONE, '{"kind":"push"}');
    expect(await at()).not.toBe(before);
    const textOf = async (): Promise<string | null | undefined> =>
      (await store.channels()).get(PHONE)?.text;
    expect(await textOf()).toBe('{"kind":"push"}');
    const then = await at();
    await store.putChannel(PHONE, null);
    expect(await at()).not.toBe(then);
    expect(await textOf()).toBeNull();
    expect([await store.secret('vapid', 'one'), await store.secret('vapid', 'two')]).toEqual([
      'one',
      'one',
    ]);
  });
});

describe.each(MAKERS)('a full lane on $name', (maker) => {
  beforeAll(() => maker.start());
  afterAll(() => maker.stop());

  it('[NOT-76] lets the journal hear of what found no room, ends and all, and does not write it again', async () => {
    const bench = await maker.open();
    const { store } = bench;
    const text = JSON.stringify({ kind: 'end' });
    const end = row('x-end', { about: 'x', marks: 'ends', text });
    const alarm = row('y', { about: 'y', text: JSON.stringify({ kind: 'fire' }) });
    await put(
      store,
      Array.from({ length: 1_500 }, (_, at) => row(`n${at}`)),
    );
    for (let twice = 0; twice < 2; twice++) await put(store, [end, alarm]);
    const entries = (await store.read('0-0', { count: 2_000, blockMs: 0 })).filter(
      ({ fields }) => fields.type === 'alert.told',
    );
    const around = { owner: 'person', of: 'lea', channel: 'phone', attempt: 0, via: 'none' };
    const said = { ...around, outcome: 'dropped', why: 'too many waited' };
    expect(entries.map(({ fields }) => JSON.parse(fields.data ?? '') as unknown)).toEqual([
      { ...said, notification: 'x-end', kind: 'end', at: expect.any(Number) as number },
      { ...said, notification: 'y', kind: 'fire', at: expect.any(Number) as number },
    ]);
    for (const { fields } of entries)
      expect(
        decode(fields, { entryAt: 0, entryId: '1-1', trusted: true }),
        fields.data,
      ).toMatchObject({ kind: 'event' });
    expect([...(await bench.outbox()).keys()].filter((id) => !id.startsWith('n'))).toEqual([]);
    await bench.close();
  });

  it('[NOT-74] keeps with each row in which digest it was sent, and puts no newer one in its place', async () => {
    const bench = await maker.open();
    const { store } = bench;
    await put(store, [row('a', { about: 'ep' }), row('b', { about: 'ep2' })]);
    const first = (await claim(store, 1))[0]!;
    const digest = { id: 'd', over: 3 };
    const packing = {
      ...{ lane: first.lane, token: first.token, ids: ['a', 'b'], entries: [] },
      outcome: { kind: 'packed', digest },
    } as const;
    expect(await store.settle({ ...packing, token: 'another' })).toBe(false);
    expect(await store.settle(packing)).toBe(true);
    await put(store, [row('worse', { about: 'ep', dueAt: 6 })]);
    let taken: readonly Claimed[] = [];
    await expect.poll(async () => (taken = await claim(store)).length).toBe(1);
    expect(taken[0]?.rows.map(({ id, digest: of, tries }) => [id, of, tries])).toEqual([
      ['a', digest, 0],
      ['b', digest, 0],
      ['worse', undefined, 0],
    ]);
    await end(store, taken[0]!, { kind: 'gone' });
    // Nobody has it in hand now.
    await put(store, [row('worse2', { about: 'ep2', dueAt: 7 })]);
    expect([...(await bench.outbox()).keys()].sort()).toEqual(['b', 'worse', 'worse2']);
    await bench.close();
  });
});

describe.each(MAKERS)('channels given back on $name', (maker) => {
  beforeAll(() => maker.start());
  afterAll(() => maker.stop());

  it('[NOT-14] are merged: of each lane the newer one stands, also where that is that it was taken away', async () => {
    const bench = await maker.open();
    const { store } = bench;
    const all = async (): Promise<unknown> =>
      [...(await store.channels())].map(([lane, { text }]) => [lane, text]).sort();
    await store.putChannel('old', 'old');
    await store.putChannel('away', 'there');
    const before = await store.channels();
    await store.putChannel('old', 'new');
    await store.putChannel('away', null);
    await store.giveBackChannels(before);
    expect(await all()).toEqual([
      ['away', null],
      ['old', 'new'],
    ]);
    const later = { changedAt: 9_000_000_000_000_000 };
    await store.giveBackChannels(
      new Map([
        ['old', { text: null, ...later }],
        ['lost', { text: 'lost', changedAt: 5 }],
        ['never', { text: null, changedAt: 5 }],
      ]),
    );
    expect(await all()).toEqual([
      ['away', null],
      ['lost', 'lost'],
      ['old', null],
    ]);
    await store.putChannel('old', 'again');
    expect((await store.channels()).get('old')?.changedAt).toBeGreaterThan(later.changedAt);
    await bench.close();
  });
});

describe('the outbox, in time', () => {
  it('[NOT-4] forgets what was told after 48 h, and a dead letter after seven days', async () => {
    const clock = createManualClock();
    const store = openMemoryStore(clock);
    await put(store, [row('a'), row('b', { dueAt: 6 })]);
    await end(store, await only(store), SENT);
    await end(store, await only(store), dead('gone'));
    await clock.advance(48 * 3_600_000 - 1);
    await put(store, [row('a')]);
    expect(await claim(store)).toEqual([]);
    await clock.advance(1);
    await put(store, [row('x')]);
    await end(store, await only(store), SENT);
    await put(store, [row('a')]);
    expect(idsOf(await only(store))).toEqual(['a']);
    expect(await store.deadLetters(10)).toHaveLength(1);
  });
});

describe.each(MAKERS)('dead letters on $name', (maker) => {
  beforeAll(() => maker.start());
  afterAll(() => maker.stop());

  it('[NOT-15] are the newest thousand, newest first', async () => {
    const bench = await maker.open();
    const { store } = bench;
    const many = Array.from({ length: 1_010 }, (_, at) => row(`n${at}`, { dueAt: at }));
    await put(store, many);
    for (let at = 0; at < 1_010;) {
      const { lane, token, rows } = await only(store);
      const ids = rows.map(({ id }) => id);
      await store.settle({ lane, token, ids, outcome: dead('no'), entries: [] });
      at += rows.length;
    }
    const letters = await store.deadLetters(2_000);
    expect(letters).toHaveLength(1_000);
    expect(new Set(letters.map(({ notice: { id } }) => id)).size).toBe(1_000);
    expect(letters.map(({ at }) => at)).toEqual(letters.map(({ at }) => at).sort((a, b) => b - a));
    await bench.close();
  });
});

describe('the outbox on a Redis in trouble', () => {
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
    store = openRedisStore({ url: server.url, site: 'main' });
    expect(await untilAnswering(store, { clock: systemClock, withinMs: 5_000 })).toBeNull();
  });
  afterEach(() => store.close());

  it('[NOT-11] goes on though something else stands in the place of each of its keys, and keeps that', async () => {
    const episodes = [keys.episodes, keys.openEpisodes, keys.endedEpisodes];
    const all = [
      ...keys.outbox,
      ...episodes,
      keys.channels,
      keys.channelsChanged,
      keys.channelsAt,
      keys.secrets,
    ];
    for (const key of all) await raw.rpush(key, 'x');
    await put(store, [row('a'), row('b', { dueAt: 6 })]);
    await end(store, await only(store), SENT);
    await end(store, await only(store), dead('no'));
    await store.putChannel(PHONE, '{}');
    const changedAt = expect.any(Number) as number;
    expect(await store.channels()).toEqual(new Map([[PHONE, { text: '{}', changedAt }]]));
    expect(await store.secret('vapid', 'one')).toBe('one');
    for (const key of all) expect(await raw.lrange(`${key}:unreadable`, 0, -1), key).toEqual(['x']);
  });

  it('[NOT-11] passes over rows that it did not write', async () => {
    const [rows = '', queue = '', lanes = ''] = keys.outbox;
    await raw.hset(rows, 'odd', 'no JSON');
    await raw.zadd(queue, 0, `${PHONE}\n0000000000001\nodd`, 0, `${PHONE}\n0000000000002\ngone`);
    await raw.zadd(lanes, 1, PHONE, 1, 'nothing');
    await put(store, [row('a')]);
    expect(idsOf(await only(store))).toEqual(['a']);
    expect(await raw.hkeys(rows)).toEqual(['a']);
  });

  it('[NOT-11] passes over what is JSON and no row, and rows of another lane', async () => {
    const [rows = '', queue = '', lanes = ''] = keys.outbox;
    const odd = ['{}', '[]', '7', '{"lane":"x"}', JSON.stringify({ ...row('e'), dueAt: 'soon' })];
    for (const [index, text] of odd.entries()) {
      await raw.hset(rows, `odd${index}`, text);
      await raw.zadd(queue, 0, `${PHONE}\n000000000000${index}\nodd${index}`);
    }
    await raw.zadd(lanes, 1, PHONE);
    await put(store, [row('m', { lane: MAIL }), row('a')]);
    await raw.zadd(queue, 0, `${PHONE}\n0000000000001\nm`);
    const claimed = await claim(store);
    expect(claimed.map((each) => [each.lane, idsOf(each)])).toEqual(
      expect.arrayContaining([
        [PHONE, ['a']],
        [MAIL, ['m']],
      ]),
    );
    expect((await raw.hkeys(rows)).sort()).toEqual(['a', 'm']);
  });

  it('[NOT-11] adds though a row has no list, a count is no number, and a claim has no lane', async () => {
    const [rows = '', , , claims = '', , , , , , , over = ''] = keys.outbox;
    await put(store, [row('old', { about: 'same' })]);
    await raw.hset(rows, 'old', JSON.stringify({ ...row('old', { about: 'same' }), insteadOf: 7 }));
    await raw.hset(over, PHONE, 'many', MAIL, '-3');
    await raw.hset(claims, MAIL, 'nobody:1');
    await put(store, [row('new', { about: 'same' }), row('m', { lane: MAIL })]);
    const claimed = await claim(store);
    expect(claimed.map((each) => [each.lane, idsOf(each), each.calm.over])).toEqual(
      expect.arrayContaining([
        [PHONE, ['new'], 0],
        [MAIL, ['m'], 0],
      ]),
    );
  });

  it.each([
    ['lanes', 2],
    ['queue', 1],
  ])('[NOT-11] hands out what waited though its %s were lost', async (_name, index) => {
    const key = keys.outbox[index] ?? '';
    await put(store, [row('a'), row('b', { dueAt: 6 }), row('m', { lane: MAIL })]);
    const taken = (await claim(store)).find(({ lane }) => lane === PHONE)!;
    await end(store, taken, { kind: 'again', at: Date.now() + 3_600_000 });
    await raw.del(key);
    await raw.set(key, 'x');
    await put(store, [row('c', { dueAt: 7 })]);
    const claimed = await claim(store);
    expect(claimed.map((each) => [each.lane, idsOf(each)])).toEqual(
      expect.arrayContaining([
        [PHONE, ['a', 'b', 'c']],
        [MAIL, ['m']],
      ]),
    );
  });

  it('[NOT-11] decides and reconciles though what Redis held of an episode is rubbish', async () => {
    const entry = { type: 'alert.moved', subject: 'ep', data: '{}' };
    const nothing = { entry, notices: [], told: [] };
    for (const text of ['99 no JSON', '99 []', '99 {"a":1}', 'x']) {
      await raw.hset(keys.episodes, 'ep', text);
      await raw.hset(keys.openEpisodes, 'key', 'nobody');
      const held = { episode: 'ep', key: 'key', revision: 3, isOpen: true, ...nothing };
      expect(await store.reconcile(held), text).toBe('written');
      expect(await raw.hget(keys.openEpisodes, 'key')).toBe('ep');
    }
  });

  it('[NOT-15] leaves out of the dead letters what it did not write', async () => {
    await put(store, [row('a')]);
    await end(store, await only(store), dead('no'));
    await raw.zadd(keys.outbox.at(-1) ?? '', 1, 'rubbish', 2, '{}', 3, '{"row":null}');
    expect((await store.deadLetters(9)).map(({ notice }) => notice.id)).toEqual(['a']);
  });

  it('[NOT-12] marks as told what was told though the memory is full or the journal takes nothing', async () => {
    await put(store, [row('a'), row('b', { dueAt: 6 })]);
    const told = [{ type: 'alert.told', subject: 'ep', data: '{}' }];
    const first = await only(store);
    await raw.config('SET', 'maxmemory', '1');
    expect(await end(store, first, SENT, told)).toBe(true);
    await raw.config('SET', 'maxmemory', '0');
    const second = await only(store);
    expect(idsOf(second)).toEqual(['b']);
    await raw.del(keys.journal);
    await raw.set(keys.journal, 'no stream');
    expect(await end(store, second, SENT, told)).toBe(true);
    expect(await claim(store)).toEqual([]);
  });
});
