// Whether what somebody says is about something that they may see: what they may not see is unknown to them.
import { teamsOf } from '../access/identity.ts';
import type { Identity } from '../access/identity.ts';
import { queuesFor } from '../boards/scope.ts';
import { createSight } from '../boards/sight.ts';
import type { Sight } from '../boards/sight.ts';
import type { AlertFact, Facts } from '../floor/rows.ts';
import type { Heard } from './command-said.ts';

/** What this caller may see of the floor at this moment. */
export function sightOf(identity: Identity, facts: Facts): Sight {
  const teams = teamsOf(identity);
  return createSight({ audience: 'desk', teams, queues: queuesFor(teams, facts), tables: [] });
}

/** Also where it is over. */
export function seesEpisode(sight: Sight, episode: AlertFact, facts: Facts): boolean {
  return sight.alerts({ ...episode, state: 'firing' }, facts);
}

/** True, too, where there is no such thing: whoever obeys says so. */
export function isWithin({ says }: Heard, sight: Sight, facts: Facts): boolean {
  if ('episode' in says) {
    const episode = facts.alerts.get(says.episode);
    return episode === undefined || seesEpisode(sight, episode, facts);
  }
  if ('assist' in says) {
    const assist = facts.assists.get(says.assist);
    return assist === undefined || sight.assists(assist, facts);
  }
  return (
    isSeen(says, 'callback', facts.callbacks, (row) => sight.callbacks(row, facts)) &&
    isSeen(says, 'team', facts.teams, (row) => sight.teams(row, facts)) &&
    isSeen(says, 'agent', facts.agents, (row) => sight.agents(row, facts)) &&
    isSeen(says, 'contact', facts.contacts, (row) => sight.contacts(row, facts))
  );
}

function isSeen<T>(
  says: object,
  field: string,
  table: ReadonlyMap<string, T>,
  sees: (row: T) => boolean,
): boolean {
  const id = (says as Readonly<Record<string, unknown>>)[field];
  const row = typeof id === 'string' ? table.get(id) : undefined;
  return row === undefined || sees(row);
}
