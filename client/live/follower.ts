// Where this screen stands in its scope, and what a snapshot or a delta does to its rows.
import { applyChanges } from '../../server/contract/delta.ts';
import type { Delta, Position, Snapshot, Tick } from '../../server/contract/protocol.ts';
import { TABLES } from '../../server/contract/tables.ts';
import type { Tables } from '../../server/contract/tables.ts';

/** `old`: said twice, nothing to do. `gap`: something is missing, ask for a resync. */
export type Taken = 'applied' | 'old' | 'gap';

export class Follower {
  readonly #tables: Tables;
  #have: Position | null = null;
  #ticksApart = 0;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  get have(): Position | null {
    return this.#have;
  }

  snapshot({ epoch, seq, rows }: Snapshot): void {
    for (const table of TABLES) {
      const kept = rows[table] ?? {};
      for (const id of [...this.#tables[table].keys()])
        if (!Object.prototype.hasOwnProperty.call(kept, id)) this.#tables[table].delete(id);
    }
    applyChanges(this.#tables, { put: rows, gone: {} });
    this.#have = { epoch, seq };
    this.#ticksApart = 0;
  }

  delta(delta: Delta): Taken {
    const have = this.#have;
    if (have?.epoch !== delta.epoch) return 'gap';
    if (delta.to <= have.seq) return 'old';
    if (delta.from !== have.seq) return 'gap';
    applyChanges(this.#tables, delta);
    this.#have = { epoch: delta.epoch, seq: delta.to };
    this.#ticksApart = 0;
    return 'applied';
  }

  /**
   * True if a resync must be asked for. A tick may run ahead of what has been sent, since a slow reader is sent
   * nothing until it answers; but not of two answers in a row.
   */
  tick({ epoch, seq }: Tick): boolean {
    const apart = this.#have?.epoch !== epoch || this.#have.seq < seq;
    this.#ticksApart = apart ? this.#ticksApart + 1 : 0;
    return this.#ticksApart > 2;
  }

  asked(): void {
    this.#ticksApart = 0;
  }
}
