// Visits: one stay of one contact in one queue, counted when it is over in the quarter of its entry. One room since every way out moves the same counts.
import type { Agenda } from './agenda.ts';
import { countAbandoned, countAnswered, countLeftOtherwise } from './counts.ts';
import type { Counts } from './counts.ts';
import { ALL_QUEUES, QUARTER_MS } from './interval.ts';
import type { Cell, Intervals } from './intervals.ts';
import type { Queue, Queues } from './queues.ts';
import type { Site } from './site.ts';

const DAY_MS = 24 * 3_600_000;
/** No stay writes into more boundaries than this: 35 days of them. */
const MOST_MS = 35 * DAY_MS;

export interface Visit {
  readonly contact: string;
  readonly queue: string;
  readonly queuedAt: number;
  isWaiting: boolean;
  /** Waits past the target. */
  isLate: boolean;
  answeredAt: number | null;
  /** Who answered it. */
  by: string | null;
  /** Talk and hold of the stretches that are over. */
  talkMs: number;
}

/** How many wait, as known at the latest instant at which that changed. */
interface Crowd {
  at: number;
  count: number;
}

/** A quarter that a wrap-up or a hold is counted in. */
export interface Slot {
  readonly queue: string;
  readonly start: number;
}

export interface VisitsDump {
  readonly crowds: readonly (readonly [string, Crowd])[];
}

export class Visits {
  readonly #site: Site;
  readonly #queues: Queues;
  readonly #intervals: Intervals;
  readonly #agenda: Agenda;
  readonly #keptDays: number;
  readonly #waiting = new Map<string, Visit>();
  readonly #crowds = new Map<string, Crowd>();
  /** How many wait past the target, by queue and then by the quarter of their entry. */
  readonly #lateIn = new Map<string, Map<number, number>>();

  constructor(parts: {
    readonly site: Site;
    readonly queues: Queues;
    readonly intervals: Intervals;
    readonly agenda: Agenda;
    readonly keptDays: number;
  }) {
    this.#site = parts.site;
    this.#queues = parts.queues;
    this.#intervals = parts.intervals;
    this.#agenda = parts.agenda;
    this.#keptDays = parts.keptDays;
    parts.agenda.keeps('late', (contact) => {
      const visit = this.#waiting.get(contact);
      return visit === undefined || visit.isLate ? null : this.#lateAt(visit);
    });
  }

  /** Cells that begin before it may be let go. */
  get keptFrom(): number {
    return this.#site.day.startsAt - this.#keptDays * DAY_MS;
  }

  slotOf({ queue, queuedAt }: Visit): Slot {
    return { queue, start: quarterOf(queuedAt) };
  }

  enter(contact: string, queueId: string, at: number): Visit {
    const queue = this.#queues.get(queueId);
    const visit: Visit = {
      contact,
      queue: queue.id,
      queuedAt: at,
      isWaiting: true,
      isLate: false,
      answeredAt: null,
      by: null,
      talkMs: 0,
    };
    this.#pin(visit, 1);
    this.#takePlace(visit, queue);
    this.#crowd(queue.id, at, 1);
    this.#crowd(ALL_QUEUES, at, 1);
    return visit;
  }

  answer(visit: Visit, at: number, by: string | null): void {
    this.#leave(visit, at);
    visit.answeredAt = at;
    visit.by = by;
    const wait = at - visit.queuedAt;
    const judgement = this.#queues.judgement(this.#queues.get(visit.queue));
    this.#each(this.slotOf(visit), 'shown', (counts, cell) => {
      countAnswered(counts, wait, judgement);
      cell?.answered.push(wait);
    });
  }

  /** It ended, or went on, without an answer. `unknown` is neither offered nor abandoned. */
  end(visit: Visit, at: number, how: 'abandoned' | 'left-otherwise' | 'unknown'): void {
    this.#leave(visit, at);
    const wait = at - visit.queuedAt;
    const judgement = this.#queues.judgement(this.#queues.get(visit.queue));
    this.#each(this.slotOf(visit), 'shown', (counts, cell) => {
      if (how === 'abandoned') {
        countAbandoned(counts, wait, judgement);
        cell?.abandoned.push(wait);
      } else if (how === 'left-otherwise') countLeftOtherwise(counts, wait);
      else counts.unknown += 1;
    });
    this.#pin(visit, -1);
  }

  /** An answered visit is over: it is handled. Where its end is not known, it is not. */
  close(visit: Visit, at: number, how: 'handled' | 'unknown'): void {
    if (how === 'handled') {
      this.#each(this.slotOf(visit), 'unseen', (counts) => {
        counts.handled += 1;
        counts.handleMs += visit.talkMs;
      });
      this.#markBoundaries(visit, visit.answeredAt ?? at, at, (cell) => {
        cell.talkingAtStart += 1;
      });
    }
    this.#pin(visit, -1);
  }

  hold(slot: Slot, ms: number): void {
    if (ms === 0) return;
    this.#each(slot, 'unseen', (counts) => {
      counts.holdMs += ms;
    });
  }

  wrapUp(slot: Slot, ms: number): void {
    if (ms === 0) return;
    this.#each(slot, 'unseen', (counts) => {
      counts.wrapUpMs += ms;
    });
  }

  /** Time alone: the visit of `contact` waits past its target. */
  growLate(contact: string): void {
    const visit = this.#waiting.get(contact);
    if (!visit) return;
    visit.isLate = true;
    this.#countLate(visit, 1);
    if (!this.#site.isToday(visit.queuedAt)) return;
    const queue = this.#queues.get(visit.queue);
    queue.late += 1;
    this.#queues.changed(queue);
  }

  /** The target or the short abandons of `queue` are others than before: the present day is judged again. */
  judgeAgain(queue: Queue): void {
    this.#intervals.judgeAgain(queue.id, this.#queues.judgement(queue), (cell, was) => {
      const all = this.#intervals.cell(ALL_QUEUES, cell.start);
      moveJudged(all.counts, was, cell.counts);
      moveJudged(this.#queues.all.today, was, cell.counts);
      moveJudged(queue.today, was, cell.counts);
      this.#intervals.changed(all, 'shown');
    });
    queue.late = 0;
    for (const visit of this.#waiting.values()) {
      if (visit.queue !== queue.id) continue;
      if (visit.isLate) this.#countLate(visit, -1);
      visit.isLate = false;
      this.#agenda.add('late', visit.contact, this.#lateAt(visit));
    }
    this.#queues.changed(queue);
  }

  /** The day has changed: today's counts are those of the new day's cells. */
  turn(): void {
    this.#intervals.turn(this.keptFrom);
    for (const queue of [...this.#queues.values(), this.#queues.all]) {
      queue.today = this.#intervals.today(queue.id);
      queue.late = 0;
      this.#queues.changed(queue);
    }
    for (const visit of this.#waiting.values())
      if (visit.isLate && this.#site.isToday(visit.queuedAt))
        this.#queues.get(visit.queue).late += 1;
  }

  /** The most that waited at once in this cell, with those who wait now. */
  peakOf(cell: Cell): number {
    const crowd = this.#crowds.get(cell.queue);
    const running = crowd && cell.start + QUARTER_MS > crowd.at ? crowd.count : 0;
    return Math.max(cell.peakWaiting, running);
  }

  /** How many wait past the target that were enqueued in the quarter that begins at `start`. */
  lateIn(queue: string, start: number): number {
    return this.#lateIn.get(queue)?.get(start) ?? 0;
  }

  dump(): VisitsDump {
    return { crowds: Array.from(this.#crowds, ([queue, crowd]) => [queue, { ...crowd }]) };
  }

  /** `waiting` are the visits of open contacts that wait; they take their places again. */
  restore(dump: VisitsDump, waiting: Iterable<Visit>): void {
    for (const [queue, crowd] of dump.crowds) this.#crowds.set(queue, { ...crowd });
    for (const visit of waiting) {
      const queue = this.#queues.get(visit.queue);
      this.#takePlace(visit, queue);
      if (visit.isLate) this.#countLate(visit, 1);
      if (visit.isLate && this.#site.isToday(visit.queuedAt)) queue.late += 1;
    }
    for (const queue of [...this.#queues.values(), this.#queues.all])
      queue.today = this.#intervals.today(queue.id);
  }

  #takePlace(visit: Visit, queue: Queue): void {
    this.#queues.lineUp(queue, visit);
    queue.waiting += 1;
    this.#queues.all.waiting += 1;
    this.#queues.changed(queue);
    this.#waiting.set(visit.contact, visit);
    if (!visit.isLate) this.#agenda.add('late', visit.contact, this.#lateAt(visit));
  }

  #leave(visit: Visit, at: number): void {
    const queue = this.#queues.get(visit.queue);
    visit.isWaiting = false;
    if (visit.isLate) this.#countLate(visit, -1);
    if (visit.isLate && this.#site.isToday(visit.queuedAt)) queue.late -= 1;
    this.#waiting.delete(visit.contact);
    queue.waiting -= 1;
    this.#queues.all.waiting -= 1;
    this.#queues.changed(queue);
    if (this.#queues.all.waiting === 0 && at > visit.queuedAt) this.#site.sawNobodyWaiting(at);
    this.#crowd(queue.id, at, -1);
    this.#crowd(ALL_QUEUES, at, -1);
    this.#markBoundaries(visit, visit.queuedAt, at, (cell, boundary) => {
      cell.waitingAtStart += 1;
      const waited = boundary - visit.queuedAt;
      cell.oldestWaitAtStartMs = Math.max(cell.oldestWaitAtStartMs, waited);
    });
  }

  #countLate({ queue, queuedAt }: Visit, by: 1 | -1): void {
    const quarters = this.#lateIn.get(queue) ?? new Map<number, number>();
    this.#lateIn.set(queue, quarters);
    const start = quarterOf(queuedAt);
    const count = (quarters.get(start) ?? 0) + by;
    if (count === 0) quarters.delete(start);
    else quarters.set(start, count);
  }

  #lateAt(visit: Visit): number {
    // At the target itself the wait is still within it.
    return visit.queuedAt + this.#queues.get(visit.queue).target.seconds * 1_000 + 1;
  }

  #pin(visit: Visit, by: 1 | -1): void {
    const start = quarterOf(visit.queuedAt);
    this.#intervals.cell(visit.queue, start).pins += by;
    this.#intervals.cell(ALL_QUEUES, start).pins += by;
  }

  /** Changes the counts of a quarter, of its queue and of all, and those of the day if it is the present one. */
  #each(
    slot: Slot,
    shown: 'shown' | 'unseen',
    change: (counts: Counts, cell?: Cell) => void,
  ): void {
    // What was let go is counted and stored for good.
    if (slot.start < this.keptFrom && !this.#intervals.find(slot.queue, slot.start)) return;
    const queue = this.#queues.get(slot.queue);
    for (const of of [queue, this.#queues.all]) {
      const cell = this.#intervals.cell(of.id, slot.start);
      change(cell.counts, of === queue ? cell : undefined);
      this.#intervals.changed(cell, shown);
      if (this.#site.isToday(slot.start)) {
        change(of.today);
        this.#queues.changed(of);
      }
    }
  }

  /** Every quarter's beginning in [from, to), for the visit's queue and for all. */
  #markBoundaries(
    visit: Visit,
    from: number,
    to: number,
    mark: (cell: Cell, boundary: number) => void,
  ): void {
    const earliest = Math.max(from, this.keptFrom, to - MOST_MS);
    for (let at = nextQuarter(earliest); at < to; at += QUARTER_MS) {
      for (const queue of [visit.queue, ALL_QUEUES]) {
        const cell = this.#intervals.cell(queue, at);
        mark(cell, at);
        this.#intervals.changed(cell, 'unseen');
      }
    }
  }

  /**
   * Those who wait change by `by`. What is true at the end of an instant counts: whoever comes and is answered at
   * once has not waited. A late word counts at the latest instant known.
   */
  #crowd(queue: string, at: number, by: 1 | -1): void {
    const crowd = this.#crowds.get(queue);
    if (!crowd) {
      this.#crowds.set(queue, { at, count: by });
      return;
    }
    if (at > crowd.at) {
      if (crowd.count > 0) this.#notePeaks(queue, crowd, at);
      crowd.at = at;
    }
    crowd.count += by;
  }

  /** `crowd.count` waited from `crowd.at` until `until`. */
  #notePeaks(queue: string, crowd: Crowd, until: number): void {
    const from = Math.max(crowd.at, this.keptFrom, until - MOST_MS);
    for (let start = quarterOf(from); start < until; start += QUARTER_MS) {
      const cell = this.#intervals.cell(queue, start);
      if (cell.peakWaiting >= crowd.count) continue;
      cell.peakWaiting = crowd.count;
      this.#intervals.changed(cell, 'unseen');
    }
  }
}

function quarterOf(at: number): number {
  return at - (at % QUARTER_MS);
}

/** The first quarter's beginning at or after `at`. */
function nextQuarter(at: number): number {
  return Math.ceil(at / QUARTER_MS) * QUARTER_MS;
}

/** Takes what was judged before out of `counts`, and puts what is judged now into it. */
function moveJudged(counts: Counts, was: Counts, is: Counts): void {
  counts.withinTarget += is.withinTarget - was.withinTarget;
  counts.shortAbandoned += is.shortAbandoned - was.shortAbandoned;
  counts.abandonedWithin += is.abandonedWithin - was.abandonedWithin;
  counts.abandonedBefore += is.abandonedBefore - was.abandonedBefore;
}
