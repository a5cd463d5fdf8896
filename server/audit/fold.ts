// Folds a file's events on a floor of its own, each at its own time, the floor's clock moved between them.
import type { PharosEvent } from '../events/event.ts';
import { Floor } from '../floor/floor.ts';
import type { Interval } from '../floor/interval.ts';
import { DEFAULT_SHORT_ABANDON_SECONDS, DEFAULT_TARGET } from '../floor/options.ts';
import type { AuditOptions } from './options.ts';

/** Wrap-ups that run at the last event are let to their end. */
const AFTER_MS = 3_600_000;
/** A file may be as long as it likes: every quarter of it stays in memory. */
const KEPT_DAYS = 366 * 200;

export interface Folded {
  readonly floor: Floor;
  readonly intervals: readonly Interval[];
}

/** `events` in order of time, at least one. */
export function fold(events: readonly PharosEvent[], options: AuditOptions): Folded {
  const [first] = events;
  if (!first) throw new Error('invariant: an audit without events');
  const { zone, dayStarts, target, formula, short } = options;
  const floor = new Floor({
    site: 'audit',
    zone,
    country: null,
    dayStarts,
    languages: ['en'],
    demo: false,
    build: 'audit',
    now: first.at,
    keptDays: KEPT_DAYS,
    defaults: {
      target: {
        ...DEFAULT_TARGET,
        seconds: target ?? DEFAULT_TARGET.seconds,
        formula: formula ?? DEFAULT_TARGET.formula,
      },
      shortAbandonSeconds: short ?? DEFAULT_SHORT_ABANDON_SECONDS,
    },
  });
  let last = first.at;
  for (const event of events) {
    floor.expire(event.at);
    floor.apply(event.type === 'queue.profile' ? overrule(event, options) : event);
    last = event.at;
  }
  floor.expire(last + AFTER_MS);
  return { floor, intervals: floor.intervals(-Infinity, Infinity) };
}

/** What the arguments say stands above what a queue's profile says. */
function overrule(
  event: PharosEvent<'queue.profile'>,
  { target, formula, short }: AuditOptions,
): PharosEvent<'queue.profile'> {
  const { data } = event;
  const said = data.target;
  const judged = said && {
    ...said,
    seconds: target ?? said.seconds,
    ...(formula === null ? {} : { formula }),
  };
  return {
    ...event,
    data: {
      ...data,
      ...(judged ? { target: judged } : {}),
      ...(short === null ? {} : { shortAbandonSeconds: short }),
    },
  };
}
