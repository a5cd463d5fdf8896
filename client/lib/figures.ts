// Sentences with numbers in them: the numbers are values and stand larger than the words.
import type { Measure, Weight } from './fit-text.ts';

export interface Segment {
  readonly text: string;
  readonly isFigure: boolean;
}

/** Clocks, durations, percentages and counts are figures; digits inside a name (`Billing 2`) are, too. */
const FIGURE = /([0-9][0-9:.,]*[0-9]|[0-9])/;

export function segments(text: string): readonly Segment[] {
  return text
    .split(FIGURE)
    .map((part, index) => ({ text: part, isFigure: index % 2 === 1 }))
    .filter((segment) => segment.text !== '');
}

/** A measure of sentences whose figures are larger by `ratio`. */
export function withFigures(measure: Measure, ratio: number): Measure {
  return (text: string, px: number, weight: Weight) =>
    segments(text).reduce(
      (sum, segment) =>
        sum +
        (segment.isFigure
          ? measure(segment.text, px * ratio, 600)
          : measure(segment.text, px, weight)),
      0,
    );
}

/** Values are of 20 arc-minutes, words of 16. */
export const FIGURE_RATIO = 20 / 16;
