// Sources: who speaks, when last, whether it went silent, and what it owns.
import type { SourceFault, SourceState } from '../contract/lists.ts';
import type { Agenda } from './agenda.ts';
import type { FactTables } from './tables.ts';

/** So many sources have names; more are `other`. */
const MOST_NAMED = 64;
const OTHER = 'other';
/** An event moves its source's row at most so often, else every event would be two changes. */
const ROW_EVERY_MS = 1_000;
/** Three missed beats and this much for the way make a source stale; ten make it lost. */
const STALE_AFTER_BEATS = 3;
const LOST_AFTER_BEATS = 10;
const GRACE_MS = 1_000;
/** A source stays faulty so long after the last word of its fault, which is said again while it lasts. */
const FAULT_MS = 60_000;
/** And at least so long, so that a person can read it. */
const FAULT_LEAST_MS = 5_000;
/** These are over once the source has told anew all that is true. */
const HEALED_BY_SNAPSHOT: readonly SourceFault[] = ['trimmed', 'emptied', 'went-back'];

export interface Source {
  readonly id: string;
  state: SourceState;
  /** Its latest word of any kind. */
  lastAt: number;
  /** Milliseconds between its heartbeats; null: it never declared any, and is never stale. */
  everyMs: number | null;
  skewMs: number;
  refused: number;
  /** What was done to its stream; missing where nothing was, as in dumps from before there was this. */
  fault?: Fault | null;
}

export interface Fault {
  readonly kind: SourceFault;
  readonly at: number;
  until: number;
}

export class Sources {
  readonly #tables: FactTables;
  readonly #agenda: Agenda;
  readonly #sources = new Map<string, Source>();

  constructor(tables: FactTables, agenda: Agenda) {
    this.#tables = tables;
    this.#agenda = agenda;
    agenda.keeps('silence', (id) => {
      const source = this.#sources.get(id);
      return source ? silentAt(source) : null;
    });
    agenda.keeps('fault', (id) => this.#sources.get(id)?.fault?.until ?? null);
  }

  /** A word of `name`, of whatever kind, at `at`. */
  heard(name: string, at: number): void {
    const source = this.#get(name, at);
    source.lastAt = Math.max(source.lastAt, at);
    const row = this.#tables.facts.sources.get(source.id);
    const wasSilent = source.state !== 'live';
    source.state = 'live';
    if (wasSilent || !row || source.lastAt - row.lastAt >= ROW_EVERY_MS) this.#put(source);
    if (wasSilent) this.#await(source);
  }

  beat(name: string, at: number, everySeconds: number): void {
    const source = this.#get(name, at);
    const everyMs = everySeconds * 1_000;
    if (source.everyMs !== everyMs) {
      source.everyMs = everyMs;
      this.#put(source);
      this.#await(source);
    }
  }

  /** Of a stream that is named so by who set it up. */
  refused(name: string, count: number, at: number): void {
    const source = this.#get(name, at);
    source.refused += count;
    this.#put(source);
  }

  /** A name that only refused entries carry is nobody's: it would take one of the few, and stand on every screen. */
  entryRefused(name: string): void {
    const source = this.#sources.get(name);
    if (!source) return;
    source.refused += 1;
    this.#put(source);
  }

  faulted(name: string, kind: SourceFault, at: number): void {
    const source = this.#get(name, at);
    source.fault = { kind, at, until: at + FAULT_MS };
    this.#agenda.add('fault', source.id, source.fault.until);
    this.#put(source);
  }

  /** It told all that is true. */
  toldAnew(name: string, at: number): void {
    const source = this.#sources.get(name);
    const fault = source?.fault;
    if (!source || !fault || !HEALED_BY_SNAPSHOT.includes(fault.kind)) return;
    fault.until = Math.min(fault.until, Math.max(at, fault.at + FAULT_LEAST_MS));
    this.#agenda.add('fault', source.id, fault.until);
  }

  /** Time alone: its fault was not said again, or it told anew what is true. */
  grewWell(id: string): void {
    const source = this.#sources.get(id);
    if (!source) return;
    source.fault = null;
    this.#put(source);
  }

  skewed(name: string, skewMs: number): void {
    const source = this.#get(name, 0);
    if (source.skewMs === skewMs) return;
    source.skewMs = skewMs;
    this.#put(source);
  }

  /** Time alone: it has been silent for too long. */
  fellSilent(id: string): void {
    const source = this.#sources.get(id);
    if (!source) return;
    source.state = source.state === 'live' ? 'stale' : 'lost';
    this.#put(source);
    this.#await(source);
  }

  dump(): readonly Source[] {
    return Array.from(this.#sources.values(), (source) => ({
      ...source,
      ...(source.fault ? { fault: { ...source.fault } } : {}),
    }));
  }

  /** Rows are part of the tables' own dump: they lag behind by up to a second. */
  restore(dump: readonly Source[]): void {
    for (const source of dump) {
      this.#sources.set(source.id, source);
      this.#await(source);
      if (source.fault) this.#agenda.add('fault', source.id, source.fault.until);
    }
  }

  #get(name: string, at: number): Source {
    const known = this.#sources.get(name);
    if (known) return known;
    const id = this.#sources.size < MOST_NAMED ? name : OTHER;
    const other = this.#sources.get(id);
    if (other) return other;
    const made: Source = { id, state: 'live', lastAt: at, everyMs: null, skewMs: 0, refused: 0 };
    this.#sources.set(id, made);
    return made;
  }

  #await(source: Source): void {
    const at = silentAt(source);
    if (at !== null) this.#agenda.add('silence', source.id, at);
  }

  #put({ id, state, lastAt, everyMs, skewMs, refused, fault }: Source): void {
    const silentAfterMs = everyMs === null ? null : STALE_AFTER_BEATS * everyMs + GRACE_MS;
    const row = { id, lastAt, skewMs, refused, silentAfterMs };
    this.#tables.put(
      'sources',
      fault ? { ...row, state: 'faulty', fault: fault.kind } : { ...row, state },
    );
  }
}

/** When silence makes it stale or, when it is, lost. */
function silentAt({ state, lastAt, everyMs }: Source): number | null {
  if (everyMs === null || state === 'lost') return null;
  const beats = state === 'live' ? STALE_AFTER_BEATS : LOST_AFTER_BEATS;
  return lastAt + beats * everyMs + GRACE_MS;
}
