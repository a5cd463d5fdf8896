// Decisions on Redis: one script, so that of two servers that propose the same the first one speaks.
import type { DecisionStore, Reconciled } from './decisions.ts';
import { ENDED_KEPT_MS } from './decisions.ts';
import type { Keys } from './keys.ts';
import { rowText } from './outbox.ts';
import type { Notice } from './outbox.ts';
import type { RedisLink } from './redis-link.ts';
import { DECIDE, RECONCILE } from './scripts/decisions.ts';
import { runScript, wordsOf } from './scripts/script.ts';

const RECONCILED: readonly Reconciled[] = ['same', 'written', 'retold'];

export function redisDecisions(keys: Keys, commands: RedisLink): DecisionStore {
  const { journal, episodes, openEpisodes, endedEpisodes, outbox } = keys;
  const toldAndDue = [journal, episodes, openEpisodes, endedEpisodes, ...outbox];
  return {
    decide: ({ episode, key, expected, revision, isOpen, entry, notices, withdrawn }) =>
      commands.run(async (redis) => {
        const head = [episode, key, revision, isOpen ? 1 : 0, ENDED_KEPT_MS, expected];
        const rows = rowsOf(notices);
        const back = [withdrawn.length, ...withdrawn];
        const words = [...head, notices.length, ...rows, ...back, ...wordsOf([entry])];
        return (await runScript(redis, DECIDE, toldAndDue, words)) === 1 ? 'taken' : 'stale';
      }),
    reconcile: ({ episode, key, revision, isOpen, entry, notices, told: lanes }) =>
      commands.run(async (redis) => {
        const head = [episode, key, revision, isOpen ? 1 : 0, ENDED_KEPT_MS];
        const marks = lanes.map((lane) => `${lane}\n${episode}`);
        const due = [notices.length, ...rowsOf(notices), marks.length, ...marks];
        const words = [...head, ...due, ...(entry === null ? [] : wordsOf([entry]))];
        return RECONCILED[Number(await runScript(redis, RECONCILE, toldAndDue, words))] ?? 'same';
      }),
  };
}

function rowsOf(notices: readonly Notice[]): readonly (string | number)[] {
  return notices.flatMap((notice) => {
    const whole = { ...notice, dueAt: Math.ceil(notice.dueAt) };
    return [whole.id, whole.lane, whole.dueAt, rowText(whole)];
  });
}
