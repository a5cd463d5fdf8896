// Decisions of the in-memory twin, and what people are to be told by them.
import type { Clock } from '../clock.ts';
import type { Fields } from '../events/decode.ts';
import { ENDED_KEPT_MS } from './decisions.ts';
import type { Decision, DecisionStore, Held, Notice } from './decisions.ts';

export interface MemoryDecisions extends DecisionStore {
  /** What is to be told, in the order in which it was decided. */
  readonly outbox: readonly Notice[];
  /** As FLUSHALL. */
  empty(): void;
}

interface Said {
  readonly revision: number;
  readonly entry: Fields;
  /** Null while it is open. */
  readonly endedAt: number | null;
}

type Written = Pick<Decision, 'episode' | 'key' | 'revision' | 'isOpen' | 'entry'>;

/** `append` writes to the journal, or throws. */
export function createMemoryDecisions(
  clock: Clock,
  append: (entry: Fields) => void,
): MemoryDecisions {
  const episodes = new Map<string, Said>();
  const open = new Map<string, string>();
  const outbox: Notice[] = [];

  function revisionOf(episode: string): number {
    return episodes.get(episode)?.revision ?? 0;
  }
  function retell(episode: string): void {
    const said = episodes.get(episode);
    if (said !== undefined) append(said.entry);
  }
  function write({ episode, key, revision, isOpen, entry }: Written): void {
    append(entry);
    const now = clock.now();
    episodes.set(episode, { revision, entry, endedAt: isOpen ? null : now });
    if (isOpen && !open.has(key)) open.set(key, episode);
    if (isOpen) return;
    if (open.get(key) === episode) open.delete(key);
    for (const [id, { endedAt }] of episodes)
      if (endedAt !== null && endedAt <= now - ENDED_KEPT_MS) episodes.delete(id);
  }

  return {
    outbox,
    empty() {
      episodes.clear();
      open.clear();
      outbox.length = 0;
    },
    async decide(decision) {
      const { episode, key, expected, isOpen, notices } = decision;
      const other = open.get(key);
      const isTwin = isOpen && other !== undefined && other !== episode;
      if (revisionOf(episode) !== expected || isTwin) return Promise.resolve('stale');
      write(decision);
      for (const notice of notices)
        if (!outbox.some(({ id }) => id === notice.id)) outbox.push(notice);
      return Promise.resolve('taken');
    },
    async reconcile({ episode, key, revision, isOpen, entry }: Held) {
      const kept = revisionOf(episode);
      const other = open.get(key);
      if (other !== undefined && other !== episode && (revision === 0 || isOpen)) retell(other);
      if (kept > revision) {
        retell(episode);
        return Promise.resolve('retold');
      }
      if (kept === revision || entry === null) return Promise.resolve('same');
      write({ episode, key, revision, isOpen, entry });
      return Promise.resolve('written');
    },
  };
}
