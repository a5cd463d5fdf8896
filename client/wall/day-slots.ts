// The day by half hours, with the same weekday a week ago beside it.
export interface Counted {
  readonly offered: number;
  readonly answered: number;
  readonly abandoned: number;
  readonly withinTarget: number;
}

export interface StartedCount extends Counted {
  /** The instant at which it begins. */
  readonly start: number;
}

export interface Slot {
  /** The instant at which it begins, today. */
  readonly start: number;
  readonly today: Counted | null;
  readonly weekAgo: Counted | null;
}

const SLOT_MS = 1_800_000;
const NOTHING: Counted = { offered: 0, answered: 0, abandoned: 0, withinTarget: 0 };

/**
 * From the first half hour in which anything was ever counted to the last. A week ago is matched by the clock on the
 * wall (`clock`: an instant as local HH:MM), so that a change of summer time in between moves nothing.
 */
export function daySlots(
  intervals: Iterable<StartedCount>,
  day: {
    readonly startsAt: number;
    readonly endsAt: number;
    readonly clock: (at: number) => string;
  },
): readonly Slot[] {
  const today = new Map<number, Counted>();
  const before = new Map<string, Counted>();
  for (const interval of intervals) {
    const start = interval.start - (interval.start % SLOT_MS);
    if (interval.start >= day.startsAt && interval.start < day.endsAt)
      today.set(start, sum(today.get(start), interval));
    else if (interval.start < day.startsAt) {
      const label = day.clock(start);
      before.set(label, sum(before.get(label), interval));
    }
  }
  const slots: Slot[] = [];
  for (let start = day.startsAt - (day.startsAt % SLOT_MS); start < day.endsAt; start += SLOT_MS) {
    const weekAgo = before.get(day.clock(start)) ?? null;
    slots.push({ start, today: today.get(start) ?? null, weekAgo });
  }
  const busy = slots.map(
    ({ today: now, weekAgo }) => (now?.offered ?? 0) + (weekAgo?.offered ?? 0) > 0,
  );
  const first = busy.indexOf(true);
  return first === -1 ? [] : slots.slice(first, busy.lastIndexOf(true) + 1);
}

/** Answered within the target ÷ offered; null where nothing was offered. */
export function levelOf(counted: Counted | null): number | null {
  return counted && counted.offered > 0 ? counted.withinTarget / counted.offered : null;
}

export function sumOf(slots: readonly Slot[]): Counted {
  return slots.reduce<Counted>((all, { today }) => (today ? sum(all, today) : all), NOTHING);
}

function sum(a: Counted | undefined, b: Counted): Counted {
  const to = a ?? NOTHING;
  return {
    offered: to.offered + b.offered,
    answered: to.answered + b.answered,
    abandoned: to.abandoned + b.abandoned,
    withinTarget: to.withinTarget + b.withinTarget,
  };
}
