// Which sources are silent, and as of when what they told is known.
import type { Tick } from '../../server/contract/protocol.ts';

export interface SilentSource {
  readonly name: string;
  readonly ageMs: number;
  readonly asOf: number;
}

/** Those that missed their heartbeats, longest silent first. `beatAt`: the site's time of the tick. */
export function silentSources(sources: Tick['sources'], beatAt: number): readonly SilentSource[] {
  return Object.keys(sources)
    .flatMap((name) => {
      const source = sources[name];
      if (!source || source.state === 'live') return [];
      return [{ name, ageMs: source.ageMs, asOf: beatAt - source.ageMs }];
    })
    .sort((a, b) => b.ageMs - a.ageMs);
}

/**
 * As of when a row is known that these sources speak for, or null while it is live. A row that names no source
 * is not live only if no source at all is.
 */
export function rowKnownAt(
  named: readonly string[] | undefined,
  silent: readonly SilentSource[],
  sources: Tick['sources'],
): number | null {
  if (silent.length === 0) return null;
  if (named && named.length > 0) {
    const own = silent.filter((source) => named.includes(source.name));
    return own.length === 0 ? null : Math.min(...own.map((source) => source.asOf));
  }
  if (silent.length < Object.keys(sources).length) return null;
  return Math.max(...silent.map((source) => source.asOf));
}
