// The personal links of `/help`: who makes and ends them, what is kept of them, and what they let their agent do.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { HelpLinks } from '../../server/access/help-links.ts';
import type { Kept } from '../../server/access/kept.ts';
import { recordsOn } from '../../server/access/records.ts';
import type { HelpLink } from '../../server/contract/help.ts';
import type { HelpAnswer } from '../../server/contract/help.ts';
import { LogTrouble } from '../../server/log/log.ts';
import { memoryShelves } from '../../server/log/memory-shelves.ts';
import { openLink } from '../../server/log/redis-link.ts';
import { redisShelves } from '../../server/log/redis-shelves.ts';
import type { Shelves } from '../../server/log/shelves.ts';
import { call } from '../support/call.ts';
import type { Called } from '../support/call.ts';
import { openBench, TOKEN } from '../support/gateway-bench.ts';
import type { Bench, BenchOptions } from '../support/gateway-bench.ts';
import { agentRow, assistRow } from '../support/paper-rows.ts';
import { withToken } from '../support/signed-in.ts';
import { startRedis } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';

describe('links that are kept', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());

  function suite(store: Kept<HelpLink>): HelpLinks {
    let made = 0;
    const random = (bytes: number): Buffer => Buffer.alloc(bytes, (made += 1));
    return new HelpLinks({ store, now: () => 1_000, random });
  }
  async function holds(store: Kept<HelpLink>): Promise<void> {
    const links = suite(store);
    const charles = await links.make('charles', 'anna');
    const lucie = await links.make('lucie', 'anna');
    expect(charles).toMatch(/^[\w-]{43}$/);
    expect(await links.read(charles)).toEqual({ agent: 'charles', madeAt: 1_000, by: 'anna' });
    expect(await links.read(lucie)).toMatchObject({ agent: 'lucie' });
    for (const odd of ['', charles.slice(1), `${charles}x`, '__proto__', 'x'.repeat(10_000)])
      expect(await links.read(odd)).toBeNull();
    // The hash itself opens nothing.
    for (const hash of (await store.all()).keys()) expect(await links.read(hash)).toBeNull();
    const again = await links.make('charles', 'nora');
    expect(await links.read(charles)).toBeNull();
    expect(await links.read(again)).toMatchObject({ agent: 'charles', by: 'nora' });
    expect((await links.list()).map(({ agent }) => agent).sort()).toEqual(['charles', 'lucie']);
    expect(await links.end('charles')).toBe(true);
    expect(await links.end('charles')).toBe(false);
    expect(await links.read(again)).toBeNull();
    expect(await links.read(lucie)).not.toBeNull();
  }

  it('[CMD-80] are one an agent, read by their token alone, and ended, in memory', async () => {
    const store = recordsOn(memoryShelves()).helpLinks;
    await holds(store);
    expect(JSON.stringify([...(await store.all())])).toContain('lucie');
  });

  it('[CMD-80] are the same in Redis, where no token can be read', async () => {
    const link = openLink({ url: redis.url, name: 'test', socketTimeoutMs: 3_000 });
    const store = recordsOn(redisShelves('main', link)).helpLinks;
    await expect
      .poll(() =>
        store.all().then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    await holds(store);
    const token = await suite(store).make('zoe', 'anna');
    const kept = JSON.stringify(await link.redis.hgetall('pharos:{main}:help-links'));
    expect(kept).toContain('zoe');
    expect(kept).not.toContain(token);
    await link.redis.hset('pharos:{main}:help-links', 'odd', 'no JSON', 'odder', '{"agent":7}');
    expect((await store.all()).size).toBe(2);
    expect(await store.read('odd')).toBeNull();
    // Something else in the place of all of them ends them, and new ones are made.
    await link.redis.set('pharos:{main}:help-links', 'x');
    expect([await store.read('odd'), (await store.all()).size]).toEqual([null, 0]);
    await holds(store);
    expect(await link.redis.get('pharos:{main}:help-links:unreadable')).toBe('x');
    link.close();
  });
});

describe('a link of help', () => {
  let bench: Bench;
  let isAway = false;
  afterEach(() => bench.close());

  /** In memory, and away where the test says so. */
  function shelves(): Shelves {
    const within = memoryShelves();
    const reached = <T>(work: () => Promise<T>): Promise<T> =>
      isAway ? Promise.reject(new LogTrouble('unreachable', 'away')) : work();
    return {
      ...within,
      shelf(name) {
        const shelf = within.shelf(name);
        return { ...shelf, read: (id) => reached(() => shelf.read(id)) };
      },
    };
  }

  async function open(options: BenchOptions = {}): Promise<void> {
    isAway = false;
    const settings = { demo: false, bootstrapToken: TOKEN };
    bench = await openBench({ settings, shelves: shelves(), ...options });
    bench.floor.put('agents', agentRow('anna', { role: 'lead' }));
    bench.floor.put('agents', agentRow('charles', { name: 'Charles' }));
    bench.floor.put('agents', agentRow('nora', { name: 'Nora', role: 'supervisor' }));
  }
  const BEARER = { authorization: `Bearer ${TOKEN}` };
  function ask(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: unknown,
  ): Promise<Called> {
    const { port } = bench;
    if (body === undefined) return call({ port, method, path, headers });
    const json = { 'content-type': 'application/json', ...headers };
    return call({ port, method, path, headers: json, body: JSON.stringify(body) });
  }
  async function linkOf(
    agent: string,
  ): Promise<{ readonly url: string; readonly svg: string; readonly authorization: string }> {
    const made = await ask('POST', '/api/v1/help-links', BEARER, { agent });
    expect(made.status).toBe(201);
    const said = JSON.parse(made.body) as { readonly url: string; readonly svg: string };
    const { url, svg } = said;
    return { url, svg, authorization: `Help ${url.split('#')[1] ?? ''}` };
  }

  it('[CMD-81] is made and ended by a lead at the desk or a program, and by nobody else', async () => {
    await open();
    const { url, svg, authorization } = await linkOf('charles');
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).not.toMatch(/<script|href=/);
    expect(url).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${bench.port}/help#[\\w-]{43}$`));
    const kept = await bench.access.records.helpLinks.all();
    expect([kept.size, JSON.stringify([...kept]).includes(url.split('#')[1] ?? '')]).toEqual([
      1,
      false,
    ]);
    const cookie = await withToken(bench);
    await ask('POST', '/api/v1/session/person', { cookie }, { agent: 'anna' });
    expect((await ask('POST', '/api/v1/help-links', { cookie }, { agent: 'nora' })).status).toBe(
      201,
    );
    const listed = await ask('GET', '/api/v1/help-links', { cookie });
    expect(JSON.parse(listed.body)).toMatchObject({
      links: [
        { agent: 'charles', by: 'program' },
        { agent: 'nora', by: 'anna' },
      ],
    });
    for (const agent of ['nobody', 7, undefined])
      expect((await ask('POST', '/api/v1/help-links', BEARER, { agent })).status).toBe(422);
    for (const headers of [{}, { authorization }] as readonly Readonly<Record<string, string>>[])
      for (const [method, path] of [
        ['POST', '/api/v1/help-links'],
        ['GET', '/api/v1/help-links'],
        ['DELETE', '/api/v1/help-links/charles'],
      ] as const)
        expect((await ask(method, path, headers)).status).toBe(401);
    expect((await ask('GET', '/api/v1/help', { authorization })).status).toBe(200);
    expect((await ask('DELETE', '/api/v1/help-links/charles', { cookie })).status).toBe(200);
    expect((await ask('DELETE', '/api/v1/help-links/charles', { cookie })).status).toBe(404);
    expect((await ask('GET', '/api/v1/help', { authorization })).status).toBe(401);
  });

  it('[CMD-82] asks in its agent’s name, sees their own request and nobody else’s, and closes that', async () => {
    await open();
    const { authorization } = await linkOf('charles');
    const stand = async (): Promise<HelpAnswer> =>
      JSON.parse((await ask('GET', '/api/v1/help', { authorization })).body) as HelpAnswer;
    bench.floor.put('assists', assistRow('h0', { agent: 'lucie', claimedBy: 'anna' }));
    expect(await stand()).toMatchObject({ name: 'Charles', request: null, isLive: true });
    // There is nothing of his own to close.
    expect((await ask('DELETE', '/api/v1/help', { authorization })).status).toBe(200);
    expect(bench.obeyed).toEqual([]);
    const words = { about: 'a refund', once: 'k1', agent: 'lucie', by: 'anna', contact: undefined };
    expect((await ask('POST', '/api/v1/help', { authorization }, words)).status).toBe(200);
    const own = assistRow('h1', { agent: 'charles', about: 'a refund', claimedBy: null });
    bench.floor.put('assists', own);
    const { requestedAt } = own;
    expect((await stand()).request).toEqual({
      id: 'h1',
      about: 'a refund',
      requestedAt,
      coming: null,
      comingSince: null,
    });
    const claimedAt = requestedAt + 42_000;
    bench.floor.put('assists', { ...own, claimedBy: 'nora', claimedAt });
    expect((await stand()).request).toMatchObject({ coming: 'Nora', comingSince: claimedAt });
    expect((await ask('DELETE', '/api/v1/help', { authorization })).status).toBe(200);
    expect(bench.obeyed).toEqual([
      {
        heard: { name: 'assist', says: { about: 'a refund', once: 'k1' } },
        by: { id: 'charles', how: 'link' },
      },
      { heard: { name: 'close', says: { assist: 'h1' } }, by: { id: 'charles', how: 'link' } },
    ]);
  });

  it('[CMD-83] opens no other door, and no other way of showing it opens its own', async () => {
    await open();
    const { url, authorization } = await linkOf('charles');
    const token = url.split('#')[1] ?? '';
    for (const path of ['/api/v1/floor', '/api/v1/alerts', '/api/v1/session'])
      expect([path, (await ask('GET', path, { authorization })).status]).not.toEqual([path, 200]);
    expect((await ask('POST', '/api/v1/events', { authorization }, {})).status).toBe(401);
    const cookie = `pharos_session=${token}`;
    for (const headers of [BEARER, { authorization: token }, { cookie }, {}] as readonly Readonly<
      Record<string, string>
    >[])
      expect((await ask('GET', `/api/v1/help?token=${token}`, headers)).status).toBe(401);
  });

  it('[CMD-84] is throttled, and who tries links is stopped', async () => {
    await open();
    const { authorization } = await linkOf('charles');
    const statuses: number[] = [];
    for (let n = 0; n < 12; n++)
      statuses.push((await ask('POST', '/api/v1/help', { authorization }, {})).status);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
    const wrong = { authorization: `Help ${'x'.repeat(43)}` };
    for (let n = 0; n < 20; n++) expect((await ask('GET', '/api/v1/help', wrong)).status).toBe(401);
    expect((await ask('GET', '/api/v1/help', wrong)).status).toBe(429);
    expect((await ask('GET', '/api/v1/help', { authorization: 'Help x' })).status).toBe(429);
    expect((await ask('GET', '/api/v1/help', { authorization })).status).toBe(200);
    const other = await linkOf('nora');
    expect((await ask('GET', '/api/v1/help', other)).status).toBe(200);
  });

  it('[CMD-85] says where the links or the log cannot be read', async () => {
    await open();
    const { authorization } = await linkOf('charles');
    bench.health = { state: 'lost', reason: 'unreachable', asOf: 1 };
    expect(JSON.parse((await ask('GET', '/api/v1/help', { authorization })).body)).toMatchObject({
      isLive: false,
    });
    bench.answer = { refused: 'log' };
    expect((await ask('POST', '/api/v1/help', { authorization }, {})).status).toBe(503);
    isAway = true;
    expect((await ask('GET', '/api/v1/help', { authorization })).status).toBe(503);
  });
});
