// The one door from untyped to typed: the fields of an entry become an event, or a refusal that says field, wish and value.
import { ID_EXPECTED, isId } from '../contract/ids.ts';
import { OWN_SOURCE } from './event.ts';
import type { PharosEvent } from './event.ts';
import { INSTANT_EXPECTED, parseInstant } from './instant.ts';
import { DEPTH_EXPECTED, isTooDeep } from './nesting.ts';
import { OWN_TYPES, SCHEMAS } from './schema.ts';
import type { EventType } from './schema.ts';

/** Bytes of one event's fields; a snapshot may have more. */
export const EVENT_MAX_BYTES = 64 * 1024;
export const SNAPSHOT_MAX_BYTES = 2 * 1024 * 1024;

/** An event's time may be so far ahead of its entry (milliseconds). */
const AHEAD_MS = 2_000;
/** `contact.*` and `assist.*` may be so far behind (milliseconds). */
const BEHIND_MS = 24 * 3_600_000;
const AGING = /^(contact|assist)\./;

export const REFUSAL_REASONS = [
  'malformed',
  'missing',
  'wrong-type',
  'too-large',
  'too-old',
  'not-yours',
  'bad-id',
  'bad-time',
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

export interface Refused {
  readonly reason: RefusalReason;
  readonly field: string;
  readonly expected: string;
  /** What was given, cut to 200 characters. */
  readonly given: string;
}

export type Decoded =
  | {
      readonly kind: 'event';
      readonly event: PharosEvent;
      /** Milliseconds by which the producer's clock is ahead, 0 where it is not. */
      readonly skewMs: number;
    }
  | { readonly kind: 'unknown'; readonly type: string; readonly source: string }
  | { readonly kind: 'refused'; readonly refused: Refused; readonly source: string };

export interface DoorOptions {
  /** The instant of the entry, in milliseconds. Null: offline, where an event's own time is all there is. */
  readonly entryAt: number | null;
  /** The entry's id, which stands in for a missing `id`. */
  readonly entryId: string;
  /** True for the journal itself, where Pharos' own types may stand. */
  readonly trusted?: boolean;
}

/** Fields of an entry: CloudEvents attributes, and `data` as JSON text. */
export type Fields = Readonly<Record<string, string>>;

export function decode(fields: Fields, options: DoorOptions): Decoded {
  const source = sourceOf(fields);
  if (options.trusted !== true && source === OWN_SOURCE)
    return refuse(source, 'not-yours', 'source', 'another name than that of Pharos itself', source);
  const type = fields.type;
  if (!type) return refuse(source, 'missing', 'type', 'the type of the event', type);
  if (options.trusted !== true && OWN_TYPES.some((own) => type.startsWith(own)))
    return refuse(source, 'not-yours', 'type', 'a type that others than Pharos may write', type);
  const most = type === 'source.snapshot' ? SNAPSHOT_MAX_BYTES : EVENT_MAX_BYTES;
  // No character is more than three bytes, so of small events nobody counts the bytes.
  if (charsOf(fields) * 3 > most) {
    const size = bytesOf(fields);
    if (size > most)
      return refuse(source, 'too-large', 'data', `at most ${most} bytes`, `${size} bytes`);
  }
  if (!Object.hasOwn(SCHEMAS, type)) return { kind: 'unknown', type: cut(type), source };
  if (fields.subject === undefined || !isId(fields.subject))
    return refuse(
      source,
      fields.subject ? 'bad-id' : 'missing',
      'subject',
      ID_EXPECTED,
      fields.subject,
    );
  return decodeKnown(type as EventType, fields, source, options);
}

function decodeKnown(
  type: EventType,
  fields: Fields,
  source: string,
  options: DoorOptions,
): Decoded {
  const when = instantOf(fields, options);
  if (when === null) return refuse(source, 'bad-time', 'time', INSTANT_EXPECTED, fields.time);
  if (options.entryAt !== null && AGING.test(type) && options.entryAt - when.at > BEHIND_MS)
    return refuse(source, 'too-old', 'time', 'at most 24 h before its entry', fields.time);
  if (fields.data !== undefined && isTooDeep(fields.data))
    return refuse(source, 'malformed', 'data', DEPTH_EXPECTED, fields.data);
  const raw = parseData(fields.data);
  if (raw === undefined) return refuse(source, 'malformed', 'data', 'a JSON object', fields.data);
  const parsed = SCHEMAS[type].safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const path = issue ? ['data', ...issue.path.map(String)] : ['data'];
    const given = valueAt(raw, issue?.path ?? []);
    return refuse(source, 'wrong-type', path.join('.'), issue?.message ?? 'valid data', given);
  }
  const event = {
    type,
    subject: fields.subject,
    source,
    id: fields.id && isId(fields.id) ? fields.id : options.entryId,
    at: when.at,
    data: parsed.data,
  } as PharosEvent;
  return { kind: 'event', event, skewMs: when.skewMs };
}

function sourceOf(fields: Fields): string {
  return fields.source && isId(fields.source) ? fields.source : 'unknown';
}

function instantOf(
  fields: Fields,
  { entryAt }: DoorOptions,
): { readonly at: number; readonly skewMs: number } | null {
  if (!fields.time) return entryAt === null ? null : { at: entryAt, skewMs: 0 };
  const at = parseInstant(fields.time);
  if (at === null) return null;
  if (entryAt !== null && at > entryAt + AHEAD_MS) return { at: entryAt, skewMs: at - entryAt };
  return { at, skewMs: 0 };
}

function parseData(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined || text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function charsOf(fields: Fields): number {
  let chars = 0;
  for (const name in fields) chars += name.length + (fields[name]?.length ?? 0);
  return chars;
}

function bytesOf(fields: Fields): number {
  let size = 0;
  for (const [name, value] of Object.entries(fields))
    size += Buffer.byteLength(name) + Buffer.byteLength(value);
  return size;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Record<PropertyKey, unknown>)[step];
  }
  return found;
}

function refuse(
  source: string,
  reason: RefusalReason,
  field: string,
  expected: string,
  given: unknown,
): Decoded {
  const shown = given === undefined ? 'nothing' : typeof given === 'string' ? given : toJson(given);
  return { kind: 'refused', source, refused: { reason, field, expected, given: cut(shown) } };
}

function toJson(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}

function cut(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
