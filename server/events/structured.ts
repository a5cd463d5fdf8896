// CloudEvents 1.0 in structured mode: one JSON object with its attributes and `data` becomes the fields of an entry.
import type { Fields, Refused } from './decode.ts';
import { DEPTH_EXPECTED, isValueTooDeep } from './nesting.ts';

export type Structured =
  | { readonly kind: 'fields'; readonly fields: Fields }
  | { readonly kind: 'refused'; readonly refused: Refused };

const ATTRIBUTES = ['type', 'subject', 'source', 'id', 'time'] as const;

const TOO_DEEP: Refused = {
  reason: 'malformed',
  field: 'data',
  expected: DEPTH_EXPECTED,
  given: '…',
};

/** `value` is parsed JSON. Attributes that Pharos does not use are kept out; what `data` holds is judged by `decode`. */
export function fieldsOf(value: unknown): Structured {
  // What is read may be too deep to be written again, also to say what it is.
  if (isValueTooDeep(value)) return { kind: 'refused', refused: TOO_DEEP };
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse('event', 'a JSON object with type, subject and data', value);
  const given = value as Readonly<Record<string, unknown>>;
  if (given.specversion !== undefined && given.specversion !== '1.0')
    return refuse('specversion', '1.0', given.specversion);
  const fields: Record<string, string> = {};
  for (const name of ATTRIBUTES) {
    const attribute = given[name];
    if (attribute === undefined || attribute === null) continue;
    if (typeof attribute !== 'string') return refuse(name, 'a string', attribute);
    fields[name] = attribute;
  }
  if (given.data !== undefined && given.data !== null) fields.data = JSON.stringify(given.data);
  return { kind: 'fields', fields };
}

function refuse(field: string, expected: string, given: unknown): Structured {
  const shown = given === undefined ? 'nothing' : JSON.stringify(given).slice(0, 200);
  return { kind: 'refused', refused: { reason: 'malformed', field, expected, given: shown } };
}
