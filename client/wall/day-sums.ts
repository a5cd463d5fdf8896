// What was counted in each interval, all queues together: kept as the rows change, so that no change adds up a day anew.
import type { IntervalRow } from '../../server/contract/rows.ts';
import type { Tally } from '../live/live-rows.svelte.ts';
import type { StartedCount } from './day-slots.ts';

/** The row that is the sum of all the others: a part of the queues may be all that a board has, so the parts are added. */
const ALL_QUEUES = '*';

export class DaySums implements Tally<IntervalRow> {
  readonly #byStart = new Map<number, StartedCount & { readonly rows: number }>();
  #turns = 0;
  #offered = 0;

  /** Moves with every change. */
  get turns(): number {
    return this.#turns;
  }

  /** Of all intervals together. */
  get offered(): number {
    return this.#offered;
  }

  get counts(): Iterable<StartedCount> {
    return this.#byStart.values();
  }

  add(row: IntervalRow): void {
    this.#count(row, 1);
  }

  remove(row: IntervalRow): void {
    this.#count(row, -1);
  }

  #count(row: IntervalRow, sign: 1 | -1): void {
    if (row.queue === ALL_QUEUES) return;
    this.#turns += 1;
    this.#offered += sign * row.offered;
    const { start } = row;
    const sum = this.#byStart.get(start);
    const rows = (sum?.rows ?? 0) + sign;
    if (rows === 0) this.#byStart.delete(start);
    else
      this.#byStart.set(start, {
        start,
        rows,
        offered: (sum?.offered ?? 0) + sign * row.offered,
        answered: (sum?.answered ?? 0) + sign * row.answered,
        abandoned: (sum?.abandoned ?? 0) + sign * row.abandoned,
        withinTarget: (sum?.withinTarget ?? 0) + sign * row.withinTarget,
      });
  }
}
