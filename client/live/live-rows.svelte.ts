// Tables that tell a screen which row changed, and only that: a Map with a signal for each row, one for all, one for their places.
import type { RowOf, Table, Tables } from '../../server/contract/tables.ts';
import { TABLES } from '../../server/contract/tables.ts';

class Signal {
  #turns = $state(0);
  read(): number {
    return this.#turns;
  }
  tell(): void {
    this.#turns += 1;
  }
}

/** A sum over all rows of a table that is kept as they are written, so that nobody scans them. */
export interface Tally<R> {
  add(row: R): void;
  /** A row that was added before is no more, or is not like this any more. */
  remove(row: R): void;
}

/**
 * `get` follows one row, `values` follows every row, `placed` follows only who is there and what `placeOf` makes of a
 * row. Signals are made where rows are written, outside of any reaction, because Svelte does not follow what a
 * reaction has made itself; those of the whole are told once, by `settle`, when all rows of a message are written.
 */
export class LiveRows<R> extends Map<string, R> {
  readonly #placeOf: (row: R) => string;
  readonly #all = new Signal();
  readonly #places = new Signal();
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- The signals are what makes the rows live.
  readonly #signals = new Map<string, Signal>();
  #tallies: readonly Tally<R>[] = [];
  #changed = false;
  #moved = false;

  constructor(placeOf: (row: R) => string = () => '') {
    super();
    this.#placeOf = placeOf;
  }

  override get(id: string): R | undefined {
    (this.#signals.get(id) ?? this.#places).read();
    return super.get(id);
  }

  override has(id: string): boolean {
    return this.get(id) !== undefined;
  }

  override set(id: string, row: R): this {
    const known = this.#signals.get(id);
    const old = super.get(id);
    if (known && old === row) return this;
    super.set(id, row);
    for (const tally of this.#tallies) {
      if (old !== undefined) tally.remove(old);
      tally.add(row);
    }
    this.#changed = true;
    if (known) known.tell();
    else this.#signals.set(id, new Signal());
    if (old === undefined || this.#placeOf(old) !== this.#placeOf(row)) this.#moved = true;
    return this;
  }

  override delete(id: string): boolean {
    const signal = this.#signals.get(id);
    if (!signal) return false;
    const old = super.get(id);
    super.delete(id);
    if (old !== undefined) for (const tally of this.#tallies) tally.remove(old);
    this.#signals.delete(id);
    signal.tell();
    this.#changed = true;
    this.#moved = true;
    return true;
  }

  /** Tells `tally` every row that is there and all that come and go later, until undone. Follows nothing. */
  feed(tally: Tally<R>): () => void {
    for (const row of super.values()) tally.add(row);
    this.#tallies = [...this.#tallies, tally];
    return () => {
      this.#tallies = this.#tallies.filter((one) => one !== tally);
    };
  }

  /** To be called when all rows of one message are written. */
  settle(): void {
    if (this.#changed) this.#all.tell();
    if (this.#moved) this.#places.tell();
    this.#changed = false;
    this.#moved = false;
  }

  /** Every row, followed only for what decides its place. */
  placed(): MapIterator<R> {
    this.#places.read();
    return super.values();
  }

  override get size(): number {
    this.#places.read();
    return super.size;
  }

  override keys(): MapIterator<string> {
    this.#places.read();
    return super.keys();
  }

  override values(): MapIterator<R> {
    this.#all.read();
    return super.values();
  }

  override entries(): MapIterator<[string, R]> {
    this.#all.read();
    return super.entries();
  }

  override [Symbol.iterator](): MapIterator<[string, R]> {
    return this.entries();
  }

  override forEach(look: (row: R, id: string, rows: Map<string, R>) => void): void {
    this.#all.read();
    super.forEach(look);
  }
}

export type LiveTables = { readonly [T in Table]: LiveRows<RowOf[T]> } & Tables;

/** What decides where a row stands on a screen, and how wide its column is; the other tables have no places. */
const PLACES: { readonly [T in Table]?: (row: RowOf[T]) => string } = {
  queues: ({ name, target: { seconds, percent, formula } }) =>
    `${name} ${seconds} ${percent} ${formula}`,
  teams: ({ name }) => name,
  agents: ({ name, team, state }) =>
    `${state === 'offline' ? 'gone' : 'here'} ${team ?? ''} ${name}`,
};

export function liveTables(): LiveTables {
  return Object.fromEntries(
    TABLES.map((table) => [table, new LiveRows(PLACES[table] as (row: unknown) => string)]),
  ) as unknown as LiveTables;
}

export function settle(tables: LiveTables): void {
  for (const table of TABLES) tables[table].settle();
}
