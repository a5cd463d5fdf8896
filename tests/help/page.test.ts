// The page `/help` in a real browser, from the press to the floor and back: a phone, a personal link, a connection that is cut.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { systemClock } from '../../server/clock.ts';
import { openMemoryStore } from '../../server/log/memory-store.ts';
import type { MemoryStore } from '../../server/log/memory-store.ts';
import { openWatchingHouse } from '../alerts/watching-house.ts';
import type { WatchingHouse } from '../alerts/watching-house.ts';
import { buildClient } from '../support/built-client.ts';
import type { BuiltClient } from '../support/built-client.ts';
import { call } from '../support/call.ts';
import { openChromium } from '../support/chromium.ts';
import { openBench } from '../support/gateway-bench.ts';
import type { Bench } from '../support/gateway-bench.ts';

const PHONE = { viewport: { width: 360, height: 740 } };
let client: BuiltClient;
let browser: Browser;
let store: MemoryStore;
let house: WatchingHouse;
let bench: Bench;
let context: BrowserContext;

beforeAll(async () => {
  [client, browser] = await Promise.all([buildClient(), openChromium()]);
});
afterAll(async () => {
  await browser.close();
  client.remove();
});
beforeEach(async () => {
  store = openMemoryStore(systemClock);
  house = await openWatchingHouse(store, systemClock);
  bench = await openBench({
    staticDir: client.folder,
    real: {
      facts: house.floor.facts,
      obey: (heard, by) => house.commanding.obey(heard, by),
    },
  });
  await store.append([
    { type: 'agent.profile', subject: 'charles', data: { name: 'Charles Darnay' } },
    { type: 'agent.profile', subject: 'nora', data: { name: 'Nora', role: 'supervisor' } },
  ]);
  await expect.poll(() => house.floor.facts.agents.size).toBe(2);
});
afterEach(async () => {
  await context.close();
  await bench.close();
  await house.close();
});

async function open(locale = 'en-GB'): Promise<Page> {
  context = await browser.newContext({ ...PHONE, locale });
  const made = await call({
    port: bench.port,
    method: 'POST',
    path: '/api/v1/help-links',
    headers: { 'content-type': 'application/json', authorization: 'Bearer any-at-the-demo' },
    body: JSON.stringify({ agent: 'charles' }),
  });
  const page = await context.newPage();
  await page.goto((JSON.parse(made.body) as { readonly url: string }).url);
  return page;
}
const assists = () => [...house.floor.facts.assists.values()];

describe('the page of help', () => {
  it('[CMD-95] asks from a phone, shows who is coming, and takes it back', async () => {
    const page = await open();
    const need = page.getByRole('button', { name: 'I need help' });
    await need.waitFor();
    await page.getByText('Charles Darnay').waitFor();
    expect((await need.boundingBox())?.height).toBeGreaterThanOrEqual(120);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(360);
    await page.getByRole('button', { name: 'I need an approval' }).click();
    await need.click();
    await page.getByText('Your leads have been asked.').waitFor();
    expect(assists()).toMatchObject([{ agent: 'charles', about: 'I need an approval' }]);
    expect(await need.isVisible()).toBe(false);
    await store.append([
      { type: 'assist.claimed', subject: assists()[0]!.id, data: { by: 'nora' } },
    ]);
    await page.getByText('Nora is coming.').waitFor();
    await page.getByText(/^On the way for 0:\d\d · Asked \d+:\d\d ago$/).waitFor();
    await page.getByRole('button', { name: 'No longer needed' }).click();
    await need.waitFor();
    expect(assists()).toEqual([]);
    // The next call for help is about something else.
    expect(await page.locator('[aria-pressed="true"]').count()).toBe(0);
    await need.click();
    await expect.poll(() => assists().map(({ about }) => about)).toEqual([null]);
  });

  it('[CMD-91] says that nobody was told while the connection is cut, and asks once it is back', async () => {
    const page = await open();
    const need = page.getByRole('button', { name: 'I need help' });
    await need.waitFor();
    await context.setOffline(true);
    await need.click();
    await page.getByText('Nobody has been told yet.').waitFor();
    await page.getByText('Sending…').waitFor();
    expect(await page.getByText('Your leads have been asked.').isVisible()).toBe(false);
    expect(assists()).toEqual([]);
    await context.setOffline(false);
    await page.getByText('Your leads have been asked.').waitFor();
    expect(assists()).toHaveLength(1);
    expect(await page.getByRole('alert').isVisible()).toBe(false);
  });

  it('[CMD-94] says of a link that was ended that it is over', async () => {
    const page = await open();
    await page.getByRole('button', { name: 'I need help' }).waitFor();
    await call({
      port: bench.port,
      method: 'DELETE',
      path: '/api/v1/help-links/charles',
      headers: { authorization: 'Bearer any' },
    });
    await page.getByText('This link is over.').waitFor();
    await page.getByText('at the desk: your name, “Calls for help by phone”.').waitFor();
    expect(await page.getByRole('button').first().isVisible()).toBe(false);
  });

  it('[CMD-94] says on a page without a link where one is had, and asks nobody', async () => {
    const page = await open();
    const asked: string[] = [];
    await page.getByRole('button', { name: 'I need help' }).waitFor();
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto('about:blank');
    await page.goto(`${bench.url}/help`);
    await page.getByText('This page needs your personal link. Ask your lead for it').waitFor();
    expect(await page.getByRole('button').first().isVisible()).toBe(false);
    expect(asked).not.toContain('/api/v1/help');
  });

  for (const [locale, words, lang] of [
    ['zh-CN', '我需要帮助', 'zh-Hans'],
    ['lv-LV', 'Man vajag palīdzību', 'lv'],
  ] as const)
    it(`[CMD-95] speaks ${locale}`, async () => {
      const page = await open(locale);
      await page.getByRole('button', { name: words }).waitFor();
      expect(await page.locator('html').getAttribute('lang')).toBe(lang);
    });
});
