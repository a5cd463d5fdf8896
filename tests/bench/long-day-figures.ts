// From the samples of a long day to its table: where each figure began after the warm-up, where it ended, and how it leaned.
import { SERIES } from './long-day-samples.ts';
import type { Sample, SeriesName } from './long-day-samples.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Figure {
  readonly name: SeriesName;
  readonly title: string;
  readonly unit: string;
  readonly readings: readonly Point[];
  /** The least reading of each minute, the warm-up left out. */
  readonly lowWater: readonly Point[];
  /** Means of the first and the last low-water points. */
  readonly start: number;
  readonly end: number;
  readonly least: number;
  readonly most: number;
  /** Null: too few points for a line. */
  readonly line: Line | null;
}

/** y = at + slope · x; `error` is the standard error of the slope. */
export interface Line {
  readonly slope: number;
  readonly at: number;
  readonly error: number;
}

/** At most, and no point in both. */
const MEAN_OF = 3;

export function figuresOf(
  samples: readonly Sample[],
  { warmUpMinutes }: { readonly warmUpMinutes: number },
): readonly Figure[] {
  return SERIES.map(({ name, title, unit }) => {
    const readings = samples.flatMap(({ atMinutes, values }) => {
      const value = values[name];
      return value === undefined ? [] : [{ x: atMinutes, y: value }];
    });
    const warm = readings.filter(({ x }) => x >= warmUpMinutes);
    const lowWater = leastOfEachMinute(warm);
    const values = warm.map(({ y }) => y);
    const few = Math.max(1, Math.min(MEAN_OF, Math.floor(lowWater.length / 2)));
    return {
      name,
      title,
      unit,
      readings,
      lowWater,
      start: mean(lowWater.slice(0, few).map(({ y }) => y)),
      end: mean(lowWater.slice(-few).map(({ y }) => y)),
      least: Math.min(...values),
      most: Math.max(...values),
      line: leastSquares(lowWater),
    };
  });
}

/** Minutes with half as many readings as others, or fewer, are left out: their least is of something else. */
export function leastOfEachMinute(points: readonly Point[]): readonly Point[] {
  const minutes = new Map<number, Point[]>();
  for (const point of points) {
    const minute = Math.floor(point.x);
    minutes.set(minute, [...(minutes.get(minute) ?? []), point]);
  }
  const most = Math.max(...[...minutes.values()].map(({ length }) => length));
  return [...minutes.values()]
    .filter(({ length }) => length * 2 > most)
    .map((of) => of.reduce((least, point) => (point.y < least.y ? point : least)));
}

/** Ordinary least squares; null under three points, or where all have one x. */
export function leastSquares(points: readonly Point[]): Line | null {
  const n = points.length;
  if (n < 3) return null;
  const [x, y] = [mean(points.map((p) => p.x)), mean(points.map((p) => p.y))];
  const spread = total(points, (p) => (p.x - x) ** 2);
  if (spread === 0) return null;
  const slope = total(points, (p) => (p.x - x) * (p.y - y)) / spread;
  const at = y - slope * x;
  const rest = total(points, (p) => (p.y - at - slope * p.x) ** 2);
  return { slope, at, error: Math.sqrt(rest / (n - 2) / spread) };
}

function total(points: readonly Point[], of: (point: Point) => number): number {
  return points.reduce((sum, point) => sum + of(point), 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
