// The desk against the gateway of the product: the page is served, who sits there is kept by the signed session, and what is said is heard and answered.
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildClient } from '../support/built-client.ts';
import { showToken } from '../support/sign-in-page.ts';
import type { BuiltClient } from '../support/built-client.ts';
import { openChromium } from '../support/chromium.ts';
import { openBench, TOKEN } from '../support/gateway-bench.ts';
import type { Bench } from '../support/gateway-bench.ts';
import { axe, cutOff, LAPTOP, PHONE } from '../support/desk-page.ts';
import { agentRow, alertRow, NOON, teamRow } from '../support/paper-rows.ts';

let client: BuiltClient;
let browser: Browser;
let bench: Bench | null = null;

beforeAll(async () => {
  client = await buildClient();
  browser = await openChromium();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await bench?.close();
  bench = null;
});
afterAll(async () => {
  await browser.close();
  client.remove();
});

/** A floor on which Lea supervises Billing and one hold alarms. */
async function serve(settings: NonNullable<Parameters<typeof openBench>[0]>['settings'] = {}) {
  const opened = await openBench({ staticDir: client.folder, settings });
  bench = opened;
  const { floor } = opened;
  floor.put('teams', teamRow('billing', { name: 'Billing' }));
  floor.put(
    'agents',
    agentRow('lea', { name: 'Lea Manette', role: 'supervisor', team: 'billing' }),
  );
  floor.put('agents', agentRow('charles', { name: 'Charles Darnay', team: 'billing' }));
  const hold = alertRow('main hold.long c/1:7', {
    rule: 'hold.long',
    team: 'billing',
    state: 'firing',
    version: 3,
    moves: [
      {
        at: NOON + 120_000,
        from: null,
        to: 'firing',
        reason: 'began',
        by: null,
        why: null,
        version: 3,
        severity: 'P2',
        level: 1,
        told: [],
      },
    ],
  });
  floor.put('alerts', hold);
  opened.tell();
  return { bench: opened, hold };
}

describe('the desk and the gateway', () => {
  it('[DSK-33] ask who sits there, keep it in the session, and hear what is said in that name', async () => {
    const { bench: real, hold } = await serve();
    const tab = await (await browser.newContext()).newPage();
    await tab.goto(`${real.url}/desk?language=en`);
    await tab.locator('[data-person="lea"]').click();
    const card = tab.locator(`[data-episode="${hold.id}"]`);
    await card.waitFor();
    expect(await tab.locator('[data-person]').count()).toBe(0);
    await card.locator('[data-take]').click();
    await expect
      .poll(() => real.obeyed.filter(({ heard }) => heard.name === 'acknowledge'))
      .toEqual([
        {
          heard: { name: 'acknowledge', says: { episode: hold.id, expectedVersion: 3 } },
          by: expect.objectContaining({ id: 'lea', how: 'said' }) as unknown,
        },
      ]);
    await tab.locator('[data-fate="done"]').waitFor();

    real.answer = { refused: 'stale', by: 'charles', version: 4 };
    await card.locator('[data-take]').click();
    await tab.getByText('Charles Darnay was quicker and has it now.').waitFor();

    real.answer = { ok: true };
    await tab.getByRole('button', { name: 'Meeting…' }).click();
    await tab.getByRole('button', { name: '30 min' }).click();
    await expect
      .poll(() =>
        real.obeyed.flatMap(({ heard }) => (heard.name === 'presence' ? [heard.says] : [])),
      )
      .toContainEqual(expect.objectContaining({ presence: 'meeting' }));

    await tab.reload();
    await card.waitFor();
    await card.getByRole('button', { name: 'Open' }).click();
    await tab.locator(`[data-detail="${hold.id}"] [data-history]`).getByText('It began').waitFor();
    expect(new URL(tab.url()).pathname).toBe(`/desk/episode/${encodeURIComponent(hold.id)}`);
    await tab.reload();
    await tab.locator(`[data-detail="${hold.id}"] [data-take]`).waitFor();
  });

  it('[DSK-33] lead through the sign-in to the one episode that a push named', async () => {
    const { bench: real, hold } = await serve({ demo: false, bootstrapToken: TOKEN });
    const tab = await (await browser.newContext()).newPage();
    await tab.goto(`${real.url}/desk/episode/${encodeURIComponent(hold.id)}?language=en`);
    await showToken(tab, TOKEN);
    await tab.locator('[data-person="lea"]').click();
    await tab.locator(`[data-detail="${hold.id}"] [data-take]`).click();
    await expect
      .poll(() => real.obeyed.map(({ heard, by }) => [heard.name, by.id]))
      .toContainEqual(['acknowledge', 'lea']);
  });

  it.each([
    ['a laptop', LAPTOP],
    ['a phone', PHONE],
  ])(
    '[DSK-39] make an agent’s personal link, show it once, and end it, on %s',
    async (_name, viewport) => {
      const { bench: real } = await serve();
      const context = await browser.newContext({ viewport });
      const tab = await context.newPage();
      await tab.goto(`${real.url}/desk/agent/charles?language=en`);
      await tab.locator('[data-person="lea"]').click();
      const part = tab.locator('[data-help-link]');
      await part.getByText('No link yet.').waitFor();
      const make = part.getByRole('button', { name: 'Make the link' });
      await make.focus();
      await tab.keyboard.press('Enter');
      const field = part.getByLabel('The address');
      const first = await field.inputValue();
      expect(first).toMatch(new RegExp(`^${real.url}/help#[\\w-]{43}$`));
      await part.getByText(/made .* by Lea Manette\.$/).waitFor();
      const code = await part.getByRole('img', { name: /Charles Darnay/ }).boundingBox();
      expect(code?.width).toBeGreaterThanOrEqual(280);
      expect(await cutOff(tab)).toEqual({ cut: [], wider: 0 });
      expect(await axe(tab)).toEqual([]);

      const phone = await (await browser.newContext({ viewport: PHONE })).newPage();
      await phone.goto(first);
      await phone.getByRole('button', { name: 'I need help' }).waitFor();

      await part.getByRole('button', { name: 'Make a new link' }).click();
      await part.getByText('The link that Charles Darnay has now ends at once.').waitFor();
      await tab.keyboard.press('Enter');
      await expect.poll(() => field.inputValue()).not.toBe(first);
      await phone.getByText('This link is over.').waitFor();

      await tab.reload();
      await part.getByText('Its address was shown once.').waitFor();
      expect(await field.count()).toBe(0);
      await part.getByRole('button', { name: 'Take the link away' }).click();
      await part.getByText('can then call for help by phone no more').waitFor();
      await tab.keyboard.press('Enter');
      await part.getByText('No link yet.').waitFor();
    },
  );
});
