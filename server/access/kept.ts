// A shelf of things of one shape: what somebody else wrote there is no such thing.
import type { z } from 'zod';
import type { Shelf } from '../log/shelves.ts';

/** Others who may change the same at one moment. */
const TRIES_MOST = 50;

/** All of these reject where Redis fails. */
export interface Kept<T> {
  read(id: string): Promise<T | null>;
  all(): Promise<ReadonlyMap<string, T>>;
  put(id: string, thing: T): Promise<void>;
  /** False: something was there, and stays. */
  claim(id: string, thing: T): Promise<boolean>;
  /**
   * Changes what is there, whoever else changes it at that moment: what one of two writes is never lost by the other. Gives what is
   * there now; null: there is nothing, or `change` gave null, so that it is as it was.
   */
  update(id: string, change: (thing: T) => T | null): Promise<T | null>;
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
    async update(id, change) {
      for (let tries = 0; tries < TRIES_MOST; tries += 1) {
        const text = await shelf.read(id);
        const thing = text === null ? null : readText(text);
        const changed = thing === null ? null : change(thing);
        if (text === null || changed === null) return null;
        if (await shelf.swap(id, text, JSON.stringify(changed))) return changed;
      }
      throw new Error(`invariant: ${TRIES_MOST} others changed the same at once`);
    },
    drop: (id) => shelf.drop(id),
  };
}
