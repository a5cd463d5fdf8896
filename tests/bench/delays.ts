// How long each event took to each screen, and how much of that was the frame: time in which a channel gathers on purpose.
import type { Report } from './crowd-words.ts';
import { WRAPPED_UP } from './keys.ts';
import type { Sent } from './site.ts';

export interface Delays {
  /** Milliseconds from just before `XADD` until the rows were applied. */
  readonly raw: readonly number[];
  /** What of it the channel was gathering, from the first arrival of its delta before at any screen. */
  readonly frame: readonly number[];
  readonly beyond: readonly number[];
  /** Milliseconds between the first and the last screen of a board that got the same delta. */
  readonly spread: readonly number[];
  /** Events that a screen should have shown and did not, since another one of the same row overtook them. */
  readonly overtaken: number;
}

export interface DelayOptions {
  readonly sent: readonly Sent[];
  readonly reports: readonly Report[];
  /** Milliseconds for which the channel of a board gathers; 0 where nothing does. */
  readonly frameOf: (board: string) => number;
}

export function delaysOf({ sent, reports, frameOf }: DelayOptions): Delays {
  const [raw, frame, beyond]: number[][] = [[], [], []];
  let overtaken = 0;
  const arrivals = merged(reports);
  for (const { board, log, deltas } of reports.flatMap(({ applied }) => applied)) {
    const appliedAt = pairs(log);
    const positionAt = new Map([...pairs(deltas)].map(([to, at]) => [at, to]));
    const arrived = arrivals.get(board);
    for (const event of sent) {
      const { department, at } = event;
      if (!board.startsWith('all-') && board !== department) continue;
      const applied = firstOf(event, appliedAt);
      if (applied === undefined) {
        overtaken += 1;
        continue;
      }
      const position = positionAt.get(applied);
      const before = position === undefined ? undefined : arrived?.get(position - 1)?.[0];
      const gatheredUntil = (before ?? Number.NEGATIVE_INFINITY) + frameOf(board);
      const gathered = Math.min(Math.max(0, gatheredUntil - at), frameOf(board), applied - at);
      raw?.push(applied - at);
      frame?.push(gathered);
      beyond?.push(applied - at - gathered);
    }
  }
  const spread = [...arrivals.values()].flatMap((of) => [...of.values()].map(([a, b]) => b - a));
  return { raw: raw ?? [], frame: frame ?? [], beyond: beyond ?? [], spread, overtaken };
}

/** First and last arrival by board and position, of all processes. */
function merged(reports: readonly Report[]): Map<string, Map<number, readonly [number, number]>> {
  const all = new Map<string, Map<number, readonly [number, number]>>();
  for (const { arrived } of reports)
    for (const [board, of] of arrived) {
      const mine = all.get(board) ?? new Map<number, readonly [number, number]>();
      all.set(board, mine);
      for (const [position, [first, last]] of of) {
        const [known, latest] = mine.get(position) ?? [first, last];
        mine.set(position, [Math.min(known, first), Math.max(latest, last)]);
      }
    }
  return all;
}

/** When the screen first showed what the event made. */
function firstOf(
  { key, queuedAt, at }: Sent,
  applied: ReadonlyMap<number, number>,
): number | undefined {
  const keys = queuedAt === null ? [key] : [key, -queuedAt, queuedAt + WRAPPED_UP];
  const times = keys.flatMap((one) => applied.get(one) ?? []).filter((time) => time >= at);
  return times.length === 0 ? undefined : Math.min(...times);
}

function pairs(flat: Float64Array): Map<number, number> {
  const map = new Map<number, number>();
  for (let at = 0; at < flat.length; at += 2) map.set(flat[at]!, flat[at + 1]!);
  return map;
}
