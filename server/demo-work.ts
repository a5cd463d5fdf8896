// The demo at work on this site: what it is given of the floor, and what of an earlier run it takes over.
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { createDemo } from './connectors/demo/demo.ts';
import type { DemoOptions } from './connectors/demo/demo.ts';
import type { OpenEpisode } from './connectors/demo/takers.ts';
import type { CallbackState } from './contract/lists.ts';
import type { Floor } from './floor/floor.ts';
import type { AlertFact, Facts } from './floor/rows.ts';
import type { Obey } from './gateway/options.ts';
import { StartRefused } from './start-refused.ts';
import type { Telemetry } from './telemetry.ts';
import type { LeasedWork } from './under-lease.ts';

export interface DemoParts {
  readonly config: Config;
  /** The site's clock. */
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly floor: Floor;
  /** Commands, for those whom the demo plays. */
  readonly obey: Obey;
  /** Somebody sits at this person's desk. */
  readonly isUsed: (person: string) => boolean;
}

/** The demo's floor is the same each time that it begins on an empty site. */
const DEMO_SEED = 'a tale of two calls';

/** Null: no demo is asked for. Throws `StartRefused` where the site has real sources. */
export function demoBegin({
  config,
  floor,
  clock,
  telemetry,
  obey,
  isUsed,
}: DemoParts): LeasedWork['begin'] | null {
  if (!config.demo) return null;
  // What people say at the desk of the demo is of the demo.
  const others = [...floor.facts.sources.keys()].filter(
    (source) => source !== 'demo' && source !== 'desk',
  );
  if (others.length > 0)
    throw new StartRefused(
      `The demo floor does not share a site with real sources, and the journal of site ${config.site} has ${others.map((name) => `"${name}"`).join(', ')}. Set PHAROS_DEMO=off, or give the demo a Redis of its own.`,
    );
  return (append) => {
    const facts = floor.facts;
    const demo = createDemo({
      append,
      clock,
      telemetry,
      seed: DEMO_SEED,
      site: { zone: config.zone, dayStarts: config.dayStarts },
      language: config.language,
      history: facts.sources.has('demo') ? 'none' : 'today',
      inherited: stillOpen(floor.facts),
      desk: {
        isUsed,
        open: () =>
          [...facts.alerts.values()].filter(({ state }) => state === 'firing').map(openEpisode),
        take: ({ id, version }, by) =>
          obey(
            { name: 'acknowledge', says: { episode: id, expectedVersion: version } },
            { id: by, how: 'program' },
          ),
      },
    });
    void demo.start();
    return demo;
  };
}

/** Its first heartbeat comes after its past and its snapshot. */
export function isDemoTold({ sources }: Facts): boolean {
  return (sources.get('demo')?.silentAfterMs ?? null) !== null;
}

/** The demo's own people speak as a program; all others are visitors. */
export function openEpisode({
  id,
  rule,
  severity,
  team,
  version,
  taken,
  moves,
}: AlertFact): OpenEpisode {
  const visitors = moves.flatMap(({ by, how }) => (by === null || how === 'program' ? [] : [by]));
  return { id, rule, severity, team, version, takenBy: taken?.by ?? null, visitors };
}

type Inherited = NonNullable<DemoOptions['inherited']>;

/** What an earlier run of the demo promised and asked for, which no snapshot of a source ends. */
function stillOpen({ callbacks, assists }: Facts): Inherited {
  const open = [...callbacks.values()].filter(({ state }) => OPEN_CALLBACKS.includes(state));
  return {
    callbacks: open.map(({ id, customer, team, dueAt }) => ({
      id,
      customer: { name: customer.name ?? '', address: customer.address ?? '' },
      team,
      dueAt,
    })),
    assists: [...assists.keys()],
  };
}

const OPEN_CALLBACKS: readonly CallbackState[] = ['open', 'claimed', 'attempted'];
