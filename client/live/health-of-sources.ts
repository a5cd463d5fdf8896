// Which sources are silent or faulty, and as of when what they told is known.
import type { SourceFault } from '../../server/contract/lists.ts';
import type { Tick } from '../../server/contract/protocol.ts';

export interface SilentSource {
  readonly name: string;
  readonly ageMs: number;
  readonly asOf: number;
  /** What was done to its stream; null: it is only silent. */
  readonly fault: SourceFault | null;
}

/** Those that missed their heartbeats, longest silent first, after those that are faulty. `beatAt`: the site's time of the tick. */
export function silentSources(sources: Tick['sources'], beatAt: number): readonly SilentSource[] {
  return Object.keys(sources)
    .flatMap((name) => {
      const source = sources[name];
      if (!source || source.state === 'live') return [];
      const { ageMs, fault = null } = source;
      return [{ name, ageMs, asOf: beatAt - ageMs, fault }];
    })
    .sort((a, b) => Number(b.fault !== null) - Number(a.fault !== null) || b.ageMs - a.ageMs);
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
