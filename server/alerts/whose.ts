// To which team a thing belongs: that of the person who has it, else that of its queue.
import type { ContactFact, Facts } from '../floor/rows.ts';

export function teamOfAgent(agent: string | null, { agents }: Facts): string | null {
  return agent === null ? null : (agents.get(agent)?.team ?? null);
}

/** A queue of several teams belongs to the first. */
export function teamOfQueue(queue: string | null, { queues }: Facts): string | null {
  return queue === null ? null : (queues.get(queue)?.teams[0] ?? null);
}

export function teamOfContact({ agent, heldBy, queue }: ContactFact, facts: Facts): string | null {
  return teamOfAgent(agent ?? heldBy, facts) ?? teamOfQueue(queue, facts);
}
