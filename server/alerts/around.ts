// What the machine needs to know besides its episode, the same for what is seen and for what people say.
import type { AlertFact } from '../floor/rows.ts';
import type { Around } from './machine.ts';
import { peopleAt } from './people.ts';
import type { House } from './people.ts';

export interface About {
  readonly keepFiringMs: number;
  readonly team: string | null;
  /** All of the key that are kept. */
  readonly episodes: readonly AlertFact[];
}

/** `now`: the site's clock, milliseconds. */
export function aroundOf(
  { keepFiringMs, team, episodes }: About,
  { house, now }: { readonly house: House; readonly now: number },
): Around {
  return {
    now,
    keepFiringMs,
    reach: (level) => peopleAt(level, team, house).length > 0,
    // The first of very many moves may not be kept; then the episode is older than what is asked.
    recent: episodes.flatMap(({ moves: [first] }) => (first?.from === null ? [first.at] : [])),
  };
}
