// What an agent does now, from calls, pauses, membership and the phone itself.
import type { DataIn } from '../../events/schema.ts';
import type { Wish } from '../../contract/lists.ts';
import { DOWN, RINGING, UP } from './calls.ts';
import type { Channel } from './calls.ts';
import type { Contacts } from './contacts.ts';
import { isReachable } from './people.ts';
import type { People, Person } from './people.ts';

export type AgentPresent = DataIn['agent.state'];
type Activity = 'holding' | 'talking' | 'ringing' | 'busy' | null;

export interface PresentOptions {
  readonly person: Person;
  readonly people: People;
  readonly contacts: Contacts;
  /** A phone that is in use since before this instant (milliseconds) without a call to be seen is busy. */
  readonly busyBefore: number;
}

export interface Present {
  readonly data: AgentPresent;
  /** When the phone last changed, if it is in use without a call to be seen: look again later. Else null. */
  readonly oddSince: number | null;
}

export function presentState({ person, people, contacts, busyBefore }: PresentOptions): Present {
  const legs = contacts.legsOf(person);
  const oddSince = legs.length > 0 ? null : inUseSince(person, people);
  const activity =
    activityOf(legs) ?? (oddSince !== null && oddSince <= busyBefore ? 'busy' : null);
  const memberships = [...person.memberships.values()].sort((a, b) => (a.queue < b.queue ? -1 : 1));
  const wish = wishOf(person);
  const reasons = [...new Set(memberships.map((one) => one.reason).filter((one) => one !== ''))];
  const contact = legs.length === 0 ? undefined : contacts.ofPerson(person);
  const queue = contact?.visit?.queue ?? contact?.queue ?? null;
  return {
    oddSince: activity === 'busy' ? null : oddSince,
    data: {
      state: activity ?? (wish === 'break' ? 'break' : wish),
      wish,
      reachable: isReachable(person, { get: (name) => people.device(name) }),
      ...(wish === 'break' && reasons.length > 0 ? { reason: cut(reasons.join(', ')) } : {}),
      pausedIn: Object.fromEntries(
        memberships.filter((one) => one.paused).map((one) => [one.queue, cut(one.reason)]),
      ),
      memberOf: memberships.map((one) => one.queue),
      ...(contact ? { contact: contact.id } : {}),
      ...(contact && queue !== null ? { queue } : {}),
    },
  };
}

/** Paused in every queue is a break; in none of them, and not free by the phone alone, is logged out. */
function wishOf(person: Person): Wish {
  const memberships = [...person.memberships.values()];
  if (memberships.length === 0) return person.byDevice ? 'available' : 'offline';
  return memberships.every((one) => one.paused) ? 'break' : 'available';
}

/** A hold outweighs the second line on which the agent asks somebody; a talk outweighs a phone that rings besides. */
function activityOf(legs: readonly Channel[]): Activity {
  let activity: Activity = null;
  for (const leg of legs) {
    // A new channel is nothing yet: its next message says whether it rings or dials.
    if (leg.state === DOWN && !leg.dialled) continue;
    if (leg.state === RINGING || (leg.state !== UP && leg.dialled)) activity ??= 'ringing';
    else if (leg.heldAt !== null) return 'holding';
    else activity = 'talking';
  }
  return activity;
}

function inUseSince(person: Person, people: People): number | null {
  for (const name of person.devices) {
    const device = people.device(name);
    if (device && /^(INUSE|BUSY|ONHOLD|RINGINUSE)$/.test(device.state)) return device.changedAt;
  }
  return null;
}

function cut(text: string): string {
  return text.slice(0, 500);
}
