// Since when a condition holds that no fact gives the beginning of: each server remembers its first look, until one beginning is decided.
interface Look {
  readonly isSo: boolean;
  /** Milliseconds. */
  readonly now: number;
  /** As all servers say; null: that is not decided. */
  readonly decided: number | null;
}

export class Beginnings {
  readonly #at = new Map<string, number>();

  /** When it was first seen so (milliseconds); null where it is not so, which forgets it. */
  of(name: string, { isSo, now, decided }: Look): number | null {
    if (!isSo) {
      this.#at.delete(name);
      return null;
    }
    const at = decided ?? this.#at.get(name) ?? now;
    this.#at.set(name, at);
    return at;
  }
}
