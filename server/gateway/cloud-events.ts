// CloudEvents by HTTP in their three forms, read into the fields of entries. What they mean is for the door of events to say.
import type { IncomingHttpHeaders } from 'node:http';
import type { Fields } from '../events/decode.ts';
import { fieldsOf } from '../events/structured.ts';

/** Events of one call. */
export const BATCH_MOST = 500;

export interface Problem {
  /** Which event of the call, from 0. */
  readonly index: number;
  readonly field: string;
  readonly expected: string;
  readonly given: string;
}

export type Reading =
  | {
      readonly kind: 'read';
      /** In the order of the call: each event's fields, or why it has none. */
      readonly events: readonly (Fields | Problem)[];
    }
  | {
      readonly kind: 'unreadable';
      readonly status: 400 | 413 | 415;
      readonly says: string;
    };

const ATTRIBUTES = ['id', 'source', 'type', 'subject', 'time'] as const;
const JSON_TYPE = /^application\/([\w.-]+\+)?json$/;
const FORMS =
  'application/cloudevents+json for one event, application/cloudevents-batch+json for up to 500, or application/json with ce- headers';

export function readCloudEvents(headers: IncomingHttpHeaders, body: string): Reading {
  const mediaType = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (mediaType === 'application/cloudevents-batch+json') return readBatch(body);
  if (mediaType === 'application/cloudevents+json') return readStructured(body);
  if (headers['ce-type'] === undefined && headers['ce-specversion'] === undefined)
    return unreadable(415, `Expected ${FORMS}; got ${mediaType || 'no content type'}.`);
  if (body !== '' && !JSON_TYPE.test(mediaType))
    return unreadable(415, `Expected data as application/json; got ${mediaType || 'no type'}.`);
  return readBinary(headers, body);
}

function readStructured(body: string): Reading {
  const value = parse(body);
  if (value === undefined) return unreadable(400, 'Expected one CloudEvent as a JSON object.');
  return { kind: 'read', events: [readOne(value, 0)] };
}

function readBatch(body: string): Reading {
  const values = parse(body);
  if (!Array.isArray(values)) return unreadable(400, 'Expected a JSON list of CloudEvents.');
  if (values.length > BATCH_MOST)
    return unreadable(413, `Expected at most ${BATCH_MOST} events; got ${values.length}.`);
  return { kind: 'read', events: values.map(readOne) };
}

function readBinary(headers: IncomingHttpHeaders, body: string): Reading {
  const fields: Record<string, string> = {};
  const version = headers['ce-specversion'] ?? '1.0';
  if (version !== '1.0')
    return { kind: 'read', events: [problem(0, 'specversion', '1.0', version)] };
  for (const name of ATTRIBUTES) {
    const value = headers[`ce-${name}`];
    if (typeof value === 'string') fields[name] = fromPercent(value);
  }
  if (body !== '') fields.data = body;
  return { kind: 'read', events: [fields] };
}

function readOne(value: unknown, index: number): Fields | Problem {
  const unfit = unfitFor(value);
  if (unfit !== null) return { index, ...unfit };
  const structured = fieldsOf(value);
  if (structured.kind === 'fields') return structured.fields;
  const { field, expected, given } = structured.refused;
  return { index, field, expected, given };
}

/** Data in another form than JSON would be lost without a word, so it is refused. */
function unfitFor(value: unknown): Omit<Problem, 'index'> | null {
  if (typeof value !== 'object' || value === null) return null;
  const { datacontenttype: type = 'application/json', data_base64: bytes } = value as Readonly<
    Record<string, unknown>
  >;
  if (typeof type !== 'string' || !JSON_TYPE.test(type.split(';')[0] ?? ''))
    return unfit('datacontenttype', 'application/json', type);
  return bytes === undefined ? null : unfit('data_base64', 'data, as a JSON object', bytes);
}

export function isProblem(read: Fields | Problem): read is Problem {
  return typeof read.index === 'number';
}

function problem(index: number, field: string, expected: string, given: unknown): Problem {
  return { index, ...unfit(field, expected, given) };
}

function unfit(field: string, expected: string, given: unknown): Omit<Problem, 'index'> {
  const text = typeof given === 'string' ? given : 'something else';
  return {
    field,
    expected,
    given: given === undefined ? 'nothing' : text.length > 200 ? `${text.slice(0, 200)}…` : text,
  };
}

function unreadable(status: 400 | 413 | 415, says: string): Reading {
  return { kind: 'unreadable', status, says };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** CloudEvents' HTTP binding, 3.1.3.2: values of headers are percent-encoded UTF-8. */
function fromPercent(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
