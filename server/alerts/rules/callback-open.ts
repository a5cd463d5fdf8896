// A promise that is still to be done, as the rules of callbacks see it: to which team it belongs, whose it is, and who laid hands on it last.
import type { CallbackFact, Facts } from '../../floor/rows.ts';
import type { Hand } from '../handed.ts';
import { teamOfAgent } from '../whose.ts';

export function teamOfCallback({ team, owner, by }: CallbackFact, facts: Facts): string | null {
  return team ?? teamOfAgent(owner, facts) ?? teamOfAgent(by, facts);
}

/** `agent`: whose it is, else who promised it. */
export function paramsOf({ owner, by, dueAt }: CallbackFact): Record<string, string> {
  const agent = owner ?? by;
  return { dueAt: String(dueAt), ...(agent === null ? {} : { agent }) };
}

/** The same, and who has it, so that whoever reads of it reads what stands on the promise. */
export function ownedParamsOf(callback: CallbackFact): Record<string, string> {
  const { owner } = callback;
  return { ...paramsOf(callback), ...(owner === null ? {} : { owner }) };
}

/** Who claimed it last, or gave back what they had claimed. */
export function handOn({ steps = [], owner }: CallbackFact): Hand | null {
  const claimed = steps.findLast(({ what }) => what === 'claimed');
  if (claimed === undefined || claimed.by === null) return null;
  const { by: holder } = claimed;
  if (owner === holder) return { holder, has: true, at: claimed.at, by: holder, how: claimed.how };
  const released = steps.findLast(({ what }) => what === 'released');
  if (owner !== null || released === undefined) return null;
  const { at, by, how } = released;
  return { holder, has: false, at, by: by ?? holder, how };
}
