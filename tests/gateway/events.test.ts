// Events by HTTP: all of a call reach the log or none does, and the caller knows why. One room, since all knock at one door.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decode } from '../../server/events/decode.ts';
import { createChance, seedFor } from '../support/chance.ts';
import { call } from '../support/call.ts';
import type { Called } from '../support/call.ts';
import { openBench } from '../support/gateway-bench.ts';
import type { Bench } from '../support/gateway-bench.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

const ONE = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';
const HELD = {
  specversion: '1.0',
  id: 'h-1',
  source: 'crm',
  type: 'contact.held',
  subject: 'call-17',
  time: new Date().toISOString(),
  data: { agent: 'charles' },
};

function post(
  body: unknown,
  type: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Called> {
  return call({
    port: bench.port,
    path: '/api/v1/events',
    method: 'POST',
    headers: { ...(type ? { 'content-type': type } : {}), ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

describe('events by HTTP', () => {
  it('[GTW-50] come one at a time, with their attributes as fields', async () => {
    const answer = await post(HELD, `${ONE}; charset=utf-8`);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([202, { ids: ['1-0'] }]);
    expect(bench.appended).toEqual([
      [
        {
          type: 'contact.held',
          subject: 'call-17',
          source: 'crm',
          id: 'h-1',
          time: HELD.time,
          data: '{"agent":"charles"}',
        },
      ],
    ]);
    const [[fields] = []] = bench.appended;
    expect(decode(fields ?? {}, { entryAt: Date.now(), entryId: '1-0' }).kind).toBe('event');
  });

  it('[GTW-50] come in batches of up to 500, with their ids in order', async () => {
    const events = Array.from({ length: 500 }, (_, n) => ({
      ...HELD,
      id: `h-${n}`,
      subject: `call-${n}`,
    }));
    const answer = await post(events, BATCH);
    expect(answer.status).toBe(202);
    expect((JSON.parse(answer.body) as { ids: string[] }).ids).toHaveLength(500);
    expect(bench.appended).toHaveLength(1);
    expect(bench.appended[0]?.map(({ subject }) => subject)).toEqual(
      events.map(({ subject }) => subject),
    );
    expect((await post([], BATCH)).body).toBe('{"ids":[]}');
    expect((await post([...events, HELD], BATCH)).status).toBe(413);
    expect(bench.appended).toHaveLength(1);
  });

  it('[GTW-50] come in binary mode, percent-encoded where they must be', async () => {
    const answer = await post({ agent: 'charles' }, 'application/json', {
      'ce-specversion': '1.0',
      'ce-type': 'contact.held',
      'ce-subject': 'zvans%20%C5%BE',
      'ce-source': 'crm',
      'ce-id': 'h-2',
    });
    expect(answer.status).toBe(202);
    expect(bench.appended[0]).toEqual([
      {
        type: 'contact.held',
        subject: 'zvans ž',
        source: 'crm',
        id: 'h-2',
        data: '{"agent":"charles"}',
      },
    ]);
    const bare = await post('', '', { 'ce-type': 'contact.held', 'ce-subject': 'call-1' });
    expect(bare.status).toBe(202);
  });

  it('[GTW-50] carry snapshots of up to 2 MiB', async () => {
    const agents = Array.from({ length: 10_000 }, (_, n) => ({
      id: `agent-${n}`,
      state: 'available',
      reason: 'x'.repeat(100),
    }));
    const snapshot = {
      specversion: '1.0',
      source: 'pbx',
      type: 'source.snapshot',
      subject: 'pbx',
      data: { agents },
    };
    expect((await post(snapshot, ONE)).status).toBe(202);
    const tooLarge = await post({ ...snapshot, data: { agents: [...agents, ...agents] } }, ONE);
    expect(tooLarge.status).toBe(422);
    expect(JSON.parse(tooLarge.body)).toMatchObject([
      { index: 0, field: 'data', expected: 'at most 2097152 bytes' },
    ]);
    expect((await post('x'.repeat(9 * 1024 * 1024), ONE)).status).toBe(413);
  });

  it('[GTW-51] are all refused where one is, with what was expected and given', async () => {
    const events = [
      HELD,
      { ...HELD, type: 'agent.state', data: { state: 'asleep' } },
      { ...HELD, subject: undefined },
      { ...HELD, subject: '__proto__' },
      { ...HELD, time: 'yesterday' },
      { ...HELD, time: '2001-01-01T00:00:00Z' },
      { ...HELD, data: [1] },
    ];
    const answer = await post(events, BATCH);
    expect(answer.status).toBe(422);
    const problems = JSON.parse(answer.body) as {
      index: number;
      field: string;
      expected: string;
      given: string;
    }[];
    expect(problems.map(({ index, field, given }) => [index, field, given])).toEqual([
      [1, 'data.state', 'asleep'],
      [2, 'subject', 'nothing'],
      [3, 'subject', '__proto__'],
      [4, 'time', 'yesterday'],
      [5, 'time', '2001-01-01T00:00:00Z'],
      [6, 'data', '[1]'],
    ]);
    for (const problem of problems)
      expect(Object.keys(problem)).toEqual(['index', 'field', 'expected', 'given']);
    expect(bench.appended).toEqual([]);
    expect(bench.happenings.filter(({ name }) => name === 'gateway.event-refused')).toHaveLength(6);
  });

  it('[GTW-51] are refused for their form, too', async () => {
    const answer = await post(
      [
        7,
        { ...HELD, type: 7 },
        { ...HELD, specversion: '0.3' },
        { ...HELD, data_base64: 'eA==' },
        { ...HELD, datacontenttype: 'text/xml' },
        { ...HELD, data: [1] },
      ],
      BATCH,
    );
    expect(answer.status).toBe(422);
    expect(bench.happenings.filter(({ name }) => name === 'gateway.event-refused')).toHaveLength(6);
    const problems = JSON.parse(answer.body) as { index: number; field: string }[];
    expect(problems.map(({ index, field }) => [index, field])).toEqual([
      [0, 'event'],
      [1, 'type'],
      [2, 'specversion'],
      [3, 'data_base64'],
      [4, 'datacontenttype'],
      [5, 'data'],
    ]);
    const old = await post('', '', {
      'ce-type': 'contact.held',
      'ce-specversion': '0.3',
      'ce-subject': 'x',
    });
    expect([old.status, JSON.parse(old.body)]).toEqual([
      422,
      [{ index: 0, field: 'specversion', expected: '1.0', given: '0.3' }],
    ]);
    expect(bench.appended).toEqual([]);
  });

  it.each([
    ['no JSON', '{"type"', ONE, {}, 400],
    ['a batch that is no list', '{}', BATCH, {}, 400],
    ['no content type', '{}', '', {}, 415],
    ['JSON that does not say what it is', '{}', 'application/json', {}, 415],
    ['a packed one', '{}', ONE, { 'content-encoding': 'gzip' }, 415],
    ['a form', 'a=b', 'application/x-www-form-urlencoded', {}, 415],
    ['binary mode with XML', '<x/>', 'text/xml', { 'ce-type': 'contact.held' }, 415],
  ])('[GTW-52] answer %s in a sentence', async (_what, body, type, headers, status) => {
    const answer = await post(body, type, headers);
    expect(answer.status).toBe(status);
    expect((JSON.parse(answer.body) as { error: string }).error).toMatch(/^Expected .+\.$/);
    expect(bench.appended).toEqual([]);
  });

  it('[GTW-52] answer 503 with the reason where the log is away', async () => {
    bench.logTrouble = 'OOM';
    const answer = await post(HELD, ONE);
    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.body)).toMatchObject({ reason: 'OOM' });
    bench.logTrouble = null;
    expect((await post(HELD, ONE)).status).toBe(202);
  });

  it('[GTW-53] reach no prototype and never throw', async () => {
    const proto =
      '{"specversion":"1.0","type":"agent.state","subject":"x","source":"s","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"data":{"state":"break","pausedIn":{"__proto__":"x"}}}';
    expect((await post(proto, ONE)).status).toBe(202);
    const [[fields] = []] = bench.appended;
    expect(JSON.stringify(decode(fields ?? {}, { entryAt: null, entryId: 'x' }))).not.toContain(
      'polluted',
    );
    expect((await post(proto.replace('"__proto__":"x"', '"constructor":"x"'), ONE)).status).toBe(
      422,
    );
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const nested = `{"specversion":"1.0","type":"contact.held","subject":"x","source":"s","data":`;
    for (const body of [
      deep,
      `${nested}${deep}}`,
      `${nested}{"agent":${deep}}}`,
      `${nested}{"x":${deep}}}`,
    ])
      expect([202, 400, 422]).toContain((await post(body, ONE)).status);
    expect((await post(`${nested}{"agent":${deep}}}`.replace('"data"', '"id"'), ONE)).status).toBe(
      422,
    );
    const chance = createChance(seedFor('junk events'));
    for (let n = 0; n < 300; n++) {
      const text = JSON.stringify([HELD, HELD]).split('');
      for (let times = 1 + chance.below(8); times > 0; times--)
        text[chance.below(text.length)] = chance.of([
          '"',
          '{',
          '}',
          ',',
          ':',
          '\\',
          '\u0000',
          '7',
          'é',
          '[',
          ']',
          ' ',
        ]);
      const answer = await post(text.join(''), chance.of([ONE, BATCH]));
      expect([202, 400, 422], text.join('')).toContain(answer.status);
    }
  });

  it('[GTW-54] may be of types that are not known yet, and not of those that are ours', async () => {
    const answer = await post(
      [
        { ...HELD, type: 'praise.given' },
        { ...HELD, type: 'contact.hummed' },
      ],
      BATCH,
    );
    expect(answer.status).toBe(202);
    for (const type of ['alert.moved', 'access.changed', 'alert.x']) {
      const refused = await post({ ...HELD, type }, ONE);
      expect([refused.status, JSON.parse(refused.body)]).toMatchObject([
        422,
        [{ index: 0, field: 'type', given: type }],
      ]);
    }
  });
});
