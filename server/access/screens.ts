// Paired screens: televisions that may read one board, by a secret of which only the hash is kept.
import type { ScreenSaid } from '../contract/access.ts';
import type { Kept } from './kept.ts';
import type { FoundPairing, Pairings } from './pairings.ts';
import type { ScreenRecord, ScreenSign } from './records.ts';
import { hashOf } from './secret.ts';

export interface ScreensOptions {
  readonly kept: Kept<ScreenRecord>;
  readonly signs: Kept<ScreenSign>;
  readonly pairings: Pairings;
  readonly now: () => number;
}

export interface FoundScreen {
  readonly id: string;
  readonly screen: ScreenRecord;
}

/** What of a screen is for supervisors to say. */
export type ScreenGiven = Pick<
  ScreenRecord,
  'name' | 'board' | 'inches' | 'seatMetres' | 'language'
>;

/** Characters of an id: so much of a hash is one of its kind, and opens nothing. */
const ID_LENGTH = 16;
const NO_SIGN: ScreenSign = { seenAt: null, paintedAt: null, build: null };

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

  /** By name. */
  async list(): Promise<readonly ScreenSaid[]> {
    const { kept, signs } = this.#options;
    const [screens, seen] = await Promise.all([kept.all(), signs.all()]);
    return [...screens]
      .map(([id, screen]) => screenSaid(id, screen, seen.get(id) ?? NO_SIGN))
      .sort((a, b) => (a.name === b.name ? (a.id < b.id ? -1 : 1) : a.name < b.name ? -1 : 1));
  }

  /** Makes a screen of the television that shows this code; null: somebody was quicker. */
  async pair(found: FoundPairing, given: ScreenGiven, by: string): Promise<ScreenSaid | null> {
    const { kept, signs, pairings, now } = this.#options;
    const { hash, cookie, from, browser } = found.pairing;
    // The id follows from the code's own secret, so that of two who approve it at once one is let in.
    const id = hash.slice(0, ID_LENGTH);
    const screen: ScreenRecord = { ...given, hash: cookie, pairedAt: now(), by, browser, from };
    if (!(await kept.claim(id, screen))) return null;
    await signs.put(id, NO_SIGN);
    await pairings.close(found, id);
    return screenSaid(id, screen, NO_SIGN);
  }

  /** Null: there is none of that id, or `change` gave null. */
  async change(
    id: string,
    change: (before: ScreenGiven) => ScreenGiven | null,
  ): Promise<ScreenSaid | null> {
    const { kept, signs } = this.#options;
    const screen = await kept.update(id, (before) => {
      const given = change(before);
      return given === null ? null : { ...before, ...given };
    });
    if (screen === null) return null;
    return screenSaid(id, screen, (await signs.read(id)) ?? NO_SIGN);
  }

  /** Its cookie opens nothing from now on. Null: there is none of that id. */
  async revoke(id: string): Promise<ScreenRecord | null> {
    const { kept, signs } = this.#options;
    const screen = await kept.read(id);
    if (screen === null || !(await kept.drop(id))) return null;
    await signs.drop(id);
    return screen;
  }
}

/** What supervisors are told of a screen: nothing of its secret. */
function screenSaid(id: string, screen: ScreenRecord, sign: ScreenSign): ScreenSaid {
  const { name, board, inches, seatMetres, language, pairedAt, by, browser, from } = screen;
  return {
    ...{ id, name, board, inches, seatMetres, language, pairedAt, by, browser, from },
    ...sign,
  };
}
