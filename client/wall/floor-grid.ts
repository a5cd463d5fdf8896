// Where each team and each of its cells stands: teams on shelves, shelves on pages, as large as they fit.

export interface TeamCells {
  readonly id: string;
  /** Ids of its agents, in their order. */
  readonly cells: readonly string[];
}

export interface Block {
  readonly team: string;
  readonly cells: readonly string[];
  readonly perRow: number;
  /** How many of the page's columns of teams it takes. */
  readonly span: number;
  /** True if the page before has the team's beginning. */
  readonly continued: boolean;
}

export interface FloorPage {
  readonly blocks: readonly Block[];
}

export interface FloorGrid {
  /** Columns of teams. */
  readonly columns: number;
  readonly columnGap: number;
  readonly shelfGap: number;
  readonly header: number;
  readonly gap: number;
  readonly cellHeight: number;
  /** By how much their type is larger than the least. */
  readonly growth: number;
  /** Names are labels, not values, so that more fit. */
  readonly isDense: boolean;
  readonly pages: readonly FloorPage[];
}

/** In sizes of the values. */
const GAP_EM = 0.12;
const HEADER_EM = 0.95;
const SHELF_GAP_EM = 0.24;
const COLUMN_GAP_EM = 0.7;
/** Cells from the roomiest to the least: there the name is a label and the time in state a value, read from half way. */
export const CELLS = [
  { growth: 2, width: 4.8, height: 2.56, isDense: false },
  { growth: 1.6, width: 3.84, height: 2.05, isDense: false },
  { growth: 1.45, width: 3.48, height: 1.86, isDense: false },
  { growth: 1.3, width: 3.12, height: 1.66, isDense: false },
  { growth: 1.15, width: 2.76, height: 1.47, isDense: false },
  { growth: 1, width: 2.4, height: 1.28, isDense: false },
  { growth: 1, width: 2.02, height: 1.16, isDense: true },
] as const;
export type Cell = (typeof CELLS)[number];

const COLUMNS = [2, 1, 3] as const;
/** A team column narrower than this many cells is no column. */
const LEAST_PER_ROW = 4;
/** A team of more rows than this takes the whole width. */
const ROWS_SIDE_BY_SIDE = 3;

export interface Area {
  readonly width: number;
  readonly height: number;
  /** Size of the values in pixels. */
  readonly em: number;
}

/** The largest cells for which one page is enough; else the least cells and as many pages as it takes. */
export function floorGrid(teams: readonly TeamCells[], area: Area): FloorGrid {
  let least: FloorGrid | null = null;
  for (const cell of CELLS) {
    if (cell !== CELLS[CELLS.length - 1] && !mayBeOnePage(teams, area, cell)) continue;
    let best: FloorGrid | null = null;
    for (const columns of COLUMNS) {
      const grid = packed(teams, area, columns, cell);
      if (grid && (!best || grid.pages.length < best.pages.length)) best = grid;
    }
    if (best && best.pages.length <= 1) return best;
    least = best;
  }
  if (least) return least;
  throw new Error('invariant: one column is always possible');
}

/** False only where cells of this size surely need a second page: by their areas, without placing one. */
export function mayBeOnePage(
  teams: readonly TeamCells[],
  { width, height, em }: Area,
  cell: Cell,
): boolean {
  const gap = em * GAP_EM;
  const cellWidth = em * cell.width;
  const cellHeight = em * cell.height;
  const count = teams.reduce((sum, { cells }) => sum + cells.length, 0);
  // A page that is too low or too narrow for anything still takes one row, or one cell across.
  const inside =
    (Math.max(width, cellWidth) + gap) * (Math.max(height, em * HEADER_EM + cellHeight) + gap);
  return count * (cellWidth + gap) * (cellHeight + gap) <= inside * 1.000001;
}

/** How teams stand in cells of this size in so many columns; null where the columns would be too narrow. */
export function packed(
  teams: readonly TeamCells[],
  { width, height, em }: Area,
  columns: number,
  cell: Cell,
): FloorGrid | null {
  const gap = em * GAP_EM;
  const columnGap = em * COLUMN_GAP_EM;
  const header = em * HEADER_EM;
  const shelfGap = em * SHELF_GAP_EM;
  const cellHeight = em * cell.height;
  const cellWidth = em * cell.width;
  const perRow = (span: number): number => {
    const one = (width - (columns - 1) * columnGap) / columns;
    const px = one * span + columnGap * (span - 1);
    return Math.max(1, Math.floor((px + gap) / (cellWidth + gap)));
  };
  if (columns > 1 && (perRow(1) < LEAST_PER_ROW || teams.length < columns)) return null;
  const tall = (rows: number): number => header + rows * (cellHeight + gap) - gap;
  const rowsIn = (px: number): number => Math.floor((px - header + gap) / (cellHeight + gap));

  const pages: Block[][] = [];
  let page: Block[] = [];
  let left = height;
  let shelf = { span: columns, height: 0 };
  const nextPage = (): void => {
    if (page.length > 0) pages.push(page);
    page = [];
    left = height;
    shelf = { span: columns, height: 0 };
  };
  const put = (block: Block): void => {
    const rows = Math.ceil(block.cells.length / block.perRow);
    if (shelf.span + block.span <= columns && tall(rows) <= shelf.height) {
      shelf.span += block.span;
    } else {
      left -= tall(rows) + (page.length > 0 ? shelfGap : 0);
      shelf = { span: block.span, height: tall(rows) };
    }
    page.push(block);
  };

  for (const team of teams) {
    const span = Math.ceil(team.cells.length / perRow(1)) > ROWS_SIDE_BY_SIDE ? columns : 1;
    const across = perRow(span);
    let rest = team.cells;
    let continued = false;
    while (rest.length > 0) {
      const rows = Math.ceil(rest.length / across);
      const beside = shelf.span + span <= columns;
      if (beside && tall(rows) > shelf.height && page.length > 0) {
        // A taller neighbour makes the shelf taller, if the page has the room.
        const more = tall(rows) - shelf.height;
        if (more <= left) {
          left -= more;
          shelf.height = tall(rows);
        }
      }
      if (!(beside && page.length > 0 && tall(rows) <= shelf.height)) {
        shelf.span = columns;
        const free = left - (page.length > 0 ? shelfGap : 0);
        if (tall(rows) > free) {
          const some = rowsIn(free);
          const whole = rowsIn(height);
          // A team is split only if it is larger than a page, or wide enough that a part of it fills the rest.
          if (page.length > 0 && (some < 1 || (rows <= whole && span < columns))) {
            nextPage();
            continue;
          }
          const count = Math.max(1, page.length > 0 ? some : whole) * across;
          put({ team: team.id, cells: rest.slice(0, count), perRow: across, span, continued });
          rest = rest.slice(count);
          continued = true;
          nextPage();
          continue;
        }
      }
      put({ team: team.id, cells: rest, perRow: across, span, continued });
      rest = [];
    }
  }
  nextPage();
  return {
    columns,
    columnGap,
    shelfGap,
    header,
    gap,
    cellHeight,
    growth: cell.growth,
    isDense: cell.isDense,
    pages: pages.map((blocks) => ({ blocks })),
  };
}
