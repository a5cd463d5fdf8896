// The copier: brings what less trusted producers wrote into streams of their own, `in:SOURCE`, into the journal, each entry once.
import { pause } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { isId } from '../contract/ids.ts';
import { decode } from '../events/decode.ts';
import type { Fields } from '../events/decode.ts';
import {
  AHEAD_MAX_MS,
  compareIds,
  idAt,
  isPoisoned,
  judge,
  ORIGIN,
  resumeAt,
} from './continuity.ts';
import type { InboundStore } from './inbound.ts';
import type { Lease } from './leases.ts';
import { LeaseLost } from './log.ts';
import type { Entry, Extent, LogPosition } from './log.ts';
import type { Refusal } from './refusals.ts';

/** What such a stream may send unless its grant says otherwise; a star ends what is only begun. */
const DEFAULT_GRANT = ['contact.*', 'callback.*', 'assist.*', 'agent.state', 'source.*'] as const;

export type StreamFault = 'trimmed' | 'emptied' | 'went-back' | 'poisoned';

export interface CopierParts {
  readonly store: InboundStore;
  readonly lease: Lease;
  /** Ends the copying, as when the lease is lost. */
  readonly signal: AbortSignal;
  /** The site's. */
  readonly clock: Clock;
  /** Types that a source may send, such as `contact.*`; by default `DEFAULT_GRANT`. */
  readonly grantOf?: (source: string) => readonly string[];
  readonly onRefused: (refusal: Refusal) => void;
  /** A producer did something to its own stream; nobody else is touched. Told once for each time. `lost`: entries that were never seen. */
  readonly onFault: (source: string, fault: StreamFault, lost: number | null) => void;
  /** Redis failed; it is tried again. */
  readonly onTrouble: (error: unknown) => void;
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
/** Streams of one site; further ones, by name, are left alone. */
const STREAMS_MOST = 256;
/** What was copied stays in the stream of its producer so long (milliseconds). */
const KEPT_MS = 3_600_000;

/** Runs until `signal` is aborted or the lease turns out to be lost; never rejects. */
export async function runCopier(parts: CopierParts): Promise<void> {
  const { clock, signal, onTrouble } = parts;
  const round: Round = {
    cursors: new Map(),
    poisoned: new Set(),
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
  readonly poisoned: Set<string>;
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
    await step(parts, round, { source, from, to, entries: admit(parts, source, entries) });
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

async function step(
  { store, lease }: CopierParts,
  round: Round,
  copy: {
    readonly source: string;
    readonly from: LogPosition;
    readonly to: LogPosition;
    readonly entries: readonly Fields[];
  },
): Promise<void> {
  const done = await store.copyInbound(lease, copy);
  // Moved: an answer was lost after the copying, and Redis knows better where it stands.
  if (done === 'moved')
    round.cursors = new Map([...round.cursors, ...(await store.inboundCursors())]);
  else round.cursors.set(copy.source, copy.to);
}

/** Finds new streams, and what was done to the known ones. */
async function lookAround(parts: CopierParts, round: Round): Promise<void> {
  const { store, clock } = parts;
  const there = (await store.inboundSources()).filter(isId);
  const cursors = await store.inboundCursors();
  const sources = [...new Set([...there, ...cursors.keys()])].sort().slice(0, STREAMS_MOST);
  round.cursors = new Map(sources.map((source) => [source, cursors.get(source) ?? ORIGIN]));
  for (const [source, extent] of await store.inboundExtents(sources)) {
    await inspect(parts, round, source, extent);
    const { id } = round.cursors.get(source) ?? ORIGIN;
    const copiedLongAgo = [id, idAt(clock.now() - KEPT_MS)].sort(compareIds)[0];
    if (extent.length > 0 && copiedLongAgo) await store.trimInbound(source, copiedLongAgo);
  }
  // What is no stream now is looked at again, and not read: one wrong key would fail the reading of all.
  for (const source of sources) if (!there.includes(source)) round.cursors.delete(source);
}

async function inspect(
  parts: CopierParts,
  round: Round,
  source: string,
  extent: Extent,
): Promise<void> {
  const { clock, onFault } = parts;
  const from = round.cursors.get(source) ?? ORIGIN;
  if (!isPoisoned(extent.lastId, clock.now())) round.poisoned.delete(source);
  else if (!round.poisoned.has(source)) {
    round.poisoned.add(source);
    onFault(source, 'poisoned', null);
  }
  const found = judge(from, extent);
  if (found.kind === 'ok') return;
  onFault(source, found.kind, found.lost);
  // The cursor moves past the gap, so that it is told once.
  await step(parts, round, { source, from, to: resumeAt(from, extent), entries: [] });
}

/** What goes into the journal; the rest is refused. */
function admit(parts: CopierParts, source: string, entries: readonly Entry[]): readonly Fields[] {
  const { clock, onRefused, grantOf } = parts;
  const grant = grantOf?.(source) ?? DEFAULT_GRANT;
  const admitted: Fields[] = [];
  for (const { id, at, fields } of entries) {
    const { type, subject, time, data } = fields;
    // An instant that cannot be believed is not handed on.
    const entryAt = Math.min(at, clock.now() + AHEAD_MAX_MS);
    const own: Fields = {
      ...(type === undefined ? {} : { type }),
      ...(subject === undefined ? {} : { subject }),
      source,
      id: fields.id !== undefined && isId(fields.id) ? fields.id : id,
      time: time === undefined || time === '' ? new Date(entryAt).toISOString() : time,
      ...(data === undefined ? {} : { data }),
    };
    const decoded = decode(own, { entryAt, entryId: id });
    if (decoded.kind === 'refused')
      onRefused({ ...decoded.refused, source, ...(type === undefined ? {} : { type }) });
    else if (!isGranted(grant, type ?? ''))
      onRefused({
        reason: 'not-granted',
        field: 'type',
        expected: `one of ${grant.join(' ')}`,
        given: (type ?? '').slice(0, 200),
        source,
      });
    else admitted.push(own);
  }
  return admitted;
}

function isGranted(grant: readonly string[], type: string): boolean {
  return grant.some((may) =>
    may.endsWith('*') ? type.startsWith(may.slice(0, -1)) : type === may,
  );
}
