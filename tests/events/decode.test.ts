// The one door from untyped to typed.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode } from '../../server/events/decode.ts';
import type { Decoded, Fields } from '../../server/events/decode.ts';
import { encode } from '../../server/events/encode.ts';
import { SCHEMAS } from '../../server/events/schema.ts';
import { fieldsOf } from '../../server/events/structured.ts';

const NOW = Date.parse('2026-03-02T12:00:00Z');
const HOUR = 3_600_000;
const entry = { entryAt: NOW, entryId: '1-0' };
const iso = (at: number): string => new Date(at).toISOString();
const held: Fields = { type: 'contact.held', subject: 'call-17', data: '{"agent":"charles"}' };
const refusal = (decoded: Decoded): unknown =>
  decoded.kind === 'refused' ? decoded.refused : decoded;

describe('the door', () => {
  it('[EVT-1] fills in what the shortest producer leaves out', () => {
    expect(decode(held, entry)).toEqual({
      kind: 'event',
      skewMs: 0,
      event: {
        type: 'contact.held',
        subject: 'call-17',
        source: 'unknown',
        id: '1-0',
        at: NOW,
        data: { agent: 'charles' },
      },
    });
  });

  it('[EVT-2] takes the time of the entry where the event is from the future', () => {
    const ahead = decode({ ...held, time: iso(NOW + 2_001) }, entry);
    expect(ahead).toMatchObject({ kind: 'event', skewMs: 2_001, event: { at: NOW } });
    const nearly = decode({ ...held, time: iso(NOW + 2_000) }, entry);
    expect(nearly).toMatchObject({ kind: 'event', skewMs: 0, event: { at: NOW + 2_000 } });
  });

  it('[EVT-3] refuses contacts of the day before yesterday, but only live', () => {
    const old = { ...held, time: iso(NOW - 24 * HOUR - 1) };
    expect(refusal(decode(old, entry))).toMatchObject({ reason: 'too-old', field: 'time' });
    expect(decode({ ...held, time: iso(NOW - 24 * HOUR) }, entry).kind).toBe('event');
    expect(decode(old, { entryAt: null, entryId: '1-0' }).kind).toBe('event');
    const promised = { type: 'callback.claimed', subject: 'c', data: '{"by":"a"}', time: old.time };
    expect(decode(promised, entry).kind).toBe('event');
  });

  it.each([
    [{ ...held, data: '{"agent":7}' }, 'wrong-type', 'data.agent', '7'],
    [{ ...held, data: '[]' }, 'malformed', 'data', '[]'],
    [{ ...held, data: '{' }, 'malformed', 'data', '{'],
    [{ type: 'contact.held', data: '{}' }, 'missing', 'subject', 'nothing'],
    [{ ...held, subject: '__proto__' }, 'bad-id', 'subject', '__proto__'],
    [{ ...held, subject: 'a\u0000b' }, 'bad-id', 'subject', 'a\u0000b'],
    [{ ...held, subject: 'x'.repeat(129) }, 'bad-id', 'subject', 'x'.repeat(129)],
    [{ ...held, time: 'yesterday' }, 'bad-time', 'time', 'yesterday'],
    [{ ...held, time: '2026-03-02T12:00:00' }, 'bad-time', 'time', '2026-03-02T12:00:00'],
    [{ subject: 'a', data: '{}' }, 'missing', 'type', 'nothing'],
  ])('[EVT-4] says field, wish and value: %j', (fields, reason, field, given) => {
    const refused = refusal(decode(fields, entry));
    expect(refused).toMatchObject({ reason, field, given });
    expect((refused as { expected: string }).expected.length).toBeGreaterThan(3);
  });

  it('[EVT-4] cuts what was given', () => {
    const refused = refusal(decode({ ...held, data: 'x'.repeat(5_000) }, entry));
    expect((refused as { given: string }).given).toHaveLength(201);
  });

  it('[EVT-5] lets unknown types pass as unknown, and keeps Pharos’ own for Pharos', () => {
    expect(decode({ ...held, type: 'complaint.raised' }, entry).kind).toBe('unknown');
    expect(decode({ ...held, type: 'toString' }, entry).kind).toBe('unknown');
    for (const type of ['alert.moved', 'access.changed', 'source.faulted', 'source.refused'])
      expect(refusal(decode({ ...held, type }, entry))).toMatchObject({ reason: 'not-yours' });
    const spoken = { ...held, source: 'pharos' };
    expect(refusal(decode(spoken, entry))).toMatchObject({ reason: 'not-yours', field: 'source' });
    expect(decode(spoken, { ...entry, trusted: true }).kind).toBe('event');
  });

  it('[EVT-6] bounds what one event may weigh, in bytes', () => {
    const heavy = (type: string, bytes: number): Fields => ({
      type,
      subject: 's',
      data: `{"x":"${'é'.repeat(bytes / 2)}"}`,
    });
    expect(refusal(decode(heavy('contact.ended', 65_536), entry))).toMatchObject({
      reason: 'too-large',
    });
    expect(decode(heavy('source.snapshot', 65_536), entry).kind).toBe('event');
    expect(refusal(decode(heavy('source.snapshot', 2_097_152), entry))).toMatchObject({
      reason: 'too-large',
    });
  });

  it('[EVT-7] keeps unknown fields out, and prototypes whole', () => {
    const data = '{"agent":"a","shoeSize":44,"__proto__":{"polluted":true}}';
    const decoded = decode({ ...held, data }, entry);
    expect(decoded.kind === 'event' && decoded.event.data).toEqual({ agent: 'a' });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    const paused = decode(
      {
        type: 'agent.state',
        subject: 'a',
        data: '{"state":"break","pausedIn":{"constructor":"x"}}',
      },
      entry,
    );
    expect(paused.kind).toBe('refused');
  });

  it('[EVT-8] never throws, whatever it is given', () => {
    const types = fc.oneof(fc.constantFrom(...Object.keys(SCHEMAS)), fc.string());
    const data = fc.oneof(fc.json(), fc.string(), fc.constantFrom('{"dueAt":1e400}', '{"a":NaN}'));
    const fields = fc.record(
      {
        type: types,
        subject: fc.string(),
        data,
        time: fc.string(),
        id: fc.string(),
        source: fc.string(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fields, (given) => {
        expect(['event', 'unknown', 'refused']).toContain(decode(given as Fields, entry).kind);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([201, 1_000, 8_000, 31_000])('[EVT-8] refuses %i lists in one another', (depth) => {
    const deep = `${'['.repeat(depth)}${']'.repeat(depth)}`;
    for (const data of [
      deep,
      `{"agent":${deep}}`,
      `{"color":${deep}}`,
      '{"a":'.repeat(Math.min(depth, 12_000)),
    ])
      expect(refusal(decode({ ...held, data }, entry))).toMatchObject({ reason: 'malformed' });
  });

  it('[EVT-8] refuses what is read as JSON and too deep to be written again', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`);
    for (const value of [deep, { ...held, data: { agent: deep } }, { ...held, id: deep }])
      expect(fieldsOf(value)).toMatchObject({ kind: 'refused', refused: { reason: 'malformed' } });
  });

  it('[EVT-8] takes brackets in a text for what they are', () => {
    const texts = [
      '['.repeat(500),
      `\\"${'{'.repeat(500)}`,
      `\\${'['.repeat(500)}`,
      `"${'['.repeat(500)}`,
    ];
    for (const note of texts) {
      const data = JSON.stringify({ customer: {}, dueAt: 0, note });
      const fields = { type: 'callback.promised', subject: 'p', data };
      expect([note, decode(fields, entry).kind]).toEqual([note, 'event']);
    }
    const lists = JSON.stringify({ memberOf: Array(300).fill('q'), state: 'busy', x: [[], {}] });
    expect(decode({ type: 'agent.state', subject: 'a', data: lists }, entry).kind).toBe('event');
  });

  it('[EVT-9] understands what a producer encodes', () => {
    const dueAt = NOW + HOUR;
    const fields = encode({
      type: 'callback.promised',
      subject: 'cb-1',
      source: 'crm',
      id: 'e1',
      at: NOW,
      data: { customer: { address: '+371 2000 0000' }, dueAt: iso(dueAt), by: 'charles' },
    });
    expect(decode(fields, entry)).toMatchObject({
      kind: 'event',
      event: { source: 'crm', id: 'e1', at: NOW, data: { dueAt, by: 'charles' } },
    });
  });
});
