// P-5: messages to screens for each second of the server's processor, beside a bare WebSocket server with the same frames and screens.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { busyness, openCrowd } from './crowd.ts';
import type { Crowd } from './crowd.ts';
import type { Seat } from './crowd-words.ts';
import { bytes, quantile } from './figures.ts';
import type { Bench, Line } from './line.ts';
import { cpuMsOf } from './process-cost.ts';
import { startRecorder } from './recorder.ts';
import type { Recorded } from './recorder.ts';
import { atRate, openSite, TOKEN } from './site.ts';

const WHOLE = {
  ...{ agents: 100, queues: 10, departments: 1 },
  ...{ screens: 1_000, perSecond: 50, seconds: 12, rounds: 3 },
};
const TINY: Workload = { ...WHOLE, screens: 20, seconds: 1, rounds: 1 };
type Workload = typeof WHOLE;

const BOARD = 'all-public';
const PROMISED = 0.9;
const CPU_TICK_MS = 10;

interface Cost {
  readonly messages: number;
  readonly cpuMs: number;
  readonly clients: string;
}

interface Round {
  readonly ours: Cost;
  readonly bare: Cost;
}

interface Measured {
  /** The same traffic with one screen: what is folding, and making the frames. */
  readonly aloneMs: number;
  readonly rounds: readonly Round[];
  readonly frameBytes: number;
}

export const bench: Bench = {
  name: 'sends',
  async run(scale) {
    const load = scale === 'whole' ? WHOLE : TINY;
    return linesOf(load, await measure(load));
  },
};

async function measure(load: Workload): Promise<Measured> {
  const site = await openSite(load);
  const pharos = await site.startPharos();
  const bareWs = await startBareWs();
  const crowds: Crowd[] = [];
  try {
    const recorder = await startRecorder(pharos.url, { board: BOARD, token: TOKEN });
    const traffic = { seconds: load.seconds, gapMs: atRate(load.perSecond) };
    const costing = async (work: () => Promise<unknown>): Promise<number> => {
      const before = cpuMsOf(pharos.pid());
      await work();
      return cpuMsOf(pharos.pid()) - before;
    };
    // The first seconds of a process compile it, and are nobody's.
    await site.produce({ seconds: load.seconds / 2, gapMs: atRate(load.perSecond) });
    const aloneMs = await costing(() => site.produce(traffic));
    const seats = seatsOf(load);
    const ours = await openCrowd({ way: 'pharos', url: pharos.url, token: TOKEN }, seats);
    crowds.push(ours);
    const bare = await openCrowd({ way: 'frames', url: bareWs.url, token: null }, seats);
    crowds.push(bare);
    const rounds: Round[] = [];
    let frameBytes = 0;
    for (let round = 0; round < load.rounds; round++) {
      recorder.begin();
      await ours.ask({ do: 'mark' });
      const cpuMs = await costing(() => site.produce(traffic));
      const frames = recorder.end();
      const ofOurs = await costOf(ours, cpuMs);
      await bare.ask({ do: 'mark' });
      const ofBare = await costOf(bare, await bareWs.play(frames));
      rounds.push({ ours: ofOurs, bare: ofBare });
      frameBytes = frames.reduce((sum, { text }) => sum + text.length, 0) / frames.length;
    }
    recorder.close();
    return { aloneMs, rounds, frameBytes };
  } finally {
    for (const crowd of crowds) crowd.close();
    bareWs.close();
    await pharos.close();
    await site.close();
  }
}

interface BareWs {
  readonly url: string;
  /** Milliseconds of processor that it took. */
  play(frames: readonly Recorded[]): Promise<number>;
  close(): void;
}

async function startBareWs(): Promise<BareWs> {
  const child = fork(fileURLToPath(new URL('bare-ws.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  const [port] = (await once(child, 'message')) as [number];
  return {
    url: `http://127.0.0.1:${port}`,
    async play(frames) {
      child.send(frames);
      const [cpuMs] = (await once(child, 'message')) as [number];
      return cpuMs;
    },
    close: () => child.disconnect(),
  };
}

async function costOf(crowd: Crowd, cpuMs: number): Promise<Cost> {
  const reports = await crowd.ask({ do: 'report' });
  const refused = reports.flatMap((report) => report.refused);
  const misfits = reports.reduce((sum, report) => sum + report.misfits, 0);
  if (refused.length + misfits > 0)
    throw new Error(`${misfits} deltas did not fit, and were refused: ${refused[0] ?? 'none'}`);
  const messages = reports
    .flatMap(({ received }) => [...received.values()])
    .reduce((sum, { messages: some }) => sum + some, 0);
  return { messages, cpuMs, clients: busyness(reports) };
}

function linesOf(load: Workload, { aloneMs, rounds, frameBytes }: Measured): readonly Line[] {
  const median = (of: (round: Round) => number): number => quantile(rounds.map(of), 0.5);
  // Linux counts in hundredths of a second: of less than one nothing can be said.
  const isTooShort = rounds.some(
    ({ ours, bare }) => ours.cpuMs - aloneMs < CPU_TICK_MS || bare.cpuMs < CPU_TICK_MS,
  );
  const rate = ({ messages, cpuMs }: Cost, less = 0): number =>
    (messages * 1_000) / Math.max(CPU_TICK_MS, cpuMs - less);
  const perSecond = Math.round(median(({ ours }) => ours.messages) / load.seconds);
  const sends = median(({ ours, bare }) => rate(ours, aloneMs) / rate(bare));
  const all = median(({ ours, bare }) => rate(ours) / rate(bare));
  const percent = (share: number): string => `${Math.round(100 * share)} %`;
  const bareRate = Math.round(median(({ bare }) => rate(bare)));
  const last = rounds.at(-1);
  return [
    {
      promise: 'P-5',
      what: "messages a second of the server's processor",
      workload: `${load.screens} screens of one scope, ${load.agents} agents, ${load.perSecond} events/s: ${perSecond} messages/s of ${bytes(frameBytes)}, each tick answered; median of ${load.rounds} rounds of ${load.seconds} s in turn`,
      measured: isTooShort
        ? `too short to say: ${Math.round(median(({ ours }) => ours.cpuMs))} ms of processor a round, ${Math.round(aloneMs)} ms with one screen`
        : `${percent(sends)} for the sends: ${Math.round(median(({ ours }) => rate(ours, aloneMs)))}, without what the same traffic takes with one screen (${Math.round(aloneMs / load.seconds)} ms/s); with it ${percent(all)}`,
      beside: `bare \`ws\` ${bareRate}; client processes ${last?.bare.clients ?? ''}, ours ${last?.ours.clients ?? ''}`,
      promised: `≥ ${100 * PROMISED} % of the bare server`,
      holds: !isTooShort && sends >= PROMISED,
    },
  ];
}

function seatsOf({ screens }: Workload): readonly (readonly Seat[])[] {
  const half = Math.floor(screens / 2);
  const seats = (count: number): Seat[] =>
    Array.from({ length: count }, () => ({ board: BOARD, isApplying: false }));
  return [seats(half), seats(screens - half)];
}
