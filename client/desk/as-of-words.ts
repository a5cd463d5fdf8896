// What is said beside a row whose source is silent: that it may be old, and as of when it was true.
import type { Desk } from './desk.svelte.ts';

export function asOfWords(knownAt: number, { say, view }: Pick<Desk, 'say' | 'view'>): string {
  const time = [view.day(knownAt), view.format.clockSeconds(knownAt)].join(' ').trim();
  return `${say('desk.needs.stale')} · ${view.say('stale.as-of', { time })}`;
}
