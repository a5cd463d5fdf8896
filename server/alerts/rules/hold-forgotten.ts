// hold.forgotten: a customer is on hold or parked, and whoever put them there is in another contact, in wrap-up, on a break or gone.
import type { ContactFact } from '../../floor/rows.ts';
import { NOTHING_HOLDS } from '../rule.ts';
import type { Rule } from '../rule.ts';
import type { View } from '../view.ts';
import { teamOfAgent, teamOfContact } from '../whose.ts';

/** Seconds; limit `holdForgottenSeconds`. */
const FORGOTTEN_SECONDS = 10;

export const holdForgotten: Rule = {
  name: 'hold.forgotten',
  forMs: 0,
  keepFiringMs: 0,
  // Whoever forgets a hold takes one contact after the other.
  beginsAnew: 'kept',
  *affected({ contacts, agents }, view) {
    yield* contacts ?? [];
    for (const agent of agents ?? []) yield* view.heldBy(agent);
  },
  all: ({ facts }) => facts.contacts.keys(),
  judge(subject, view) {
    const contact = view.facts.contacts.get(subject);
    const holder = contact?.agent ?? contact?.heldBy ?? null;
    if (contact?.state !== 'held' || contact.hold.since === null || holder === null)
      return NOTHING_HOLDS;
    const leftAt = elsewhereSince(holder, contact, view);
    if (leftAt === null) return NOTHING_HOLDS;
    const since = Math.max(leftAt, contact.hold.since);
    const { queue, source } = contact;
    const team = teamOfAgent(holder, view.facts) ?? teamOfContact(contact, view.facts);
    const seconds = view.limit('holdForgottenSeconds', { queue, team }, FORGOTTEN_SECONDS);
    const raisedAt = since + seconds * 1_000;
    const known = view.facts.agents.get(holder)?.source ?? source;
    return {
      holds: {
        since,
        raisedAt,
        severity: 'P1',
        team,
        queue,
        sources: [...new Set([source, known])],
        text: { key: 'hold.forgotten', params: { agent: holder } },
      },
      nextAt: null,
      ...view.settlesAt(contact.id, raisedAt),
    };
  },
};

/** Since when the holder is with something else than this contact; null: they are not. */
function elsewhereSince(holder: string, { id }: ContactFact, { facts }: View): number | null {
  const agent = facts.agents.get(holder);
  if (agent === undefined) return null;
  switch (agent.state) {
    case 'talking':
    case 'holding': {
      if (agent.contact === id) return agent.awaySince;
      const other = facts.contacts.get(agent.contact ?? '');
      // A colleague is asked on behalf of the customer who is on hold: that is no forgetting.
      return other?.direction === 'internal' ? null : agent.since;
    }
    case 'wrapup':
    case 'break':
    case 'offline':
      return agent.since;
    case 'available':
    case 'ringing':
    case 'busy':
      return null;
    default:
      return agent.state satisfies never;
  }
}
