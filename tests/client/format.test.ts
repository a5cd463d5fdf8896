// Numbers, clocks and names as a wall writes them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIGURE_RATIO, segments, withFigures } from '../../client/lib/figures.ts';
import { cut, firstThatFits, shorterNames } from '../../client/lib/fit-text.ts';
import type { Measure } from '../../client/lib/fit-text.ts';
import { cityOf, formatOf, UNKNOWN } from '../../client/lib/format.ts';
import { duration } from '../../server/contract/duration.ts';

const byLetter: Measure = (text, px) => Array.from(text).length * px;
const room = (width: number) => ({ width, px: 10, weight: 500 }) as const;

describe('numbers and clocks', () => {
  it.each([
    [0, '0:00'],
    [41_999, '0:41'],
    [3_599_999, '59:59'],
    [3_600_000, '1:00:00'],
    [7_200_000, '2:00:00'],
    [90_061_000, '25:01:01'],
    [-5_000, '0:00'],
  ])('[WAL-12] write %d ms as %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it('[WAL-12] write an unknown share as a dash, never as 0 % or 100 %', () => {
    const { percent } = formatOf('en', 'Europe/Riga');
    expect(percent(null)).toBe(UNKNOWN);
    expect(percent(0.999)).toBe('99%');
    expect(percent(1)).toBe('100%');
    expect(percent(0)).toBe('0%');
  });

  it('[WAL-12] tell the time of the site’s zone, through the change of summer time', () => {
    const { clockSeconds } = formatOf('lv', 'Europe/Riga');
    expect(clockSeconds(Date.UTC(2026, 9, 25, 0, 59, 59))).toBe('03:59:59');
    expect(clockSeconds(Date.UTC(2026, 9, 25, 1, 0, 0))).toBe('03:00:00');
    expect(formatOf('zh', 'Europe/Riga').clock(Date.UTC(2026, 10, 21, 22, 5))).toBe('00:05');
  });

  it.each([
    ['2026-11-22T09:00:00+02:00', '', ''],
    ['2026-11-23T03:59:59+02:00', '', ''],
    ['2026-11-23T04:00:00+02:00', 'Mon', 'pirmd.'],
    ['2026-11-22T03:59:59+02:00', 'Sun', 'svētd.'],
    ['2026-11-28T09:00:00+02:00', 'Sat', 'sestd.'],
    ['2026-11-30T09:00:00+02:00', '30 Nov', '30. nov.'],
    ['2026-11-10T09:00:00+02:00', '10 Nov', '10. nov.'],
    ['2199-01-05T09:00:00+02:00', '5 Jan 2199', '2199. g. 5. janv.'],
  ])('[WAL-12] of %s say the day "%s" where it is not the site’s today', (at, en, lv) => {
    const startsAt = Date.parse('2026-11-22T04:00:00+02:00');
    const today = { startsAt, endsAt: startsAt + 86_400_000 };
    expect(formatOf('en', 'Europe/Riga').day(Date.parse(at), today)).toBe(en);
    expect(formatOf('lv', 'Europe/Riga').day(Date.parse(at), today)).toBe(lv);
  });

  it('[WAL-12] live through a zone that the television does not know', () => {
    expect(formatOf('en', 'Mars/Olympus').clock(0)).toBe('00:00');
    expect(formatOf('en', 'Mars/Olympus').weekdayAndDate(0)).toMatch(/^Thu,? 1 Jan$/);
    expect(formatOf('lv', 'Mars/Olympus').weekdayAndDate(0)).toMatch(/1\. janv/);
    expect(cityOf('America/Argentina/Buenos_Aires')).toBe('Buenos Aires');
    expect(cityOf('UTC')).toBe('UTC');
  });
});

describe('text that must fit', () => {
  it('[WAL-13] takes the longest wording that fits, and cuts the last', () => {
    const wordings = ['free / working', 'free'];
    expect(firstThatFits(wordings, room(200), byLetter)).toBe('free / working');
    expect(firstThatFits(wordings, room(60), byLetter)).toBe('free');
    expect(firstThatFits(wordings, room(30), byLetter)).toBe('fr…');
  });

  it('[WAL-13] is never wider than its room, unless the ellipsis alone is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 0, max: 300 }),
        (text, width) => {
          const shown = cut(text, room(width), byLetter);
          if (shown !== '…')
            expect(byLetter(shown, 10, 500)).toBeLessThanOrEqual(Math.max(0, width));
        },
      ),
    );
  });

  it('[WAL-13] shortens a name by its last word first', () => {
    expect(shorterNames('Sydney Carton')).toEqual(['Sydney Carton', 'Sydney C.', 'Sydney']);
    expect(shorterNames('欧阳')).toEqual(['欧阳']);
  });

  it('[WAL-13] gives the numbers of a sentence the size of values', () => {
    expect(segments('longest 3:12 in Billing')).toEqual([
      { text: 'longest ', isFigure: false },
      { text: '3:12', isFigure: true },
      { text: ' in Billing', isFigure: false },
    ]);
    expect(withFigures(byLetter, FIGURE_RATIO)('7 wait', 10, 500)).toBe(12.5 + 50);
  });
});
