// A recording lived again: read whole first, moved to now, paced, with ids of its own, and never among real calls unasked. One room, since all replay one recording.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readRecording } from '../../server/connectors/replay/recording.ts';
import { replay } from '../../server/connectors/replay/replay.ts';
import type { Replayed } from '../../server/connectors/replay/replay.ts';
import type { NewEvent, PharosEvent } from '../../server/events/event.ts';
import { decode } from '../../server/events/decode.ts';
import { encode } from '../../server/events/encode.ts';
import { dataFile } from '../support/data.ts';
import { createManualClock } from '../support/manual-clock.ts';

const THEN = Date.parse('2026-01-05T09:00:00Z');
const NOW = Date.parse('2026-11-21T09:00:00Z');
const SECOND_MS = 1_000;
const iso = (second: number): string => new Date(THEN + second * SECOND_MS).toISOString();

const cloudEvent = (
  second: number,
  type: string,
  subject: string,
  data: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> => ({
  specversion: '1.0',
  id: `${type}-${second}`,
  source: 'pbx',
  time: iso(second),
  type,
  subject,
  data,
});
const STORY = [
  cloudEvent(0, 'contact.queued', 'call-1', { queue: 'billing' }),
  cloudEvent(10, 'contact.answered', 'call-1', { agent: 'ann', queue: 'billing' }),
  cloudEvent(20, 'callback.promised', 'promise-1', {
    customer: { address: '+441134960001' },
    dueAt: iso(620),
    contact: 'call-1',
    by: 'ann',
  }),
  cloudEvent(30, 'contact.ended', 'call-1', { outcome: 'answered' }),
  cloudEvent(30, 'agent.state', 'ann', { state: 'wrapup', contact: 'call-1' }),
  cloudEvent(90, 'source.snapshot', 'pbx', {
    at: iso(90),
    agents: [{ id: 'ann', state: 'talking', since: iso(80), contact: 'call-2' }],
    contacts: [
      {
        id: 'call-2',
        state: 'held',
        agent: 'ann',
        queuedAt: iso(60),
        answeredAt: iso(80),
        held: { since: iso(85) },
      },
    ],
  }),
];
const lines = (events: readonly unknown[]): Buffer =>
  Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(''));

function eventsOf(bytes: Buffer): readonly PharosEvent[] {
  const read = readRecording(bytes);
  if (read.kind === 'unreadable') throw new Error(read.complaints.join('\n'));
  return read.events;
}

async function replayed(
  events: readonly PharosEvent[],
  given: {
    readonly speed?: number;
    readonly run?: string;
    readonly live?: readonly string[];
    readonly join?: boolean;
    readonly forMs?: number;
  } = {},
): Promise<{
  readonly told: readonly NewEvent[];
  readonly late: readonly number[];
  readonly batches: readonly number[];
  readonly result: Replayed | null;
}> {
  const clock = createManualClock(NOW);
  const told: NewEvent[] = [];
  const late: number[] = [];
  const batches: number[] = [];
  let result: Replayed | null = null;
  const replaying = replay({
    events,
    speed: given.speed ?? 1,
    run: given.run ?? 'run',
    onLiveSite: given.join ? 'join' : 'refuse',
    liveSources: () => Promise.resolve(given.live ?? []),
    clock,
    append: (batch) => {
      told.push(...batch);
      batches.push(batch.length);
      late.push(...batch.map(({ at }) => clock.now() - (at ?? 0)));
      return Promise.resolve(batch.map((_, place) => `${NOW}-${place}`));
    },
  }).then((done) => (result = done));
  await clock.advance(given.forMs ?? 3_600_000);
  if (given.forMs === undefined) await replaying;
  return { told, late, batches, result };
}

describe('a recording', () => {
  it('[RPL-1] names each wrong line, what was expected and what was given, and is not replayed at all', () => {
    const bytes = Buffer.concat([
      lines([STORY[0]]),
      Buffer.from('not json\n\n'),
      lines([
        { ...STORY[1], time: 'yesterday' },
        { ...STORY[1], time: undefined },
        { ...STORY[1], data: { agent: 7 } },
      ]),
    ]);
    const read = readRecording(bytes);
    expect(read).toEqual({
      kind: 'unreadable',
      complaints: [
        'line 2: the line was expected to be a JSON object, and is not json.',
        expect.stringMatching(
          /^line 4: time was expected to be an instant: RFC 3339.* and is yesterday\.$/,
        ),
        'line 5: time was expected to be RFC 3339 with offset, for a replay needs to know when, and is nothing.',
        expect.stringMatching(/^line 6: data\.agent was expected to be .* and is 7\.$/),
      ],
    });
  });

  it('[RPL-1] names twenty wrong lines and counts the rest', () => {
    const read = readRecording(Buffer.from('{}\n'.repeat(50)));
    if (read.kind !== 'unreadable') throw new Error('It was read.');
    expect(read.complaints).toHaveLength(21);
    expect(read.complaints.at(-1)).toBe('… and 30 more lines are wrong.');
    expect(readRecording(Buffer.from('\n'))).toEqual({
      kind: 'unreadable',
      complaints: ['The file has no event in it.'],
    });
  });

  it('[RPL-1] leaves out, saying so, what Pharos does not know and what it alone may write', () => {
    const read = readRecording(
      lines([
        STORY[0],
        cloudEvent(1, 'praise.given', 'sydney'),
        cloudEvent(2, 'alert.moved', 'episode-1'),
      ]),
    );
    expect(read).toMatchObject({ kind: 'recording', events: [{ type: 'contact.queued' }] });
    if (read.kind !== 'recording') throw new Error('It was not read.');
    expect(read.notes).toEqual([
      'Left out: 1 of the type praise.given, which Pharos does not know.',
      'Left out: 1 that only Pharos itself may write (alert, access).',
    ]);
  });

  it('[RPL-2] is sorted by time, at one instant by line, packed or not', () => {
    const mixed = [STORY[5], STORY[3], STORY[4], STORY[0], STORY[2], STORY[1]];
    const types = eventsOf(gzipSync(lines(mixed))).map(({ type }) => type);
    expect(types).toEqual(STORY.map(({ type }) => type));
    const broken = gzipSync(lines(mixed)).subarray(0, 60);
    expect(readRecording(broken)).toMatchObject({ kind: 'unreadable' });
  });
});

describe('a replay', () => {
  it('[RPL-3] begins now and keeps the pace that is asked for', async () => {
    const { told, late, result } = await replayed(eventsOf(lines(STORY)), { speed: 10 });
    const seconds = told.map(({ at }) => ((at ?? 0) - NOW) / SECOND_MS);
    expect(seconds).toEqual([0, 1, 2, 3, 3, 9]);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...late)).toBeLessThanOrEqual(20);
    expect(result).toEqual({ kind: 'done', appended: 6, tookMs: 9 * SECOND_MS });
    const slow = await replayed(eventsOf(lines(STORY)), { speed: 0.5, forMs: 59 * SECOND_MS });
    expect(slow.told).toHaveLength(3);
  });

  it('[RPL-3] moves the instants inside of events with them', async () => {
    const { told } = await replayed(eventsOf(lines(STORY)), { speed: 10 });
    expect(told[2]?.data).toMatchObject({ dueAt: NOW + 62 * SECOND_MS });
    expect(told[5]?.data).toMatchObject({
      at: NOW + 9 * SECOND_MS,
      agents: [{ since: NOW + 8 * SECOND_MS }],
      contacts: [
        {
          queuedAt: NOW + 6 * SECOND_MS,
          answeredAt: NOW + 8 * SECOND_MS,
          held: { since: NOW + 8.5 * SECOND_MS },
        },
      ],
    });
  });

  it('[RPL-3] scales heartbeats with the pace, down to a second', async () => {
    const beats = [60, 4].map((everySeconds, second) =>
      cloudEvent(second, 'source.heartbeat', 'pbx', { everySeconds }),
    );
    const { told } = await replayed(eventsOf(lines(beats)), { speed: 10 });
    expect(told.map(({ data }) => data)).toEqual([{ everySeconds: 6 }, { everySeconds: 1 }]);
  });

  it('[RPL-4] gives events, contacts, callbacks and assists ids of its own, everywhere alike', async () => {
    const { told } = await replayed(eventsOf(lines(STORY)), { run: 'replay-7' });
    const text = JSON.stringify(told);
    expect(text.match(/"(call|promise)-\d"/g)).toBeNull();
    expect(text.match(/replay-7\.call-1"/g)).toHaveLength(5);
    expect(text.match(/replay-7\.call-2"/g)).toHaveLength(2);
    expect(told.map(({ source }) => source)).toEqual(STORY.map(() => 'pbx'));
    expect(told[1]?.data).toEqual({ agent: 'ann', queue: 'billing' });
    expect(told[4]?.subject).toBe('ann');
    for (const event of told)
      expect(decode(encode(event), { entryAt: NOW + 3_600_000, entryId: '1-1' }).kind).toBe(
        'event',
      );
  });

  it('[RPL-5] is refused where another source is live, and goes on where that is asked for', async () => {
    const events = eventsOf(lines(STORY));
    const refused = await replayed(events, { live: ['pbx', 'asterisk/pbx1', 'crm'] });
    expect(refused.told).toEqual([]);
    expect(refused.result).toMatchObject({ kind: 'refused' });
    if (refused.result?.kind !== 'refused') throw new Error('It was not refused.');
    expect(refused.result.complaint).toContain('asterisk/pbx1, crm');
    expect(refused.result.complaint).toContain('--into-live');
    const own = await replayed(events, { live: ['pbx'] });
    expect(own.result).toMatchObject({ kind: 'done' });
    const joined = await replayed(events, { live: ['crm'], join: true });
    expect(joined.told).toHaveLength(6);
  });

  it('[RPL-6] hands over at most 500 at once', async () => {
    const many = Array.from({ length: 1_234 }, (_, place) =>
      cloudEvent(place / 1_000, 'contact.started', `call-${place}`, { direction: 'internal' }),
    );
    const { batches, told } = await replayed(eventsOf(lines(many)), { speed: 10_000 });
    expect(Math.max(...batches)).toBe(500);
    expect(new Set(told.map(({ subject }) => subject)).size).toBe(1_234);
  });
});

const MAIN = dataFile('asterisk/main.jsonl.gz');

describe.skipIf(MAIN === null)('a recording of Asterisk', { timeout: 120_000 }, () => {
  const read = (path: string): Buffer => readFileSync(dataFile(`asterisk/${path}`) ?? '');
  const count = (events: readonly PharosEvent[], type: string): number =>
    events.filter((event) => event.type === type).length;

  it('[RPL-7] has as many entries into queues as the PBX’s own account, from lines and from raw bytes', () => {
    const account = read('main.queue_log').toString('utf8');
    const entries = account.match(/\|ENTERQUEUE\|/g)?.length ?? 0;
    console.log(`The PBX counts ${entries} entries into its queues.`);
    expect(entries).toBeGreaterThan(40);
    for (const path of ['main.jsonl.gz', 'main.conn1.ami.gz'])
      expect(count(eventsOf(read(path)), 'contact.queued')).toBe(entries);
  });

  it('[RPL-7] begins each connection with a snapshot, and beats while it lasts', () => {
    const events = eventsOf(read('reconnect.jsonl.gz'));
    expect(count(events, 'source.snapshot')).toBe(2);
    const beats = events.filter(({ type }) => type === 'source.heartbeat').map(({ at }) => at);
    const gaps = beats.slice(1).map((at, place) => at - (beats[place] ?? 0));
    // The recorder was cut off from 330 s to 365 s.
    expect(gaps.filter((gap) => gap > 15_000)).toHaveLength(1);
    expect(Math.max(...gaps)).toBeGreaterThan(30_000);
  });

  it('[RPL-7] names a line that is not the recorder’s', () => {
    const bytes = Buffer.from(
      '{"t":1,"at":"2026-11-21T19:50:40Z","event":{}}\n{"t":"x","event":1}\n',
    );
    expect(readRecording(bytes)).toEqual({
      kind: 'unreadable',
      complaints: ['line 2: t was expected to be milliseconds since the start.'],
    });
  });
});
