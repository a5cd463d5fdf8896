/// <reference lib="dom" />
// The page of channels in a real browser: what is on it, what is said to the server, keys, three languages, a laptop and a phone.
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ChannelsAnswer } from '../../server/contract/channels.ts';
import { LANGUAGES } from '../../server/contract/lists.ts';
import { buildClient } from '../support/built-client.ts';
import type { BuiltClient } from '../support/built-client.ts';
import { openChromium } from '../support/chromium.ts';
import { axe, cutOff, LAPTOP, openDesk, PHONE } from '../support/desk-page.ts';
import type { DeskScene, DeskSceneOptions } from '../support/desk-page.ts';

let client: BuiltClient;
let browser: Browser;
let scene: DeskScene;
beforeAll(async () => {
  client = await buildClient();
  browser = await openChromium();
});
afterEach(() => scene.close());
afterAll(async () => {
  await browser.close();
  client.remove();
});

const base = { name: null, language: null, breaksQuiet: false, isFixed: false };
const SAID: ChannelsAnswer = {
  ...{ pushKey: 'BEl6', person: 'lea', site: 'demo', canMail: true, browser: 'nobody' },
  channels: [
    {
      ...{ ...base, owner: 'person', of: 'lea', id: 'web', kind: 'push' },
      ...{ host: 'web.push.apple.com', name: 'Safari · iPhone' },
    },
    {
      ...{ ...base, owner: 'person', of: 'lea', id: 'mail', kind: 'email' },
      address: 'lea.manette.of.tellsons.bank@a-long-name-of-a-company.example',
    },
    {
      ...{ ...base, owner: 'team', of: 't1', id: 'slack', kind: 'webhook' },
      ...{ host: 'hooks.slack.com', shape: 'slack', isSigned: false },
    },
    {
      ...{ ...base, owner: 'site', of: 'demo', id: 'settings', kind: 'webhook', isFixed: true },
      ...{ host: 'pager.tellson.example', shape: 'json', isSigned: true },
    },
  ],
  quiet: { lea: { from: '22:00', to: '07:00', urgent: true } },
};

async function open(
  options: Partial<DeskSceneOptions> = {},
  said: ChannelsAnswer | null = SAID,
): Promise<DeskScene> {
  scene = await openDesk(browser, {
    ...{ folder: client.folder, path: '/desk/channels' },
    ...options,
    prepare(server) {
      server.channels = said;
      server.answerChannel = ({ path }) =>
        path.endsWith('/try') ? { outcome: 'arrived' } : { ok: true };
    },
  });
  return scene;
}

describe('the page of channels', () => {
  for (const language of LANGUAGES)
    for (const [name, viewport] of [
      ['a laptop', LAPTOP],
      ['a phone', PHONE],
    ] as const)
      it(`[CHN-27] has nothing cut off and nothing that axe finds serious on ${name} in ${language}`, async () => {
        const { tab, complaints } = await open({ language, viewport });
        await tab.locator('[data-owner="site demo"]').waitFor();
        await tab.locator('[data-owner="team t1"] button').last().click();
        await tab.locator('[data-owner="team t1"] form select').selectOption('webhook');
        expect(await cutOff(tab)).toEqual({ cut: [], wider: 0 });
        expect(await axe(tab)).toEqual([]);
        expect(complaints).toEqual([]);
      });

  it('[CHN-28] shows whose each channel is, tries it, takes it away, and leaves what is from the settings', async () => {
    const { tab, server } = await open();
    const mine = tab.locator('[data-owner="person lea"]');
    await mine.getByText('Safari · iPhone').waitFor();
    await tab.locator('[data-channel="slack"]').getByRole('button', { name: /Try/ }).click();
    await tab.locator('[data-channel="slack"]').getByText('The receiver took it.').waitFor();
    expect(await tab.locator('[data-channel="settings"] button').count()).toBe(1);
    await mine
      .locator('[data-channel="mail"]')
      .getByRole('button', { name: /Remove/ })
      .click();
    await expect
      .poll(() => server.channelCalls.map(({ method, path }) => `${method} ${path}`))
      .toEqual([
        'POST /api/v1/channels/team/t1/slack/try',
        'DELETE /api/v1/channels/person/lea/mail',
      ]);
  });

  it('[CHN-28] adds a channel and keeps quiet hours with the keyboard alone', async () => {
    const { tab, server } = await open();
    await tab.locator('[data-owner="team t1"] button').last().focus();
    await tab.keyboard.press('Enter');
    await tab.locator('[data-owner="team t1"] form select').selectOption('webhook');
    const address = tab.locator('[data-owner="team t1"] input[type="url"]');
    await address.focus();
    // A key of the desk is a letter here.
    await tab.keyboard.type('https://hooks.example/trsc');
    await tab.keyboard.press('Tab');
    await tab.keyboard.press('Tab');
    await tab.keyboard.press('Enter');
    await tab.getByText('it is not shown again').waitFor();
    await address.focus();
    await tab.keyboard.press('Enter');
    await tab.locator('[data-owner="team t1"] form').waitFor({ state: 'detached' });
    const [added] = server.channelCalls;
    expect(added?.path).toMatch(/^\/api\/v1\/channels\/team\/t1\/[\w-]{12}$/);
    expect(JSON.parse(added?.body ?? '')).toEqual({
      ...{ kind: 'webhook', url: 'https://hooks.example/trsc', shape: 'json' },
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/) as unknown,
    });
    expect(server.commands.map(({ name }) => name).filter((name) => name !== 'presence')).toEqual(
      [],
    );

    const quiet = tab.locator('[data-quiet]');
    await quiet.locator('input[type="time"]').first().fill('21:30');
    await quiet.locator('input[type="checkbox"]').press('Space');
    await quiet.getByRole('button', { name: 'Keep' }).press('Enter');
    await expect
      .poll(() => server.channelCalls.at(-1))
      .toMatchObject({
        ...{ method: 'PUT', path: '/api/v1/quiet/lea' },
        body: JSON.stringify({ from: '21:30', to: '07:00', urgent: false }),
      });
    // Nothing is sent while the last word is on its way.
    await quiet
      .locator('button:not([aria-disabled="true"])', { hasText: 'No quiet hours' })
      .press('Enter');
    await expect.poll(() => server.channelCalls.at(-1)?.method).toBe('DELETE');
    await tab.keyboard.press('Escape');
    expect(new URL(tab.url()).pathname).toBe('/desk');
  });

  it('[CHN-28] keeps the quiet hours that one is typing while something else is read anew', async () => {
    const { tab, server } = await open();
    const from = tab.locator('[data-quiet] input[type="time"]').first();
    await from.fill('21:30');
    server.answerChannel = () => ({ outcome: 'gone' });
    server.channels = { ...SAID, channels: SAID.channels.slice(1) };
    await tab.locator('[data-channel="slack"]').getByRole('button', { name: /Try/ }).click();
    await tab.locator('[data-channel="web"]').waitFor({ state: 'detached' });
    expect(await from.inputValue()).toBe('21:30');
    // What the server says otherwise stands.
    server.channels = { ...SAID, quiet: { lea: { from: '20:00', to: '06:00', urgent: true } } };
    await tab.locator('[data-channel="slack"]').getByRole('button', { name: /Try/ }).click();
    await expect.poll(() => from.inputValue()).toBe('20:00');
  });

  it('[CHN-28] says what was not done, and that the channels cannot be read', async () => {
    const { tab, server } = await open();
    server.answerChannel = () => null;
    await tab.locator('[data-channel="mail"]').getByRole('button', { name: /Try/ }).click();
    await tab.locator('[data-channel="mail"]').getByText('That was not done').waitFor();
    await scene.close();
    await open({}, null);
    await scene.tab.getByText('The channels cannot be read now').waitFor();
    scene.server.channels = SAID;
    await scene.tab.getByRole('button', { name: 'Try again' }).click();
    await scene.tab.locator('[data-channel="mail"]').waitFor();
  });

  it('[CHN-25] says in plain words why there is no push, where the browser says no', async () => {
    const { tab } = await open();
    await tab.locator('[data-push="off"]').waitFor();
    // Headless, Chromium denies by itself whoever asks.
    await tab.getByRole('button', { name: 'Turn push on' }).click();
    await tab.getByText(/told to show no notifications|push service did not take it/).waitFor();
  });

  it('[CHN-25] gives the button back and says so, where the push service says nothing for 10 s', async () => {
    const { tab } = await open();
    await tab.locator('[data-push="off"]').waitFor();
    // The browser as it is where its push service cannot be reached.
    await tab.evaluate(() => {
      Notification.requestPermission = () => Promise.resolve('granted');
      PushManager.prototype.subscribe = () => {
        document.body.dataset.asked = 'yes';
        return new Promise(() => undefined);
      };
    });
    await tab.clock.install();
    await tab.getByRole('button', { name: 'Turn push on' }).click();
    await tab.locator('[data-asked="yes"]').waitFor({ state: 'attached' });
    await tab.clock.runFor(9_000);
    expect(await tab.locator('[data-push="turning"]').count()).toBe(1);
    await tab.clock.runFor(1_100);
    await tab.getByText('did not answer within 10 seconds').waitFor();
    await tab.getByRole('button', { name: 'Turn push on' }).waitFor();
    expect(await cutOff(tab)).toEqual({ cut: [], wider: 0 });
  });
});
