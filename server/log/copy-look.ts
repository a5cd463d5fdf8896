// The copier's look around: which streams are there, what their producers did to them, and whether the cursors still stand.
import type { Clock } from '../clock.ts';
import { isId } from '../contract/ids.ts';
import type { SourceFault } from '../contract/lists.ts';
import { compareIds, idAt, instantOf, isPoisoned, judge, ORIGIN, resumeAt } from './continuity.ts';
import { own, settle, step } from './copy-step.ts';
import type { Round, StepParts } from './copy-step.ts';
import { DEDUP_WINDOW_MS } from './dedup.ts';
import { MISSING } from './inbound.ts';
import type { Extent, LogPosition } from './log.ts';

export interface LookParts extends StepParts {
  /** The site's. */
  readonly clock: Clock;
  /** When the floor last heard of a source, in milliseconds since 1970; null: never. */
  readonly heardAt: (source: string) => number | null;
  /**
   * A producer did something to its own stream; nobody else is touched. Told once for each time, and every screen is told by
   * `source.faulted` in the journal. `lost`: entries that were never seen.
   */
  readonly onFault: (source: string, fault: SourceFault, lost: number | null) => void;
  /** More streams than are copied; these are left alone. Told when they change. */
  readonly onLeftOut: (sources: readonly string[]) => void;
}

/** Streams of one site. */
const STREAMS_MOST = 256;
/** What was copied stays in the stream of its producer so long (milliseconds). */
const KEPT_MS = 3_600_000;
/** A fault that lasts is said again so often (milliseconds): the floor forgets one of which it hears nothing for 60 s. */
const SAID_AGAIN_MS = 20_000;
/** What the floor knows lags behind so much at most (milliseconds), unless Redis is away. */
const LAG_MS = 5_000;

/** Finds new streams, and what was done to the known ones. */
export async function lookAround(parts: LookParts, round: Round): Promise<void> {
  const { store, lease, clock, onRefused } = parts;
  const there = (await store.inboundSources()).filter(isId);
  const cursors = await cursorsOf(parts, round);
  const sources = chosen(parts, round, { there, known: cursors });
  round.cursors = new Map(sources.map((source) => [source, ORIGIN]));
  settle(onRefused, round, cursors);
  for (const [source, extent] of await store.inboundExtents(sources)) {
    if (extent !== null && !cursors.has(source)) await begin(parts, round, { source, extent });
    await inspect(parts, round, source, extent);
    const at = round.cursors.get(source) ?? ORIGIN;
    if (extent !== null && extent.entriesAdded === 0 && extent.lastId === ORIGIN.id) {
      // Its producer took it away, and was told of: a name that is not used any more takes no place.
      if (at.id === ORIGIN.id) await store.forgetInbound(lease, source, at);
      continue;
    }
    const copiedLongAgo = [at.id, idAt(clock.now() - KEPT_MS)].sort(compareIds)[0];
    if (extent !== null && extent.length > 0 && copiedLongAgo)
      await store.trimInbound(source, copiedLongAgo);
  }
  // What is no stream now is looked at again, and not read: one wrong key would fail the reading of all.
  for (const source of sources) if (!there.includes(source)) round.cursors.delete(source);
}

/** The cursors as Redis has them. One that somebody took out of Redis stands again where we know that it stood. */
async function cursorsOf(
  parts: LookParts,
  round: Round,
): Promise<ReadonlyMap<string, LogPosition>> {
  const { store, lease } = parts;
  const cursors = await store.inboundCursors(lease);
  const gone = [...round.cursors].filter(([source, { id }]) => {
    return id !== ORIGIN.id && !cursors.has(source);
  });
  if (gone.length === 0) return cursors;
  for (const [source, to] of gone)
    await step(parts, round, { source, from: ORIGIN, to, entries: [] });
  return store.inboundCursors(lease);
}

interface Found {
  readonly there: readonly string[];
  /** By their cursors; also such whose stream is gone. */
  readonly known: ReadonlyMap<string, LogPosition>;
}

/** Streams that are copied already go first: a flood of new names must not push them out. */
function chosen(
  { onLeftOut }: LookParts,
  round: Round,
  { there, known }: Found,
): readonly string[] {
  const sorted = [...there].sort(
    (a, b) => Number(known.has(b)) - Number(known.has(a)) || order(a, b),
  );
  const leftOut = sorted.slice(STREAMS_MOST);
  const said = leftOut.join(' ');
  if (said !== round.leftOut && leftOut.length > 0) onLeftOut(leftOut);
  round.leftOut = said;
  const gone = [...known.keys()].filter((source) => !there.includes(source));
  return [...sorted.slice(0, STREAMS_MOST), ...gone.slice(0, STREAMS_MOST)];
}

/**
 * A stream without a cursor is a new one and is copied whole, unless it holds what is older than the source's last word and than what
 * the deduplication remembers: then the cursor was taken out of Redis while nobody copied, and copying all of it again would count
 * its calls twice.
 */
async function begin(
  parts: LookParts,
  round: Round,
  { source, extent }: { readonly source: string; readonly extent: Extent },
): Promise<void> {
  const heardAt = parts.heardAt(source);
  if (heardAt === null || extent.firstId === null) return;
  const rememberedFrom = parts.clock.now() - DEDUP_WINDOW_MS + LAG_MS;
  if (instantOf(extent.firstId) >= Math.min(heardAt - LAG_MS, rememberedFrom)) return;
  const to = { id: extent.lastId, added: extent.entriesAdded };
  const entries = [own({ type: 'source.faulted', subject: source, data: { fault: 'trimmed' } })];
  await step(parts, round, { source, from: ORIGIN, to, entries });
  parts.onFault(source, 'trimmed', null);
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function inspect(
  parts: LookParts,
  round: Round,
  source: string,
  extent: Extent | null,
): Promise<void> {
  const from = round.cursors.get(source) ?? ORIGIN;
  const lasting = lastingFault(extent, parts.clock.now());
  if (lasting === null) round.lasting.delete(source);
  else await sayLasting(parts, round, { source, from, fault: lasting });
  // What comes back in place of something else is a new stream.
  const found = judge(from, extent ?? MISSING);
  if (found.kind === 'ok') return;
  const { kind, lost } = found;
  const to = resumeAt(from, extent ?? MISSING);
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

interface Lasting {
  readonly source: string;
  readonly from: LogPosition;
  readonly fault: SourceFault;
}

async function sayLasting(
  parts: LookParts,
  round: Round,
  { source, from, fault }: Lasting,
): Promise<void> {
  const now = parts.clock.monotonic();
  const said = round.lasting.get(source);
  if (said?.fault === fault && now - said.saidAt < SAID_AGAIN_MS) return;
  const entries = [own({ type: 'source.faulted', subject: source, data: { fault } })];
  await step(parts, round, { source, from, to: from, entries });
  round.lasting.set(source, { fault, saidAt: now });
  if (said?.fault !== fault) parts.onFault(source, fault, null);
}
