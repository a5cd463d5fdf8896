// Who acts at a desk: the person of the account; where nobody signed in as one, whoever the session says sits there, looked up on the floor.
import { isAtLeast } from '../contract/access.ts';
import type { CommandRefusal, PersonSaid } from '../contract/commands.ts';
import { actsAs } from '../contract/may-act.ts';
import { roleOf, sessionOf } from '../access/identity.ts';
import type { Identity } from '../access/identity.ts';
import type { AgentFact, Facts } from '../floor/rows.ts';
import type { Speaker } from './options.ts';

export type JudgedPerson =
  | { readonly kind: 'person'; readonly person: PersonSaid; readonly speaker: Speaker }
  | {
      readonly kind: 'refused';
      readonly reason: Extract<CommandRefusal, 'no-person' | 'not-allowed'>;
    };

export interface WhoOptions {
  readonly facts: Facts;
  /** Nobody has an account yet, so whoever has the site's token says who they are. */
  readonly areAccounts: () => boolean;
}

export class Who {
  readonly #options: WhoOptions;

  constructor(options: WhoOptions) {
    this.#options = options;
  }

  /** Who acts, if they may. */
  judge(identity: Identity): JudgedPerson {
    if (identity.kind === 'person') {
      const { id, name, role, teams } = identity.account;
      if (!isAtLeast(role, 'lead')) return { kind: 'refused', reason: 'not-allowed' };
      const own = this.#options.facts.agents.get(id);
      const person: PersonSaid = {
        ...{ id, name: own?.name ?? name, unverified: false },
        role: role === 'lead' ? 'lead' : 'supervisor',
        team: own?.team ?? teams[0] ?? null,
      };
      return { kind: 'person', person, speaker: { id, how: 'account' } };
    }
    if (!this.mayChoose(identity)) return { kind: 'refused', reason: 'no-person' };
    const said = sessionOf(identity)?.record.said ?? null;
    if (said === null) return { kind: 'refused', reason: 'no-person' };
    const agent = this.mayAct(said);
    if (agent === null) return { kind: 'refused', reason: 'not-allowed' };
    const { id, name, role, team } = agent;
    return {
      kind: 'person',
      person: { id, name, role, team, unverified: true },
      speaker: { id, how: 'said' },
    };
  }

  /** At the demo, and until there are accounts, one says oneself who one is. */
  mayChoose(identity: Identity): boolean {
    return identity.kind === 'demo' || (identity.kind === 'keeper' && !this.#options.areAccounts());
  }

  /** The lead, supervisor or duty manager of this id; null for everybody else. */
  mayAct(id: string): AgentFact | null {
    const { agents, teams, site } = this.#options.facts;
    const agent = agents.get(id);
    if (agent === undefined) return null;
    const { dutyManager = null } = site.values().next().value ?? {};
    return actsAs(agent, { teams: teams.values(), dutyManager }) === null ? null : agent;
  }

  /** In whose name something is done by HTTP; a program may name a person of the floor, and is `program` else. Null: nobody who may. */
  actor(identity: Identity): string | null {
    if (identity.kind === 'program') return PROGRAM;
    const judged = this.judge(identity);
    if (judged.kind === 'person') return judged.speaker.id;
    return roleOf(identity) === 'installer' && identity.kind === 'keeper' ? PROGRAM : null;
  }
}

/** In whose name a program of the site acts. */
export const PROGRAM = 'program';
