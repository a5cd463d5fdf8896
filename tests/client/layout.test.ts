// The layout’s laws: whatever the screen, the seat and the floor, nothing is lost, and nothing stands outside.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Measure } from '../../client/lib/fit-text.ts';
import { verdict } from '../../server/contract/type-size.ts';
import type { Screen } from '../../server/contract/type-size.ts';
import { CELLS, floorGrid, mayBeOnePage, packed } from '../../client/wall/floor-grid.ts';
import { EM, frameOf, pageHeight, planNeeded } from '../../client/wall/frame.ts';
import { pagesOf, partsFor, Rotation, slice } from '../../client/wall/pages.ts';
import { queueColumns } from '../../client/wall/queue-columns.ts';
import { setTiles } from '../../client/wall/tiles.ts';
import { wander } from '../../client/wall/wander.ts';

/** About as wide as Inter is. */
const measure: Measure = (text, px) => Array.from(text).length * px * 0.52;

const readable = fc
  .record({
    size: fc.constantFrom([1280, 720], [1366, 768], [1920, 1080], [3840, 2160], [1080, 1920]),
    inches: fc.integer({ min: 24, max: 98 }),
    seatMetres: fc.integer({ min: 1, max: 14 }),
  })
  .map(({ size, inches, seatMetres }): Screen => {
    const [widthPx = 0, heightPx = 0] = size;
    return { widthPx, heightPx, inches, seatMetres };
  })
  .filter((screen) => verdict(screen).kind === 'readable');

const frameFor = (screen: Screen) => {
  const judged = verdict(screen);
  if (judged.kind !== 'readable') throw new Error('Expected a readable screen.');
  return frameOf(screen, judged.least.value);
};

describe('what is needed now', () => {
  it('[WAL-8] leaves a page of a header and two lines on every readable screen', () => {
    fc.assert(
      fc.property(readable, fc.nat(30), fc.nat(10), (screen, calls, notes) => {
        const frame = frameFor(screen);
        const plan = planNeeded({ calls, notes }, frame);
        const page = pageHeight(frame, plan.height, false);
        const lines = (EM.header + 2 * EM.row) * frame.sizes.value;
        expect(page).toBeGreaterThanOrEqual(lines * 0.985);
        expect(plan.shown + plan.more).toBe(Math.max(1, calls + notes));
        expect(plan.shown).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('[WAL-8] takes no line of a page of four for what is only shown, and none from what calls a person', () => {
    fc.assert(
      fc.property(readable, fc.nat(12), fc.nat(10), (screen, calls, notes) => {
        const frame = frameFor(screen);
        const plan = planNeeded({ calls, notes }, frame);
        const withoutNotes = planNeeded({ calls, notes: 0 }, frame);
        // The line that counts what is not shown may cost one.
        if (withoutNotes.more > 0) expect(plan.shown).toBe(withoutNotes.shown);
        const least = Math.max(1, calls);
        if (plan.shown <= least) return;
        const lines = (EM.header + 4 * EM.row) * frame.sizes.value;
        expect(pageHeight(frame, plan.height, false)).toBeGreaterThanOrEqual(lines * 0.985);
      }),
      { examples: [[{ widthPx: 1920, heightPx: 1080, inches: 75, seatMetres: 9 }, 0, 2]] },
    );
  });

  it('[WAL-8] keeps five parts in a hundred of the screen free at every edge, and the wandering besides', () => {
    fc.assert(
      fc.property(readable, (screen) => {
        const frame = frameFor(screen);
        expect(frame.safeX - 4).toBeGreaterThanOrEqual(screen.widthPx * 0.05);
        expect(frame.safeY - 4).toBeGreaterThanOrEqual(screen.heightPx * 0.05);
      }),
    );
  });

  it('[WAL-22] wanders by four pixels at least every three minutes, and by no more than four from its place', () => {
    for (let minute = 0; minute < 120; minute += 3) {
      const [x, y] = wander(minute * 60_000);
      const [laterX, laterY] = wander((minute + 3) * 60_000);
      expect(Math.max(Math.abs(x), Math.abs(y))).toBeLessThanOrEqual(4);
      expect(Math.hypot(laterX - x, laterY - y)).toBeGreaterThanOrEqual(4);
    }
  });
});

describe('the floor', () => {
  const floors = fc.record({
    teams: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 30 }),
    width: fc.integer({ min: 14, max: 70 }),
    height: fc.integer({ min: 4, max: 40 }),
  });
  const teamsOf = (sizes: readonly number[]) =>
    sizes.map((size, team) => ({
      id: `t${team}`,
      cells: Array.from({ length: size }, (_, cell) => `t${team}c${cell}`),
    }));

  it('[WAL-9] gives everybody one cell, in order, on some page', () => {
    fc.assert(
      fc.property(floors, ({ teams, width, height }) => {
        const floor = teamsOf(teams);
        const grid = floorGrid(floor, { width: width * 50, height: height * 50, em: 50 });
        const shown = grid.pages.flatMap(({ blocks }) => blocks.flatMap(({ cells }) => cells));
        expect(shown).toEqual(floor.flatMap(({ cells }) => cells));
      }),
    );
  });

  it('[WAL-9] passes over no size of cells that would have stood on one page', () => {
    fc.assert(
      fc.property(floors, ({ teams, width, height }) => {
        const area = { width: width * 50, height: height * 50, em: 50 };
        const floor = teamsOf(teams);
        for (const cell of CELLS)
          for (const columns of [1, 2, 3])
            if (packed(floor, area, columns, cell)?.pages.length === 1)
              expect(mayBeOnePage(floor, area, cell)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('[WAL-9] makes no page higher than its room', () => {
    fc.assert(
      fc.property(floors, ({ teams, width, height }) => {
        const area = { width: width * 50, height: height * 50, em: 50 };
        const grid = floorGrid(teamsOf(teams), area);
        for (const { blocks } of grid.pages) {
          let used = 0;
          let span = grid.columns;
          let shelf = 0;
          for (const block of blocks) {
            const rows = Math.ceil(block.cells.length / block.perRow);
            const tall = grid.header + rows * (grid.cellHeight + grid.gap) - grid.gap;
            if (span + block.span > grid.columns) {
              used += shelf + (shelf > 0 ? grid.shelfGap : 0);
              span = block.span;
              shelf = tall;
            } else {
              span += block.span;
              shelf = Math.max(shelf, tall);
            }
          }
          // A room lower than one row of cells still shows that row.
          const least = grid.header + grid.cellHeight;
          expect(used + shelf).toBeLessThanOrEqual(Math.max(area.height, least) + 0.001);
        }
      }),
    );
  });

  it('[WAL-9] shows five people large and five hundred on pages', () => {
    const area = { width: 1720, height: 700, em: 64 };
    expect(floorGrid(teamsOf([5]), area)).toMatchObject({ growth: 2, pages: { length: 1 } });
    const large = floorGrid(teamsOf(Array.from({ length: 25 }, () => 20)), area);
    expect(large.isDense).toBe(true);
    expect(large.pages.length).toBeLessThanOrEqual(13);
  });
});

describe('the table of queues', () => {
  const texts = (name: string) => ({
    names: [name],
    heads: {
      name: ['queue'],
      waiting: ['waiting'],
      oldest: ['oldest wait', 'oldest'],
      level: ['service level', 'level'],
      agents: ['free / working', 'free'],
    },
    widest: { waiting: '00', oldest: '10:00', level: '100%', agents: '00 / 00' },
    notes: ['target 80%', '≤ 20 s ÷ (offered − short)'],
  });

  it('[WAL-10] is never wider than the screen, and always says who waits and how long', () => {
    fc.assert(
      fc.property(readable, fc.string({ maxLength: 60 }), (screen, name) => {
        const frame = frameFor(screen);
        const columns = queueColumns(frame.width, frame.sizes, texts(name), measure);
        const { gap, name: first, ...others } = columns;
        const shown = [first, ...Object.values(others).filter((px) => px > 0)];
        const width = shown.reduce((sum, px) => sum + px, gap * (shown.length - 1));
        expect(width).toBeLessThanOrEqual(frame.width + 0.001);
        expect(columns.waiting).toBeGreaterThan(0);
        expect(columns.oldest).toBeGreaterThan(0);
      }),
    );
  });

  it('[WAL-10] cuts no name, and not its heading, while the bar has more than its least', () => {
    const screen = { widthPx: 1920, heightPx: 1080, inches: 55, seatMetres: 5 };
    const { sizes } = frameOf(screen, 64.7);
    for (const name of ['sales', 'Support', 'Deliveries', '账单'])
      for (let width = 1_200; width < 2_400; width += 7) {
        const columns = queueColumns(width, sizes, texts(name), measure);
        if (columns.bar <= sizes.value * 2.21) continue;
        for (const text of [name, 'queue'])
          expect(columns.name, `${name} at ${width}`).toBeGreaterThanOrEqual(
            measure(text, sizes.label, 500),
          );
      }
  });

  it('[WAL-10] has everything at 55 inches and 5 m: bar, level, formula, agents', () => {
    const { width, sizes } = frameOf(
      { widthPx: 1920, heightPx: 1080, inches: 55, seatMetres: 5 },
      64.7,
    );
    const columns = queueColumns(width, sizes, texts('Deliveries'), measure);
    for (const px of Object.values(columns)) expect(px).toBeGreaterThan(0);
  });

  it('[WAL-10] gives up words before values, and values by rank', () => {
    const { sizes } = frameOf({ widthPx: 1920, heightPx: 1080, inches: 55, seatMetres: 5 }, 64);
    const tiles = [
      { key: 'kept', rank: 2, words: ['kept today', 'kept'], value: '41 of 46' },
      { key: 'overdue', rank: 0, words: ['overdue'], value: '2' },
      { key: 'next', rank: 1, words: ['next due'], value: '15:45' },
    ];
    const keys = (width: number) => setTiles(tiles, width, sizes, measure).map(({ key }) => key);
    expect(keys(1720)).toEqual(['kept', 'overdue', 'next']);
    expect(keys(900)).toEqual(['overdue', 'next']);
    expect(keys(100)).toEqual(['overdue']);
  });
});

describe('pages', () => {
  it('[WAL-11] show every row once, evenly', () => {
    fc.assert(
      fc.property(fc.nat({ max: 200 }), fc.integer({ min: 1, max: 30 }), (count, perPage) => {
        const rows = Array.from({ length: count }, (_, row) => row);
        const parts = partsFor(count, perPage);
        const shown = Array.from({ length: parts }, (_, part) => slice(rows, part, parts));
        expect(shown.flat()).toEqual(rows);
        for (const page of shown) expect(page.length).toBeLessThanOrEqual(perPage);
      }),
    );
  });

  it('[WAL-11] come in the board’s order, and only where there is something to show', () => {
    const parts = { queues: 2, floor: 1, promises: 0, today: 1 };
    expect(
      pagesOf(['floor', 'queues', 'promises'], parts).map(({ kind, part }) => `${kind} ${part}`),
    ).toEqual(['floor 0', 'queues 0', 'queues 1']);
  });

  it('[WAL-11] turn after their seconds, and stand still while the screen is not live', () => {
    const rotation = new Rotation();
    const at = (seconds: number, held = false) => rotation.at(3, seconds * 1_000, 20_000, held);
    expect([at(0), at(19), at(20), at(39), at(40), at(60)]).toEqual([0, 0, 1, 1, 2, 0]);
    expect([at(79, true), at(98), at(99)]).toEqual([0, 0, 1]);
    expect(rotation.at(1, 100_000, 20_000, false)).toBe(0);
  });
});
