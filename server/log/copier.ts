// The copier: brings what less trusted producers wrote into streams of their own, `in:SOURCE`, into the journal, each entry once.
import { pause } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { isId } from '../contract/ids.ts';
import type { SourceFault } from '../contract/lists.ts';
import { encode } from '../events/encode.ts';
import type { Fields } from '../events/decode.ts';
import type { NewEvent } from '../events/event.ts';
import { admit } from './admission.ts';
import { compareIds, idAt, isPoisoned, judge, ORIGIN, resumeAt } from './continuity.ts';
import type { InboundStore } from './inbound.ts';
import type { Lease } from './leases.ts';
import { LeaseLost } from './log.ts';
import type { Entry, Extent, LogPosition } from './log.ts';
import type { Refusal } from './refusals.ts';

export interface CopierParts {
  readonly store: InboundStore;
  readonly lease: Lease;
  /** Ends the copying, as when the lease is lost. */
  readonly signal: AbortSignal;
  /** The site's. */
  readonly clock: Clock;
  /** Types that a source may send, such as `contact.*`; by default those of `admission.ts`. */
  readonly grantOf?: (source: string) => readonly string[];
  readonly onRefused: (refusal: Refusal) => void;
  /**
   * A producer did something to its own stream; nobody else is touched. Told once for each time, and every screen is told by
   * `source.faulted` in the journal. `lost`: entries that were never seen.
   */
  readonly onFault: (source: string, fault: SourceFault, lost: number | null) => void;
  /** Redis failed; it is tried again. */
  readonly onTrouble: (error: unknown) => void;
}

const NOTHING_THERE: Extent = { firstId: null, lastId: '0-0', length: 0, entriesAdded: 0 };
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
/** Streams of one site; further ones, by name, are left alone. */
const STREAMS_MOST = 256;
/** What was copied stays in the stream of its producer so long (milliseconds). */
const KEPT_MS = 3_600_000;
/** A fault that lasts is said again so often (milliseconds): the floor forgets one of which it hears nothing for 60 s. */
const SAID_AGAIN_MS = 20_000;
/** Who speaks in the journal of what a stream did. */
const OWN_SOURCE = 'pharos';

/** Runs until `signal` is aborted or the lease turns out to be lost; never rejects. */
export async function runCopier(parts: CopierParts): Promise<void> {
  const { clock, signal, onTrouble } = parts;
  const round: Round = {
    cursors: new Map(),
    lasting: new Map(),
    unsure: new Map(),
    lookAt: -Infinity,
    count: COUNT_FIRST,
  };
  while (!signal.aborted) {
    try {
      await copyOnce(parts, round);
    } catch (error) {
      if (error instanceof LeaseLost) return;
      onTrouble(error);
      // Nothing that is remembered here is sure any more.
      round.lookAt = -Infinity;
      await pause(clock, RETRY_MS, signal);
    }
  }
}

interface Round {
  /** Where each stream was copied up to, as Redis has it. */
  cursors: Map<string, LogPosition>;
  /** Faults that are there still, and when each was last said, on the monotonic clock. */
  readonly lasting: Map<string, { readonly fault: SourceFault; readonly saidAt: number }>;
  /** Refusals of steps of which nobody knows yet whether they were done, and where the cursor stands if they were. */
  readonly unsure: Map<string, { readonly to: LogPosition; readonly refused: readonly Refusal[] }>;
  /** When to look around again, on the monotonic clock. */
  lookAt: number;
  /** Entries of each stream that the next read asks for. */
  count: number;
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

interface Step {
  readonly source: string;
  readonly from: LogPosition;
  readonly to: LogPosition;
  readonly entries: readonly Fields[];
  readonly refused?: readonly Refusal[];
}

async function step(parts: CopierParts, round: Round, copy: Step): Promise<void> {
  const { store, lease, onRefused } = parts;
  const { source, from, to, refused = [] } = copy;
  // What was refused is counted by the script that moves past it: once, whatever fails.
  const count =
    refused.length === 0
      ? []
      : [own({ type: 'source.refused', subject: source, data: { count: refused.length } })];
  round.unsure.set(source, { to, refused });
  const done = await store.copyInbound(lease, {
    ...{ source, from, to },
    entries: [...copy.entries, ...count],
  });
  // Moved: an answer was lost after the copying, and Redis knows better where it stands.
  if (done === 'moved') {
    settle(parts, round, await store.inboundCursors());
    return;
  }
  round.cursors.set(source, to);
  round.unsure.delete(source);
  refused.forEach(onRefused);
}

/** Takes the cursors as Redis has them, and learns from them which steps were done though no answer came. */
function settle(
  { onRefused }: CopierParts,
  round: Round,
  cursors: ReadonlyMap<string, LogPosition>,
): void {
  for (const [source, { to, refused }] of round.unsure) {
    round.unsure.delete(source);
    if (cursors.get(source)?.id === to.id) refused.forEach(onRefused);
  }
  for (const source of round.cursors.keys())
    round.cursors.set(source, cursors.get(source) ?? ORIGIN);
}

/** What Pharos itself says of a stream, as all screens will hear it. */
function own(event: NewEvent<'source.faulted' | 'source.refused'>): Fields {
  return encode({ ...event, source: OWN_SOURCE });
}

/** Finds new streams, and what was done to the known ones. */
async function lookAround(parts: CopierParts, round: Round): Promise<void> {
  const { store, clock } = parts;
  const there = (await store.inboundSources()).filter(isId);
  const cursors = await store.inboundCursors();
  const sources = [...new Set([...there, ...cursors.keys()])].sort().slice(0, STREAMS_MOST);
  round.cursors = new Map(sources.map((source) => [source, ORIGIN]));
  settle(parts, round, cursors);
  for (const [source, extent] of await store.inboundExtents(sources)) {
    await inspect(parts, round, source, extent);
    const { id } = round.cursors.get(source) ?? ORIGIN;
    const copiedLongAgo = [id, idAt(clock.now() - KEPT_MS)].sort(compareIds)[0];
    if (extent !== null && extent.length > 0 && copiedLongAgo)
      await store.trimInbound(source, copiedLongAgo);
  }
  // What is no stream now is looked at again, and not read: one wrong key would fail the reading of all.
  for (const source of sources) if (!there.includes(source)) round.cursors.delete(source);
}

async function inspect(
  parts: CopierParts,
  round: Round,
  source: string,
  extent: Extent | null,
): Promise<void> {
  const from = round.cursors.get(source) ?? ORIGIN;
  const lasting = lastingFault(extent, parts.clock.now());
  if (lasting === null) round.lasting.delete(source);
  else await sayLasting(parts, round, { source, from, fault: lasting });
  // What comes back in place of something else is a new stream.
  const found = judge(from, extent ?? NOTHING_THERE);
  if (found.kind === 'ok') return;
  const { kind, lost } = found;
  const to = resumeAt(from, extent ?? NOTHING_THERE);
  // The cursor moves past the gap, so that it is told once.
  if (extent === null) return step(parts, round, { source, from, to, entries: [] });
  const data = { fault: kind, ...(lost === null ? {} : { lost }) };
  const entries = [own({ type: 'source.faulted', subject: source, data })];
  await step(parts, round, { source, from, to, entries });
  parts.onFault(source, kind, lost);
}

function lastingFault(extent: Extent | null, now: number): SourceFault | null {
  if (extent === null) return 'replaced';
  return isPoisoned(extent.lastId, now) ? 'poisoned' : null;
}

async function sayLasting(
  parts: CopierParts,
  round: Round,
  { source, from, fault }: Pick<Step, 'source' | 'from'> & { readonly fault: SourceFault },
): Promise<void> {
  const now = parts.clock.monotonic();
  const said = round.lasting.get(source);
  if (said?.fault === fault && now - said.saidAt < SAID_AGAIN_MS) return;
  const entries = [own({ type: 'source.faulted', subject: source, data: { fault } })];
  await step(parts, round, { source, from, to: from, entries });
  round.lasting.set(source, { fault, saidAt: now });
  if (said?.fault !== fault) parts.onFault(source, fault, null);
}
