// The private Redis: what was written is there after any end, one Pharos has a folder, and nothing is left running.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { untilAnswering } from '../../server/log/answering.ts';
import { startPrivateRedis } from '../../server/log/private-redis.ts';
import type { PrivateRedis } from '../../server/log/private-redis.ts';
import { openRedisStore } from '../../server/log/redis-store.ts';
import type { Store } from '../../server/log/store.ts';

describe('the private Redis', () => {
  let root: string;
  const closers: (() => Promise<void>)[] = [];
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'pharos-private-'));
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
    await rm(root, { recursive: true, force: true });
  });
  async function start(dir: string, onDied?: (why: string) => void): Promise<PrivateRedis> {
    const options = onDied ? { dir, clock: systemClock, onDied } : { dir, clock: systemClock };
    const started = await startPrivateRedis(options);
    if (started.kind === 'refused') throw new Error(started.why);
    closers.push(() => started.redis.close());
    return started.redis;
  }
  async function open(redis: PrivateRedis): Promise<Store> {
    const store = openRedisStore({ url: redis.url, site: 'main' });
    closers.push(() => store.close());
    expect(await untilAnswering(store, { clock: systemClock, withinMs: 10_000 })).toBeNull();
    return store;
  }
  async function pidOf(url: string): Promise<number> {
    const raw = new Redis(url);
    const pid = /process_id:(\d+)/.exec(await raw.info('server'))?.[1];
    raw.disconnect();
    return Number(pid);
  }
  function isAlive(pid: number): boolean {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  }

  it.each(['data', `${'deep/'.repeat(30)}data`])(
    '[LOG-90] starts in a folder that was not there (%s), and has everything after it was closed and started again',
    async (name) => {
      const dir = join(root, name);
      const redis = await start(dir);
      const store = await open(redis);
      const settings = await store.settings();
      expect(settings).toMatchObject({ appendOnly: true, evictionPolicy: 'noeviction' });
      const ids = await store.append([{ type: 'contact.held', subject: 'a', data: {} }]);
      const pid = await pidOf(redis.url);
      await redis.close();
      expect(isAlive(pid)).toBe(false);
      const again = await open(await start(dir));
      expect((await again.read('0-0', { count: 9, blockMs: 0 })).map(({ id }) => id)).toEqual(ids);
    },
  );

  it('[LOG-91] refuses a second Pharos on one folder with a sentence, and is there for the next one after the first', async () => {
    const dir = join(root, 'data');
    const redis = await start(dir);
    expect(await startPrivateRedis({ dir, clock: systemClock })).toEqual({
      kind: 'refused',
      why: `Another Pharos runs on the data folder ${dir}; stop it, or give this one another folder with PHAROS_DATA_DIR.`,
    });
    await redis.close();
    await start(dir);
  });

  it('[LOG-92] says in a sentence what is missing, or what the server said, when it does not start', async () => {
    const dir = join(root, 'data');
    const missing = await startPrivateRedis({ dir, clock: systemClock, program: 'no-such-redis' });
    expect(missing.kind === 'refused' && missing.why).toMatch(
      /needs the program no-such-redis, which is not installed.*apt-get install redis-server/,
    );
    await writeFile(join(dir, 'appendonlydir'), 'a file where a folder belongs');
    const broken = await startPrivateRedis({ dir, clock: systemClock });
    expect(broken.kind === 'refused' && broken.why).toMatch(/did not start.*its last words were/);
    await writeFile(join(root, 'file'), '');
    const nowhere = await startPrivateRedis({ dir: join(root, 'file/data'), clock: systemClock });
    expect(nowhere.kind === 'refused' && nowhere.why).toMatch(/cannot keep its data in/);
  });

  it('[LOG-93] is started again when it dies, says so, and has lost nothing that was acknowledged', async () => {
    const died: string[] = [];
    const redis = await start(join(root, 'data'), (why) => died.push(why));
    const store = await open(redis);
    await store.append([{ type: 'contact.held', subject: 'a', data: {} }]);
    process.kill(await pidOf(redis.url), 'SIGKILL');
    await expect.poll(() => died).toHaveLength(1);
    expect(await untilAnswering(store, { clock: systemClock, withinMs: 10_000 })).toBeNull();
    expect((await store.extent()).entriesAdded).toBe(1);
  });

  it('[LOG-94] ends with a Pharos that is killed without a word, which leaves nothing that stops the next start', async () => {
    const dir = join(root, 'data');
    const program = fileURLToPath(new URL('hold-private-redis.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', program, dir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const url = await new Promise<string>((resolve) => {
      child.stdout.setEncoding('utf8');
      child.stdout.once('data', (said: string) => resolve(said.trim()));
    });
    const pid = await pidOf(url);
    const refused = await startPrivateRedis({ dir, clock: systemClock });
    expect(refused.kind).toBe('refused');
    child.kill('SIGKILL');
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
    const store = await open(await start(dir));
    expect((await store.extent()).entriesAdded).toBe(1);
  });

  it('[LOG-94] ends a server that was left over without its keeper before it starts its own', async () => {
    const dir = join(root, 'data');
    const redis = await start(dir);
    const socket = redis.url;
    await redis.close();
    const left = spawn('redis-server', ['--port', '0', '--unixsocket', socket, '--dir', dir], {
      stdio: 'ignore',
    });
    closers.push(async () => Promise.resolve(void left.kill('SIGKILL')));
    const raw = new Redis(socket, { retryStrategy: () => 20 });
    raw.on('error', () => undefined);
    await raw.ping();
    raw.disconnect();
    const next = await start(dir);
    expect(left.exitCode).toBe(0);
    expect(await pidOf(next.url)).not.toBe(left.pid);
  });
});
