// The palette's contrast: values 7:1, labels 4.5:1, marks 3:1, on every ground that they stand on.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const theme = readFileSync('client/lib/theme.css', 'utf8');
const colour = (name: string): string => {
  const found = new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(theme)?.[1];
  if (found === undefined) throw new Error(`Expected --${name} in the theme.`);
  return found;
};
/** Relative luminance of WCAG 2. */
const luminance = (hex: string): number => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a: string, b: string): number => {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
};

describe('the palette', () => {
  it.each([
    ['text', 'ground'],
    ['text', 'fill'],
    ['text', 'fill-low'],
    ['bright', 'p1-fill'],
    ['p1-text', 'ground'],
    ['p2-text', 'ground'],
    ['p3', 'ground'],
    ['dim', 'ground'],
  ])('[WAL-26] gives the values in %s on %s 7:1', (value, ground) => {
    expect(contrast(colour(value), colour(ground))).toBeGreaterThanOrEqual(7);
  });

  it.each([
    ['dim', 'fill-low'],
    ['dim', 'tile'],
  ])('[WAL-26] gives the labels in %s on %s 4.5:1', (label, ground) => {
    expect(contrast(colour(label), colour(ground))).toBeGreaterThanOrEqual(4.5);
  });

  it.each([
    ['edge', 'ground'],
    ['bar', 'track'],
    ['p2', 'track'],
    ['p1-edge', 'track'],
    ['text', 'track'],
  ])('[WAL-26] gives the marks in %s on %s 3:1', (mark, ground) => {
    expect(contrast(colour(mark), colour(ground))).toBeGreaterThanOrEqual(3);
  });
});
