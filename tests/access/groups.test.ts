// Groups of the company's own sign-in become roles and teams: what may be written in the settings, and what comes of it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grantedTo, groupsIn, parseGrants } from '../../server/access/groups.ts';
import type { GroupGrant } from '../../server/access/groups.ts';
import { isAtLeast, PERSON_ROLES } from '../../server/contract/access.ts';
import { isId } from '../../server/contract/ids.ts';

const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }).filter(isId);
const role = fc.constantFrom(...PERSON_ROLES);
const grant: fc.Arbitrary<GroupGrant> = fc.record({
  group: name,
  role,
  teams: fc.array(name, { maxLength: 3 }),
});
const grants = fc.array(grant, { minLength: 1, maxLength: 8 });
/** Some of their groups, and some that nobody granted anything. */
const both = grants.chain((some) =>
  fc.tuple(
    fc.constant(some),
    fc.array(fc.oneof(fc.constantFrom(...some.map(({ group }) => group)), name)),
  ),
);

const written = (some: readonly GroupGrant[]): string =>
  some
    .map(({ group, role, teams }) => {
      const of = teams.length > 0 ? `:${teams.map(encodeURIComponent).join(',')}` : '';
      return `${role}${of}=${encodeURIComponent(group)}`;
    })
    .join(' ');

describe('groups', () => {
  it('[ACC-61] are written one word each, role, teams and group', () => {
    expect(
      parseGrants(
        'supervisor=pharos-supervisors lead:billing,sales=cn=leads,ou=x installer=it%20it',
      ),
    ).toEqual([
      { group: 'pharos-supervisors', role: 'supervisor', teams: [] },
      { group: 'cn=leads,ou=x', role: 'lead', teams: ['billing', 'sales'] },
      { group: 'it it', role: 'installer', teams: [] },
    ]);
    fc.assert(
      fc.property(grants, (some) => {
        expect(parseGrants(written(some))).toEqual(some);
      }),
    );
  });

  it.each([
    '',
    'boss=heads',
    'wall=screens',
    'Lead=heads',
    'lead',
    'lead=',
    '=heads',
    'lead:=heads',
    'lead:a,,b=heads',
    'lead:constructor=heads',
    'lead=100%',
    'agent=ok lead',
  ])('[ACC-61] are refused as a whole where one is written as "%s"', (given) => {
    expect(parseGrants(given)).toBeUndefined();
  });

  it('[ACC-61] are read without a fault, whatever is written', () => {
    fc.assert(
      fc.property(fc.string(), (given) => {
        const read = parseGrants(given) ?? [];
        return read.every(({ teams }) => teams.every(isId));
      }),
    );
  });

  it('[ACC-62] give the highest role and the teams of all, those of the highest role first', () => {
    const some = parseGrants('agent:sales=sellers lead:billing=leads agent=all') ?? [];
    expect(grantedTo(['all', 'sellers', 'leads', 'cooks'], some)).toEqual({
      role: 'lead',
      teams: ['billing', 'sales'],
    });
    const again = parseGrants('agent:b,a,c=y lead:a,b=x') ?? [];
    expect(grantedTo(['y', 'x'], again)?.teams).toEqual(['a', 'b', 'c']);
    expect(grantedTo(['all'], some)).toEqual({ role: 'agent', teams: [] });
    expect(grantedTo(['cooks', 'LEADS', ''], some)).toBeNull();
    fc.assert(
      fc.property(both, ([given, groups]) => {
        const theirs = given.filter(({ group }) => groups.includes(group));
        const got = grantedTo(groups, given);
        if (theirs.length === 0) {
          expect(got).toBeNull();
          return;
        }
        expect(theirs.map(({ role }) => role)).toContain(got?.role);
        for (const { role } of theirs) expect(isAtLeast(got?.role ?? 'agent', role)).toBe(true);
        expect(new Set(got?.teams)).toEqual(new Set(theirs.flatMap(({ teams }) => teams)));
        expect(new Set(got?.teams).size).toBe(got?.teams.length);
        const own = theirs.filter(({ role }) => role === got?.role).flatMap(({ teams }) => teams);
        if (own.length > 0) expect(own).toContain(got?.teams[0]);
      }),
    );
  });

  it('[ACC-62] give the same in whatever order they come, and no less with one more', () => {
    fc.assert(
      fc.property(both, name, ([given, groups], more) => {
        const got = grantedTo(groups, given);
        expect(grantedTo([...groups].reverse(), given)).toEqual(got);
        expect(grantedTo([...groups, ...groups], given)).toEqual(got);
        const then = grantedTo([...groups, more], given);
        if (got === null) return;
        expect(isAtLeast(then?.role ?? 'wall', got.role)).toBe(true);
        for (const team of got.teams) expect(then?.teams).toContain(team);
      }),
    );
  });

  it('[ACC-63] are a list of texts or one text of the claim, and nothing else is one', () => {
    expect(groupsIn({ groups: ['a', 7, null, ['b'], { c: 1 }, 'd'] }, 'groups')).toEqual([
      'a',
      'd',
    ]);
    expect(groupsIn({ hd: 'tellson.example' }, 'hd')).toEqual(['tellson.example']);
    expect(groupsIn({ groups: {} }, 'groups')).toEqual([]);
    for (const nothing of [{}, { groups: null }, { roles: ['a'] }])
      expect(groupsIn(nothing, 'groups')).toBeUndefined();
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything()), fc.string(), (claims, claim) =>
        (groupsIn(claims, claim) ?? []).every((group) => typeof group === 'string'),
      ),
    );
  });

  it('[ACC-63] are no e-mail address that nobody proved', () => {
    const claims = { email: 'anna@tellson.example' };
    expect(groupsIn({ ...claims, email_verified: true }, 'email')).toEqual([claims.email]);
    for (const email_verified of [false, undefined, 'true', 1])
      expect(groupsIn({ ...claims, email_verified }, 'email')).toEqual([]);
  });
});
