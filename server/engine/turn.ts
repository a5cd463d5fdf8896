// One turn of the engine: entries of the log, in order, folded into the floor.
import { decode } from '../events/decode.ts';
import type { Refused } from '../events/decode.ts';
import type { DataOf } from '../events/schema.ts';
import type { Floor } from '../floor/floor.ts';
import type { Touched } from '../floor/rows.ts';
import { isAhead } from '../log/continuity.ts';
import type { DedupWindow } from '../log/dedup.ts';
import type { Entry } from '../log/log.ts';
import type { Refusal } from '../log/refusals.ts';
import { wordsOf } from '../words-of.ts';

export interface TurnParts {
  readonly floor: Floor;
  readonly dedup: DedupWindow;
}

export interface RefusedEntry {
  readonly entry: Entry;
  readonly source: string;
  readonly refused: Pick<Refusal, keyof Refused>;
}

export interface Broke {
  /** Of the entry that was being folded, or before which time passed. */
  readonly entry: string;
  readonly error: unknown;
}

export interface Turn {
  readonly touched: Touched;
  readonly refused: readonly RefusedEntry[];
  readonly counts: {
    readonly applied: number;
    readonly repeated: number;
    readonly unknown: number;
  };
  /** What the floor threw; what broke is left as it is, and the next is folded. */
  readonly broke: readonly Broke[];
  /** Whoever may now other things than before. */
  readonly access: readonly DataOf['access.changed'][];
  /** Sources that told all that is true in this turn. */
  readonly snapshots: readonly string[];
  /** The instant of the last entry that was not from the future. */
  readonly soundAt: number;
  /** Who wrote the first of the entries from the future, while the last one is of their kind. */
  readonly poisonedBy: string | null;
}

export interface Moment {
  /** The site's clock at this turn. */
  readonly now: number;
  /** As the turn before left it. */
  readonly soundAt: number;
  /** As the turn before left it. */
  readonly poisonedBy: string | null;
}

export function takeTurn(
  { floor, dedup }: TurnParts,
  entries: readonly Entry[],
  { now, soundAt, poisonedBy: before }: Moment,
): Turn {
  const refused: RefusedEntry[] = [];
  const broke: Broke[] = [];
  const snapshots: string[] = [];
  const access: DataOf['access.changed'][] = [];
  const counts = { applied: 0, repeated: 0, unknown: 0 };
  let sound = soundAt;
  let poisonedBy = before;
  for (const entry of entries) {
    const poisoned = isAhead(entry.at, now);
    // An entry from the future dates all that follow it, so they count as happening when the last sound one did.
    if (!poisoned) sound = Math.max(sound, entry.at);
    poisonedBy = poisoned ? (poisonedBy ?? entry.fields.source ?? 'unknown') : null;
    try {
      floor.pass(sound);
    } catch (error) {
      broke.push({ entry: entry.id, error });
    }
    const decoded = decode(entry.fields, { entryAt: sound, entryId: entry.id, trusted: true });
    switch (decoded.kind) {
      case 'unknown':
        counts.unknown += 1;
        break;
      case 'refused':
        refused.push({ entry, source: decoded.source, refused: decoded.refused });
        floor.noteRefused(decoded.source);
        break;
      case 'event': {
        const { event, skewMs } = decoded;
        if (dedup.isRepeat(event, { id: entry.id, at: sound })) {
          counts.repeated += 1;
          break;
        }
        try {
          floor.fold(event);
        } catch (error) {
          // One entry must not stop the floor: it would be read, and break it, again and again.
          broke.push({ entry: entry.id, error });
          refused.push({ entry, source: event.source, refused: unfoldable(error) });
          floor.noteRefused(event.source);
          break;
        }
        counts.applied += 1;
        if (skewMs > 0) floor.noteSkew(event.source, skewMs);
        if (event.type === 'source.snapshot') snapshots.push(event.source);
        if (event.type === 'access.changed') access.push(event.data);
        break;
      }
      default:
        decoded satisfies never;
    }
  }
  const found = { refused, broke, counts, snapshots, access };
  return { touched: floor.take(), ...found, soundAt: sound, poisonedBy };
}

function unfoldable(error: unknown): RefusedEntry['refused'] {
  const expected = 'an event that Pharos can fold: this one is sound, please report it';
  return { reason: 'unfoldable', field: 'data', expected, given: wordsOf(error) };
}
