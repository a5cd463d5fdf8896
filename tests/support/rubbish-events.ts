// Events that no careful producer sends, for each of the three ways in, and what each is counted as. Every one carries a mark that must be on no screen. One room, since it is one list.
import type { Chance } from './chance.ts';

/** What every mark begins with. */
export const MARK = 'rubbish~';

export type Way = 'journal' | 'stream' | 'http';

export interface Rubbish {
  readonly kind: string;
  /** For `XADD`: names and values in turn. Empty by HTTP. */
  readonly words: readonly (string | Buffer)[];
  /** For a batch by HTTP: the JSON text of one event. Empty else. */
  readonly json: string;
  /** The reason that it is counted under; `unknown`: as a type that this build does not know. */
  readonly reason: string;
}

/** One of them; `n` makes its mark its own. */
export function rubbishFor(way: Way, n: number, chance: Chance): Rubbish {
  const mark = `${MARK}${n}~`;
  const isSaidByBoth = chance.below(3) > 0;
  const made = isSaidByBoth
    ? chance.of(SAID)({ mark, chance, way })
    : way === 'http'
      ? asText(chance.of(BY_HTTP)(mark))
      : asWords(chance.of(BY_XADD)({ mark, chance, way }));
  // A name that is nobody's must not get a place on the wall either.
  return chance.below(2) === 0 ? withSource(made, mark) : made;
}

interface Making {
  readonly mark: string;
  readonly chance: Chance;
  readonly way: Way;
}

/** An event as it would be said, `data` as JSON text, and its reason. */
interface Said {
  readonly kind: string;
  readonly reason: string;
  readonly type?: string;
  readonly subject?: string;
  readonly time?: string;
  readonly data?: string;
}

const deep = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const held = (mark: string): Said & { readonly data: string } => ({
  kind: '',
  reason: '',
  type: 'contact.held',
  subject: mark,
  data: JSON.stringify({ agent: mark }),
});

/** What can be said by every way. */
const SAID: readonly ((making: Making) => Rubbish)[] = [
  ({ mark, chance, way }) =>
    said(way, {
      ...held(mark),
      kind: 'wrong type',
      reason: 'wrong-type',
      data: `{"agent":${chance.of(['1', 'true', 'null', '[]', '{}', '-0', '""'])},"x":"${mark}"}`,
    }),
  ({ mark, way }) =>
    said(way, {
      ...held(mark),
      kind: 'field missing',
      reason: 'wrong-type',
      type: 'contact.queued',
      data: `{"customer":{"name":"${mark}"}}`,
    }),
  ({ mark, chance, way }) =>
    said(way, {
      kind: 'subject missing',
      reason: 'missing',
      type: chance.of(['contact.held', 'agent.state', 'callback.promised']),
      data: `{"agent":"${mark}","state":"available"}`,
    }),
  ({ mark, way }) =>
    said(way, { kind: 'type missing', reason: 'missing', subject: mark, data: `{"a":"${mark}"}` }),
  ({ mark, chance, way }) =>
    said(way, {
      ...held(mark),
      kind: 'no id',
      reason: 'bad-id',
      subject: chance.of([
        '__proto__',
        'constructor',
        'prototype',
        `${mark}\u0000`,
        `\u001b[2J${mark}`,
        `${mark}\r\nX: y`,
        `${mark}\u2028`,
        mark.repeat(20),
      ]),
    }),
  ({ mark, chance, way }) =>
    said(way, {
      ...held(mark),
      kind: 'too large',
      reason: 'too-large',
      data: `{"agent":"${mark}${'x'.repeat(chance.below(20) === 0 ? 1_000_000 : 66_000)}"}`,
    }),
  ({ mark, chance, way }) =>
    said(way, {
      ...held(mark),
      kind: 'no time',
      reason: 'bad-time',
      time: chance.of([
        `tomorrow ${mark}`,
        'NaN',
        'Infinity',
        '1e400',
        '0',
        '-1',
        '+999999-01-01T00:00:00Z',
        '9999-12-31T23:59:59Z',
        '0000-01-01T00:00:00Z',
        '2026-13-45T25:61:61Z',
        '2026-01-01T00:00:00',
        'Thu, 01 Jan 1970 00:00:00 GMT',
      ]),
    }),
  ({ mark, chance, way }) =>
    said(way, {
      ...held(mark),
      kind: 'far past',
      reason: 'too-old',
      time: chance.of(['1970-01-01T00:00:00Z', '1999-12-31T23:59:59.999+14:00']),
    }),
  ({ mark, chance, way }) =>
    said(way, {
      ...held(mark),
      kind: 'data is no object',
      reason: 'malformed',
      data: chance.of([`["${mark}"]`, `"${mark}"`, '7', 'true', deep(100)]),
    }),
  ({ mark, chance, way }) =>
    said(way, {
      ...held(mark),
      kind: 'number of no size',
      reason: 'wrong-type',
      type: 'callback.promised',
      data: `{"customer":{"name":"${mark}"},"dueAt":${chance.of(['1e400', '-1e400', '1e300', '-1', '253402300799000'])}}`,
    }),
  ({ mark, chance, way }) =>
    said(way, {
      ...held(mark),
      kind: 'beat of no length',
      reason: 'wrong-type',
      type: 'source.heartbeat',
      data: `{"everySeconds":${chance.of(['0', '-5', '1e400', '"5"', '99999'])}}`,
    }),
  ({ mark, chance, way }) =>
    said(way, {
      ...held(mark),
      kind: 'name of a prototype',
      reason: 'wrong-type',
      type: 'contact.queued',
      data: chance.of([
        `{"__proto__":{"queue":"${mark}"}}`,
        `{"constructor":{"prototype":{"queue":"${mark}"}}}`,
        `{"queue":"__proto__","reason":"${mark}"}`,
        `{"queue":{"__proto__":"${mark}"}}`,
      ]),
    }),
  ({ mark, chance, way }) =>
    said(way, {
      ...held(mark),
      kind: 'no word of the list',
      reason: 'wrong-type',
      type: 'agent.state',
      data: `{"state":${chance.of([`"${mark}"`, '"toString"', '"AVAILABLE"', '0'])},"reason":"${mark}"}`,
    }),
  ({ mark, way }) =>
    said(way, {
      ...held(mark),
      kind: 'too many',
      reason: 'wrong-type',
      type: 'agent.state',
      data: JSON.stringify({ state: 'available', memberOf: Array(2_500).fill(mark) }),
    }),
  ({ mark, way }) =>
    said(way, {
      ...held(mark),
      kind: 'too long',
      reason: 'wrong-type',
      type: 'contact.tagged',
      data: JSON.stringify({ reason: mark.repeat(60) }),
    }),
  ({ mark, chance, way }) => {
    // In the journal, which trusted programs write, Pharos' own words about sources are believed.
    const type = chance.of(
      way === 'journal'
        ? ['alert.moved', 'access.changed']
        : ['alert.moved', 'access.changed', 'source.faulted', 'source.refused', 'alert.'],
    );
    return said(way, {
      ...held(mark),
      kind: 'not theirs',
      reason: way === 'journal' ? 'wrong-type' : 'not-yours',
      type,
      data: `{"fault":"emptied","count":7,"x":"${mark}"}`,
    });
  },
];

/** What only a stream can hold. */
const BY_XADD: readonly ((making: Making) => XaddSaid)[] = [
  ({ mark, chance }) => ({
    kind: 'broken JSON',
    reason: 'malformed',
    words: [
      ...['type', 'contact.held', 'subject', mark, 'data'],
      chance.of([
        `{"agent":"${mark}"`,
        `{"agent":NaN,"x":"${mark}"}`,
        `{"agent":Infinity}`,
        `{'agent':'${mark}'}`,
        `{"agent":"${mark}\n"}`,
        mark,
        '\u0000',
        `{"agent":"${mark}"}}`,
      ]),
    ],
  }),
  ({ mark, chance }) => ({
    kind: 'bytes that are no text',
    reason: 'malformed',
    words: [
      ...['type', 'contact.held', 'subject', mark, 'data'],
      chance.of([
        Buffer.concat([Buffer.from('{"agent":'), Buffer.from([0xff, 0xfe]), Buffer.from(mark)]),
        Buffer.concat([Buffer.from([0xc0, 0x80]), Buffer.from(`{"agent":"${mark}"}`)]),
        Buffer.concat([Buffer.from([0xed, 0xa0, 0x80, 0xf8]), Buffer.from(mark)]),
      ]),
    ],
  }),
  ({ mark }) => ({
    kind: 'time that is no text',
    reason: 'bad-time',
    words: [
      ...['type', 'contact.held', 'subject', mark, 'data', '{}', 'time'],
      Buffer.from([0x32, 0x30, 0xff, 0x36]),
    ],
  }),
  ({ mark, way }) => ({
    kind: 'type that is no text',
    reason: way === 'journal' ? 'unknown' : 'not-granted',
    words: ['type', Buffer.from([0xff, 0x00, 0xfe]), 'subject', mark, 'data', '{}'],
  }),
  ({ mark, chance, way }) => ({
    kind: 'no such type',
    reason: way === 'journal' ? 'unknown' : 'not-granted',
    words: [
      'type',
      chance.of([`nonsense.${mark}`, '__proto__', 'constructor', 'toString', 'Contact.Held', ' ']),
      ...['subject', mark, 'data', `{"a":"${mark}"}`],
    ],
  }),
  ({ mark, chance }) => ({
    kind: 'nothing of ours',
    reason: 'missing',
    words: chance.of([
      ['hello', mark],
      ['__proto__', mark, 'constructor', mark],
      ['', mark],
      ['type', '', 'subject', mark],
      ['TYPE', 'contact.held', 'Subject', mark],
      Array.from({ length: 600 }, (_, at) => `${mark}${at}`),
    ]),
  }),
  ({ mark }) => ({
    kind: 'fields twice',
    reason: 'malformed',
    words: [
      ...['type', 'contact.held', 'type', 'contact.held', 'subject', mark, 'subject', mark],
      ...['data', `{"agent":"${mark}"`, 'data', `[${mark}`],
    ],
  }),
  ({ mark, chance }) => ({
    kind: 'nested too deeply',
    reason: 'malformed',
    words: [
      ...['type', 'contact.held', 'subject', mark, 'data'],
      `{"x":"${mark}","agent":${deep(chance.of([4_000, 9_000, 32_000]))}}`,
    ],
  }),
  ({ mark, way }) =>
    way === 'journal'
      ? {
          kind: 'zone of no place',
          reason: 'wrong-type',
          words: ['type', 'site.profile', 'subject', mark, 'data', `{"zone":"../${mark}"}`],
        }
      : {
          kind: 'not granted',
          reason: 'not-granted',
          words: ['type', 'agent.profile', 'subject', mark, 'data', `{"name":"${mark}"}`],
        },
];

/** What only JSON can hold; `form:` are those that are no CloudEvent at all. */
const BY_HTTP: readonly ((mark: string) => Omit<Rubbish, 'words'>)[] = [
  (mark) => ({ kind: 'no event', reason: 'form:event', json: `"${mark}"` }),
  () => ({ kind: 'no event', reason: 'form:event', json: 'null' }),
  (mark) => ({ kind: 'no event', reason: 'form:event', json: `[["${mark}"]]` }),
  (mark) => ({ kind: 'no text', reason: 'form:subject', json: event(mark, '"subject":7') }),
  (mark) => ({ kind: 'no text', reason: 'form:type', json: event(mark, '"type":{}') }),
  (mark) => ({ kind: 'no text', reason: 'form:time', json: event(mark, '"time":1e400') }),
  (mark) => ({
    kind: 'another version',
    reason: 'form:specversion',
    json: event(mark, '"specversion":"0.3"'),
  }),
  (mark) => ({
    kind: 'bytes',
    reason: 'form:data_base64',
    json: event(mark, '"data_base64":"eA=="'),
  }),
  (mark) => ({
    kind: 'another form',
    reason: 'form:datacontenttype',
    json: event(mark, '"datacontenttype":"text/xml"'),
  }),
  (mark) => ({
    kind: 'nested too deeply',
    reason: 'form:data',
    json: event(mark, `"data":{"agent":${deep(30_000)}}`),
  }),
];

/** Bodies that are no batch at all; each call is counted once as `unreadable`. */
export function unreadableBody(n: number, chance: Chance): string {
  const mark = `${MARK}${n}~`;
  return chance.of([
    `[{"type":"contact.held","subject":"${mark}"`,
    mark,
    `{"type":"contact.held","subject":"${mark}"}`,
    '',
    'NaN',
    `[${'{},'.repeat(600)}{}]`,
  ]);
}

type XaddSaid = Omit<Rubbish, 'json'>;

function event(mark: string, more: string): string {
  return `{"specversion":"1.0","type":"contact.held","subject":"${mark}","data":{"agent":"${mark}"},${more}}`;
}

function said(way: Way, { kind, reason, data, ...attributes }: Said): Rubbish {
  if (way !== 'http') {
    const words = [...Object.entries(attributes), ...(data === undefined ? [] : [['data', data]])];
    return { kind, reason, words: words.flat(), json: '' };
  }
  const fields = Object.entries(attributes).map(
    ([name, text]) => `,"${name}":${JSON.stringify(text)}`,
  );
  const last = data === undefined ? '' : `,"data":${data}`;
  return { kind, reason, words: [], json: `{"specversion":"1.0"${fields.join('')}${last}}` };
}

function asWords(made: XaddSaid): Rubbish {
  return { ...made, json: '' };
}

function asText(made: Omit<Rubbish, 'words'>): Rubbish {
  return { ...made, words: [] };
}

function withSource({ words, json, ...made }: Rubbish, mark: string): Rubbish {
  return {
    ...made,
    words: words.length > 0 ? [...words, 'source', mark] : words,
    json: json.startsWith('{') ? json.replace(/\}$/, `,"source":"${mark}"}`) : json,
  };
}
