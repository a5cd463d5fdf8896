// Starts a yardstick as a process of its own, as the product is one.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { JOURNAL } from './site.ts';

export interface Yardstick {
  readonly url: string;
  readonly pid: number;
  close(): void;
}

export async function startYardstick(
  which: 'plain-way' | 'bare-way',
  redisUrl: string,
): Promise<Yardstick> {
  const child = fork(fileURLToPath(new URL(`${which}.ts`, import.meta.url)), [redisUrl, JOURNAL], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  const reap = (): void => void child.kill('SIGKILL');
  process.once('exit', reap);
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (said) => resolve(Number(said)));
    child.once('exit', (code) => reject(new Error(`${which} ended with ${code} at once`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    close() {
      process.off('exit', reap);
      reap();
    },
  };
}
