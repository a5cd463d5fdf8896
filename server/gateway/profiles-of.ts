// What the floor is to know of a person with an account: their name, role and team, where it does not know them so yet.
import type { Account } from '../access/records.ts';
import type { NewEvent } from '../events/event.ts';
import type { Facts } from '../floor/rows.ts';

/** An installer need not be on the floor. */
export function profilesOf(
  { id, name, role, teams, isDisabled }: Account,
  facts: Pick<Facts, 'agents' | 'teams'>,
): readonly NewEvent[] {
  if (isDisabled) return [];
  const known = facts.agents.get(id);
  const events: NewEvent[] = [];
  const as = role === 'installer' ? known?.role : role;
  const [team] = teams;
  const isNew = known === undefined && role !== 'installer';
  const isOther = known !== undefined && (known.role !== as || (known.team === null && team));
  if (isNew || isOther)
    events.push({
      type: 'agent.profile',
      subject: id,
      source: 'desk',
      data: { name: known?.name ?? name, role: as, team: known?.team ?? team },
    });
  // Whoever leads several teams is named by those that are not their own.
  for (const led of role === 'lead' ? teams : []) {
    const row = facts.teams.get(led);
    if (row === undefined || row.leads.includes(id) || led === (known?.team ?? team)) continue;
    events.push({
      type: 'team.profile',
      subject: led,
      source: 'desk',
      data: { name: row.name, leads: [...row.leads, id] },
    });
  }
  return events;
}
