// callback.unproved: a promise was marked done by hand, and no connected call to that address is on record.
import { NOTHING_HOLDS } from '../rule.ts';
import type { Rule } from '../rule.ts';
import { paramsOf, teamOfCallback } from './callback-open.ts';

/** Seconds in which the call may still be told of; limit `callbackProofSeconds`. */
const PROOF_SECONDS = 60;

export const callbackUnproved: Rule = {
  name: 'callback.unproved',
  // Not for a promise without an address, which nothing can prove.
  forMs: 0,
  keepFiringMs: 0,
  affected: (touched) => touched.callbacks ?? [],
  all: ({ facts }) => facts.callbacks.keys(),
  judge(subject, view) {
    const callback = view.facts.callbacks.get(subject);
    if (callback?.state !== 'unproved' || callback.closedAt === null) return NOTHING_HOLDS;
    const { closedAt, closedBy, addressKey } = callback;
    const team = teamOfCallback(callback, view.facts);
    const seconds = view.limit('callbackProofSeconds', { team }, PROOF_SECONDS);
    return {
      holds: {
        since: closedAt,
        raisedAt: closedAt + (addressKey === null ? 0 : seconds * 1_000),
        severity: 'P3',
        team,
        queue: null,
        sources: [],
        text: {
          key: 'callback.unproved',
          params: { ...paramsOf(callback), ...(closedBy === null ? {} : { agent: closedBy }) },
        },
      },
      nextAt: null,
    };
  },
};
