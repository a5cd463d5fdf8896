// P-2: bytes to a screen, beside the whole state each second to the same screens; and what a silent floor says.
import { openCrowd } from './crowd.ts';
import type { Report, Way } from './crowd-words.ts';
import { bytes } from './figures.ts';
import type { Bench, Line } from './line.ts';
import { atRate, boardsOf, openSite, TOKEN } from './site.ts';
import type { Site } from './site.ts';
import { startYardstick } from './yardstick.ts';

interface Workload {
  readonly agents: number;
  readonly queues: number;
  readonly departments: number;
  readonly perSecond: number;
  readonly seconds: number;
  readonly silentSeconds: number;
  /** Before the silence: so long after the last event time alone still changes something. */
  readonly hushSeconds: number;
  /** The part of the plain way that is promised. */
  readonly part: number;
}

const WHOLE: readonly Workload[] = [
  {
    agents: 1_000,
    queues: 50,
    departments: 8,
    perSecond: 50,
    seconds: 30,
    silentSeconds: 20,
    hushSeconds: 90,
    part: 8,
  },
  {
    agents: 10_000,
    queues: 50,
    departments: 8,
    perSecond: 50,
    seconds: 30,
    silentSeconds: 0,
    hushSeconds: 0,
    part: 50,
  },
];
const TINY: readonly Workload[] = [
  {
    agents: 80,
    queues: 8,
    departments: 2,
    perSecond: 50,
    seconds: 2,
    silentSeconds: 2,
    hushSeconds: 0,
    part: 8,
  },
];
const SILENT_MOST = 300;
const DAY = 86_400;
/** Nobody on this floor moves while it is silent: by the limits that there are, time alone would alarm of those who wait and are on hold. */
const FAR = {
  ...{ waitSeconds: DAY, holdSeconds: DAY, holdTotalSeconds: DAY, holdForgottenSeconds: DAY },
  holdsMost: 1_000,
};
/** The board of a wall that names none is such a one. */
const WALL = 'all-public';

export const bench: Bench = {
  name: 'bytes',
  async run(scale) {
    const lines: Line[] = [];
    for (const load of scale === 'whole' ? WHOLE : TINY) lines.push(...(await measure(load)));
    return lines;
  },
};

/** Bytes a second to one screen, by board. */
type Rates = ReadonlyMap<string, number>;

async function measure(load: Workload): Promise<readonly Line[]> {
  const site = await openSite(load);
  try {
    const pharos = await site.startPharos();
    const ours = await listen(site, load, { way: 'pharos', url: pharos.url });
    await pharos.close();
    const plainWay = await startYardstick('plain-way', site.redis.url);
    const plain = await listen(site, load, { way: 'plain', url: plainWay.url });
    plainWay.close();
    return linesOf(load, ours, plain);
  } finally {
    await site.close();
  }
}

interface Heard {
  readonly busy: Rates;
  readonly silent: Rates;
  /** Deltas in the time of silence. */
  readonly stirred: number;
}

async function listen(
  site: Site,
  load: Workload,
  { way, url }: { readonly way: Way; readonly url: string },
): Promise<Heard> {
  const seats = boardsOf(load.departments).map((board) => ({ board, isApplying: false }));
  const crowd = await openCrowd({ way, url, token: way === 'pharos' ? TOKEN : null }, [seats]);
  const hear = async (seconds: number, perSecond = 0): Promise<Report> => {
    await crowd.ask({ do: 'mark' });
    if (perSecond > 0) await site.produce({ seconds, gapMs: atRate(perSecond) });
    else await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    const [report] = await crowd.ask({ do: 'report' });
    if (report === undefined) throw new Error('invariant: one process has one report');
    return report;
  };
  try {
    await site.setLimits(FAR);
    // Who waits passes the target still, which is news, and what alarmed before comes to its end.
    await hear(load.hushSeconds);
    const silent = await hear(load.silentSeconds);
    await site.setLimits({});
    const busy = await hear(load.seconds, load.perSecond);
    if (busy.refused.length > 0) throw new Error(`refused: ${busy.refused[0] ?? ''}`);
    return {
      busy: ratesOf(busy),
      silent: ratesOf(silent),
      stirred: stirredIn(silent),
    };
  } finally {
    crowd.close();
  }
}

function stirredIn({ arrived }: Report): number {
  return [...arrived.values()].reduce((sum, { size }) => sum + size, 0);
}

function linesOf(load: Workload, ours: Heard, plain: Heard): readonly Line[] {
  const to = (board: string): number => ours.busy.get(board) ?? Number.NaN;
  const [wall, desk] = [to(WALL), to('all-desk')];
  const [, whole = Number.NaN] = mostOf(plain.busy);
  const floor = `${load.agents} agents, ${load.queues} queues`;
  const lines: Line[] = [
    {
      promise: 'P-2',
      what: 'bytes a second to a wall of the whole floor',
      workload: `${floor}, ${load.perSecond} events/s for ${load.seconds} s, a screen of each of ${ours.busy.size} scopes`,
      measured: `${bytes(wall)}/s, 1/${(whole / wall).toFixed(1)} of the plain way (a desk of the whole floor, with twice the frames, ${bytes(desk)}/s, 1/${(whole / desk).toFixed(1)}; mean of the scopes ${bytes(mean(ours.busy))}/s)`,
      beside: `plain way ${bytes(whole)}/s`,
      promised: `≤ 1/${load.part} of the plain way`,
      holds: wall * load.part <= whole,
    },
  ];
  if (load.silentSeconds === 0) return lines;
  const [, silent = Number.NaN] = mostOf(ours.silent);
  lines.push({
    promise: 'P-2',
    what: 'bytes a second of a silent floor',
    workload: `${floor}, nothing happens for ${load.silentSeconds} s`,
    measured: `${bytes(silent)}/s, ${ours.stirred} deltas`,
    beside: `plain way ${bytes(mostOf(plain.silent)[1] ?? Number.NaN)}/s`,
    promised: `only ticks, ≤ ${SILENT_MOST} B/s`,
    holds: silent <= SILENT_MOST && ours.stirred === 0,
  });
  return lines;
}

function ratesOf({ received, spanMs }: Report): Rates {
  return new Map(
    [...received].map(([board, { seats, bytes: all }]) => [board, (all * 1_000) / spanMs / seats]),
  );
}

function mostOf(rates: Rates): readonly [string, number] | readonly [] {
  return [...rates].sort(([, one], [, other]) => other - one)[0] ?? [];
}

function mean(rates: Rates): number {
  return [...rates.values()].reduce((sum, rate) => sum + rate, 0) / rates.size;
}
