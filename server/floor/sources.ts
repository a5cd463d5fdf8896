// Sources: who speaks, when last, whether it went silent, and what it owns.
import type { SourceState } from '../contract/lists.ts';
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

export interface Source {
  readonly id: string;
  state: SourceState;
  /** Its latest word of any kind. */
  lastAt: number;
  /** Milliseconds between its heartbeats; null: it never declared any, and is never stale. */
  everyMs: number | null;
  skewMs: number;
  refused: number;
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
      this.#await(source);
    }
  }

  refused(name: string): void {
    const source = this.#get(name, 0);
    source.refused += 1;
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
    return [...this.#sources.values()];
  }

  /** Rows are part of the tables' own dump: they lag behind by up to a second. */
  restore(dump: readonly Source[]): void {
    for (const source of dump) {
      this.#sources.set(source.id, source);
      this.#await(source);
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

  #put({ id, state, lastAt, skewMs, refused }: Source): void {
    this.#tables.put('sources', { id, state, lastAt, skewMs, refused });
  }
}

/** When silence makes it stale or, when it is, lost. */
function silentAt({ state, lastAt, everyMs }: Source): number | null {
  if (everyMs === null || state === 'lost') return null;
  const beats = state === 'live' ? STALE_AFTER_BEATS : LOST_AFTER_BEATS;
  return lastAt + beats * everyMs + GRACE_MS;
}
