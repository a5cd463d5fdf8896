// callback.overdue: a promise is past its due time, and no call has reached the customer.
import { isActive } from '../../floor/callbacks.ts';
import { NOTHING_HOLDS } from '../rule.ts';
import type { Rule } from '../rule.ts';
import { handOn, ownedParamsOf, teamOfCallback } from './callback-open.ts';

/** Seconds after the due time; limit `callbackLateSeconds`. */
const LATE_SECONDS = 900;

export const callbackOverdue: Rule = {
  name: 'callback.overdue',
  forMs: 0,
  keepFiringMs: 0,
  affected: (touched) => touched.callbacks ?? [],
  all: ({ facts }) => facts.callbacks.keys(),
  judge(subject, view) {
    const callback = view.facts.callbacks.get(subject);
    if (callback === undefined || !isActive(callback) || callback.kept !== false)
      return NOTHING_HOLDS;
    const { dueAt, missedDueAt } = callback;
    // The floor lets a call that is up at the due time come to its tenth second or its end before it says that it was missed; so also one that was broken, and promised anew for later.
    if (missedDueAt !== dueAt) return NOTHING_HOLDS;
    const team = teamOfCallback(callback, view.facts);
    const lateAt = dueAt + view.limit('callbackLateSeconds', { team }, LATE_SECONDS) * 1_000;
    const isLate = lateAt <= view.now;
    return {
      holds: {
        since: dueAt,
        raisedAt: isLate ? lateAt : dueAt,
        severity: isLate ? 'P1' : 'P2',
        team,
        queue: null,
        // The promise stands, whoever is silent.
        sources: [],
        text: { key: 'callback.overdue', params: ownedParamsOf(callback) },
      },
      nextAt: isLate ? null : lateAt,
      hand: handOn(callback),
    };
  },
};
