// P-8: everybody is cut off and comes back at once, by the missing rows; and everybody meets a server that has just begun.
import { openCrowd } from './crowd.ts';
import type { Compared, Returned, Seat } from './crowd-words.ts';
import { ms, p50And99 } from './figures.ts';
import { instant } from './keys.ts';
import type { Bench, Line } from './line.ts';
import { cpuMsOf } from './process-cost.ts';
import { atRate, boardsOf, openSite, TOKEN } from './site.ts';
import type { Pharos } from '../support/pharos.ts';

interface Workload {
  readonly agents: number;
  readonly queues: number;
  readonly departments: number;
  readonly clients: number;
  /** Of them, those that parse and apply, and are compared row by row. */
  readonly compared: number;
  readonly perSecond: number;
  readonly awaySeconds: number;
  /** Traffic goes on for so long while they come back. */
  readonly backSeconds: number;
}

const AWAY: Record<'whole' | 'tiny', Workload> = {
  whole: {
    agents: 1_000,
    queues: 50,
    departments: 8,
    clients: 2_000,
    compared: 50,
    perSecond: 50,
    awaySeconds: 10,
    backSeconds: 5,
  },
  tiny: {
    agents: 80,
    queues: 8,
    departments: 2,
    clients: 40,
    compared: 8,
    perSecond: 50,
    awaySeconds: 1,
    backSeconds: 1,
  },
};
const COLD: Record<'whole' | 'tiny', Workload> = {
  whole: { ...AWAY.whole, agents: 100, queues: 10 },
  tiny: { ...AWAY.tiny, agents: 40 },
};
const PROMISED_MS = 5_000;

export const bench: Bench = {
  name: 'comeback',
  async run(scale) {
    return [...(await comeBack(AWAY[scale])), await coldStart(COLD[scale])];
  },
};

async function comeBack(load: Workload): Promise<readonly Line[]> {
  const site = await openSite(load);
  const pharos = await site.startPharos();
  const crowd = await openCrowd({ way: 'pharos', url: pharos.url, token: TOKEN }, seatsOf(load));
  const traffic = (seconds: number): Promise<unknown> =>
    site.produce({ seconds, gapMs: atRate(load.perSecond) });
  try {
    await traffic(load.awaySeconds / 2);
    await crowd.ask({ do: 'cut' });
    await traffic(load.awaySeconds);
    const worked = await encodingsOf(pharos);
    const cpu = cpuMsOf(pharos.pid());
    const [returned] = await Promise.all([
      crowd.ask({ do: 'return', with: 'position' }),
      traffic(load.backSeconds),
    ]);
    const cpuMs = cpuMsOf(pharos.pid()) - cpu;
    const made = since(worked, await encodingsOf(pharos));
    // The last frames are on their way, after which both sides stand still.
    await crowd.ask({ do: 'settle' });
    const compared = await crowd.ask({ do: 'compare' });
    const by = byOf(returned);
    const tookMs = returned.flatMap((one) => one.tookMs);
    return [
      {
        promise: 'P-8',
        what: 'cut off, and back at once after a while: the last position at all',
        workload: `${load.clients} clients of ${load.departments + 2} scopes, ${load.agents} agents, ${load.perSecond} events/s all the time, ${load.awaySeconds} s away`,
        measured: `all after ${ms(Math.max(...tookMs))} (${p50And99(tookMs)}); by missing rows ${by.rows}, by a snapshot ${by.snapshot}, with nothing missing ${by.nothing}; ${made.missing} answers put together; server ${ms(cpuMs)} of processor in ${load.backSeconds} s, loops of the client processes p99 ${lateness(returned)}`,
        beside: 'none',
        promised: `≤ ${PROMISED_MS / 1_000} s, by the missing rows`,
        holds: Math.max(...tookMs) <= PROMISED_MS && by.snapshot === 0,
      },
      comparedLine(compared),
    ];
  } finally {
    crowd.close();
    await pharos.close();
    await site.close();
  }
}

async function coldStart(load: Workload): Promise<Line> {
  const site = await openSite(load);
  const pharos = await site.startPharos();
  const crowd = await openCrowd({ way: 'pharos', url: pharos.url, token: TOKEN }, seatsOf(load));
  try {
    await pharos.kill();
    const from = instant();
    await pharos.start();
    const bootMs = instant() - from;
    const worked = await encodingsOf(pharos);
    const returned = await crowd.ask({ do: 'return', with: 'position' });
    const made = since(worked, await encodingsOf(pharos));
    const positions = new Set(returned.flatMap((one) => [...one.snapshots])).size;
    const by = byOf(returned);
    const tookMs = returned.flatMap((one) => one.tookMs);
    const all = bootMs + Math.max(...tookMs);
    return {
      promise: 'P-8',
      what: 'a cold start: server killed and started, everybody comes at once with a position of its former life',
      workload: `${load.clients} clients of ${load.departments + 2} scopes, ${load.agents} agents, ${load.queues} queues`,
      measured: `all after ${ms(all)}, of which ${ms(bootMs)} until it listens; then ${p50And99(tookMs)}; by a snapshot ${by.snapshot}; ${made.snapshot} snapshots built for ${positions} positions; loops of the client processes p99 ${lateness(returned)}`,
      beside: 'none',
      promised: `≤ ${PROMISED_MS / 1_000} s, no snapshot built twice for one position`,
      holds: all <= PROMISED_MS && made.snapshot <= positions,
    };
  } finally {
    crowd.close();
    await pharos.close();
    await site.close();
  }
}

function comparedLine(compared: readonly Compared[]): Line {
  const screens = compared.reduce((sum, one) => sum + one.screens, 0);
  const rows = compared.reduce((sum, one) => sum + one.rows, 0);
  const differ = compared.flatMap((one) => one.differ);
  return {
    promise: 'P-8',
    what: 'those who came back beside a fresh client, row by row',
    workload: `${screens} of the clients, ${rows} rows`,
    measured: `${differ.length} differ${differ.length > 0 ? `, such as ${differ[0]}` : ''}`,
    beside: 'a fresh client of the same board',
    promised: 'none differs',
    holds: differ.length === 0 && rows > 0,
  };
}

interface Encodings {
  readonly snapshot: number;
  readonly missing: number;
}

/** How often the server has put texts together, by its own metrics. */
async function encodingsOf({ url }: Pharos): Promise<Encodings> {
  const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } });
  const text = await answer.text();
  const of = (what: string): number =>
    Number(
      new RegExp(`^pharos_encodings_total\\{what="${what}"\\} (\\d+)`, 'm').exec(text)?.[1] ?? 0,
    );
  return { snapshot: of('snapshot'), missing: of('missing') };
}

function since(before: Encodings, after: Encodings): Encodings {
  return { snapshot: after.snapshot - before.snapshot, missing: after.missing - before.missing };
}

function byOf(returned: readonly Returned[]): Returned['by'] {
  const sum = (of: keyof Returned['by']): number =>
    returned.reduce((all, { by }) => all + by[of], 0);
  return { rows: sum('rows'), snapshot: sum('snapshot'), nothing: sum('nothing') };
}

function lateness(returned: readonly Returned[]): string {
  return returned.map(({ late }) => ms(late.p99)).join(', ');
}

/** Two processes of the mass and one of those that apply. */
function seatsOf({ clients, compared, departments }: Workload): readonly (readonly Seat[])[] {
  const boards = boardsOf(departments);
  const seats = (count: number, isApplying: boolean): Seat[] =>
    Array.from({ length: count }, (_, at) => ({
      board: boards[at % boards.length] ?? 'main',
      isApplying,
    }));
  const half = Math.floor((clients - compared) / 2);
  return [seats(half, false), seats(compared, true), seats(clients - compared - half, false)];
}
