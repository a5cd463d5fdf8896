// Appointments: what time alone will change, soonest first. An entry that is no longer meant is dropped when it is reached.
import TinyQueue from 'tinyqueue';

/** At one instant, appointments are kept in this order. */
export const APPOINTMENTS = [
  'day',
  'presence',
  'cover',
  'hours',
  'wrapUp',
  'connected',
  'due',
  'late',
  'idle',
  'silence',
  'fault',
] as const;
export type Appointment = (typeof APPOINTMENTS)[number];

/** So few entries that mean nothing are nothing to tidy up for. */
const FEW = 1_000;

export interface Due {
  readonly at: number;
  readonly kind: Appointment;
  readonly id: string;
}

const RANK = Object.fromEntries(APPOINTMENTS.map((kind, rank) => [kind, rank])) as Readonly<
  Record<Appointment, number>
>;

/** Says when the appointment of `id` is really due, or null where there is none any more. */
export type DueAt = (id: string) => number | null;

export class Agenda {
  #heap = new TinyQueue<Due>([], sooner);
  /** So many entries stood when those that mean nothing any more were thrown out last. */
  #meant = 0;
  readonly #dueAt = new Map<Appointment, DueAt>();

  /** Whoever keeps appointments of `kind` says by `dueAt` which of them still hold. */
  keeps(kind: Appointment, dueAt: DueAt): void {
    this.#dueAt.set(kind, dueAt);
  }

  add(kind: Appointment, id: string, at: number): void {
    this.#heap.push({ at, kind, id });
  }

  /** The soonest appointment that still holds; it stays. */
  next(): Due | null {
    for (let due = this.#heap.peek(); due; due = this.#heap.peek()) {
      const really = this.#reallyAt(due);
      if (really === due.at) return due;
      this.#heap.pop();
      // Put off. One that was brought forward has an entry of its own, earlier.
      if (really !== null && really > due.at) this.add(due.kind, due.id, really);
    }
    return null;
  }

  /** Takes the soonest appointment that still holds, if it is due by `now`. */
  take(now: number): Due | null {
    // Nothing is due before its entry, so most calls need not ask whether the first one still holds.
    const first = this.#heap.peek();
    if (first === undefined || first.at > now) return null;
    const due = this.next();
    if (due === null || due.at > now) return null;
    this.#heap.pop();
    return due;
  }

  /**
   * Throws out what means nothing any more, once that may be most of it: a contact is over in minutes, and its entry stands for half
   * a day. Not while an event is being folded, since an entry may stand before what it is about.
   */
  tidy(): void {
    if (this.#heap.length <= 2 * this.#meant + FEW) return;
    const meant = new Map<string, Due>();
    for (const due of this.#heap.data) {
      const at = this.#reallyAt(due);
      if (at !== null) meant.set(`${due.kind} ${due.id}`, { ...due, at });
    }
    this.#heap = new TinyQueue([...meant.values()], sooner);
    this.#meant = meant.size;
  }

  size(): number {
    return this.#heap.length;
  }

  /** When what the entry is about is due now; null: never. */
  #reallyAt({ kind, id }: Due): number | null {
    return this.#dueAt.get(kind)?.(id) ?? null;
  }
}

function sooner(a: Due, b: Due): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.kind !== b.kind) return RANK[a.kind] - RANK[b.kind];
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
