// Sessions: who is signed in by which browser. Twelve hours, begun anew with each use; each can be ended.
import type { SessionOf } from '../contract/access.ts';
import type { Kept } from './kept.ts';
import type { SessionRecord } from './records.ts';
import { hashOf, newSecret } from './secret.ts';
import type { Random } from './secret.ts';

/** Milliseconds from its last use to its end. */
export const SESSION_MS = 12 * 3_600_000;
/** A use is written down at most so often (milliseconds). */
const NOTED_MS = 60_000;
/** Characters of what a browser calls itself. */
const BROWSER_MOST = 200;

/** A session that is good. */
export interface Held {
  readonly hash: string;
  readonly record: SessionRecord;
}

export interface Came {
  readonly from: string;
  readonly browser: string | undefined;
}

export type SessionBy = Pick<SessionRecord, 'person' | 'said' | 'by' | 'stamp'>;

export interface SessionsOptions {
  readonly kept: Kept<SessionRecord>;
  readonly now: () => number;
  readonly random: Random;
}

/** All of these reject where Redis fails. */
export class Sessions {
  readonly #options: SessionsOptions;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** What the cookie is to hold, told this once. */
  async begin(who: SessionBy, { from, browser }: Came): Promise<Held & { readonly text: string }> {
    const { kept, now, random } = this.#options;
    await this.#forget();
    const { text, hash } = newSecret(random);
    const at = now();
    const record = {
      ...who,
      madeAt: at,
      seenAt: at,
      endsAt: at + SESSION_MS,
      from,
      browser: (browser ?? '').slice(0, BROWSER_MOST),
    };
    await kept.put(hash, record);
    return { text, hash, record };
  }

  /** Null: none, or it is over. */
  async read(text: string): Promise<Held | null> {
    const hash = hashOf(text);
    return hash === null ? null : this.held(hash);
  }

  async held(hash: string): Promise<Held | null> {
    const { kept, now } = this.#options;
    const record = await kept.read(hash);
    return record === null || record.endsAt <= now() ? null : { hash, record };
  }

  /** It was used at this instant; what it is from then on. */
  async used({ hash, record }: Held): Promise<Held> {
    const { kept, now } = this.#options;
    const at = now();
    if (at - record.seenAt < NOTED_MS) return { hash, record };
    // What another server ended meanwhile does not come back by being used.
    const used = await kept.update(hash, (present) => ({
      ...present,
      seenAt: at,
      endsAt: at + SESSION_MS,
    }));
    return { hash, record: used ?? record };
  }

  /** Who sits there, as they say; null: nobody. */
  async say({ hash, record }: Held, said: string | null): Promise<Held> {
    const changed = await this.#options.kept.update(hash, (present) => ({ ...present, said }));
    return { hash, record: changed ?? { ...record, said } };
  }

  /** It is of this stamp from now on: whoever set another password is the one who sits there. */
  async restamp({ hash }: Held, stamp: string): Promise<void> {
    await this.#options.kept.update(hash, (present) => ({ ...present, stamp }));
  }

  /** Those that are good, the youngest first. */
  async of(person: string, own: string | null): Promise<readonly SessionOf[]> {
    const now = this.#options.now();
    return [...(await this.#options.kept.all())]
      .filter(([, session]) => session.person === person && session.endsAt > now)
      .map(([hash, { madeAt, seenAt, endsAt, from, browser }]) => ({
        ...{ id: hash, madeAt, seenAt, endsAt, from, browser },
        isOwn: hash === own,
      }))
      .sort((a, b) => b.seenAt - a.seenAt);
  }

  /** False: there was none of this person. */
  async end(hash: string, person: string | null): Promise<boolean> {
    const { kept } = this.#options;
    const record = await kept.read(hash);
    return record !== null && record.person === person && kept.drop(hash);
  }

  /** All of a person, but for one if that is said; how many. */
  async endAll(person: string, but: string | null = null): Promise<number> {
    const { kept } = this.#options;
    let ended = 0;
    for (const [hash, session] of await kept.all())
      if (session.person === person && hash !== but && (await kept.drop(hash))) ended += 1;
    return ended;
  }

  /** What is over takes no place. */
  async #forget(): Promise<void> {
    const { kept, now } = this.#options;
    const at = now();
    for (const [hash, { endsAt }] of await kept.all()) if (endsAt <= at) await kept.drop(hash);
  }
}
