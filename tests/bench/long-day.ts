// `npm run long-day`: a day of two hundred agents and forty screens in half an hour, to see whether anything grows.
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { pause, systemClock } from '../../server/clock.ts';
import { createChance, seedFor } from '../support/chance.ts';
import { besideAnew } from './long-day-anew.ts';
import { BOARDS } from './long-day-boards.ts';
import { figuresOf } from './long-day-figures.ts';
import { kindsOf } from './long-day-kinds.ts';
import { anewTableOf, growthOf, kindsTableOf, pageOf, tableOf } from './long-day-page.ts';
import { drawPlot } from './long-day-plot.ts';
import { sizesOfRecord } from './long-day-record.ts';
import { openSampler } from './long-day-samples.ts';
import type { Sample } from './long-day-samples.ts';
import { openScreens } from './long-day-screens.ts';
import type { Screens } from './long-day-screens.ts';
import type { State, Told } from './long-day-told.ts';
import { verdictsOf } from './long-day-verdicts.ts';
import { KEYS, startSite } from './long-day-site.ts';
import type { Site } from './long-day-site.ts';

const SAMPLE_MS = 10_000;
/** Each so many samples the server's garbage is collected. */
const COLLECT_EVERY = 3;
/** Of the wall; a shorter run warms up as well as it can. Deduplication remembers ten minutes, and 10,000 ended contacts are gathered in about fourteen. */
const WARM_UP_MINUTES = 14;
const MINUTE_MS = 60_000;
const MB = 1024 * 1024;
const PAGE_PATH = 'docs/long-day.md';
const PLOT_PATH = 'docs/long-day.png';

const HELP = `npm run long-day [-- --minutes 30 --speed 24 --write --plot FILE]

A day of two hundred agents and forty screens, told so many times faster, and what it leaves in memory.

  --minutes  how long; 30 by default, from 0.5
  --speed    how many times faster than the clock; 24 by default
  --write    puts its tables and its plot into docs/
  --plot     puts the plot into this file
  --help     this
`;

await main();

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      minutes: { type: 'string', default: '30' },
      // Twelve hours of the floor are told in half an hour.
      speed: { type: 'string', default: '24' },
      write: { type: 'boolean', default: false },
      plot: { type: 'string' },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const minutes = Number(values.minutes);
  if (!(minutes >= 0.5 && minutes <= 600))
    throw new Error(`--minutes: expected a number from 0.5 to 600, got "${values.minutes}".`);
  const speed = Number(values.speed);
  if (!(speed >= 1 && speed <= 500))
    throw new Error(`--speed: expected a number from 1 to 500, got "${values.speed}".`);
  const seed = seedFor('long day');
  const closings: (() => Promise<void>)[] = [];
  async function closeAll(): Promise<void> {
    for (const close of closings.splice(0).reverse()) await close();
  }
  // Somebody who is tired of it leaves no server behind.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void closeAll().finally(() => process.exit(1)));
  try {
    const site = await startSite({ boards: BOARDS, seed: `long day ${seed}`, minutes, speed });
    closings.push(() => site.close());
    const screens = await openScreens(site.pharos.url, createChance(seed));
    closings.push(() => screens.close());
    const { write, plot = null } = values;
    await live({ site, screens, minutes, speed, seed, write, plot });
  } finally {
    await closeAll();
  }
}

interface Run {
  readonly site: Site;
  readonly screens: Screens;
  readonly minutes: number;
  readonly speed: number;
  readonly seed: number;
  readonly write: boolean;
  /** Where to put a plot without the page. */
  readonly plot: string | null;
}

async function live({ site, screens, minutes, speed, seed, write, plot }: Run): Promise<void> {
  const warmUpMinutes = Math.min(WARM_UP_MINUTES, Math.round((minutes / 2) * 10) / 10);
  const { samples, state, trimmed } = await sampled({ site, screens, minutes }, warmUpMinutes);
  const figures = figuresOf(samples, { warmUpMinutes });
  const [events, counts] = [site.told(), screens.counts()];
  const anew = await besideAnew(screens);
  const told: Told = {
    date: new Date(systemClock.now()).toISOString().slice(0, 10),
    minutes,
    warmUpMinutes,
    isWarm: warmUpMinutes >= WARM_UP_MINUTES,
    speed,
    seed,
    events,
    oldEntries: site.oldEntries,
    trimmed,
    snapshots: await snapshotsOf(site),
    size: site.size,
    screens: counts,
    machine: `${cpus()[0]?.model ?? 'unknown CPU'}, ${availableParallelism()} cores, shared by all of this; Node ${process.version}, Redis ${site.redisVersion}, Chromium ${screens.browser.version()}`,
    state,
    figures,
    anew,
  };
  console.log(
    [
      tableOf(figures),
      ...verdictsOf(told),
      anewTableOf(anew),
      growthOf(state),
      kindsTableOf(state),
    ].join('\n\n'),
  );
  console.log({ ...told, state: undefined, figures: undefined, anew: undefined });
  const picture = { title: titleOf(told), warmUpMinutes, minutes };
  if (plot !== null) await drawPlot(screens.browser, figures, { ...picture, path: plot });
  if (!write) return;
  mkdirSync('docs', { recursive: true });
  await drawPlot(screens.browser, figures, { ...picture, path: PLOT_PATH });
  const style = (await resolveConfig(PAGE_PATH)) ?? {};
  writeFileSync(PAGE_PATH, await format(pageOf(told), { ...style, parser: 'markdown' }));
}

async function sampled(
  { site, screens, minutes }: Pick<Run, 'site' | 'screens' | 'minutes'>,
  warmUpMinutes: number,
): Promise<{
  readonly samples: readonly Sample[];
  readonly state: Told['state'];
  readonly trimmed: number;
}> {
  const sampler = await openSampler(site, screens);
  const samples: Sample[] = [];
  let start: State | null = null;
  site.openDoors();
  const from = systemClock.monotonic();
  for (let turn = 0; ; turn += 1) {
    await pause(systemClock, from + turn * SAMPLE_MS - systemClock.monotonic());
    const atMinutes = (systemClock.monotonic() - from) / MINUTE_MS;
    const sample = await sampler.take(atMinutes, { collectServer: turn % COLLECT_EVERY === 0 });
    samples.push(sample);
    if (start === null && atMinutes >= warmUpMinutes) start = await stateOf(site, screens);
    if (turn % 6 === 0)
      console.log(`minute ${Math.round(atMinutes)}: ${inShort(sample)}, ${site.told()} events`);
    if (atMinutes >= minutes) break;
  }
  const end = await stateOf(site, screens);
  sampler.close();
  return { samples, state: { start: start ?? end, end }, trimmed: await trimmedOf(site) };
}

async function stateOf(site: Site, { walls }: Screens): Promise<State> {
  const [turning, floor] = walls;
  const kinds = { turning: await kindsOf(turning.session), floor: await kindsOf(floor.session) };
  const heapMb = (await site.heapOfFresh()) / MB;
  return { lists: await sizesOfRecord(site.redis), heapMb, kinds };
}

function inShort({ values }: Sample): string {
  const names = [
    'server.heap',
    'server.rss',
    'turning.heap',
    'turning.nodes',
    'floor.heap',
  ] as const;
  return names.map((name) => `${name} ${values[name]?.toFixed(1) ?? '–'}`).join(', ');
}

function titleOf({ minutes, speed, size, events, date }: Told): string {
  const hours = Math.round((minutes * speed) / 6) / 10;
  return `Pharos: ${hours} hours of ${size.agents} agents and 40 screens in ${minutes} minutes, ${events.toLocaleString('en')} events (${date})`;
}

/** What was ever in the journal, less what is there. */
async function trimmedOf({ redis }: Site): Promise<number> {
  const stream = (await redis.xinfo('STREAM', KEYS.journal)) as readonly unknown[];
  const word = (name: string): number => Number(stream[stream.indexOf(name) + 1]);
  return word('entries-added') - word('length');
}

async function snapshotsOf({ pharos }: Site): Promise<number> {
  const answer = await fetch(`${pharos.url}/metrics`);
  const text = await answer.text();
  return Number(/name="snapshot.saved".*\} (\d+)/.exec(text)?.[1] ?? 0);
}
