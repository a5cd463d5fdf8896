// The simulated floor's appointments, in order of virtual time: a heap, and the virtual clock that it moves.
import type { Cancel } from '../../clock.ts';

interface Appointment {
  readonly at: number;
  /** Appointments of one instant are kept in the order in which they were made. */
  readonly order: number;
  run: (() => void) | null;
}

export class Agenda {
  #now: number;
  #made = 0;
  readonly #heap: Appointment[] = [];

  constructor(startAt: number) {
    this.#now = startAt;
  }

  /** Milliseconds since 1970; between two milliseconds too. */
  get now(): number {
    return this.#now;
  }

  /** The instant of the next appointment, or infinity. */
  get nextAt(): number {
    this.#dropCancelled();
    return this.#heap[0]?.at ?? Infinity;
  }

  after(ms: number, run: () => void): Cancel {
    const appointment: Appointment = { at: this.#now + Math.max(0, ms), order: this.#made, run };
    this.#made += 1;
    this.#push(appointment);
    return () => {
      appointment.run = null;
    };
  }

  at(instant: number, run: () => void): Cancel {
    return this.after(instant - this.#now, run);
  }

  /** Keeps every appointment up to and including `until`, then stands at `until`. */
  runUntil(until: number): void {
    while (this.nextAt <= until) {
      const next = this.#pop();
      this.#now = next.at;
      next.run?.();
    }
    this.#now = Math.max(this.#now, until);
  }

  #dropCancelled(): void {
    while (this.#heap[0] && this.#heap[0].run === null) this.#pop();
  }

  #push(appointment: Appointment): void {
    const heap = this.#heap;
    let place = heap.push(appointment) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (!isBefore(appointment, heap[above]!)) break;
      heap[place] = heap[above]!;
      place = above;
    }
    heap[place] = appointment;
  }

  #pop(): Appointment {
    const heap = this.#heap;
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    let place = 0;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below += 1;
      if (!isBefore(heap[below]!, last)) break;
      heap[place] = heap[below]!;
      place = below;
    }
    heap[place] = last;
    return first;
  }
}

function isBefore(one: Appointment, other: Appointment): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
