// Who has an episode, in the words of the desk: I, somebody else, who is nearest, nobody yet.
import type { AlertRow } from '../../server/contract/rows.ts';
import { holderOf } from '../looks/episode-words.ts';
import type { Desk } from './desk.svelte.ts';

type Held = Pick<AlertRow, 'state' | 'takenBy' | 'hadBy' | 'text' | 'exhausted'>;

export function whoHas(alert: Held, { say, view, person }: Desk): string {
  const { state, takenBy, hadBy, text, exhausted } = alert;
  const me = person?.id;
  if (state === 'snoozed')
    return say('desk.needs.snoozed', { name: takenBy === null ? '–' : view.agentName(takenBy) });
  const holder = holderOf(alert);
  const ending = state === 'recovering' ? [say('desk.needs.recovering')] : [];
  if (holder !== null) {
    const has =
      holder === me
        ? say('desk.needs.mine')
        : view.say('alert.taken', { name: view.agentName(holder) });
    return [has, ...ending].join(' · ');
  }
  const clauses = [
    ...(exhausted === true ? [view.say('alert.exhausted')] : []),
    hadBy === undefined
      ? exhausted === true
        ? ''
        : view.say('alert.untaken')
      : hadBy === me
        ? say('desk.needs.had')
        : view.say('alert.had', { name: view.agentName(hadBy) }),
  ];
  const { nearest } = text.params;
  if (nearest !== undefined)
    clauses.push(
      nearest === me
        ? say('desk.needs.nearest')
        : view.say('alert.nearest', { name: view.agentName(nearest) }),
    );
  return [...clauses, ...ending].filter((clause) => clause !== '').join(' · ');
}
