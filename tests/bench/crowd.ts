// A crowd of screens in processes of their own, so that who measures is not who listens.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answers, Hall, Order, Report, Seat } from './crowd-words.ts';

const PROCESS = fileURLToPath(new URL('crowd-process.ts', import.meta.url));

export interface Crowd {
  /** The same order to each process; their answers. */
  ask<K extends keyof Answers>(order: Extract<Order, { do: K }>): Promise<readonly Answers[K][]>;
  close(): void;
}

/** A crowd that is small enough listens in one process. */
const SMALL = 100;

/** One process for each list of seats, which fill in this order; resolves once everybody has the last position. */
export async function openCrowd(
  hall: Omit<Hall, 'seats'>,
  lists: readonly (readonly Seat[])[],
): Promise<Crowd> {
  const processes = lists.flat().length <= SMALL ? [lists.flat()] : lists;
  const children = processes.map(() =>
    fork(PROCESS, {
      execArgv: ['--import', 'tsx'],
      serialization: 'advanced',
      stdio: ['ignore', 2, 2, 'ipc'],
    }),
  );
  const crowd: Crowd = {
    ask: (order) => Promise.all(children.map((child) => answerOf(child, order))) as never,
    close: () => children.forEach((child) => child.disconnect()),
  };
  for (const [at, child] of children.entries())
    await answerOf(child, { do: 'open', hall: { ...hall, seats: processes[at] ?? [] } });
  return crowd;
}

function answerOf(child: ChildProcess, order: Order): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const gone = (code: number | null): void =>
      reject(new Error(`a process of the crowd ended with ${code} at "${order.do}"`));
    child.once('exit', gone);
    child.once('message', (answer) => {
      child.off('exit', gone);
      resolve(answer);
    });
    child.send(order);
  });
}

/** How busy the processes of a crowd were: percent of one core, and the lateness of their loops. */
export function busyness(reports: readonly Report[]): string {
  return reports
    .map(
      ({ cpuMs, spanMs, lateMs }) =>
        `${Math.round((100 * cpuMs) / spanMs)} % (loop p99 ${lateMs.p99.toFixed(0)} ms)`,
    )
    .join(', ');
}
