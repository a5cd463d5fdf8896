// How large a television is drawn on a laptop: to be seen whole, or to fill as much of the eye as it does from its farthest seat.
import type { Board } from '../../../server/contract/board.ts';
import { mmPerPx } from '../../../server/contract/type-size.ts';
import { screenOf } from '../../../server/contract/board-reading.ts';

/** From an eye to the laptop before it. */
export const DESK_METRES = 0.6;
/** The width of a bank card (ISO/IEC 7810 ID-1): what everybody has at hand to measure a screen by. */
export const CARD_MM = 85.6;

/** Pixels that televisions have. */
export const PIXELS = [
  { name: '1920 × 1080', long: 1920, short: 1080 },
  { name: '1366 × 768', long: 1366, short: 768 },
  { name: '3840 × 2160', long: 3840, short: 2160 },
] as const;

interface Size {
  readonly width: number;
  readonly height: number;
}

export function scaleToFit(tv: Size, room: Size): number {
  return Math.min(room.width / tv.width, room.height / tv.height);
}

/** Millimetres of the laptop's glass that look as wide from `DESK_METRES` as the screen does from its seat: equal angles. */
export function seenMm(screen: Board['screen']): number {
  const tv = screenOf(screen);
  return (mmPerPx(tv) * tv.widthPx * DESK_METRES) / screen.seatMetres;
}
