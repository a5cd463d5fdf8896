// Refusals: what could not be taken, why, and from whom. Kept for a day, counted, and never in the reader's way.
import type { Refused } from '../events/decode.ts';

/** `not-granted`: a type that this stream may not send. `unfoldable`: a sound event over which the floor broke, a defect of Pharos. */
export type RefusalCause = Refused['reason'] | 'not-granted' | 'unfoldable';

export interface Refusal extends Omit<Refused, 'reason'> {
  readonly reason: RefusalCause;
  readonly source: string;
  readonly type?: string;
  /** The journal's entry, where it was one: every server refuses it, and it is written once. */
  readonly entry?: string;
}

export interface KeptRefusal extends Refusal {
  /** When it was written, in milliseconds on the site's clock. */
  readonly at: number;
}

export const REFUSALS_KEPT = 10_000;
export const REFUSALS_KEPT_MS = 24 * 3_600_000;

export interface RefusalStore {
  writeRefusals(refusals: readonly Refusal[]): Promise<void>;
  /** Newest first, none older than 24 h. */
  readRefusals(count: number): Promise<readonly KeptRefusal[]>;
}

export interface RefusalCount {
  readonly source: string;
  readonly reason: RefusalCause;
  readonly count: number;
}

export interface Refusals {
  /** Counts it and writes it when it can; never waits, never throws. */
  note(refusal: Refusal): void;
  counts(): readonly RefusalCount[];
  /** How many were counted but could not be written, since the start. */
  unwritten(): number;
  /** Resolves when what was noted is written or given up. */
  settled(): Promise<void>;
}

/** As many sources have names; more are `other`. */
const NAMED_MOST = 64;
/** What waits to be written at most; a flood of refusals must not become a flood of memory. */
const WAITING_MOST = 1_000;
const BATCH = 200;
/** Characters of a name that is kept. */
const TEXT_MOST = 200;

export function createRefusals(store: RefusalStore): Refusals {
  const counts = new Map<string, Map<RefusalCause, number>>();
  let waiting: Refusal[] = [];
  let unwritten = 0;
  let writing: Promise<void> | null = null;

  async function write(): Promise<void> {
    // What is noted in the same turn goes together.
    await Promise.resolve();
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH);
      waiting = waiting.slice(BATCH);
      await store.writeRefusals(batch).catch(() => (unwritten += batch.length));
    }
    writing = null;
  }

  return {
    note(refusal) {
      const known = counts.has(refusal.source) || counts.size < NAMED_MOST;
      const name = known ? refusal.source : 'other';
      const reasons = counts.get(name) ?? new Map<RefusalCause, number>();
      counts.set(name, reasons);
      reasons.set(refusal.reason, (reasons.get(refusal.reason) ?? 0) + 1);
      if (waiting.length >= WAITING_MOST) unwritten++;
      else waiting.push(shortened(refusal));
      writing ??= write();
    },
    counts: () =>
      [...counts].flatMap(([source, reasons]) =>
        [...reasons].map(([reason, count]) => ({ source, reason, count })),
      ),
    unwritten: () => unwritten,
    settled: () => writing ?? Promise.resolve(),
  };
}

/** What a producer made up is as long as it likes; ten thousand of them must not fill Redis. */
function shortened({ field, type, ...refusal }: Refusal): Refusal {
  const short = { ...refusal, field: field.slice(0, TEXT_MOST) };
  return type === undefined ? short : { ...short, type: type.slice(0, TEXT_MOST) };
}

/** How a refusal lies in its stream. */
export function refusalFields(refusal: Refusal): Readonly<Record<string, string>> {
  const { source, reason, field, expected, given, type, entry } = refusal;
  return {
    source,
    reason,
    field,
    expected,
    given,
    ...(type === undefined ? {} : { type }),
    ...(entry === undefined ? {} : { entry }),
  };
}

export function refusalOf(at: number, fields: Readonly<Record<string, string>>): KeptRefusal {
  const { source = '', reason = '', field = '', expected = '', given = '', type, entry } = fields;
  return {
    at,
    source,
    // Only Pharos writes this stream.
    reason: reason as RefusalCause,
    field,
    expected,
    given,
    ...(type === undefined ? {} : { type }),
    ...(entry === undefined ? {} : { entry }),
  };
}
