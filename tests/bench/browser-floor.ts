// A floor of five hundred agents and fifty queues, and what a busy tenth of a second changes of it: twenty rows.
import { AGENT_STATES, CONTACT_STATES } from '../../server/contract/lists.ts';
import type { Changes } from '../../server/contract/delta.ts';
import type { AgentRow, ContactRow, QueueRow } from '../../server/contract/rows.ts';
import { bareRecord } from '../../server/contract/delta.ts';
import type { RowOf, Table, Tables } from '../../server/contract/tables.ts';
import type { Chance } from '../support/chance.ts';
import { floorRows, NOW } from '../support/wall-floors.ts';

export const AGENTS = 500;
export const QUEUES = 50;
export const ROWS = 20;

/** Of twenty rows, as a floor of this size sends them in a frame of 100 ms: the last one is of the seldom tables. */
const MIX = { agents: 7, contacts: 6, queues: 4, intervals: 2 } as const;
const WAITING = 60;
/** One change of an agent in so many is a coming or going: twice a shift, among some four hundred. */
const COMES_OR_GOES = 200;
const WORKING = AGENT_STATES.filter((state) => state !== 'offline');

export function benchFloor(): Tables {
  const tables = floorRows({
    queues: QUEUES,
    agents: AGENTS,
    teams: 25,
    busy: true,
    longNames: false,
    alerts: 'three',
    demo: false,
  });
  // The picture's floor has a day for some queues only; here each queue has one.
  const days = [...tables.intervals.values()].filter(({ queue }) => queue === 'q0');
  for (const queue of tables.queues.keys())
    for (const day of days) {
      const id = `${queue} ${day.start}`;
      tables.intervals.set(id, { ...day, id, queue });
    }
  for (const [id, agent] of tables.agents) {
    if (agent.state !== 'talking' && agent.state !== 'holding') continue;
    const contact = `c-${id}`;
    tables.contacts.set(contact, contactRow(contact, { agent: id, state: 'talking' }));
    tables.agents.set(id, { ...agent, contact });
  }
  for (let i = 0; i < WAITING; i += 1) tables.contacts.set(`w-${i}`, contactRow(`w-${i}`, {}));
  return tables;
}

/** The next twenty rows, and the contacts that are over; to be applied to `tables` by who sends them. */
export function nextChanges(tables: Tables, chance: Chance, turn: number): Changes {
  const put: { [T in Table]?: Record<string, RowOf[T]> } = {};
  const at = NOW + turn * 100;
  put.agents = bareRecord();
  for (const agent of some(tables.agents, MIX.agents, chance))
    put.agents[agent.id] = moved(agent, chance, at);
  put.contacts = bareRecord();
  for (const contact of some(tables.contacts, MIX.contacts - 2, chance))
    put.contacts[contact.id] = { ...contact, state: chance.of(CONTACT_STATES), since: at };
  for (const n of [0, 1]) {
    const id = `n-${turn}-${n}`;
    put.contacts[id] = contactRow(id, { since: at, queuedAt: at });
  }
  put.queues = bareRecord();
  put.intervals = bareRecord();
  for (const [index, queue] of some(tables.queues, MIX.queues, chance).entries()) {
    put.queues[queue.id] = counted(queue, chance, at);
    const slot = tables.intervals.get(`${queue.id} ${NOW - (NOW % 1_800_000)}`);
    if (slot && index < MIX.intervals)
      put.intervals[slot.id] = { ...slot, offered: slot.offered + 1, answered: slot.answered + 1 };
  }
  seldom(tables, put, turn, at);
  const gone = [...tables.contacts.keys()].filter((id) => put.contacts?.[id] === undefined);
  return { put, gone: { contacts: gone.slice(0, 2) } };
}

function seldom(
  tables: Tables,
  put: { [T in Table]?: Record<string, RowOf[T]> },
  turn: number,
  at: number,
): void {
  switch (turn % 4) {
    case 0: {
      const site = [...tables.site.values()][0];
      if (site) put.site = { [site.id]: { ...site, lastWaitingAt: at } };
      return;
    }
    case 1: {
      const team = tables.teams.get(`t${turn % tables.teams.size}`);
      const lead = `a${turn % AGENTS}`;
      if (team) put.teams = { [team.id]: { ...team, cover: { ...team.cover, present: [lead] } } };
      return;
    }
    case 2: {
      const callback = tables.callbacks.get(`b${turn % tables.callbacks.size}`);
      if (callback)
        put.callbacks = { [callback.id]: { ...callback, attempts: callback.attempts + 1 } };
      return;
    }
    default:
      put.sources = { pbx: { id: 'pbx', state: 'live', lastAt: at, skewMs: 0, refused: 0 } };
  }
}

function moved(agent: AgentRow, chance: Chance, at: number): AgentRow {
  const leaves = agent.state !== 'offline' && chance.below(COMES_OR_GOES) === 0;
  const state = leaves ? 'offline' : chance.of(WORKING);
  return { ...agent, state, since: at, wish: state === 'break' ? 'break' : 'available' };
}

function counted(queue: QueueRow, chance: Chance, at: number): QueueRow {
  const waiting = chance.below(13);
  const today = { ...queue.today, offered: queue.today.offered + 1 };
  return {
    ...queue,
    waiting,
    oldestAt: waiting === 0 ? null : at - chance.below(300) * 1_000,
    today: { ...today, serviceLevel: today.withinTarget / today.offered },
    agents: { ...queue.agents, available: chance.below(9), talking: chance.below(9) },
  };
}

function contactRow(id: string, part: Partial<ContactRow>): ContactRow {
  return {
    id,
    queue: 'q0',
    channel: 'voice',
    direction: 'inbound',
    state: 'waiting',
    since: NOW,
    queuedAt: NOW,
    answeredAt: null,
    agent: null,
    customer: { label: '…417' },
    hold: { count: 0, totalMs: 0, since: null, atLeast: false, parked: null },
    ...part,
  };
}

/** `count` different rows. */
function some<R extends { readonly id: string }>(
  rows: ReadonlyMap<string, R>,
  count: number,
  chance: Chance,
): readonly R[] {
  const all = [...rows.values()];
  const chosen = new Map<string, R>();
  while (chosen.size < count) {
    const row = chance.of(all);
    chosen.set(row.id, row);
  }
  return [...chosen.values()];
}
