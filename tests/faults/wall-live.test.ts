// No fault at all, on a busy server: no screen may ever say that it is not live.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { pause, systemClock } from '../../server/clock.ts';
import { openChromium } from '../support/chromium.ts';
import { seedFor } from '../support/chance.ts';
import type { Pharos } from '../support/pharos.ts';
import { startRedis } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { isLive as hasTicked, openWireClient } from '../support/wire-client.ts';
import { startSite, TOKEN } from './arena.ts';
import { preloading } from './preload.ts';
import { startProducers } from './producers.ts';
import { record } from './record.ts';
import { times } from './scale.ts';
import { isLive, openScreen } from './screen.ts';
import { openSignedIn, watchForSigns } from './wall-watch.ts';

const LASTS_MS = times(20_000, 300_000);
const PER_SECOND = 200;
/** Who come, take the whole floor, and go, all the time. */
const VISITORS = 4;
const PATIENCE_MS = 20_000;

/** What else the machine may have to do: half of the time the server does not come to its turn. */
const BUSY_MS = 50;
const BUSY = `
  setInterval(() => {
    for (const until = performance.now() + ${BUSY_MS}; performance.now() < until; );
  }, 100).unref();
`;

/** Of all its threads, in milliseconds; Linux counts in hundredths of a second. */
function cpuMsOf(pharos: Pharos): number {
  const words = readFileSync(`/proc/${pharos.pid()}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(words[11]) + Number(words[12])) * 10;
}

async function visit(url: string, signal: AbortSignal): Promise<number> {
  let visits = 0;
  while (!signal.aborted) {
    const client = openWireClient({ url, auth: { token: TOKEN }, isForgetful: true });
    await client.until(hasTicked);
    client.close();
    visits += 1;
  }
  return visits;
}

describe('a busy site without any fault', () => {
  let browser: Browser;
  let redis: RedisServer;
  let pharos: Pharos;
  beforeAll(async () => {
    browser = await openChromium();
    redis = await startRedis();
    pharos = await startSite(redis.url, preloading(BUSY));
  });
  afterAll(async () => {
    await pharos.close();
    await redis.close();
    await browser.close();
  });

  it(
    '[FLT-6] is never said to be not live',
    async () => {
      const { url } = pharos;
      const seed = seedFor('wall-live');
      const limit = { from: systemClock.monotonic(), withinMs: PATIENCE_MS };
      const producers = startProducers({
        ...{ redisUrl: redis.url, urls: [url], seed, run: 1, perSecond: PER_SECOND },
      });
      const screen = openScreen(url, TOKEN);
      const wall = await openSignedIn(browser, { url });
      await wall.untilLive(PATIENCE_MS);
      await screen.untilLive(limit);
      const signs = await watchForSigns(wall);
      const from = screen.said.findIndex(({ health }) => isLive(health));
      const ticks = screen.ticks;
      const leaving = new AbortController();
      const visitors = Array.from({ length: VISITORS }, () => visit(url, leaving.signal));
      const began = systemClock.monotonic();
      const cpu = cpuMsOf(pharos);
      await pause(systemClock, LASTS_MS);
      const took = systemClock.monotonic() - began;
      const busy = Math.round(((cpuMsOf(pharos) - cpu) / took) * 100);
      leaving.abort();
      const visits = (await Promise.all(visitors)).reduce((sum, each) => sum + each, 0);
      await producers.stop();
      record({
        fault: `none: ${PER_SECOND} events/s for ${Math.round(took / 1_000)} s`,
        times: 1,
        noticedMs: [],
        backMs: [],
        lost: null,
        twice: null,
        says: `never not live; the server at ${busy} % of a core with ${visits} whole floors handed out`,
      });
      expect(screen.said.slice(from + 1)).toEqual([]);
      expect(await signs()).toEqual([]);
      // It was looked at all the time, and there was something to do.
      expect(screen.ticks - ticks).toBeGreaterThan(took / 1_000 - 3);
      expect(producers.acknowledged.size).toBeGreaterThan((PER_SECOND * took) / 1_000 / 2);
      expect(visits).toBeGreaterThan(VISITORS * 5);
      screen.close();
      await wall.close();
    },
    LASTS_MS + 120_000,
  );
});
