// Contacts that ended, the last ten thousand of them, so that a late or repeated event does not bring one back.

const KEPT = 10_000;

export class Ended {
  readonly #at = new Map<string, number>();
  /** The oldest gives its place to the youngest. */
  readonly #ring: string[] = [];
  #next = 0;

  /** When it ended, in milliseconds; undefined where it did not, or long ago. */
  at(id: string): number | undefined {
    return this.#at.get(id);
  }

  remember(id: string, at: number): void {
    if (!this.#at.has(id)) {
      const oldest = this.#ring[this.#next];
      if (oldest !== undefined) this.#at.delete(oldest);
      this.#ring[this.#next] = id;
      this.#next = (this.#next + 1) % KEPT;
    }
    this.#at.set(id, at);
  }

  /** Oldest first, so that they take their places again in the order in which they ended. */
  dump(): readonly (readonly [string, number])[] {
    const ids = [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)];
    return ids.map((id) => [id, this.#at.get(id) ?? 0] as const);
  }
}
