// agent.doubtful: an agent counts as available and does not take contacts, or is longer in a state than that state's limit.
import type { AgentFact } from '../../floor/rows.ts';
import { NOTHING_HOLDS } from '../rule.ts';
import type { Rule } from '../rule.ts';
import type { View } from '../view.ts';

/** Contacts missed in a row; limit `missedContacts`, a count. */
const MISSED = 3;
/** Limits `stateSeconds.break`, `stateSeconds.wrapup` and so on, in seconds; a state without one may last. */
const STATE_LIMIT = 'stateSeconds.';

interface Doubt {
  readonly why: string;
  readonly since: number;
  readonly raisedAt: number;
}

export const agentDoubtful: Rule = {
  name: 'agent.doubtful',
  forMs: 30_000,
  keepFiringMs: 30_000,
  affected: (touched) => touched.agents ?? [],
  all: ({ facts }) => facts.agents.keys(),
  judge(subject, view) {
    const agent = view.facts.agents.get(subject);
    if (agent === undefined) return NOTHING_HOLDS;
    const doubt = doubtOf(agent, view);
    if (doubt === null) return NOTHING_HOLDS;
    const { why, since, raisedAt } = doubt;
    // What was doubted of the state before is over until then.
    if (raisedAt > view.now) return { holds: null, nextAt: raisedAt };
    return {
      holds: {
        since,
        raisedAt,
        severity: 'P3',
        team: agent.team,
        queue: null,
        sources: agent.source === undefined ? [] : [agent.source],
        text: { key: 'agent.doubtful', params: { agent: subject, why } },
      },
      nextAt: null,
    };
  },
};

function doubtOf(agent: AgentFact, view: View): Doubt | null {
  const { id, state, reachable, missed, team, queue, since } = agent;
  // Who is rung at is free: else each call that they miss would begin the wait for an alarm anew.
  const isFree = state === 'available' || state === 'ringing';
  const most = view.limit('missedContacts', { team }, MISSED);
  const begunAt = (why: string, isSo: boolean): number | null =>
    view.begunAt(agentDoubtful.name, id, { why, isSo: isFree && isSo });
  const lostAt = begunAt('unreachable', !reachable);
  const missedAt = begunAt('missed', missed >= most);
  if (lostAt !== null) return { why: 'unreachable', since: lostAt, raisedAt: lostAt };
  if (missedAt !== null) return { why: 'missed', since: missedAt, raisedAt: missedAt };
  // Whoever has gone home is in no doubt.
  if (state === 'offline') return null;
  const seconds = view.limit(`${STATE_LIMIT}${state}`, { queue, team }, null);
  return seconds === null ? null : { why: state, since, raisedAt: since + seconds * 1_000 };
}
