// One turn: what entries in order do to the floor, whatever they hold.
import { describe, expect, it, vi } from 'vitest';
import { Floor } from '../../server/floor/floor.ts';
import { createDedupWindow } from '../../server/log/dedup.ts';
import type { Entry } from '../../server/log/log.ts';
import { takeTurn } from '../../server/engine/turn.ts';
import type { Turn } from '../../server/engine/turn.ts';
import { NINE, OPTIONS } from '../floor/scene.ts';

const entry = (at: number, fields: Record<string, string>, seq = 0): Entry => ({
  id: `${at}-${seq}`,
  at,
  fields,
});
const queued = (contact: string, more: Record<string, string> = {}): Record<string, string> => ({
  type: 'contact.queued',
  subject: contact,
  data: '{"queue":"billing"}',
  ...more,
});

class Bench {
  readonly floor = new Floor(OPTIONS);
  readonly dedup = createDedupWindow();
  soundAt = NINE;
  poisonedBy: string | null = null;

  turn(entries: readonly Entry[], now: number): Turn {
    const { soundAt, poisonedBy } = this;
    const turn = takeTurn(this, entries, { now, soundAt, poisonedBy });
    this.soundAt = turn.soundAt;
    this.poisonedBy = turn.poisonedBy;
    return turn;
  }

  get waiting(): number {
    return this.floor.facts.queues.get('billing')?.waiting ?? 0;
  }
}

describe('a turn', () => {
  it('[ENG-7] folds entries once, counts what repeats, is unknown or refused, and says what was touched', () => {
    const bench = new Bench();
    const turn = bench.turn(
      [
        entry(NINE, queued('c1', { source: 'crm', id: 'e1' })),
        entry(NINE + 1, queued('c1', { source: 'crm', id: 'e1' })),
        entry(NINE + 2, { type: 'complaint.raised', subject: 'x' }),
        entry(NINE + 3, { type: 'contact.queued', subject: 'c2', source: 'crm', data: '{}' }),
      ],
      NINE + 10,
    );
    expect(turn.counts).toEqual({ applied: 1, repeated: 1, unknown: 1 });
    expect(turn.refused).toMatchObject([
      { source: 'crm', refused: { reason: 'wrong-type', field: 'data.queue', given: 'nothing' } },
    ]);
    expect([...(turn.touched.contacts ?? [])]).toEqual(['c1']);
    expect(bench.floor.facts.sources.get('crm')?.refused).toBe(1);
    expect(bench.waiting).toBe(1);
  });

  it('[ENG-7] brings time to each entry before the entry, as one who lived through it', () => {
    const bench = new Bench();
    const profile = {
      type: 'queue.profile',
      subject: 'billing',
      data: '{"name":"Billing","wrapUpSeconds":5}',
    };
    const answered = { type: 'contact.answered', subject: 'c1', data: '{"agent":"anna"}' };
    const ended = { type: 'contact.ended', subject: 'c1', data: '{}' };
    bench.turn(
      [
        entry(NINE, profile),
        entry(NINE + 1_000, queued('c1')),
        entry(NINE + 2_000, answered),
        entry(NINE + 3_000, ended),
        entry(NINE + 60_000, queued('c2')),
      ],
      NINE + 60_000,
    );
    const anna = bench.floor.facts.agents.get('anna');
    expect(anna).toMatchObject({ state: 'available', since: NINE + 8_000 });
  });

  it('[ENG-4] dates entries from the future by the last sound one, and names who wrote the first', () => {
    const bench = new Bench();
    const far = NINE + 3_600_000;
    const first = bench.turn(
      [
        entry(NINE + 1_000, queued('c1', { source: 'crm' })),
        entry(far, queued('c2', { source: 'broken' })),
        entry(far, queued('c3', { source: 'crm' }), 1),
      ],
      NINE + 2_000,
    );
    expect(first).toMatchObject({ poisonedBy: 'broken', soundAt: NINE + 1_000 });
    expect(bench.floor.facts.contacts.get('c3')?.queuedAt).toBe(NINE + 1_000);
    const own = new Date(NINE + 2_500).toISOString();
    bench.turn([entry(far, queued('c4', { time: own }), 2)], NINE + 3_000);
    expect(bench.floor.facts.contacts.get('c4')?.queuedAt).toBe(NINE + 2_500);
    expect(bench.poisonedBy).toBe('broken');
    const later = bench.turn([entry(far + 1, queued('c5'))], far);
    expect(later).toMatchObject({ poisonedBy: null, soundAt: far + 1 });
  });

  it('[ENG-15] refuses an entry over which the floor breaks, tells it, and folds what follows', () => {
    const bench = new Bench();
    const fold = bench.floor.fold.bind(bench.floor);
    vi.spyOn(bench.floor, 'fold').mockImplementation((event) => {
      if (event.subject === 'bad') throw new TypeError('a defect');
      fold(event);
    });
    const told = { source: 'crm' };
    const turn = bench.turn(
      [
        entry(NINE, queued('c1', told)),
        entry(NINE + 1, queued('bad', told)),
        entry(NINE + 2, queued('c2', told)),
      ],
      NINE + 10,
    );
    expect(turn.counts).toEqual({ applied: 2, repeated: 0, unknown: 0 });
    expect(turn.refused).toMatchObject([
      { source: 'crm', refused: { reason: 'unfoldable', given: 'a defect' } },
    ]);
    expect(turn.broke).toMatchObject([{ entry: `${NINE + 1}-0` }]);
    expect(bench.floor.facts.sources.get('crm')?.refused).toBe(1);
    expect(bench.waiting).toBe(2);
  });

  it('[ENG-15] goes on where time itself breaks it', () => {
    const bench = new Bench();
    vi.spyOn(bench.floor, 'pass').mockImplementationOnce(() => {
      throw new TypeError('a defect');
    });
    const turn = bench.turn([entry(NINE, queued('c1')), entry(NINE + 2, queued('c2'))], NINE + 10);
    expect(turn.broke).toHaveLength(1);
    expect(turn.counts.applied).toBe(2);
    expect(bench.waiting).toBe(2);
  });
});
