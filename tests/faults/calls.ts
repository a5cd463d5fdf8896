// A story by chance that counts: contacts of one source that queue, ring, are answered, held and ended, each id used once; agents, callbacks.
import { AGENT_STATES, CALLBACK_RESULTS } from '../../server/contract/lists.ts';
import type { NewEvent } from '../../server/events/event.ts';
import type { Chance } from '../support/chance.ts';
import { weather } from '../support/weather.ts';

const OPEN_MOST = 12;
const AGENTS = 8;
const PAST_MOST_MS = 3 * 3_600_000;
/** Any, as long as it has not come yet. */
const DUE_FIRST_MS = 3_600_000;

/** Profiles with limits so short that time alone changes rows while the test runs. */
export const PROFILES: readonly NewEvent[] = [
  ...[1, 2, 3].map((queue): NewEvent => ({
    type: 'queue.profile',
    subject: `queue-${queue}`,
    data: {
      name: `Queue ${queue}`,
      target: { seconds: queue, percent: 80 },
      wrapUpSeconds: queue,
    },
  })),
  { type: 'board.saved', subject: 'floor', data: { name: 'Floor', audience: 'desk' } },
];

type Stage = 'waiting' | 'ringing' | 'talking' | 'held';

interface Open {
  readonly id: string;
  readonly queue: string;
  agent: string;
  stage: Stage;
}

/** Each call gives the next event of the story. Ids of things begin with `source`, but for a tenth that all sources speak of. */
export function tellCalls(source: string, chance: Chance, now: () => number): () => NewEvent {
  let made = 0;
  const open: Open[] = [];

  function begin(): NewEvent {
    made += 1;
    const queue = `queue-${1 + chance.below(3)}`;
    const contact: Open = { id: `${source}-${made}`, queue, agent: anAgent(), stage: 'waiting' };
    open.push(contact);
    const customer = { name: `Customer ${made}` };
    return { type: 'contact.queued', subject: contact.id, data: { queue, customer } };
  }

  function end(contact: Open): NewEvent {
    open.splice(open.indexOf(contact), 1);
    const by = chance.below(2) === 0 ? 'customer' : 'agent';
    return { type: 'contact.ended', subject: contact.id, data: { by } };
  }

  function goOn(contact: Open): NewEvent {
    const { id, queue, stage } = contact;
    const isEnd = chance.below(6) === 0;
    if (isEnd) return end(contact);
    switch (stage) {
      case 'waiting':
        contact.stage = 'ringing';
        contact.agent = anAgent();
        return { type: 'contact.ringing', subject: id, data: { agent: contact.agent, queue } };
      case 'ringing':
        contact.stage = 'talking';
        return { type: 'contact.answered', subject: id, data: { agent: contact.agent, queue } };
      case 'talking':
        if (chance.below(2) === 0) return end(contact);
        contact.stage = 'held';
        return { type: 'contact.held', subject: id, data: { agent: contact.agent } };
      case 'held':
        contact.stage = 'talking';
        return { type: 'contact.resumed', subject: id, data: { agent: contact.agent } };
      default:
        return stage satisfies never;
    }
  }

  function anAgent(): string {
    return `${source}-agent-${chance.below(AGENTS)}`;
  }

  function aside(): NewEvent {
    const callback = `${source}-callback-${chance.below(6)}`;
    const choices: readonly (() => NewEvent)[] = [
      () => ({
        type: 'agent.state',
        subject: anAgent(),
        data: { state: chance.of(AGENT_STATES), memberOf: [`queue-${1 + chance.below(3)}`] },
      }),
      () => ({
        type: 'callback.promised',
        subject: callback,
        data: {
          customer: { name: callback },
          dueAt: now() + DUE_FIRST_MS + chance.below(60_000),
          by: anAgent(),
        },
      }),
      () => ({
        type: 'callback.attempted',
        subject: callback,
        data: { by: anAgent(), result: chance.of(CALLBACK_RESULTS) },
      }),
      () => weather(chance),
    ];
    return chance.of(choices)();
  }

  return () => {
    if (chance.below(10) < 3) return aside();
    const isNew = open.length === 0 || (open.length < OPEN_MOST && chance.below(3) === 0);
    const event = isNew ? begin() : goOn(chance.of(open));
    // Who was cut off for a while tells later what happened then, so intervals that are closed change.
    const isLate = isNew && chance.below(8) === 0;
    return isLate ? { ...event, at: now() - chance.below(PAST_MOST_MS) } : event;
  };
}
