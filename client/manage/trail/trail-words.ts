// One line of who did what, in words.
import { PERSON_ROLES } from '../../../server/contract/access.ts';
import type { TrailLine, TrailWord } from '../../../server/contract/access.ts';
import type { SayAccess } from '../access/access-words.ts';

/** What a line is about that is a person. */
const OF_PERSONS: readonly TrailWord[] = [
  'session-ended',
  'person-made',
  'person-changed',
  'person-removed',
  'invited',
  'password-set',
  'help-link-made',
  'help-link-ended',
];

/** What has words of its own where one does it to oneself. */
const OF_ONESELF = ['password-set', 'session-ended'] as const;

const WITH = ['password', 'open-id', 'invitation', 'token', 'demo'] as const;

export interface TrailSpeech {
  readonly say: SayAccess;
  readonly nameOf: (id: string) => string;
  readonly teamName: (id: string) => string;
}

export function deedWords(
  { what, about, by }: Pick<TrailLine, 'what' | 'about' | 'by'>,
  { say, nameOf }: TrailSpeech,
): string {
  const own = OF_ONESELF.find((one) => one === what);
  if (own !== undefined && about === by) return say(`trail.own.${own}`);
  const of = about ?? say('trail.site');
  return say(`trail.what.${what}`, { about: OF_PERSONS.includes(what) ? nameOf(of) : of });
}

/** What is said besides, each a clause. */
export function moreWords(
  { what, more }: Pick<TrailLine, 'what' | 'more'>,
  { say, teamName }: TrailSpeech,
): readonly string[] {
  const said: string[] = [];
  const by = WITH.find((one) => one === more.by);
  if (what === 'signed-in' && by !== undefined) said.push(say(`trail.with.${by}`));
  const role = PERSON_ROLES.find((one) => one === more.role);
  if (role !== undefined) said.push(say('trail.more.role', { role: say(`access.role.${role}`) }));
  if (more.teams !== undefined && more.teams !== '')
    said.push(say('trail.more.teams', { teams: more.teams.split(' ').map(teamName).join(', ') }));
  if (more.isDisabled !== undefined) said.push(say('trail.more.off'));
  if (more.grant !== undefined) said.push(say('trail.more.grant', { grant: more.grant }));
  if (more.ended !== undefined) said.push(say('trail.more.ended', { n: more.ended }));
  return said;
}
