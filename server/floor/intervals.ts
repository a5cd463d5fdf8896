// The books of the quarters of an hour: one cell for each queue and quarter in which something was counted.
import type { Formula } from '../contract/lists.ts';
import { addCounts, countAbandoned, countAnswered, noCounts, serviceLevel } from './counts.ts';
import type { Counts, Judgement } from './counts.ts';
import { QUARTER_MS } from './interval.ts';
import type { Interval } from './interval.ts';
import type { Site } from './site.ts';
import type { FactTables } from './tables.ts';

const HALF_HOUR = 30;
/** Cells that nobody takes are let go after so long. */
const UNTAKEN_MS = 7 * 24 * 3_600_000;

/** A quarter of one queue, as the books keep it. */
export interface Cell {
  readonly queue: string;
  readonly start: number;
  day: string;
  readonly counts: Counts;
  waitingAtStart: number;
  oldestWaitAtStartMs: number;
  talkingAtStart: number;
  peakWaiting: number;
  /** Visits that will still be counted here. */
  pins: number;
  /** Every wait, so that a new target can judge the present day again. */
  readonly answered: number[];
  readonly abandoned: number[];
}

export interface IntervalsDump {
  readonly cells: readonly Cell[];
  readonly untaken: readonly string[];
  readonly weekAgo: readonly Interval[];
}

export class Intervals {
  readonly #tables: FactTables;
  readonly #site: Site;
  readonly #byQueue = new Map<string, Map<number, Cell>>();
  readonly #untaken = new Set<Cell>();
  /** Cells whose row of half an hour must be built again. */
  readonly #stale = new Set<Cell>();
  #weekAgo: Interval[] = [];
  readonly #formulaOf: (queue: string) => Formula;

  constructor(tables: FactTables, site: Site, formulaOf: (queue: string) => Formula) {
    this.#tables = tables;
    this.#site = site;
    this.#formulaOf = formulaOf;
  }

  find(queue: string, start: number): Cell | undefined {
    return this.#byQueue.get(queue)?.get(start);
  }

  cell(queue: string, start: number): Cell {
    let cells = this.#byQueue.get(queue);
    if (!cells) this.#byQueue.set(queue, (cells = new Map<number, Cell>()));
    let cell = cells.get(start);
    if (!cell) {
      cell = {
        queue,
        start,
        day: this.#site.dayOf(start).label,
        counts: noCounts(),
        waitingAtStart: 0,
        oldestWaitAtStartMs: 0,
        talkingAtStart: 0,
        peakWaiting: 0,
        pins: 0,
        answered: [],
        abandoned: [],
      };
      cells.set(start, cell);
    }
    return cell;
  }

  /** The cell has changed; `shown` if a figure of its row did. */
  changed(cell: Cell, shown: 'shown' | 'unseen'): void {
    this.#untaken.add(cell);
    if (shown === 'shown' && this.#site.isToday(cell.start)) this.#stale.add(cell);
  }

  /** Judges the present day's waits of `queue` again; tells each cell's new counts apart from its old. */
  judgeAgain(queue: string, by: Judgement, told: (cell: Cell, was: Counts) => void): void {
    for (const cell of this.#byQueue.get(queue)?.values() ?? []) {
      if (!this.#site.isToday(cell.start)) continue;
      const was = { ...cell.counts };
      const judged = noCounts();
      for (const wait of cell.answered) countAnswered(judged, wait, by);
      for (const wait of cell.abandoned) countAbandoned(judged, wait, by);
      cell.counts.withinTarget = judged.withinTarget;
      cell.counts.shortAbandoned = judged.shortAbandoned;
      cell.counts.abandonedWithin = judged.abandonedWithin;
      cell.counts.abandonedBefore = judged.abandonedBefore;
      this.changed(cell, 'shown');
      told(cell, was);
    }
  }

  /** The sum of a queue's present day. */
  today(queue: string): Counts {
    const sum = noCounts();
    for (const cell of this.#byQueue.get(queue)?.values() ?? [])
      if (this.#site.isToday(cell.start)) addCounts(sum, cell.counts);
    return sum;
  }

  /** Cells that begin in [from, to), of one queue or of all, by queue and time. */
  *between(from: number, to: number, queue?: string): Generator<Cell> {
    const queues = queue === undefined ? [...this.#byQueue.keys()].sort() : [queue];
    for (const id of queues) {
      const cells = [...(this.#byQueue.get(id)?.values() ?? [])];
      cells.sort((a, b) => a.start - b.start);
      for (const cell of cells) if (cell.start >= from && cell.start < to) yield cell;
    }
  }

  takeClosed(now: number): Cell[] {
    const closed: Cell[] = [];
    for (const cell of this.#untaken) if (cell.start + QUARTER_MS <= now) closed.push(cell);
    for (const cell of closed) this.#untaken.delete(cell);
    return closed;
  }

  /** A stored day, for the chart of a week ago; what does not belong there is left out. */
  load(stored: readonly Interval[]): void {
    const { startsAt, endsAt } = this.#site.weekAgo;
    const fits = stored.filter(({ start }) => start >= startsAt && start < endsAt);
    const named = new Set(fits.map(({ queue, start }) => rowId(queue, start)));
    const kept = this.#weekAgo.filter(({ queue, start }) => !named.has(rowId(queue, start)));
    this.#weekAgo = [...kept, ...fits];
    this.#putWeekAgo();
  }

  /** The day has changed: rows of other days go, cells older than `keptFrom` too. */
  turn(keptFrom: number): void {
    const { startsAt, endsAt } = this.#site.weekAgo;
    this.#weekAgo = this.#weekAgo.filter(({ start }) => start >= startsAt && start < endsAt);
    for (const id of this.#tables.facts.intervals.keys()) this.#tables.remove('intervals', id);
    this.#stale.clear();
    for (const cells of this.#byQueue.values()) {
      for (const cell of cells.values()) {
        if (this.#site.isToday(cell.start)) this.#stale.add(cell);
        else if (cell.start < keptFrom && cell.pins === 0) this.#forget(cells, cell, keptFrom);
      }
    }
    this.#putWeekAgo();
  }

  /** The site's zone or its day's start is another: the cells that are kept may lie in other days. */
  relabel(): void {
    for (const cells of this.#byQueue.values())
      for (const cell of cells.values()) {
        cell.day = this.#site.dayOf(cell.start).label;
        this.#untaken.add(cell);
      }
  }

  flush(): void {
    if (this.#stale.size === 0) return;
    for (const cell of this.#stale) {
      const start = this.#site.halfHourOf(cell.start);
      const quarters = [start, start + QUARTER_MS].filter((at) => this.#site.isToday(at));
      const counts = noCounts();
      for (const at of quarters) {
        const quarter = this.find(cell.queue, at);
        if (quarter) addCounts(counts, quarter.counts);
      }
      if (counts.offered > 0) this.#putRow(cell.queue, start, counts);
    }
    this.#stale.clear();
  }

  dump(): IntervalsDump {
    return {
      cells: [...this.#byQueue.values()].flatMap((cells) => Array.from(cells.values(), copyOf)),
      untaken: [...this.#untaken].map(({ queue, start }) => rowId(queue, start)),
      weekAgo: this.#weekAgo,
    };
  }

  restore(dump: IntervalsDump): void {
    const byId = new Map(dump.cells.map((cell) => [rowId(cell.queue, cell.start), cell]));
    for (const id of dump.untaken) {
      const cell = byId.get(id);
      if (cell) this.#untaken.add(cell);
    }
    for (const cell of dump.cells) {
      const cells = this.#byQueue.get(cell.queue) ?? new Map<number, Cell>();
      this.#byQueue.set(cell.queue, cells.set(cell.start, cell));
      if (this.#site.isToday(cell.start) && cell.counts.offered > 0) this.#stale.add(cell);
    }
    this.#weekAgo = [...dump.weekAgo];
    this.#putWeekAgo();
  }

  /** What nobody has taken yet waits, but not for ever. */
  #forget(cells: Map<number, Cell>, cell: Cell, keptFrom: number): void {
    if (this.#untaken.has(cell) && cell.start > keptFrom - UNTAKEN_MS) return;
    this.#untaken.delete(cell);
    cells.delete(cell.start);
  }

  #putWeekAgo(): void {
    const halves = new Map<string, { queue: string; start: number; counts: Counts }>();
    for (const interval of this.#weekAgo) {
      const start = this.#site.halfHourOf(interval.start);
      const id = rowId(interval.queue, start);
      const half = halves.get(id) ?? { queue: interval.queue, start, counts: noCounts() };
      addCounts(half.counts, interval);
      halves.set(id, half);
    }
    for (const { queue, start, counts } of halves.values()) this.#putRow(queue, start, counts);
  }

  #putRow(queue: string, start: number, counts: Counts): void {
    this.#tables.put('intervals', {
      id: rowId(queue, start),
      queue,
      start,
      minutes: HALF_HOUR,
      offered: counts.offered,
      answered: counts.answered,
      abandoned: counts.abandoned,
      withinTarget: counts.withinTarget,
      serviceLevel: serviceLevel(counts, this.#formulaOf(queue)),
    });
  }
}

function copyOf(cell: Cell): Cell {
  const { counts, answered, abandoned } = cell;
  return { ...cell, counts: { ...counts }, answered: [...answered], abandoned: [...abandoned] };
}

function rowId(queue: string, start: number): string {
  return `${queue} ${start}`;
}
