// Values of a label of `/metrics`, bounded, so that no producer can fill the memory with names.

/** Values of one label at most; what comes after is `other`. */
const VALUES_MOST = 64;

export function bounded(known: Set<string>, value: string): string {
  if (known.has(value)) return value;
  if (known.size >= VALUES_MOST) return 'other';
  known.add(value);
  return value;
}
