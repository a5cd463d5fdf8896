// How the audit takes what it is given: order, packing, bad arguments and bad lines.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { parseCsv } from './bank.ts';
import { runAudit } from './run-audit.ts';

const folder = mkdtempSync(join(tmpdir(), 'pharos-audit-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const line = (type: string, time: string, data: object, subject = 'c1'): string =>
  JSON.stringify({
    specversion: '1.0',
    id: `${subject}${type}${time}`,
    source: 't',
    type,
    subject,
    time,
    data,
  });
const STORY = [
  line('contact.queued', '2026-03-02T09:14:50Z', { queue: 'billing' }),
  line('contact.answered', '2026-03-02T09:15:20Z', { agent: 'anna' }),
  line('contact.ended', '2026-03-02T09:31:00Z', { by: 'customer' }),
  line('contact.queued', '2026-03-02T09:14:55Z', { queue: 'sales' }, 'c2'),
  line('contact.ended', '2026-03-02T09:15:05Z', { by: 'customer' }, 'c2'),
];
const RIGA = ['--zone', 'Europe/Riga'];

describe('the audit', () => {
  it('[AUD-3] sorts by time, and reads packed files and standard input', async () => {
    const packed = join(folder, 'story.jsonl.gz');
    writeFileSync(packed, gzipSync([...STORY].reverse().join('\n')));
    const [piped, unpacked] = await Promise.all([
      // Some programs begin a file with the mark of its encoding.
      runAudit(['-', ...RIGA], `\uFEFF${STORY.join('\n')}\n`),
      runAudit([packed, ...RIGA]),
    ]);
    expect(piped.code).toBe(0);
    expect(unpacked.out).toBe(piped.out);
    expect(piped.out.trimEnd().split('\n').slice(1)).toEqual([
      '2026-03-02T11:00:00+02:00,*,2,1,1,0,0,0,0,30000,940000,30000,0,0,0,2,0,1,10000,30000,10000',
      '2026-03-02T11:00:00+02:00,billing,1,1,0,0,0,0,0,30000,940000,30000,0,0,0,1,0,1,,30000,0',
      '2026-03-02T11:00:00+02:00,sales,1,0,1,0,0,0,0,,,10000,0,0,0,1,0,0,10000,0,10000',
      '2026-03-02T11:30:00+02:00,*,0,0,0,0,0,0,,,,0,0,0,1,0,0,0,,0,0',
      '2026-03-02T11:30:00+02:00,billing,0,0,0,0,0,0,,,,0,0,0,1,0,0,0,,0,0',
    ]);
  });

  it.each([
    [['--every', '20m'], '--every was expected to be 15m, 30m, 1h, 1d; given: 20m.'],
    [
      ['--zone', 'Mars/Base'],
      '--zone was expected to be a time zone such as Europe/Riga; given: Mars/Base.',
    ],
    [['--target', 'soon'], '--target was expected to be seconds, 0 or more; given: soon.'],
    [['--formula', 'best'], '--formula was expected to be offered,'],
    [['--tarmac', '1'], "Unknown option '--tarmac'."],
    [['second-file'], 'One FILE was expected, 2 were given.'],
  ])('[AUD-4] answers %j with a sentence and exit code 2', async (args, sentence) => {
    const ran = await runAudit(['-', ...args], STORY.join('\n'));
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(sentence);
    expect(ran.out).toBe('');
  });

  it('[AUD-4] says that a file cannot be read, or has no events', async () => {
    const broken = join(folder, 'broken.gz');
    writeFileSync(broken, 'not packed');
    const [missing, unpacked, empty] = await Promise.all([
      runAudit([join(folder, 'missing.jsonl')]),
      runAudit([broken]),
      runAudit(['-'], '\n'),
    ]);
    expect([missing.code, unpacked.code, empty.code]).toEqual([2, 2, 2]);
    expect(missing.err).toContain('missing.jsonl cannot be read');
    expect(unpacked.err).toContain('broken.gz cannot be read');
    expect(empty.err).toContain('Events were expected in -');
  });

  it('[AUD-4] names a line that is refused and counts the others', async () => {
    const bad = [
      '{"type":',
      line('contact.queued', 'noon', { queue: 'q' }),
      line('x.y', '2026-03-02T09:00:00Z', {}),
    ];
    const ran = await runAudit(['-', ...RIGA], [...bad, ...STORY].join('\n'));
    expect(ran.code).toBe(0);
    expect(ran.err).toContain('Line 1: a CloudEvent as a JSON object was expected.');
    expect(ran.err).toContain('Line 2: time was expected to be an instant');
    expect(ran.err).toContain('1 events of unknown types were skipped.');
    expect(parseCsv(ran.out)).toHaveLength(5);
  });

  it('[AUD-5] prints the columns of the contract, and one line for a day of 25 hours', async () => {
    const hours = ['2026-10-24T20:59:00Z', '2026-10-25T00:30:00Z', '2026-10-25T21:59:00Z'];
    const story = hours.flatMap((time, i) => [
      line('contact.queued', time, { queue: 'q' }, `c${i}`),
      line('contact.answered', time, { agent: 'a' }, `c${i}`),
      line('contact.ended', time, {}, `c${i}`),
    ]);
    const ran = await runAudit(['-', ...RIGA, '--every', '1d'], story.join('\n'));
    expect(ran.out.split('\n')[0]).toMatch(
      /^start,queue,offered,answered,abandoned,shortAbandoned,leftOtherwise,withinTarget,serviceLevel,asaMs,ahtMs,longestWaitMs,waitingAtStart,oldestWaitAtStartMs,talkingAtStart,peakWaiting(,|$)/,
    );
    const days = parseCsv(ran.out).filter(({ queue }) => queue === '*');
    expect(days.map(({ start, offered }) => [start, offered])).toEqual([
      ['2026-10-24T00:00:00+03:00', '1'],
      ['2026-10-25T00:00:00+03:00', '2'],
    ]);
  });
});
