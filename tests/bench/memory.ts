// P-7: resident memory of the server for each idle client, and in all on a large floor under traffic. Nothing asks V8 to collect garbage.
import { openCrowd } from './crowd.ts';
import type { Crowd } from './crowd.ts';
import { quantile } from './figures.ts';
import type { Bench, Line } from './line.ts';
import { rssKbOf } from './process-cost.ts';
import { atRate, boardsOf, openSite, TOKEN } from './site.ts';

interface Idle {
  readonly agents: number;
  readonly queues: number;
  readonly departments: number;
  /** Clients that come at each step. */
  readonly step: number;
  readonly steps: number;
  /** Seconds to settle after each step, and those at their end of which the median is taken. */
  readonly settleSeconds: number;
  readonly medianSeconds: number;
}

interface Large {
  readonly agents: number;
  readonly queues: number;
  readonly departments: number;
  readonly screens: number;
  readonly perSecond: number;
  readonly seconds: number;
}

const IDLE: Record<'whole' | 'tiny', Idle> = {
  whole: {
    agents: 100,
    queues: 10,
    departments: 1,
    step: 500,
    steps: 4,
    settleSeconds: 20,
    medianSeconds: 8,
  },
  tiny: {
    agents: 20,
    queues: 4,
    departments: 1,
    step: 20,
    steps: 1,
    settleSeconds: 0.5,
    medianSeconds: 0.3,
  },
};
const LARGE: Record<'whole' | 'tiny', Large> = {
  whole: {
    agents: 10_000,
    queues: 50,
    departments: 8,
    screens: 1_000,
    perSecond: 200,
    seconds: 60,
  },
  tiny: { agents: 80, queues: 8, departments: 2, screens: 20, perSecond: 50, seconds: 1 },
};
const PROMISED = { clientKb: 60, serverMb: 300 };
const KB_OF_A_MB = 1_024;

export const bench: Bench = {
  name: 'memory',
  async run(scale) {
    return [await idle(IDLE[scale]), await large(LARGE[scale])];
  },
};

async function idle(load: Idle): Promise<Line> {
  const site = await openSite(load);
  const pharos = await site.startPharos();
  const crowds: Crowd[] = [];
  const settled = async (): Promise<number> => {
    await seconds(load.settleSeconds - load.medianSeconds);
    return quantile(await sampled(pharos.pid(), load.medianSeconds), 0.5);
  };
  try {
    const kb = [await settled()];
    for (let step = 0; step < load.steps; step++) {
      const seats = Array.from({ length: load.step }, () => ({ board: 'main', isApplying: false }));
      crowds.push(await openCrowd({ way: 'pharos', url: pharos.url, token: TOKEN }, [seats]));
      kb.push(await settled());
    }
    const clients = load.step * load.steps;
    const each = ((kb.at(-1) ?? Number.NaN) - (kb[0] ?? Number.NaN)) / clients;
    return {
      promise: 'P-7',
      what: 'RSS of the server an idle client',
      workload: `${clients} clients in steps of ${load.step}, ${load.agents} agents, nothing happens; ${load.settleSeconds} s after each step, median of the last ${load.medianSeconds} s, no garbage collection asked for`,
      measured: `${each.toFixed(1)} kB; the server ${kb.map(mb).join(', ')} MB`,
      beside: `none: ${mb(kb[0] ?? Number.NaN)} MB without any client`,
      promised: `≤ ${PROMISED.clientKb} kB`,
      holds: each <= PROMISED.clientKb,
    };
  } finally {
    for (const crowd of crowds) crowd.close();
    await pharos.close();
    await site.close();
  }
}

async function large(load: Large): Promise<Line> {
  const site = await openSite(load);
  const pharos = await site.startPharos();
  let crowd: Crowd | null = null;
  try {
    const empty = rssKbOf(pharos.pid());
    const boards = boardsOf(load.departments);
    const seats = Array.from({ length: load.screens }, (_, at) => ({
      board: boards[at % boards.length] ?? 'main',
      isApplying: false,
    }));
    const half = Math.floor(load.screens / 2);
    crowd = await openCrowd({ way: 'pharos', url: pharos.url, token: TOKEN }, [
      seats.slice(0, half),
      seats.slice(half),
    ]);
    const [kb] = await Promise.all([
      sampled(pharos.pid(), load.seconds),
      site.produce({ seconds: load.seconds, gapMs: atRate(load.perSecond) }),
    ]);
    const most = Math.max(...kb);
    return {
      promise: 'P-7',
      what: 'RSS of the server on a large floor, at most',
      workload: `${load.agents} agents, ${load.queues} queues, ${load.screens} screens in ${boards.length} scopes, ${load.perSecond} events/s for ${load.seconds} s, looked at four times a second`,
      measured: `${mb(most)} MB (median ${mb(quantile(kb, 0.5))} MB)`,
      beside: `none: ${mb(empty)} MB before the first screen`,
      promised: `≤ ${PROMISED.serverMb} MB`,
      holds: most <= PROMISED.serverMb * KB_OF_A_MB,
    };
  } finally {
    crowd?.close();
    await pharos.close();
    await site.close();
  }
}

/** Resident memory, four times a second for so long. */
async function sampled(pid: number, lasts: number): Promise<number[]> {
  const kb: number[] = [];
  for (let at = 0; at < lasts; at += 0.25) {
    kb.push(rssKbOf(pid));
    await seconds(0.25);
  }
  return kb;
}

function mb(kb: number): string {
  return (kb / KB_OF_A_MB).toFixed(0);
}

function seconds(count: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, count * 1_000));
}
