// The hours in which a team is to be covered, in the site's zone: is it one of them now, and when does that change.
import { DateTime } from 'luxon';

export interface Hours {
  readonly inside: boolean;
  /** The next instant at which `inside` changes; null: never. */
  readonly changesAt: number | null;
}

const ALWAYS: Hours = { inside: true, changesAt: null };

/** `hours` is `HH:MM-HH:MM`, local; it may run over midnight; equal ends and null mean always. */
export function coverHoursAt(hours: string | null, at: number, zone: string): Hours {
  if (hours === null) return ALWAYS;
  const [from = '', to = ''] = hours.split('-');
  if (from === to) return ALWAYS;
  const opens = edges(from, at, zone);
  const closes = edges(to, at, zone);
  const inside = opens.last >= closes.last;
  const changesAt = inside ? closes.next : opens.next;
  return { inside, changesAt };
}

/** The last instant at or before `at`, and the first after it, that the clock of `zone` shows `time`. */
function edges(time: string, at: number, zone: string): { last: number; next: number } {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const today = DateTime.fromMillis(at, { zone }).startOf('day');
  let last = -Infinity;
  let next = Infinity;
  for (const days of [-2, -1, 0, 1, 2]) {
    // Hour 24 is midnight of the day after.
    const edge = today.plus({ days }).set({ hour, minute }).toMillis();
    if (edge <= at) last = Math.max(last, edge);
    else next = Math.min(next, edge);
  }
  return { last, next };
}
