// Whom an episode is told to at each level, and who of those who are present is nearest to a team.
import type { AgentFact, Facts } from '../floor/rows.ts';

/** Those who may be told, as their profiles say. */
export interface House {
  readonly facts: Facts;
  /** Ids; `team` null: of all teams. */
  leadsOf(team: string | null): readonly string[];
  supervisors(): readonly string[];
}

/** Ids of agents; of nobody twice. `team` null: what is of no team, for which supervisors answer before every team's leads are called. */
export function peopleAt(level: number, team: string | null, house: House): readonly string[] {
  const { facts } = house;
  const [first, second] = team === null ? [coversOf, leadsOf] : [leadsOf, coversOf];
  if (level === 1) return first(team, house).filter((id) => isOnDuty(facts.agents.get(id)));
  if (level === 2) return second(team, house).filter((id) => isPresent(facts.agents.get(id)));
  const manager = facts.site.values().next().value?.dutyManager ?? null;
  return manager === null ? [] : [manager];
}

/** Of those who are present: the nearest to a team; of equally near ones who claimed fewest today, then who is longest there. */
export function nearestOf(
  team: string | null,
  present: Iterable<AgentFact>,
  facts: Facts,
): string | null {
  let nearest: { readonly agent: AgentFact; readonly steps: number } | null = null;
  for (const agent of present) {
    const steps = stepsTo(team, agent, facts);
    if (steps === null) continue;
    const isNearer =
      nearest === null ||
      steps < nearest.steps ||
      (steps === nearest.steps && goesBefore(agent, nearest.agent));
    if (isNearer) nearest = { agent, steps };
  }
  return nearest?.agent.id ?? null;
}

/** Own lead, own supervisor, whoever took cover, the covering teams in their order, any supervisor; null: not at all. */
function stepsTo(
  team: string | null,
  { id, role, team: own }: AgentFact,
  facts: Facts,
): number | null {
  const row = team === null ? undefined : facts.teams.get(team);
  const isOwn = team === null || own === team;
  if ((role === 'lead' && isOwn) || row?.leads.includes(id)) return 0;
  if (role === 'supervisor' && isOwn) return 1;
  if (row?.takenBy.some(({ agent }) => agent === id)) return 2;
  const lenders = row?.coveredBy ?? [];
  const lender = lenders.findIndex(
    (other) => (isStaff({ role }) && own === other) || facts.teams.get(other)?.leads.includes(id),
  );
  if (lender >= 0) return 3 + lender;
  return role === 'supervisor' ? 3 + lenders.length : null;
}

function goesBefore(a: AgentFact, b: AgentFact): boolean {
  if (a.claimedToday !== b.claimedToday) return a.claimedToday < b.claimedToday;
  const [since, other] = [a.presenceSince ?? Infinity, b.presenceSince ?? Infinity];
  return since === other ? a.id < b.id : since < other;
}

function leadsOf(team: string | null, house: House): readonly string[] {
  const named = team === null ? [] : (house.facts.teams.get(team)?.leads ?? []);
  return unique([...named, ...house.leadsOf(team)]);
}

/** Supervisors, and the leads of the teams that cover this one. */
function coversOf(team: string | null, house: House): readonly string[] {
  const { facts } = house;
  const lenders = team === null ? [] : (facts.teams.get(team)?.coveredBy ?? []);
  return unique([
    ...(team === null ? [] : (facts.teams.get(team)?.takenBy ?? [])).map(({ agent }) => agent),
    ...lenders.flatMap((lender) => leadsOf(lender, house)),
    ...house.supervisors(),
  ]);
}

/** Presence other than offline, so that a lead in a meeting is told. */
function isOnDuty(agent: AgentFact | undefined): boolean {
  return agent !== undefined && agent.presence !== null && agent.presence !== 'offline';
}

function isPresent(agent: AgentFact | undefined): boolean {
  return agent?.presence === 'desk' || agent?.presence === 'floor';
}

function isStaff({ role }: Pick<AgentFact, 'role'>): boolean {
  return role === 'lead' || role === 'supervisor';
}

function unique(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)];
}
