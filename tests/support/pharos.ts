// The whole product as its user starts it: a process of its own, on a free port, with nothing inherited but the path.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export interface Pharos {
  readonly port: number;
  /** Such as `http://127.0.0.1:41234`. */
  readonly url: string;
  readonly dataDir: string;
  /** Of the process that runs now. */
  pid(): number;
  /** All that it has printed. */
  printed(): string;
  /** Starts it again on the same port and data. */
  start(): Promise<void>;
  /** Ends it and waits until it is gone; gives its exit code, null for a signal. */
  kill(signal?: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
  /** SIGSTOP: its connections stay open and it does nothing. */
  freeze(): void;
  /** SIGCONT. */
  thaw(): void;
  /** Kills it and removes its data. */
  close(): Promise<void>;
}

export async function startPharos(
  environment: Readonly<Record<string, string>> = {},
): Promise<Pharos> {
  const dataDir = await mkdtemp(join(tmpdir(), 'pharos-data-'));
  const port = await freePort();
  let printed = '';
  let child: ChildProcess | null = null;

  async function start(): Promise<void> {
    const from = printed.length;
    const started = spawn(process.execPath, wordsOfStart(), {
      cwd: dataDir,
      env: {
        PATH: process.env.PATH,
        PORT: String(port),
        PHAROS_DATA_DIR: dataDir,
        PHAROS_ZONE: 'Europe/Riga',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    await new Promise<void>((ready, failed) => {
      const hear = (chunk: Buffer): void => {
        printed += chunk.toString();
        if (printed.slice(from).includes('The wall is at ')) ready();
      };
      started.stdout.on('data', hear);
      started.stderr.on('data', hear);
      started.once('exit', (code) =>
        failed(new Error(`Pharos ended with ${String(code)} before it was ready:\n${printed}`)),
      );
    });
  }

  async function kill(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<number | null> {
    const was = child;
    child = null;
    if (was === null) return null;
    if (was.exitCode !== null || was.signalCode !== null) return was.exitCode;
    const gone = new Promise<number | null>((resolve) => was.once('exit', resolve));
    was.kill(signal);
    // A frozen process takes SIGKILL, but SIGTERM only once it runs again.
    was.kill('SIGCONT');
    return gone;
  }

  await start();
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    dataDir,
    pid: () => child?.pid ?? 0,
    printed: () => printed,
    start,
    kill,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    async close() {
      await kill('SIGTERM');
      await rm(dataDir, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string')
    throw new Error('invariant: a port was asked for');
  return address.port;
}

/** What `npm start` says to node, so that it is the product that is tested. */
function wordsOfStart(): string[] {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly scripts: { readonly start: string };
  };
  const [node, ...words] = scripts.start.split(' ');
  if (node !== 'node')
    throw new Error(`npm start was expected to begin with node: ${scripts.start}`);
  return words.map((word) => (word.endsWith('.js') ? resolve(word) : word));
}
