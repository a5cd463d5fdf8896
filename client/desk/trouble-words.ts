// Why the server could not be asked, in words.
import type { SayDesk } from './desk-words.ts';
import type { Trouble } from '../live/ask.ts';

export function troubleWords({ trouble, status, expected }: Trouble, say: SayDesk): string {
  if (expected !== undefined) return say('desk.trouble.expected', { expected });
  return say(`desk.trouble.${trouble}`, { status });
}
