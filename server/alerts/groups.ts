// Things by the one place where each is now, so that those of a place are found without looking through all.
const NOTHING: ReadonlySet<string> = new Set();

export class Groups {
  readonly #placeOf = new Map<string, string>();
  readonly #at = new Map<string, Set<string>>();

  /** `place` null: it is nowhere. */
  put(id: string, place: string | null): void {
    const was = this.#placeOf.get(id) ?? null;
    if (was === place) return;
    if (was !== null) {
      const left = this.#at.get(was);
      left?.delete(id);
      if (left?.size === 0) this.#at.delete(was);
      this.#placeOf.delete(id);
    }
    if (place === null) return;
    this.#placeOf.set(id, place);
    const joined = this.#at.get(place);
    if (joined === undefined) this.#at.set(place, new Set([id]));
    else joined.add(id);
  }

  in(place: string): ReadonlySet<string> {
    return this.#at.get(place) ?? NOTHING;
  }
}
