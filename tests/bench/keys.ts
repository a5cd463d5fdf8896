// By which number an event is found again in the rows that it made: the instant that its producer gave it, of which each event has its own.
import type { RowOf, RowsByTable, Table } from '../../server/contract/tables.ts';

/** The machine's own monotonic clock in milliseconds: the same for all of its processes. */
export function instant(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

type Seen = { readonly [T in Table]?: (row: RowOf[T]) => number | null };

/** The instant of a row's last change, where it shows one. */
const KEY: Seen = {
  contacts: ({ since }) => since,
  agents: ({ since }) => since,
  callbacks: ({ promisedAt }) => promisedAt,
  assists: ({ requestedAt }) => requestedAt,
};

/** Added to the instant at which a contact was queued: the key of its wrap-up, whose own instant is that of the agent's event. */
export const WRAPPED_UP = 0.5;

/** When each key was first seen by one screen. A contact that went is known by minus the instant at which it was queued. */
export class KeyLog {
  #seen = new Map<number, number>();
  #deltas: number[] = [];
  readonly #queuedAt = new Map<string, number>();

  put(rows: RowsByTable, at: number): void {
    for (const [table, keyOf] of Object.entries(KEY) as [Table, (row: unknown) => number][])
      for (const row of Object.values(rows[table] ?? {})) this.#note(keyOf(row), at);
    for (const [id, { queuedAt, state }] of Object.entries(rows.contacts ?? {})) {
      if (queuedAt === null) continue;
      this.#queuedAt.set(id, queuedAt);
      if (state === 'wrapup') this.#note(queuedAt + WRAPPED_UP, at);
    }
  }

  gone(contacts: Iterable<string>, at: number): void {
    for (const id of contacts) {
      const queuedAt = this.#queuedAt.get(id);
      if (queuedAt !== undefined) this.#note(-queuedAt, at);
      this.#queuedAt.delete(id);
    }
  }

  /** The contacts that it knows. */
  get contacts(): ReadonlyMap<string, number> {
    return this.#queuedAt;
  }

  /** An event itself. */
  event(key: number, at: number): void {
    this.#note(key, at);
  }

  delta(to: number, at: number): void {
    this.#deltas.push(to, at);
  }

  take(): { readonly log: Float64Array; readonly deltas: Float64Array } {
    const taken = {
      log: Float64Array.from([...this.#seen].flat()),
      deltas: Float64Array.from(this.#deltas),
    };
    this.clear();
    return taken;
  }

  clear(): void {
    this.#seen = new Map();
    this.#deltas = [];
  }

  #note(key: number | null, at: number): void {
    if (key !== null && !this.#seen.has(key)) this.#seen.set(key, at);
  }
}
