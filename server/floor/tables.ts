// The tables that only the floor writes, and which of their rows one step touched.
import type { FactOf, Facts, FactTable, Touched } from './rows.ts';

/** Nothing was touched: one shared object, so that `===` tells. */
export const NOTHING: Touched = Object.freeze({});

type Written = { readonly [T in FactTable]: Map<string, FactOf[T]> };

export class FactTables {
  readonly #rows: Written = {
    site: new Map(),
    queues: new Map(),
    intervals: new Map(),
    agents: new Map(),
    teams: new Map(),
    contacts: new Map(),
    callbacks: new Map(),
    assists: new Map(),
    alerts: new Map(),
    sources: new Map(),
    boards: new Map(),
  };
  #touched: { [T in FactTable]?: Set<string> } | null = null;

  get facts(): Facts {
    return this.#rows;
  }

  put<T extends FactTable>(table: T, row: FactOf[T]): void {
    const rows: Map<string, FactOf[T]> = this.#rows[table];
    rows.set(row.id, row);
    this.#touch(table, row.id);
  }

  remove(table: FactTable, id: string): void {
    if (this.#rows[table].delete(id)) this.#touch(table, id);
  }

  /** What was touched since the last time. */
  take(): Touched {
    const touched = this.#touched;
    if (touched === null) return NOTHING;
    this.#touched = null;
    return touched;
  }

  /** What was touched in one table since then; it stays. */
  touchedIn(table: FactTable): ReadonlySet<string> | undefined {
    return this.#touched?.[table];
  }

  #touch(table: FactTable, id: string): void {
    this.#touched ??= {};
    const ids = (this.#touched[table] ??= new Set());
    ids.add(id);
  }
}
