// A real redis-server of a test's own: on a free loopback port or a unix socket, in a fresh directory, to be killed, frozen and started again.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RedisServerOptions {
  /** Default `port`. */
  readonly on?: 'port' | 'socket';
  /** More of redis.conf, such as `{maxmemory: '2mb', requirepass: 'x'}`. */
  readonly config?: Readonly<Record<string, string>>;
}

export interface RedisServer {
  /** For ioredis and `REDIS_URL`: `redis://127.0.0.1:PORT`, or the path of the socket. */
  readonly url: string;
  readonly dir: string;
  pid(): number;
  /** SIGKILL, or another signal; resolves when the process is gone. */
  kill(signal?: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** SIGSTOP: connections stay open and nothing answers. */
  stop(): void;
  /** SIGCONT. */
  cont(): void;
  /** Starts it again on the same address and data, and waits until it answers; kills it first where it still runs. */
  restart(config?: Readonly<Record<string, string>>): Promise<void>;
  /** Starts it again and returns at once, to watch it load. */
  restartWithoutWaiting(config?: Readonly<Record<string, string>>): void;
  /** Says one command without ioredis and gives the first line of the reply. */
  say(...command: readonly string[]): Promise<string>;
  /** Kills it and removes its directory. */
  close(): Promise<void>;
}

export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const dir = await mkdtemp(join(tmpdir(), 'pharos-redis-'));
  const socket = join(dir, 'redis.sock');
  const port = options.on === 'socket' ? 0 : await freePort();
  const where = port === 0 ? { path: socket } : { host: '127.0.0.1', port };
  const base: Readonly<Record<string, string>> = {
    dir,
    port: String(port),
    bind: '127.0.0.1',
    ...(port === 0 ? { unixsocket: socket } : {}),
    save: '',
    appendonly: 'yes',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
    daemonize: 'no',
    logfile: join(dir, 'redis.log'),
    ...options.config,
  };
  let child = run(base);

  async function kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    // A frozen process takes SIGKILL, but SIGTERM only once it runs again.
    child.kill('SIGCONT');
    child.kill(signal);
    await gone;
  }
  function say(...command: readonly string[]): Promise<string> {
    return ask(where, command);
  }
  const server: RedisServer = {
    url: port === 0 ? socket : `redis://127.0.0.1:${port}`,
    dir,
    pid: () => child.pid ?? 0,
    kill,
    stop: () => void child.kill('SIGSTOP'),
    cont: () => void child.kill('SIGCONT'),
    async restart(config = {}) {
      await kill();
      child = run({ ...base, ...config });
      await answering(say, child);
    },
    restartWithoutWaiting(config = {}) {
      child = run({ ...base, ...config });
    },
    say,
    async close() {
      await kill();
      await rm(dir, { recursive: true, force: true, maxRetries: 10 });
    },
  };
  try {
    await answering(say, child);
  } catch (error) {
    await server.close();
    throw error;
  }
  return server;
}

function run(config: Readonly<Record<string, string>>): ChildProcess {
  const words = Object.entries(config).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn('redis-server', words, { stdio: 'ignore' });
  // A test run that is cut short leaves nothing behind.
  const reap = (): void => void child.kill('SIGKILL');
  process.once('exit', reap);
  child.once('exit', () => process.off('exit', reap));
  child.once('error', () => process.off('exit', reap));
  return child;
}

/** Waits for PONG, or for the password or the loading that stand before it. */
async function answering(
  say: (...command: readonly string[]) => Promise<string>,
  child: ChildProcess,
): Promise<void> {
  const until = performance.now() + 20_000;
  for (;;) {
    const said = await say('PING').catch(() => '');
    if (said === '+PONG' || said.startsWith('-NOAUTH')) return;
    if (child.exitCode !== null) throw new Error(`redis-server ended with ${child.exitCode}`);
    if (performance.now() > until) throw new Error('redis-server did not answer within 20 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function ask(
  where: { readonly path: string } | { readonly host: string; readonly port: number },
  command: readonly string[],
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(where);
    let said = '';
    socket.setEncoding('utf8');
    socket.setTimeout(2_000, () => socket.destroy(new Error('no answer within 2 s')));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed')));
    socket.on('data', (part: string) => {
      said += part;
      const end = said.indexOf('\r\n');
      if (end < 0) return;
      resolve(said.slice(0, end));
      socket.destroy();
    });
    const words = command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
    socket.write(`*${command.length}\r\n${words.join('')}`);
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
