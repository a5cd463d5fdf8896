// The difference between two states of one scope, and how it is applied: whole rows, no field patches.
import { emptyTables, TABLES } from './tables.ts';
import type { IdsByTable, ReadonlyTables, RowOf, RowsByTable, Table, Tables } from './tables.ts';

export interface Changes {
  /** Rows that are new or replaced. */
  readonly put: RowsByTable;
  /** Ids of rows that are no more. */
  readonly gone: IdsByTable;
}

/** Writes `changes` into `tables`. Ids are own keys only, so a row named like a property of Object stays a row. */
export function applyChanges(tables: Tables, changes: Changes): void {
  for (const table of TABLES) {
    // One table's rows go into that table; the compiler cannot follow one key through three records.
    const rows = tables[table] as Map<string, unknown>;
    applyTable(rows, changes.put[table], changes.gone[table]);
  }
}

/** What must be put and removed so that `before` becomes `after`; rows are told apart by identity. */
export function changesBetween(before: ReadonlyTables, after: ReadonlyTables): Changes {
  const put: { [T in Table]?: Record<string, RowOf[T]> } = {};
  const gone: { [T in Table]?: string[] } = {};
  for (const table of TABLES) compareTable(table, before, after, put, gone);
  return { put, gone };
}

/** All rows of `tables` as they travel in a snapshot. */
export function rowsOf(tables: ReadonlyTables): RowsByTable {
  return changesBetween(EMPTY, tables).put;
}

/** An object without prototype, so that no id can reach one. */
export function bareRecord<V>(): Record<string, V> {
  return Object.create(null) as Record<string, V>;
}

const EMPTY: ReadonlyTables = emptyTables();

function applyTable<R>(
  rows: Map<string, R>,
  put: Readonly<Record<string, R>> | undefined,
  gone: readonly string[] | undefined,
): void {
  if (gone) for (const id of gone) rows.delete(id);
  if (put) for (const id of Object.keys(put)) rows.set(id, put[id] as R);
}

function compareTable<T extends Table>(
  table: T,
  before: ReadonlyTables,
  after: ReadonlyTables,
  put: { [K in Table]?: Record<string, RowOf[K]> },
  gone: { [K in Table]?: string[] },
): void {
  const old: ReadonlyMap<string, RowOf[T]> = before[table];
  const young: ReadonlyMap<string, RowOf[T]> = after[table];
  const rows = bareRecord<RowOf[T]>();
  let some = false;
  for (const [id, row] of young) {
    if (old.get(id) === row) continue;
    rows[id] = row;
    some = true;
  }
  if (some) (put as Record<Table, unknown>)[table] = rows;
  const ids: string[] = [];
  for (const id of old.keys()) if (!young.has(id)) ids.push(id);
  if (ids.length > 0) gone[table] = ids;
}
