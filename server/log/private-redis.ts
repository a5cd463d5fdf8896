// The private Redis: a redis-server child on a unix socket, with its data in a folder of ours; it ends when we do, however we end.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFile, realpath, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pause } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { lockDataDir, socketPath } from './data-dir-lock.ts';
import { openLink } from './redis-link.ts';

export interface PrivateRedis {
  /** The path of its socket, for `openRedisStore`. */
  readonly url: string;
  /** Ends it in order: what was written is on the disk afterwards. */
  close(): Promise<void>;
}

export interface PrivateRedisOptions {
  readonly dir: string;
  readonly clock: Clock;
  /** The program; default `redis-server`, looked for on the PATH. */
  readonly program?: string;
  /** It died though nobody asked it to, in a sentence; it is being started again. */
  readonly onDied?: (why: string) => void;
}

export type PrivateRedisResult =
  | { readonly kind: 'started'; readonly redis: PrivateRedis }
  | {
      readonly kind: 'refused';
      /** A sentence for the one who starts it. */
      readonly why: string;
    };

/** How long its data may take to load (milliseconds). */
const START_MOST_MS = 60_000;
/** How long it may take to write its last words (milliseconds). */
const END_MOST_MS = 10_000;
const LOOK_MS = 25;
const RESTART_MS = 500;

/**
 * A shell stands between us and it, and ends it when our end of the pipe closes, which it does even at `kill -9`.
 * Its own process group keeps Ctrl-C from ending Redis before Pharos has written its last snapshot.
 */
const KEEPER = `
exec 3<&0
"$@" </dev/null & redis=$!
(read -r _ <&3; kill -TERM $redis) 2>/dev/null & keeper=$!
wait $redis; code=$?
kill $keeper 2>/dev/null
exit $code`;

export async function startPrivateRedis(options: PrivateRedisOptions): Promise<PrivateRedisResult> {
  const { dir, clock, program = 'redis-server', onDied } = options;
  const lock = await lockDataDir(dir);
  if (lock.kind === 'refused') return lock;
  const home = await realpath(dir);
  const socket = socketPath(home, 'redis.sock');
  const refused = async (why: string): Promise<PrivateRedisResult> => {
    await lock.release();
    return { kind: 'refused', why };
  };
  // One of an earlier Pharos that was killed may still write its last words, or have lost its keeper.
  if (!(await endLeftover(socket, clock)))
    return refused(`A redis-server of an earlier Pharos still runs on ${dir} and does not end.`);

  let closing = false;
  let child = keep(program, wordsFor(home, socket));
  const first = await untilPong(child, socket, clock);
  if (first !== null) {
    await endChild(child, clock);
    return refused(await sentenceFor(first, { program, home }));
  }
  watch();

  function watch(): void {
    child.process.once('exit', () => {
      if (closing) return;
      onDied?.('The private redis-server died; it is being started again.');
      void again();
    });
  }
  async function again(): Promise<void> {
    for (;;) {
      await pause(clock, RESTART_MS);
      if (closing) return;
      child = keep(program, wordsFor(home, socket));
      const fault = await untilPong(child, socket, clock);
      if (fault === null) return watch();
      if (closing) return;
      await endChild(child, clock);
      onDied?.(await sentenceFor(fault, { program, home }));
    }
  }
  const redis: PrivateRedis = {
    url: socket,
    async close() {
      if (closing) return;
      closing = true;
      await endChild(child, clock);
      await unlink(socket).catch(() => undefined);
      await lock.release();
    },
  };
  return { kind: 'started', redis };
}

interface Kept {
  readonly process: ChildProcess;
  /** Set once it is gone: how it ended. */
  readonly ended: Promise<string>;
  over: string | null;
}

function keep(program: string, words: readonly string[]): Kept {
  const child = spawn('/bin/sh', ['-c', KEEPER, 'pharos-redis', program, ...words], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  // Closing the pipe of a child that is gone already is no news.
  child.stdin?.on('error', () => undefined);
  const kept: Kept = {
    process: child,
    over: null,
    ended: new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code) => resolve(String(code)));
    }).then((how) => (kept.over = String(how))),
  };
  return kept;
}

/** In order; one that hangs is killed, which costs a second of what it was told at most. */
async function endChild(child: Kept, clock: Clock): Promise<void> {
  child.process.stdin?.destroy();
  const patience = new AbortController();
  const kill = async (): Promise<void> => {
    await pause(clock, END_MOST_MS, patience.signal);
    const { pid } = child.process;
    if (!patience.signal.aborted && pid !== undefined) process.kill(-pid, 'SIGKILL');
  };
  void kill();
  await child.ended;
  patience.abort();
}

function wordsFor(dir: string, socket: string): readonly string[] {
  const settings: Readonly<Record<string, string>> = {
    dir,
    port: '0',
    unixsocket: socket,
    unixsocketperm: '700',
    daemonize: 'no',
    appendonly: 'yes',
    appendfsync: 'everysec',
    // The append-only file is the record; a second copy by RDB would only cost.
    save: '',
    'maxmemory-policy': 'noeviction',
    logfile: join(dir, 'redis.log'),
    loglevel: 'warning',
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}

/** Null once it answers; else what went wrong. Loading is waited for. */
async function untilPong(child: Kept, socket: string, clock: Clock): Promise<string | null> {
  const until = clock.monotonic() + START_MOST_MS;
  while (clock.monotonic() < until) {
    if (child.over !== null) return child.over;
    if ((await say(socket, 'PING')) === 'PONG') return null;
    await pause(clock, LOOK_MS);
  }
  return 'timeout';
}

/** Nobody else holds the folder, so whatever answers there was ours. False: it does not end. */
async function endLeftover(socket: string, clock: Clock): Promise<boolean> {
  const until = clock.monotonic() + END_MOST_MS;
  while ((await say(socket, 'SHUTDOWN')) !== 'nobody') {
    if (clock.monotonic() > until) return false;
    await pause(clock, LOOK_MS);
  }
  return true;
}

/** The answer; `nobody` where nobody listens, `nothing` where one listens and does not answer as wished. */
async function say(socket: string, command: string): Promise<string> {
  const timeoutMs = 1_000;
  const link = openLink({
    url: socket,
    name: 'pharos:start',
    commandTimeoutMs: timeoutMs,
    socketTimeoutMs: timeoutMs,
  });
  try {
    const isThere = await new Promise<boolean>((resolve) => {
      link.redis.once('connect', () => resolve(true));
      link.redis.once('error', () => resolve(false));
    });
    if (!isThere) return 'nobody';
    await new Promise((resolve) => {
      if (link.redis.status === 'ready') resolve(null);
      link.redis.once('ready', resolve);
      link.redis.once('close', resolve);
    });
    return String(await link.run((redis) => redis.call(command)));
  } catch {
    return 'nothing';
  } finally {
    link.close();
  }
}

async function sentenceFor(
  fault: string,
  { program, home }: { readonly program: string; readonly home: string },
): Promise<string> {
  // What a shell says of a command that it does not find.
  if (fault === '127')
    return `Pharos needs the program ${program}, which is not installed. Debian, Ubuntu: apt-get install redis-server. Fedora: dnf install redis. macOS: brew install redis. Or set REDIS_URL to a Redis 7 that runs already.`;
  const log = await readFile(join(home, 'redis.log'), 'utf8').catch(() => '');
  const last = log.trim().split('\n').at(-1) ?? '';
  const how =
    fault === 'timeout' ? `did not answer within ${START_MOST_MS / 1_000} s` : 'did not start';
  return `The private redis-server ${how}${last ? `; its last words were: ${last}` : ''} (all of them are in ${join(home, 'redis.log')}).`;
}
