// Scopes: what of the floor a board takes, in a form in which equal boards are equal.
import type { Board, Scope } from '../contract/board.ts';
import { TABLES } from '../contract/tables.ts';
import type { Table } from '../contract/tables.ts';

/** Everything, with nothing hidden: what a supervisor's program reads. */
export const WHOLE_FLOOR: Scope = {
  audience: 'desk',
  queues: null,
  teams: null,
  tables: sorted(TABLES),
};

/** *Needed now* stands on each page and names people, queues and promises; only the day's chart can be left out. */
export function scopeOf(board: Board): Scope {
  const tables: readonly Table[] = board.pages.includes('today')
    ? TABLES
    : TABLES.filter((table) => table !== 'intervals');
  return {
    audience: board.audience,
    queues: board.queues && sorted(board.queues),
    teams: board.teams && sorted(board.teams),
    tables: sorted(tables),
  };
}

/** Equal for equal scopes, and for no others. */
export function scopeKey({ audience, queues, teams, tables }: Scope): string {
  return JSON.stringify([audience, queues, teams, tables]);
}

function sorted<T extends string>(names: readonly T[]): readonly T[] {
  return [...new Set(names)].sort();
}
