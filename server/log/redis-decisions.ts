// Decisions on Redis: one script, so that of two servers that propose the same the first one speaks.
import type { DecisionStore } from './decisions.ts';
import { ENDED_KEPT_MS } from './decisions.ts';
import type { Keys } from './keys.ts';
import type { RedisLink } from './redis-link.ts';
import { DECIDE, runScript, wordsOf } from './scripts.ts';

export function redisDecisions(keys: Keys, commands: RedisLink): DecisionStore {
  const at = [
    keys.journal,
    keys.episodes,
    keys.openEpisodes,
    keys.endedEpisodes,
    keys.outbox,
    keys.outboxDue,
  ];
  return {
    decide: ({ episode, key, expected, revision, isOpen, entry, notices }) =>
      commands.run(async (redis) => {
        const head = [episode, key, expected, revision, isOpen ? 1 : 0, ENDED_KEPT_MS];
        const rows = notices.flatMap(({ id, dueAt, text }) => [id, dueAt, text]);
        const words = [...head, notices.length, ...rows, ...wordsOf([entry])];
        return (await runScript(redis, DECIDE, at, words)) === 1 ? 'taken' : 'stale';
      }),
  };
}
