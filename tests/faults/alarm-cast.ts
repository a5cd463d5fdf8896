// The people of the alarms: for each number a contact, its agent, the lead who is told first, who relieves them, and how each is reached.
import type { NewEvent } from '../../server/events/event.ts';
import { laneOf } from '../../server/log/outbox.ts';
import type { Store } from '../../server/log/store.ts';
import type { HttpSink } from '../support/http-sink.ts';

/** The one source of all of it. */
const SOURCE = 'pbx';

/** Who and what there is of one number; a recipient's path at the receiver is its name. */
export interface Cast {
  readonly contact: string;
  readonly agent: string;
  readonly lead: string;
  readonly relief: string;
  readonly team: string;
}

export function castOf(number: number): Cast {
  const name = String(number).padStart(5, '0');
  const of = (what: string): string => `${what}-${name}`;
  const [contact, agent, lead] = [of('call'), of('agent'), of('lead')];
  return { contact, agent, lead, relief: of('relief'), team: of('team') };
}

/** One lead each, and another team's that covers for them. */
export function peopleOf({ agent, lead, relief, team }: Cast): readonly NewEvent[] {
  const relieving = `${team}-relief`;
  const all: readonly NewEvent[] = [
    { type: 'team.profile', subject: team, data: { name: team, coveredBy: [relieving] } },
    { type: 'team.profile', subject: relieving, data: { name: relieving } },
    { type: 'agent.profile', subject: lead, data: { name: lead, role: 'lead', team } },
    {
      type: 'agent.profile',
      subject: relief,
      data: { name: relief, role: 'lead', team: relieving },
    },
    { type: 'agent.profile', subject: agent, data: { name: agent, team } },
    { type: 'supervisor.presence', subject: lead, data: { presence: 'desk' } },
    { type: 'supervisor.presence', subject: relief, data: { presence: 'desk' } },
  ];
  return all.map((event) => ({ ...event, source: SOURCE }));
}

/** A contact that is put on hold now, for the first time. */
export function firstHold({ contact: subject, agent }: Cast): readonly NewEvent[] {
  return [
    { type: 'contact.queued', subject, source: SOURCE, data: { queue: 'billing' } },
    { type: 'contact.answered', subject, source: SOURCE, data: { agent, queue: 'billing' } },
    { type: 'contact.held', subject, source: SOURCE, data: { agent } },
  ];
}

/** All that is true, as the phone system tells it anew: these are on hold, `since` milliseconds. */
export function stillHeld(
  held: readonly { readonly cast: Cast; readonly since: number }[],
): NewEvent {
  const contacts = held.map(({ cast: { contact: id, agent }, since }) => ({
    ...({ id, agent, queue: 'billing', state: 'held', direction: 'inbound' } as const),
    ...{ queuedAt: since, answeredAt: since, held: { since } },
  }));
  return { type: 'source.snapshot', subject: SOURCE, source: SOURCE, data: { contacts } };
}

/** A contact that is on hold for the third time: P2 at that instant, until it ends. `at`: milliseconds; absent: now. */
export function thirdHold({ contact: subject, agent }: Cast, at?: number): readonly NewEvent[] {
  const when = { source: SOURCE, ...(at === undefined ? {} : { at }) };
  const held: NewEvent = { type: 'contact.held', subject, data: { agent }, ...when };
  const resumed: NewEvent = { type: 'contact.resumed', subject, data: { agent }, ...when };
  return [
    { type: 'contact.queued', subject, data: { queue: 'billing' }, ...when },
    { type: 'contact.answered', subject, data: { agent, queue: 'billing' }, ...when },
    ...[held, resumed, held, resumed, held],
  ];
}

export function over({ contact: subject }: Cast, at?: number): NewEvent {
  return {
    type: 'contact.ended',
    subject,
    data: {},
    source: SOURCE,
    ...(at === undefined ? {} : { at }),
  };
}

/** Before a server starts, so that it knows them from the beginning. */
export async function giveChannels(
  store: Pick<Store, 'putChannel'>,
  sink: HttpSink,
  people: readonly string[],
): Promise<void> {
  for (const of of people) {
    const channel = { id: 'hook', kind: 'webhook', url: `${sink.url}/${of}` };
    const lane = laneOf({ owner: 'person', of, channel: 'hook' });
    await store.putChannel(lane, JSON.stringify(channel));
  }
}
