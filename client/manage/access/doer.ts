// Who did something, as people call them: an account, a person of the floor, or what is no person.
import type { AccountSaid } from '../../../server/contract/access.ts';
import type { AgentRow } from '../../../server/contract/rows.ts';
import type { SayAccess } from './access-words.ts';

export interface Doers {
  readonly people: readonly AccountSaid[];
  readonly agents: ReadonlyMap<string, AgentRow>;
  readonly say: SayAccess;
}

/** Names that the trail has for what is no person. */
const OTHERS = ['token', 'server', 'nobody'] as const;

export function nameOfDoer(id: string, { people, agents, say }: Doers): string {
  const other = OTHERS.find((one) => one === id);
  if (other !== undefined) return say(`trail.by.${other}`);
  return people.find((one) => one.id === id)?.name ?? agents.get(id)?.name ?? id;
}
