// The history of a promise in words, latest first: what was said of it and each try.
import type { CallbackTold } from '../../server/contract/callback-told.ts';
import { duration } from '../../server/contract/duration.ts';
import type { HowKnown } from '../../server/contract/lists.ts';
import type { Desk } from './desk.svelte.ts';

export interface StoryStep {
  readonly at: number;
  readonly what: string;
  readonly how: HowKnown | null;
  readonly why: string | null;
}

export function callbackStory(
  { steps, tries, why }: Pick<CallbackTold, 'steps' | 'tries' | 'why'>,
  { say, view }: Pick<Desk, 'say' | 'view'>,
): readonly StoryStep[] {
  const nameOf = (by: string | null): string =>
    by === null ? say('desk.move.somebody') : view.agentName(by);
  const said = steps.map(({ at, what, by, how = null }) => ({
    at,
    what: say(`desk.step.${what}`, { name: nameOf(by) }),
    how,
    why: what === 'completed' || what === 'cancelled' ? why : null,
  }));
  const tried = tries.map(({ at, by, result, talkMs, how = null }) => {
    const words = say('desk.step.tried', {
      name: nameOf(by),
      result: say(`desk.result.${result}`),
    });
    const talk = talkMs === null || talkMs === 0 ? '' : ` · ${duration(talkMs)}`;
    return { at, what: `${words}${talk}`, how, why: null };
  });
  return [...said, ...tried].sort((a, b) => b.at - a.at);
}
