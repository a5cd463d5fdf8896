// What `GET /api/v1/intervals` answers: quarters of the floor and of the store, summed as in the audit.
import { DateTime } from 'luxon';
import { spansOf } from './audit/spans.ts';
import type { Floor, Interval } from './floor/floor.ts';
import { averageHandleTimeMs, averageSpeedOfAnswerMs, serviceLevel } from './floor/counts.ts';
import { ALL_QUEUES } from './floor/interval.ts';
import { INTERVAL_STEPS } from './gateway/options.ts';
import type { IntervalFigures, IntervalQuery } from './gateway/options.ts';
import { fieldOf, storedIntervals } from './keeping/kept-intervals.ts';
import type { IntervalStore } from './log/intervals.ts';

export interface FigureParts {
  readonly floor: Floor;
  readonly store: Pick<IntervalStore, 'loadIntervals'>;
}

/** Rejects with a `LogTrouble` where the store does not answer. */
export async function intervalFigures(
  { floor, store }: FigureParts,
  { queue, team, from, to, every }: IntervalQuery,
): Promise<readonly IntervalFigures[]> {
  const quarters = new Map<string, Interval>();
  for (const interval of await storedIntervals(store, from, to))
    quarters.set(fieldOf(interval), interval);
  // What is in memory is younger than what was stored of it.
  for (const interval of floor.intervals(from, to)) quarters.set(fieldOf(interval), interval);
  const isWanted = (id: string): boolean => {
    if (queue !== null && id !== queue) return false;
    if (team === null) return true;
    // All queues together are no team's.
    return id !== ALL_QUEUES && (floor.facts.queues.get(id)?.teams.includes(team) ?? false);
  };
  const wanted = [...quarters.values()].filter((interval) => isWanted(interval.queue));
  const options = { minutes: INTERVAL_STEPS[every], ...dayOfSite(floor) };
  return spansOf(wanted, options).map(({ counts, ...span }) => ({
    ...span,
    offered: counts.offered,
    answered: counts.answered,
    abandoned: counts.abandoned,
    shortAbandoned: counts.shortAbandoned,
    leftOtherwise: counts.leftOtherwise,
    withinTarget: counts.withinTarget,
    serviceLevel: serviceLevel(counts, floor.formulaOf(span.queue)),
    asaMs: averageSpeedOfAnswerMs(counts),
    ahtMs: averageHandleTimeMs(counts),
    longestWaitMs: counts.longestWaitMs,
  }));
}

/** As the site's profile has it now. */
function dayOfSite({ facts }: Floor): { readonly zone: string; readonly dayStarts: string } {
  const [site] = facts.site.values();
  if (site === undefined) throw new Error('invariant: a floor has one site');
  const { zone, dayStartsAt } = site;
  return { zone, dayStarts: DateTime.fromMillis(dayStartsAt, { zone }).toFormat('HH:mm') };
}
