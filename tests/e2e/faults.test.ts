// The wall while things break: what it says, when, and that it comes back by itself. What was measured is printed.
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RowsByTable } from '../../server/contract/tables.ts';
import { openChromium } from '../support/chromium.ts';
import { cutLink } from '../support/cut-link.ts';
import { showToken } from '../support/sign-in-page.ts';
import { startPharos } from '../support/pharos.ts';
import type { Pharos } from '../support/pharos.ts';
import { startRedis } from '../support/redis-server.ts';
import { openWall } from '../support/wall-page.ts';

/** What is promised, in milliseconds. */
const NOTICED_MS = 5_000;
const BACK_MS = 3_000;
/** A wait for something that is not promised to be quick. */
const PATIENCE_MS = 20_000;
const TOKEN = 'a-token-of-the-test-suite-only';

let browser: Browser;
const closings: (() => Promise<void>)[] = [];
const closeLater = <T extends { close(): Promise<void> }>(thing: T): T => {
  closings.push(() => thing.close());
  return thing;
};
const measured: string[] = [];
const note = (fault: string, noticed: number, back: number, says: string): void => {
  measured.push(`${fault}: noticed after ${noticed} ms, back after ${back} ms; "${says}"`);
};

beforeAll(async () => {
  browser = await openChromium();
});
afterEach(async () => {
  for (const close of closings.reverse().splice(0)) await close();
});
afterAll(async () => {
  await browser.close();
  console.log(measured.join('\n'));
});

/** Visits counted today, in all queues. */
async function offeredOf({ url }: Pharos): Promise<number> {
  const answer = await fetch(`${url}/api/v1/floor`);
  const { rows } = (await answer.json()) as { readonly rows: RowsByTable };
  return Object.values(rows.queues ?? {}).reduce((sum, { today }) => sum + today.offered, 0);
}

async function demo(): Promise<Pharos> {
  return closeLater(await startPharos());
}

describe('the wall of the demo', () => {
  it('[EEE-1] lives without any setting', async () => {
    const pharos = await demo();
    const wall = closeLater(await openWall(browser, { url: pharos.url }));
    await wall.untilLive(PATIENCE_MS);
    // How many stand on one page depends on what is needed at that moment.
    await wall.page.waitForSelector('[data-queue] >> nth=1', { timeout: PATIENCE_MS });
    const before = await wall.secondHand();
    await expect.poll(() => wall.secondHand(), { timeout: PATIENCE_MS }).not.toBe(before);
    const waiting = await wall.page.locator('[data-queue] [data-value]').allInnerTexts();
    expect(waiting.join(' ')).toMatch(/\d/);
  });

  it('[EEE-2] says that the server is gone, and comes back with what was on the floor', async () => {
    const pharos = await demo();
    const wall = closeLater(await openWall(browser, { url: pharos.url }));
    await wall.untilLive(PATIENCE_MS);
    const before = await offeredOf(pharos);
    await pharos.kill();
    const gone = await wall.untilNotLive(NOTICED_MS);
    expect(gone.kind).toBe('link');
    await pharos.start();
    const back = await wall.untilLive(BACK_MS);
    note('server killed', gone.tookMs, back, gone.says);
    const after = await offeredOf(pharos);
    expect(before).toBeGreaterThan(0);
    expect(after).toBeGreaterThanOrEqual(before);
  });

  it('[EEE-3] says that the link is cut', async () => {
    const pharos = await demo();
    const link = closeLater(await cutLink(pharos.port));
    const wall = closeLater(await openWall(browser, { url: `http://127.0.0.1:${link.port}/` }));
    await wall.untilLive(PATIENCE_MS);
    link.swallow();
    const gone = await wall.untilNotLive(NOTICED_MS);
    expect(gone.kind).toBe('link');
    const hand = await wall.secondHand();
    expect(await wall.secondHand()).toBe(hand);
    link.mend();
    note('link cut', gone.tookMs, await wall.untilLive(BACK_MS), gone.says);
  });
});

describe('the wall of a real site', () => {
  const withRedis = async (events: readonly (readonly string[])[]) => {
    const redis = closeLater(await startRedis());
    for (const event of events) await redis.say('XADD', 'pharos:{main}:events', '*', ...event);
    const pharos = closeLater(
      await startPharos({ REDIS_URL: redis.url, PHAROS_BOOTSTRAP_TOKEN: TOKEN }),
    );
    const wall = closeLater(await openWall(browser, { url: `${pharos.url}/sign-in` }));
    await showToken(wall.page, TOKEN);
    await wall.untilLive(PATIENCE_MS);
    return { redis, pharos, wall };
  };
  const queue = (id: string): readonly string[] => [
    ...['type', 'queue.profile', 'subject', id],
    ...['data', JSON.stringify({ name: id })],
  ];
  const queued = (contact: string, at?: number): readonly string[] => [
    ...['type', 'contact.queued', 'subject', contact],
    ...(at === undefined ? [] : ['time', new Date(at).toISOString()]),
    ...['data', '{"queue":"Billing"}'],
  ];

  it('[EEE-4] says that Redis is frozen', async () => {
    const { redis, wall } = await withRedis([queue('Billing')]);
    redis.stop();
    const gone = await wall.untilNotLive(NOTICED_MS);
    expect(gone.kind).toBe('log');
    redis.cont();
    note('Redis frozen', gone.tookMs, await wall.untilLive(BACK_MS), gone.says);
  });

  it('[EEE-5] says that Redis is killed, and has its data afterwards', async () => {
    const { redis, wall } = await withRedis([queue('Billing'), queued('call-1')]);
    await wall.page.waitForSelector('[data-queue="Billing"]', { timeout: PATIENCE_MS });
    await redis.kill();
    const gone = await wall.untilNotLive(NOTICED_MS);
    expect(gone.kind).toBe('log');
    await redis.restart();
    note('Redis killed', gone.tookMs, await wall.untilLive(BACK_MS), gone.says);
    const waiting = wall.page.locator('[data-queue="Billing"] [data-value] >> nth=0');
    expect(await waiting.innerText()).toBe('1');
  });

  it('[EEE-6] names the source that fell silent, and nothing else', async () => {
    const beat = ['type', 'source.heartbeat', 'subject', 'crm', 'source', 'crm'];
    const { wall } = await withRedis([
      queue('Billing'),
      queue('Sales'),
      [...queued('call-1'), 'source', 'crm'],
      [...beat, 'data', '{"everySeconds":1}'],
    ]);
    await wall.page.waitForSelector('[data-silent~="crm"]', { timeout: PATIENCE_MS });
    expect(await wall.page.locator('[data-not-live]').count()).toBe(0);
    expect(await wall.page.locator('[data-queue="Billing"].stale').count()).toBe(1);
    expect(await wall.page.locator('[data-queue="Sales"].stale').count()).toBe(0);
  });

  it('[EEE-7] shows right ages though the clock of the TV is wrong', async () => {
    const since = Date.now() - 95_000;
    const { pharos, wall } = await withRedis([queue('Billing'), queued('call-1', since)]);
    const cookies = await wall.page.context().cookies();
    const wrong = closeLater(
      await openWall(browser, { url: `${pharos.url}/sign-in`, clockOffMs: -600_000 }),
    );
    await wrong.page.context().addCookies(cookies);
    await wrong.page.goto(pharos.url);
    await wrong.untilLive(PATIENCE_MS);
    const oldest = wrong.page.locator('[data-queue="Billing"] [data-value] >> nth=1');
    await oldest.waitFor({ timeout: PATIENCE_MS });
    const before = Date.now() - since;
    const shown = await oldest.innerText();
    const after = Date.now() - since;
    const [minutes = NaN, seconds = NaN] = shown.split(':').map(Number);
    const age = (minutes * 60 + seconds) * 1_000;
    // Whole seconds are shown, of a clock that is right to one.
    expect(age).toBeGreaterThanOrEqual(before - 2_000);
    expect(age).toBeLessThanOrEqual(after + 1_000);
  });

  it('[EEE-8] shows what one Redis command said', async () => {
    const { redis, wall } = await withRedis([queue('Billing')]);
    const waiting = wall.page.locator('[data-queue="Billing"] [data-value] >> nth=0');
    await expect.poll(() => waiting.innerText(), { timeout: PATIENCE_MS }).toBe('0');
    await redis.say('XADD', 'pharos:{main}:events', '*', ...queued('call-2'));
    await expect.poll(() => waiting.innerText(), { timeout: PATIENCE_MS }).toBe('1');
  });

  it('[EEE-9] opens no door to somebody who has not signed in', async () => {
    const { pharos, wall } = await withRedis([queue('Billing')]);
    const status = async (path: string, headers: Record<string, string> = {}): Promise<number> =>
      (await fetch(`${pharos.url}${path}`, { headers, redirect: 'manual' })).status;
    expect(await status('/healthz')).toBe(200);
    expect(await status('/readyz')).toBe(200);
    expect(await status('/api/v1/floor')).toBe(401);
    expect(await status('/api/v1/floor', { authorization: 'Bearer wrong' })).toBe(401);
    expect(await status('/api/v1/floor', { authorization: `Bearer ${TOKEN}` })).toBe(200);
    const cookies = await wall.page.context().cookies();
    expect(cookies).toHaveLength(1);
    expect(cookies[0]).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
    expect(JSON.stringify(cookies)).not.toContain(TOKEN);
    expect(pharos.printed()).not.toContain(TOKEN);
  });
});

describe('a start that cannot go on', () => {
  it.each([
    [{ PORT: 'eighty' }, 'PORT: expected a port'],
    [{ PHAROS_NO_SUCH: '1' }, 'PHAROS_NO_SUCH: no such setting'],
  ])('[EEE-10] says why: %j', async (environment, sentence) => {
    await expect(startPharos(environment as Record<string, string>)).rejects.toThrow(
      new RegExp(`ended with 2 [^]*${sentence}`),
    );
  });
});
