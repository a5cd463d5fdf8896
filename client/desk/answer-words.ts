// What a person reads when something they said was refused or lost: never a code, never silence.
import type { CommandRefused } from '../../server/contract/commands.ts';
import type { CommandLost } from '../live/live.svelte.ts';
import type { SayDesk } from './desk-words.ts';

export type NotDone = CommandRefused | CommandLost;

export function whyNotDone(
  answer: NotDone,
  say: SayDesk,
  nameOf: (agent: string) => string,
): string {
  if ('lost' in answer) return say(`desk.lost.${answer.lost}`);
  const { refused, by } = answer;
  switch (refused) {
    case 'stale':
      return by === undefined
        ? say('desk.refused.stale')
        : say('desk.refused.stale-by', { name: nameOf(by) });
    case 'taken':
      return by === undefined
        ? say('desk.refused.taken')
        : say('desk.refused.taken-by', { name: nameOf(by) });
    case 'malformed':
      return say('desk.refused.malformed', {
        field: answer.field ?? '–',
        expected: answer.expected ?? '–',
        given: answer.given ?? '–',
      });
    case 'rate':
      return say('desk.refused.rate', {
        seconds: Math.ceil((answer.retryAfterMs ?? 1_000) / 1_000),
      });
    case 'over':
    case 'no-reason':
    case 'past':
    case 'too-long':
    case 'not-taken':
    case 'not-claimed':
    case 'not-allowed':
    case 'no-person':
    case 'session':
    case 'unknown':
    case 'log':
      return say(`desk.refused.${refused}`);
    default:
      // A server that is younger than this page may have further reasons.
      return say('desk.refused.other', { reason: String(refused satisfies never) });
  }
}
