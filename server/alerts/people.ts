// Whom an episode is told to at each level: own leads on duty, supervisors who are present, the duty manager.
import type { AgentFact, Facts } from '../floor/rows.ts';

/** Ids of agents; of nobody twice. `team` null: every lead and supervisor is own. */
export function peopleAt(level: number, team: string | null, facts: Facts): readonly string[] {
  if (level === 1) return leadsOf(team, facts).filter((id) => isOnDuty(facts.agents.get(id)));
  if (level === 2) return coversOf(team, facts).filter((id) => isPresent(facts.agents.get(id)));
  const manager = facts.site.values().next().value?.dutyManager ?? null;
  return manager === null ? [] : [manager];
}

function leadsOf(team: string | null, facts: Facts): readonly string[] {
  const named = team === null ? [] : (facts.teams.get(team)?.leads ?? []);
  const own = staff(facts).filter(
    (agent) => agent.role === 'lead' && (team === null || agent.team === team),
  );
  return unique([...named, ...own.map(({ id }) => id)]);
}

/** Supervisors, and the leads of the teams that cover this one. */
function coversOf(team: string | null, facts: Facts): readonly string[] {
  const lenders = team === null ? [] : (facts.teams.get(team)?.coveredBy ?? []);
  const supervisors = staff(facts).filter(({ role }) => role === 'supervisor');
  return unique([
    ...(team === null ? [] : (facts.teams.get(team)?.takenBy ?? [])).map(({ agent }) => agent),
    ...lenders.flatMap((lender) => leadsOf(lender, facts)),
    ...supervisors.map(({ id }) => id),
  ]);
}

/** Presence other than offline, so that a lead in a meeting is told. */
function isOnDuty(agent: AgentFact | undefined): boolean {
  return agent !== undefined && agent.presence !== null && agent.presence !== 'offline';
}

function isPresent(agent: AgentFact | undefined): boolean {
  return agent?.presence === 'desk' || agent?.presence === 'floor';
}

function staff({ agents }: Facts): readonly AgentFact[] {
  return [...agents.values()].filter(({ role }) => role === 'lead' || role === 'supervisor');
}

function unique(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)];
}
