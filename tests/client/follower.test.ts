// The follower’s law: a delta is applied to what it was made from, once; all else is asked for anew.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Follower } from '../../client/live/follower.ts';
import { changesBetween, rowsOf } from '../../server/contract/delta.ts';
import type { Delta, Tick } from '../../server/contract/protocol.ts';
import type { AssistRow } from '../../server/contract/rows.ts';
import { emptyTables } from '../../server/contract/tables.ts';
import type { Tables } from '../../server/contract/tables.ts';
import { boardOf } from '../support/wall-floors.ts';

const row = (id: string, about: string): AssistRow => ({
  id,
  agent: 'charles',
  team: null,
  contact: null,
  about,
  requestedAt: 1,
  claimedBy: null,
});
const tablesOf = (pairs: readonly (readonly [string, string])[]): Tables => {
  const tables = emptyTables();
  for (const [id, about] of pairs) tables.assists.set(id, row(id, about));
  return tables;
};
const snapshot = (tables: Tables, epoch: string, seq: number) =>
  ({ epoch, seq, now: 1, board: boardOf({}), rows: rowsOf(tables) }) as const;
const tick = (epoch: string, seq: number): Tick => ({
  epoch,
  seq,
  now: 1,
  log: { state: 'live', reason: null, asOf: 1 },
  sources: {},
});
const ids = fc.constantFrom('a', 'b', 'toString', '__proto', 'ķ');
const states = fc.array(fc.array(fc.tuple(ids, fc.string())), { minLength: 2, maxLength: 8 });

describe('the follower', () => {
  it('[WAL-2] ends where the server is, through any states, each delta said twice', () => {
    fc.assert(
      fc.property(states, (story) => {
        const steps = story.map(tablesOf);
        const tables = emptyTables();
        const follower = new Follower(tables);
        follower.snapshot(snapshot(steps[0] ?? emptyTables(), 'e', 0));
        for (let i = 1; i < steps.length; i += 1) {
          const changes = changesBetween(steps[i - 1] ?? emptyTables(), steps[i] ?? emptyTables());
          const delta: Delta = { epoch: 'e', from: i - 1, to: i, ...changes };
          expect(follower.delta(delta)).toBe('applied');
          expect(follower.delta(delta)).toBe('old');
        }
        expect(tables).toEqual(steps[steps.length - 1]);
        expect(follower.have).toEqual({ epoch: 'e', seq: steps.length - 1 });
      }),
    );
  });

  it('[WAL-2] leaves nothing behind that a snapshot does not name', () => {
    const tables = emptyTables();
    const follower = new Follower(tables);
    follower.snapshot(
      snapshot(
        tablesOf([
          ['a', 'x'],
          ['b', 'y'],
        ]),
        'e',
        4,
      ),
    );
    follower.snapshot(snapshot(tablesOf([['b', 'z']]), 'f', 0));
    expect(tables).toEqual(tablesOf([['b', 'z']]));
  });

  it('[WAL-2] applies nothing of another life, nothing with a hole before it', () => {
    const tables = emptyTables();
    const follower = new Follower(tables);
    const put = { assists: { a: row('a', 'x') } };
    expect(follower.delta({ epoch: 'e', from: 0, to: 1, put, gone: {} })).toBe('gap');
    follower.snapshot(snapshot(emptyTables(), 'e', 3));
    expect(follower.delta({ epoch: 'e', from: 5, to: 6, put, gone: {} })).toBe('gap');
    expect(follower.delta({ epoch: 'other', from: 3, to: 4, put, gone: {} })).toBe('gap');
    expect(tables).toEqual(emptyTables());
    expect(follower.delta({ epoch: 'e', from: 3, to: 7, put, gone: {} })).toBe('applied');
  });

  it('[WAL-2] asks for a resync only if ticks stay ahead of what was sent', () => {
    const follower = new Follower(emptyTables());
    follower.snapshot(snapshot(emptyTables(), 'e', 3));
    expect([tick('e', 3), tick('e', 4), tick('e', 5)].map((t) => follower.tick(t))).toEqual([
      false,
      false,
      false,
    ]);
    expect(follower.tick(tick('e', 5))).toBe(true);
    follower.asked();
    expect(follower.tick(tick('other', 0))).toBe(false);
  });
});
