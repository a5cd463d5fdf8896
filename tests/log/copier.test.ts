// The copier, on both stores: each entry of `in:SOURCE` reaches the journal once, under the stream's own name, and a hostile producer hurts itself alone. One room, since both stores pass all of it.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { runCopier } from '../../server/log/copier.ts';
import type { CopierParts } from '../../server/log/copier.ts';
import type { InboundStore } from '../../server/log/inbound.ts';
import type { Lease } from '../../server/log/leases.ts';
import { LogTrouble } from '../../server/log/log.ts';
import type { Refusal } from '../../server/log/refusals.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { MAKERS } from './stores.ts';
import type { Bench } from './stores.ts';

const held = (subject: string): Readonly<Record<string, string>> => ({
  type: 'contact.held',
  subject,
  data: '{"agent":"charles"}',
});

describe.each(MAKERS)('the copier on $name', (maker) => {
  let bench: Bench;
  let lease: Lease;
  let refused: Refusal[];
  let faults: string[];
  let stop: AbortController;
  let running: Promise<void>[];
  beforeAll(() => maker.start());
  afterAll(() => maker.stop());
  beforeEach(async () => {
    bench = await maker.open();
    lease = (await bench.store.takeLease('copier', 'one', 60_000))!;
    refused = [];
    faults = [];
    running = [];
    stop = new AbortController();
  });
  afterEach(async () => {
    stop.abort();
    await Promise.all(running);
    await bench.close();
  });

  function copy(more: Partial<CopierParts> = {}): Promise<void> {
    const done = runCopier({
      store: bench.store,
      lease,
      signal: stop.signal,
      clock: systemClock,
      onRefused: (refusal) => refused.push(refusal),
      onFault: (source, fault, lost) => faults.push(`${source} ${fault} ${lost ?? '?'}`),
      onTrouble: () => undefined,
      onWell: () => undefined,
      onLeftOut: () => undefined,
      heardAt: () => null,
      ...more,
    });
    running.push(done);
    return done;
  }
  async function journal(): Promise<readonly Readonly<Record<string, string>>[]> {
    const entries = await bench.store.read('0-0', { count: 10_000, blockMs: 0 });
    return entries.map(({ fields }) => fields);
  }
  /** Of what producers said. */
  async function subjects(): Promise<readonly (string | undefined)[]> {
    const said = (await journal()).filter(({ source }) => source !== 'pharos');
    return said.map(({ subject }) => subject);
  }
  /** What Pharos says of the streams, such as `crm source.refused {"count":3}`. */
  async function saidOfThem(): Promise<readonly string[]> {
    const own = (await journal()).filter(({ source }) => source === 'pharos');
    return own.map(({ subject, type, data }) => `${subject} ${type} ${data}`);
  }
  async function refusedInAll(): Promise<number> {
    const counts = (await saidOfThem()).map((said) => /"count":(\d+)/.exec(said)?.[1] ?? 0);
    return counts.reduce<number>((sum, count) => sum + Number(count), 0);
  }
  const soon = { timeout: 8_000, interval: 10 };

  it('[LOG-80] brings entries into the journal in order, with the stream’s name as source, and finds streams that come later', async () => {
    await bench.produce(
      'crm',
      { ...held('a'), source: 'asterisk/pbx1', id: 'x1', color: 'red' },
      '5-1',
    );
    await bench.produce('crm', held('b'), '5-2');
    void copy();
    await expect.poll(journal, soon).toEqual([
      {
        type: 'contact.held',
        subject: 'a',
        source: 'crm',
        id: 'x1',
        time: '1970-01-01T00:00:00.005Z',
        data: '{"agent":"charles"}',
      },
      {
        type: 'contact.held',
        subject: 'b',
        source: 'crm',
        id: '5-2',
        time: '1970-01-01T00:00:00.005Z',
        data: '{"agent":"charles"}',
      },
    ]);
    await bench.produce('shop', held('c'));
    await expect.poll(subjects, soon).toEqual(['a', 'b', 'c']);
    expect(refused).toEqual([]);
    expect(faults).toEqual([]);
  });

  it('[LOG-81] refuses what a stream may not send and what is malformed, and goes on', async () => {
    await bench.produce('crm', { type: 'agent.profile', subject: 'charles', data: '{"name":"C"}' });
    await bench.produce('crm', { type: 'alert.moved', subject: 'e', data: '{}' });
    await bench.produce('crm', { type: 'contact.held', subject: 'a', data: 'no json' });
    await bench.produce('crm', { ...held('a'), data: `{"agent":"${'x'.repeat(70_000)}"}` });
    await bench.produce('crm', { hello: 'world' });
    await bench.produce('crm', held('good'));
    void copy();
    await expect.poll(subjects, soon).toEqual(['good']);
    expect(refused.map(({ source, reason }) => `${source} ${reason}`)).toEqual([
      'crm not-granted',
      'crm not-yours',
      'crm malformed',
      'crm too-large',
      'crm missing',
    ]);
    expect(await refusedInAll()).toBe(5);
  });

  it('[LOG-81] takes a grant of its own for a stream', async () => {
    await bench.produce('hr', { type: 'agent.profile', subject: 'c', data: '{"name":"C"}' });
    await bench.produce('hr', held('a'));
    await bench.produce('hr', { type: 'contact.surveyed', subject: 'later', data: '{}' });
    void copy({ grantOf: () => ['agent.profile', 'contact.s*'] });
    await expect.poll(subjects, soon).toEqual(['c', 'later']);
    await expect.poll(() => refused, soon).toHaveLength(1);
  });

  it('[LOG-82] copies each entry once, though answers are lost and copiers die in the middle', async () => {
    const wanted = Array.from({ length: 600 }, (_, n) => `c${n}`);
    for (const [n, subject] of wanted.entries()) {
      await bench.produce('crm', held(subject));
      if (n % 10 === 0) await bench.produce('crm', { hello: 'world' });
    }
    let calls = 0;
    /** Every second copying is done, and its answer is lost. */
    const flaky: InboundStore = {
      ...bench.store,
      async copyInbound(held_, step) {
        const done = await bench.store.copyInbound(held_, step);
        if (++calls % 2 === 0) throw new LogTrouble('unreachable', 'the answer was lost');
        return done;
      },
    };
    let died = 0;
    while ((await subjects()).length < wanted.length) {
      const life = new AbortController();
      const done = copy({ store: flaky, signal: life.signal });
      const before = (await subjects()).length;
      await expect.poll(async () => (await subjects()).length, soon).toBeGreaterThan(before);
      life.abort();
      await done;
      died++;
    }
    expect(died).toBeGreaterThan(1);
    expect(await subjects()).toEqual(wanted);
    expect(await refusedInAll()).toBe(60);
    expect(faults).toEqual([]);
  });

  it('[LOG-82] stops by itself when its lease is another’s, and two do not copy twice', async () => {
    await bench.produce('crm', held('a'));
    const first = copy();
    await expect.poll(subjects, soon).toEqual(['a']);
    await bench.store.releaseLease(lease);
    lease = (await bench.store.takeLease('copier', 'two', 60_000))!;
    void copy();
    await bench.produce('crm', held('b'));
    await bench.produce('crm', held('c'));
    await expect.poll(subjects, soon).toEqual(['a', 'b', 'c']);
    await first;
  });

  it('[LOG-83] tells when a producer emptied, trimmed or poisoned its own stream, and others do not notice', async () => {
    await bench.produce('crm', held('a'));
    await bench.produce('shop', held('s1'));
    void copy();
    await expect.poll(subjects, soon).toEqual(['a', 's1']);
    await bench.wipeInbound('crm');
    await expect.poll(() => faults, soon).toEqual(['crm emptied ?']);
    await bench.produce('crm', held('b'));
    await expect.poll(subjects, soon).toEqual(['a', 's1', 'b']);
    await bench.produce('crm', held('huge'), '18446744073709551615-18446744073709551615');
    await expect.poll(() => faults, soon).toEqual(['crm emptied ?', 'crm poisoned ?']);
    await expect(bench.produce('crm', held('never'))).rejects.toThrow();
    await bench.produce('shop', held('s2'));
    await expect.poll(subjects, soon).toEqual(['a', 's1', 'b', 'huge', 's2']);
    const huge = (await journal()).find(({ subject }) => subject === 'huge');
    expect(Date.parse(huge!.time!)).toBeLessThan(Date.UTC(2200, 0, 1));
    await bench.wipeInbound('crm');
    await expect.poll(() => faults.at(-1), soon).toBe('crm emptied ?');
    await bench.produce('crm', held('c'));
    await expect.poll(async () => (await subjects()).at(-1), soon).toBe('c');
    expect(await saidOfThem()).toEqual([
      'crm source.faulted {"fault":"emptied"}',
      'crm source.faulted {"fault":"poisoned"}',
      'crm source.faulted {"fault":"emptied"}',
    ]);
  });

  it('[LOG-83] goes on with all others when a producer puts something else in the place of its stream', async () => {
    await bench.produce('crm', held('a'));
    await bench.produce('shop', held('s1'));
    void copy();
    await expect.poll(subjects, soon).toEqual(['a', 's1']);
    const fault = await bench.spoilInbound('crm');
    await expect.poll(() => faults, soon).toEqual([`crm ${fault} ?`]);
    await bench.produce('shop', held('s2'));
    await expect.poll(subjects, soon).toEqual(['a', 's1', 's2']);
    await bench.wipeInbound('crm');
    await bench.produce('crm', held('b'));
    await expect.poll(subjects, soon).toEqual(['a', 's1', 's2', 'b']);
    expect(await saidOfThem()).toEqual([`crm source.faulted {"fault":"${fault}"}`]);
  });

  it('[LOG-85] says again each 20 s what lasts, and a new copier at once', async () => {
    await bench.produce('crm', held('a'), `${Date.now() + 3_600_000}-0`);
    const clock = createManualClock(Date.now());
    const first = new AbortController();
    const done = copy({ clock, signal: AbortSignal.any([stop.signal, first.signal]) });
    await expect.poll(saidOfThem, soon).toHaveLength(1);
    const turns = async (ms: number): Promise<void> => {
      await clock.advance(ms);
      const before = (await subjects()).length;
      await bench.produce('shop', held('turn'));
      await expect.poll(async () => (await subjects()).length, soon).toBeGreaterThan(before);
    };
    await bench.produce('shop', held('first'));
    await clock.advance(3_000);
    await expect.poll(subjects, soon).toContain('first');
    await turns(10_000);
    expect(await saidOfThem()).toHaveLength(1);
    await turns(10_000);
    await turns(3_000);
    await expect.poll(saidOfThem, soon).toHaveLength(2);
    first.abort();
    await done;
    void copy();
    await expect.poll(saidOfThem, soon).toHaveLength(3);
    // Told once the journal has it.
    await expect.poll(() => faults, soon).toEqual(['crm poisoned ?', 'crm poisoned ?']);
  });

  it('[LOG-84] reads few large entries at a time, and copies what stands behind them', async () => {
    const large = { type: 'contact.held', subject: 'x', data: 'x'.repeat(3_000_000) };
    for (let n = 0; n < 40; n++) await bench.produce('crm', large);
    await bench.produce('crm', held('good'));
    const sizes: number[] = [];
    const watched: InboundStore = {
      ...bench.store,
      async readInbound(after, options) {
        const reads = await bench.store.readInbound(after, options);
        for (const entries of reads.values())
          sizes.push(entries.reduce((sum, { fields }) => sum + (fields.data?.length ?? 0), 0));
        return reads;
      },
    };
    void copy({ store: watched });
    await expect.poll(subjects, soon).toEqual(['good']);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(24_000_000);
    await expect.poll(() => refused, soon).toHaveLength(40);
  });

  it('[LOG-83] says how many entries it never saw', async () => {
    await bench.produce('crm', held('a'));
    const first = new AbortController();
    const done = copy({ signal: first.signal });
    await expect.poll(subjects, soon).toEqual(['a']);
    first.abort();
    await done;
    for (const subject of ['b', 'c', 'd']) await bench.produce('crm', held(subject));
    await bench.cut(1, 'crm');
    void copy();
    await expect.poll(subjects, soon).toEqual(['a', 'd']);
    expect(faults).toEqual(['crm trimmed 2']);
  });
});
