// What each source was granted, as it was looked up last: asked at each entry that is copied.
import type { SourceTokens } from './sources.ts';

export class KnownGrants {
  readonly #sources: Pick<SourceTokens, 'grants'>;
  #grants: ReadonlyMap<string, readonly string[]> = new Map();

  constructor(sources: Pick<SourceTokens, 'grants'>) {
    this.#sources = sources;
  }

  /** Rejects where Redis fails; what was known stays. */
  async look(): Promise<void> {
    this.#grants = await this.#sources.grants();
  }

  /** Undefined: nobody granted it anything else than is usual. */
  of(source: string): readonly string[] | undefined {
    return this.#grants.get(source);
  }
}
