// Screens and servers whose clocks are ten minutes off, or jump while they run: ages are right, and nothing is said to be not live.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openChromium } from '../support/chromium.ts';
import type { WallPage } from '../support/wall-page.ts';
import { knownOf } from './arena.ts';
import { clockOff, preloading } from './preload.ts';
import { record } from './record.ts';
import { FREE_MS, HELD_MS, openStage, PATIENCE_MS, WAITS_MS } from './redis-stage.ts';
import type { Stage } from './redis-stage.ts';
import { isLive } from './screen.ts';
import { openSignedIn, watchForSigns } from './wall-watch.ts';

const OFF_MS = 600_000;
/** Whole seconds are shown, of a clock that is right to one. */
const EARLY_MS = 2_000;
const LATE_MS = 1_000;
/** By no clock of the day, which these tests set wrong. */
const trueNow = (): number => performance.timeOrigin + performance.now();

const PLACES = [
  { page: 'queues', what: 'wait', selector: '[data-queue="Billing"] [data-figure]', ms: WAITS_MS },
  { page: 'floor', what: 'hold', selector: '[data-agent="ben"] .age', ms: HELD_MS },
  { page: 'floor', what: 'state', selector: '[data-agent="ada"] .age', ms: FREE_MS },
] as const;

/** Milliseconds by which each age on the wall is wrong; between them none may be. */
async function errors(wall: WallPage, stage: Stage): Promise<Readonly<Record<string, number>>> {
  const found: Record<string, number> = {};
  for (const kind of ['queues', 'floor'] as const) {
    await wall.page.goto(`${stage.pharos.url}/?page=${kind}`);
    await wall.untilLive(PATIENCE_MS);
    for (const { page, what, selector, ms } of PLACES)
      if (page === kind) found[what] = await errorOf(wall, selector, stage.began - ms);
  }
  return found;
}

/** 0 where what is shown was true at some moment while it was read, within the limits. */
async function errorOf({ page }: WallPage, selector: string, since: number): Promise<number> {
  const place = page.locator(selector).first();
  await place.waitFor({ timeout: PATIENCE_MS });
  // What is due on the page of a starved machine is done first.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done)))');
  const before = trueNow() - since;
  const [minutes = NaN, seconds = NaN] = (await place.innerText()).split(':').map(Number);
  const after = trueNow() - since;
  const shown = (minutes * 60 + seconds) * 1_000;
  if (Number.isNaN(shown)) return NaN;
  return Math.max(0, shown - after - LATE_MS) + Math.min(0, shown - before + EARLY_MS);
}

const RIGHT = { wait: 0, hold: 0, state: 0 };

describe('clocks that are ten minutes off', () => {
  let browser: Browser;
  let stage: Stage;
  beforeAll(async () => {
    browser = await openChromium();
    stage = await openStage({ browser, name: 'producer' });
  });
  afterAll(async () => {
    await stage.close();
    await browser.close();
  });

  it.each([-OFF_MS, OFF_MS])(
    '[FLT-7] of a browser, by %i ms: waits, holds and states are right to a second',
    async (clockOffMs) => {
      const wall = await openSignedIn(browser, { url: stage.pharos.url, clockOffMs });
      try {
        await wall.untilLive(PATIENCE_MS);
        const itsClock = await wall.page.evaluate<number>('Date.now()');
        expect(Math.abs(itsClock - trueNow() - clockOffMs)).toBeLessThan(10_000);
        expect(await errors(wall, stage)).toEqual(RIGHT);
        note(`a browser's clock ${minutes(clockOffMs)}`);
      } finally {
        await wall.close();
      }
    },
  );

  it('[FLT-7] that jump while the screen runs, there and back: nobody sees it', async () => {
    const { wall, screen } = stage;
    await wall.page.goto(`${stage.pharos.url}/?page=floor`);
    await wall.untilLive(PATIENCE_MS);
    const signs = await watchForSigns(wall);
    const from = screen.said.length;
    const Right = globalThis.Date;
    try {
      for (const off of [OFF_MS, -OFF_MS, 0]) {
        await wall.page.evaluate(jump(off));
        globalThis.Date = class extends Right {
          static override now = (): number => Right.now() + off;
        } as DateConstructor;
        await screen.hearTicks(2);
        expect(Math.abs(screen.siteNow() - trueNow())).toBeLessThan(LATE_MS);
        for (const { page, selector, ms } of PLACES)
          if (page === 'floor')
            expect(await errorOf(wall, selector, stage.began - ms), `off by ${off}`).toBe(0);
      }
    } finally {
      globalThis.Date = Right;
    }
    expect(await signs()).toEqual([]);
    expect(screen.said.slice(from)).toEqual([]);
    note('a screen’s clock jumps there and back while it runs');
  });

  it('[FLT-8] of the server against Redis: the site’s clock is Redis’, and what comes is live', async () => {
    const environment = preloading(clockOff(OFF_MS));
    const other = await openStage({ browser, name: 'other', environment });
    try {
      const from = other.screen.said.findIndex(({ health }) => isLive(health));
      await other.screen.hearTicks(2);
      expect(Math.abs(other.screen.siteNow() - trueNow())).toBeLessThan(LATE_MS);
      expect(await errors(other.wall, other)).toEqual(RIGHT);
      const said = Date.now();
      await other.tellAll('new');
      const since = async (): Promise<number> =>
        (await knownOf(other.pharos)).rows.sources?.pbx?.lastAt ?? 0;
      await expect.poll(since, { timeout: 5_000 }).toBeGreaterThanOrEqual(said - LATE_MS);
      expect(await since()).toBeLessThanOrEqual(Date.now() + LATE_MS);
      expect(other.screen.said.slice(from + 1)).toEqual([]);
      note('the server’s clock ten minutes ahead of Redis’');
    } finally {
      await other.close();
    }
  });
});

/** Runs in the page: its clock of the day is off from now on, by so much in all. */
function jump(off: number): string {
  return `
    globalThis.RightDate ??= Date;
    globalThis.Date = class extends RightDate {
      constructor(...given) { given.length === 0 ? super(RightDate.now() + ${off}) : super(...given); }
      static now() { return RightDate.now() + ${off}; }
    };
  `;
}

function minutes(ms: number): string {
  return `ten minutes ${ms < 0 ? 'behind' : 'ahead'}`;
}

function note(fault: string): void {
  const says = 'ages right to a second, and nothing said to be not live';
  record({ fault, times: 1, noticedMs: [], backMs: [], lost: null, twice: null, says });
}
