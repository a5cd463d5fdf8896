// Rows that are no more, by the position at which they went: kept for a while, so that who comes back can be told.
import type { Table } from '../contract/tables.ts';

const KEPT_MOST = 3_000;
const KEPT_MS = 60_000;

export interface Tombstone {
  readonly table: Table;
  readonly id: string;
  /** The position at which the row went. */
  readonly seq: number;
  /** When; milliseconds of a clock that does not go back. */
  readonly at: number;
}

export class Tombstones {
  /** In the order in which they were set, so the oldest is the first. */
  readonly #all = new Map<string, Tombstone>();
  #completeSince = 0;

  /** Whoever has this position or a younger one can be told of every row that went. */
  get completeSince(): number {
    return this.#completeSince;
  }

  add(tombstone: Tombstone): void {
    const key = keyOf(tombstone.table, tombstone.id);
    this.#all.delete(key);
    this.#all.set(key, tombstone);
  }

  /** The row is back. */
  remove(table: Table, id: string): void {
    this.#all.delete(keyOf(table, id));
  }

  /** Drops what is older than a minute, or too many. */
  forget(now: number): void {
    for (const [key, { seq, at }] of this.#all) {
      if (this.#all.size <= KEPT_MOST && now - at <= KEPT_MS) return;
      this.#all.delete(key);
      this.#completeSince = Math.max(this.#completeSince, seq);
    }
  }

  /** Ids that went after `seq` and did not come back. */
  since(seq: number): ReadonlyMap<Table, ReadonlySet<string>> {
    const found = new Map<Table, Set<string>>();
    for (const { table, id, seq: went } of this.#all.values()) {
      if (went <= seq) continue;
      const ids = found.get(table) ?? new Set();
      found.set(table, ids.add(id));
    }
    return found;
  }
}

function keyOf(table: Table, id: string): string {
  return `${table}\n${id}`;
}
