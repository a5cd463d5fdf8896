/// <reference lib="dom" />
// What a wall costs before it shows anything: the scripts that a browser fetches, and the milliseconds until its first paint.
import { gzipSync } from 'node:zlib';
import type { Browser, Response } from 'playwright-core';

export interface Loaded {
  /** Bytes of each script that was fetched until the wall was live, each compressed by itself at level 9. */
  readonly scripts: ReadonlyMap<string, number>;
  /** Milliseconds from the beginning of the navigation. */
  readonly firstPaint: number;
  /** The same, until rows stand on the wall as live. */
  readonly live: number;
}

/** One load with a cold cache, in a profile of its own. */
export async function loadWall(browser: Browser, url: string): Promise<Loaded> {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
  const page = await context.newPage();
  const fetched: Response[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') fetched.push(response);
  });
  await page.addInitScript(markLive);
  await page.goto(url);
  await page.waitForFunction(() => performance.getEntriesByName('live').length > 0);
  const scripts = new Map<string, number>();
  for (const response of [...fetched])
    scripts.set(
      new URL(response.url()).pathname,
      gzipSync(await response.body(), { level: 9 }).length,
    );
  const times = await page.evaluate(() => ({
    firstPaint: performance.getEntriesByName('first-paint')[0]?.startTime ?? Number.NaN,
    live: performance.getEntriesByName('live')[0]?.startTime ?? Number.NaN,
  }));
  await context.close();
  return { scripts, ...times };
}

/** The yardstick: a page of one file. Milliseconds from the beginning of the navigation. */
export async function firstPaintOf(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
  const page = await context.newPage();
  await page.goto(url);
  const paint = await page.waitForFunction(
    () => performance.getEntriesByName('first-paint')[0]?.startTime,
  );
  const ms = (await paint.jsonValue()) ?? Number.NaN;
  await context.close();
  return ms;
}

/** Runs in the page, before all of its scripts. */
function markLive(): void {
  new MutationObserver((_, observer) => {
    if (!document.querySelector('[data-health="live"]')) return;
    observer.disconnect();
    performance.mark('live');
  }).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['data-health'],
  });
}
