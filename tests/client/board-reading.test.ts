// Which boards can be read, beside a formula that was written by itself, and what is offered for those that cannot.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CHART_LEAST_EM,
  AROUND_PAGE_EM,
  mended,
  readingOf,
  SCREENS_SOLD,
  TODAY_HEADER_EM,
} from '../../server/contract/board-reading.ts';
import type { Layout } from '../../server/contract/board-reading.ts';
import { PAGES } from '../../server/contract/board.ts';
import { EM, frameOf, pageHeight, planNeeded } from '../../client/wall/frame.ts';

const layouts = fc.record({
  pages: fc.shuffledSubarray([...PAGES], { minLength: 1 }),
  screen: fc.record({
    inches: fc.double({ min: 7, max: 200, noNaN: true }),
    seatMetres: fc.double({ min: 0.3, max: 30, noNaN: true }),
    isPortrait: fc.boolean(),
  }),
});

/** By millimetres on the glass alone: a digit is as tall as its angle at the seat makes it, and a type is 1/0.72 of it. */
function readable({ pages, screen: { inches, seatMetres, isPortrait } }: Layout): boolean {
  const long = (inches * 25.4 * 16) / Math.hypot(16, 9);
  const short = (long * 9) / 16;
  const [width, height] = isPortrait === true ? [short, long] : [long, short];
  const type = (seatMetres * 1000 * 2 * Math.tan((10 / 60) * (Math.PI / 180))) / 0.72;
  if (height * 0.9 < 7.1 * type || width * 0.9 < 12.5 * type) return false;
  // The edge is rounded up to whole pixels, and four more are kept for the picture's wandering.
  const px = isPortrait === true ? 1920 : 1080;
  const within = height * (1 - (2 * (Math.ceil(px / 20) + 4)) / px);
  return !pages.includes('today') || within / type - (1.45 + 0.36 + 0.22 + 1.1) > 2.45 + 3.2;
}

describe('a board', () => {
  it('[MNG-10] is read where the formula says so', () => {
    fc.assert(
      fc.property(layouts, (layout) => {
        expect(readingOf(layout).why === null).toBe(readable(layout));
      }),
      { numRuns: 2_000 },
    );
  });

  it('[MNG-10] wants 102 px on 55 inches at 8 m, of which six lines fit', () => {
    const reading = readingOf({ pages: PAGES, screen: { inches: 55, seatMetres: 8 } });
    expect(Math.round(reading.px)).toBe(102);
    expect(reading.digitMm).toBeGreaterThan(46);
    expect(reading.digitMm).toBeLessThan(47.5);
    expect(reading).toMatchObject({ lines: 6, linesLeast: 5, why: null, mends: [] });
  });

  it('[MNG-10] says whether it is the screen, or a page of it', () => {
    const at = (seatMetres: number) =>
      readingOf({ pages: PAGES, screen: { inches: 55, seatMetres } });
    expect(at(9.5).why).toEqual({ kind: 'pages', pages: ['today'] });
    expect(at(12).why).toEqual({ kind: 'screen' });
  });

  it('[MNG-11] that cannot be read is offered what can, and nothing nearer could', () => {
    fc.assert(
      fc.property(layouts, (layout) => {
        const { why, mends } = readingOf(layout);
        if (why === null) {
          expect(mends).toEqual([]);
          return;
        }
        for (const mend of mends) expect(readable(mended(layout, mend))).toBe(true);
        const kinds = mends.map(({ kind }) => kind);
        expect(new Set(kinds).size).toBe(kinds.length);
        const seat = mends.find((mend) => mend.kind === 'nearer')?.seatMetres ?? 0;
        const { screen } = layout;
        // Of all half metres between, none could be read.
        for (let metres = seat + 0.5; metres < screen.seatMetres; metres += 0.5)
          expect(readable({ ...layout, screen: { ...screen, seatMetres: metres } })).toBe(false);
        const larger = mends.find((mend) => mend.kind === 'larger')?.inches ?? Infinity;
        for (const inches of SCREENS_SOLD)
          if (inches > screen.inches && inches < larger)
            expect(readable({ ...layout, screen: { ...screen, inches } })).toBe(false);
        const turned = { ...layout, screen: { ...screen, isPortrait: !screen.isPortrait } };
        expect(kinds.includes('turned')).toBe(readable(turned));
      }),
      { numRuns: 500 },
    );
  });

  it('[MNG-11] that is too low for its chart goes on without it', () => {
    const layout = { pages: PAGES, screen: { inches: 55, seatMetres: 9.5 } };
    const [first] = readingOf(layout).mends;
    expect(first).toEqual({ kind: 'without', pages: ['today'] });
    expect(first && mended(layout, first).pages).toEqual(['queues', 'floor', 'promises']);
    // Nothing would be left.
    const alone = readingOf({ ...layout, pages: ['today'] });
    expect(alone.mends.map(({ kind }) => kind)).not.toContain('without');
  });

  it('[MNG-12] is reckoned by what the wall takes for its parts', () => {
    expect(AROUND_PAGE_EM).toBeCloseTo(EM.needed + EM.gap + EM.bottomGap + EM.bottom, 9);
    const screen = { widthPx: 1920, heightPx: 1080, inches: 55, seatMetres: 8 };
    const frame = frameOf(screen, 102);
    const page = pageHeight(frame, planNeeded({ calls: 0, notes: 0 }, frame).height, false);
    expect(page / 102).toBeCloseTo((1080 - 2 * 58) / 102 - AROUND_PAGE_EM, 6);
    expect(page / 102).toBeGreaterThan(TODAY_HEADER_EM + CHART_LEAST_EM);
  });
});
