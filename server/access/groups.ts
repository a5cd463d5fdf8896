// Groups of the company's own sign-in: which of them gives which role and teams here. Pure.
import { PERSON_ROLES } from '../contract/access.ts';
import type { PersonRole } from '../contract/access.ts';
import { isId } from '../contract/ids.ts';

/** Who is in this group has this role, and these teams. */
export interface GroupGrant {
  readonly group: string;
  readonly role: PersonRole;
  readonly teams: readonly string[];
}

export interface Granted {
  readonly role: PersonRole;
  readonly teams: readonly string[];
}

export type Claims = Readonly<Record<string, unknown>>;

export const GRANTS_EXPECTED =
  'ROLE=GROUP or ROLE:TEAM,TEAM=GROUP, separated by spaces, such as supervisor=pharos-supervisors lead:billing=billing-leads installer=it, each a role of ' +
  `${PERSON_ROLES.join(', ')}, with %20 for a space within a name`;

/** `supervisor=heads lead:billing,sales=billing%20leads`; undefined: one of the words is none of these. */
export function parseGrants(given: string): readonly GroupGrant[] | undefined {
  const grants: GroupGrant[] = [];
  for (const word of given.split(/\s+/).filter(Boolean)) {
    const grant = parseGrant(word);
    if (grant === null) return undefined;
    grants.push(grant);
  }
  return grants.length > 0 ? grants : undefined;
}

function parseGrant(word: string): GroupGrant | null {
  // The group may have `=` within, as the names of a directory do.
  const [, said = '', listed = null, named = ''] = /^([a-z]+)(?::([^=]*))?=(.+)$/.exec(word) ?? [];
  const role = PERSON_ROLES.find((each) => each === said);
  const group = decoded(named);
  const teams = listed === null ? [] : listed.split(',').map(decoded);
  if (role === undefined || group === null || group === '') return null;
  const sound = teams.filter((team): team is string => team !== null && isId(team));
  return sound.length === teams.length ? { group, role, teams: sound } : null;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** The groups that `claim` names: a list of texts, or one. Undefined: it is not there. */
export function groupsIn(claims: Claims, claim: string): readonly string[] | undefined {
  const said = claims[claim];
  if (said === undefined || said === null) return undefined;
  // An address that nobody proved may be anybody's.
  if (claim === 'email' && claims.email_verified !== true) return [];
  if (typeof said === 'string') return [said];
  return Array.isArray(said)
    ? said.filter((group): group is string => typeof group === 'string')
    : [];
}

/** The highest role of all their groups and the teams of each, those of the highest role first; null: none of them is granted anything. */
export function grantedTo(
  groups: readonly string[],
  grants: readonly GroupGrant[],
): Granted | null {
  const theirs = grants
    .filter(({ group }) => groups.includes(group))
    .sort((a, b) => rank(b.role) - rank(a.role));
  const [highest] = theirs;
  if (highest === undefined) return null;
  return { role: highest.role, teams: [...new Set(theirs.flatMap(({ teams }) => teams))] };
}

function rank(role: PersonRole): number {
  return PERSON_ROLES.indexOf(role);
}
