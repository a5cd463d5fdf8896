// The site's time on a television: right whatever its own clock says and however late words come.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SiteClock } from '../../client/live/site-clock.ts';

const START = 1_790_000_000_000;

describe('the site’s clock', () => {
  it('[WAL-1] knows nothing before the server has spoken', () => {
    expect(new SiteClock().at(5_000)).toBeNull();
  });

  it('[WAL-1] is right to a second though all words but one of eight come late', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1_400 }), { minLength: 20, maxLength: 60 }),
        fc.integer({ min: 0, max: 9_000_000 }),
        (delays, boot) => {
          const clock = new SiteClock();
          delays.forEach((delay, second) => {
            const late = second % 8 === 7 ? 30 : delay;
            clock.heard(START + second * 1_000, boot + second * 1_000 + late);
          });
          const now = delays.length * 1_000;
          const shown = clock.at(boot + now) ?? 0;
          expect(Math.abs(shown - (START + now))).toBeLessThanOrEqual(1_400);
          if (delays.length >= 16) expect(START + now - shown).toBeLessThanOrEqual(30);
        },
      ),
    );
  });

  it('[WAL-1] follows at once when the machine has slept and its own clock stood still', () => {
    const clock = new SiteClock();
    clock.heard(START, 100);
    clock.heard(START + 3_600_000, 1_100);
    expect(clock.at(1_100)).toBe(START + 3_600_000);
  });

  it('[WAL-1] follows within three words when the site’s clock was set back', () => {
    const clock = new SiteClock();
    for (let second = 0; second < 10; second += 1)
      clock.heard(START + second * 1_000, second * 1_000);
    const back = START - 60_000;
    for (let second = 10; second < 13; second += 1)
      clock.heard(back + second * 1_000, second * 1_000);
    expect(clock.at(13_000)).toBe(back + 13_000);
  });
});
