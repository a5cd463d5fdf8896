// Source tokens: programs that may tell events, each under its own name and of granted types only.
import type { SourceTokenSaid } from '../contract/access.ts';
import type { Kept } from './kept.ts';
import type { SourceGrant } from './records.ts';
import { hashOf, newSecret } from './secret.ts';
import type { Random } from './secret.ts';

/** So that a token that lies about is known for what it is. */
export const SOURCE_TOKEN = 'pharos_source_';

export interface SourceTokensOptions {
  readonly kept: Kept<SourceGrant>;
  readonly now: () => number;
  readonly random: Random;
}

/** All of these reject where Redis fails. */
export class SourceTokens {
  readonly #options: SourceTokensOptions;

  constructor(options: SourceTokensOptions) {
    this.#options = options;
  }

  /** Whose token that is; null: nobody's. */
  async read(
    token: string,
  ): Promise<{ readonly source: string; readonly grant: readonly string[] } | null> {
    if (!token.startsWith(SOURCE_TOKEN)) return null;
    const hash = hashOf(token.slice(SOURCE_TOKEN.length));
    if (hash === null) return null;
    for (const [source, kept] of await this.#options.kept.all())
      if (kept.hash === hash) return { source, grant: kept.grant };
    return null;
  }

  /** The token, told this once; what the source had before is over. */
  async make(source: string, grant: readonly string[], by: string): Promise<string> {
    const { kept, now, random } = this.#options;
    const { text, hash } = newSecret(random);
    await kept.put(source, { grant: [...grant], hash, madeAt: now(), by });
    return SOURCE_TOKEN + text;
  }

  /** What it may send, with no token or with the one that it has. */
  async grant(source: string, grant: readonly string[], by: string): Promise<void> {
    const { kept, now } = this.#options;
    const may = [...grant];
    const changed = await kept.update(source, (before) => ({ ...before, grant: may }));
    if (changed === null) await kept.claim(source, { grant: may, hash: null, madeAt: now(), by });
  }

  /** By source. */
  async grants(): Promise<ReadonlyMap<string, readonly string[]>> {
    const all = await this.#options.kept.all();
    return new Map([...all].map(([source, { grant }]) => [source, grant]));
  }

  async list(): Promise<readonly SourceTokenSaid[]> {
    const all = [...(await this.#options.kept.all())];
    return all
      .map(([source, { grant, madeAt, by, hash }]) => ({
        ...{ source, grant, madeAt, by },
        hasToken: hash !== null,
      }))
      .sort((a, b) => (a.source < b.source ? -1 : 1));
  }

  /** False: there was none. What the source wrote into its own stream is then taken as from any unknown one. */
  end(source: string): Promise<boolean> {
    return this.#options.kept.drop(source);
  }
}
