// The whole product with receivers of its own: what is decided arrives, signed and encrypted, once, and over a kill between sending and marking.
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import type { AlertMoved, AlertTold } from '../../server/events/episode.ts';
import { untilAnswering } from '../../server/log/answering.ts';
import { laneOf } from '../../server/log/outbox.ts';
import { openRedisStore } from '../../server/log/redis-store.ts';
import { SETTLE } from '../../server/log/scripts/outbox.ts';
import type { Store } from '../../server/log/store.ts';
import { openHttpSink } from '../support/http-sink.ts';
import type { HttpSink } from '../support/http-sink.ts';
import { startPharos } from '../support/pharos.ts';
import type { Pharos } from '../support/pharos.ts';
import { createPushReader } from '../support/push-reader.ts';
import { openRedisProxy } from '../support/redis-proxy.ts';
import { startRedis } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';

const SECRET = `whsec_${Buffer.alloc(24, 'k').toString('base64')}`;
const soon = { timeout: 40_000, interval: 50 };
let redis: RedisServer;
let store: Store;
let sink: HttpSink;
let houses: Pharos[];
beforeEach(async () => {
  [redis, sink] = await Promise.all([startRedis(), openHttpSink()]);
  store = openRedisStore({ url: redis.url, site: 'main' });
  expect(await untilAnswering(store, { clock: systemClock, withinMs: 10_000 })).toBeNull();
  houses = [];
});
afterEach(async () => {
  await Promise.all(houses.map((house) => house.close()));
  await store.close();
  await Promise.all([redis.close(), sink.close()]);
});

async function start(url = redis.url): Promise<Pharos> {
  const house = await startPharos({
    ...{ REDIS_URL: url, PHAROS_ALLOW_OUT: '127.0.0.1', PHAROS_PUBLIC_URL: 'https://wall.example' },
    ...{ PHAROS_WEBHOOK: `${sink.url}/site`, PHAROS_WEBHOOK_SECRET: SECRET },
  });
  houses.push(house);
  return house;
}
/** A contact that is on hold from now on, longer than is allowed in a second. */
async function hold(): Promise<void> {
  await store.append([
    { type: 'site.profile', subject: 'main', data: { limits: { holdSeconds: 1 } } },
    { type: 'team.profile', subject: 'blue', data: { name: 'Blue' } },
    { type: 'agent.profile', subject: 'lea', data: { name: 'Lea', role: 'lead', team: 'blue' } },
    { type: 'supervisor.presence', subject: 'lea', data: { presence: 'desk' } },
    { type: 'agent.profile', subject: 'anna', data: { name: 'Anna', team: 'blue' } },
    {
      type: 'contact.queued',
      subject: 'c1',
      data: { queue: 'billing', customer: { name: 'Mr Secret', address: '+37126000000' } },
    },
    { type: 'contact.answered', subject: 'c1', data: { agent: 'anna', queue: 'billing' } },
    { type: 'contact.held', subject: 'c1', data: { agent: 'anna' } },
  ]);
}
async function entries<T>(type: string): Promise<readonly T[]> {
  const all = await store.read('0-0', { count: 1_000, blockMs: 0 });
  return all.flatMap(({ fields }) =>
    fields.type === type ? [JSON.parse(fields.data ?? '') as T] : [],
  );
}

describe('notifications of the whole product', () => {
  it('[NOT-60] reach the site’s webhook and a lead’s phone, once from two servers, without the customer', async () => {
    const reader = createPushReader();
    await Promise.all([start(), start()]);
    // Nobody has a channel yet, so that it comes to the site's own.
    await hold();
    await expect.poll(() => sink.received.map(({ path }) => path), soon).toContain('/site');
    const [first] = sink.received;
    const body = new Webhook(SECRET).verify(
      first!.body,
      first!.headers as Record<string, string>,
    ) as {
      readonly data: { readonly title: string; readonly episodes: readonly unknown[] };
    };
    expect(body.data).toMatchObject({
      title: 'Long hold · billing',
      episodes: [{ rule: 'hold.long', severity: 'P2', level: 3, passed: [1, 2] }],
    });
    // From now on the lead has a phone: the alarm of the forgotten hold, ten seconds on, is theirs.
    const lane = laneOf({ owner: 'person', of: 'lea', channel: 'phone' });
    const phone = { kind: 'push', id: 'phone', endpoint: `${sink.url}/phone`, keys: reader.keys };
    await store.putChannel(lane, JSON.stringify(phone));
    await store.append([
      { type: 'contact.started', subject: 'c2', data: { direction: 'inbound' } },
      { type: 'contact.answered', subject: 'c2', data: { agent: 'anna', queue: 'billing' } },
    ]);
    const isTold = (each: AlertTold): boolean => each.channel === 'phone';
    await expect
      .poll(async () => (await entries<AlertTold>('alert.told')).some(isTold), soon)
      .toBe(true);
    const pushes = sink.received
      .filter(({ path }) => path === '/phone')
      .map((each) => reader.read(each.body));
    for (const text of [...pushes, ...sink.received.map((each) => each.body.toString())])
      expect(text).not.toMatch(/Secret|26000000/);
    const told = await entries<AlertTold>('alert.told');
    expect(new Set(told.map(({ notification }) => notification)).size).toBe(told.length);
    const ids = sink.received
      .filter(({ path }) => path === '/site')
      .map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(ids.length);
    expect(pushes.length).toBeGreaterThanOrEqual(1);
    const moves = await entries<AlertMoved>('alert.moved');
    const planned = moves.flatMap(({ told: whom }) =>
      whom.flatMap(({ notification }) => notification ?? []),
    );
    for (const { notification } of told) expect(planned).toContain(notification);
  });

  it.each([
    ['before', 'repeat that one, by the same name, and no other', 2],
    ['unanswered', 'repeat nothing', 1],
  ] as const)(
    '[NOT-61] after a kill as Redis is told of a sending (%s) %s',
    async (moment, _what, times) => {
      const scripts = new Map([[SETTLE.sha1, 'SETTLE']]);
      const proxy = await openRedisProxy({ target: redis.url, scripts });
      const house = await start(proxy.url);
      // Redis learns the script first, so that the call is the one that is stopped.
      const nothing = { lane: 'x', token: 'x', ids: [], entries: [] };
      expect(await store.settle({ ...nothing, outcome: { kind: 'gone' } })).toBe(false);
      let killed: Promise<unknown> = Promise.resolve();
      const reached = proxy.stopAt({ kind: 'SETTLE', moment }, () => {
        killed = house.kill();
      });
      await hold();
      await reached;
      await killed;
      expect(sink.received).toHaveLength(1);
      expect(await entries('alert.told')).toHaveLength(moment === 'before' ? 0 : 1);
      proxy.release();
      await house.start();
      // The alarm of P1, at twice the limit, comes after it in the same lane.
      await expect
        .poll(async () => (await entries<AlertTold>('alert.told')).length, soon)
        .toBeGreaterThan(1);
      const ids = sink.received.map(({ headers }) => headers['webhook-id']);
      expect(ids.filter((id) => id === ids[0])).toHaveLength(times);
      expect(new Set(ids).size).toBe(ids.length - (times - 1));
      const told = await entries<AlertTold>('alert.told');
      const first = { notification: ids[0], outcome: 'sent', attempt: 1, owner: 'site' };
      expect(told[0]).toMatchObject(first);
      expect(new Set(told.map(({ notification }) => notification)).size).toBe(told.length);
      await proxy.close();
    },
  );
});
