// How large type must be: from the screen's diagonal and the farthest seat to pixels, and whether a board fits in them.

export interface Screen {
  readonly widthPx: number;
  readonly heightPx: number;
  /** The screen's diagonal. */
  readonly inches: number;
  /** The farthest seat. */
  readonly seatMetres: number;
}

/** Font sizes in pixels: what is read from the farthest seat, and what is read from half of it. */
export interface TypeSizes {
  /** Digits of 20 arc-minutes at the farthest seat. */
  readonly value: number;
  /** Words of 16 arc-minutes at the farthest seat. */
  readonly label: number;
  readonly nearValue: number;
  readonly nearLabel: number;
}

export type Verdict =
  | { readonly kind: 'readable'; readonly least: TypeSizes }
  | {
      readonly kind: 'unreadable';
      /** How many lines of the least type the safe area holds. */
      readonly lines: number;
      /** The farthest seat from which this screen could be read, and the screen that this seat wants. */
      readonly metres: number;
      readonly inches: number;
    };

/** The edge of a television that may be hidden behind its frame (Android TV's figure for overscan). */
export const SAFE_AREA = 0.05;
/** Pixels by which the picture wanders, and which the safe area must have to spare. */
export const WANDER_PX = 4;
/** Height and width that the smallest useful board needs, in sizes of its values. */
export const LEAST_HEIGHT_EM = 7.1;
export const LEAST_WIDTH_EM = 12.5;
/** One line of a board, in sizes of its values; what a refusal counts in. */
export const LINE_EM = 1.4;

const VALUE_ARC_MINUTES = 20;
const LABEL_ARC_MINUTES = 16;
const MM_PER_INCH = 25.4;
/** Height of Inter's digits and capitals as a part of its font size, rounded down for safety (0.727). */
const CAP_HEIGHT = 0.72;

/** Millimetres that one pixel of the page takes on the screen. */
export function mmPerPx({ widthPx, heightPx, inches }: Screen): number {
  return (inches * MM_PER_INCH) / Math.hypot(widthPx, heightPx);
}

/** Font size in pixels whose digits measure `arcMinutes` from `metres`: 2 d tan(a / 2), about 0.6 cm a metre at 20'. */
export function fontPx(screen: Screen, arcMinutes: number, metres: number): number {
  const angle = ((arcMinutes / 60) * Math.PI) / 180;
  const capMm = 2 * metres * 1000 * Math.tan(angle / 2);
  return capMm / mmPerPx(screen) / CAP_HEIGHT;
}

export function leastSizes(screen: Screen): TypeSizes {
  const { seatMetres } = screen;
  return {
    value: fontPx(screen, VALUE_ARC_MINUTES, seatMetres),
    label: fontPx(screen, LABEL_ARC_MINUTES, seatMetres),
    nearValue: fontPx(screen, VALUE_ARC_MINUTES, seatMetres / 2),
    nearLabel: fontPx(screen, LABEL_ARC_MINUTES, seatMetres / 2),
  };
}

/** Sizes in the same proportions, by that of the values. */
export function sizesFrom(value: number): TypeSizes {
  const label = (value * LABEL_ARC_MINUTES) / VALUE_ARC_MINUTES;
  // A hair is added because the tangent is not quite a straight line.
  return { value, label: label * 1.001, nearValue: value * 0.501, nearLabel: label * 0.501 };
}

/** Whether the least board fits into the safe area of this screen in type that the farthest seat can read. */
export function verdict(screen: Screen): Verdict {
  const least = leastSizes(screen);
  const inside = 1 - 2 * SAFE_AREA;
  const largest = Math.min(
    (screen.heightPx * inside) / LEAST_HEIGHT_EM,
    (screen.widthPx * inside) / LEAST_WIDTH_EM,
  );
  if (least.value <= largest) return { kind: 'readable', least };
  const ratio = largest / least.value;
  return {
    kind: 'unreadable',
    lines: Math.floor((screen.heightPx * inside) / (least.value * LINE_EM)),
    metres: Math.floor(screen.seatMetres * ratio * 2) / 2,
    inches: Math.ceil(screen.inches / ratio),
  };
}
