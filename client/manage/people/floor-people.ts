// Whom the floor knows who have no account yet, and what an account of theirs begins with.
import type { AccountSaid, PersonRole } from '../../../server/contract/access.ts';
import type { AgentRow, TeamRow } from '../../../server/contract/rows.ts';

export interface FloorPerson {
  readonly id: string;
  readonly name: string;
  readonly role: PersonRole;
  readonly teams: readonly string[];
}

/** By name, as `compare` has names. A team that names somebody among its leads makes them one. */
export function withoutAccount(
  agents: Iterable<AgentRow>,
  teams: Iterable<TeamRow>,
  {
    people,
    compare,
  }: {
    readonly people: readonly AccountSaid[];
    readonly compare: (a: string, b: string) => number;
  },
): readonly FloorPerson[] {
  const known = new Set(people.map(({ id }) => id));
  const leads = new Map<string, string[]>();
  for (const team of teams)
    for (const lead of team.leads) leads.set(lead, [...(leads.get(lead) ?? []), team.id]);
  return [...agents]
    .filter(({ id }) => !known.has(id))
    .map(({ id, name, role, team }) => {
      const led = leads.get(id) ?? [];
      const own = team === null ? [] : [team];
      const as = role === 'trainee' ? 'agent' : role;
      return {
        ...{ id, name },
        role: as === 'agent' && led.length > 0 ? ('lead' as const) : as,
        teams: [...own, ...led.filter((one) => one !== team)],
      };
    })
    .sort((a, b) => compare(a.name, b.name) || (a.id < b.id ? -1 : 1));
}
