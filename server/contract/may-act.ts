// Who may sit at the desk: one answer for the list that asks who one is and for the door behind it.
import type { AgentRow, TeamRow } from './rows.ts';

/** Why somebody may act; null: they may not. */
export type ActsAs = 'lead' | 'supervisor' | 'duty-manager';

interface Around {
  readonly teams: Iterable<Pick<TeamRow, 'leads'>>;
  readonly dutyManager: string | null;
}

/** By their own profile, by that of a team which names them, or as the site's duty manager. */
export function actsAs(
  { id, role }: Pick<AgentRow, 'id' | 'role'>,
  { teams, dutyManager }: Around,
): ActsAs | null {
  if (role === 'lead' || role === 'supervisor') return role;
  for (const { leads } of teams) if (leads.includes(id)) return 'lead';
  return dutyManager === id ? 'duty-manager' : null;
}
