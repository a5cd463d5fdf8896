// After a list of everything: contacts whose channels are gone are let go, calls that were never seen become contacts.
import type { DataIn } from '../../events/schema.ts';
import { RINGING, UP } from './calls.ts';
import type { Calls, Channel } from './calls.ts';
import { customerOf } from './contact.ts';
import type { Contact, QueueEntry } from './contact.ts';
import type { Contacts } from './contacts.ts';
import { customerNumber } from './numbers.ts';
import type { People, Person } from './people.ts';

export interface AdoptionOptions {
  readonly calls: Calls;
  readonly contacts: Contacts;
  readonly people: People;
  /** Who waits, by Uniqueid. */
  readonly entries: ReadonlyMap<string, QueueEntry>;
  /** False if the queues did not answer, so that nobody is known to have left one. */
  readonly queuesKnown: boolean;
  /** Digits dialled before a number. */
  readonly strip: readonly string[];
  readonly at: number;
}

/** Makes the contacts agree with the channels. What it finds is not told event by event: a snapshot tells it. */
export function adopt(options: AdoptionOptions): void {
  const { calls, contacts, people, at } = options;
  for (const contact of [...contacts.all()]) if (!isAlive(contact, calls)) contacts.forget(contact);
  for (const channel of calls.all()) relate(channel, calls);
  for (const person of people.all()) agreeOnHold(person, options);
  agreeOnQueues(options);
  for (const channel of calls.all())
    if (!people.ofDevice(channel.device)) adoptOutside(channel, options);
  for (const contact of contacts.all()) place(contact, options);
  for (const channel of calls.all()) adoptInternal(channel, options);
  for (const contact of contacts.all()) contacts.look(contact, at);
}

function isAlive(contact: Contact, calls: Calls): boolean {
  if (contact.customer !== null && calls.get(contact.customer)) return true;
  return !contact.answered && contact.origin !== null && calls.get(contact.origin) !== undefined;
}

/** A phone that rings belongs to the call that has its Linkedid; a list does not say who dials whom. */
function relate(channel: Channel, calls: Calls): void {
  if (/^App(Queue|Dial)/.test(channel.application)) channel.dialled = true;
  if (channel.state !== RINGING || channel.dialledBy !== null || channel.local) return;
  const first = calls.get(channel.linkedid);
  if (!first || first === channel) return;
  channel.dialled = true;
  channel.dialledBy = first.uniqueid;
}

/** A list says of a hold only that the phone has one: not since when, and not on which line. */
function agreeOnHold(person: Person, { calls, people, at }: AdoptionOptions): void {
  for (const name of person.devices) {
    const state = people.device(name)?.state;
    const legs = calls.ofDevice(name).filter((leg) => leg.state === UP);
    if (state === 'ONHOLD' && legs.every((leg) => leg.heldAt === null)) {
      const leg = legs.find((one) => one.bridge !== null) ?? legs[0];
      if (leg) {
        leg.heldAt = at;
        leg.heldAtLeast = true;
      }
    } else if (state !== undefined && state !== 'ONHOLD' && legs.length === 1)
      legs[0]!.heldAt = null;
  }
}

function agreeOnQueues({ calls, contacts, entries, queuesKnown }: AdoptionOptions): void {
  for (const contact of contacts.all()) {
    const { visit } = contact;
    if (!visit || !queuesKnown) continue;
    const entry = contact.customer === null ? undefined : entries.get(contact.customer);
    // A Local half may wait in the customer's place.
    const waits =
      entry ??
      [...entries].find(([uniqueid]) => {
        const channel = calls.get(uniqueid);
        return channel?.local && contacts.of(channel) === contact;
      })?.[1];
    if (waits?.queue === visit.queue && visit.leftAt === null) continue;
    contact.visit = null;
    contact.rings.clear();
  }
  for (const [uniqueid, entry] of entries) {
    const channel = calls.get(uniqueid);
    if (!channel) continue;
    const contact =
      contacts.of(channel) ?? contacts.open(contacts.opening(channel), channel.linkedid);
    if (contact.visit) continue;
    contacts.wait(contact, entry);
  }
}

/** A customer whom nobody introduced: in a talk, ringing somebody, parked, or dialled by an agent. */
function adoptOutside(channel: Channel, options: AdoptionOptions): void {
  const { calls, contacts, people, strip } = options;
  if (channel.local || contacts.of(channel)) return;
  const around = calls.connected(channel).filter((one) => one !== channel && !one.local);
  const phones = around.filter((one) => people.ofDevice(one.device));
  const dialler = calls.get(channel.linkedid);
  const origin =
    dialler && dialler !== channel && people.ofDevice(dialler.device) ? dialler : undefined;
  if (phones.length === 0 && channel.parked === null && !origin) return;
  const opening = contacts.opening(channel);
  const contact = contacts.open(
    origin
      ? {
          ...opening,
          direction: 'outbound',
          origin: origin.uniqueid,
          address: customerNumber(origin.applicationData.split(',')[0] ?? '', origin.exten, strip),
          name: '',
        }
      : opening,
    channel.linkedid,
  );
  contact.answered = channel.state === UP && (!origin || origin.state === UP);
  const dials = origin && people.ofDevice(origin.device);
  if (dials && !contact.answered) contacts.dials(contact, dials.id, origin.uniqueid);
  contact.queue = queueOf(channel, phones, people);
}

/** Queue() says which one it runs for; else the member's own word that the call is its queue's. */
function queueOf(channel: Channel, phones: readonly Channel[], people: People): string | null {
  if (channel.application === 'Queue') return channel.applicationData.split(',')[0] || null;
  const inCall = phones.flatMap((phone) =>
    [...(people.ofDevice(phone.device)?.memberships.values() ?? [])].filter((one) => one.inCall),
  );
  return inCall.length === 1 ? inCall[0]!.queue : null;
}

/** Who has it and who rings, as the channels say now. */
function place(contact: Contact, { calls, contacts, people, at }: AdoptionOptions): void {
  const customer = contact.customer === null ? undefined : calls.get(contact.customer);
  for (const uniqueid of contact.rings.keys())
    if (calls.get(uniqueid)?.state !== RINGING) contact.rings.delete(uniqueid);
  if (!customer) return;
  for (const other of calls.connected(customer)) {
    const person = other.state === RINGING ? people.ofDevice(other.device) : undefined;
    if (person && other !== customer) contact.rings.set(other.uniqueid, person.id);
  }
  const { answeredAt } = contact;
  contacts.look(contact, at);
  contact.answeredAt = answeredAt;
  if (contact.goneAt !== null) contacts.abandonAgent(contact);
  const leg = contact.leg === null ? undefined : calls.get(contact.leg);
  contact.heldAtLeast = contact.heldAt !== null && leg?.heldAtLeast === true;
}

/** Two colleagues who talk, with no customer between them and none waiting for either. */
function adoptInternal(channel: Channel, options: AdoptionOptions): void {
  const { calls, contacts, people, at } = options;
  if (channel.local || channel.dialled || channel.state !== UP || contacts.of(channel)) return;
  const hearing = calls.hearing(channel).filter((one) => !one.local);
  const persons = new Set(hearing.map((one) => people.ofDevice(one.device)));
  if (persons.has(undefined) || persons.size !== 2) return;
  if ([...persons].some((person) => person && contacts.isOccupied(person))) return;
  const contact = contacts.open(
    { ...contacts.opening(channel), direction: 'internal', origin: channel.uniqueid },
    channel.linkedid,
  );
  contacts.look(contact, at);
  contact.answeredAt = null;
}

type SnapshotContact = NonNullable<DataIn['source.snapshot']['contacts']>[number];

/** The contacts as a snapshot has them. */
export function contactsNow(contacts: Contacts): SnapshotContact[] {
  return [...contacts.all()].map((contact) => {
    const customer = customerOf(contact);
    const agent = contact.agent ?? [...contact.rings.values()][0];
    const queue = contact.visit?.queue ?? contact.queue;
    return {
      id: contact.id,
      state: stateOf(contact),
      direction: contact.direction,
      ...(queue === null ? {} : { queue }),
      ...(contact.queuedAt === null ? {} : { queuedAt: contact.queuedAt }),
      ...(contact.answeredAt === null ? {} : { answeredAt: contact.answeredAt }),
      ...(agent === undefined ? {} : { agent }),
      ...(customer ? { customer } : {}),
      ...(contact.heldAt === null
        ? {}
        : { held: { since: contact.heldAt, ...(contact.heldAtLeast ? { atLeast: true } : {}) } }),
      ...(contact.parked === null ? {} : { parked: contact.parked }),
    };
  });
}

function stateOf(contact: Contact): SnapshotContact['state'] {
  if (contact.parked !== null || contact.heldAt !== null) return 'held';
  if (contact.visit) return contact.rings.size > 0 ? 'ringing' : 'waiting';
  if (contact.rings.size > 0) return 'ringing';
  return contact.agent !== null && contact.answered ? 'talking' : 'routing';
}
