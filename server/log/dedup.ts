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

export function createDedupWindow(
  from: DedupDump = { sources: [], seen: [] },
  { windowMs, most }: DedupLimits = { windowMs: DEDUP_WINDOW_MS, most: DEDUP_MOST },
): DedupWindow {
  /** In order of arrival, so that the oldest is the first. */
  const seen = new Map<string, number>();
  for (const [source, id, at] of from.seen.slice(-most)) {
    const name = from.sources[source];
    if (name !== undefined) seen.set(keyOf(name, id), at);
  }

  function forgetBefore(at: number): void {
    for (const [key, seenAt] of seen) {
      if (at - seenAt <= windowMs && seen.size <= most) return;
      seen.delete(key);
    }
  }

  return {
    isRepeat({ source, id }, entry) {
      if (id === entry.id) return false;
      const key = keyOf(source, id);
      const seenAt = seen.get(key);
      if (seenAt !== undefined && entry.at - seenAt <= windowMs) return true;
      seen.delete(key);
      seen.set(key, entry.at);
      forgetBefore(entry.at);
      return false;
    },
    size: () => seen.size,
    dump() {
      const indexes = new Map<string, number>();
      const rows: [number, string, number][] = [];
      for (const [key, at] of seen) {
        const cut = key.indexOf('\n');
        const source = key.slice(0, cut);
        const index = indexes.get(source) ?? indexes.size;
        indexes.set(source, index);
        rows.push([index, key.slice(cut + 1), at]);
      }
      return { sources: [...indexes.keys()], seen: rows };
    },
  };
}

/** No source and no id holds a line's end: the door lets none through. */
function keyOf(source: string, id: string): string {
  return `${source}\n${id}`;
}
