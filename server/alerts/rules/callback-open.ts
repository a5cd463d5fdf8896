// A promise that is still to be done, as the rules of callbacks see it: to which team it belongs, and whose it is.
import type { CallbackFact, Facts } from '../../floor/rows.ts';
import { teamOfAgent } from '../whose.ts';

export function teamOfCallback({ team, owner, by }: CallbackFact, facts: Facts): string | null {
  return team ?? teamOfAgent(owner, facts) ?? teamOfAgent(by, facts);
}

/** `agent`: whose it is, else who promised it. */
export function paramsOf({ owner, by, dueAt }: CallbackFact): Record<string, string> {
  const agent = owner ?? by;
  return { dueAt: String(dueAt), ...(agent === null ? {} : { agent }) };
}
