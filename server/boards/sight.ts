// Which rows belong to a scope by its queues and teams. What belongs to nobody is seen by all, so that no promise and no call for help is lost.
import type { Scope } from '../contract/board.ts';
import type { FactOf, Facts } from '../floor/rows.ts';
import type { Table } from '../contract/tables.ts';

export type SeenTable = Extract<Table, keyof FactOf>;

export type Sight = {
  readonly [T in SeenTable]: (fact: FactOf[T], facts: Facts) => boolean;
};

export function createSight({ audience, queues, teams }: Scope): Sight {
  const queueIds = queues && new Set(queues);
  const teamIds = teams && new Set(teams);
  const queueIn = (id: string | null): boolean =>
    queueIds === null || (id !== null && queueIds.has(id));
  const teamIn = (id: string | null): boolean =>
    teamIds === null || (id !== null && teamIds.has(id));
  const agentIn = (id: string | null, facts: Facts): boolean => {
    const agent = id === null ? undefined : facts.agents.get(id);
    return agent !== undefined && teamIn(agent.team);
  };
  return {
    site: () => true,
    sources: () => true,
    queues: ({ id }) => queueIn(id),
    intervals: ({ queue }) => queueIn(queue),
    // A supervisor is the whole site's, and is who comes where a team's own lead does not.
    agents: ({ team, role }) => teamIn(team) || (audience === 'desk' && role === 'supervisor'),
    teams: ({ id }) => teamIn(id),
    contacts: ({ queue, agent }, facts) => queueIn(queue) || agentIn(agent, facts),
    callbacks({ team, owner, by }, facts) {
      if (teamIds === null || teamIn(team)) return true;
      if (team !== null) return agentIn(owner, facts);
      return (owner === null && by === null) || agentIn(owner, facts) || agentIn(by, facts);
    },
    alerts({ state, team, queue }) {
      if (state === 'resolved') return false;
      // What belongs to one of ours is ours; what belongs to neither a team nor a queue is everybody's.
      if (team === null && queue === null) return true;
      return (team !== null && teamIn(team)) || (queue !== null && queueIn(queue));
    },
    assists({ team, agent }, facts) {
      if (teamIn(team) || agentIn(agent, facts)) return true;
      return team === null && (facts.agents.get(agent)?.team ?? null) === null;
    },
  };
}
