// Signs of life of paired screens: what this server sees of them, written down together every few seconds.
import type { Kept } from './kept.ts';
import type { ScreenSign } from './records.ts';

/** A screen is written down at most so often (milliseconds). */
export const WRITTEN_MS = 5_000;
/** Characters of what a screen calls its build. */
const BUILD_MOST = 64;

export interface ScreenSignsOptions {
  readonly kept: Kept<ScreenSign>;
  readonly now: () => number;
}

export interface Seen {
  /** When it painted, as the screen itself says. */
  readonly painted?: number;
  readonly build?: string;
}

export class ScreenSigns {
  readonly #options: ScreenSignsOptions;
  /** Since they were written last. */
  readonly #unwritten = new Map<string, ScreenSign>();

  constructor(options: ScreenSignsOptions) {
    this.#options = options;
  }

  /** A word of this screen. */
  note(id: string, { painted, build }: Seen): void {
    const seenAt = this.#options.now();
    this.#unwritten.set(id, {
      seenAt,
      // Nobody paints in the future.
      paintedAt: painted === undefined ? null : Math.min(painted, seenAt),
      build: build?.slice(0, BUILD_MOST) ?? null,
    });
  }

  /** Called every `WRITTEN_MS`. What Redis does not take waits for the next time, or for a younger sign. */
  async write(): Promise<void> {
    const signs = [...this.#unwritten];
    this.#unwritten.clear();
    // On one connection, so that all of them are one round. A screen that was revoked has no place, and gets none.
    await Promise.all(
      signs.map(async ([id, sign]) => {
        try {
          await this.#options.kept.update(id, (before) => (isOlder(before, sign) ? sign : null));
        } catch {
          if (!this.#unwritten.has(id)) this.#unwritten.set(id, sign);
        }
      }),
    );
  }
}

/** It may have spoken to another server since. */
function isOlder(before: ScreenSign, sign: ScreenSign): boolean {
  return (before.seenAt ?? -Infinity) < (sign.seenAt ?? -Infinity);
}
