// The links of `/help` in memory: the same promises as in Redis, under the same suite.
import type { HelpLinkStore } from '../../server/access/help-links.ts';
import type { HelpLink } from '../../server/contract/help.ts';

export interface MemoryHelpLinks extends HelpLinkStore {
  /** All that is kept, as text. */
  kept(): string;
  /** While set, it does not answer. */
  isAway: boolean;
}

export function memoryHelpLinks(): MemoryHelpLinks {
  const links = new Map<string, HelpLink>();
  const answer = <T>(value: () => T): Promise<T> =>
    store.isAway ? Promise.reject(new Error('away')) : Promise.resolve(value());
  const store: MemoryHelpLinks = {
    isAway: false,
    kept: () => JSON.stringify([...links]),
    find: (hash) => answer(() => links.get(hash) ?? null),
    all: () => answer(() => new Map(links)),
    put: (hash, link) => answer(() => void links.set(hash, link)),
    drop: (hashes) => answer(() => hashes.forEach((hash) => links.delete(hash))),
  };
  return store;
}
