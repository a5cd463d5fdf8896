// A floor on which something happens by chance: agents move, contacts come and go, promises are made and kept.
import { AGENT_STATES, CONTACT_STATES } from '../../server/contract/lists.ts';
import type { Chance } from './chance.ts';
import type { PaperFloor } from './paper-floor.ts';
import {
  agentRow,
  assistRow,
  callbackRow,
  contactRow,
  intervalRow,
  queueRow,
  sourceRow,
  teamRow,
} from './paper-rows.ts';

/** One change, now and then a removal. */
export function wander(floor: PaperFloor, chance: Chance, now: number): void {
  const pick = (kind: string, most: number): string => `${kind}-${chance.below(most)}`;
  const maybe = <T>(value: T): T | null => (chance.below(3) === 0 ? null : value);
  switch (chance.below(11)) {
    case 0:
    case 1:
      floor.put(
        'agents',
        agentRow(pick('agent', 12), {
          state: chance.of(AGENT_STATES),
          team: chance.below(4) === 0 ? pick('team', 3) : 'team-1',
          since: now,
          contact: maybe(pick('contact', 40)),
        }),
      );
      return;
    case 2:
    case 3:
    case 4:
      floor.put(
        'contacts',
        contactRow(pick('contact', 40), {
          state: chance.of(CONTACT_STATES),
          queue: maybe(pick('queue', 4)),
          agent: maybe(pick('agent', 12)),
          since: now,
        }),
      );
      return;
    case 5:
      floor.put(
        'queues',
        queueRow(pick('queue', 4), { waiting: chance.below(9), oldestAt: maybe(now) }),
      );
      return;
    case 6:
      floor.put(
        'callbacks',
        callbackRow(pick('callback', 10), {
          team: maybe(pick('team', 3)),
          by: maybe(pick('agent', 12)),
          attempts: chance.below(5),
        }),
      );
      return;
    case 7:
      floor.put('assists', assistRow(pick('assist', 5), { agent: pick('agent', 12) }));
      return;
    case 8:
      floor.put('teams', teamRow(pick('team', 3), { leads: [pick('agent', 12)] }));
      floor.put('sources', sourceRow('pbx', { lastAt: now }));
      return;
    case 9:
      floor.put(
        'intervals',
        intervalRow(`queue-${chance.below(4)} ${chance.below(8)}`, { offered: now % 97 }),
      );
      return;
    default: {
      const table = chance.of(['contacts', 'callbacks', 'assists', 'agents', 'queues'] as const);
      const id = [...floor.facts[table].keys()][chance.below(floor.facts[table].size + 1)];
      if (id !== undefined) floor.remove(table, id);
    }
  }
}
