// Leads and supervisors by their team, so that nobody looks through all agents for whom to tell and who is near.
import type { AgentFact, Facts } from '../floor/rows.ts';
import { Groups } from './groups.ts';
import type { House } from './people.ts';

const NO_TEAM = '';

/** Knows whom it was told of by `note`. */
export class Staff implements House {
  readonly facts: Facts;
  readonly #leads = new Groups();
  readonly #supervisors = new Groups();
  readonly #ids = { lead: new Set<string>(), supervisor: new Set<string>() };

  constructor(facts: Facts) {
    this.facts = facts;
  }

  /** `agent` undefined: there is no such person any more. */
  note(id: string, agent: Pick<AgentFact, 'role' | 'team'> | undefined): void {
    const team = agent?.team ?? NO_TEAM;
    this.#leads.put(id, agent?.role === 'lead' ? team : null);
    this.#supervisors.put(id, agent?.role === 'supervisor' ? team : null);
    for (const role of ['lead', 'supervisor'] as const)
      if (agent?.role === role) this.#ids[role].add(id);
      else this.#ids[role].delete(id);
  }

  leadsOf(team: string | null): readonly string[] {
    return [...(team === null ? this.#ids.lead : this.#leads.in(team))];
  }

  supervisors(): readonly string[] {
    return [...this.#ids.supervisor];
  }

  /** All who are nearer to a team than any supervisor of the site. */
  near(team: string): ReadonlySet<string> {
    const row = this.facts.teams.get(team);
    const near = new Set(row?.takenBy.map(({ agent }) => agent));
    for (const each of [team, ...(row?.coveredBy ?? [])]) {
      for (const id of this.facts.teams.get(each)?.leads ?? []) near.add(id);
      for (const id of this.#leads.in(each)) near.add(id);
      for (const id of this.#supervisors.in(each)) near.add(id);
    }
    return near;
  }
}
