// Scopes: what of the floor a board takes, in a form in which equal boards are equal.
import type { Board, Scope } from '../contract/board.ts';
import type { Facts } from '../floor/rows.ts';
import { TABLES } from '../contract/tables.ts';
import type { Table } from '../contract/tables.ts';

/** Everything, with nothing hidden: what a supervisor's program reads. */
export const WHOLE_FLOOR: Scope = {
  audience: 'desk',
  queues: null,
  teams: null,
  tables: sorted(TABLES),
};

/** Who reads: the teams that they may see; null: all. */
export type Teams = readonly string[] | null;

/** *Needed now* stands on each page and names people, queues and promises; only the day's chart can be left out. */
export function scopeOf(board: Board, mayTeams: Teams, facts: Pick<Facts, 'queues'>): Scope {
  const tables: readonly Table[] = board.pages.includes('today')
    ? TABLES
    : TABLES.filter((table) => table !== 'intervals');
  return {
    audience: board.audience,
    queues: both(queuesOn(board, facts), queuesFor(mayTeams, facts)),
    teams: both(board.teams, mayTeams),
    tables: sorted(tables),
  };
}

/** The queues that somebody of these teams may see: those that serve one of them, and those that serve nobody, which are everybody's; null: all. */
export function queuesFor(teams: Teams, { queues }: Pick<Facts, 'queues'>): Teams {
  if (teams === null) return null;
  return [...queues.values()]
    .filter((queue) => queue.teams.length === 0 || serves(queue, teams))
    .map(({ id }) => id);
}

function queuesOn({ queues, queuesOf }: Board, facts: Pick<Facts, 'queues'>): Teams {
  if (queuesOf === null || queuesOf === undefined) return queues;
  return [...facts.queues.values()].filter((queue) => serves(queue, queuesOf)).map(({ id }) => id);
}

function serves({ teams }: { readonly teams: readonly string[] }, any: readonly string[]): boolean {
  return teams.some((team) => any.includes(team));
}

/** What is in both; null: all. */
function both(a: Teams, b: Teams): Teams {
  if (a === null || b === null) {
    const one = a ?? b;
    return one && sorted(one);
  }
  return sorted(a.filter((each) => b.includes(each)));
}

/** Equal for equal scopes, and for no others. */
export function scopeKey({ audience, queues, teams, tables }: Scope): string {
  return JSON.stringify([audience, queues, teams, tables]);
}

function sorted<T extends string>(names: readonly T[]): readonly T[] {
  return [...new Set(names)].sort();
}
