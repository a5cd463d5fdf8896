// P-5: messages to screens for each second of the server's processor, beside a bare WebSocket server with the same frames and screens.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'ws';
import { PROTOCOL } from '../../server/contract/protocol.ts';
import { busyness, openCrowd } from './crowd.ts';
import type { Report, Seat } from './crowd-words.ts';
import { bytes } from './figures.ts';
import { instant } from './keys.ts';
import type { Bench, Line } from './line.ts';
import { cpuMsOf } from './process-cost.ts';
import { atRate, openSite, TOKEN } from './site.ts';

const WHOLE = {
  agents: 100,
  queues: 10,
  departments: 1,
  screens: 1_000,
  perSecond: 50,
  seconds: 30,
};
const TINY: Workload = { ...WHOLE, screens: 20, seconds: 1 };
type Workload = typeof WHOLE;

const BOARD = 'all-public';
const PROMISED = 0.9;

/** A frame as it came, and when: milliseconds from the first one. */
interface Recorded {
  readonly at: number;
  readonly text: string;
}

interface Cost {
  readonly messages: number;
  readonly cpuMs: number;
  readonly clients: string;
}

export const bench: Bench = {
  name: 'sends',
  async run(scale) {
    const load = scale === 'whole' ? WHOLE : TINY;
    const { ours, frames } = await measureOurs(load);
    const bare = await measureBare(load, frames);
    return [lineOf(load, { ours, bare, frames })];
  },
};

async function measureOurs(
  load: Workload,
): Promise<{ readonly ours: Cost; readonly frames: readonly Recorded[] }> {
  const site = await openSite(load);
  const pharos = await site.startPharos();
  const crowd = await openCrowd({ way: 'pharos', url: pharos.url, token: TOKEN }, seatsOf(load));
  const recording = recorder(pharos.url);
  try {
    await site.produce({ seconds: load.seconds / 10, gapMs: atRate(load.perSecond) });
    await recording.begin();
    await crowd.ask({ do: 'mark' });
    const before = cpuMsOf(pharos.pid());
    await site.produce({ seconds: load.seconds, gapMs: atRate(load.perSecond) });
    const cpuMs = cpuMsOf(pharos.pid()) - before;
    const ours = costOf(await crowd.ask({ do: 'report' }), cpuMs);
    return { ours, frames: recording.end() };
  } finally {
    crowd.close();
    await pharos.close();
    await site.close();
  }
}

async function measureBare(load: Workload, frames: readonly Recorded[]): Promise<Cost> {
  const child = fork(fileURLToPath(new URL('bare-ws.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  const [{ port }] = (await once(child, 'message')) as [{ readonly port: number }];
  const url = `http://127.0.0.1:${port}`;
  const crowd = await openCrowd({ way: 'frames', url, token: null }, seatsOf(load));
  try {
    await crowd.ask({ do: 'mark' });
    child.send(frames);
    const [{ cpuMs }] = (await once(child, 'message')) as [{ readonly cpuMs: number }];
    return costOf(await crowd.ask({ do: 'report' }), cpuMs);
  } finally {
    crowd.close();
    child.disconnect();
  }
}

interface Recorder {
  /** Resolves with the snapshot. */
  begin(): Promise<void>;
  end(): readonly Recorded[];
}

/** One more screen, that keeps what it hears: a snapshot, then all that follows it. */
function recorder(url: string): Recorder {
  const frames: Recorded[] = [];
  let from = 0;
  let ws: WebSocket | null = null;
  return {
    begin: () =>
      new Promise((resolve) => {
        const socket = new WebSocket(
          `${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`,
        );
        ws = socket;
        let last = '';
        socket.on('message', (data: Buffer) => {
          const text = data.toString();
          if (text.startsWith('0'))
            socket.send(`40${JSON.stringify({ protocol: PROTOCOL, board: BOARD, token: TOKEN })}`);
          else if (text === '2') socket.send('3');
          else if (text.startsWith('42')) {
            if (frames.length === 0) from = instant();
            frames.push({ at: instant() - from, text });
            last = /^42\["tick",(\{"epoch":"[^"]+","seq":\d+)/.exec(text)?.[1] ?? last;
            if (text.startsWith('42["tick"')) socket.send(`42["have",${last}}]`);
            resolve();
          }
        });
      }),
    end() {
      ws?.close();
      return frames;
    },
  };
}

function costOf(reports: readonly Report[], cpuMs: number): Cost {
  const refused = reports.flatMap((report) => report.refused);
  const misfits = reports.reduce((sum, report) => sum + report.misfits, 0);
  if (refused.length + misfits > 0)
    throw new Error(`${misfits} deltas did not fit, and were refused: ${refused[0] ?? 'none'}`);
  const messages = reports
    .flatMap(({ received }) => [...received.values()])
    .reduce((sum, { messages: some }) => sum + some, 0);
  return { messages, cpuMs, clients: busyness(reports) };
}

function lineOf(
  load: Workload,
  {
    ours,
    bare,
    frames,
  }: { readonly ours: Cost; readonly bare: Cost; readonly frames: readonly Recorded[] },
): Line {
  const rate = ({ messages, cpuMs }: Cost): number => (messages * 1_000) / cpuMs;
  const perSecond = ({ messages }: Cost): number => Math.round(messages / load.seconds);
  const size = frames.reduce((sum, { text }) => sum + text.length, 0) / frames.length;
  const share = rate(ours) / rate(bare);
  return {
    promise: 'P-5',
    what: "messages a second of the server's processor, folding and all",
    workload: `${load.screens} screens of one scope, ${load.agents} agents, ${load.perSecond} events/s for ${load.seconds} s: ${perSecond(ours)} messages/s of ${bytes(size)}, each tick answered`,
    measured: `${Math.round(rate(ours))} (${Math.round(100 * share)} %); client processes ${ours.clients}`,
    beside: `bare \`ws\` ${Math.round(rate(bare))} at ${perSecond(bare)} messages/s; client processes ${bare.clients}`,
    promised: `≥ ${100 * PROMISED} % of the bare server`,
    holds: share >= PROMISED,
  };
}

function seatsOf({ screens }: Workload): readonly (readonly Seat[])[] {
  const half = Math.floor(screens / 2);
  const seats = (count: number): Seat[] =>
    Array.from({ length: count }, () => ({ board: BOARD, isApplying: false }));
  return [seats(half), seats(screens - half)];
}
