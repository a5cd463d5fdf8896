// What a less trusted program may send: types, by which a star ends what is only begun.

/** Unless an installer says otherwise. */
export const PRODUCER_GRANT = [
  'contact.*',
  'callback.*',
  'assist.*',
  'agent.state',
  'source.*',
] as const;

export function isGranted(grant: readonly string[], type: string): boolean {
  return grant.some((may) =>
    may.endsWith('*') ? type.startsWith(may.slice(0, -1)) : type === may,
  );
}

/** What may stand in a grant: a type of the contract, or its beginning with a star. */
export function isGrant(text: string): boolean {
  return /^[a-z][a-z-]{0,31}\.(\*|[a-z][a-z-]{0,31})$/.test(text);
}

/** Names that say more than that a program spoke: no source may have them. */
export const TAKEN_SOURCES: readonly string[] = ['pharos', 'desk', 'demo', 'unknown', 'other'];
