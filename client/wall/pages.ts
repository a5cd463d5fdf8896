// The pages below what is needed now: what does not fit goes to a further page of its kind.
import type { Page } from '../../server/contract/board.ts';

export interface WallPage {
  readonly kind: Page;
  /** Which page of its kind, from 0, and of how many. */
  readonly part: number;
  readonly parts: number;
}

/** How many pages each kind needs; 0 where it has nothing to show. */
export type Parts = Readonly<Record<Page, number>>;

export function pagesOf(kinds: readonly Page[], parts: Parts): readonly WallPage[] {
  return kinds.flatMap((kind) =>
    Array.from({ length: parts[kind] }, (_, part) => ({ kind, part, parts: parts[kind] })),
  );
}

export function samePages(a: readonly WallPage[], b: readonly WallPage[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ kind, part, parts }, index) => {
      const other = b[index];
      return kind === other?.kind && part === other.part && parts === other.parts;
    })
  );
}

/** Rows `part` of `parts` shows, so that pages are filled evenly: 10 rows on pages of 8 make 5 and 5. */
export function slice<T>(rows: readonly T[], part: number, parts: number): readonly T[] {
  const each = Math.ceil(rows.length / Math.max(1, parts));
  return rows.slice(part * each, (part + 1) * each);
}

export function partsFor(rows: number, perPage: number): number {
  return rows === 0 ? 0 : Math.ceil(rows / Math.max(1, perPage));
}

/** Which page is up: each stays its seconds, counted by the site's clock. */
export class Rotation {
  #index = 0;
  #turnedAt: number | null = null;

  /** `now` and `stayMs` in milliseconds; `held`: the picture stands still. */
  at(pages: number, now: number, stayMs: number, held: boolean): number {
    this.#turnedAt ??= now;
    if (this.#turnedAt > now) this.#turnedAt = now;
    if (held) this.#turnedAt = now;
    else if (now - this.#turnedAt >= stayMs) {
      this.#turnedAt = now;
      this.#index += 1;
    }
    if (this.#index >= pages) this.#index = 0;
    return this.#index;
  }
}
