// A wall in a real browser, and what a person standing before it would read off it.
import type { Browser, Page } from 'playwright-core';

export interface WallPage {
  readonly page: Page;
  /** Resolves once the whole screen is live; rejects after `withinMs`. Gives the milliseconds that it took. */
  untilLive(withinMs: number): Promise<number>;
  /** Resolves once the screen says large that it is not live; gives the milliseconds and what it says. */
  untilNotLive(
    withinMs: number,
  ): Promise<{ readonly tookMs: number; readonly kind: string; readonly says: string }>;
  secondHand(): Promise<string>;
  close(): Promise<void>;
}

export interface WallPageOptions {
  readonly url: string;
  /** Milliseconds by which the TV's own clock is wrong. */
  readonly clockOffMs?: number;
  readonly width?: number;
  readonly height?: number;
}

export async function openWall(
  browser: Browser,
  { url, clockOffMs = 0, width = 1920, height = 1080 }: WallPageOptions,
): Promise<WallPage> {
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  if (clockOffMs !== 0) await page.addInitScript(wrongClock, clockOffMs);
  await page.goto(url);

  async function timed(selector: string, withinMs: number): Promise<number> {
    const from = performance.now();
    await page.waitForSelector(selector, { timeout: withinMs, state: 'attached' });
    return Math.round(performance.now() - from);
  }

  return {
    page,
    untilLive: (withinMs) => timed('[data-health="live"]', withinMs),
    async untilNotLive(withinMs) {
      const tookMs = await timed('[data-not-live]', withinMs);
      const sign = page.locator('[data-not-live]');
      const kind = (await sign.getAttribute('data-not-live')) ?? '';
      return { tookMs, kind, says: (await sign.innerText()).replace(/\s+/g, ' ') };
    },
    async secondHand() {
      return (await page.locator('[data-second-hand]').getAttribute('data-second-hand')) ?? '';
    },
    close: () => context.close(),
  };
}

/** Runs in the page: its clock of the day is wrong from the first script on. */
function wrongClock(offMs: number): void {
  const Right = Date;
  class Wrong extends Right {
    constructor(...given: unknown[]) {
      if (given.length === 0) super(Right.now() + offMs);
      else super(...(given as [number]));
    }
    static override now(): number {
      return Right.now() + offMs;
    }
  }
  globalThis.Date = Wrong as DateConstructor;
}
