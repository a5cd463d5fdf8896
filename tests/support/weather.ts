// Events by chance as a producer writes them: few ids, so that they meet, in any order that a careless world may find.
import { AGENT_STATES, CALLBACK_RESULTS, PRESENCES } from '../../server/contract/lists.ts';
import type { NewEvent } from '../../server/events/event.ts';
import type { Chance } from './chance.ts';

export function weather(chance: Chance): NewEvent {
  const one = (kind: string, most: number): string => `${kind}-${chance.below(most)}`;
  const contact = one('contact', 30);
  const agent = one('agent', 12);
  const queue = one('queue', 3);
  const customer = {
    name: `Customer ${chance.below(30)}`,
    address: `+3712000${1000 + chance.below(30)}`,
  };
  const choices: readonly (() => NewEvent)[] = [
    () => ({ type: 'contact.queued', subject: contact, data: { queue, customer } }),
    () => ({ type: 'contact.queued', subject: contact, data: { queue, customer } }),
    () => ({ type: 'contact.ringing', subject: contact, data: { agent, queue } }),
    () => ({ type: 'contact.answered', subject: contact, data: { agent, queue } }),
    () => ({ type: 'contact.answered', subject: contact, data: { agent, queue } }),
    () => ({ type: 'contact.held', subject: contact, data: { agent } }),
    () => ({ type: 'contact.resumed', subject: contact, data: { agent } }),
    () => ({ type: 'contact.dequeued', subject: contact, data: { why: 'overflow' } }),
    () => ({ type: 'contact.ended', subject: contact, data: {} }),
    () => ({ type: 'contact.ended', subject: contact, data: {} }),
    () => ({
      type: 'agent.state',
      subject: agent,
      data: { state: chance.of(AGENT_STATES), memberOf: [queue] },
    }),
    () => ({
      type: 'agent.profile',
      subject: agent,
      data: { name: `Person ${agent}`, team: one('team', 3), role: 'lead' },
    }),
    () => ({
      type: 'supervisor.presence',
      subject: agent,
      data: { presence: chance.of(PRESENCES) },
    }),
    () => ({
      type: 'callback.promised',
      subject: one('callback', 6),
      data: { customer, dueAt: 4_000_000_000_000 + chance.below(1_000), by: agent },
    }),
    () => ({
      type: 'callback.attempted',
      subject: one('callback', 6),
      data: { by: agent, result: chance.of(CALLBACK_RESULTS) },
    }),
    () => ({ type: 'assist.requested', subject: one('assist', 4), data: { agent, contact } }),
    () => ({ type: 'assist.closed', subject: one('assist', 4), data: { by: agent } }),
  ];
  return chance.of(choices)();
}
