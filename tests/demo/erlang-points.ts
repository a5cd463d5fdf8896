// The published points of Erlang-A and Erlang-C: which system each row of the file describes, and which of our figures it is about.

export interface System {
  /** Customers and services in this unit of time, in milliseconds of the simulation. */
  readonly unitMs: number;
  readonly arrivalsPerUnit: number;
  readonly meanService: number;
  /** Null: they wait for ever. */
  readonly meanPatience: number | null;
  readonly servers: number;
  /** A published figure that is itself a simulation of so many units, each starting empty; null: the steady state. */
  readonly restartEvery: number | null;
}

export interface Point {
  readonly source: string;
  readonly measure: string;
  readonly published: number;
  /** How far the printed figure may lie from the true one: half its last digit, all of it where digits were cut off, or its own interval. */
  readonly slack: number;
  /** Name of the figure in `Figures`, with its argument. */
  readonly figure: string;
}

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;

/** By a part of the source's name. The parameters of MMC are those of its program, doc/examples/MMC.java. */
const SYSTEMS: readonly (readonly [string, System])[] = [
  [
    'Whitt 2005',
    system({
      unitMs: 3_600_000,
      arrivalsPerUnit: 102,
      meanService: 1,
      meanPatience: 1,
      servers: 100,
    }),
  ],
  [
    'pyworkforce README',
    system({ unitMs: SECOND_MS, arrivalsPerUnit: 100 / 1800, meanService: 180, servers: 14 }),
  ],
  [
    'MMC.res',
    system({
      unitMs: MINUTE_MS,
      arrivalsPerUnit: 4.2,
      meanService: 2,
      servers: 12,
      restartEvery: 480,
    }),
  ],
  [
    '360 calls per 30 min',
    system({ unitMs: SECOND_MS, arrivalsPerUnit: 0.2, meanService: 240, servers: 55 }),
  ],
  [
    'A=10 erlangs',
    system({ unitMs: SECOND_MS, arrivalsPerUnit: 10 / 300, meanService: 300, servers: 12 }),
  ],
  [
    'pyworkforce docs ErlangA',
    system({
      unitMs: SECOND_MS,
      arrivalsPerUnit: 100 / 1800,
      meanService: 180,
      meanPatience: 300,
      servers: 13,
    }),
  ],
];

/** By the beginning of the measure's name. */
const MEASURES: readonly (readonly [string, string])[] = [
  ['P(W=0)', 'noWait'],
  ['P(A)', 'abandoned'],
  ['E[Q]', 'queueMean'],
  ['Var(Q)', 'queueVariance'],
  ['E[N]', 'systemMean'],
  ['E[W|S]', 'waitServedMean'],
  ['Var(W|S)', 'waitServedVariance'],
  ['E[W|A]', 'waitAbandonedMean'],
  ['Var(W|A)', 'waitAbandonedVariance'],
  ['P(W<=0.1|S)', 'servedWithin 0.1'],
  ['P(W<=0.2|S)', 'servedWithin 0.2'],
  ['P(W<=0.1|A)', 'abandonedWithin 0.1'],
  ['P(W<=0.2|A)', 'abandonedWithin 0.2'],
  ['waiting_probability', 'someWait'],
  ['P(wait)', 'someWait'],
  ['service level 20s', 'serviceLevel 20'],
  ['service_level 20s', 'serviceLevel 20'],
  ['service level 30s', 'serviceLevel 30'],
  ['service_level = answered within 20 s / all arrivals', 'serviceLevel 20'],
  ['occupancy', 'occupancy'],
  ['abandonment_probability', 'abandoned'],
  ['ASA s', 'waitServedMean'],
  ['ASA min', 'waitServedMean'],
  ['average_speed_of_answer min (it is the mean wait of ALL arrivals', 'waitAllMean minutes'],
];

export function pointsOf(csv: string): {
  readonly systems: ReadonlyMap<System, readonly Point[]>;
  /** Rows without a published value, which nothing can be held against. */
  readonly leftOut: readonly string[];
} {
  const systems = new Map<System, Point[]>();
  const leftOut: string[] = [];
  for (const line of csv.trim().split('\n').slice(1)) {
    const [source = '', measure = '', printed = ''] = cells(line);
    if (!Number.isFinite(Number(printed))) {
      leftOut.push(measure);
      continue;
    }
    const found = SYSTEMS.find(([name]) => source.includes(name))?.[1];
    const figure = MEASURES.find(([name]) => measure.startsWith(name))?.[1];
    if (!found || !figure) throw new Error(`no system or no figure for the row: ${line}`);
    const points = systems.get(found) ?? [];
    const slack = slackOf(measure, printed, source.includes('truncated'));
    const inSeconds = found.restartEvery !== null && figure === 'serviceLevel 20';
    points.push({
      source,
      measure,
      published: Number(printed),
      slack,
      figure: inSeconds ? `serviceLevel ${20 / 60}` : figure,
    });
    systems.set(found, points);
  }
  return { systems, leftOut };
}

function slackOf(measure: string, printed: string, isCut: boolean): number {
  const interval = /CI ([\d.]+)-([\d.]+)/.exec(measure);
  if (interval)
    return Math.max(Number(interval[2]) - Number(printed), Number(printed) - Number(interval[1]));
  const lastDigit = 10 ** -(printed.split('.')[1]?.length ?? 0);
  return isCut ? lastDigit : lastDigit / 2;
}

function system(given: Omit<System, 'meanPatience' | 'restartEvery'> & Partial<System>): System {
  return { meanPatience: null, restartEvery: null, ...given };
}

/** Cells of a line of CSV, quoted or not; no quote stands inside one. */
function cells(line: string): readonly string[] {
  return [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^",]*))/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  );
}
