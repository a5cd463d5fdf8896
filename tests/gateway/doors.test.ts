// Who gets in: by which name, from which page, with which token, and what every answer carries. One room, so that no door is forgotten.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { SESSION_MS } from '../../server/access/sessions.ts';
import { Doorman } from '../../server/gateway/doorman.ts';
import type { GatewaySettings } from '../../server/gateway/options.ts';
import { call, WAYS } from '../support/call.ts';
import type { Called, CallOptions } from '../support/call.ts';
import { openBench, TOKEN } from '../support/gateway-bench.ts';
import type { Bench, BenchOptions } from '../support/gateway-bench.ts';
import { agentRow, sourceRow } from '../support/paper-rows.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { isLive } from '../support/wire-client.ts';

let bench: Bench;
afterEach(() => bench.close());

const WITH_TOKEN = { demo: false, bootstrapToken: TOKEN };
const BEARER = { authorization: `Bearer ${TOKEN}` };

async function open(
  settings: Partial<GatewaySettings> = {},
  more: BenchOptions = {},
): Promise<void> {
  bench = await openBench({ settings, ...more });
}
const get = (path: string, headers: CallOptions['headers'] = {}): Promise<Called> =>
  call({ port: bench.port, path, headers });
const signIn = (
  token: string,
  headers: CallOptions['headers'] = {},
  next = '/wall/main',
): Promise<Called> =>
  call({
    port: bench.port,
    path: '/sign-in',
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams({ token, next }).toString(),
  });
const cookieOf = ({ headers }: Called): string => headers['set-cookie']?.[0]?.split(';')[0] ?? '';

describe('the door', () => {
  for (const [way, knock] of Object.entries(WAYS)) {
    it(`[GTW-30] answers to its own names only, by ${way}`, async () => {
      await open({
        publicUrl: new URL('https://wall.tellson.example/'),
        hosts: ['pharos', 'tv.local:8080'],
      });
      const own = [
        'localhost',
        '127.0.0.1',
        `127.0.0.1:${bench.port}`,
        '[::1]:80',
        'LOCALHOST',
        'wall.tellson.example',
        'pharos:99',
        'tv.local',
      ];
      const others = [
        'evil.example',
        '127.0.0.1.evil.example',
        'localhost.evil.example',
        '10.0.0.1',
        'localhost@evil.example',
        '[::2]',
        'a b',
        'wall.tellson.example.',
      ];
      for (const host of own) expect([200, 101], host).toContain(await knock(bench.port, { host }));
      for (const host of others) expect(await knock(bench.port, { host }), host).toBe(421);
    });

    it(`[GTW-31] takes no pages of another origin, by ${way}`, async () => {
      await open({ publicUrl: new URL('https://wall.tellson.example/') });
      const host = `localhost:${bench.port}`;
      const own = [`http://${host}`, `https://${host}`, 'https://wall.tellson.example'];
      const others = [
        'http://evil.example',
        `http://127.0.0.1:${bench.port}`,
        'http://localhost',
        'null',
        'file://',
        'https://wall.tellson.example.evil.example',
        'https://wall.tellson.example:444',
        `http://${host}.evil.example`,
      ];
      for (const origin of own)
        expect([200, 101], origin).toContain(await knock(bench.port, { host, origin }));
      for (const origin of others)
        expect(await knock(bench.port, { host, origin }), origin).toBe(403);
    });
  }

  it('[GTW-32] needs the token off the demo, for all but the health checks and the sign-in', async () => {
    await open(WITH_TOKEN);
    for (const path of ['/healthz', '/readyz', '/sign-in', '/form.css'])
      expect((await get(path)).status, path).toBe(200);
    for (const path of ['/api/v1/floor', '/api/v1/intervals', '/api/v1/session', '/metrics?'])
      expect((await get(path, { 'x-forwarded-for': '10.0.0.9' })).status, path).toBe(401);
    // What the client is built of says nothing of anybody.
    for (const path of ['/assets/main.js', '/nothing'])
      expect((await get(path)).status, path).toBe(404);
    expect(
      (await call({ port: bench.port, path: '/api/v1/events', method: 'POST', body: '{}' })).status,
    ).toBe(401);
    for (const path of ['/', '/wall/main', '/wall/main?x=1']) {
      const turned = await get(path);
      expect(turned.status).toBe(303);
      expect(turned.headers.location).toBe(`/sign-in?next=${encodeURIComponent(path)}`);
    }
    expect((await get('/api/v1/floor', BEARER)).status).toBe(200);
    expect((await get('/api/v1/floor', { authorization: `bearer  ${TOKEN} ` })).status).toBe(200);
    expect((await get('/api/v1/floor', { authorization: `Bearer ${TOKEN}x` })).status).toBe(401);
    expect((await get('/api/v1/floor', { authorization: `Basic ${TOKEN}` })).status).toBe(401);
  });

  for (const transport of ['websocket', 'polling'] as const)
    it(`[GTW-32] needs the token or a session for a socket, by ${transport}`, async () => {
      await open(WITH_TOKEN);
      bench.floor.put('agents', agentRow('charles'));
      bench.tell();
      for (const auth of [{}, { token: `${TOKEN}x` }]) {
        const refused = bench.open({ transport, auth });
        await refused.until(({ refused, socket }) => refused !== null && !socket.connected);
        expect(refused.refused).toBe('session');
        expect(refused.said).toEqual([]);
      }
      await bench.open({ transport, auth: { token: TOKEN } }).until(isLive);
      const cookie = cookieOf(await signIn(TOKEN));
      await bench.open({ transport, headers: { cookie } }).until(isLive);
      const forged = bench.open({ transport, headers: { cookie: `${cookie}x` } });
      await forged.until(({ refused }) => refused !== null);
      expect(forged.refused).toBe('session');
    });

  it('[GTW-33] stands open for the demo on loopback, and not behind a proxy', async () => {
    await open({ demo: true, bootstrapToken: TOKEN });
    expect((await get('/api/v1/floor')).status).toBe(200);
    for (const header of [
      'x-forwarded-for',
      'forwarded',
      'x-real-ip',
      'via',
      'x-forwarded-proto',
      'x-forwarded-host',
      'x-forwarded-port',
      'x-forwarded-server',
      'x-client-ip',
      'cf-connecting-ip',
      'x-original-host',
    ]) {
      expect((await get('/api/v1/floor', { [header]: '127.0.0.1' })).status, header).toBe(401);
      const refused = bench.open({ headers: { [header]: '127.0.0.1' } });
      await refused.until(({ refused }) => refused !== null);
      expect(refused.refused).toBe('session');
    }
  });

  it('[GTW-33] does not take a server for local that listens elsewhere, nor a peer that is elsewhere', async () => {
    await open();
    const settings: GatewaySettings = {
      host: '127.0.0.1',
      port: 0,
      demo: true,
      bootstrapToken: null,
      publicUrl: null,
      hosts: [],
      tls: null,
      trustProxy: false,
    };
    const peer = (remoteAddress: string) => ({ headers: {}, socket: { remoteAddress } }) as never;
    const isLocal = (host: string, address: string): boolean =>
      new Doorman({ ...settings, host }).isLocal(peer(address));
    for (const host of ['127.0.0.1', 'localhost', '::1'])
      for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '127.9.9.9'])
        expect(isLocal(host, address)).toBe(true);
    for (const host of ['0.0.0.0', '::', '192.168.1.7'])
      expect(isLocal(host, '127.0.0.1')).toBe(false);
    for (const address of ['192.168.1.7', '::ffff:10.0.0.1', ''])
      expect(isLocal('127.0.0.1', address)).toBe(false);
  });

  it('[GTW-34] without a token and without accounts opens to nobody, its own machine included', async () => {
    await open({ demo: false, bootstrapToken: null });
    expect((await get('/api/v1/floor')).status).toBe(401);
    expect((await signIn(TOKEN)).status).toBe(401);
    for (const headers of [BEARER, { authorization: 'Bearer ' }, { authorization: 'Bearer null' }])
      expect((await get('/api/v1/floor', headers)).status).toBe(401);
  });

  it('[GTW-35] gives a browser a cookie for the token, and not the token', async () => {
    const clock = createManualClock(Date.now());
    await open({ ...WITH_TOKEN, trustProxy: true }, { clock });
    const signed = await signIn(TOKEN);
    expect(signed.status).toBe(303);
    expect(signed.headers.location).toBe('/wall/main');
    const [cookie = ''] = signed.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; SameSite=Lax/);
    expect(cookie).toMatch(/; Path=\//);
    expect(cookie).toMatch(/; Max-Age=43200/);
    expect(cookie).not.toMatch(/Secure/);
    expect(cookie).not.toContain(TOKEN);
    expect(cookieOf(signed)).toMatch(/^pharos_session=[\w-]{43}$/);
    const floor = async (of: string): Promise<number> =>
      (await get('/api/v1/floor', { cookie: of })).status;
    expect(await floor(cookieOf(signed))).toBe(200);
    for (const odd of [`${cookieOf(signed)}x`, cookieOf(signed).slice(0, -1), 'pharos_session='])
      expect([odd, await floor(odd)]).toEqual([odd, 401]);
    const [secure = ''] =
      (await signIn(TOKEN, { 'x-forwarded-proto': 'https' })).headers['set-cookie'] ?? [];
    expect(secure).toMatch(/; Secure/);
    expect(cookieOf(await signIn(TOKEN))).not.toBe(cookieOf(signed));
    expect((await signIn(TOKEN, {}, '/wall/%C5%BE?page=2')).headers.location).toBe(
      '/wall/%C5%BE?page=2',
    );
    // A page that is loaded keeps it as long again, and so does each use of it.
    expect(cookieOf(await get('/', { cookie: cookieOf(signed) }))).toBe(cookieOf(signed));
    expect((await get('/', BEARER)).headers['set-cookie']).toBeUndefined();
    await clock.advance(SESSION_MS - 1_000);
    expect(await floor(cookieOf(signed))).toBe(200);
    await expect
      .poll(async () =>
        [...(await bench.access.records.sessions.all()).values()].some(
          ({ seenAt }) => seenAt === clock.now(),
        ),
      )
      .toBe(true);
    await clock.advance(SESSION_MS - 1_000);
    expect(await floor(cookieOf(signed))).toBe(200);
    await clock.advance(SESSION_MS);
    expect(await floor(cookieOf(signed))).toBe(401);
  });

  it('[GTW-35] keeps no session as it is, only its hash', async () => {
    await open(WITH_TOKEN);
    const cookie = cookieOf(await signIn(TOKEN)).split('=')[1] ?? '';
    const kept = JSON.stringify([...(await bench.access.records.sessions.all())]);
    expect(kept).toContain('"by":"token"');
    expect(kept).not.toContain(cookie);
    const [hash = ''] = [...(await bench.access.records.sessions.all()).keys()];
    expect((await get('/api/v1/floor', { cookie: `pharos_session=${hash}` })).status).toBe(401);
  });

  it('[GTW-36] stops who guesses, by whatever door, and lets sessions go on', async () => {
    await open(WITH_TOKEN);
    const cookie = cookieOf(await signIn(TOKEN));
    expect((await signIn('wrong')).status).toBe(401);
    expect((await get('/api/v1/floor', { authorization: 'Bearer wrong' })).status).toBe(401);
    for (let n = 0; n < 3; n++) {
      const guess = bench.open({ auth: { token: `wrong ${n}` } });
      await guess.until(({ refused }) => refused !== null);
    }
    const blocked = await signIn(TOKEN);
    expect(blocked.status).toBe(429);
    expect(Number(blocked.headers['retry-after'])).toBeGreaterThan(0);
    expect((await get('/api/v1/floor', BEARER)).status).toBe(429);
    const socket = bench.open({ auth: { token: TOKEN } });
    await socket.until(({ refused }) => refused !== null);
    expect(socket.refused).toBe('rate');
    expect((await get('/api/v1/floor', { cookie })).status).toBe(200);
  });

  it('[GTW-36] takes a token that nobody asked for as no guess', async () => {
    await open({ demo: true });
    for (let n = 0; n < 8; n++) expect((await get('/api/v1/floor', BEARER)).status).toBe(200);
  });

  it('[GTW-36] takes nothing shown for no guess', async () => {
    await open(WITH_TOKEN);
    for (let n = 0; n < 4; n++) {
      expect((await signIn('')).status).toBe(401);
      expect((await get('/api/v1/floor')).status).toBe(401);
    }
    expect((await signIn(TOKEN)).status).toBe(303);
  });

  it('[GTW-37] takes the token from no URL', async () => {
    await open(WITH_TOKEN);
    for (const name of ['token', 'access_token', 'authorization'])
      expect((await get(`/api/v1/floor?${name}=${TOKEN}`)).status).toBe(401);
    const client = bench.open({ url: `${bench.url}?token=${TOKEN}` });
    await client.until(({ refused }) => refused !== null);
    expect(client.refused).toBe('session');
    expect((await get(`/sign-in?token=${TOKEN}`)).headers['set-cookie']).toBeUndefined();
  });

  it.each([
    '//evil.example',
    'https://evil.example/',
    '/\\evil.example',
    '/wall/../../x',
    '/wall/a/b',
    'javascript:alert(1)',
    '/sign-in',
  ])('[GTW-38] goes nowhere else after signing in, as %s would have it', async (next) => {
    await open(WITH_TOKEN);
    expect((await signIn(TOKEN, {}, next)).headers.location).toBe('/');
    expect((await get(`/sign-in?next=${encodeURIComponent(next)}`)).body).toContain(
      'name="next" value="/"',
    );
  });

  it('[GTW-38] shows its form in the reader’s language, and what is wrong with a token', async () => {
    await open(WITH_TOKEN);
    expect((await get('/sign-in', { 'accept-language': 'fr, lv;q=0.9, en;q=0.8' })).body).toContain(
      'Pieteikties',
    );
    const chinese = (await get('/sign-in', { 'accept-language': 'zh-CN' })).body;
    expect(chinese).toContain('登录');
    expect(chinese).toContain('<html lang="zh-Hans">');
    expect((await get('/sign-in')).body).not.toContain('style=');
    const wrong = await signIn('wrong', { 'accept-language': 'en' });
    expect([wrong.status, wrong.body.includes('not the token')]).toEqual([401, true]);
  });

  it('[GTW-39] says in every answer what a page may do', async () => {
    await open(WITH_TOKEN);
    for (const path of ['/healthz', '/sign-in', '/', '/nothing', '/api/v1/floor']) {
      const { headers } = await get(path);
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain(`wss://127.0.0.1:${bench.port}`);
      expect(policy).not.toContain('unsafe');
      expect(headers['x-frame-options']).toBe('DENY');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('same-origin');
      expect(headers['x-powered-by']).toBeUndefined();
    }
  });

  it.each([
    ['an address that is none', '/wall/%', {}, 400],
    ['a wrong name', '/', { host: 'evil.example' }, 421],
    ['a page of another origin', '/', { origin: 'http://evil.example' }, 403],
  ] as const)(
    '[GTW-39] lets a page do nothing with what it says to %s',
    async (_who, path, headers, status) => {
      await open(WITH_TOKEN);
      const answer = await get(path, headers);
      expect(answer.status).toBe(status);
      expect(answer.headers).toMatchObject({
        'content-security-policy': "default-src 'none';frame-ancestors 'none'",
        'content-type': 'text/plain; charset=utf-8',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
    },
  );

  it('[GTW-40] keeps hashed files for ever and the page never', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'pharos-client-'));
    try {
      await mkdir(join(dir, 'assets'));
      await writeFile(join(dir, 'index.html'), '<!doctype html>the wall');
      await writeFile(join(dir, 'assets', 'main-1a2b.js'), 'export {}');
      await writeFile(join(dir, 'favicon.svg'), '<svg/>');
      await writeFile(join(dir, '..', 'secret-beside.txt'), 'secret');
      await open({}, { staticDir: dir });
      for (const path of ['/', '/wall/main', '/wall/%E4%B8%BB', '/index.html']) {
        const page = await get(path);
        expect([page.status, page.body, page.headers['cache-control']]).toEqual([
          200,
          '<!doctype html>the wall',
          'no-store',
        ]);
        expect(page.headers['content-type']).toContain('text/html');
      }
      expect((await get('/assets/main-1a2b.js')).headers['cache-control']).toBe(
        'public, max-age=31536000, immutable',
      );
      expect((await get('/favicon.svg')).headers['cache-control']).toBe('no-cache');
      for (const path of [
        '/assets/none.js',
        '/wall/a/b',
        '/nothing',
        '/../secret-beside.txt',
        '/%2e%2e/secret-beside.txt',
        '/assets/',
      ]) {
        const none = await get(path);
        expect([404, 403], path).toContain(none.status);
        expect(none.body).not.toContain('secret');
        expect(none.body).not.toContain('<');
      }
    } finally {
      await rm(dir, { recursive: true, force: true });
      await rm(join(dir, '..', 'secret-beside.txt'), { force: true });
    }
  });

  it('[GTW-40] says in a sentence that the client is not built', async () => {
    await open();
    const page = await get('/');
    expect([page.status, page.body]).toEqual([503, expect.stringContaining('npm run build')]);
  });

  it('[GTW-41] says whether it is up, and whether it is ready', async () => {
    await open();
    expect((await get('/healthz')).body).toBe('up\n');
    expect((await get('/readyz')).status).toBe(200);
    bench.health = { state: 'lost', reason: 'frozen', asOf: 5 };
    const ready = await get('/readyz');
    expect([ready.status, JSON.parse(ready.body)]).toEqual([
      503,
      { state: 'lost', reason: 'frozen', asOf: 5 },
    ]);
    bench.health = { state: 'behind', reason: null, asOf: 5 };
    expect((await get('/readyz')).status).toBe(503);
    expect((await get('/healthz')).status).toBe(200);
  });

  it('[GTW-42] prints what it counted, to loopback or the token', async () => {
    await open({ ...WITH_TOKEN, trustProxy: true });
    expect((await get('/metrics', { 'x-forwarded-for': '10.0.0.9' })).status).toBe(401);
    expect((await get('/metrics', { 'x-forwarded-for': '10.0.0.9', ...BEARER })).status).toBe(200);
    await bench.open({ auth: { token: TOKEN } }).until(isLive);
    for (let n = 0; n < 100; n++)
      await call({
        port: bench.port,
        path: '/api/v1/events',
        method: 'POST',
        headers: { ...BEARER, 'content-type': 'application/cloudevents+json' },
        body: JSON.stringify({
          specversion: '1.0',
          source: `source ${n}`,
          type: 'contact.queued',
          subject: 'c',
        }),
      });
    const { body } = await get('/metrics');
    expect(body).toMatch(/^pharos_readers 1$/m);
    expect(body).toMatch(/^pharos_messages_sent_total\{what="snapshot"\} 1$/m);
    expect(body).toMatch(/^pharos_bytes_sent_total\{what="tick"\} \d+$/m);
    expect(body).toMatch(/^pharos_encodings_total\{what="row"\} 1$/m);
    const refused = body
      .split('\n')
      .filter((line) => line.startsWith('pharos_http_events_refused_total{'));
    expect(refused).toHaveLength(65);
    expect(refused.some((line) => line.includes('source="other"') && line.endsWith(' 36'))).toBe(
      true,
    );
    expect(body).not.toContain(TOKEN);
  });

  it('[GTW-43] gives the whole floor to a program', async () => {
    await open();
    bench.floor.put('agents', agentRow('charles', { name: 'Charles Darnay' }));
    bench.floor.put('sources', sourceRow('pbx'));
    bench.tell();
    type Floor = {
      readonly rows: {
        readonly agents?: Record<string, { readonly state: string; readonly name: string }>;
      };
      readonly log: unknown;
    };
    const floor = async (): Promise<Floor> =>
      JSON.parse((await get('/api/v1/floor')).body) as Floor;
    const first = await floor();
    expect(Object.keys(first.rows)).toEqual(['site', 'agents', 'sources']);
    expect(first.rows.agents?.charles?.name).toBe('Charles Darnay');
    expect(first.log).toEqual(bench.health);
    bench.floor.put('agents', agentRow('charles', { state: 'talking' }));
    bench.tell();
    expect((await floor()).rows.agents?.charles?.state).toBe('talking');
    bench.floor.remove('agents', 'charles');
    bench.tell();
    expect((await floor()).rows.agents).toBeUndefined();
  });

  it('[GTW-44] answers 429 to too many calls, and goes on saying that it is up', async () => {
    await open({}, { limits: { callsPerMinute: 5 } });
    const statuses: number[] = [];
    for (let n = 0; n < 7; n++) statuses.push((await get('/api/v1/floor')).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
    expect((await get('/healthz')).status).toBe(200);
  });
});
