// callback.at-risk: a promise is due soon and nobody's, or whoever has it will not be there to keep it.
import { isActive } from '../../floor/callbacks.ts';
import type { AgentFact, CallbackFact } from '../../floor/rows.ts';
import { NOTHING_HOLDS } from '../rule.ts';
import type { Rule } from '../rule.ts';
import type { View } from '../view.ts';
import { paramsOf, teamOfCallback } from './callback-open.ts';

/** Seconds before it is due; limit `callbackSoonSeconds`. */
const SOON_SECONDS = 600;
/** Seconds before it is due at which an absent owner matters, the length of a shift; limit `callbackOwnerSeconds`. */
const OWNER_SECONDS = 8 * 3_600;

interface Risk {
  readonly since: number;
  readonly why: string;
  readonly sources: readonly string[];
}

export const callbackAtRisk: Rule = {
  name: 'callback.at-risk',
  forMs: 0,
  keepFiringMs: 0,
  *affected({ callbacks, agents }, view) {
    yield* callbacks ?? [];
    for (const agent of agents ?? []) yield* view.promisesOf(agent);
  },
  all: ({ facts }) => facts.callbacks.keys(),
  judge(subject, view) {
    const callback = view.facts.callbacks.get(subject);
    if (callback === undefined || !isActive(callback) || callback.kept !== null)
      return NOTHING_HOLDS;
    // From then on it is overdue, or a call is up.
    if (callback.dueAt <= view.now) return NOTHING_HOLDS;
    const risk = riskOf(callback, view);
    if (risk === null) return { holds: null, nextAt: callback.dueAt };
    const { since, why, sources } = risk;
    if (since > view.now) return { holds: null, nextAt: since };
    return {
      holds: {
        since,
        raisedAt: since,
        severity: 'P3',
        team: teamOfCallback(callback, view.facts),
        queue: null,
        sources,
        text: { key: 'callback.at-risk', params: { ...paramsOf(callback), why } },
      },
      nextAt: callback.dueAt,
    };
  },
};

/** Null: somebody has it who is there. One whose instant is still to come is a risk from then on. */
function riskOf(callback: CallbackFact, view: View): Risk | null {
  const { owner, dueAt, promisedAt } = callback;
  const team = teamOfCallback(callback, view.facts);
  const secondsOf = (name: string, otherwise: number) =>
    Math.max(promisedAt, dueAt - view.limit(name, { team }, otherwise) * 1_000);
  if (owner === null) {
    const since = secondsOf('callbackSoonSeconds', SOON_SECONDS);
    return { since, why: 'unclaimed', sources: [] };
  }
  const agent = view.facts.agents.get(owner);
  const from = secondsOf('callbackOwnerSeconds', OWNER_SECONDS);
  // Of whom nothing was ever heard, nobody can say that they are there.
  if (agent === undefined) return { since: from, why: 'offline', sources: [] };
  if (!isGone(agent)) return null;
  const sources = agent.source === undefined ? [] : [agent.source];
  return { since: Math.max(from, agent.since), why: agent.state, sources };
}

/** A lead at the desk may have no telephone. */
function isGone({ state, presence }: AgentFact): boolean {
  const isPresent = presence === 'desk' || presence === 'floor' || presence === 'call';
  return (state === 'offline' || state === 'break') && !isPresent;
}
