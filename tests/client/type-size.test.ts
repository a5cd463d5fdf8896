// The arithmetic of reading: how large type must be, and which boards are refused.
import { describe, expect, it } from 'vitest';
import {
  fontPx,
  leastSizes,
  mmPerPx,
  sizesFrom,
  verdict,
} from '../../server/contract/type-size.ts';
import type { Screen } from '../../server/contract/type-size.ts';

const hd = (inches: number, seatMetres: number): Screen => ({
  widthPx: 1920,
  heightPx: 1080,
  inches,
  seatMetres,
});

describe('the size of type', () => {
  it.each([
    [43, 3, 49],
    [43, 5, 81],
    [43, 8, 130],
    [55, 3, 38],
    [55, 5, 64],
    [55, 8, 102],
    [65, 3, 32],
    [65, 5, 54],
    [65, 8, 86],
    [75, 3, 28],
    [75, 5, 47],
    [75, 8, 75],
  ])('[WAL-6] on %d inches read from %d m is %d px for values', (inches, seat, px) => {
    expect(Math.abs(leastSizes(hd(inches, seat)).value - px)).toBeLessThanOrEqual(1);
  });

  it('[WAL-6] makes digits of 20 arc-minutes: about 0.6 cm a metre', () => {
    const screen = hd(55, 8);
    const digitMm = leastSizes(screen).value * 0.72 * mmPerPx(screen);
    expect(digitMm / 8).toBeGreaterThan(5.8);
    expect(digitMm / 8).toBeLessThan(6);
    expect(leastSizes(screen).label).toBeCloseTo(fontPx(screen, 16, 8), 6);
  });

  it('[WAL-6] keeps the proportions at any size, never under the least', () => {
    for (const seat of [2, 3, 5, 8, 12]) {
      const least = leastSizes(hd(55, seat));
      const sizes = sizesFrom(least.value);
      expect(sizes.label).toBeGreaterThanOrEqual(least.label);
      expect(sizes.nearValue).toBeGreaterThanOrEqual(least.nearValue);
      expect(sizes.nearLabel).toBeGreaterThanOrEqual(least.nearLabel);
    }
  });

  it('[WAL-6] does not depend on how many pixels the same glass has', () => {
    const tv = { inches: 55, seatMetres: 5 };
    const small = leastSizes({ widthPx: 1280, heightPx: 720, ...tv }).value;
    const large = leastSizes({ widthPx: 3840, heightPx: 2160, ...tv }).value;
    expect(large / small).toBeCloseTo(3, 6);
  });
});

describe('a board that cannot be read', () => {
  it('[WAL-7] is refused, with how many lines would fit', () => {
    expect(verdict(hd(32, 12))).toMatchObject({ kind: 'unreadable', lines: 2 });
    expect(verdict(hd(55, 5)).kind).toBe('readable');
    expect(verdict(hd(43, 8)).kind).toBe('readable');
  });

  it('[WAL-7] is told a seat and a screen that can be read', () => {
    for (const [inches, seat] of [
      [32, 12],
      [43, 12],
      [24, 6],
      [55, 20],
    ] as const) {
      const refused = verdict(hd(inches, seat));
      if (refused.kind !== 'unreadable') throw new Error('Expected a refusal.');
      expect(verdict(hd(inches, refused.metres)).kind).toBe('readable');
      expect(verdict(hd(refused.inches, seat)).kind).toBe('readable');
    }
  });
});
