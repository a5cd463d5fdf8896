// The line to Redis on which the kills are timed: it stops at the command that is named, before it, before its reply, or after.
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startRedis } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { kindOf, openRedisProxy } from '../support/redis-proxy.ts';
import type { RedisProxy } from '../support/redis-proxy.ts';

let server: RedisServer;
let proxy: RedisProxy;
let through: Redis;
let beside: Redis;

beforeEach(async () => {
  server = await startRedis();
  proxy = await openRedisProxy({ target: server.url, scripts: new Map([['abc', 'COPY']]) });
  through = new Redis(proxy.url, {
    retryStrategy: () => 10,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
  });
  beside = new Redis(server.url);
  through.on('error', () => undefined);
});
afterEach(async () => {
  through.disconnect();
  beside.disconnect();
  await proxy.close();
  await server.close();
});

const count = 'pharos:{main}:count';

it.each([
  ['before', '1', []],
  ['unanswered', '2', []],
  ['answered', '2', [2]],
] as const)('[FLT-30] stops %s the second command of a kind', async (moment, done, replies) => {
  const answered: number[] = [];
  await through.set(count, 0);
  const stopped = proxy.stopAt({ kind: 'INCR count', moment, nth: 2 }, () => undefined);
  expect(await through.incr(count)).toBe(1);
  await through.get(count);
  const second = through.incr(count).then((is) => answered.push(is));
  const third = second.then(() => through.incr(count)).then((is) => answered.push(is));
  expect(await stopped).toBe('INCR count');
  expect(await beside.get(count)).toBe(done);
  proxy.release();
  // Whoever was stopped is told of a connection that broke, and the next one passes.
  await Promise.allSettled([second, third]);
  expect(answered).toEqual(replies);
  await vi.waitFor(async () => expect(await through.get(count)).toBe(done), 5_000);
});

it('[FLT-30] passes on whole what comes in pieces, and reads nothing into a reply that says nothing', async () => {
  const large = 'x'.repeat(3_000_000);
  await through.xadd('pharos:{main}:events', '1-1', 'type', large);
  const reply = await through.xread('STREAMS', 'pharos:{main}:events', '0-0');
  expect(reply?.[0]?.[1][0]?.[1][1]).toBe(large);
  const stopped = proxy.stopAt({ kind: 'XREAD events', moment: 'unanswered' }, () => undefined);
  expect(await through.xread('BLOCK', 1, 'STREAMS', 'pharos:{main}:events', '1-1')).toBeNull();
  through.xread('STREAMS', 'pharos:{main}:events', '0-0').catch(() => undefined);
  expect(await stopped).toBe('XREAD events');
});

it.each([
  [['TIME'], 'TIME'],
  [['set', 'pharos:{a b}:probe', '1'], 'SET probe'],
  [['EVALSHA', 'abc', '2', 'pharos:{main}:lease:copier', 'more'], 'COPY lease:copier'],
  [['EVALSHA', 'other', '0'], 'EVALSHA'],
  [['XREAD', 'COUNT', '1', 'STREAMS', 'pharos:{main}:in:crm', '0-0'], 'XREAD in:crm'],
])('[FLT-30] calls %j by its name', (words, name) => {
  expect(kindOf(words, new Map([['abc', 'COPY']]))).toBe(name);
});
