// Who stands on the floor and in which team: agents who are there, by team and name.
import type { AgentState } from '../../server/contract/lists.ts';
import { AGENT_STATES } from '../../server/contract/lists.ts';
import type { AgentRow, TeamRow } from '../../server/contract/rows.ts';
import type { TeamCells } from './floor-grid.ts';

/** The id under which agents without a team stand, last. */
export const NO_TEAM = '';

/** What alone decides where a cell stands: if none of it changed, the floor is not laid out anew. */
export interface Place {
  readonly id: string;
  readonly name: string;
  readonly team: string | null;
}

export function placesOf(agents: Iterable<AgentRow>): readonly Place[] {
  const places: Place[] = [];
  for (const { id, name, team, state } of agents)
    if (state !== 'offline') places.push({ id, name, team });
  return places;
}

export function samePlaces(a: readonly Place[], b: readonly Place[]): boolean {
  return (
    a.length === b.length &&
    a.every((place, index) => {
      const other = b[index];
      return place.id === other?.id && place.team === other.team && place.name === other.name;
    })
  );
}

/** The team's id and name, which alone decide where it stands. */
export type TeamName = readonly [id: string, name: string];

export function teamNames(teams: Iterable<TeamRow>): readonly TeamName[] {
  return Array.from(teams, ({ id, name }): TeamName => [id, name]);
}

export function sameNames(a: readonly TeamName[], b: readonly TeamName[]): boolean {
  return (
    a.length === b.length &&
    a.every(([id, name], index) => id === b[index]?.[0] && name === b[index]?.[1])
  );
}

/**
 * Teams and their agents in the order of their names. It remembers the order of each team, because to compare names by
 * a language is dear: who comes or goes has one team sorted anew.
 */
export function teamOrder(): (
  places: readonly Place[],
  names: readonly TeamName[],
  collator: Intl.Collator,
) => readonly TeamCells[] {
  let last = new Map<
    string,
    { readonly there: readonly Place[]; readonly cells: readonly string[] }
  >();
  let by: Intl.Collator | null = null;
  return (places, names, collator) => {
    if (by !== collator) last = new Map();
    by = collator;
    const next: typeof last = new Map();
    const teams = teamsOf(places, names, collator).map(({ id, there }) => {
      const known = last.get(id);
      const cells =
        known && samePlaces(known.there, there) ? known.cells : inOrder(there, collator);
      next.set(id, { there, cells });
      return { id, cells };
    });
    last = next;
    return teams;
  };
}

function teamsOf(
  places: readonly Place[],
  names: readonly TeamName[],
  collator: Intl.Collator,
): readonly { readonly id: string; readonly there: readonly Place[] }[] {
  const teams = new Map(names);
  const cells = new Map<string, Place[]>();
  for (const place of places) {
    const team = place.team !== null && teams.has(place.team) ? place.team : NO_TEAM;
    const there = cells.get(team);
    if (there) there.push(place);
    else cells.set(team, [place]);
  }
  return [...cells]
    .map(([id, there]) => ({ id, name: teams.get(id) ?? '', there }))
    .sort((a, b) => Number(a.id === NO_TEAM) - Number(b.id === NO_TEAM) || byName(a, b, collator));
}

function inOrder(there: readonly Place[], collator: Intl.Collator): readonly string[] {
  return [...there].sort((a, b) => byName(a, b, collator)).map(({ id }) => id);
}

interface Named {
  readonly id: string;
  readonly name: string;
}

function byName(a: Named, b: Named, collator: Intl.Collator): number {
  return collator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1);
}

export type Totals = Readonly<Record<AgentState, number>>;

export function totalsOf(agents: Iterable<AgentRow>): Totals {
  const totals = Object.fromEntries(AGENT_STATES.map((state) => [state, 0])) as Record<
    AgentState,
    number
  >;
  for (const { state } of agents) totals[state] += 1;
  return totals;
}

export function sameTotals(a: Totals, b: Totals): boolean {
  return AGENT_STATES.every((state) => a[state] === b[state]);
}
