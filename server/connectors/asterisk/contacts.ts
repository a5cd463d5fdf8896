// A customer's way through the PBX, told as events. Over the usual length: the rules of a contact's life belong side by side.
import type { EventType } from '../../events/schema.ts';
import type { DataIn } from '../../events/schema.ts';
import { UP } from './calls.ts';
import type { Calls, Channel } from './calls.ts';
import { customerOf, openContact } from './contact.ts';
import type { Contact, Opening, QueueEntry } from './contact.ts';
import type { Message } from './message.ts';
import { customerNumber } from './numbers.ts';
import { unescaped } from './people.ts';
import type { People, Person } from './people.ts';

/** What is decided late waits so long (milliseconds) for the other messages of its moment. */
export const SETTLE_MS = 500;
/** A queue that sends its callers away for want of members does so within this (milliseconds) of losing the last. */
const EMPTY_MS = 3_000;
/** Ids of contacts that are over are remembered for what is still said about them. */
const REMEMBERED_MAX = 5_000;

export type Emit = <T extends EventType>(
  type: T,
  subject: string,
  data: DataIn[T],
  at: number,
) => void;

export interface ContactsOptions {
  /** Put before the PBX's ids. */
  readonly name: string;
  readonly calls: Calls;
  readonly people: People;
  /** Digits dialled before a number. */
  readonly strip: readonly string[];
  readonly callbackId: (key: string) => string;
  readonly emit: Emit;
}

export class Contacts {
  readonly #byId = new Map<string, Contact>();
  readonly #byChannel = new Map<string, Contact>();
  /** The channel of the agent who has a contact. */
  readonly #byLeg = new Map<string, Contact>();
  /** Channel to the id of its contact, also after its end. */
  readonly #ids = new Map<string, string>();
  /** Contacts that wait for the moment to pass. */
  readonly #unsettled = new Set<Contact>();
  readonly #options: ContactsOptions;

  constructor(options: ContactsOptions) {
    this.#options = options;
  }

  all(): IterableIterator<Contact> {
    return this.#byId.values();
  }

  /** The contact whose customer or origin hears or rings this channel. */
  of(channel: Channel): Contact | undefined {
    const own = this.#byChannel.get(channel.uniqueid);
    if (own) return own;
    for (const other of this.#options.calls.connected(channel)) {
      const contact = this.#byChannel.get(other.uniqueid);
      if (contact) return contact;
    }
    return undefined;
  }

  /** The contact whose agent speaks by this channel, also when the two are apart already. */
  ofLeg(uniqueid: string): Contact | undefined {
    return this.#byLeg.get(uniqueid);
  }

  /** The id of a channel's contact, also just after its end. */
  idOf(uniqueid: string): string | undefined {
    return this.#byChannel.get(uniqueid)?.id ?? this.#ids.get(uniqueid);
  }

  /** The contact that the person has, else the one that rings there. */
  ofPerson(person: Person): Contact | undefined {
    let rings: Contact | undefined;
    for (const leg of this.legsOf(person)) {
      const contact = this.of(leg);
      if (contact?.agent === person.id) return contact;
      if (contact && [...contact.rings.values()].includes(person.id)) rings ??= contact;
    }
    return rings;
  }

  /** Every channel of a person's phones. */
  legsOf(person: Person): readonly Channel[] {
    const legs: Channel[] = [];
    for (const device of person.devices) legs.push(...this.#options.calls.ofDevice(device));
    // Halves of a Local pair stand for the phone only where no phone is known behind them.
    const phones = legs.filter((leg) => !leg.local);
    const isLocalOnly = [...person.devices].every((device) => device.startsWith('Local/'));
    return isLocalOnly ? legs.filter((leg) => leg.local?.half !== 2) : phones;
  }

  open(opening: Omit<Opening, 'id'>, linkedid: string): Contact {
    const { name } = this.#options;
    const own = opening.customer ?? opening.origin ?? linkedid;
    const usual = fitId(`${name}/${linkedid}`);
    const id = this.#byId.has(usual) ? fitId(`${name}/${linkedid}+${own}`) : usual;
    const contact = openContact({ ...opening, id });
    this.#byId.set(id, contact);
    this.#bind(opening.customer, contact);
    this.#bind(opening.origin, contact);
    return contact;
  }

  join(message: Message, channel: Channel, at: number): void {
    const queue = message.text('Queue');
    let contact = this.of(channel);
    if (contact) this.#goOn(contact);
    contact ??= this.open(this.opening(channel), channel.linkedid);
    const { emit } = this.#options;
    if (contact.transfer) {
      const since = contact.transfer.at;
      contact.transfer = null;
      emit('contact.transferred', contact.id, { to: { queue }, kind: 'blind' }, since);
    }
    this.#forgetAgent(contact);
    contact.rings.clear();
    contact.visit = { queue, joinedAt: at, abandonedAt: null, leftAt: null, pickedUp: false };
    contact.queue = queue;
    contact.queuedAt = at;
    const customer = customerOf(contact);
    const reason = channel.vars.get('REASON');
    emit(
      'contact.queued',
      contact.id,
      {
        queue,
        ...(customer ? { customer } : {}),
        ...(reason === undefined ? {} : { reason: reason.slice(0, 500) }),
      },
      at,
    );
  }

  /** AgentCalled: a member's phone begins to ring. */
  called(message: Message, channel: Channel, at: number): void {
    const contact = this.of(channel);
    const person = this.#options.people.ofInterface(message.text('Interface'));
    if (!contact?.visit || !person) return;
    contact.rings.set(message.text('DestUniqueid'), person.id);
    const { queue } = contact.visit;
    this.#options.emit('contact.ringing', contact.id, { agent: person.id, queue }, at);
  }

  /** AgentRingNoAnswer. */
  unanswered(message: Message, channel: Channel, at: number): void {
    const contact = this.of(channel);
    const person = this.#options.people.ofInterface(message.text('Interface'));
    if (!contact?.visit || !person) return;
    for (const [uniqueid, agent] of contact.rings)
      if (agent === person.id) contact.rings.delete(uniqueid);
    if (contact.quiet?.agent === person.id) contact.quiet = null;
    const { queue } = contact.visit;
    this.#options.emit('contact.unanswered', contact.id, { agent: person.id, queue }, at);
  }

  /** AgentConnect: the queue's own word for an answer. */
  connect(message: Message, channel: Channel, at: number): void {
    const queue = message.text('Queue');
    const person = this.#options.people.ofInterface(message.text('Interface'));
    let contact = this.of(channel);
    if (!contact?.visit) {
      // The join was not seen; the queue itself says how long the customer waited.
      const waited = (message.number('HoldTime') ?? 0) * 1_000;
      this.join(message, channel, at - waited);
      contact = this.of(channel);
    }
    if (!contact) return;
    this.#answer(contact, person?.id ?? null, at, queue);
  }

  abandon(channel: Channel, at: number): void {
    const contact = this.of(channel);
    if (contact?.visit?.abandonedAt !== null) return;
    contact.visit.abandonedAt = at;
    if (channel.leaving) this.#end(contact, at, 'customer');
    else this.#unsettled.add(contact);
  }

  left(message: Message, channel: Channel, at: number): void {
    const contact = this.of(channel);
    const visit = contact?.visit;
    if (!contact || visit?.queue !== message.text('Queue') || visit.leftAt !== null) return;
    visit.leftAt = at;
    if (visit.abandonedAt === null && !visit.pickedUp) this.#dequeue(contact, 'key', at);
  }

  dial(message: Message, from: Channel | undefined, to: Channel, at: number): void {
    to.dialled = true;
    to.dialledBy = from && from !== to ? from.uniqueid : null;
    if (from?.local) this.#options.people.link(from.device, to.device);
    if (to.local || !from) return;
    const contact = this.of(from);
    if (contact?.visit?.leftAt === null) {
      // The ring of a queue; AgentCalled tells it. Behind a Local channel the phone itself is known only now.
      const person = this.#options.people.ofDevice(to.device);
      if (person) contact.rings.set(to.uniqueid, person.id);
      return;
    }
    if (contact) this.#dialOn(contact, message, to, at);
    else this.#dialAnew(message, from, to, at);
  }

  /** A contact without a visit rings somebody: a transfer, a forward, a park that rings back, another trunk. */
  #dialOn(contact: Contact, message: Message, to: Channel, at: number): void {
    this.#goOn(contact);
    const person = this.#options.people.ofDevice(to.device);
    const { emit } = this.#options;
    if (!person) {
      if (contact.direction === 'outbound' && contact.customer === null) {
        contact.customer = to.uniqueid;
        this.#bind(to.uniqueid, contact);
        contact.address ||= this.#number(message, to);
      }
      return;
    }
    if (contact.transfer) {
      const since = contact.transfer.at;
      contact.transfer = null;
      this.#forgetAgent(contact);
      emit('contact.transferred', contact.id, { to: { agent: person.id }, kind: 'blind' }, since);
    } else if (contact.goneAt !== null) this.#letGo(contact, contact.goneAt);
    contact.rings.set(to.uniqueid, person.id);
    emit('contact.ringing', contact.id, { agent: person.id }, at);
  }

  #dialAnew(message: Message, from: Channel, to: Channel, at: number): void {
    const { calls, people, emit, callbackId } = this.#options;
    const callers = calls.connected(from).filter((one) => one !== to && !one.local && !one.dialled);
    const outside = callers.find((one) => !people.ofDevice(one.device));
    const caller = callers.find((one) => people.ofDevice(one.device));
    const called = people.ofDevice(to.device);
    if (outside && called) {
      const contact = this.open(this.opening(outside), outside.linkedid);
      const customer = customerOf(contact);
      emit(
        'contact.started',
        contact.id,
        { direction: 'inbound', ...(customer ? { customer } : {}) },
        at,
      );
      contact.rings.set(to.uniqueid, called.id);
      emit('contact.ringing', contact.id, { agent: called.id }, at);
      return;
    }
    const agent = caller && people.ofDevice(caller.device);
    if (!caller || !agent || this.isOccupied(agent)) return;
    if (called) {
      if (called === agent || this.isOccupied(called)) return;
      const opening = { ...this.opening(caller), direction: 'internal' as const };
      const contact = this.open({ ...opening, origin: caller.uniqueid }, caller.linkedid);
      contact.rings.set(to.uniqueid, called.id);
      // The colleague who calls stands in the customer's place; whoever answers has the contact.
      const customer = customerOf(contact);
      emit(
        'contact.started',
        contact.id,
        { direction: 'internal', ...(customer ? { customer } : {}) },
        at,
      );
      emit('contact.ringing', contact.id, { agent: called.id }, at);
      return;
    }
    const contact = this.open(
      {
        direction: 'outbound',
        customer: to.uniqueid,
        origin: caller.uniqueid,
        address: this.#number(message, caller),
        name: '',
      },
      caller.linkedid,
    );
    contact.agent = agent.id;
    this.#setLeg(contact, caller.uniqueid);
    const customer = customerOf(contact);
    const callback = caller.vars.get('CALLBACK_FOR');
    emit(
      'contact.started',
      contact.id,
      {
        direction: 'outbound',
        agent: agent.id,
        ...(customer ? { customer } : {}),
        ...(callback === undefined ? {} : { callback: callbackId(callback) }),
      },
      at,
    );
  }

  dialEnd(message: Message, from: Channel | undefined, to: Channel, at: number): void {
    const contact = (from && this.of(from)) ?? this.of(to);
    const answered = message.text('DialStatus') === 'ANSWER';
    // Who picked up is still the dialler's, until it leaves the bridge in which they meet.
    if (!answered) to.dialledBy = null;
    if (!contact) return;
    const rang = contact.rings.get(to.uniqueid);
    if (contact.visit) {
      if (answered) contact.visit.pickedUp = true;
      else if (rang !== undefined) this.#quieten(contact, to, rang, at);
      return;
    }
    if (answered) {
      if (to.uniqueid === contact.customer) this.#answer(contact, contact.agent, at);
      else if (rang !== undefined) this.#answer(contact, rang, at);
      return;
    }
    if (to.uniqueid === contact.customer && contact.direction === 'outbound')
      this.#unbindCustomer(contact);
    if (rang === undefined) return;
    contact.rings.delete(to.uniqueid);
    const leaving = contact.customer !== null && this.#channel(contact.customer)?.leaving;
    if (leaving !== true && contact.agent === null)
      this.#options.emit('contact.unanswered', contact.id, { agent: rang }, at);
  }

  /** A ring within a queue that ended before anybody said why: the queue tells it in the same moment, or nobody does. */
  #quieten(contact: Contact, to: Channel, agent: string, at: number): void {
    contact.rings.delete(to.uniqueid);
    if ([...contact.rings.values()].includes(agent)) return;
    contact.quiet = { agent, at };
    this.#unsettled.add(contact);
  }

  /** The channel does what only a living call does, so an unanswered visit ended without a hangup. */
  goesOn(channel: Channel): void {
    const contact = channel.local ? this.of(channel) : this.#byChannel.get(channel.uniqueid);
    if (contact && channel.exten !== 'h') this.#goOn(contact);
  }

  #goOn(contact: Contact): void {
    const { visit } = contact;
    if (!visit) return;
    if (visit.abandonedAt !== null) this.#giveUp(contact, visit.abandonedAt);
    else if (visit.leftAt !== null) this.#dequeue(contact, 'key', visit.leftAt);
  }

  /** The queue has given up: because it was just then empty, or after its time. */
  #giveUp(contact: Contact, at: number): void {
    const { visit } = contact;
    const empty =
      visit !== null &&
      this.#options.people.hasEmptied(
        visit.queue,
        at - visit.joinedAt <= EMPTY_MS ? -Infinity : at - EMPTY_MS,
      );
    this.#dequeue(contact, empty ? 'empty' : 'timeout', at);
  }

  #dequeue(contact: Contact, why: 'key' | 'timeout' | 'empty' | 'transfer', at: number): void {
    contact.visit = null;
    contact.rings.clear();
    contact.quiet = null;
    this.#options.emit('contact.dequeued', contact.id, { why }, at);
  }

  /** HangupRequest: the side that hung up says so first. */
  hangupAsked(channel: Channel): void {
    channel.leaving = true;
    const contact = this.of(channel);
    if (contact?.endedBy !== null || channel.local) return;
    if (this.#options.people.ofDevice(channel.device)) {
      const own = channel.uniqueid === contact.leg || channel.uniqueid === contact.origin;
      if (contact.agent === null || own) contact.endedBy = 'agent';
    } else if (channel.uniqueid === contact.customer) contact.endedBy = 'customer';
  }

  /** Before the channel is taken out of the calls. */
  hangup(message: Message, channel: Channel, at: number): void {
    const contact = this.#byChannel.get(channel.uniqueid);
    if (!contact) {
      this.of(channel)?.rings.delete(channel.uniqueid);
      return;
    }
    if (channel.uniqueid === contact.customer) {
      if (contact.direction === 'outbound' && !contact.answered) this.#unbindCustomer(contact);
      else return this.#customerGone(contact, message, channel, at);
    }
    if (channel.uniqueid === contact.origin && contact.customer === null)
      this.#end(contact, at, contact.endedBy);
  }

  #customerGone(contact: Contact, message: Message, channel: Channel, at: number): void {
    const { visit } = contact;
    if (!visit) return this.#end(contact, at, contact.endedBy);
    const cause = message.number('Cause');
    if (visit.abandonedAt !== null && !channel.leaving && cause !== 0) {
      // Nobody hung up: the queue gave up, and the dialplan had nothing more to say.
      this.#giveUp(contact, visit.abandonedAt);
      this.#end(contact, at, null);
    } else this.#end(contact, visit.abandonedAt ?? visit.leftAt ?? at, 'customer');
  }

  blindTransfer(message: Message, at: number): void {
    if (!/^success$/i.test(message.text('Result') || 'Success')) return;
    const transferee = this.#channel(message.text('TransfereeUniqueid'));
    const transferer = this.#channel(message.text('TransfererUniqueid'));
    const contact = (transferee && this.of(transferee)) ?? (transferer && this.of(transferer));
    if (contact?.visit !== null || contact.parked !== null) return;
    contact.transfer = { at, extension: message.text('Extension') };
    contact.endedBy = null;
    this.#unsettled.add(contact);
  }

  /** ParkedCallTimeOut: the slot is free, and nobody has fetched the customer. */
  unparked(channel: Channel, at: number): void {
    const contact = this.of(channel);
    channel.parked = null;
    if (typeof contact?.parked !== 'string') return;
    const parked = contact.parked;
    contact.parked = null;
    contact.heldAt = null;
    this.#options.emit('contact.resumed', contact.id, { parked }, at);
  }

  /** Looks again at who hears the customer now. */
  look(contact: Contact, at: number): void {
    const customer = contact.customer === null ? undefined : this.#channel(contact.customer);
    if (!customer || this.#byId.get(contact.id) !== contact) return;
    const { calls, emit } = this.#options;
    const hearing = calls.hearing(customer);
    const slot = hearing.find((one) => one.parked !== null)?.parked ?? null;
    if (slot !== null) {
      if (contact.parked === null) this.#park(contact, slot, at);
      return;
    }
    if (contact.visit) return;
    const legs = this.legs(contact, hearing);
    const agents = [...legs.keys()];
    if (agents.length === 0) {
      if (contact.agent !== null && contact.leg !== null && !this.#channel(contact.leg)) {
        contact.goneAt ??= at;
        this.#unsettled.add(contact);
      }
      return;
    }
    contact.goneAt = null;
    if (contact.parked !== null) {
      const parked = contact.parked;
      contact.parked = null;
      contact.heldAt = null;
      this.#take(contact, agents[0]!);
      emit('contact.resumed', contact.id, { agent: agents[0]!, parked }, at);
    } else if (contact.agent === null || !legs.has(contact.agent)) {
      if (contact.agent !== null)
        emit(
          'contact.transferred',
          contact.id,
          { to: { agent: agents[0]! }, kind: contact.transfer ? 'blind' : 'attended' },
          contact.transfer?.at ?? at,
        );
      contact.transfer = null;
      this.#forgetAgent(contact);
      this.#answer(contact, agents[0]!, at);
    }
    const own = legs.get(contact.agent!) ?? [];
    this.#setLeg(contact, own[0]?.uniqueid ?? contact.leg);
    const held = own.length > 0 && own.every((leg) => leg.heldAt !== null);
    if (held === (contact.heldAt !== null)) return;
    const agent = contact.agent!;
    if (held) {
      contact.heldAt = own[0]!.heldAt ?? at;
      contact.heldAtLeast = false;
      emit('contact.held', contact.id, { agent }, at);
    } else {
      contact.heldAt = null;
      emit('contact.resumed', contact.id, { agent }, at);
    }
  }

  /** The people who hear the customer, each with their channels in that talk. */
  legs(contact: Contact, hearing: readonly Channel[]): Map<string, Channel[]> {
    const legs = new Map<string, Channel[]>();
    for (const channel of hearing) {
      if (channel.uniqueid === contact.customer || channel.local || channel.bridge === null)
        continue;
      const person = this.#options.people.ofDevice(channel.device);
      if (!person || channel.state !== UP) continue;
      const own = legs.get(person.id);
      if (own) own.push(channel);
      else legs.set(person.id, [channel]);
    }
    return legs;
  }

  #park(contact: Contact, slot: string, at: number): void {
    contact.transfer = null;
    this.#forgetAgent(contact);
    contact.rings.clear();
    contact.parked = slot;
    contact.heldAt = at;
    contact.endedBy = null;
    this.#options.emit('contact.held', contact.id, { parked: slot.slice(0, 100) }, at);
  }

  #answer(contact: Contact, agent: string | null, at: number, queue?: string): void {
    contact.visit = null;
    contact.quiet = null;
    contact.rings.clear();
    contact.answered = true;
    contact.answeredAt ??= at;
    contact.endedBy = null;
    if (agent !== null) this.#take(contact, agent);
    const who = agent === null ? {} : { agent };
    const where = queue === undefined ? {} : { queue };
    this.#options.emit('contact.answered', contact.id, { ...who, ...where }, at);
  }

  #take(contact: Contact, agent: string): void {
    if (contact.agent !== agent) this.#setLeg(contact, null);
    contact.agent = agent;
    contact.goneAt = null;
  }

  #setLeg(contact: Contact, leg: string | null): void {
    if (contact.leg === leg) return;
    if (contact.leg !== null && this.#byLeg.get(contact.leg) === contact)
      this.#byLeg.delete(contact.leg);
    contact.leg = leg;
    if (leg !== null) this.#byLeg.set(leg, contact);
  }

  #forgetAgent(contact: Contact): void {
    contact.agent = null;
    this.#setLeg(contact, null);
    contact.heldAt = null;
    contact.goneAt = null;
  }

  /** The agent is gone and the customer stays, in the hands of the dialplan. */
  #letGo(contact: Contact, at: number): void {
    this.#forgetAgent(contact);
    contact.endedBy = null;
    contact.transfer = null;
    this.#options.emit('contact.transferred', contact.id, { to: {} }, at);
  }

  #end(contact: Contact, at: number, by: 'customer' | 'agent' | null): void {
    const outcome = contact.answered
      ? 'answered'
      : contact.visit || (by === 'customer' && contact.direction !== 'outbound' && !contact.queue)
        ? 'abandoned'
        : 'failed';
    this.forget(contact);
    this.#options.emit('contact.ended', contact.id, { by: by ?? 'system', outcome }, at);
  }

  /** Without a word: a list says that the contact waits. */
  wait(contact: Contact, { queue, joinedAt }: QueueEntry): void {
    this.#forgetAgent(contact);
    contact.visit = { queue, joinedAt, abandonedAt: null, leftAt: null, pickedUp: false };
    contact.queue = queue;
    contact.queuedAt = joinedAt;
  }

  /** Without a word: a list says who dials out. */
  dials(contact: Contact, agent: string, leg: string): void {
    contact.agent = agent;
    this.#setLeg(contact, leg);
  }

  /** Without a word: a list says that its agent is gone. */
  abandonAgent(contact: Contact): void {
    this.#forgetAgent(contact);
    this.#unsettled.delete(contact);
  }

  /** Without a word: for a contact whose end nobody saw. */
  forget(contact: Contact): void {
    this.#byId.delete(contact.id);
    this.#unsettled.delete(contact);
    this.#setLeg(contact, null);
    for (const uniqueid of [contact.customer, contact.origin])
      if (uniqueid !== null && this.#byChannel.get(uniqueid) === contact)
        this.#byChannel.delete(uniqueid);
  }

  /** Decides what has waited long enough. */
  pass(now: number): void {
    for (const contact of [...this.#unsettled]) {
      const dueAt = this.#dueAt(contact);
      if (dueAt === null) this.#unsettled.delete(contact);
      else if (dueAt <= now) {
        this.#unsettled.delete(contact);
        this.#settle(contact, now);
        if (this.#dueAt(contact) !== null) this.#unsettled.add(contact);
      }
    }
  }

  #settle(contact: Contact, now: number): void {
    const late = (at: number | null): at is number => at !== null && at + SETTLE_MS <= now;
    const { visit, quiet, transfer } = contact;
    if (visit && late(visit.abandonedAt)) this.#giveUp(contact, visit.abandonedAt);
    if (quiet && late(quiet.at)) {
      contact.quiet = null;
      const again = [...contact.rings.values()].includes(quiet.agent);
      if (contact.visit?.leftAt === null && !contact.visit.pickedUp && !again)
        this.#options.emit(
          'contact.unanswered',
          contact.id,
          { agent: quiet.agent, queue: contact.visit.queue },
          quiet.at,
        );
    }
    if (transfer && late(transfer.at)) {
      const target = this.#options.people.named(transfer.extension);
      contact.transfer = null;
      this.#forgetAgent(contact);
      this.#options.emit(
        'contact.transferred',
        contact.id,
        { to: target ? { agent: target.id } : {}, kind: 'blind' },
        transfer.at,
      );
    }
    if (late(contact.goneAt)) this.#letGo(contact, contact.goneAt);
  }

  #dueAt(contact: Contact): number | null {
    const instants = [
      contact.visit?.abandonedAt ?? null,
      contact.quiet?.at ?? null,
      contact.transfer?.at ?? null,
      contact.goneAt,
    ].filter((at) => at !== null);
    return instants.length === 0 ? null : Math.min(...instants) + SETTLE_MS;
  }

  nextAt(): number | null {
    let next: number | null = null;
    for (const contact of this.#unsettled) {
      const dueAt = this.#dueAt(contact);
      if (dueAt !== null && (next === null || dueAt < next)) next = dueAt;
    }
    return next;
  }

  /** The link is cut: what waits for messages of its moment will not get them. */
  cut(): void {
    for (const contact of this.#unsettled) {
      contact.quiet = null;
      contact.transfer = null;
      contact.goneAt = null;
    }
    this.#unsettled.clear();
  }

  #bind(uniqueid: string | null, contact: Contact): void {
    if (uniqueid === null) return;
    this.#byChannel.set(uniqueid, contact);
    this.#ids.delete(uniqueid);
    this.#ids.set(uniqueid, contact.id);
    if (this.#ids.size > REMEMBERED_MAX) this.#ids.delete(this.#ids.keys().next().value!);
  }

  #unbindCustomer(contact: Contact): void {
    if (contact.customer !== null && contact.customer !== contact.origin)
      this.#byChannel.delete(contact.customer);
    contact.customer = null;
  }

  /** True if the person has a contact already, so that another call is a consultation. */
  isOccupied(person: Person): boolean {
    return this.legsOf(person).some((leg) => this.of(leg)?.agent === person.id);
  }

  #channel(uniqueid: string): Channel | undefined {
    return this.#options.calls.get(uniqueid);
  }

  #number(message: Message, caller: Channel): string {
    const exten = /^[+*#0-9]{2,}$/.test(caller.exten) ? caller.exten : '';
    return customerNumber(message.text('DialString'), exten, this.#options.strip);
  }

  /** An inbound contact of this channel, with what it says of its caller. */
  opening(channel: Channel): Omit<Opening, 'id'> {
    const number = /^(anonymous|private|unavailable|restricted)$/i.test(channel.number)
      ? ''
      : channel.number;
    const name = unescaped(channel.callerName);
    return {
      direction: 'inbound',
      customer: channel.uniqueid,
      origin: null,
      address: number,
      name: name === number ? '' : name,
    };
  }
}

/** Ids have a limit of 128; the end of a long one tells more than its beginning. */
function fitId(id: string): string {
  const printable = id.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu, '_');
  return printable.length <= 128 ? printable : `${printable.slice(0, 40)}…${printable.slice(-80)}`;
}
