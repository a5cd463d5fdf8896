// The same reference back where nothing changed, so that Svelte draws nothing anew.

/** Wraps `make`: its last result is kept while `same` says so. */
export function steady<T>(make: () => T, same: (a: T, b: T) => boolean): () => T {
  let last: { readonly value: T } | null = null;
  return () => {
    const value = make();
    if (last && same(last.value, value)) return last.value;
    last = { value };
    return value;
  };
}

export function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
