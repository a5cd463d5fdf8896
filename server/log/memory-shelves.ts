// The shelves' in-memory twin: the same promises without a Redis, under the same suite.
import { TRAIL_MOST } from './shelves.ts';
import type { Shelf, ShelfName, Shelves, TrailEntry } from './shelves.ts';

export function memoryShelves(): Shelves {
  const shelves = new Map<ShelfName, Shelf>();
  const entries: TrailEntry[] = [];
  let noted = 0;
  return {
    shelf(name) {
      const known = shelves.get(name) ?? memoryShelf();
      shelves.set(name, known);
      return known;
    },
    trail: {
      async note(text) {
        noted += 1;
        entries.push({ id: `${noted}-0`, text });
        if (entries.length > TRAIL_MOST) entries.shift();
        return Promise.resolve();
      },
      async read(count, before) {
        const end = before === null ? entries.length : entries.findIndex(({ id }) => id === before);
        return Promise.resolve(entries.slice(0, Math.max(0, end)).reverse().slice(0, count));
      },
    },
  };
}

function memoryShelf(): Shelf {
  const texts = new Map<string, string>();
  return {
    read: (id) => Promise.resolve(texts.get(id) ?? null),
    all: () => Promise.resolve(new Map(texts)),
    put: (id, text) => Promise.resolve(void texts.set(id, text)),
    claim(id, text) {
      if (texts.has(id)) return Promise.resolve(false);
      texts.set(id, text);
      return Promise.resolve(true);
    },
    swap(id, before, text) {
      if (texts.get(id) !== before) return Promise.resolve(false);
      texts.set(id, text);
      return Promise.resolve(true);
    },
    drop: (id) => Promise.resolve(texts.delete(id)),
  };
}
