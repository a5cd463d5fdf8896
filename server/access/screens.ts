// Paired screens: televisions that may read one board, by a secret of which only the hash is kept.
import type { Kept } from './kept.ts';
import type { ScreenRecord } from './records.ts';
import { hashOf } from './secret.ts';

export interface ScreensOptions {
  readonly kept: Kept<ScreenRecord>;
}

export interface FoundScreen {
  readonly id: string;
  readonly screen: ScreenRecord;
}

/** All of these reject where Redis fails. */
export class Screens {
  readonly #options: ScreensOptions;

  constructor(options: ScreensOptions) {
    this.#options = options;
  }

  /** Null: nobody's, or it was revoked. */
  async read(text: string): Promise<FoundScreen | null> {
    const hash = hashOf(text);
    if (hash === null) return null;
    for (const [id, screen] of await this.#options.kept.all())
      if (screen.hash === hash) return { id, screen };
    return null;
  }

  byId(id: string): Promise<ScreenRecord | null> {
    return this.#options.kept.read(id);
  }
}
