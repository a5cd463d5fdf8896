// A shelf of things of one shape: what somebody else wrote there is no such thing.
import type { z } from 'zod';
import type { Shelf } from '../log/shelves.ts';

/** All of these reject where Redis fails. */
export interface Kept<T> {
  read(id: string): Promise<T | null>;
  all(): Promise<ReadonlyMap<string, T>>;
  put(id: string, thing: T): Promise<void>;
  /** False: something was there, and stays. */
  claim(id: string, thing: T): Promise<boolean>;
  /** False: there was nothing to replace. */
  replace(id: string, thing: T): Promise<boolean>;
  /** True for one caller only; false: there was nothing. */
  drop(id: string): Promise<boolean>;
}

export function keptOn<T>(shelf: Shelf, shape: z.ZodType<T>): Kept<T> {
  const readText = (text: string): T | null => {
    try {
      return shape.safeParse(JSON.parse(text)).data ?? null;
    } catch {
      return null;
    }
  };
  return {
    async read(id) {
      const text = await shelf.read(id);
      return text === null ? null : readText(text);
    },
    async all() {
      const things = new Map<string, T>();
      for (const [id, text] of await shelf.all()) {
        const thing = readText(text);
        if (thing !== null) things.set(id, thing);
      }
      return things;
    },
    put: (id, thing) => shelf.put(id, JSON.stringify(thing)),
    claim: (id, thing) => shelf.claim(id, JSON.stringify(thing)),
    replace: (id, thing) => shelf.replace(id, JSON.stringify(thing)),
    drop: (id) => shelf.drop(id),
  };
}
