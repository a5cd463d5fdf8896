// What this browser keeps for its person: the language, whether there is sound. Nothing of the floor.

export function kept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    // A browser may forbid it; then nothing is kept.
    return null;
  }
}

export function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // As above.
  }
}
