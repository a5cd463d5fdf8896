/// <reference lib="dom" />
// What walls cost in a real browser on a slow machine: a delta of twenty rows on each page, and a second in which nothing happens.
import type { Browser, Page as Tab } from 'playwright-core';
import type { Page } from '../../server/contract/board.ts';
import { rowsOf } from '../../server/contract/delta.ts';
import { createChance } from '../support/chance.ts';
import { boardOf, NOW } from '../support/wall-floors.ts';
import { openWall } from '../support/wall-page.ts';
import { WallServer } from '../support/wall-server.ts';
import { play } from './browser-beat.ts';
import type { Score } from './browser-beat.ts';
import { benchFloor, nextChanges } from './browser-floor.ts';
import { openPlainServer } from './browser-plain-pages.ts';
import type { PlainServer } from './browser-plain-pages.ts';
import { afterEach, traced } from './browser-trace.ts';
import type { Spent } from './browser-trace.ts';

export const SLOWER = 4;
const SEED = 6;
/** Milliseconds in which a message, its frame and what it left to do are over. */
const OVER_MS = 185;
const SECOND_MS = 990;
const FULL_HD = { width: 1920, height: 1080 } as const;

export interface WallCase {
  readonly name: string;
  readonly page: Page;
  /** Of the address: a larger screen or a nearer seat shows more rows. */
  readonly more: string;
}

/** The board as it comes (55 inches read from 5 m), and a screen so near that all 500 agents or all 50 queues are on it. */
export const WALLS: readonly WallCase[] = [
  { name: 'queues', page: 'queues', more: '' },
  { name: 'floor', page: 'floor', more: '' },
  { name: 'promises', page: 'promises', more: '' },
  { name: 'today', page: 'today', more: '' },
  { name: 'all queues', page: 'queues', more: '&inches=98&seat=1.5' },
  { name: 'all agents', page: 'floor', more: '&inches=98&seat=1.5' },
];

export interface Cost {
  readonly name: string;
  /** Of each delta. */
  readonly deltas: readonly Spent[];
  /** Of each second in which only the clocks went on. */
  readonly seconds: readonly Spent[];
}

export interface Amount {
  readonly deltas: number;
  readonly seconds: number;
  /** Deltas before the first that is measured: a wall runs for weeks. */
  readonly warm: number;
}

export async function costOfWall(
  browser: Browser,
  folder: string,
  { name, page, more }: WallCase,
  amount: Amount,
): Promise<Cost> {
  const tables = benchFloor();
  const chance = createChance(SEED);
  const beganAt = performance.now();
  const server = await WallServer.open(folder, {
    tables,
    board: boardOf({ rotateSeconds: 86_400 }),
    now: NOW,
  });
  const wall = await openWall(browser, {
    url: `${server.origin}/wall/main?page=${page}${more}`,
    ...FULL_HD,
  });
  let turn = 0;
  const score = {
    tick: (ms: number) => server.tick(NOW + ms - server.now),
    message: () => server.change(nextChanges(tables, chance, turn++)),
  };
  try {
    await wall.untilLive(10_000);
    await slowDown(wall.page);
    await play(beganAt, { seconds: 0, messages: amount.warm, ...score });
    await rested(wall.page);
    const { events, gave } = await traced(browser, wall.page, async () => {
      const said = await play(beganAt, {
        seconds: amount.seconds,
        messages: amount.deltas,
        ...score,
      });
      await rested(wall.page);
      return said;
    });
    if (server.resyncs > 0) throw new Error(`${name}: the wall lost its thread while measured`);
    return {
      name,
      deltas: afterEach(events, gave, { word: 'message', mostMs: OVER_MS, timers: 'out' }),
      seconds: afterEach(events, gave, { word: 'quiet tick', mostMs: SECOND_MS, timers: 'in' }),
    };
  } finally {
    await wall.close();
    await server.close();
  }
}

/** The yardstick: the same messages to a page that writes twenty texts and no more. */
export async function costOfBare(browser: Browser, amount: Amount): Promise<readonly Spent[]> {
  const tables = benchFloor();
  const chance = createChance(SEED);
  let turn = 0;
  return costOfPlain(browser, '/bare', (server) => ({
    rounds: { seconds: 0, messages: amount.deltas },
    warm: { seconds: 0, messages: amount.warm },
    tick: () => undefined,
    message: () => server.say(JSON.stringify(nextChanges(tables, chance, turn++))),
  }));
}

/** The plain way: the state of the whole floor once a second, to a page that draws all of it anew. */
export async function costOfWhole(browser: Browser, amount: Amount): Promise<readonly Spent[]> {
  const rows = rowsOf(benchFloor());
  return costOfPlain(browser, '/whole', (server) => ({
    rounds: { seconds: amount.seconds, messages: 0 },
    warm: { seconds: 3, messages: 0 },
    tick: (ms) => server.say(JSON.stringify({ now: NOW + ms, rows })),
    message: () => undefined,
  }));
}

type Rounds = Pick<Score, 'seconds' | 'messages'>;

async function costOfPlain(
  browser: Browser,
  path: '/bare' | '/whole',
  plan: (
    server: PlainServer,
  ) => Pick<Score, 'tick' | 'message'> & { readonly rounds: Rounds; readonly warm: Rounds },
): Promise<readonly Spent[]> {
  const server = await openPlainServer();
  const context = await browser.newContext({ viewport: FULL_HD });
  const page = await context.newPage();
  try {
    await page.goto(server.origin + path);
    await slowDown(page);
    const { rounds, warm, ...says } = plan(server);
    const beganAt = performance.now();
    await play(beganAt, { ...warm, ...says });
    await rested(page);
    const { events, gave } = await traced(browser, page, async () => {
      const said = await play(beganAt, { ...rounds, ...says });
      await rested(page);
      return said;
    });
    // The bare page's ticks are not sent: it hears the messages only.
    return path === '/bare'
      ? afterEach(
          events,
          gave.filter((word) => word === 'message'),
          { word: 'message', mostMs: OVER_MS, timers: 'in' },
        )
      : afterEach(events, gave, { word: 'quiet tick', mostMs: SECOND_MS, timers: 'in' });
  } finally {
    await context.close();
    await server.close();
  }
}

async function slowDown(page: Tab): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
}

/** All that was sent has been heard and drawn: the main thread has nothing left to do. */
function rested(page: Tab): Promise<void> {
  return page.evaluate(
    () =>
      new Promise<void>((done) =>
        requestAnimationFrame(() => requestIdleCallback(() => requestIdleCallback(() => done()))),
      ),
  );
}

/** Seconds of CPU that the whole browser takes in a minute: of the wall as it turns its pages, with ticks only. */
export async function quietMinute(
  browser: Browser,
  folder: string,
  seconds: number,
): Promise<number> {
  const beganAt = performance.now();
  const server = await WallServer.open(folder, {
    tables: benchFloor(),
    board: boardOf({}),
    now: NOW,
  });
  const wall = await openWall(browser, { url: `${server.origin}/wall/main`, ...FULL_HD });
  try {
    await wall.untilLive(10_000);
    const tick = (ms: number): void => server.tick(NOW + ms - server.now);
    return await cpuOfMinute(browser, beganAt, { seconds, tick });
  } finally {
    await wall.close();
    await server.close();
  }
}

/** The yardstick: a page that writes one text a second. */
export async function quietBareMinute(browser: Browser, seconds: number): Promise<number> {
  const server = await openPlainServer();
  const context = await browser.newContext({ viewport: FULL_HD });
  const page = await context.newPage();
  try {
    await page.goto(`${server.origin}/bare`);
    const tick = (ms: number): void =>
      server.say(JSON.stringify({ put: { site: { clock: { id: 'clock', since: ms } } } }));
    return await cpuOfMinute(browser, performance.now(), { seconds, tick });
  } finally {
    await context.close();
    await server.close();
  }
}

async function cpuOfMinute(
  browser: Browser,
  beganAt: number,
  { seconds, tick }: Pick<Score, 'seconds' | 'tick'>,
): Promise<number> {
  const cdp = await browser.newBrowserCDPSession();
  const cpu = async (): Promise<number> => {
    const { processInfo } = await cdp.send('SystemInfo.getProcessInfo');
    return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  };
  await play(beganAt, { seconds: 2, messages: 0, tick, message: () => undefined });
  const before = await cpu();
  await play(beganAt, { seconds, messages: 0, tick, message: () => undefined });
  const spent = (await cpu()) - before;
  await cdp.detach();
  return (spent * 60) / seconds;
}
