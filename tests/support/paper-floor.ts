// A floor on paper: the tables as a test writes them, and what it touched since it was last asked.
import { FACT_TABLES } from '../../server/floor/rows.ts';
import type { FactOf, Facts, FactTable, Touched } from '../../server/floor/rows.ts';

export interface PaperFloor {
  readonly facts: Facts;
  put<T extends FactTable>(table: T, row: FactOf[T]): void;
  remove(table: FactTable, id: string): void;
  /** Ids by table since the last call. */
  touched(): Touched;
}

export function createPaperFloor(): PaperFloor {
  const facts = Object.fromEntries(FACT_TABLES.map((table) => [table, new Map()])) as {
    [T in FactTable]: Map<string, FactOf[T]>;
  };
  let touched: { [T in FactTable]?: Set<string> } = {};
  const touch = (table: FactTable, id: string): void => {
    (touched[table] ??= new Set()).add(id);
  };
  return {
    facts,
    put(table, row) {
      (facts[table] as Map<string, typeof row>).set(row.id, row);
      touch(table, row.id);
    },
    remove(table, id) {
      facts[table].delete(id);
      touch(table, id);
    },
    touched() {
      const since = touched;
      touched = {};
      return since;
    },
  };
}
