// Deltas and snapshots as they travel, put together from rows that are JSON already: each row is encoded once and joined many times.
import type { Board } from '../contract/board.ts';
import type { Position } from '../contract/protocol.ts';
import { TABLES } from '../contract/tables.ts';
import type { Table } from '../contract/tables.ts';

/** Changes of one scope, by table: rows as JSON text by id, and ids that are no more. */
export interface EncodedChanges {
  readonly put: ReadonlyMap<Table, ReadonlyMap<string, string>>;
  readonly gone: ReadonlyMap<Table, ReadonlySet<string>>;
}

export interface Step {
  readonly epoch: string;
  readonly from: number;
  readonly to: number;
}

/** JSON of a `Delta`. */
export function encodeDelta({ epoch, from, to }: Step, { put, gone }: EncodedChanges): string {
  const lists = TABLES.flatMap((table) => {
    const ids = gone.get(table);
    return ids && ids.size > 0 ? [`"${table}":${JSON.stringify([...ids])}`] : [];
  });
  return `{"epoch":${JSON.stringify(epoch)},"from":${from},"to":${to},"put":${encodeRows(put)},"gone":{${lists.join(',')}}}`;
}

/** JSON of a `RowsByTable`; a table without rows is left out. */
export function encodeRows(tables: EncodedChanges['put']): string {
  const parts = TABLES.flatMap((table) => {
    const rows = tables.get(table);
    return rows && rows.size > 0 ? [`"${table}":${encodeTable(rows)}`] : [];
  });
  return `{${parts.join(',')}}`;
}

export interface SnapshotParts extends Position {
  readonly now: number;
  readonly board: Board;
  /** From `encodeRows`. */
  readonly rows: string;
}

/** JSON of a `Snapshot`. */
export function encodeSnapshot({ epoch, seq, now, board, rows }: SnapshotParts): string {
  return `{"epoch":${JSON.stringify(epoch)},"seq":${seq},"now":${now},"board":${JSON.stringify(board)},"rows":${rows}}`;
}

function encodeTable(rows: ReadonlyMap<string, string>): string {
  const parts: string[] = [];
  for (const [id, text] of rows) parts.push(`${JSON.stringify(id)}:${text}`);
  return `{${parts.join(',')}}`;
}
