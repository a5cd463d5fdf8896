// Why the whole screen is not live, in one plain clause.
import type { Health } from '../live/health.ts';
import type { Say } from '../lib/words.ts';

export type NotLive = Extract<Health, { asOf: number }>;

export function whyNotLive(health: NotLive, say: Say): string {
  if (health.kind === 'link') return say('stale.link');
  const state = say(`stale.${health.state}`);
  if (health.reason === null) return state;
  const reason = say(`reason.${health.reason}`);
  // What was trimmed or emptied says it all; a log that cannot be read has its reason alone.
  return health.state === 'lost' ? reason : `${state} · ${reason}`;
}
