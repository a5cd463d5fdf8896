// Personal links with which an agent asks for help: 256 random bits of which only a hash is kept, one link an agent, ended at the desk.
import { createHash } from 'node:crypto';
import type { HelpLink } from '../contract/help.ts';

/** Where links are kept, by the hash of their token. All of these reject where Redis fails. */
export interface HelpLinkStore {
  find(hash: string): Promise<HelpLink | null>;
  all(): Promise<ReadonlyMap<string, HelpLink>>;
  put(hash: string, link: HelpLink): Promise<void>;
  drop(hashes: readonly string[]): Promise<void>;
}

export const HELP_TOKEN_BYTES = 32;
/** 32 bytes as base64url. */
const TOKEN = /^[\w-]{43}$/;

/** Null: no token at all, so that nobody has to be asked. */
export function hashOfHelpToken(token: string): string | null {
  return TOKEN.test(token) ? createHash('sha256').update(token).digest('base64url') : null;
}

export interface HelpLinksOptions {
  readonly store: HelpLinkStore;
  readonly now: () => number;
  readonly random: (bytes: number) => Buffer;
}

export class HelpLinks {
  readonly #options: HelpLinksOptions;

  constructor(options: HelpLinksOptions) {
    this.#options = options;
  }

  /** The token, which is told this once; what the agent had before is over. */
  async make(agent: string, by: string): Promise<string> {
    const { store, now, random } = this.#options;
    const token = random(HELP_TOKEN_BYTES).toString('base64url');
    const hash = hashOfHelpToken(token);
    if (hash === null) throw new Error('invariant: 32 bytes are 43 characters of base64url');
    await store.put(hash, { agent, madeAt: now(), by });
    await store.drop((await this.#hashesOf(agent)).filter((other) => other !== hash));
    return token;
  }

  /** Whose it is; null: nobody's, or ended. */
  async read(token: string): Promise<HelpLink | null> {
    const hash = hashOfHelpToken(token);
    return hash === null ? null : this.#options.store.find(hash);
  }

  async list(): Promise<readonly HelpLink[]> {
    return [...(await this.#options.store.all()).values()];
  }

  /** False: they had none. */
  async end(agent: string): Promise<boolean> {
    const hashes = await this.#hashesOf(agent);
    if (hashes.length > 0) await this.#options.store.drop(hashes);
    return hashes.length > 0;
  }

  async #hashesOf(agent: string): Promise<readonly string[]> {
    const all = await this.#options.store.all();
    return [...all].flatMap(([hash, link]) => (link.agent === agent ? [hash] : []));
  }
}
