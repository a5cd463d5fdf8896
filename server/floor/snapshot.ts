// What a source knows right now, held against what we know: what it lists is made so, what it owned and does not list is over.
import type { DataOf } from '../events/schema.ts';
import type { Agents } from './agents.ts';
import { isUp } from './agent-state.ts';
import type { Word } from './contact-row.ts';
import type { Contacts } from './contacts.ts';
import type { Queues } from './queues.ts';
import type { Facts } from './rows.ts';

type Listed<K extends 'agents' | 'contacts'> = NonNullable<DataOf['source.snapshot'][K]>[number];

export interface SnapshotParts {
  readonly facts: Facts;
  readonly queues: Queues;
  readonly agents: Agents;
  readonly contacts: Contacts;
}

/** Known instants stay; an unknown beginning is that of the snapshot. A list that is missing says nothing. */
export function reconcile(
  parts: SnapshotParts,
  data: DataOf['source.snapshot'],
  { source, at }: { readonly source: string; readonly at: number },
): void {
  const taken = Math.min(data.at ?? at, at);
  for (const { id, name } of data.queues ?? []) parts.queues.mention(id, name);
  if (data.contacts) reconcileContacts(parts, data.contacts, { source, at: taken });
  if (data.agents) reconcileAgents(parts, data.agents, { source, at: taken });
}

function reconcileContacts(
  parts: SnapshotParts,
  listed: readonly Listed<'contacts'>[],
  { source, at }: { readonly source: string; readonly at: number },
): void {
  const { contacts } = parts;
  for (const contact of lastOfEach(listed)) {
    const word: Word = { id: contact.id, source, at };
    if (contacts.isOver(word)) continue;
    const life = contacts.find(contact.id);
    // We have heard something younger than this snapshot.
    if (life && life.lastAt > at) continue;
    if (life) correct(parts, contact, word);
    else introduce(parts, contact, word);
  }
  const named = new Set(listed.map(({ id }) => id));
  for (const id of [...contacts.ownedBy(source)]) {
    const life = contacts.find(id);
    if (!named.has(id) && life && life.lastAt <= at) contacts.vanish(id, at);
  }
}

/** A contact of which we have not heard. */
function introduce({ contacts }: SnapshotParts, listed: Listed<'contacts'>, word: Word): void {
  const { direction = 'inbound', channel, customer, queue, queuedAt, answeredAt, agent } = listed;
  const waits = listed.state === 'waiting' || listed.state === 'ringing';
  const known = { ...word, at: Math.min(queuedAt ?? answeredAt ?? word.at, word.at) };
  contacts.started(known, { direction, channel, customer });
  if (waits && queue !== undefined) contacts.queued(known, { queue });
  if (listed.state === 'ringing') contacts.ringing(word, { agent, queue });
  if (listed.state !== 'talking' && listed.state !== 'held') return;
  // Nobody is answered before they came.
  const answered = { ...word, at: Math.max(known.at, Math.min(answeredAt ?? word.at, word.at)) };
  contacts.answered(answered, { agent, queue });
  if (queue !== undefined && queuedAt !== undefined && answeredAt !== undefined)
    contacts.recall(word.id, { queue, queuedAt: known.at, answeredAt: answered.at });
  if (listed.state === 'held') hold(contacts, listed, word);
}

/** A contact that we know, and that may have gone on while nobody listened. */
function correct({ contacts, facts }: SnapshotParts, listed: Listed<'contacts'>, word: Word): void {
  const row = facts.contacts.get(listed.id);
  if (!row) return;
  const { agent, queue } = listed;
  const visit = contacts.find(listed.id)?.visit;
  const isWaiting = visit?.isWaiting === true && (queue === undefined || queue === visit.queue);
  switch (listed.state) {
    case 'routing':
      if (visit?.isWaiting) contacts.dequeued(word);
      else if (row.state !== 'routing') contacts.transferred(word, { to: {} });
      return;
    case 'waiting':
    case 'ringing':
      if (!isWaiting && queue !== undefined) {
        const entered = { ...word, at: Math.min(listed.queuedAt ?? word.at, word.at) };
        contacts.queued(entered, { queue });
      } else if (isUp(row)) contacts.transferred(word, { to: {} });
      if (listed.state === 'ringing') contacts.ringing(word, { agent, queue });
      else contacts.unanswered(word, {});
      return;
    case 'talking':
    case 'held':
      if (row.state === 'held' && listed.state === 'talking') contacts.resumed(word, { agent });
      else if (!isUp(row) || (agent !== undefined && agent !== row.agent)) {
        const answered = { ...word, at: Math.min(listed.answeredAt ?? word.at, word.at) };
        contacts.answered(answered, { agent, queue });
      }
      if (listed.state === 'held') hold(contacts, listed, word);
      return;
    default:
      listed.state satisfies never;
  }
}

function hold(contacts: Contacts, { agent, held, parked }: Listed<'contacts'>, word: Word): void {
  const since = Math.min(held?.since ?? word.at, word.at);
  const atLeast = held?.atLeast ?? held === undefined;
  contacts.held({ ...word, at: since }, { agent, parked, atLeast });
}

function reconcileAgents(
  { agents }: SnapshotParts,
  listed: readonly Listed<'agents'>[],
  { source, at }: { readonly source: string; readonly at: number },
): void {
  const isOlder = (id: string): boolean => (agents.find(id)?.saidAt ?? 0) <= at;
  for (const agent of lastOfEach(listed))
    if (isOlder(agent.id))
      agents.say(agent.id, agent, { source, at: Math.min(agent.since ?? at, at) });
  const named = new Set(listed.map(({ id }) => id));
  for (const id of [...agents.ownedBy(source)])
    if (!named.has(id) && isOlder(id)) agents.say(id, { state: 'offline' }, { source, at });
}

/** A thing that is listed twice is as it was listed last. */
function lastOfEach<T extends { readonly id: string }>(listed: readonly T[]): Iterable<T> {
  return new Map(listed.map((one) => [one.id, one])).values();
}
