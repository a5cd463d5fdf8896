// What a fault suite found, one row a fault, printed as a table and kept for `npm run faults`.
import { appendFileSync } from 'node:fs';
import { isFull } from './scale.ts';

export interface FaultFound {
  readonly fault: string;
  readonly times: number;
  /** Milliseconds until a screen said it, of each try; empty: there is nothing to notice. */
  readonly noticedMs: readonly number[];
  /** Milliseconds from the end of the fault until live again, of each try. */
  readonly backMs: readonly number[];
  /** Events of the log that are missing in the state, and that are in it twice; null: cannot be in this fault. */
  readonly lost: number | null;
  readonly twice: number | null;
  /** What the wall says, or what else was seen. */
  readonly says: string;
}

/** One JSON a line; `npm run faults` makes the table of `docs/faults.md` from it. */
export const FOUND_FILE = 'dist/faults.jsonl';

export function record(found: FaultFound): void {
  console.log(rowOf(found));
  if (isFull) appendFileSync(FOUND_FILE, `${JSON.stringify(found)}\n`);
}

/** One row: fault, times, noticed after and back after (ms: median, most), lost, twice, seen. */
function rowOf({ fault, times, noticedMs, backMs, lost, twice, says }: FaultFound): string {
  const count = (of: number | null): string => (of === null ? '–' : String(of));
  return `| ${[fault, times, spread(noticedMs), spread(backMs), count(lost), count(twice), says].join(' | ')} |`;
}

function spread(ms: readonly number[]): string {
  if (ms.length === 0) return '–';
  const sorted = [...ms].sort((a, b) => a - b);
  const at = (share: number): number =>
    Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
  return `${at(0.5)}, ${at(1)}`;
}
