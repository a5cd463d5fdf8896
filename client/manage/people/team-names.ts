// The teams of an account by their names.
import type { AccountSaid } from '../../../server/contract/access.ts';
import type { TeamRow } from '../../../server/contract/rows.ts';

/** Null: all teams, whatever the account lists. */
export function teamNames(
  { role, teams }: Pick<AccountSaid, 'role' | 'teams'>,
  known: ReadonlyMap<string, TeamRow>,
): readonly string[] | null {
  if (role === 'supervisor' || role === 'installer') return null;
  return teams.map((team) => known.get(team)?.name ?? team);
}
