// The copier: brings what less trusted producers wrote into streams of their own, `in:SOURCE`, into the journal, each entry once.
import { pause } from '../clock.ts';
import { admit } from './admission.ts';
import { ORIGIN } from './continuity.ts';
import { lookAround } from './copy-look.ts';
import type { LookParts } from './copy-look.ts';
import { step } from './copy-step.ts';
import type { Round } from './copy-step.ts';
import { LeaseLost } from './log.ts';
import type { Entry } from './log.ts';

export interface CopierParts extends LookParts {
  /** Ends the copying, as when the lease is lost. */
  readonly signal: AbortSignal;
  /** Types that a source may send, such as `contact.*`; by default those of `admission.ts`. */
  readonly grantOf?: (source: string) => readonly string[] | undefined;
  /** Redis failed; it is tried again. */
  readonly onTrouble: (error: unknown) => void;
  /** A round went through. */
  readonly onWell: () => void;
}

/** Milliseconds between two looks for new streams and at the extents of the known ones. */
const LOOK_MS = 2_000;
const BLOCK_MS = 500;
const COUNT_MOST = 100;
/** One begins with few, since nobody knows yet how large they are. */
const COUNT_FIRST = 4;
/** Where a read gave more text than this, the next one asks for fewer. */
const READ_MOST_CHARS = 8 * 1024 * 1024;
/** One script copies no more text than about this. */
const STEP_MOST_CHARS = 4 * 1024 * 1024;
const RETRY_MS = 500;

/** Runs until `signal` is aborted or the lease turns out to be lost; never rejects. */
export async function runCopier(parts: CopierParts): Promise<void> {
  const { clock, signal, onTrouble, onWell } = parts;
  const round: Round = {
    cursors: new Map(),
    lasting: new Map(),
    unsure: new Map(),
    lookAt: -Infinity,
    count: COUNT_FIRST,
    leftOut: '',
  };
  while (!signal.aborted) {
    try {
      await copyOnce(parts, round);
      if (!signal.aborted) onWell();
    } catch (error) {
      if (error instanceof LeaseLost) return;
      onTrouble(error);
      // Nothing that is remembered here is sure any more.
      round.lookAt = -Infinity;
      await pause(clock, RETRY_MS, signal);
    }
  }
}

async function copyOnce(parts: CopierParts, round: Round): Promise<void> {
  const { store, clock, signal } = parts;
  if (clock.monotonic() >= round.lookAt) {
    await lookAround(parts, round);
    round.lookAt = clock.monotonic() + LOOK_MS;
  }
  if (round.cursors.size === 0) return pause(clock, BLOCK_MS, signal);
  const options = { count: round.count, blockMs: BLOCK_MS, signal };
  const reads = await store.readInbound(round.cursors, options);
  round.count = nextCount(round.count, reads);
  for (const [source, read] of reads) {
    if (signal.aborted) return;
    const from = round.cursors.get(source) ?? ORIGIN;
    const entries = atMost(STEP_MOST_CHARS, read);
    const last = entries.at(-1);
    if (!last) continue;
    const to = { id: last.id, added: from.added + entries.length };
    const grant = parts.grantOf?.(source);
    const { admitted, refused } = admit(source, entries, {
      now: clock.now(),
      ...(grant === undefined ? {} : { grant }),
    });
    await step(parts, round, { source, from, to, entries: admitted, refused });
  }
}

/** Less than a producer's largest entries could fill the memory with; as many as it may be else. */
function nextCount(count: number, reads: ReadonlyMap<string, readonly Entry[]>): number {
  let chars = 0;
  for (const entries of reads.values())
    for (const { fields } of entries)
      for (const value of Object.values(fields)) chars += value.length;
  return chars > READ_MOST_CHARS
    ? Math.max(1, Math.floor(count / 4))
    : Math.min(COUNT_MOST, count * 2);
}

/** The first entries, until they are large together; always one at least. What is left is read again. */
function atMost(chars: number, entries: readonly Entry[]): readonly Entry[] {
  let left = chars;
  const end = entries.findIndex(({ fields }) => {
    for (const value of Object.values(fields)) left -= value.length;
    return left <= 0;
  });
  return end < 0 ? entries : entries.slice(0, end + 1);
}
