// From AMI messages to Pharos events, pure: time is an argument. One room, since live messages and lists share what is known.
import type { NewEvent } from '../../events/event.ts';
import { isId } from '../../contract/ids.ts';
import type { DataIn, EventType } from '../../events/schema.ts';
import { adopt, contactsNow } from './adoption.ts';
import type { AgentPresent } from './agent-state.ts';
import { createCalls } from './calls.ts';
import type { Channel } from './calls.ts';
import type { Contact, QueueEntry } from './contact.ts';
import { Contacts } from './contacts.ts';
import { createDispatch, isRelevant, prefixesOf } from './dispatch.ts';
import type { Message } from './message.ts';
import { createPeople } from './people.ts';
import type { Person } from './people.ts';
import { DEFAULT_TABLE } from './table.ts';
import type { AsteriskTable } from './table.ts';
import { createTelling } from './telling.ts';
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

const GONE_MAX = 2_000;
/** Lists that must have come whole before what they did not name is over. */
const LISTS = { queues: 'QueueStatusComplete', channels: 'CoreShowChannelsComplete' } as const;
export function createTranslator(options: TranslatorOptions): Translator {
  const { source, name } = options;
  const table = options.table ?? DEFAULT_TABLE;
  const calls = createCalls();
  const people = createPeople(table);
  let out: NewEvent[] = [];
  let now = 0;
  let emitted = 0;
  let generation = 1;
  let online = false;
  /** Null outside of a snapshot's collection. */
  let collecting: {
    readonly entries: Map<string, QueueEntry>;
    readonly lists: Set<string>;
  } | null = null;
  /** Channels that hung up lately: a list that was on its way, or a late message, may still name them. */
  const gone = new Set<string>();
  /** PBX's clock to ours, milliseconds; null until a Pong told. */
  let offset: number | null = null;
  /** Queues that the PBX has, as its last answer says. */
  const queuesSeen = new Set<string>();

  function emit<T extends EventType>(type: T, subject: string, data: DataIn[T], at: number): void {
    const instant = Math.round(at);
    emitted += 1;
    const id = `${subject}/${type}/${instant.toString(36)}.${emitted.toString(36)}`;
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

  const dispatch = createDispatch({ calls, contacts, userEvents });
  const telling = createTelling({ people, contacts, emit });

  function begin(at: number): void {
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
      for (const contact of [contacts.of(channel), contacts.ofLeg(channel.uniqueid)])
        if (contact) into.contacts.add(contact);
    }
  }

  function channelsOf(message: Message): readonly Channel[] {
    const found: Channel[] = [];
    for (const prefix of prefixesOf(message.event)) {
      const channel = calls.get(message.text(`${prefix}Uniqueid`));
      if (channel) found.push(channel);
    }
    return found;
  }

  function learn(message: Message): void {
    for (const prefix of prefixesOf(message.event)) {
      const uniqueid = message.text(`${prefix}Uniqueid`);
      if (uniqueid !== '' && !gone.has(uniqueid)) calls.learn(message, prefix, generation);
    }
  }

  /** What only a snapshot's answers say. */
  function note(message: Message, at: number): void {
    const queue = message.text('Queue');
    if (message.event === 'QueueParams' && isId(queue)) queuesSeen.add(queue);
    if (message.event !== 'QueueEntry' || !isId(queue)) return;
    const joinedAt = at - (message.number('Wait') ?? 0) * 1_000;
    collecting?.entries.set(message.text('Uniqueid'), { queue, joinedAt });
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
      queuesSeen.clear();
      return finish();
    },

    disconnected() {
      online = false;
      collecting = null;
      contacts.cut();
      telling.cut();
    },

    take(message, at) {
      begin(at);
      if (online && collecting === null) {
        contacts.pass(now);
        telling.pass(now);
      }
      if (message.response !== '') {
        const seconds = message.number('Timestamp');
        if (message.text('Ping') !== '' && seconds !== null) offset = at - seconds * 1_000;
      }
      if (message.event === '' || !isRelevant(message.event)) return finish();
      if (collecting && message.event.endsWith('Complete')) collecting.lists.add(message.event);
      const touched: Touched = { channels: new Set(), contacts: new Set(), people: new Set() };
      around(channelsOf(message), touched);
      learn(message);
      for (const person of people.take(message, at, generation)) touched.people.add(person);
      note(message, at);
      dispatch(message, at);
      // Looked at again: a message may have joined what was apart.
      const after: Touched = {
        channels: new Set(),
        contacts: touched.contacts,
        people: touched.people,
      };
      around(channelsOf(message), after);
      if (message.event === 'Hangup') {
        people.letGo(calls.get(message.text('Uniqueid'))?.device ?? '', at);
        calls.remove(message.text('Uniqueid'));
        gone.add(message.text('Uniqueid'));
        if (gone.size > GONE_MAX) gone.delete(gone.values().next().value!);
      }
      for (const contact of touched.contacts) contacts.look(contact, at);
      if (online && collecting === null)
        for (const person of touched.people) telling.tell(person, at);
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
      const agents = telling.all(at).map(({ id, person, data }) => {
        const since = breakSince(person, data, at);
        return { id, ...data, ...(since === null ? {} : { since }) };
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
      telling.pass(now);
      return finish();
    },

    nextAt() {
      if (!online || collecting) return null;
      const instants = [contacts.nextAt(), telling.nextAt()].filter((one) => one !== null);
      return instants.length === 0 ? null : Math.min(...instants);
    },
  };
}

interface Touched {
  readonly channels: Set<Channel>;
  readonly contacts: Set<Contact>;
  readonly people: Set<Person>;
}
