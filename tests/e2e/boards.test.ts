// Boards that people make, in a real browser against a real log: a novice by keyboard alone, two who change one board, and how it all looks.
import type { Browser, Frame, Locator, Page as Tab } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { LANGUAGES } from '../../server/contract/lists.ts';
import { openMemoryStore } from '../../server/log/memory-store.ts';
import type { MemoryStore } from '../../server/log/memory-store.ts';
import { openWatchingHouse } from '../alerts/watching-house.ts';
import type { WatchingHouse } from '../alerts/watching-house.ts';
import { buildClient } from '../support/built-client.ts';
import type { BuiltClient } from '../support/built-client.ts';
import { openChromium } from '../support/chromium.ts';
import { axe, cutOff, LAPTOP, PHONE } from '../support/desk-page.ts';
import { openBench } from '../support/gateway-bench.ts';
import type { Bench } from '../support/gateway-bench.ts';

/** More than any page here has places for the focus. */
const TABS_MOST = 80;

let client: BuiltClient;
let browser: Browser;
let store: MemoryStore;
let house: WatchingHouse;
let bench: Bench;
let complaints: string[];

beforeAll(async () => {
  [client, browser] = await Promise.all([buildClient(), openChromium()]);
});
afterAll(async () => {
  await browser.close();
  client.remove();
});
beforeEach(async () => {
  complaints = [];
  store = openMemoryStore(systemClock);
  let gateways: readonly Bench[] = [];
  house = await openWatchingHouse(store, systemClock, {
    onTurn: (touched) => gateways.forEach(({ gateway }) => gateway.changed(touched)),
  });
  bench = await openBench({
    staticDir: client.folder,
    real: {
      facts: house.floor.facts,
      obey: () => Promise.resolve({ ok: true }),
      append: (entries) => store.appendFields(entries),
    },
  });
  gateways = [bench];
  await store.append([
    { type: 'team.profile', subject: 'money', data: { name: 'Money' } },
    { type: 'team.profile', subject: 'parcels', data: { name: 'Parcels' } },
    { type: 'queue.profile', subject: 'billing', data: { name: 'Billing', teams: ['money'] } },
    { type: 'queue.profile', subject: 'refunds', data: { name: 'Refunds', teams: ['money'] } },
    { type: 'queue.profile', subject: 'orders', data: { name: 'Orders', teams: ['parcels'] } },
    { type: 'agent.state', subject: 'charles', data: { state: 'available' } },
    { type: 'agent.profile', subject: 'charles', data: { name: 'Charles Darnay', team: 'money' } },
    { type: 'agent.profile', subject: 'lucie', data: { name: 'Lucie Manette', team: 'parcels' } },
  ]);
  await expect.poll(() => house.floor.facts.agents.size).toBe(2);
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await bench.close();
  await house.close();
});

async function open(
  path: string,
  viewport: { width: number; height: number } = LAPTOP,
): Promise<Tab> {
  const context = await browser.newContext({ viewport, locale: 'en-GB', reducedMotion: 'reduce' });
  const tab = await context.newPage();
  tab.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  tab.on('pageerror', (error) => complaints.push(error.message));
  await tab.goto(`${bench.url}${path}`);
  await tab.locator('main h1').waitFor();
  return tab;
}

/** As a hand without a mouse gets there. */
async function tabTo(tab: Tab, place: Locator): Promise<void> {
  for (let n = 0; n < TABS_MOST; n += 1) {
    if (await place.evaluate((one) => one === document.activeElement)) return;
    await tab.keyboard.press('Tab');
  }
  throw new Error(`The focus does not come to ${place.toString()}.`);
}

async function write(tab: Tab, field: string, text: string): Promise<void> {
  await tabTo(tab, tab.locator(`[data-field="${field}"]`));
  await tab.keyboard.press('Control+A');
  await tab.keyboard.type(text);
}

async function previewOf(tab: Tab): Promise<Frame> {
  const handle = await tab.locator('iframe').elementHandle();
  const frame = await handle?.contentFrame();
  if (frame === null || frame === undefined) throw new Error('The preview is no frame.');
  return frame;
}

describe('boards at the desk', () => {
  it('[MNG-40] a novice makes by keyboard alone, sees them, is refused, takes the nearest, saves and opens', async () => {
    const tab = await open('/desk/manage');
    await tabTo(tab, tab.getByRole('link', { name: 'New board' }));
    await tab.keyboard.press('Enter');
    await tab.getByRole('heading', { name: 'New board' }).waitFor();
    await write(tab, 'name', 'Billing hall');
    const preview = await previewOf(tab);
    await preview.locator('[data-page="queues"]').getByText('Orders').waitFor();

    // All queues of one team: the others leave the picture, and it is not drawn anew in between.
    await preview.evaluate(() => {
      const seen: string[] = [];
      new MutationObserver(() => {
        const notice = document.querySelector('[data-notice="connecting"]');
        if (notice) seen.push('blank');
      }).observe(document.body, { childList: true, subtree: true });
      Object.assign(window, { blanks: seen });
    });
    await tabTo(tab, tab.locator('input[type="radio"][value="all"]').first());
    await tab.keyboard.press('ArrowDown');
    await tabTo(tab, tab.getByRole('checkbox', { name: 'Money' }));
    await tab.keyboard.press('Space');
    await tab.getByText('Now these are: Billing, Refunds').waitFor();
    await expect.poll(() => preview.getByText('Orders').count()).toBe(0);
    await preview.locator('[data-page="queues"]').getByText('Refunds').waitFor();

    // The floor first.
    await tabTo(tab, tab.getByRole('button', { name: 'Move up: Floor' }));
    await tab.keyboard.press('Enter');
    await preview.locator('[data-page="floor"]').waitFor();
    expect(
      await preview.evaluate(() => (window as unknown as { blanks: string[] }).blanks),
    ).toEqual([]);

    await write(tab, 'metres', '14');
    await tab
      .locator('[data-reading="unreadable"]')
      .getByText('cannot be read from 14 m')
      .waitFor();
    await preview.locator('[data-notice="unreadable"]').waitFor();
    await tabTo(tab, tab.locator('[data-save]'));
    await tab.keyboard.press('Enter');
    await tab.locator('[data-missing]').waitFor();
    expect(house.floor.facts.boards.size).toBe(0);
    await tab.keyboard.press('Shift+Tab');
    await tabTo(tab, tab.locator('[data-mend="nearer"]'));
    await tab.keyboard.press('Enter');
    await tab.locator('[data-reading="readable"]').waitFor();
    await preview.locator('[data-page]').waitFor();

    await tabTo(tab, tab.locator('[data-save]'));
    await tab.keyboard.press('Enter');
    await tab.locator('[data-saved]').waitFor();
    expect(house.floor.facts.boards.get('billing-hall')).toMatchObject({
      name: 'Billing hall',
      queues: null,
      queuesOf: ['money'],
      pages: ['floor', 'queues', 'promises', 'today'],
    });
    const [wall] = await Promise.all([
      tab.context().waitForEvent('page'),
      tabTo(tab, tab.locator('[data-saved] a')).then(() => tab.keyboard.press('Enter')),
    ]);
    await wall.locator('[data-health="live"]').waitFor();
    expect(new URL(wall.url()).pathname).toBe('/wall/billing-hall');
    await wall.locator('[data-page="floor"]').waitFor();
    // What that screen shows follows what is saved.
    await store.append([
      { type: 'queue.profile', subject: 'fines', data: { name: 'Fines', teams: ['money'] } },
    ]);
    await wall.goto(`${bench.url}/wall/billing-hall?page=queues`);
    await wall.getByText('Fines').waitFor();
    expect(await wall.getByText('Orders').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('[MNG-41] are not undone by who changes them at the same time, and nothing written is lost', async () => {
    await store.append([{ type: 'board.saved', subject: 'hall', data: { name: 'Hall' } }]);
    await expect.poll(() => house.floor.facts.boards.size).toBe(1);
    const [mine, theirs] = [
      await open('/desk/boards/edit/hall'),
      await open('/desk/boards/edit/hall'),
    ];
    await theirs.locator('[data-field="name"]').fill('Theirs');
    await theirs.locator('[data-save]').click();
    await theirs.locator('[data-saved]').waitFor();
    await mine.locator('[data-field="name"]').fill('Mine');
    await mine.locator('[data-save]').click();
    await mine.locator('[data-overtaken]').waitFor();
    expect(house.floor.facts.boards.get('hall')?.name).toBe('Theirs');
    // The page is loaded anew, and what was written is there.
    await mine.reload();
    await expect.poll(() => mine.locator('[data-field="name"]').inputValue()).toBe('Mine');
    await mine.locator('[data-save]').click();
    await mine
      .locator('[data-overtaken]')
      .getByRole('button', { name: 'Save mine in its place' })
      .click();
    await mine.locator('[data-saved]').waitFor();
    expect(house.floor.facts.boards.get('hall')?.name).toBe('Mine');
    await theirs.locator('[data-field="name"]').fill('Theirs again');
    await theirs.locator('[data-save]').click();
    await theirs.getByRole('button', { name: 'Take theirs and give up mine' }).click();
    await expect.poll(() => theirs.locator('[data-field="name"]').inputValue()).toBe('Mine');
  });

  it('[MNG-42] are listed, copied, and removed once it was asked again', async () => {
    await store.append([{ type: 'board.saved', subject: 'hall', data: { name: 'Hall' } }]);
    const tab = await open('/desk/boards');
    const hall = tab.locator('[data-board="hall"]');
    await hall.getByRole('link', { name: 'Duplicate' }).click();
    await expect.poll(() => tab.locator('[data-field="name"]').inputValue()).toBe('Copy of Hall');
    await tab.locator('[data-save]').click();
    await tab.locator('[data-saved]').waitFor();
    expect(house.floor.facts.boards.has('copy-of-hall')).toBe(true);
    await tab.getByRole('link', { name: 'All boards' }).click();
    await hall.getByRole('button', { name: 'Remove' }).click();
    await hall.getByText('will say that there is no such board').waitFor();
    expect(house.floor.facts.boards.has('hall')).toBe(true);
    await hall.locator('[data-remove]').click();
    await tab.getByText('“Hall” is removed.').waitFor();
    await expect.poll(() => hall.count()).toBe(0);
    expect(house.floor.facts.boards.has('hall')).toBe(false);
    // What is there by itself can be changed, and not be taken away.
    expect(await tab.locator('[data-board="main"]').getByRole('button').count()).toBe(0);
  });

  it('[MNG-43] are drawn as large as they look from their seat, by a card that is held against the page', async () => {
    const tab = await open('/desk/boards/new');
    await write(tab, 'inches', '55');
    await write(tab, 'metres', '8');
    await tab.locator('[data-seat]').click();
    const widthOf = async () => (await tab.locator('[data-preview]').boundingBox())?.width ?? 0;
    // 1217.6 mm at 8 m are 91.3 mm at 0.6 m, of 96 pixels an inch.
    await expect.poll(widthOf).toBeCloseTo((91.32 * 96) / 25.4, 0);
    await tab.locator('input[type="range"]').fill('428');
    await expect.poll(widthOf).toBeCloseTo((91.32 * 428) / 85.6, 0);
    await write(tab, 'metres', '4');
    await expect.poll(widthOf).toBeCloseTo((182.64 * 428) / 85.6, 0);
  });

  it('[MNG-44] are framed by the pages of management alone, which frame nothing else and are framed by nobody', async () => {
    const policyOf = async (path: string) => {
      const { headers } = await fetch(`${bench.url}${path}`);
      return [headers.get('content-security-policy') ?? '', headers.get('x-frame-options')];
    };
    const [editor, editorFrame] = await policyOf('/desk/boards/new');
    expect(editor).toContain("frame-src 'self'");
    expect(editor).toContain("frame-ancestors 'none'");
    expect(editorFrame).toBe('DENY');
    const [preview, previewFrame] = await policyOf('/preview');
    expect(preview).toContain("frame-ancestors 'self'");
    expect(preview).not.toContain('frame-src');
    expect(previewFrame).toBe('SAMEORIGIN');
    for (const path of ['/wall/main', '/desk', '/desk/today', '/desk/boardsx'])
      expect((await policyOf(path))[0]).toMatch(/^(?!.*frame-src).*frame-ancestors 'none'/);
  });
});

describe.each(LANGUAGES)('the pages of boards in %s', (language) => {
  it.each([
    ['a laptop', LAPTOP],
    ['a phone', PHONE],
  ])('[MNG-45] are whole on %s, and axe finds nothing serious', async (_name, viewport) => {
    await store.append([
      {
        type: 'board.saved',
        subject: 'hall',
        data: { name: 'Hall', queuesOf: ['money'], screen: { inches: 32, seatMetres: 12 } },
      },
    ]);
    for (const path of [
      '/desk/boards',
      '/desk/boards/new',
      '/desk/boards/edit/hall',
      '/desk/boards/edit/none',
    ]) {
      const tab = await open(`${path}?language=${language}`, viewport);
      await tab.locator('[data-health="live"]').waitFor();
      if (path.endsWith('hall')) await tab.locator('[data-reading="unreadable"]').waitFor();
      if (path.endsWith('new')) await tab.locator('[data-seat]').click();
      expect([path, await cutOff(tab)]).toEqual([path, { cut: [], wider: 0 }]);
      expect([path, await axe(tab)]).toEqual([path, []]);
      await tab.context().close();
    }
  });
});
