// source.stale: a source missed its heartbeats, or its stream was tampered with; the installer is to look.
import { NOTHING_HOLDS } from '../rule.ts';
import type { Rule } from '../rule.ts';

export const sourceStale: Rule = {
  name: 'source.stale',
  forMs: 0,
  keepFiringMs: 10_000,
  affected: (touched) => touched.sources ?? [],
  all: ({ facts }) => facts.sources.keys(),
  judge(subject, view) {
    const source = view.facts.sources.get(subject);
    const isIll = source !== undefined && source.state !== 'live';
    const raisedAt = view.begunAt(`${this.name} ${subject}`, isIll);
    if (!isIll || raisedAt === null) return NOTHING_HOLDS;
    const { state, fault, lastAt } = source;
    return {
      holds: {
        since: state === 'faulty' ? raisedAt : lastAt,
        raisedAt,
        severity: 'P1',
        team: null,
        queue: null,
        // Its silence is what this is about, and hides nothing.
        sources: [],
        text: { key: this.name, params: { why: fault ?? state } },
      },
      nextAt: null,
    };
  },
};
