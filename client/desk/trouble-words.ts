// Why the server could not be asked, in words.
import type { SayDesk } from './desk-words.ts';
import type { Trouble } from './server-said.ts';

export function troubleWords({ trouble, status }: Trouble, say: SayDesk): string {
  return say(`desk.trouble.${trouble}`, { status });
}
