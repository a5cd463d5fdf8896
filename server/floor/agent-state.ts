// What an agent is doing, derived: what they want, what they do, and what their source said, made one state.
import type { AgentState, Wish } from '../contract/lists.ts';
import type { ContactFact } from './rows.ts';
import type { Slot } from './visits.ts';

/** A contact that an agent had, as it was when they were free of it. */
export interface Had {
  readonly contact: ContactFact;
  /** The quarter that a wrap-up is counted in; null: no queue brought it. */
  readonly slot: Slot | null;
}

/** A wrap-up that the queue's profile times. */
export interface WrapUp {
  readonly of: ContactFact;
  readonly slot: Slot | null;
  readonly until: number;
}

/** What is known of one agent's activity. */
export interface Activity {
  readonly id: string;
  readonly said: AgentState;
  readonly saidReason: string | null;
  readonly saidContact: string | null;
  readonly saidQueue: string | null;
  readonly wish: Wish;
  readonly wrapUp: WrapUp | null;
  /** Contacts that ring at them or that they have, the one answered last at the end. */
  readonly open: readonly string[];
}

export interface Derived {
  readonly state: AgentState;
  readonly reason: string | null;
  readonly contact: string | null;
  readonly queue: string | null;
}

/** Open contacts speak first, then a timed wrap-up of somebody who wants to go on, then the source. */
export function deriveState(
  activity: Activity,
  contacts: ReadonlyMap<string, ContactFact>,
): Derived {
  const contact = deciding(activity, contacts);
  if (contact) {
    const { id, queue } = contact;
    return { state: stateWith(contact, activity.id), reason: null, contact: id, queue };
  }
  const { wrapUp, wish, said, saidReason } = activity;
  if (wrapUp && wish === 'available' && said !== 'offline' && said !== 'break')
    return { state: 'wrapup', reason: null, contact: wrapUp.of.id, queue: wrapUp.of.queue };
  // Whoever does nothing is where they want to be.
  const state = said === 'available' ? wish : said;
  return { state, reason: saidReason, contact: activity.saidContact, queue: activity.saidQueue };
}

function stateWith(contact: ContactFact, agent: string): AgentState {
  const isTheirs = contact.agent === agent;
  if (isTheirs && isUp(contact)) return contact.state === 'held' ? 'holding' : 'talking';
  // It rings at the customer's: whoever dials is on the telephone already.
  return isTheirs && contact.direction === 'outbound' ? 'talking' : 'ringing';
}

/** Is it with a person now? */
export function isUp(contact: ContactFact): boolean {
  return contact.state === 'talking' || contact.state === 'held';
}

/** The one answered last; where none is up, the one that rang last. */
function deciding(
  { id, open }: Activity,
  contacts: ReadonlyMap<string, ContactFact>,
): ContactFact | undefined {
  let rings: ContactFact | undefined;
  for (let i = open.length - 1; i >= 0; i -= 1) {
    const contact = contacts.get(open[i] ?? '');
    if (!contact) continue;
    if (contact.agent === id && isUp(contact)) return contact;
    rings ??= contact;
  }
  return rings;
}
