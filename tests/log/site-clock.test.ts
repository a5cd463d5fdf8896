// The site's clock: Redis' time, the quickest of five round trips, whatever the machine's own clock says.
import { describe, expect, it } from 'vitest';
import { pause } from '../../server/clock.ts';
import { openSiteClock } from '../../server/log/site-clock.ts';
import { createManualClock } from '../support/manual-clock.ts';

describe('the site’s clock', () => {
  it('[LOG-70] follows Redis by the quickest of five round trips, and measures again every 10 s', async () => {
    const clock = createManualClock();
    /** Redis is ten minutes ahead, and drifts when the test says so. */
    let ahead = 600_000;
    let asked = 0;
    const trips = [400, 90, 10, 250, 30];
    const time = async (): Promise<number> => {
      // All the way there, none back: the worst that a round trip can hide.
      await pause(clock, trips[asked++ % trips.length]!);
      return clock.now() + ahead;
    };
    const opening = openSiteClock({ time, clock });
    await clock.advance(1_000);
    const site = await opening;
    expect(asked).toBe(5);
    expect(site.uncertaintyMs()).toBe(5);
    expect(site.now() - clock.now()).toBe(600_005);
    ahead = 300_000;
    await clock.advance(9_000 - 220);
    expect(site.now() - clock.now()).toBe(600_005);
    await clock.advance(3_000);
    expect(asked).toBe(10);
    expect(site.now() - clock.now()).toBe(300_005);
    site.close();
    await clock.advance(60_000);
    expect(asked).toBe(10);
  });

  it('[LOG-71] goes on with what it knew while Redis does not answer, and says so', async () => {
    const clock = createManualClock();
    let isGone = false;
    const troubles: unknown[] = [];
    const site = await openSiteClock({
      time: () => (isGone ? Promise.reject(new Error('gone')) : Promise.resolve(clock.now() + 7)),
      clock,
      onTrouble: (error) => troubles.push(error),
    });
    isGone = true;
    await clock.advance(30_000);
    expect(troubles).toHaveLength(3);
    expect(site.now()).toBe(clock.now() + 7);
    await expect(
      openSiteClock({ time: () => Promise.reject(new Error('gone')), clock }),
    ).rejects.toThrow('gone');
  });
});
