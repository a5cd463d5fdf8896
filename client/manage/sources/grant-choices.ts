// What a source may send, as choices in words, and further types by hand.
import { isGrant, PRODUCER_GRANT } from '../../../server/contract/grants.ts';
import type { AccessKey } from '../access/access-words.ts';

export interface GrantChoice {
  readonly word: Extract<AccessKey, `sources.grant.${string}`>;
  /** All that it means. */
  readonly types: readonly string[];
}

export const GRANT_CHOICES: readonly GrantChoice[] = [
  { word: 'sources.grant.contact', types: ['contact.*'] },
  { word: 'sources.grant.callback', types: ['callback.*'] },
  { word: 'sources.grant.assist', types: ['assist.*'] },
  { word: 'sources.grant.agent-state', types: ['agent.state'] },
  { word: 'sources.grant.source', types: ['source.*'] },
  { word: 'sources.grant.queue-profile', types: ['queue.profile'] },
  { word: 'sources.grant.agent-profile', types: ['agent.profile'] },
  { word: 'sources.grant.team-profile', types: ['team.profile'] },
  { word: 'sources.grant.presence', types: ['supervisor.presence', 'cover.*'] },
];

export const FIRST_GRANT: readonly string[] = PRODUCER_GRANT;

/** What no choice means: shown by its name. */
export function otherTypes(grant: readonly string[]): readonly string[] {
  const meant = new Set(
    GRANT_CHOICES.filter((choice) => isChosen(choice, grant)).flatMap(({ types }) => types),
  );
  return grant.filter((type) => !meant.has(type));
}

export function isChosen({ types }: GrantChoice, grant: readonly string[]): boolean {
  return types.every((type) => grant.includes(type));
}

export function turned(
  grant: readonly string[],
  { types }: GrantChoice,
  isOn: boolean,
): readonly string[] {
  const others = grant.filter((type) => !types.includes(type));
  return isOn ? [...others, ...types] : others;
}

/** Types that were typed, or the first that is none. */
export function typedTypes(
  text: string,
): { readonly types: readonly string[] } | { readonly bad: string } {
  const types = text.split(/[\s,;]+/).filter((type) => type !== '');
  const bad = types.find((type) => !isGrant(type));
  return bad === undefined ? { types } : { bad };
}
