// Whether a board can be read from its farthest seat: what its pages need, what its screen gives, and the nearest layouts that can be read.
import type { Board, Page } from './board.ts';
import {
  LEAST_HEIGHT_EM,
  leastSizes,
  LINE_EM,
  mmPerPx,
  SAFE_AREA,
  verdict,
  WANDER_PX,
} from './type-size.ts';
import type { Screen } from './type-size.ts';

/** What stands around a page while nothing is needed now, and the least page of the day's chart, in sizes of the values. */
export const AROUND_PAGE_EM = 3.13;
export const TODAY_HEADER_EM = 2.45;
/** A chart lower than this says nothing. */
export const CHART_LEAST_EM = 3.2;

/** Diagonals that are sold, in inches. */
export const SCREENS_SOLD = [
  24, 27, 32, 40, 43, 50, 55, 58, 65, 75, 77, 83, 85, 98, 100, 115,
] as const;
/** Digits as large as they are read: Inter's are 0.727 of its font size. */
const DIGIT_HEIGHT = 0.727;
const LONG_PX = 1920;
const SHORT_PX = 1080;
const SEAT_STEP = 0.5;
const SEAT_LEAST = 0.5;

/** The part of a board that decides whether it can be read. */
export type Layout = Pick<Board, 'pages' | 'screen'>;

/** What is done to a layout so that it can be read. */
export type Mend =
  | { readonly kind: 'nearer'; readonly seatMetres: number }
  | { readonly kind: 'larger'; readonly inches: number }
  | { readonly kind: 'without'; readonly pages: readonly Page[] }
  | { readonly kind: 'turned'; readonly isPortrait: boolean };

export interface Reading {
  /** Height of the least digits in millimetres on the glass, and in pixels of 1920 × 1080. */
  readonly digitMm: number;
  readonly px: number;
  /** How many lines of the least type fit between the edges. */
  readonly lines: number;
  /** Lines that a board needs at least. */
  readonly linesLeast: number;
  /** Null: it can be read. `screen`: not even the smallest board. `pages`: these do not fit. */
  readonly why:
    | null
    | { readonly kind: 'screen' }
    | { readonly kind: 'pages'; readonly pages: readonly Page[] };
  /** The nearest layouts that can be read, the least change of each kind; empty where it can be read as it is. */
  readonly mends: readonly Mend[];
}

/** Why a board was not saved. */
export interface BoardProblem {
  readonly field: string;
  readonly expected: string;
  readonly given: string;
  /** Where it could not be read: the nearest layouts that can. */
  readonly mends?: readonly Mend[];
}

/** In pixels of a usual television; type is reckoned by the glass, so that their number changes nothing. */
export function screenOf({ inches, seatMetres, isPortrait }: Layout['screen']): Screen {
  const [widthPx, heightPx] = isPortrait === true ? [SHORT_PX, LONG_PX] : [LONG_PX, SHORT_PX];
  return { widthPx, heightPx, inches, seatMetres };
}

export function readingOf(layout: Layout): Reading {
  const screen = screenOf(layout.screen);
  const px = leastSizes(screen).value;
  const why = whyNot(layout);
  return {
    digitMm: px * DIGIT_HEIGHT * mmPerPx(screen),
    px,
    lines: Math.floor((screen.heightPx * (1 - 2 * SAFE_AREA)) / (px * LINE_EM)),
    linesLeast: Math.round(LEAST_HEIGHT_EM / LINE_EM),
    why,
    mends: why === null ? [] : mendsOf(layout),
  };
}

export function isReadable(layout: Layout): boolean {
  return whyNot(layout) === null;
}

/** The layout after a mend. */
export function mended<T extends Layout>(layout: T, mend: Mend): T {
  const { screen } = layout;
  switch (mend.kind) {
    case 'nearer':
      return { ...layout, screen: { ...screen, seatMetres: mend.seatMetres } };
    case 'larger':
      return { ...layout, screen: { ...screen, inches: mend.inches } };
    case 'turned':
      return { ...layout, screen: { ...screen, isPortrait: mend.isPortrait } };
    case 'without':
      return { ...layout, pages: layout.pages.filter((page) => !mend.pages.includes(page)) };
    default:
      return mend satisfies never;
  }
}

function whyNot({ pages, screen: given }: Layout): Reading['why'] {
  const screen = screenOf(given);
  const judged = verdict(screen);
  if (judged.kind === 'unreadable') return { kind: 'screen' };
  const em = judged.least.value;
  const inside = screen.heightPx - 2 * (Math.ceil(screen.heightPx * SAFE_AREA) + WANDER_PX);
  const page = inside / em - AROUND_PAGE_EM;
  const fits = page > TODAY_HEADER_EM + CHART_LEAST_EM;
  return fits || !pages.includes('today') ? null : { kind: 'pages', pages: ['today'] };
}

/** Each is tried before it is offered. */
function mendsOf(layout: Layout): readonly Mend[] {
  const { seatMetres, inches, isPortrait = false } = layout.screen;
  const mends: Mend[] = [];
  const offer = (mend: Mend): boolean => {
    const isGood = isReadable(mended(layout, mend));
    if (isGood) mends.push(mend);
    return isGood;
  };
  const why = whyNot(layout);
  if (why?.kind === 'pages' && why.pages.length < layout.pages.length)
    offer({ kind: 'without', pages: why.pages });
  for (let n = Math.ceil(seatMetres / SEAT_STEP) - 1; n * SEAT_STEP >= SEAT_LEAST; n -= 1)
    if (offer({ kind: 'nearer', seatMetres: n * SEAT_STEP })) break;
  for (const sold of SCREENS_SOLD)
    if (sold > inches && offer({ kind: 'larger', inches: sold })) break;
  offer({ kind: 'turned', isPortrait: !isPortrait });
  return mends;
}
