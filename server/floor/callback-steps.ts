// The history of a callback: who promised, claimed, gave back and closed it, and how it is known who that was.
import type { HowKnown } from '../contract/lists.ts';
import type { CallbackFact, CallbackStep } from './rows.ts';

/** So many steps are kept of one callback. */
const STEPS_KEPT = 60;

export type StepSaid = Omit<CallbackStep, 'how'> & { readonly how?: HowKnown | undefined };

export function withStep(callback: CallbackFact, { how, ...said }: StepSaid): CallbackFact {
  const step: CallbackStep = how === undefined ? said : { ...said, how };
  return { ...callback, steps: [...(callback.steps ?? []), step].slice(-STEPS_KEPT) };
}
