// Since when a condition holds that no fact gives the beginning of: each server remembers it for itself, from its first look on.
export class Beginnings {
  readonly #at = new Map<string, number>();

  /** When it was first seen so (milliseconds); null where it is not so, which forgets it. */
  of(name: string, isSo: boolean, now: number): number | null {
    if (!isSo) {
      this.#at.delete(name);
      return null;
    }
    const known = this.#at.get(name);
    if (known !== undefined) return known;
    this.#at.set(name, now);
    return now;
  }
}
