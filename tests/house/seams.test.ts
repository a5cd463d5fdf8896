// Where two servers and an emptied Redis meet, on the whole product: who sits at a session, who has a promise, and what waited to be told.
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import type { CommandAnswer } from '../../server/contract/commands.ts';
import type { AlertTold } from '../../server/events/episode.ts';
import { untilAnswering } from '../../server/log/answering.ts';
import { openRedisStore } from '../../server/log/redis-store.ts';
import type { Store } from '../../server/log/store.ts';
import { call } from '../support/call.ts';
import type { Called } from '../support/call.ts';
import { openHttpSink } from '../support/http-sink.ts';
import type { HttpSink } from '../support/http-sink.ts';
import { startPharos } from '../support/pharos.ts';
import type { Pharos } from '../support/pharos.ts';
import { startRedis } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { isLive, openWireClient } from '../support/wire-client.ts';
import type { WireClient } from '../support/wire-client.ts';

const TOKEN = 'a-token-of-the-site-in-full';
const soon = { timeout: 40_000, interval: 50 };
let redis: RedisServer;
let store: Store;
let sink: HttpSink;
let houses: Pharos[];
let clients: WireClient[];
beforeEach(async () => {
  [redis, sink] = await Promise.all([startRedis(), openHttpSink()]);
  store = openRedisStore({ url: redis.url, site: 'main' });
  expect(await untilAnswering(store, { clock: systemClock, withinMs: 10_000 })).toBeNull();
  [houses, clients] = [[], []];
});
afterEach(async () => {
  for (const client of clients) client.close();
  await Promise.all(houses.map((house) => house.close()));
  await store.close();
  await Promise.all([redis.close(), sink.close()]);
});

async function start(): Promise<Pharos> {
  const house = await startPharos({
    ...{ REDIS_URL: redis.url, PHAROS_BOOTSTRAP_TOKEN: TOKEN, PHAROS_ALLOW_OUT: '127.0.0.1' },
    PHAROS_WEBHOOK: `${sink.url}/site`,
  });
  houses.push(house);
  return house;
}
async function staff(): Promise<void> {
  await store.append([
    { type: 'team.profile', subject: 'blue', data: { name: 'Blue' } },
    { type: 'agent.profile', subject: 'anna', data: { name: 'Anna', role: 'lead', team: 'blue' } },
    { type: 'agent.profile', subject: 'nora', data: { name: 'Nora', role: 'supervisor' } },
    { type: 'agent.profile', subject: 'charles', data: { name: 'Charles', team: 'blue' } },
  ]);
}
function post(
  { port }: Pharos,
  path: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<Called> {
  return call({ port, method: 'POST', path, headers, body });
}
function cookieOf({ headers }: Called): string {
  return (headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
}
async function signIn(house: Pharos): Promise<string> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return cookieOf(await post(house, '/sign-in', `token=${TOKEN}`, headers));
}
/** As soon as this server knows the person. */
async function sit(house: Pharos, agent: string, cookie: string): Promise<string> {
  const headers = { 'content-type': 'application/json', cookie };
  await expect
    .poll(async () => {
      const body = JSON.stringify({ agent });
      return (await post(house, '/api/v1/session/person', body, headers)).status;
    }, soon)
    .toBe(200);
  return cookie;
}
async function desk({ url }: Pharos, cookie: string): Promise<WireClient> {
  const client = openWireClient({ url, auth: { board: 'desk' }, headers: { cookie } });
  clients.push(client);
  await client.until(isLive);
  return client;
}
function say({ socket }: WireClient, name: string, said: unknown): Promise<CommandAnswer> {
  return socket.emitWithAck(name, said) as Promise<CommandAnswer>;
}
async function entries<T>(type: string): Promise<readonly T[]> {
  const all = await store.read('0-0', { count: 1_000, blockMs: 0 });
  return all.flatMap(({ fields }) =>
    fields.type === type ? [JSON.parse(fields.data ?? '') as T] : [],
  );
}

describe('two servers', () => {
  it('[CMD-14] let an open socket of the one act for who sat down at the other', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    await staff();
    const cookie = await sit(one, 'anna', await signIn(one));
    await sit(two, 'anna', await signIn(two));
    const client = await desk(two, cookie);
    await store.append([
      { type: 'assist.requested', subject: 'h1', data: { agent: 'charles' } },
      { type: 'assist.requested', subject: 'h2', data: { agent: 'anna' } },
    ]);
    await client.until(({ tables }) => tables.assists.size === 2);
    expect(await say(client, 'come', { assist: 'h1' })).toMatchObject({ ok: true });
    await sit(one, 'nora', cookie);
    await expect
      .poll(async () => {
        await say(client, 'presence', { presence: 'floor' });
        return (await store.read('0-0', { count: 1_000, blockMs: 0 }))
          .filter(({ fields }) => fields.type === 'supervisor.presence')
          .map(({ fields }) => fields.subject);
      }, soon)
      .toContain('nora');
    expect(await say(client, 'come', { assist: 'h2' })).toMatchObject({ ok: true });
    const claims = await entries<{ readonly by: string; readonly how: string }>('assist.claimed');
    expect(claims).toEqual([
      { by: 'anna', how: 'said' },
      { by: 'nora', how: 'said' },
    ]);
  });

  it('[CMD-33] give a promise that two claim at once to one of them, and tell the other whose it is', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    await staff();
    const dueAt = Date.now() + 3_600_000;
    const many = Array.from({ length: 4 }, (_, at) => `cb${at}`);
    await store.append(
      many.map((subject) => ({
        ...({ type: 'callback.promised', subject } as const),
        data: { customer: { name: 'Lucie' }, dueAt },
      })),
    );
    const anna = await desk(one, await sit(one, 'anna', await signIn(one)));
    const nora = await desk(two, await sit(two, 'nora', await signIn(two)));
    for (const client of [anna, nora])
      await client.until(({ tables }) => tables.callbacks.size === many.length);
    for (const callback of many) {
      const answers = await Promise.all([
        say(anna, 'claim', { callback }),
        say(nora, 'claim', { callback }),
      ]);
      const winners = answers.filter((answer) => 'ok' in answer);
      expect([callback, winners.length]).toEqual([callback, 1]);
      const [first] = answers;
      const owner = 'ok' in first ? 'anna' : 'nora';
      expect(answers).toContainEqual({ refused: 'taken', by: owner });
      for (const client of [anna, nora])
        await client.until(({ tables }) => tables.callbacks.get(callback)?.owner === owner);
    }
  });
});

describe('a Redis that was emptied', () => {
  it('[NOT-65] tells what had not arrived by then, by its name, and once', async () => {
    await Promise.all([start(), start()]);
    sink.answer(503);
    await staff();
    await store.append([
      { type: 'site.profile', subject: 'main', data: { limits: { holdSeconds: 1 } } },
      { type: 'contact.queued', subject: 'c1', data: { queue: 'billing' } },
      { type: 'contact.answered', subject: 'c1', data: { agent: 'charles', queue: 'billing' } },
      { type: 'contact.held', subject: 'c1', data: { agent: 'charles' } },
    ]);
    const names = (): readonly string[] =>
      sink.received.map(({ headers }) => String(headers['webhook-id']));
    await expect.poll(() => names().length, soon).toBeGreaterThan(0);
    const [first] = names();
    await expect.poll(async () => (await entries<AlertTold>('alert.told')).length, soon).toBe(1);
    const raw = new Redis(redis.url);
    await raw.flushall();
    raw.disconnect();
    sink.answer(200);
    const arrived = async (): Promise<readonly string[]> =>
      (await entries<AlertTold>('alert.told'))
        .filter(({ outcome }) => outcome === 'sent')
        .map(({ notification }) => notification);
    await expect.poll(arrived, soon).toContain(first);
    expect((await arrived()).filter((name) => name === first)).toHaveLength(1);
  });
});
