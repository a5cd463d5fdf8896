// The store's in-memory twin: the same promises without a Redis, for tests, the audit and the tools. It passes the same suite.
import type { Clock } from '../clock.ts';
import type { Fields } from '../events/decode.ts';
import { encode } from '../events/encode.ts';
import { compareIds, idAt, ORIGIN } from './continuity.ts';
import { identified } from './identify.ts';
import { cursorText } from './inbound.ts';
import { daysBetween } from './intervals.ts';
import { tokenOf } from './leases.ts';
import type { Lease } from './leases.ts';
import { BLOCK_MOST_MS, LeaseLost, LogTrouble } from './log.ts';
import type { Entry, LogPosition } from './log.ts';
import { createMemoryDecisions } from './memory-decisions.ts';
import type { MemoryDecisions } from './memory-decisions.ts';
import { createMemoryOutbox } from './memory-outbox.ts';
import type { MemoryOutbox } from './memory-outbox.ts';
import { createMemoryStream, waitFor } from './memory-stream.ts';
import type { MemoryStream } from './memory-stream.ts';
import { refusalFields, refusalOf, REFUSALS_KEPT, REFUSALS_KEPT_MS } from './refusals.ts';

import type { Shelf, StoredSnapshot } from './snapshots.ts';
import type { Store } from './store.ts';

export interface MemoryStore extends Store {
  /** The journal itself, to trim, empty or poison as a hostile program would. */
  readonly journal: MemoryStream;
  readonly decisions: MemoryDecisions;
  readonly outbox: MemoryOutbox;
  /** `in:SOURCE`, made when it is first asked for. */
  inbound(source: string): MemoryStream;
}

/** `clock` is the site's. */
export function openMemoryStore(clock: Clock): MemoryStore {
  const waiters = new Set<() => void>();
  function wakeAll(): void {
    for (const wake of [...waiters]) wake();
  }
  const journal = createMemoryStream(clock, wakeAll);
  const refused = createMemoryStream(clock, () => undefined);
  const inbound = new Map<string, MemoryStream>();
  const cursors = new Map<string, LogPosition>();
  const leases = new Map<string, { readonly token: string; readonly until: number }>();
  const shelves = new Map<Shelf | 'unreadable', StoredSnapshot>();
  const intervals = new Map<string, Map<string, string>>();
  let fence = 0;
  let refusedUpTo = '0-0';
  let reading = false;

  function appendFields(entries: readonly Fields[]): readonly string[] {
    return entries.map((fields) => {
      const id = journal.add({ ...fields });
      if (id === null) throw new LogTrouble(null, 'the stream has exhausted the last possible ID');
      return id;
    });
  }
  const outbox = createMemoryOutbox(clock, (entries) => void appendFields(entries));
  const decisions = createMemoryDecisions(clock, (entry) => void appendFields([entry]), outbox);
  function demand(lease: Lease): void {
    const held = leases.get(lease.name);
    if (held?.token !== tokenOf(lease) || held.until <= clock.now())
      throw new LeaseLost(lease.name);
  }
  function inboundOf(source: string): MemoryStream {
    const stream = inbound.get(source) ?? createMemoryStream(clock, wakeAll);
    inbound.set(source, stream);
    return stream;
  }

  return {
    journal,
    inbound: inboundOf,
    append: async (events) => Promise.resolve(appendFields(identified(events).map(encode))),
    appendFields: async (entries) => Promise.resolve(appendFields(entries)),
    async read(after, options) {
      if (reading) throw new Error('invariant: the log is read by one reader at a time');
      if (options.blockMs > BLOCK_MOST_MS)
        throw new Error(`invariant: a read blocks ${BLOCK_MOST_MS} ms at most`);
      reading = true;
      try {
        const look = (): readonly Entry[] | null => {
          const found = journal.after(after, options.count);
          return found.length > 0 ? found : null;
        };
        return (await waitFor(clock, waiters, look, options)) ?? [];
      } finally {
        reading = false;
      }
    },
    extent: (id) => Promise.resolve(journal.extent(id)),
    quietAt: (after) =>
      Promise.resolve(journal.after(after, 1).length === 0 ? Math.floor(clock.now()) : null),
    time: () => Promise.resolve(clock.now()),

    takeLease(name, holder, ms) {
      const held = leases.get(name);
      if (held && held.until > clock.now()) return Promise.resolve(null);
      const lease = { name, holder, fence: ++fence };
      leases.set(name, { token: tokenOf(lease), until: clock.now() + ms });
      return Promise.resolve(lease);
    },
    renewLease(lease, ms) {
      const held = leases.get(lease.name);
      const ours = held?.token === tokenOf(lease) && held.until > clock.now();
      if (ours) leases.set(lease.name, { token: held.token, until: clock.now() + ms });
      return Promise.resolve(ours);
    },
    releaseLease(lease) {
      if (leases.get(lease.name)?.token === tokenOf(lease)) leases.delete(lease.name);
      return Promise.resolve();
    },
    async appendFenced(lease, events) {
      demand(lease);
      return Promise.resolve(appendFields(identified(events).map(encode)));
    },

    async shelve(lease, snapshot, newestGoes) {
      demand(lease);
      const newest = shelves.get('newest');
      if (newest) shelves.set(newestGoes === 'older' ? 'older' : 'unreadable', newest);
      shelves.set('newest', snapshot);
      return Promise.resolve();
    },
    onShelf: (shelf) => Promise.resolve(shelves.get(shelf) ?? null),
    shelvedIds: () =>
      Promise.resolve({
        newest: shelves.get('newest')?.id ?? null,
        older: shelves.get('older')?.id ?? null,
      }),
    trim: (minId) => Promise.resolve(journal.trim(minId)),

    async saveIntervals(lease, day, fields) {
      demand(lease);
      const kept = intervals.get(day) ?? new Map<string, string>();
      for (const [field, value] of fields) kept.set(field, value);
      intervals.set(day, kept);
      return Promise.resolve();
    },
    loadIntervals: (from, to) =>
      Promise.resolve(
        new Map(
          daysBetween(from, to).flatMap((day) => {
            const kept = intervals.get(day);
            return kept ? [[day, new Map(kept)] as const] : [];
          }),
        ),
      ),

    decisions,
    outbox,
    decide: (decision) => decisions.decide(decision),
    reconcile: (held) => decisions.reconcile(held),

    claim: (options) => outbox.claim(options),
    settle: (settling) => outbox.settle(settling),
    renew: (lease) => outbox.renew(lease),
    deadLetters: (count) => outbox.deadLetters(count),
    backlog: () => outbox.backlog(),
    channels: () => outbox.channels(),
    putChannel: (lane, text) => outbox.putChannel(lane, text),
    giveBackChannels: (rows) => outbox.giveBackChannels(rows),
    secret: (name, made) => outbox.secret(name, made),

    writeRefusals(refusals) {
      const upTo = refusedUpTo;
      for (const refusal of refusals) {
        if (refusal.entry !== undefined && compareIds(refusal.entry, upTo) <= 0) continue;
        refused.add(refusalFields(refusal));
        if (refusal.entry !== undefined) refusedUpTo = refusal.entry;
      }
      refused.keepNewest(REFUSALS_KEPT);
      return Promise.resolve();
    },
    readRefusals(count) {
      refused.trim(idAt(clock.now() - REFUSALS_KEPT_MS));
      const found = refused.newestFirst(count);
      return Promise.resolve(found.map(({ at, fields }) => refusalOf(at, fields)));
    },

    inboundSources: () => Promise.resolve([...inbound.keys()].sort()),
    async inboundCursors(lease) {
      demand(lease);
      return Promise.resolve(new Map(cursors));
    },
    inboundExtents: (sources) =>
      Promise.resolve(new Map(sources.map((name) => [name, inboundOf(name).extent()]))),
    async readInbound(after, options) {
      const look = (): ReadonlyMap<string, readonly Entry[]> | null => {
        const found = new Map<string, readonly Entry[]>();
        for (const [source, { id }] of after) {
          const entries = inboundOf(source).after(id, options.count);
          if (entries.length > 0) found.set(source, entries);
        }
        return found.size > 0 ? found : null;
      };
      return (await waitFor(clock, waiters, look, options)) ?? new Map();
    },
    async copyInbound(lease, { source, from, to, entries }) {
      demand(lease);
      const at = cursors.get(source) ?? ORIGIN;
      if (cursorText(at) !== cursorText(from)) return Promise.resolve('moved');
      appendFields(entries);
      cursors.set(source, to);
      return Promise.resolve('copied');
    },
    async forgetInbound(lease, source, at) {
      demand(lease);
      const stands = cursors.get(source);
      if (stands && cursorText(stands) === cursorText(at)) cursors.delete(source);
      return Promise.resolve();
    },
    trimInbound(source, minId) {
      inboundOf(source).trim(minId);
      return Promise.resolve();
    },

    settings: () => Promise.resolve(null),
    probe: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
