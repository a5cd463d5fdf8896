// What became of a press on a channel, in words.
import type { TryAnswer } from '../../server/contract/channels.ts';
import type { Tried } from './channels.svelte.ts';
import type { SayDesk } from './desk-words.ts';
import { troubleWords } from './trouble-words.ts';

export function triedWords(tried: Tried, say: SayDesk): string {
  switch (tried.kind) {
    case 'trying':
    case 'removing':
      return say(`desk.channels.${tried.kind}`);
    case 'trouble':
      return say('desk.push.failed', { why: troubleWords(tried.trouble, say) });
    case 'answered':
      return answerWords(tried.answer, say);
    default: {
      const never: never = tried;
      return never;
    }
  }
}

function answerWords(answer: TryAnswer, say: SayDesk): string {
  switch (answer.outcome) {
    case 'arrived':
    case 'gone':
      return say(`desk.channels.${answer.outcome}`);
    case 'refused':
    case 'no-answer':
      return say(`desk.channels.${answer.outcome}`, { why: answer.why });
    default: {
      const never: never = answer;
      return never;
    }
  }
}
