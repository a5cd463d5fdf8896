// From AMI messages to Pharos events, pure: what it knows is what it was told, and time is an argument.
import type { NewEvent } from '../../events/event.ts';
import { isId } from '../../contract/ids.ts';
import type { DataIn, EventType } from '../../events/schema.ts';
import { adopt, contactsNow } from './adoption.ts';
import { presentState } from './agent-state.ts';
import type { AgentPresent } from './agent-state.ts';
import { createCalls } from './calls.ts';
import type { Channel } from './calls.ts';
import type { Contact, QueueEntry } from './contact.ts';
import { Contacts } from './contacts.ts';
import type { Message } from './message.ts';
import { createPeople } from './people.ts';
import type { Person } from './people.ts';
import { DEFAULT_TABLE } from './table.ts';
import type { AsteriskTable } from './table.ts';
import { createUserEvents } from './user-events.ts';

export interface TranslatorOptions {
  /** `asterisk/NAME`, the source of every event. */
  readonly source: string;
  /** Put before the PBX's own ids. */
  readonly name: string;
  readonly table?: AsteriskTable;
  /** Hears of UserEvents that the table maps to something that cannot be. */
  readonly onRefused?: (problem: string) => void;
}

/** Instants are milliseconds; they may not go back. */
export interface Translator {
  /** A link is up and the PBX has booted: answers to the snapshot's actions follow. */
  connected(at: number): readonly NewEvent[];
  /** The link is cut; nothing that happens now will be told. */
  disconnected(): void;
  take(message: Message, at: number): readonly NewEvent[];
  /** All answers are in: what is true now, as `source.snapshot`, and what led there. */
  snapshot(at: number): readonly NewEvent[];
  /** Time alone: decides what has waited long enough. */
  pass(now: number): readonly NewEvent[];
  /** When `pass` has something to do. */
  nextAt(): number | null;
}

/** Keys of a message that name channels beside the plain ones. */
const PREFIXES = [
  '',
  'Dest',
  'Parkee',
  'Retriever',
  'Transferee',
  'Transferer',
  'LocalOne',
  'LocalTwo',
];
/** Lists that must have come whole before what they did not name is over. */
const LISTS = { queues: 'QueueStatusComplete', channels: 'CoreShowChannelsComplete' } as const;
/** A phone in use without a call that we see is busy only after this (milliseconds): the call's events are on their way. */
const BUSY_AFTER_MS = 1_000;

export function createTranslator(options: TranslatorOptions): Translator {
  const { source, name } = options;
  const table = options.table ?? DEFAULT_TABLE;
  const calls = createCalls();
  const people = createPeople(table);
  let out: NewEvent[] = [];
  let now = 0;
  let sameInstant = 0;
  let generation = 1;
  let online = false;
  /** Null outside of a snapshot's collection. */
  let collecting: {
    readonly entries: Map<string, QueueEntry>;
    readonly lists: Set<string>;
  } | null = null;
  /** Channels that hung up while a list was on its way that still names them. */
  const gone = new Set<string>();
  /** PBX's clock to ours, milliseconds; null until a Pong told. */
  let offset: number | null = null;
  const told = new Map<string, string>();
  const toldNames = new Map<string, string>();
  /** People whose phone is in use without a call to be seen, and when that makes them busy. */
  const odd = new Map<Person, number>();
  /** Queues that the PBX has, as its last answer says. */
  const queuesSeen = new Set<string>();

  function emit<T extends EventType>(type: T, subject: string, data: DataIn[T], at: number): void {
    const instant = Math.round(at);
    sameInstant += 1;
    const id = `${subject}/${type}/${instant.toString(36)}.${sameInstant.toString(36)}`;
    out.push({ type, subject, data, source, id, at: instant } as NewEvent);
  }

  const contacts = new Contacts({
    name,
    calls,
    people,
    strip: table.dialling.strip,
    callbackId: (key) => `${name}/callback/${key}`,
    emit,
  });
  const userEvents = createUserEvents({
    name,
    table,
    people,
    contacts,
    emit,
    refused: options.onRefused ?? (() => undefined),
  });

  function begin(at: number): void {
    if (at > now) sameInstant = 0;
    now = Math.max(now, at);
    out = [];
  }

  function finish(): readonly NewEvent[] {
    const done = out;
    out = [];
    return done;
  }

  /** What a message touches: contacts and people that may look different after it. */
  function around(channels: Iterable<Channel>, into: Touched): void {
    for (const channel of channels) {
      if (into.channels.has(channel)) continue;
      for (const other of calls.connected(channel)) {
        into.channels.add(other);
        const person = people.ofDevice(other.device);
        if (person) into.people.add(person);
      }
      const contact = contacts.of(channel);
      if (contact) into.contacts.add(contact);
    }
  }

  function channelsOf(message: Message): readonly Channel[] {
    const found: Channel[] = [];
    for (const prefix of PREFIXES) {
      const channel = calls.get(message.text(`${prefix}Uniqueid`));
      if (channel) found.push(channel);
    }
    return found;
  }

  function tellPerson(person: Person, at: number): void {
    if (!online || collecting !== null) return;
    const present = presentOf(person, at);
    const text = JSON.stringify(present);
    if (told.get(person.id) === text) return;
    told.set(person.id, text);
    tellName(person, at);
    emit('agent.state', person.id, present, at);
  }

  function presentOf(person: Person, at: number): AgentPresent {
    const busyBefore = at - BUSY_AFTER_MS;
    const { data, oddSince } = presentState({ person, people, contacts, busyBefore });
    if (oddSince === null) odd.delete(person);
    else odd.set(person, oddSince + BUSY_AFTER_MS);
    return data;
  }

  function tellName(person: Person, at: number): void {
    if (person.name === '' || toldNames.get(person.id) === person.name) return;
    toldNames.set(person.id, person.name);
    emit('agent.profile', person.id, { name: person.name.slice(0, 200) }, at);
  }

  function learn(message: Message): void {
    for (const prefix of PREFIXES) {
      const uniqueid = message.text(`${prefix}Uniqueid`);
      if (uniqueid !== '' && !gone.has(uniqueid)) calls.learn(message, prefix, generation);
    }
  }

  function happen(message: Message, at: number): void {
    const channel = calls.get(message.text('Uniqueid'));
    const dest = calls.get(message.text('DestUniqueid'));
    const parkee = calls.get(message.text('ParkeeUniqueid'));
    switch (message.event) {
      case 'QueueCallerJoin':
        if (channel) contacts.join(message, channel, at);
        break;
      case 'QueueCallerLeave':
        if (channel) contacts.left(message, channel, at);
        break;
      case 'QueueCallerAbandon':
        if (channel) contacts.abandon(channel, at);
        break;
      case 'AgentCalled':
        if (channel) contacts.called(message, channel, at);
        break;
      case 'AgentRingNoAnswer':
        if (channel) contacts.unanswered(message, channel, at);
        break;
      case 'AgentConnect':
        if (channel) contacts.connect(message, channel, at);
        break;
      case 'DialBegin':
        if (dest) contacts.dial(message, channel, dest, at);
        break;
      case 'DialEnd':
        if (dest) contacts.dialEnd(message, channel, dest, at);
        break;
      case 'BridgeCreate':
      case 'BridgeListItem':
        markHolding(message);
        break;
      case 'BridgeEnter':
        markHolding(message);
        if (channel) {
          contacts.goesOn(channel);
          calls.enter(channel, message.text('BridgeUniqueid'), message.text('SwapUniqueid'));
        }
        break;
      case 'BridgeLeave':
        if (channel?.bridge === message.text('BridgeUniqueid')) calls.leave(channel);
        break;
      case 'Hold':
        if (channel) channel.heldAt ??= at;
        break;
      case 'Unhold':
        if (channel) channel.heldAt = null;
        break;
      case 'Rename':
        if (channel) calls.rename(channel, message.text('Newname'));
        break;
      case 'HangupRequest':
        if (channel) contacts.hangupAsked(channel);
        break;
      case 'Hangup':
        if (channel) contacts.hangup(message, channel, at);
        break;
      case 'BlindTransfer':
        contacts.blindTransfer(message, at);
        break;
      case 'ParkedCall':
        if (parkee) {
          contacts.goesOn(parkee);
          parkee.parked = message.text('ParkingSpace') || '?';
        }
        break;
      case 'UnParkedCall':
        if (parkee) parkee.parked = null;
        break;
      case 'ParkedCallTimeOut':
        if (parkee) contacts.unparked(parkee, at);
        break;
      case 'Newexten':
        if (channel) contacts.goesOn(channel);
        break;
      case 'UserEvent':
        if (channel) contacts.goesOn(channel);
        userEvents(message, channel, at);
        break;
      case 'QueueParams':
        if (isId(message.text('Queue'))) queuesSeen.add(message.text('Queue'));
        break;
      case 'QueueEntry':
        collecting?.entries.set(message.text('Uniqueid'), {
          queue: message.text('Queue'),
          joinedAt: at - (message.number('Wait') ?? 0) * 1_000,
        });
        break;
      case 'CoreShowChannel':
        if (channel) list(channel, message);
        break;
    }
  }

  function markHolding(message: Message): void {
    if (/holding/i.test(`${message.text('BridgeTechnology')} ${message.text('BridgeType')}`))
      calls.markHolding(message.text('BridgeUniqueid'));
  }

  function list(channel: Channel, message: Message): void {
    const bridge = message.known('BridgeId');
    if (bridge === '') calls.leave(channel);
    else if (channel.bridge !== bridge) calls.enter(channel, bridge, '');
  }

  /** Since when somebody is on a break: known to the PBX, on its own clock. */
  function breakSince(person: Person, { state }: AgentPresent, at: number): number | null {
    const pauses = [...person.memberships.values()].map((one) => one.lastPause);
    const last = Math.max(0, ...pauses) * 1_000;
    return state !== 'break' || last === 0 || offset === null
      ? null
      : Math.min(at, Math.round(last + offset));
  }

  return {
    connected(at) {
      begin(at);
      generation += 1;
      online = true;
      collecting = { entries: new Map(), lists: new Set() };
      gone.clear();
      queuesSeen.clear();
      return finish();
    },

    disconnected() {
      online = false;
      collecting = null;
      contacts.cut();
      odd.clear();
    },

    take(message, at) {
      begin(at);
      contacts.pass(now);
      if (message.response !== '') {
        const seconds = message.number('Timestamp');
        if (message.text('Ping') !== '' && seconds !== null) offset = at - seconds * 1_000;
      }
      if (message.event === '') return finish();
      if (collecting && message.event.endsWith('Complete')) collecting.lists.add(message.event);
      const touched: Touched = { channels: new Set(), contacts: new Set(), people: new Set() };
      around(channelsOf(message), touched);
      learn(message);
      for (const person of people.take(message, at, generation)) touched.people.add(person);
      happen(message, at);
      // Looked at again: a message may have joined what was apart.
      const after: Touched = {
        channels: new Set(),
        contacts: touched.contacts,
        people: touched.people,
      };
      around(channelsOf(message), after);
      if (message.event === 'Hangup') {
        calls.remove(message.text('Uniqueid'));
        if (collecting) gone.add(message.text('Uniqueid'));
      }
      for (const contact of touched.contacts) contacts.look(contact, at);
      for (const person of touched.people) tellPerson(person, at);
      return finish();
    },

    snapshot(at) {
      begin(at);
      contacts.pass(now);
      const { entries, lists } = collecting ?? {
        entries: new Map<string, QueueEntry>(),
        lists: new Set<string>(),
      };
      collecting = null;
      const channelsKnown = lists.has(LISTS.channels);
      const queuesKnown = lists.has(LISTS.queues);
      if (channelsKnown) calls.forgetBefore(generation);
      if (queuesKnown) people.forgetBefore(generation);
      if (channelsKnown) {
        const length = out.length;
        adopt({ calls, contacts, people, entries, queuesKnown, strip: table.dialling.strip, at });
        out.length = length;
      }
      const shown = [...people.all()];
      for (const person of shown) tellName(person, at);
      const agents = shown.map((person) => {
        const data = presentOf(person, at);
        told.set(person.id, JSON.stringify(data));
        const since = breakSince(person, data, at);
        return { id: person.id, ...data, ...(since === null ? {} : { since }) };
      });
      emit(
        'source.snapshot',
        source,
        {
          at,
          ...(queuesKnown ? { agents } : {}),
          ...(channelsKnown ? { contacts: contactsNow(contacts) } : {}),
          ...(queuesKnown ? { queues: [...queuesSeen].sort().map((id) => ({ id })) } : {}),
        },
        at,
      );
      return finish();
    },

    pass(at) {
      begin(at);
      if (!online || collecting) return finish();
      contacts.pass(now);
      for (const [person, dueAt] of [...odd]) if (dueAt <= at) tellPerson(person, at);
      return finish();
    },

    nextAt() {
      if (!online || collecting) return null;
      let next = contacts.nextAt();
      for (const dueAt of odd.values()) if (next === null || dueAt < next) next = dueAt;
      return next;
    },
  };
}

interface Touched {
  readonly channels: Set<Channel>;
  readonly contacts: Set<Contact>;
  readonly people: Set<Person>;
}
