// source.stale: a source missed its heartbeats, or its stream was tampered with; the installer is to look.
import type { SourceFact } from '../../floor/rows.ts';
import { NOTHING_HOLDS } from '../rule.ts';
import type { Rule } from '../rule.ts';
import type { View } from '../view.ts';

export const sourceStale: Rule = {
  name: 'source.stale',
  forMs: 0,
  keepFiringMs: 10_000,
  affected: (touched) => touched.sources ?? [],
  all: ({ facts }) => facts.sources.keys(),
  judge(subject, view) {
    const source = view.facts.sources.get(subject);
    const isIll = source !== undefined && source.state !== 'live';
    const raisedAt = view.begunAt(this.name, subject, { isSo: isIll });
    if (!isIll || raisedAt === null) return NOTHING_HOLDS;
    const { state, fault, lastAt } = source;
    const heardFrom = state === 'faulty' ? null : hearableUntil(subject, source, view);
    if (heardFrom !== null) return { holds: null, nextAt: heardFrom };
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

/**
 * While Redis was away no source could have told: it has as long as usual from then on. What was called silent before stays so. Null:
 * it had its time.
 */
function hearableUntil(subject: string, { silentAfterMs }: SourceFact, view: View): number | null {
  if (view.cameBackAt === null || view.isFiring(sourceStale.name, subject)) return null;
  const until = view.cameBackAt + (silentAfterMs ?? 0);
  return view.now < until ? until : null;
}
