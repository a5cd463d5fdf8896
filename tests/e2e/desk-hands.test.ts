/// <reference lib="dom" />
// The desk in hands that move: another person sits down, keys, forms, the focus, and what must not look live. One room, since all use one browser.
import type { Browser, Page as Tab } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CommandName } from '../../server/contract/commands.ts';
import type { AlertRow } from '../../server/contract/rows.ts';
import { buildClient } from '../support/built-client.ts';
import type { BuiltClient } from '../support/built-client.ts';
import { openChromium } from '../support/chromium.ts';
import { alertRow, ME } from '../support/desk-floor.ts';
import { openDesk, PHONE } from '../support/desk-page.ts';
import type { DeskScene, DeskSceneOptions } from '../support/desk-page.ts';
import { NOW } from '../support/wall-floors.ts';
import type { WallServer } from '../support/wall-server.ts';

let client: BuiltClient;
let browser: Browser;
let scene: DeskScene | null = null;

beforeAll(async () => {
  client = await buildClient();
  browser = await openChromium();
});
afterEach(async () => {
  expect(scene?.complaints ?? []).toEqual([]);
  await scene?.close();
  scene = null;
});
afterAll(async () => {
  await browser.close();
  client.remove();
});

async function open(options: Omit<DeskSceneOptions, 'folder'> = {}): Promise<DeskScene> {
  scene = await openDesk(browser, { folder: client.folder, ...options });
  return scene;
}

function put(server: WallServer, row: AlertRow): void {
  server.change({ put: { alerts: { [row.id]: row } }, gone: {} });
}

const all = (server: WallServer, name: CommandName) =>
  server.commands.filter((one) => one.name === name).map((one) => one.said);
const card = (tab: Tab, id: string) => tab.locator(`.left [data-episode="${id}"]`);
/** What has the focus: the name of its element and its text or field. */
const focused = (tab: Tab): Promise<string> =>
  tab.evaluate(() => {
    const at = document.activeElement;
    const text = at?.getAttribute('data-episode') ?? at?.textContent?.trim() ?? '';
    return `${at?.localName ?? ''} ${text}`;
  });
/** Two frames, in which all that was begun is drawn. */
const drawn = (tab: Tab): Promise<unknown> =>
  tab.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );

describe('who sits here', () => {
  it('[DSK-60] is asked again by nobody’s hand where the server did not say it', async () => {
    let asked = 0;
    const { tab } = await open({
      prepare(server) {
        const call = server.call.bind(server);
        server.call = (said) =>
          said.path === '/api/v1/session' && (asked += 1) === 1 ? null : call(said);
      },
    });
    await tab.locator('[data-me="lea"]').waitFor();
    expect(asked).toBeGreaterThan(1);
  });

  it('[DSK-60] [DSK-61] follows another tab, and what the former person left goes with them', async () => {
    const { server, tab, floor } = await open();
    const [lea, jarvis] = [floor.tables.agents.get(ME)!, floor.tables.agents.get('jarvis')!];
    const unsaid = { presence: null, presenceUntil: null };
    server.change({
      put: { agents: { [ME]: { ...lea, ...unsaid }, jarvis: { ...jarvis, ...unsaid } } },
      gone: {},
    });
    await tab.locator('[data-presence=""]').waitFor();
    server.answer = () => ({ refused: 'past' });
    await card(tab, 'e1').locator('[data-take]').click();
    await tab.locator('[data-not-done]').waitFor();
    await tab.getByRole('button', { name: 'New promise' }).click();
    await tab.getByLabel('Customer’s name').fill('Mrs Cruncher');

    const other = await tab.context().newPage();
    await other.goto(`${server.origin}/desk?language=en`);
    await other.getByRole('button', { name: 'Not you?' }).click();
    await other.locator('[data-person="jarvis"]').click();
    await tab.locator('[data-me="jarvis"]').waitFor();
    await other.close();
    expect(await tab.locator('[data-not-done]').count()).toBe(0);
    expect(await tab.locator('[data-new-promise]').count()).toBe(0);
    const before = all(server, 'presence').length;
    await tab.locator('h2').first().click();
    await expect.poll(() => all(server, 'presence').length).toBe(before + 1);
  });
});

describe('a key', () => {
  it('[DSK-62] acts on the card that has the focus, and nowhere on what is not seen', async () => {
    const { server, tab } = await open();
    await tab.keyboard.press('j');
    expect(await focused(tab)).toBe('article e0');
    // Its buttons are of it, too.
    await card(tab, 'e1').getByRole('button', { name: 'Open' }).focus();
    await expect.poll(() => card(tab, 'e1').getAttribute('class')).toContain('chosen');
    await tab.keyboard.press('t');
    await expect
      .poll(() => all(server, 'acknowledge').map(({ episode }) => episode))
      .toEqual(['e1']);
    await tab.keyboard.press('?');
    await tab.locator('[data-keys]').waitFor();
    for (const key of ['t', 'r', 's', 'c', 'j', 'Tab']) await tab.keyboard.press(key);
    expect(await focused(tab)).toBe('button Close');
    await tab.keyboard.press('Escape');
    await expect.poll(() => focused(tab)).toBe('button Open');
    await tab.getByRole('link', { name: 'What did we miss' }).click();
    await tab.locator('[data-missed]').waitFor();
    for (const key of ['t', 'r', 's', 'c', 'j']) await tab.keyboard.press(key);
    await drawn(tab);
    expect(new URL(tab.url()).pathname).toBe('/desk/today');
    expect(server.commands.filter(({ said }) => said.via === undefined)).toHaveLength(1);
  });
});

describe('a form', () => {
  it('[DSK-63] stands still while nobody knows whether it was heard, and goes once it is done', async () => {
    const { server, tab } = await open();
    server.answer = () => ({ refused: 'log' });
    await tab.getByRole('button', { name: 'New promise' }).click();
    const form = tab.locator('[data-new-promise]');
    await form.getByLabel('Customer’s name').fill('Mrs Cruncher');
    await form.getByLabel('time').fill('16:30');
    await form.getByRole('button', { name: 'Promise it' }).click();
    const note = tab.locator('[data-not-done]');
    await note.waitFor();
    expect(await form.getByLabel('Customer’s name').getAttribute('readonly')).not.toBeNull();
    await form.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => all(server, 'promise').length).toBe(2);
    await expect.poll(() => note.count()).toBe(1);
    server.answer = () => ({ ok: true });
    await note.getByRole('button', { name: 'Try again' }).click();
    await form.waitFor({ state: 'detached' });
    const [one, two, three] = all(server, 'promise');
    expect([two, three]).toEqual([one, one]);
    await expect.poll(() => focused(tab)).toBe('button New promise');
  });

  it('[DSK-63] of a comment looks into the history before it says it again', async () => {
    const { server, tab, floor } = await open({ path: '/desk/episode/e1' });
    server.answer = () => ({ refused: 'log' });
    await tab.locator('[data-detail]').getByRole('button', { name: 'Comment' }).click();
    await tab.getByLabel('Write a word about it').fill('Ernest rang');
    await tab.keyboard.press('Enter');
    await tab.locator('[data-not-done]').waitFor();
    server.answer = () => ({ ok: true });
    const written = { at: server.now, to: 'firing', reason: 'commented', by: ME };
    server.episodes = floor.episodes.map((one) =>
      one.id === 'e1'
        ? { ...one, moves: [...one.moves, { ...one.moves[0], ...written, why: 'Ernest rang' }] }
        : one,
    );
    await tab.locator('[data-not-done]').getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => tab.getByLabel('Write a word about it').count()).toBe(0);
    expect(all(server, 'comment')).toHaveLength(1);
  });

  it('[DSK-66] says that a time is missing', async () => {
    const { server, tab } = await open();
    await tab.getByRole('button', { name: 'Meeting…' }).click();
    await tab.getByRole('button', { name: 'Set', exact: true }).click();
    await tab.getByText('A time is needed.').waitFor();
    expect(all(server, 'presence').filter(({ via }) => via === undefined)).toEqual([]);
  });
});

describe('the focus', () => {
  it('[DSK-64] goes to what is opened and back to where it was, on a phone too', async () => {
    const { tab } = await open({ viewport: PHONE });
    const last = tab.locator('.left [data-episode]').last();
    const id = (await last.getAttribute('data-episode')) ?? '';
    await last.scrollIntoViewIfNeeded();
    const at = await tab.evaluate(() => scrollY);
    expect(at).toBeGreaterThan(200);
    await last.getByRole('button', { name: 'Open' }).click();
    await tab.locator(`[data-detail="${id}"]`).waitFor();
    await expect.poll(() => focused(tab)).toMatch(/^h1 /);
    expect(await tab.evaluate(() => scrollY)).toBe(0);
    await tab.getByRole('button', { name: 'Back to the list' }).click();
    await expect.poll(() => focused(tab)).toBe('button Open');
    expect(
      await last
        .getByRole('button', { name: 'Open' })
        .evaluate((one) => document.activeElement === one),
    ).toBe(true);
    expect(Math.abs((await tab.evaluate(() => scrollY)) - at)).toBeLessThan(100);
  });

  it('[DSK-64] is not lost with a form, a button or a row that goes', async () => {
    const { server, tab } = await open({ path: '/desk/episode/e1' });
    const detail = tab.locator('[data-detail]');
    await detail.getByRole('button', { name: 'Comment' }).click();
    await detail.locator('form').getByRole('button', { name: 'Back', exact: true }).click();
    await expect.poll(() => focused(tab)).toBe('button Comment');
    await detail.locator('[data-take]').click();
    const taken = { state: 'acknowledged', takenBy: ME, version: 2 } as const;
    put(server, { ...alertRow('e1', {}, NOW), ...taken });
    await detail.locator('[data-take]').waitFor({ state: 'detached' });
    await expect.poll(() => focused(tab)).toMatch(/^article /);
    await tab.getByRole('link', { name: 'My channels' }).click();
    await expect.poll(() => focused(tab)).toBe('h1 My channels');
    await tab.getByRole('button', { name: 'Not you?' }).click();
    await expect.poll(() => focused(tab)).toBe('h1 Who are you?');
    // A card that goes elsewhere in the list keeps it.
    await tab.locator('[data-person="lea"]').click();
    await tab.getByRole('link', { name: 'Desk', exact: true }).click();
    await card(tab, 'e20').focus();
    put(server, { ...alertRow('e20', {}, NOW), state: 'snoozed', takenBy: 'jarvis', version: 3 });
    await tab.locator('[data-needs="later"] [data-episode="e20"]').waitFor();
    await expect.poll(() => focused(tab)).toBe('article e20');
  });

  it('[DSK-65] is not taken by Escape from what is typed', async () => {
    const { tab } = await open({ path: '/desk/callback/b0' });
    const page = tab.locator('[data-thing="callback"]');
    await page.getByRole('button', { name: 'Cancel promise' }).click();
    await page.getByRole('textbox').fill('她说不用了');
    await page.getByRole('textbox').press('Escape');
    await page.getByRole('button', { name: 'Note a try' }).focus();
    await tab.keyboard.press('Escape');
    await drawn(tab);
    expect(await page.getByRole('textbox').inputValue()).toBe('她说不用了');
    await page.getByRole('textbox').fill('');
    await page
      .getByRole('textbox')
      .evaluate((field) =>
        field.dispatchEvent(
          new KeyboardEvent('keydown', { key: 'Escape', isComposing: true, bubbles: true }),
        ),
      );
    await drawn(tab);
    expect(await page.count()).toBe(1);
    await page.getByRole('textbox').press('Escape');
    await page.waitFor({ state: 'detached' });
  });
});

describe('who hears the page', () => {
  it('[DSK-67] is told of a silent source once, and of the same alarm each time', async () => {
    const { server, tab } = await open({ floor: 'calm' });
    const region = tab.locator('[data-told-silent]');
    server.sources = { crm: { state: 'stale', ageMs: 48_000 }, pbx1: { state: 'live', ageMs: 0 } };
    server.tick();
    await expect.poll(() => region.textContent()).toMatch(/crm: .*as of 15:41/);
    const words = await region.textContent();
    await tab.evaluate(() => {
      const told = window as unknown as { changes: Record<string, number> };
      told.changes = { silent: 0, urgent: 0 };
      const watch = (name: string, selector: string): void => {
        const at = document.querySelector(selector);
        if (at === null) throw new Error(selector);
        new MutationObserver(() => (told.changes[name] = (told.changes[name] ?? 0) + 1)).observe(
          at,
          { childList: true, characterData: true, subtree: true },
        );
      };
      watch('silent', '[data-told-silent]');
      watch('urgent', '[data-urgent]');
    });
    const changes = () =>
      tab.evaluate(() => (window as unknown as { changes: Record<string, number> }).changes);
    for (let second = 1; second <= 3; second += 1) {
      server.sources = {
        ...server.sources,
        crm: { state: 'stale', ageMs: 48_000 + second * 1_000 },
      };
      server.tick();
    }
    await tab
      .locator('[data-silent="crm"]')
      .getByText(/0:5[1-9]/)
      .waitFor();
    expect(await region.textContent()).toBe(words);
    const alarm = alertRow('n1', { team: 't1' }, NOW);
    put(server, alarm);
    await expect.poll(async () => (await changes()).urgent).toBe(1);
    const taken = { state: 'acknowledged', takenBy: ME } as const;
    put(server, { ...alarm, ...taken, version: 2 });
    await card(tab, 'n1').getByText('you have it').waitFor();
    put(server, { ...alarm, version: 3 });
    await expect.poll(async () => (await changes()).urgent).toBe(2);
    expect((await changes()).silent).toBe(0);
  });
});

describe('what may be old or without a place', () => {
  it('[DSK-68] of the day is read again as it changes', async () => {
    const { server, tab, floor } = await open({ path: '/desk/today' });
    const line = tab.locator('[data-reported="e1"]');
    await line.getByText('still open').waitFor();
    server.episodes = floor.episodes.map((one) =>
      one.id === 'e1' ? { ...one, resolvedAt: server.now, isSeen: true } : one,
    );
    server.change({ put: {}, gone: { alerts: ['e1'] } });
    await line.getByText(/lasted/).waitFor({ timeout: 10_000 });
  });

  it('[DSK-68] of a promise is read again, or says that it cannot be', async () => {
    const told = (address: string) => ({
      ...{ id: 'b0', customer: { name: null, address }, note: null, closedAt: null },
      ...{ closedBy: null, why: null, tries: [], steps: [] },
    });
    const { server, tab, floor } = await open({
      path: '/desk/callback/b0',
      prepare: (made) => {
        made.callbacks = [told('+371 1')];
      },
    });
    const link = tab.locator('[data-thing] a[href^="tel:"]');
    await expect.poll(() => link.getAttribute('href')).toBe('tel:+3711');
    server.callbacks = [told('+371 2')];
    const row = floor.tables.callbacks.get('b0')!;
    server.change({
      put: { callbacks: { b0: { ...row, promisedAt: row.promisedAt + 1 } } },
      gone: {},
    });
    await expect.poll(() => link.getAttribute('href'), { timeout: 10_000 }).toBe('tel:+3712');
    const call = server.call.bind(server);
    server.call = (said) => (said.path.includes('/callbacks/') ? null : call(said));
    server.change({ put: { callbacks: { b0: { ...row, attempts: 9 } } }, gone: {} });
    const trouble = tab.locator('[data-thing] [role="alert"]');
    await trouble.waitFor({ timeout: 10_000 });
    server.call = call;
    await trouble.getByRole('button', { name: 'Try again' }).click();
    await trouble.waitFor({ state: 'detached' });
  });

  it('[DSK-68] of a silent source stands, and says as of when', async () => {
    const { server, tab, floor } = await open({ path: '/desk/contact/c1' });
    const agent = floor.tables.agents.get('a0')!;
    server.change({ put: { agents: { a0: { ...agent, source: 'pbx1' } } }, gone: {} });
    server.sources = { pbx1: { state: 'stale', ageMs: 30_000 }, crm: { state: 'live', ageMs: 0 } };
    server.tick();
    const page = tab.locator('[data-thing="contact"]');
    await page
      .locator('[data-stale]')
      .getByText(/as of 15:41:\d\d/)
      .waitFor();
    const state = await page.locator('[data-state]').innerText();
    server.sources = { ...server.sources, pbx1: { state: 'stale', ageMs: 33_000 } };
    server.tick(3_000);
    await drawn(tab);
    expect(await page.locator('[data-state]').innerText()).toBe(state);
    await page.getByRole('link', { name: agent.name }).click();
    await tab.locator('[data-thing="agent"] [data-stale]').waitFor();
    await tab.getByRole('button', { name: 'Back to the list' }).click();
    await tab.getByLabel('Whose agents').selectOption(agent.team ?? '');
    await tab.locator('[data-agent="a0"] [data-stale]').waitFor();
  });

  it('[DSK-69] are agents without a team, who have a choice of their own', async () => {
    const { server, tab, floor } = await open();
    const agent = floor.tables.agents.get('a5')!;
    server.change({ put: { agents: { a5: { ...agent, team: null } } }, gone: {} });
    await tab.getByLabel('Whose agents').selectOption({ label: 'Without a team' });
    await tab.locator('[data-agent="a5"]').waitFor();
    await tab.getByRole('heading', { name: 'Agents without a team' }).waitFor();
    expect(await tab.locator('[data-agent]').count()).toBe(1);
  });
});
