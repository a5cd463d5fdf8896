// Medians, and figures as a table shows them.

/** The middle one; of an even number the upper of the two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[sorted.length >> 1];
  if (middle === undefined) throw new Error('invariant: a median of nothing');
  return middle;
}

/** `62,300`: three digits that mean something. */
export function rounded(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en');
}
