// Browser push through the whole product: turned on at the desk, decided, encrypted, delivered to the worker that ships, and taken from the notification.
import type { Browser, Page as Tab } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import type { ChannelsAnswer } from '../../server/contract/channels.ts';
import { untilAnswering } from '../../server/log/answering.ts';
import { openRedisStore } from '../../server/log/redis-store.ts';
import type { Store } from '../../server/log/store.ts';
import { call } from '../support/call.ts';
import { openChromium } from '../support/chromium.ts';
import { openHttpSink } from '../support/http-sink.ts';
import type { HttpSink } from '../support/http-sink.ts';
import { startPharos } from '../support/pharos.ts';
import type { Pharos } from '../support/pharos.ts';
import { showToken } from '../support/sign-in-page.ts';
import { openPushService } from '../support/push-service.ts';
import type { PushService } from '../support/push-service.ts';
import { startRedis } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { openWireClient } from '../support/wire-client.ts';

const TOKEN = 'a-token-of-the-site-in-full';
const BEARER = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
const soon = { timeout: 40_000, interval: 50 };
let browser: Browser;
let redis: RedisServer;
let sink: HttpSink;
let store: Store;
let house: Pharos;
beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser.close());
beforeEach(async () => {
  [redis, sink] = await Promise.all([startRedis(), openHttpSink()]);
  store = openRedisStore({ url: redis.url, site: 'main' });
  expect(await untilAnswering(store, { clock: systemClock, withinMs: 10_000 })).toBeNull();
  await store.append([
    { type: 'site.profile', subject: 'main', data: { limits: { holdSeconds: 1 } } },
    { type: 'team.profile', subject: 'blue', data: { name: 'Blue' } },
    { type: 'agent.profile', subject: 'lea', data: { name: 'Lea', role: 'lead', team: 'blue' } },
    { type: 'agent.profile', subject: 'nora', data: { name: 'Nora Vale', role: 'supervisor' } },
    { type: 'supervisor.presence', subject: 'lea', data: { presence: 'desk' } },
    { type: 'queue.profile', subject: 'billing', data: { name: 'Billing' } },
  ]);
  house = await startPharos({
    ...{ REDIS_URL: redis.url, PHAROS_ALLOW_OUT: '127.0.0.1', PHAROS_BOOTSTRAP_TOKEN: TOKEN },
  });
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await house.close();
  await store.close();
  await Promise.all([redis.close(), sink.close()]);
});

/** Signed in, as Lea, with push turned on in Latvian. */
async function turnedOn(): Promise<{ readonly tab: Tab; readonly push: PushService }> {
  const tab = await (await browser.newContext()).newPage();
  const push = await openPushService(tab, { sink, origin: house.url });
  await tab.goto(`${house.url}/desk?language=lv`);
  await showToken(tab, TOKEN);
  await tab.locator('[data-person="lea"]').click();
  await tab.locator('[data-push="off"]').click();
  await tab.locator('[data-push="on"]').waitFor();
  return { tab, push };
}
async function channels(): Promise<ChannelsAnswer> {
  const { body } = await call({ port: house.port, path: '/api/v1/channels', headers: BEARER });
  return JSON.parse(body) as ChannelsAnswer;
}
async function hold(contact: string, agent: string): Promise<void> {
  await store.append([
    { type: 'agent.profile', subject: agent, data: { name: agent, team: 'blue' } },
    {
      type: 'contact.queued',
      subject: contact,
      data: { queue: 'billing', customer: { name: 'Mr Secret', address: '+37126000000' } },
    },
    { type: 'contact.answered', subject: contact, data: { agent, queue: 'billing' } },
    { type: 'contact.held', subject: contact, data: { agent } },
  ]);
}
/** Delivers what comes until the severest alarm of a hold stands on the screen. */
async function untilShown(push: PushService): Promise<string> {
  await expect
    .poll(async () => {
      await push.deliver();
      return (await push.shown()).map(({ body }) => body).join();
    }, soon)
    .toContain('steidzami');
  const [shown] = await push.shown();
  return shown?.tag ?? '';
}

describe('browser push', () => {
  it('[CHN-20] is turned on at the desk, arrives as it was sent, and is taken from the notification', async () => {
    const { push } = await turnedOn();
    const { channels: list } = await channels();
    expect(list).toMatchObject([
      { owner: 'person', of: 'lea', kind: 'push', language: 'lv', host: new URL(sink.url).host },
    ]);
    expect(list[0]?.name).toMatch(/^Chrome · /);
    const wall = openWireClient({
      url: house.url,
      auth: { board: 'desk', token: TOKEN },
    });
    await hold('c1', 'anna');
    const episode = await untilShown(push);
    // What is shown is what was decrypted, of one episode in one place.
    const sent = push.read().map((text) => JSON.parse(text) as { tag: string; take: string });
    expect(new Set(sent.map(({ tag }) => tag))).toEqual(new Set([episode]));
    expect(await push.shown()).toEqual([
      expect.objectContaining({
        title: 'Ilga aizturēšana · Billing',
        lang: 'lv',
        isSilent: false,
        actions: ['take', 'open'],
      }),
    ]);
    for (const text of push.read()) expect(text).not.toMatch(/Secret|26000000/);
    await push.press('take');
    await expect
      .poll(async () => (await push.shown()).map(({ body }) => body), soon)
      .toEqual(['To darāt jūs.']);
    await wall.until(({ tables }) => tables.alerts.get(episode)?.takenBy === 'lea');
    // The same push once more shows what became of it, without a sound.
    await push.deliverText(push.read().at(-1) ?? '');
    await expect.poll(async () => (await push.shown())[0]?.isSilent, soon).toBe(true);
    expect((await push.shown())[0]?.body).toBe('To darāt jūs.');
    wall.close();
  });

  it('[CHN-21] says who was quicker, that it has ended, and that there is no connection; a click shows the episode', async () => {
    const { tab, push } = await turnedOn();
    await hold('c1', 'anna');
    const episode = await untilShown(push);
    await push.press('');
    await tab.locator(`[data-detail="${episode}"]`).waitFor();
    expect(new URL(tab.url()).pathname).toBe(`/desk/episode/${encodeURIComponent(episode)}`);
    expect(await push.shown()).toEqual([]);

    const last = push.read().at(-1) ?? '';
    await push.deliverText(last);
    await house.kill();
    await push.press('take');
    const says = () => push.shown().then((all) => all.map(({ body }) => body).join());
    await expect.poll(says, soon).toContain('Nav savienojuma');
    expect((await push.shown())[0]?.actions).toEqual(['take', 'open']);
    await house.start();
    await call({
      ...{ port: house.port, method: 'POST', headers: BEARER },
      path: `/api/v1/alerts/${encodeURIComponent(episode)}/acknowledge`,
      body: JSON.stringify({ by: 'nora' }),
    });
    await push.press('take');
    await expect.poll(says, soon).toBe('To jau dara Nora Vale.');
    // An end takes the place of its alarm without a sound.
    const end = {
      ...(JSON.parse(last) as { at: number }),
      id: 'end',
      kind: 'end',
      body: 'beidzies',
    };
    await push.deliverText(
      JSON.stringify({ ...end, at: end.at + 1, isSilent: true, take: null, actions: [] }),
    );
    await expect.poll(says, soon).toBe('beidzies');
    expect(await push.shown()).toMatchObject([{ isSilent: true, actions: ['open'] }]);
    // What is late does not stand before what is younger.
    await push.deliverText(last);
    await expect.poll(says, soon).toBe('beidzies');
    // A push must be shown, also one that nobody understands.
    await push.deliverText('what?');
    await expect.poll(async () => (await push.shown()).length, soon).toBe(2);
  });

  it('[CHN-36] shows its own page over a desk at which nobody is signed in any more', async () => {
    const { tab, push } = await turnedOn();
    await hold('c1', 'anna');
    await untilShown(push);
    await tab.context().clearCookies();
    await push.press('');
    await tab.waitForURL(/\/a\/[^/]+$/);
    expect(await tab.locator('body').innerText()).toContain('Billing');
  });

  it('[CHN-29] shows all that come a moment apart, each with what it needs to be pressed', async () => {
    const { push } = await turnedOn();
    await hold('c1', 'anna');
    await untilShown(push);
    const one = JSON.parse(push.read().at(-1) ?? '') as object;
    const tags = Array.from({ length: 40 }, (_, n) => `episode-${n}`);
    await Promise.all(
      tags.map(async (tag, n) => {
        await new Promise((done) => setTimeout(done, n * 4));
        await push.deliverText(JSON.stringify({ ...one, id: tag, tag }));
      }),
    );
    const stand = async () => (await push.shown()).map(({ tag }) => tag);
    await expect.poll(async () => (await stand()).length, soon).toBe(tags.length + 1);
    expect(await stand()).toEqual(expect.arrayContaining(tags));
  });

  it('[CHN-22] goes with whoever sits down at the browser, follows its new address, and shows as off once it has ended', async () => {
    const { tab, push } = await turnedOn();
    const owners = async () => (await channels()).channels.map(({ of, id }) => [of, id.length]);
    expect(await owners()).toEqual([['lea', 24]]);
    await tab.locator('button.link').click();
    await tab.locator('[data-person="nora"]').click();
    await expect.poll(owners, soon).toEqual([['nora', 24]]);
    await tab.locator('[data-push="on"]').waitFor();

    const before = (await channels()).channels[0]?.id;
    await (
      await push.worker()
    ).evaluate((endpoint) => {
      const at = (where: string) => ({
        endpoint: where,
        toJSON: () => ({ endpoint: where, keys: (globalThis as { keys?: object }).keys }),
      });
      Object.assign(globalThis, { keys: { p256dh: `B${'A'.repeat(86)}`, auth: 'A'.repeat(22) } });
      const event = new Event('pushsubscriptionchange');
      Object.assign(event, {
        oldSubscription: at(endpoint),
        newSubscription: at(`${endpoint}/moved`),
        waitUntil: () => undefined,
      });
      dispatchEvent(event);
    }, push.endpoint);
    await expect
      .poll(async () => (await channels()).channels.map(({ id }) => id), soon)
      .not.toContain(before);
    expect(await owners()).toEqual([['nora', 24]]);

    // The page still knows the old one, which is nobody's now.
    await tab.reload();
    await tab.locator('[data-push="off"]').click();
    await tab.locator('[data-push="on"]').waitFor();
    await tab.locator('a[href="/desk/channels"]').click();
    sink.answer(410);
    await tab
      .locator(`[data-channel="${before ?? ''}"] button`)
      .first()
      .click();
    await tab.locator('[data-push="off"]').waitFor();
    await tab.locator('[data-push-here="off"]').waitFor();
    await expect
      .poll(async () => (await channels()).channels.map(({ id }) => id), soon)
      .not.toContain(before);
  });
});
