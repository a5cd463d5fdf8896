// Less trusted programs on the whole product: what a source was granted counts for its own stream, and the recipe lets it write nothing else.
import { readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keysOf } from '../../server/log/keys.ts';
import { call } from '../support/call.ts';
import type { Called } from '../support/call.ts';
import { startPharos } from '../support/pharos.ts';
import type { Pharos } from '../support/pharos.ts';
import { startRedis } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';

const TOKEN = 'a-token-of-the-site-in-full';
const soon = { timeout: 20_000, interval: 50 };
const keys = keysOf('main');
let redis: RedisServer;
let raw: Redis;
let house: Pharos;
beforeEach(async () => {
  redis = await startRedis();
  raw = new Redis(redis.url);
  house = await start();
});
afterEach(async () => {
  await house.close();
  raw.disconnect();
  await redis.close();
});

function start(): Promise<Pharos> {
  return startPharos({ REDIS_URL: redis.url, PHAROS_BOOTSTRAP_TOKEN: TOKEN });
}
function ask(method: string, path: string, body?: unknown): Promise<Called> {
  return call({
    ...{ port: house.port, method, path },
    headers: {
      authorization: `Bearer ${TOKEN}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
function tell(type: string, subject: string, data: object = {}): Promise<unknown> {
  const words = ['type', type, 'subject', subject, 'data', JSON.stringify(data)];
  return raw.xadd(keys.inbound('crm'), '*', ...words);
}
async function told(): Promise<readonly string[]> {
  const entries = await raw.xrange(keys.journal, '-', '+');
  return entries.flatMap(([, words]) => {
    const fields = Object.fromEntries(
      words.flatMap((word, at) => (at % 2 === 0 ? [[word, words[at + 1] ?? '']] : [])),
    ) as Readonly<Record<string, string>>;
    return fields.source === 'crm' ? [`${fields.type ?? ''} ${fields.subject ?? ''}`] : [];
  });
}
async function refused(): Promise<number> {
  const entries = await raw.xrange(keys.refused, '-', '+');
  return entries.filter(([, words]) => words.includes('not-granted')).length;
}

it('[ACC-31] by their stream send what they were granted and nothing else, over a restart', async () => {
  await tell('contact.queued', 'c1', { queue: 'q' });
  await expect.poll(told, soon).toEqual(['contact.queued c1']);
  expect((await ask('PUT', '/api/v1/tokens/crm', { grant: ['queue.profile'] })).status).toBe(200);
  await expect
    .poll(async () => {
      await tell('queue.profile', 'q', { name: 'Sales' });
      return (await told()).includes('queue.profile q');
    }, soon)
    .toBe(true);
  const before = (await told()).filter((line) => line.startsWith('contact.')).length;
  const refusals = await refused();
  await tell('contact.queued', 'c2', { queue: 'q' });
  await expect.poll(refused, soon).toBe(refusals + 1);
  await house.close();
  await tell('contact.queued', 'c3', { queue: 'q' });
  house = await start();
  await expect.poll(refused, soon).toBe(refusals + 2);
  expect((await told()).filter((line) => line.startsWith('contact.'))).toHaveLength(before);
});

it('[ACC-32] by the recipe of the README write their own stream and nothing else', async () => {
  const recipe =
    /redis-cli ACL SETUSER crm (.*)/.exec(readFileSync('README.md', 'utf8'))?.[1] ?? '';
  const rules = recipe.split(' ').map((rule) => rule.replaceAll("'", ''));
  expect(rules).toContain('>secret');
  await raw.call('ACL', 'SETUSER', 'crm', ...rules);
  const { hostname, port } = new URL(redis.url);
  const crm = new Redis({
    ...{ host: hostname, port: Number(port), username: 'crm', password: 'secret' },
    ...{ enableReadyCheck: false, maxRetriesPerRequest: 0, retryStrategy: () => null },
  });
  const own = keys.inbound('crm');
  await crm.call(
    'XADD',
    own,
    '*',
    'type',
    'contact.queued',
    'subject',
    'c9',
    'data',
    '{"queue":"q"}',
  );
  await expect.poll(told, soon).toContain('contact.queued c9');
  for (const words of [
    ['XADD', keys.journal, '*', 'type', 'contact.queued', 'subject', 'x'],
    ['XADD', keys.inbound('other'), '*', 'a', 'b'],
    ['XADD', keys.shelf('accounts'), '*', 'a', 'b'],
    ['XRANGE', own, '-', '+'],
    ['XRANGE', keys.journal, '-', '+'],
    ['HGETALL', keys.shelf('accounts')],
    ['HGETALL', keys.shelf('sessions')],
    ['HSET', keys.shelf('accounts'), 'x', 'y'],
    ['DEL', own],
    ['XTRIM', own, 'MAXLEN', '0'],
    ['KEYS', '*'],
    ['CONFIG', 'GET', '*'],
    ['EVAL', 'return 1', '0'],
    ['FLUSHALL'],
    ['ACL', 'LIST'],
    ['SUBSCRIBE', 'x'],
  ]) {
    const [command = '', ...more] = words;
    await expect(crm.call(command, ...more), words.join(' ')).rejects.toThrow(/NOPERM/);
  }
  crm.disconnect();
});
