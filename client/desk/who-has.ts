// Who has an episode, in the words of the desk: I, somebody else, who is nearest, nobody yet.
import type { AlertRow } from '../../server/contract/rows.ts';
import type { Desk } from './desk.svelte.ts';

type Held = Pick<AlertRow, 'state' | 'takenBy' | 'text'>;

export function whoHas({ state, takenBy, text }: Held, { say, view, person }: Desk): string {
  const me = person?.id;
  if (state === 'snoozed')
    return say('desk.needs.snoozed', { name: takenBy === null ? '–' : view.agentName(takenBy) });
  if (takenBy !== null)
    return takenBy === me
      ? say('desk.needs.mine')
      : view.say('alert.taken', { name: view.agentName(takenBy) });
  const clauses = [view.say('alert.untaken')];
  const { nearest } = text.params;
  if (nearest !== undefined)
    clauses.push(
      nearest === me
        ? say('desk.needs.nearest')
        : view.say('alert.nearest', { name: view.agentName(nearest) }),
    );
  if (state === 'recovering') clauses.push(say('desk.needs.recovering'));
  return clauses.join(' · ');
}
