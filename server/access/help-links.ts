// Personal links with which an agent asks for help: 256 random bits of which only a hash is kept, one link an agent, ended at the desk.
import type { HelpLink } from '../contract/help.ts';
import type { Kept } from './kept.ts';
import { hashOf, newSecret } from './secret.ts';
import type { Random } from './secret.ts';

export interface HelpLinksOptions {
  readonly store: Kept<HelpLink>;
  readonly now: () => number;
  readonly random: Random;
}

export class HelpLinks {
  readonly #options: HelpLinksOptions;

  constructor(options: HelpLinksOptions) {
    this.#options = options;
  }

  /** The token, which is told this once; what the agent had before is over. */
  async make(agent: string, by: string): Promise<string> {
    const { store, now, random } = this.#options;
    const { text, hash } = newSecret(random);
    await store.put(hash, { agent, madeAt: now(), by });
    for (const other of await this.#hashesOf(agent)) if (other !== hash) await store.drop(other);
    return text;
  }

  /** Whose it is; null: nobody's, or ended. */
  async read(token: string): Promise<HelpLink | null> {
    const hash = hashOf(token);
    return hash === null ? null : this.#options.store.read(hash);
  }

  async list(): Promise<readonly HelpLink[]> {
    return [...(await this.#options.store.all()).values()];
  }

  /** False: they had none. */
  async end(agent: string): Promise<boolean> {
    const hashes = await this.#hashesOf(agent);
    for (const hash of hashes) await this.#options.store.drop(hash);
    return hashes.length > 0;
  }

  async #hashesOf(agent: string): Promise<readonly string[]> {
    const all = await this.#options.store.all();
    return [...all].flatMap(([hash, link]) => (link.agent === agent ? [hash] : []));
  }
}
