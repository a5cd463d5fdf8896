// Whose agents are looked at: those of a team, or those of none that is known, who would else stand nowhere.
import type { AgentRow, TeamRow } from '../../server/contract/rows.ts';

interface Floor {
  readonly agents: Iterable<AgentRow>;
  readonly teams: { readonly has: (id: string) => boolean };
}

/** Who is there of a team; of null: who has no team, or one of which nothing is known. */
export function agentsOf(
  team: TeamRow['id'] | null,
  { agents, teams }: Floor,
): readonly AgentRow[] {
  return [...agents].filter((agent) => {
    const known = agent.team !== null && teams.has(agent.team) ? agent.team : null;
    return known === team && agent.state !== 'offline';
  });
}
