// A start that meets what an installer can mend, and an end that meets a Redis that hangs.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { readConfig } from '../../server/config.ts';
import { openHouse } from '../../server/house.ts';
import { createLifecycle } from '../../server/lifecycle.ts';
import { memoryShelves } from '../../server/log/memory-shelves.ts';
import { createThrottle } from '../../server/log/throttle.ts';
import type { Lifecycle } from '../../server/lifecycle.ts';
import { openMemoryStore } from '../../server/log/memory-store.ts';
import { openRedisStore } from '../../server/log/redis-store.ts';
import type { Store } from '../../server/log/store.ts';
import { StartRefused } from '../../server/start-refused.ts';
import { createTelemetry } from '../../server/telemetry.ts';
import { call } from '../support/call.ts';
import { freePort } from '../support/pharos.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { startRedis } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';

const TOKEN = 'a-token-of-the-test-suite-only';
const PATIENCE_MS = 20_000;

let lifecycle: Lifecycle = createLifecycle();
afterEach(async () => {
  await lifecycle.close();
  lifecycle = createLifecycle();
});

interface Started {
  readonly said: string[];
  readonly listening: Promise<unknown>;
}

/** Opens the house; `said` is what it has printed. */
function start(store: Store, environment: Readonly<Record<string, string>> = {}): Started {
  const read = readConfig({
    PORT: '0',
    PHAROS_DEMO: 'off',
    PHAROS_BOOTSTRAP_TOKEN: TOKEN,
    ...environment,
  });
  if (!read.ok) throw new Error(read.complaints.join(' '));
  const telemetry = createTelemetry();
  const said: string[] = [];
  telemetry.subscribe(({ text }) => {
    if (text !== undefined) said.push(text);
  });
  const listening = openHouse({
    config: read.config,
    store,
    lifecycle,
    telemetry,
    clock: systemClock,
    holder: randomBytes(4).toString('hex'),
    token: TOKEN,
    shelves: memoryShelves(),
    throttle: createThrottle(null),
    staticDir: tmpdir(),
    build: 'start',
  });
  return { said, listening };
}

function onRedis({ url }: RedisServer, user = ''): Store {
  const store = openRedisStore({ url: url.replace('//', `//${user}`), site: 'main' });
  lifecycle.onClose('store', () => store.close());
  return store;
}

describe('a start', () => {
  it('[HSE-17] of the demo tells its address once the first look is true', async () => {
    const port = await freePort();
    const environment = { PHAROS_DEMO: 'on', PORT: String(port), PHAROS_BOOTSTRAP_TOKEN: '' };
    await start(openMemoryStore(systemClock), environment).listening;
    const { body } = await call({ port, path: '/api/v1/floor' });
    const { rows } = JSON.parse(body) as {
      readonly rows: Readonly<Record<string, Readonly<Record<string, object>>>>;
    };
    const states = (table: string): string[] =>
      Object.values(rows[table] ?? {}).flatMap((row) =>
        'state' in row ? [String(row.state)] : [],
      );
    console.log(`${states('contacts').length} contacts, ${states('callbacks').length} promises.`);
    // Ernest Defarge waits from the beginning on.
    expect(states('contacts')).toContain('waiting');
    expect(states('agents').filter((state) => state !== 'offline').length).toBeGreaterThan(8);
    expect(states('callbacks')).toContain('open');
  });

  it('[ACC-64] does not wait for the company’s own sign-in, and shows the way to it', async () => {
    const port = await freePort();
    await start(openMemoryStore(systemClock), {
      ...{ PORT: String(port), PHAROS_PUBLIC_URL: `http://127.0.0.1:${port}` },
      ...{ PHAROS_OIDC_ISSUER: 'http://127.0.0.1:9', PHAROS_OIDC_CLIENT_ID: 'pharos' },
      ...{ PHAROS_OIDC_NAME: 'Tellson', PHAROS_OIDC_ROLES: 'supervisor=heads' },
    }).listening;
    expect((await call({ port, path: '/sign-in' })).body).toContain('Sign in with Tellson');
    const host = `127.0.0.1:${port}`;
    const away = await call({ port, path: '/sign-in/open-id', headers: { host } });
    expect(away.headers.location).toBe('/sign-in?trouble=silent&next=%2F');
  });

  it('[HSE-18] of the demo is refused beside a real source, and not after what was said at its desk', async () => {
    const demo = { PHAROS_DEMO: 'on', PHAROS_BOOTSTRAP_TOKEN: '' };
    const said = openMemoryStore(systemClock);
    await said.append([
      { type: 'supervisor.presence', subject: 'nora', source: 'desk', data: { presence: 'floor' } },
    ]);
    await start(said, demo).listening;
    await lifecycle.close();
    const real = openMemoryStore(systemClock);
    await real.append([
      { type: 'contact.queued', subject: 'c1', source: 'pbx', data: { queue: 'q' } },
    ]);
    await expect(start(real, demo).listening).rejects.toThrow(/does not share a site.*"pbx"/);
  });

  it('[HSE-10] says in a sentence that its port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    lifecycle.onClose('other', () => void other.close());
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { listening } = start(openMemoryStore(systemClock), { PORT: String(port) });
    const why = await listening.catch((error: unknown) => error);
    expect(why).toBeInstanceOf(StartRefused);
    expect(why).toMatchObject({
      message: `PORT: expected a free port of 127.0.0.1, and another program listens on ${port}.`,
    });
  });

  it('[HSE-10] says in a sentence that the address is not of this machine', async () => {
    const { listening } = start(openMemoryStore(systemClock), {
      HOST: 'no-such-name.invalid',
      PHAROS_PLAIN_HTTP: 'on',
    });
    await expect(listening).rejects.toThrow(StartRefused);
    await expect(listening).rejects.toThrow(/^HOST, PORT: expected .* got "no-such-name.invalid"/);
  });

  it.each(['missing', 'no PEM'])(
    '[HSE-10] says in a sentence that a certificate is %s',
    async (fault) => {
      const dir = await mkdtemp(join(tmpdir(), 'pharos-tls-'));
      lifecycle.onClose('dir', () => rm(dir, { recursive: true }));
      const file = join(dir, 'cert.pem');
      if (fault === 'no PEM') await writeFile(file, 'nothing of the kind');
      const { listening } = start(openMemoryStore(systemClock), {
        PHAROS_TLS_CERT: file,
        PHAROS_TLS_KEY: file,
      });
      await expect(listening).rejects.toThrow(StartRefused);
      await expect(listening).rejects.toThrow(
        /^PHAROS_TLS_CERT, PHAROS_TLS_KEY: expected PEM files/,
      );
    },
  );

  it('[HSE-11] waits for a Redis that does not let it do everything yet, and then goes on', async () => {
    const redis = await startRedis();
    lifecycle.onClose('redis', () => redis.close());
    const words = ['ACL', 'SETUSER', 'pharos', 'on', '>secret', '~pharos:*', '+@all'];
    await redis.say(...words, '-hmget', '-hgetall', '-evalsha', '-eval', '-info');
    const { said, listening } = start(onRedis(redis, 'pharos:secret@'));
    const wait = { timeout: PATIENCE_MS, interval: 20 };
    await expect.poll(() => said.join('\n'), wait).toContain('Redis cannot be used yet (NOAUTH)');
    expect(said[0]).toContain('Redis does not say how it is set up');
    await redis.say(...words, '-info');
    await listening;
  });

  it('[HSE-11] refuses what does not pass by itself, in Redis’ own words', async () => {
    const redis = await startRedis();
    lifecycle.onClose('redis', () => redis.close());
    await redis.say('SET', 'pharos:{main}:events', 'no stream');
    const { listening } = start(onRedis(redis));
    await expect(listening).rejects.toThrow(StartRefused);
    await expect(listening).rejects.toThrow(/^Redis cannot be used; it says: WRONGTYPE/);
  });
});

describe('an end', () => {
  it('[HSE-12] leaves a step behind that is not done within 4 s, by name, and closes the others', async () => {
    const clock = createManualClock();
    const closed: string[] = [];
    const own = createLifecycle(clock);
    own.onClose('first', () => void closed.push('first'));
    own.onClose('hangs', () => new Promise<void>(() => undefined));
    own.onClose('slow but patient', () => new Promise<void>(() => undefined), 6_000);
    own.onClose('last', () => void closed.push('last'));
    const done = own.close();
    await expect.poll(() => closed).toEqual(['last']);
    await clock.advance(6_000);
    await clock.advance(3_999);
    expect(closed).toEqual(['last']);
    await clock.advance(1);
    expect(await done).toEqual([
      'slow but patient: not done within 6 s',
      'hangs: not done within 4 s',
    ]);
    expect(closed).toEqual(['last', 'first']);
  });
});
