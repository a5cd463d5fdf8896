// A row of words with their values: all of them, or as many of the most telling as fit.
import type { Measure } from '../lib/fit-text.ts';
import type { TypeSizes } from '../../server/contract/type-size.ts';

export interface Tile {
  readonly key: string;
  /** Longest first. */
  readonly words: readonly string[];
  readonly value: string;
  /** The lowest stays longest. */
  readonly rank: number;
  /** Needs a person. */
  readonly isLate?: boolean;
  /** Has a key of the chart before its word. */
  readonly isKey?: boolean;
}

export interface SetTile extends Tile {
  readonly word: string;
}

const GAP_EM = 0.6;
const INSIDE_EM = 0.3;
const KEY_EM = 0.9;

/** Shorter words before fewer tiles; the order is kept. */
export function setTiles(
  tiles: readonly Tile[],
  width: number,
  sizes: TypeSizes,
  measure: Measure,
): readonly SetTile[] {
  const em = sizes.value;
  const px = ({ word, value, isKey }: SetTile): number =>
    measure(word, sizes.label, 500) +
    measure(value, em, 600) +
    em * (INSIDE_EM + (isKey ? KEY_EM : 0));
  const fits = (row: readonly SetTile[]): boolean =>
    row.reduce((sum, tile) => sum + px(tile), em * GAP_EM * (row.length - 1)) <= width;
  const worded = (row: readonly Tile[], short: boolean): readonly SetTile[] =>
    row.map((tile) => ({
      ...tile,
      word: tile.words[short ? tile.words.length - 1 : 0] ?? '',
    }));
  let row = tiles;
  for (;;) {
    for (const short of [false, true]) {
      const set = worded(row, short);
      if (fits(set) || (short && row.length <= 1)) return set;
    }
    const last = Math.max(...row.map(({ rank }) => rank));
    row = row.filter(({ rank }) => rank !== last);
  }
}
