// Runs one bench in a process of its own, so that none finds the heap of another.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Line, Scale } from './line.ts';

const PROCESS = fileURLToPath(new URL('bench-process.ts', import.meta.url));

/** Rejects where the bench could not measure; a promise that does not hold is a line like others. */
export function runBench(name: string, scale: Scale): Promise<readonly Line[]> {
  return new Promise((resolve, reject) => {
    const child = fork(PROCESS, [name, scale], {
      execArgv: ['--import', 'tsx'],
      // What a bench says on its way is not part of the table.
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    const reap = (): void => void child.kill('SIGTERM');
    process.once('exit', reap);
    let lines: readonly Line[] | null = null;
    child.on('message', (said) => (lines = said as readonly Line[]));
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.off('exit', reap);
      if (code === 0 && lines !== null) resolve(lines);
      else reject(new Error(`the bench "${name}" ended with ${signal ?? code} and no lines`));
    });
  });
}
