// Gaps are counted exactly, whatever is trimmed between the reads; ids are compared as what they are.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareIds,
  goesOnAt,
  idAt,
  isPoisoned,
  judge,
  ORIGIN,
  resumeAt,
  startOf,
} from '../../server/log/continuity.ts';
import type { LogPosition } from '../../server/log/log.ts';
import { createMemoryStream } from '../../server/log/memory-stream.ts';
import { createManualClock } from '../support/manual-clock.ts';

const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('add' as const), count: fc.integer({ min: 1, max: 8 }) }),
    fc.record({ kind: fc.constant('cut' as const), count: fc.nat(6) }),
    fc.record({ kind: fc.constant('read' as const), count: fc.integer({ min: 1, max: 5 }) }),
  ),
  { maxLength: 60 },
);

describe('continuity', () => {
  it('[LOG-7] counts every entry as read or as lost, whatever was trimmed in between', () => {
    fc.assert(
      fc.property(steps, (story) => {
        const stream = createMemoryStream(createManualClock(), () => undefined);
        let position: LogPosition = ORIGIN;
        let added = 0;
        let read = 0;
        let lost = 0;
        function readOn(count: number): void {
          const extent = stream.extent();
          const found = judge(position, extent);
          if (found.kind !== 'ok') {
            expect(found.kind).toBe('trimmed');
            lost += found.lost ?? NaN;
            position = resumeAt(position, extent);
            expect(judge(position, extent)).toEqual({ kind: 'ok' });
          }
          const entries = stream.after(position.id, count);
          read += entries.length;
          position = {
            id: entries.at(-1)?.id ?? position.id,
            added: position.added + entries.length,
          };
        }
        for (const { kind, count } of story) {
          if (kind === 'read') readOn(count);
          else if (kind === 'cut') stream.keepNewest(count);
          else for (let n = 0; n < count; n++, added++) stream.add({});
        }
        readOn(10_000);
        expect(read + lost).toBe(added);
        expect(position).toEqual({ id: stream.extent().lastId, added });
      }),
    );
  });

  it('[LOG-6] finds a tail that is not the one that was read, as after a failover that lost it', () => {
    const extent = { firstId: '10-0', lastId: '20-5', length: 90, entriesAdded: 100 };
    expect(judge({ id: '21-0', added: 103 }, extent).kind).toBe('went-back');
    expect(judge({ id: '20-1', added: 103 }, extent).kind).toBe('went-back');
    expect(judge({ id: '20-5', added: 100 }, extent).kind).toBe('ok');
    expect(judge({ id: '20-1', added: 96 }, extent).kind).toBe('ok');
    expect(judge({ id: '9-0', added: 10 }, extent).kind).toBe('ok');
    expect(judge({ id: '9-0', added: 7 }, extent)).toMatchObject({ kind: 'trimmed', lost: 3 });
    expect(judge({ id: '9-0', added: 11 }, extent).kind).toBe('emptied');
    expect(judge({ id: '20-5', added: 98 }, extent)).toMatchObject({ kind: 'trimmed', lost: 2 });
  });

  it('[LOG-9] counts as exactly where it looks only now and then, after several reads', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 5 }), (story, every) => {
        const stream = createMemoryStream(createManualClock(), () => undefined);
        let position: LogPosition = ORIGIN;
        let [added, read, lost, reads] = [0, 0, 0, 0];
        function look(): void {
          const extent = stream.extent(position.id);
          const found = judge(position, extent);
          if (found.kind === 'ok') return;
          expect(found.kind).toBe('trimmed');
          lost += found.lost ?? NaN;
          position = goesOnAt('trimmed', position, extent);
          expect(judge(position, extent)).toEqual({ kind: 'ok' });
        }
        function readOn(count: number): void {
          const entries = stream.after(position.id, count);
          read += entries.length;
          const id = entries.at(-1)?.id ?? position.id;
          position = { id, added: position.added + entries.length };
          if (++reads % every === 0) look();
        }
        for (const { kind, count } of story) {
          if (kind === 'read') readOn(count);
          else if (kind === 'cut') stream.keepNewest(count);
          else for (let n = 0; n < count; n++, added++) stream.add({});
        }
        readOn(10_000);
        look();
        readOn(10_000);
        expect(read + lost).toBe(added);
      }),
    );
  });

  it('[LOG-9] finds a stream that was set back, however far it has grown since', () => {
    const stream = createMemoryStream(createManualClock(), () => undefined);
    for (let n = 1; n <= 10; n++) stream.add({}, `${n}-0`);
    const position = { id: '10-0', added: 10 };
    // As an older copy has it, and what came since.
    const restore = (grown: number): void => {
      stream.empty();
      for (let n = 1; n <= 7; n++) stream.add({}, `${n}-0`);
      for (let n = 1; n <= grown; n++) stream.add({}, `${20 + n}-0`);
    };
    for (const grown of [0, 1, 3, 900]) {
      restore(grown);
      const extent = stream.extent(position.id);
      expect(judge(position, extent)).toMatchObject({ kind: 'went-back', lost: null });
      const resumed = goesOnAt('went-back', position, extent);
      expect(stream.after(resumed.id, 10_000)).toHaveLength(grown);
      expect(resumed.added).toBe(7);
    }
  });

  it('[LOG-8] compares ids as two whole numbers of 64 bits, and counts down across them', () => {
    const part = fc.bigInt({ min: 0n, max: 18446744073709551615n });
    fc.assert(
      fc.property(part, part, part, part, (aMs, aSeq, bMs, bSeq) => {
        const model = aMs === bMs ? aSeq - bSeq : aMs - bMs;
        const sign = model > 0n ? 1 : model < 0n ? -1 : 0;
        expect(Math.sign(compareIds(`${aMs}-${aSeq}`, `${bMs}-${bSeq}`))).toBe(sign);
      }),
    );
    const at = (firstId: string): string =>
      startOf({ firstId, lastId: firstId, length: 1, entriesAdded: 1 }).id;
    expect(at('5-3')).toBe('5-2');
    expect(at('5-0')).toBe('4-18446744073709551615');
  });

  it('[LOG-8] calls an entry poisoned when it is more than 5 s ahead of the clock', () => {
    expect(isPoisoned('15000-7', 10_000)).toBe(false);
    expect(isPoisoned('15001-0', 10_000)).toBe(true);
    expect(isPoisoned('18446744073709551615-18446744073709551615', 10_000)).toBe(true);
    expect(idAt(1_234.9)).toBe('1234-0');
  });
});
