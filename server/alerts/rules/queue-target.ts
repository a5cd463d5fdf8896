// queue.target: the live service level of the last two quarters of an hour is under the queue's target.
import { QUARTER_MS } from '../../floor/interval.ts';
import { NOTHING_HOLDS } from '../rule.ts';
import type { Rule } from '../rule.ts';
import { teamOfQueue } from '../whose.ts';

/** Fewer contacts say nothing of a service level. */
const OFFERED_LEAST = 10;
/** It is over so many points above the target. */
const CLEAR_POINTS = 5;

export const queueTarget: Rule = {
  name: 'queue.target',
  forMs: 60_000,
  keepFiringMs: 120_000,
  affected: (touched) => touched.queues ?? [],
  all: ({ facts }) => facts.queues.keys(),
  judge(subject, view) {
    const queue = view.facts.queues.get(subject);
    if (queue === undefined) return NOTHING_HOLDS;
    const { offered, level } = view.lately(subject);
    const { percent } = queue.target;
    const clear = Math.min(100, percent + CLEAR_POINTS);
    const wanted = view.isFiring(this.name, subject) ? clear : percent;
    const isUnder = offered >= OFFERED_LEAST && level !== null && level * 100 < wanted;
    const since = view.begunAt(this.name, subject, { isSo: isUnder });
    // A quarter that is over leaves what is looked at.
    const nextAt = offered === 0 ? null : view.now - (view.now % QUARTER_MS) + QUARTER_MS;
    if (since === null || level === null) return { holds: null, nextAt };
    return {
      holds: {
        since,
        raisedAt: since,
        severity: 'P3',
        team: teamOfQueue(subject, view.facts),
        queue: subject,
        sources: queue.sources ?? [],
        text: { key: this.name, params: { percent: String(Math.floor(level * 100)) } },
      },
      nextAt,
    };
  },
};
