// callback.at-risk: a promise is due soon and nobody's, or whoever has it will not be there to keep it.
import { isActive } from '../../floor/callbacks.ts';
import type { AgentFact, CallbackFact } from '../../floor/rows.ts';
import { NOTHING_HOLDS } from '../rule.ts';
import type { Rule } from '../rule.ts';
import type { View } from '../view.ts';
import { handOn, ownedParamsOf, teamOfCallback } from './callback-open.ts';

/** Seconds before it is due at which it matters that nobody has it, or that who has it is on a break; limit `callbackSoonSeconds`. */
const SOON_SECONDS = 600;
/** Seconds before it is due at which an owner who is off duty matters, the length of a shift; limit `callbackOwnerSeconds`. */
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
    if (callback === undefined || !isActive(callback)) return NOTHING_HOLDS;
    const { dueAt, missedDueAt } = callback;
    // From then on it is overdue, or a call is up. One that was broken and promised anew is a promise again.
    if (dueAt <= view.now || missedDueAt === dueAt) return NOTHING_HOLDS;
    const risk = riskOf(callback, view);
    const hand = handOn(callback);
    if (risk === null) return { holds: null, nextAt: null, hand };
    const { since, why, sources } = risk;
    if (since > view.now) return { holds: null, nextAt: since, hand };
    return {
      holds: {
        since,
        raisedAt: since,
        severity: 'P3',
        team: teamOfCallback(callback, view.facts),
        queue: null,
        sources,
        text: { key: 'callback.at-risk', params: { ...ownedParamsOf(callback), why } },
      },
      nextAt: callback.dueAt,
      hand,
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
  const gone = secondsOf('callbackOwnerSeconds', OWNER_SECONDS);
  // Of whom nothing was ever heard, nobody can say that they are there.
  if (agent === undefined) return { since: gone, why: 'offline', sources: [] };
  const absence = absenceOf(agent);
  if (absence === null) return null;
  const { why, began } = absence;
  // Who is on a break or in a meeting comes back, unless it is due soon.
  const from = why === 'offline' ? gone : secondsOf('callbackSoonSeconds', SOON_SECONDS);
  const sources = agent.source === undefined ? [] : [agent.source];
  return { since: Math.max(from, began), why, sources };
}

/** Null: they are there. A lead at the desk may have no telephone, and what they say of themselves beats it. */
function absenceOf({
  state,
  since,
  presence,
  presenceSince,
}: AgentFact): { readonly why: string; readonly began: number } | null {
  if (presence === 'desk' || presence === 'floor' || presence === 'call') return null;
  if (state !== 'offline' && state !== 'break') return null;
  if (presence === 'meeting' || presence === 'away')
    return { why: presence, began: presenceSince ?? since };
  return { why: state, began: since };
}
