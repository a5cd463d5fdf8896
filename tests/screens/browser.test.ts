/// <reference lib="dom" />
// Televisions in a real browser: one is paired by keyboard alone, followed, found, loaded anew and revoked; and all of it looked at.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../server/contract/lists.ts';
import type { Language } from '../../server/contract/lists.ts';
import { buildClient } from '../support/built-client.ts';
import type { BuiltClient } from '../support/built-client.ts';
import { openChromium } from '../support/chromium.ts';
import { axe, cutOff, LAPTOP, PHONE } from '../support/desk-page.ts';
import { openBench } from '../support/gateway-bench.ts';
import type { Bench } from '../support/gateway-bench.ts';
import { queueRow } from '../support/paper-rows.ts';

const TV = { width: 1_920, height: 1_080 } as const;
const SMALL_TV = { width: 1_280, height: 720 } as const;
const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', zh: 'zh-CN', lv: 'lv-LV' };
let client: BuiltClient;
let browser: Browser;
let bench: Bench;
let complaints: string[];

beforeAll(async () => {
  [client, browser] = await Promise.all([buildClient(), openChromium()]);
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await bench.close();
});
afterAll(async () => {
  await browser.close();
  client.remove();
});

async function open(): Promise<void> {
  complaints = [];
  bench = await openBench({ staticDir: client.folder });
  bench.floor.put('queues', queueRow('billing', { name: 'Billing' }));
  bench.tell();
}
async function browse(
  path: string,
  viewport: { readonly width: number; readonly height: number },
  language: Language = 'en',
): Promise<Page> {
  const context: BrowserContext = await browser.newContext({
    ...{ viewport, locale: LOCALES[language], reducedMotion: 'reduce' },
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(bench.url + path);
  return page;
}
async function codeOn(tv: Page): Promise<string> {
  const code = tv.locator('.code').filter({ hasText: /^[B-Z]{4}-[B-Z]{4}$/ });
  await code.waitFor();
  return (await code.textContent()) ?? '';
}

describe('a television', () => {
  it('[SCR-40] [SCR-33] is paired by its code in under a minute by keyboard alone, renamed, identified, reloaded, revoked', async () => {
    await open();
    const began = Date.now();
    const tv = await browse('/pair', TV);
    const code = await codeOn(tv);
    const desk = await browse('/desk/screens', LAPTOP);
    const { keyboard } = desk;
    const focused = () => desk.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
    const tabTo = async (words: string): Promise<void> => {
      for (let presses = 0; presses < 40 && (await focused()) !== words; presses += 1)
        await keyboard.press('Tab');
      expect(await focused()).toBe(words);
    };
    const input = desk.getByLabel('Code on the television');
    await input.waitFor();
    for (let presses = 0; presses < 40; presses += 1) {
      if (await input.evaluate((one) => one === document.activeElement)) break;
      await keyboard.press('Tab');
    }
    await keyboard.type(code.toLowerCase().replace('-', ''));
    await keyboard.press('Enter');
    await desk.getByText(`The television with code ${code}`).waitFor();
    await keyboard.type('Hall');
    await keyboard.press('Enter');
    await desk.getByText('Hall is paired.').waitFor();
    await tv.waitForURL('**/wall/main');
    await tv.locator('.wall').waitFor();
    expect(Date.now() - began).toBeLessThan(60_000);
    expect(await tv.evaluate(() => document.cookie)).toBe('');
    await desk.locator('[data-state="live"]').waitFor();
    expect(await desk.locator('[data-screen]').innerText()).toContain('the present one');
    const { seenAt, paintedAt } = [...(await bench.access.records.signs.all()).values()][0]!;
    expect(Math.abs((seenAt ?? 0) - (paintedAt ?? 0))).toBeLessThan(3_000);

    await tabTo('Change');
    await keyboard.press('Enter');
    await keyboard.press('Control+A');
    await keyboard.type('Hall, left');
    await keyboard.press('Enter');
    await desk.getByText('Hall, left is changed.').waitFor();
    expect(await focused()).toBe('Change');
    await keyboard.press('Shift+Tab');
    await keyboard.press('Shift+Tab');
    expect(await focused()).toBe('Show its name');
    await keyboard.press('Enter');
    await tv.locator('[data-identified]').getByText('Hall, left').waitFor();

    await tv.evaluate(() => document.body.setAttribute('data-old', ''));
    await tabTo('Load anew');
    await keyboard.press('Enter');
    await tv.locator('body:not([data-old]) .wall').waitFor();

    await tabTo('Revoke');
    await keyboard.press('Enter');
    expect(await focused()).toBe('Keep it');
    await keyboard.press('Shift+Tab');
    expect(await focused()).toBe('Yes, revoke it');
    const asked = Date.now();
    await keyboard.press('Enter');
    await tv.locator('[data-notice="unpaired"]').waitFor();
    expect(Date.now() - asked).toBeLessThan(2_000);
    expect(await tv.getByText('Billing').count()).toBe(0);
    await desk.getByText('Hall, left is revoked.').waitFor();
    await tv.waitForURL('**/pair');
    expect(await codeOn(tv)).not.toBe(code);
    expect(complaints).toEqual([]);
  });

  it('[SCR-40] that is scanned is found by the address, and told what a board that cannot be read needs', async () => {
    await open();
    const code = await codeOn(await browse('/pair', TV));
    const desk = await browse(`/desk/screens?code=${code}`, PHONE);
    await desk.getByText(`The television with code ${code}`).waitFor();
    await desk.getByText('1920 × 1080 pixels').waitFor();
    await desk.getByLabel('Diagonal, inches').fill('32');
    await desk.getByText('Say both the diagonal and the farthest seat, or neither.').waitFor();
    await desk.getByLabel('Farthest seat, metres').fill('9');
    await desk.getByText('This board cannot be read from 9 m on 32 inches.').waitFor();
    await desk.getByRole('button', { name: 'Cancel' }).click();
    expect(new URL(desk.url()).search).toBe('');
    await desk.getByLabel('Code on the television').fill('WDJB-MJHT');
    await desk.keyboard.press('Enter');
    await desk.getByText('No television shows this code.').waitFor();
  });
});

describe('what is seen of it', () => {
  it.each(LANGUAGES.flatMap((language) => [TV, SMALL_TV].map((size) => ({ language, ...size }))))(
    '[SCR-41] the code in $language at $width × $height is whole',
    async ({ language, ...size }) => {
      await open();
      const tv = await browse('/pair', size, language);
      await codeOn(tv);
      expect(await cutOff(tv)).toEqual({ cut: [], wider: 0 });
      const height = await tv.evaluate(() => document.documentElement.scrollHeight);
      expect(height).toBeLessThanOrEqual(size.height);
      const letters = await tv.locator('.code').evaluate((one) => getComputedStyle(one).fontSize);
      expect(parseFloat(letters)).toBeGreaterThanOrEqual(size.height * 0.15);
      expect(await axe(tv)).toEqual([]);
      expect(complaints).toEqual([]);
    },
  );

  it.each(LANGUAGES.flatMap((language) => [LAPTOP, PHONE].map((size) => ({ language, ...size }))))(
    '[SCR-41] the page of screens in $language at $width × $height is whole',
    async ({ language, ...size }) => {
      await open();
      const code = await codeOn(await browse('/pair', TV));
      const found = await bench.access.pairings.find(code);
      if (found === null) throw new Error('Expected a pairing.');
      const name = 'The long corridor between Billing and Deliveries, third floor, left';
      const given = { name, board: 'main', inches: 32, seatMetres: 9, language: null };
      await bench.access.screens.pair(found, given, 'anna');
      const desk = await browse(`/desk/screens?language=${language}`, size, language);
      await desk.locator('[data-screen]').waitFor();
      expect(await cutOff(desk)).toEqual({ cut: [], wider: 0 });
      expect(await axe(desk)).toEqual([]);
      await desk.locator('[data-revoke]').click();
      await desk.locator('[data-yes]').waitFor();
      expect(await cutOff(desk)).toEqual({ cut: [], wider: 0 });
      await desk.locator('[data-yes] + button').click();
      await desk.locator('[data-change]').click();
      await desk.locator('[data-unreadable]').waitFor();
      expect(await cutOff(desk)).toEqual({ cut: [], wider: 0 });
      expect(await axe(desk)).toEqual([]);
      expect(complaints).toEqual([]);
    },
  );
});
