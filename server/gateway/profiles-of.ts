// What the floor is to know of a person with an account: their name, role and team, where it does not know them so yet.
import type { Account } from '../access/records.ts';
import type { NewEvent } from '../events/event.ts';
import type { Facts } from '../floor/rows.ts';

/** An installer need not be on the floor. */
export function profilesOf(
  { id, name, role, teams, isDisabled }: Account,
  facts: Pick<Facts, 'agents' | 'teams'>,
): readonly NewEvent[] {
  if (isDisabled) return farewellOf(id, facts);
  const known = facts.agents.get(id);
  // A supervisor may lead a team besides; an agent leads none, and a lead those of their account.
  const keeps = (team: string): boolean =>
    role === 'lead' ? teams.includes(team) : role !== 'agent';
  const events: NewEvent[] = [...withoutLead(id, facts, keeps)];
  // An account has no word for a trainee: whoever is one stays one.
  const isTrainee = role === 'agent' && known?.role === 'trainee';
  const as = role === 'installer' || isTrainee ? known?.role : role;
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

/** Whoever may not come in any more is called by no alarm, and covers nothing: they stay on the floor as the agent that their phone is. */
export function farewellOf(
  id: string,
  facts: Pick<Facts, 'agents' | 'teams'>,
): readonly NewEvent[] {
  const known = facts.agents.get(id);
  const events: NewEvent[] = [...withoutLead(id, facts, () => false)];
  if (known === undefined) return events;
  const { name, role, presence } = known;
  if (role === 'lead' || role === 'supervisor')
    events.push({
      type: 'agent.profile',
      subject: id,
      source: 'desk',
      data: { name, role: 'agent' },
    });
  if (presence !== null && presence !== 'offline')
    events.push({
      type: 'supervisor.presence',
      subject: id,
      source: 'desk',
      data: { presence: 'offline' },
    });
  return events;
}

/** Takes somebody out of the leads of the teams that name them, but for those that they keep. */
function withoutLead(
  id: string,
  { teams }: Pick<Facts, 'teams'>,
  keeps: (team: string) => boolean,
): readonly NewEvent[] {
  return [...teams.values()]
    .filter((team) => team.leads.includes(id) && !keeps(team.id))
    .map(({ id: subject, name, leads }) => ({
      ...({ type: 'team.profile', subject, source: 'desk' } as const),
      data: { name, leads: leads.filter((lead) => lead !== id) },
    }));
}
