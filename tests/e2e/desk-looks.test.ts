// The desk looked at: nothing cut off, nothing wider than the screen, nothing serious for axe; three languages, a laptop and a phone.
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../server/contract/lists.ts';
import { buildClient } from '../support/built-client.ts';
import type { BuiltClient } from '../support/built-client.ts';
import { openChromium } from '../support/chromium.ts';
import { axe, cutOff, LAPTOP, openDesk, PHONE } from '../support/desk-page.ts';
import type { DeskScene, DeskSceneOptions } from '../support/desk-page.ts';

let client: BuiltClient;
let browser: Browser;
const scenes: DeskScene[] = [];

beforeAll(async () => {
  client = await buildClient();
  browser = await openChromium();
});
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});
afterAll(async () => {
  await browser.close();
  client.remove();
});

async function open(options: Omit<DeskSceneOptions, 'folder'>): Promise<DeskScene> {
  const scene = await openDesk(browser, { folder: client.folder, ...options });
  scenes.push(scene);
  return scene;
}

const WHOLE = { cut: [], wider: 0 };
const PLACES = [
  ['calm', '/desk'],
  ['busy', '/desk'],
  ['large', '/desk'],
  ['long', '/desk'],
  ['busy', '/desk/today'],
  ['busy', '/desk/episode/e1'],
  ['long', '/desk/episode/e0'],
  ['busy', '/desk/agent/a0'],
  ['busy', '/desk/contact/c1'],
  ['long', '/desk/agent/a0'],
  ['busy', '/desk/undelivered'],
] as const;

describe.each(LANGUAGES)('the desk in %s', (language) => {
  it.each([
    ['a laptop', LAPTOP],
    ['a phone', PHONE],
  ])('[DSK-32] is whole on %s, and axe finds nothing serious', async (_name, viewport) => {
    for (const [floor, path] of PLACES) {
      const { tab } = await open({ floor, path, viewport, language });
      const where = { floor, path };
      expect({ ...where, ...(await cutOff(tab)) }).toEqual({ ...where, ...WHOLE });
      if (floor === 'busy') expect([path, await axe(tab)]).toEqual([path, []]);
    }
  });

  it('[DSK-32] is whole with its forms open, who is asked, and not live', async () => {
    for (const viewport of [LAPTOP, PHONE]) {
      const asked = await open({ viewport, language, isNobody: true });
      expect(await cutOff(asked.tab)).toEqual(WHOLE);
      expect(await axe(asked.tab)).toEqual([]);

      const { server, tab } = await open({ viewport, language });
      if (viewport === PHONE) await tab.locator('.phone').click();
      await tab.locator('[aria-pressed="false"][aria-expanded]').first().click();
      await tab.locator('[data-help] header button').click();
      await tab.locator('[data-promise="b0"] [aria-expanded]').click();
      await tab.locator('[data-promises] .new button').click();
      expect(await cutOff(tab)).toEqual(WHOLE);
      expect(await axe(tab)).toEqual([]);
      server.answer = () => ({ refused: 'stale', by: 'jarvis', version: 3 });
      await tab.locator('[data-take]').first().click();
      await tab.locator('[data-not-done]').waitFor();
      server.log = { state: 'lost', reason: 'unreachable', asOf: server.now };
      server.tick();
      await tab.locator('[data-not-live]').waitFor();
      expect(await cutOff(tab)).toEqual(WHOLE);
      expect(await axe(tab)).toEqual([]);

      const episode = await open({ viewport, language, path: '/desk/episode/e1' });
      await episode.tab.keyboard.press('s');
      await episode.tab.locator('fieldset').waitFor();
      expect(await cutOff(episode.tab)).toEqual(WHOLE);
      expect(await axe(episode.tab)).toEqual([]);
    }
  });
});

describe('the probe', () => {
  it('[DSK-32] sees what is cut off and what is too wide', async () => {
    const { tab } = await open({});
    await tab.evaluate(() => {
      const button = document.querySelector<HTMLElement>('[data-take]');
      button?.style.setProperty('width', '20px');
      button?.style.setProperty('white-space', 'nowrap');
      document.querySelector<HTMLElement>('.three')?.style.setProperty('width', '1400px');
    });
    const { cut, wider } = await cutOff(tab);
    expect(cut.join()).toContain('button: Take it');
    expect(wider).toBeGreaterThan(50);
  });
});
