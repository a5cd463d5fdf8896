// Which episode of a key goes on, which one begins, and which one should not be there: one key has one open episode at most.
import { isOpen } from './episode.ts';
import type { Episode } from './episode.ts';
import { episodeId } from './identity.ts';
import { open, step } from './machine.ts';
import type { Around, Move, Seen } from './machine.ts';
import { AGAIN_MS, IN_FLIGHT_MS } from './timing.ts';

export interface Watching {
  readonly key: string;
  readonly rule: { readonly name: string; readonly forMs: number };
  readonly subject: string;
}

/** `episodes`: all of the key that are kept, oldest first. */
export function nextMove<E extends Episode>(
  { key, rule, subject }: Watching,
  raw: Seen,
  { episodes, around }: { readonly episodes: readonly E[]; readonly around: Around },
): Move | null {
  const seen = raw.kind === 'true' ? { ...raw, raisedAt: raw.raisedAt + rule.forMs } : raw;
  const current = currentOf(episodes);
  const twin = episodes.find((each) => isOpen(each) && each !== current);
  if (twin !== undefined) return endOfTwin(twin, around);
  if (current !== null && isOpen(current)) return step(current, seen, around);
  const isDue = seen.kind === 'true' && around.now - IN_FLIGHT_MS >= seen.raisedAt;
  if (!isDue) return null;
  const id = episodeId(key, seen.since);
  const same = episodes.find((each) => each.id === id);
  if (same !== undefined) return step(same, seen, around);
  if (current !== null && around.now - (current.resolvedAt ?? 0) <= AGAIN_MS)
    return step(current, seen, around);
  const unstableUntil = current?.unstableUntil ?? null;
  return open({ id, key, rule: rule.name, subject, unstableUntil }, seen, around);
}

/** The open one, else the one that ended last; by what is written in them, so that every server finds the same. */
export function currentOf<E extends Episode>(episodes: readonly E[]): E | null {
  const open = episodes.filter(isOpen);
  return [...(open.length > 0 ? open : episodes)].sort(byLatest).at(-1) ?? null;
}

function byLatest(a: Episode, b: Episode): number {
  const latest = ({ activations }: Episode): number => activations.at(-1) ?? 0;
  return latest(a) - latest(b) || (a.id < b.id ? -1 : 1);
}

/** Two servers that lost sight of each other, as when Redis was emptied, may each have opened one; the later one stands. */
function endOfTwin(twin: Episode, around: Around): Move | null {
  const alone = { ...twin, taken: null, unstableUntil: null };
  return step(alone, { kind: 'false' }, { ...around, keepFiringMs: 0 });
}
