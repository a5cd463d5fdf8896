// All sources in one list: those that were heard, and those that may send and were not heard yet.
import type { SourceTokenSaid } from '../../../server/contract/access.ts';
import type { SourceState } from '../../../server/contract/lists.ts';
import type { Tick } from '../../../server/contract/protocol.ts';
import type { SourceRow } from '../../../server/contract/rows.ts';

export interface SourceLine {
  readonly name: string;
  /** Null: nothing of it was heard yet. */
  readonly heard: { readonly state: SourceState; readonly ageMs: number } | null;
  readonly refused: number;
  /** Null: it was given nothing here. */
  readonly token: SourceTokenSaid | null;
}

/** By name, as `compare` has names. */
export function sourcesOf(
  {
    ticked,
    rows,
    tokens,
  }: {
    /** Of the latest tick: it knows how long each is silent. */
    readonly ticked: Tick['sources'];
    readonly rows: ReadonlyMap<string, SourceRow>;
    readonly tokens: readonly SourceTokenSaid[];
  },
  compare: (a: string, b: string) => number,
): readonly SourceLine[] {
  const given = new Map(tokens.map((token) => [token.source, token]));
  const names = new Set([...Object.keys(ticked), ...rows.keys(), ...given.keys()]);
  return [...names].sort(compare).map((name) => {
    const { [name]: beat } = ticked;
    return {
      name,
      heard: beat === undefined ? null : { state: beat.state, ageMs: beat.ageMs },
      refused: rows.get(name)?.refused ?? 0,
      token: given.get(name) ?? null,
    };
  });
}
