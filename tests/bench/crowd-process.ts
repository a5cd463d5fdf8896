// A process full of screens: it opens them, counts what they hear, cuts them and lets them come back.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { TICK_MS } from '../../server/contract/protocol.ts';
import { TABLES } from '../../server/contract/tables.ts';
import { applyingScreen } from './applying-screen.ts';
import type { ApplyingScreen } from './applying-screen.ts';
import type { Answers, Compared, Hall, Order, Received, Report, Returned } from './crowd-words.ts';
import { instant } from './keys.ts';
import { LeanScreen } from './lean-screen.ts';
import type { Ears, Screen } from './screen.ts';

/** Screens that connect at one time while the hall fills. */
const DOORS = 25;

let hall: Hall | null = null;
let lean: readonly LeanScreen[] = [];
let applying: readonly ApplyingScreen[] = [];
let received = new Map<string, { seats: number; bytes: number; messages: number }>();
let arrived = new Map<string, Map<number, [number, number]>>();
let snapshots = new Map<string, number>();
let deltas = 0;
let misfits = 0;
let refused: string[] = [];
let since = { at: instant(), cpu: process.cpuUsage() };
const lateness = monitorEventLoopDelay({ resolution: 2 });
lateness.enable();

const ears: Ears = {
  delta(board, to, at) {
    deltas += 1;
    let of = arrived.get(board);
    if (of === undefined) arrived.set(board, (of = new Map<number, [number, number]>()));
    const known = of.get(to);
    if (known === undefined) of.set(to, [at, at]);
    else known[1] = at;
  },
  snapshot(board, seq) {
    const which = `${board} ${seq}`;
    snapshots.set(which, (snapshots.get(which) ?? 0) + 1);
  },
  received(board, bytes) {
    const of = received.get(board);
    if (of === undefined) return;
    of.bytes += bytes;
    of.messages += 1;
  },
  misfit: () => void (misfits += 1),
  refused: (why) => void refused.push(why),
};

const DO: {
  readonly [K in keyof Answers]: (order: Order & { do: K }) => Promise<Answers[K]> | Answers[K];
} = {
  async open(order) {
    hall = order.hall;
    const made = order.hall.seats.map(({ board, isApplying }) =>
      isApplying
        ? applyingScreen(board, order.hall, ears)
        : new LeanScreen(board, order.hall, ears),
    );
    lean = made.filter((screen) => screen instanceof LeanScreen);
    applying = made.filter((screen): screen is ApplyingScreen => 'keys' in screen);
    const waiting = [...made];
    // The plain way has a word for a newcomer once a second only.
    const doors = order.hall.way === 'plain' ? made.length : DOORS;
    await Promise.all(
      Array.from({ length: doors }, async () => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
          await next.open();
      }),
    );
    return made.length;
  },
  mark() {
    received = new Map();
    for (const { board } of lean) {
      const of = received.get(board) ?? { seats: 0, bytes: 0, messages: 0 };
      received.set(board, { ...of, seats: of.seats + 1 });
    }
    arrived = new Map();
    misfits = 0;
    refused = [];
    for (const { keys } of applying) keys.clear();
    lateness.reset();
    since = { at: instant(), cpu: process.cpuUsage() };
    return lean.length + applying.length;
  },
  report(): Report {
    const { user, system } = process.cpuUsage(since.cpu);
    return {
      spanMs: instant() - since.at,
      cpuMs: (user + system) / 1_000,
      lateMs: { p50: lateness.percentile(50) / 1e6, p99: lateness.percentile(99) / 1e6 },
      received: received satisfies ReadonlyMap<string, Received>,
      arrived,
      applied: applying.map(({ board, keys }) => ({ board, ...keys.take() })),
      misfits,
      refused,
    };
  },
  cut() {
    for (const screen of [...lean, ...applying]) screen.cut();
    return lean.length + applying.length;
  },
  async return(order): Promise<Returned> {
    const all: readonly Screen[] = [...lean, ...applying];
    if (order.with === 'nothing') for (const screen of all) screen.forget();
    snapshots = new Map();
    lateness.reset();
    const had = all.map(({ position }) => position);
    const from = instant();
    const tookMs = await Promise.all(
      all.map(async (screen) => {
        await screen.open();
        return instant() - from;
      }),
    );
    const given = [...snapshots.values()].reduce((sum, count) => sum + count, 0);
    const isSame = ({ position }: Screen, at: number): boolean =>
      position?.epoch === had[at]?.epoch && position?.seq === had[at]?.seq;
    const nothing = all.filter(isSame).length;
    return {
      tookMs,
      by: { rows: all.length - nothing - given, snapshot: given, nothing },
      snapshots: new Set(snapshots.keys()),
      late: { p99: lateness.percentile(99) / 1e6 },
    };
  },
  async settle() {
    for (let heard = -1; heard !== deltas;) {
      heard = deltas;
      await new Promise((resolve) => setTimeout(resolve, 2 * TICK_MS));
    }
    return deltas;
  },
  async compare(): Promise<Compared> {
    if (hall === null) throw new Error('invariant: nobody is here yet');
    const differ: string[] = [];
    let rows = 0;
    for (const board of new Set(applying.map((screen) => screen.board))) {
      const fresh = applyingScreen(board, hall, ears);
      await fresh.open();
      for (const old of applying.filter((screen) => screen.board === board)) {
        if (old.position?.seq !== fresh.position?.seq) differ.push(`${board}: position`);
        for (const table of TABLES) {
          const ids = new Set([...old.tables[table].keys(), ...fresh.tables[table].keys()]);
          for (const id of ids) {
            rows += 1;
            const [one, other] = [old, fresh].map(({ tables }) =>
              JSON.stringify(tables[table].get(id)),
            );
            if (one !== other) differ.push(`${board}: ${table} ${id}`);
          }
        }
      }
      fresh.cut();
    }
    return { screens: applying.length, rows, differ };
  },
};

process.on('message', (order: Order) => {
  // Each order meets its own function; the compiler cannot follow one key through two records.
  const run = DO[order.do] as (order: Order) => unknown;
  void Promise.resolve(run(order)).then((answer) => process.send?.(answer));
});
// Who started it is gone.
process.on('disconnect', () => process.exit(0));
