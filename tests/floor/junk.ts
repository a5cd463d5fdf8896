// Random stories: every type of event, few ids so that they meet, times that mostly go on and sometimes jump.
import fc from 'fast-check';
import { AGENT_STATES, SOURCE_FAULTS } from '../../server/contract/lists.ts';
import type { PharosEvent } from '../../server/events/event.ts';
import type { EventType } from '../../server/events/schema.ts';
import { SCHEMAS } from '../../server/events/schema.ts';
import { NINE } from './scene.ts';

export interface Entry {
  /** The instant of its entry in the log. */
  readonly entryAt: number;
  readonly event: PharosEvent;
}

const agent = fc.constantFrom('anna', 'ben', 'chloe', 'dora');
const queue = fc.constantFrom('billing', 'sales', '*');
const team = fc.constantFrom('red', 'blue');
const contact = fc.constantFrom('c1', 'c2', 'c3', 'c4', 'c5');
const callback = fc.constantFrom('p1', 'p2');
const source = fc.constantFrom('pbx', 'crm', 'desk');
const instant = fc.integer({ min: -7_200, max: 90_000 }).map((seconds) => NINE + seconds * 1_000);
const address = fc.constantFrom(
  '+37120000001',
  '20000001',
  '20000002 ext 5',
  '117',
  'a@example.org',
);
const customer = fc.record({ address, name: fc.constant('Ernest') }, { requiredKeys: [] });
const opt = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
const anyOf = <T extends readonly string[]>(list: T) => fc.constantFrom(...list);
const states = anyOf(AGENT_STATES);
const pauses = fc.dictionary(fc.constantFrom('billing', 'sales'), fc.constant('Lunch'));
const listedContact = fc.record({
  id: contact,
  state: anyOf(['routing', 'waiting', 'ringing', 'talking', 'held'] as const),
  queue: opt(queue),
  queuedAt: opt(instant),
  answeredAt: opt(instant),
  agent: opt(agent),
  held: opt(fc.record({ since: instant })),
});
const listedAgent = fc.record({
  id: agent,
  state: states,
  since: opt(instant),
  memberOf: opt(fc.array(queue)),
});

type Given = { readonly [T in EventType]?: readonly [fc.Arbitrary<string>, fc.Arbitrary<unknown>] };
const GIVEN = {
  'site.profile': [
    fc.constant('main'),
    fc.record({
      dayStarts: opt(anyOf(['00:00', '06:15'])),
      zone: opt(anyOf(['Asia/Kathmandu', 'Europe/Riga'])),
    }),
  ],
  'team.profile': [
    team,
    fc.record({
      name: fc.constant('T'),
      leads: opt(fc.array(agent)),
      coveredBy: opt(fc.array(team)),
      coverHours: opt(anyOf(['08:00-20:00', '22:00-06:00', '09:00-24:00'])),
    }),
  ],
  'queue.profile': [
    queue,
    fc.record({
      name: fc.constant('Q'),
      target: opt(
        fc.record({ seconds: fc.integer({ min: 0, max: 60 }), percent: fc.constant(80) }),
      ),
      wrapUpSeconds: opt(fc.integer({ min: 0, max: 30 })),
      shortAbandonSeconds: opt(fc.integer({ min: 0, max: 30 })),
    }),
  ],
  'agent.profile': [
    agent,
    fc.record({
      name: fc.constant('A'),
      team: opt(team),
      role: opt(anyOf(['agent', 'lead'])),
      queues: opt(fc.array(queue)),
    }),
  ],
  'agent.state': [
    agent,
    fc.record({
      state: states,
      contact: opt(contact),
      wish: opt(anyOf(['available', 'break', 'offline'])),
      pausedIn: opt(pauses),
      memberOf: opt(fc.array(queue)),
    }),
  ],
  'supervisor.presence': [
    agent,
    fc.record({
      presence: anyOf(['desk', 'floor', 'meeting', 'call', 'away', 'offline']),
      until: opt(instant),
    }),
  ],
  'cover.taken': [team, fc.record({ by: agent, until: opt(instant) })],
  'cover.ended': [team, fc.record({ by: agent })],
  'contact.started': [
    contact,
    fc.record({
      direction: anyOf(['inbound', 'outbound', 'internal']),
      customer: opt(customer),
      agent: opt(agent),
      callback: opt(callback),
    }),
  ],
  'contact.queued': [contact, fc.record({ queue, customer: opt(customer) })],
  'contact.dequeued': [contact, fc.record({ why: anyOf(['timeout', 'overflow']) })],
  'contact.ringing': [contact, fc.record({ agent: opt(agent), queue: opt(queue) })],
  'contact.unanswered': [contact, fc.record({ agent: opt(agent) })],
  'contact.answered': [contact, fc.record({ agent: opt(agent), queue: opt(queue) })],
  'contact.held': [contact, fc.record({ agent: opt(agent), parked: opt(fc.constant('701')) })],
  'contact.resumed': [contact, fc.record({ agent: opt(agent) })],
  'contact.transferred': [
    contact,
    fc.record({
      to: fc.record({ agent: opt(agent), queue: opt(queue) }),
      kind: opt(anyOf(['blind', 'attended'])),
    }),
  ],
  'contact.tagged': [contact, fc.record({ incident: opt(fc.constant('i1')) })],
  'contact.ended': [
    contact,
    fc.record({
      by: opt(anyOf(['customer', 'agent', 'system'])),
      outcome: opt(anyOf(['answered', 'abandoned', 'failed', 'unknown'])),
    }),
  ],
  'callback.promised': [callback, fc.record({ customer, dueAt: instant, contact: opt(contact) })],
  'callback.claimed': [callback, fc.record({ by: agent })],
  'callback.released': [callback, fc.record({ by: agent })],
  'callback.attempted': [
    callback,
    fc.record({
      by: opt(agent),
      contact: opt(contact),
      result: anyOf(['answered', 'no-answer', 'voicemail']),
    }),
  ],
  'callback.completed': [callback, fc.record({ by: agent })],
  'callback.cancelled': [callback, fc.record({ by: agent })],
  'assist.requested': [fc.constantFrom('h1', 'h2'), fc.record({ agent })],
  'assist.claimed': [fc.constantFrom('h1', 'h2'), fc.record({ by: agent })],
  'assist.closed': [fc.constantFrom('h1', 'h2'), fc.record({ by: agent })],
  'board.removed': [fc.constant('main'), fc.constant({})],
  'source.snapshot': [
    source,
    fc.record({
      at: opt(instant),
      agents: opt(fc.array(listedAgent, { maxLength: 3 })),
      contacts: opt(fc.array(listedContact, { maxLength: 3 })),
    }),
  ],
  'source.faulted': [source, fc.record({ fault: anyOf(SOURCE_FAULTS), lost: opt(fc.constant(3)) })],
  'source.refused': [source, fc.record({ count: fc.integer({ min: 1, max: 9 }) })],
  'source.heartbeat': [source, fc.record({ everySeconds: fc.integer({ min: 1, max: 60 }) })],
} as const satisfies Given;

/** How often a type comes; the busy ones are those of contacts. */
const weightOf = (type: string): number => (type.startsWith('contact.') ? 6 : 2);

const told = fc.oneof(
  ...(
    Object.entries(GIVEN) as [EventType, readonly [fc.Arbitrary<string>, fc.Arbitrary<unknown>]][]
  ).map(([type, [subject, data]]) => ({
    weight: weightOf(type),
    arbitrary: fc.record({ type: fc.constant(type), subject, data, source }),
  })),
);

/** Entries in the order of the log; an event may be late by up to two minutes, or ahead by two seconds. */
export const story = fc
  .array(
    fc.record({
      told,
      gap: fc.oneof(
        { weight: 20, arbitrary: fc.integer({ min: 0, max: 15_000 }) },
        { weight: 1, arbitrary: fc.integer({ min: 0, max: 40_000_000 }) },
      ),
      late: fc.oneof(
        { weight: 4, arbitrary: fc.constant(0) },
        fc.integer({ min: -2_000, max: 120_000 }),
      ),
    }),
    { maxLength: 60 },
  )
  .map((entries) => {
    let entryAt = NINE;
    return entries.map(({ told, gap, late }, i): Entry => {
      entryAt += gap;
      const data: unknown = SCHEMAS[told.type].parse(told.data);
      const event = { ...told, data, id: `e${i}`, at: entryAt - late } as PharosEvent;
      return { entryAt, event };
    });
  });
