// Decisions of the in-memory twin.
import type { Clock } from '../clock.ts';
import type { Fields } from '../events/decode.ts';
import { ENDED_KEPT_MS } from './decisions.ts';
import type { Decision, DecisionStore, Held } from './decisions.ts';
import type { MemoryOutbox } from './memory-outbox.ts';

export interface MemoryDecisions extends DecisionStore {
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
  outbox: Pick<MemoryOutbox, 'add' | 'noteTold'>,
): MemoryDecisions {
  const episodes = new Map<string, Said>();
  const open = new Map<string, string>();

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
    empty() {
      episodes.clear();
      open.clear();
    },
    async decide(decision) {
      const { episode, key, expected, isOpen, notices, withdrawn } = decision;
      const other = open.get(key);
      const isTwin = isOpen && other !== undefined && other !== episode;
      if (revisionOf(episode) !== expected || isTwin) return Promise.resolve('stale');
      write(decision);
      outbox.add(notices, withdrawn);
      return Promise.resolve('taken');
    },
    async reconcile({ episode, key, revision, isOpen, entry, notices, told }: Held) {
      const kept = revisionOf(episode);
      const other = open.get(key);
      if (other !== undefined && other !== episode && (revision === 0 || isOpen)) retell(other);
      if (kept > revision) {
        retell(episode);
        return Promise.resolve('retold');
      }
      if (kept === revision || entry === null) return Promise.resolve('same');
      write({ episode, key, revision, isOpen, entry });
      outbox.add(notices, []);
      for (const lane of told) outbox.noteTold(lane, episode);
      return Promise.resolve('written');
    },
  };
}
