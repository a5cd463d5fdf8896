// What Chromium's own trace says that its main thread did: script, style and layout, paint, in milliseconds of thread time.
import type { Browser, Page } from 'playwright-core';

/** Milliseconds of CPU of the page's main thread; what is throttled counts as it was throttled. */
export interface Spent {
  readonly script: number;
  /** Recalculating style, and layout. */
  readonly layout: number;
  /** Pre-paint, paint, layers and commit: reported beside, not judged. */
  readonly paint: number;
}

export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  /** Microseconds of CPU of the thread. */
  readonly tdur?: number;
  readonly args: {
    readonly name?: string;
    readonly data?: { readonly dataLength?: number };
  };
}

/** Whether what a timer began is counted. */
export type Timers = 'in' | 'out';

type Kind = keyof Spent | 'timer';

const KINDS: Readonly<Record<string, Kind>> = {
  FunctionCall: 'script',
  EvaluateScript: 'script',
  RunMicrotasks: 'script',
  EventDispatch: 'script',
  FireAnimationFrame: 'script',
  MinorGC: 'script',
  MajorGC: 'script',
  TimerFire: 'timer',
  UpdateLayoutTree: 'layout',
  Layout: 'layout',
  PrePaint: 'paint',
  Paint: 'paint',
  Layerize: 'paint',
  UpdateLayer: 'paint',
  Commit: 'paint',
};

/** The events of the page's main thread, in order, and what `during` gave. */
export async function traced<R>(
  browser: Browser,
  page: Page,
  during: () => Promise<R>,
): Promise<{ readonly events: readonly TraceEvent[]; readonly gave: R }> {
  await browser.startTracing(page, {
    categories: ['-*', 'devtools.timeline', 'disabled-by-default-devtools.timeline', 'blink', 'v8'],
  });
  const gave = await during();
  const trace = JSON.parse((await browser.stopTracing()).toString()) as {
    readonly traceEvents: readonly TraceEvent[];
  };
  return { events: mainThread(trace.traceEvents), gave };
}

/** A keep-alive of engine.io. */
const PING_BYTES = 1;

/**
 * What followed each word of the socket until the next one or until `mostMs` are over. `said`: what was sent in the
 * meantime, word by word. The trace itself does not tell a long word from a short one, because it gives the length of
 * a word's last part only.
 */
export function afterEach<W extends string>(
  events: readonly TraceEvent[],
  said: readonly W[],
  { word, mostMs, timers }: { readonly word: W; readonly mostMs: number; readonly timers: Timers },
): readonly Spent[] {
  const heard = events.filter(
    ({ name, args }) => name === 'WebSocketReceive' && args.data?.dataLength !== PING_BYTES,
  );
  if (heard.length !== said.length)
    throw new Error(
      `Expected ${said.length} messages in the trace; found ${heard.length}: ${heard.map((e) => e.args.data?.dataLength).join()}.`,
    );
  return heard.flatMap(({ ts }, index) => {
    if (said[index] !== word) return [];
    const to = Math.min(heard[index + 1]?.ts ?? Infinity, ts + mostMs * 1_000);
    return [spentIn(events, { from: ts, to, timers })];
  });
}

/**
 * What begins from `from` until before `to`, in microseconds of the trace. What a timer began is no part of what a
 * message costs (`out`), but is of a second (`in`). A part inside of another is counted once, as what it is itself:
 * a layout that a script forces is layout.
 */
export function spentIn(
  events: readonly TraceEvent[],
  { from, to, timers }: { readonly from: number; readonly to: number; readonly timers: Timers },
): Spent {
  const spent = { script: 0, layout: 0, paint: 0 };
  const open: { readonly kind: Kind; readonly end: number; readonly inTimer: boolean }[] = [];
  for (const event of events) {
    const kind = KINDS[event.name];
    if (kind === undefined || event.ph !== 'X' || event.ts < from || event.ts >= to) continue;
    while (open.length > 0 && (open[open.length - 1]?.end ?? 0) <= event.ts) open.pop();
    const around = open[open.length - 1];
    const inTimer = kind === 'timer' || around?.inTimer === true;
    const ms = (event.tdur ?? event.dur ?? 0) / 1_000;
    const add = (to: Kind, sign: number): void => {
      if (inTimer && timers === 'out') return;
      spent[to === 'timer' ? 'script' : to] += sign * ms;
    };
    if (around) add(around.kind, -1);
    add(kind, 1);
    open.push({ kind, end: event.ts + (event.dur ?? 0), inTimer });
  }
  return spent;
}

function mainThread(events: readonly TraceEvent[]): readonly TraceEvent[] {
  const names = events.filter(
    ({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain',
  );
  const [first, ...others] = names.map(({ pid, tid }) =>
    events.filter((event) => event.pid === pid && event.tid === tid && event.ph !== 'M'),
  );
  if (!first) throw new Error('Expected the trace of one page; found no main thread.');
  // Other tabs have nothing to do: the page is where most happened.
  const page = others.reduce((most, one) => (one.length > most.length ? one : most), first);
  return [...page].sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0));
}

/** The value that `share` of them do not pass; 0 to 1. */
export function atShare(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
