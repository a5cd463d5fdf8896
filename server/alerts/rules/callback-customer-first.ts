// callback.customer-first: a customer to whom we owe a call is waiting in a queue or in a call right now. Its subject is that contact.
import { isActive } from '../../floor/callbacks.ts';
import type { ContactFact } from '../../floor/rows.ts';
import { NOTHING_HOLDS } from '../rule.ts';
import type { Rule } from '../rule.ts';
import { teamOfContact } from '../whose.ts';

export const callbackCustomerFirst: Rule = {
  name: 'callback.customer-first',
  forMs: 0,
  keepFiringMs: 0,
  *affected({ contacts, callbacks }, view) {
    yield* contacts ?? [];
    for (const callback of callbacks ?? []) yield* view.callersOf(callback);
  },
  all: ({ facts }) => facts.contacts.keys(),
  judge(subject, { facts }) {
    const contact = facts.contacts.get(subject);
    const callback = facts.callbacks.get(contact?.callback ?? '');
    if (contact?.direction !== 'inbound' || callback === undefined) return NOTHING_HOLDS;
    // It was promised in this very contact.
    if (!isActive(callback) || callback.contact === subject) return NOTHING_HOLDS;
    const cameAt = hereSince(contact);
    if (cameAt === null) return NOTHING_HOLDS;
    const since = Math.max(cameAt, callback.promisedAt);
    const agent = contact.agent ?? contact.heldBy;
    return {
      holds: {
        since,
        raisedAt: since,
        severity: 'P2',
        team: teamOfContact(contact, facts) ?? callback.team,
        queue: contact.queue,
        sources: [contact.source],
        text: {
          key: 'callback.customer-first',
          params: {
            callback: callback.id,
            dueAt: String(callback.dueAt),
            ...(agent === null ? {} : { agent }),
          },
        },
      },
      nextAt: null,
    };
  },
};

/** Since when the customer waits or is served; null: neither. */
function hereSince({ state, queuedAt, answeredAt, since }: ContactFact): number | null {
  switch (state) {
    case 'waiting':
    case 'ringing':
    case 'talking':
    case 'held':
      return queuedAt ?? answeredAt ?? since;
    case 'routing':
    case 'wrapup':
      return null;
    default:
      return state satisfies never;
  }
}
