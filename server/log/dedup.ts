// The deduplication window: a second event with the same source and id within ten minutes of log time changes nothing.

/** Milliseconds of log time. */
export const DEDUP_WINDOW_MS = 10 * 60_000;
export const DEDUP_MOST = 200_000;

/** For the snapshot: plain JSON, oldest first; each row is [index of its source, id, log time]. */
export interface DedupDump {
  readonly sources: readonly string[];
  readonly seen: readonly (readonly [number, string, number])[];
}

export interface DedupWindow {
  /**
   * True if this source said this id within the window; otherwise it is remembered from now on.
   * An id that is the entry's own is unique, and is neither asked nor remembered.
   */
  isRepeat(
    event: { readonly source: string; readonly id: string },
    entry: { readonly id: string; readonly at: number },
  ): boolean;
  size(): number;
  dump(): DedupDump;
}

export interface DedupLimits {
  readonly windowMs: number;
  readonly most: number;
}

interface Seen {
  readonly source: string;
  readonly id: string;
  readonly at: number;
  /** It was said again since, and is remembered by that. */
  isStale: boolean;
}

export function createDedupWindow(
  from: DedupDump = { sources: [], seen: [] },
  { windowMs, most }: DedupLimits = { windowMs: DEDUP_WINDOW_MS, most: DEDUP_MOST },
): DedupWindow {
  /** By source and id. */
  const known = new Map<string, Map<string, Seen>>();
  /** In order of arrival, from `first` on; what was forgotten before it holds nothing any more. */
  let arrived: (Seen | null)[] = [];
  let first = 0;
  let size = 0;
  for (const [source, id, at] of from.seen.slice(-most)) {
    const name = from.sources[source];
    if (name !== undefined) remember({ source: name, id, at, isStale: false });
  }

  function remember(seen: Seen): void {
    let ids = known.get(seen.source);
    if (!ids) known.set(seen.source, (ids = new Map<string, Seen>()));
    ids.set(seen.id, seen);
    arrived.push(seen);
    size += 1;
  }

  function forget(seen: Seen): void {
    const ids = known.get(seen.source);
    ids?.delete(seen.id);
    if (ids?.size === 0) known.delete(seen.source);
    size -= 1;
  }

  function forgetBefore(at: number): void {
    for (let oldest = arrived[first]; oldest; oldest = arrived[first]) {
      if (at - oldest.at <= windowMs && size <= most) break;
      if (!oldest.isStale) forget(oldest);
      arrived[first] = null;
      first += 1;
    }
    // What is behind is cut off before it is the most of it.
    if (first > arrived.length / 2) {
      arrived = arrived.slice(first);
      first = 0;
    }
  }

  return {
    isRepeat({ source, id }, entry) {
      if (id === entry.id) return false;
      const seen = known.get(source)?.get(id);
      if (seen !== undefined && entry.at - seen.at <= windowMs) return true;
      if (seen !== undefined) {
        forget(seen);
        seen.isStale = true;
      }
      remember({ source, id, at: entry.at, isStale: false });
      forgetBefore(entry.at);
      return false;
    },
    size: () => size,
    dump() {
      const indexes = new Map<string, number>();
      const rows: [number, string, number][] = [];
      for (let at = first; at < arrived.length; at++) {
        const seen = arrived[at];
        if (!seen || seen.isStale) continue;
        const index = indexes.get(seen.source) ?? indexes.size;
        indexes.set(seen.source, index);
        rows.push([index, seen.id, seen.at]);
      }
      return { sources: [...indexes.keys()], seen: rows };
    },
  };
}
