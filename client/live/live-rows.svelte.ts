// Tables that tell a screen which row changed, and only that: a Map with one signal a row and one for the whole.
import { TABLES } from '../../server/contract/tables.ts';
import type { RowOf, Table, Tables } from '../../server/contract/tables.ts';

class Signal {
  #turns = $state(0);
  read(): number {
    return this.#turns;
  }
  tell(): void {
    this.#turns += 1;
  }
}

/**
 * `get` follows one row, the walks follow every row. Signals are made where rows are written, outside of
 * any reaction, because Svelte does not follow what a reaction has made itself.
 */
export class LiveRows<R> extends Map<string, R> {
  readonly #any = new Signal();
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- The signals are what makes the rows live.
  readonly #signals = new Map<string, Signal>();

  override get(id: string): R | undefined {
    (this.#signals.get(id) ?? this.#any).read();
    return super.get(id);
  }

  override has(id: string): boolean {
    return this.get(id) !== undefined;
  }

  override set(id: string, row: R): this {
    const known = this.#signals.get(id);
    if (known && super.get(id) === row) return this;
    super.set(id, row);
    if (known) known.tell();
    else this.#signals.set(id, new Signal());
    this.#any.tell();
    return this;
  }

  override delete(id: string): boolean {
    const signal = this.#signals.get(id);
    if (!signal) return false;
    super.delete(id);
    this.#signals.delete(id);
    signal.tell();
    this.#any.tell();
    return true;
  }

  override clear(): void {
    for (const id of [...super.keys()]) this.delete(id);
  }

  override get size(): number {
    this.#any.read();
    return super.size;
  }

  override keys(): MapIterator<string> {
    this.#any.read();
    return super.keys();
  }

  override values(): MapIterator<R> {
    this.#any.read();
    return super.values();
  }

  override entries(): MapIterator<[string, R]> {
    this.#any.read();
    return super.entries();
  }

  override [Symbol.iterator](): MapIterator<[string, R]> {
    return this.entries();
  }

  override forEach(look: (row: R, id: string, rows: Map<string, R>) => void): void {
    this.#any.read();
    super.forEach(look);
  }
}

export type LiveTables = { readonly [T in Table]: LiveRows<RowOf[T]> };

export function liveTables(): LiveTables & Tables {
  return Object.fromEntries(
    TABLES.map((table) => [table, new LiveRows()]),
  ) as unknown as LiveTables & Tables;
}
