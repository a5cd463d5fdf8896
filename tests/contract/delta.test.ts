// The delta's laws: what it says is what must be put and removed, and no id can reach a prototype.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyChanges, changesBetween, rowsOf } from '../../server/contract/delta.ts';
import { emptyTables } from '../../server/contract/tables.ts';
import type { Tables } from '../../server/contract/tables.ts';
import type { AssistRow, SourceRow } from '../../server/contract/rows.ts';

const ids = fc.constantFrom('a', 'b', 'toString', 'hasOwnProperty', 'valueOf', '7', 'ключ');
const assist = (id: string, about: string): AssistRow => ({
  id,
  agent: 'charles',
  team: null,
  contact: null,
  about,
  requestedAt: 1,
  claimedBy: null,
});
const source = (id: string, lastAt: number): SourceRow => ({
  id,
  state: 'live',
  lastAt,
  skewMs: 0,
  refused: 0,
});
const tables = fc
  .tuple(fc.array(fc.tuple(ids, fc.string())), fc.array(fc.tuple(ids, fc.nat())))
  .map(([assists, sources]) => {
    const made = emptyTables();
    for (const [id, about] of assists) made.assists.set(id, assist(id, about));
    for (const [id, at] of sources) made.sources.set(id, source(id, at));
    return made;
  });
const copy = (of: Tables): Tables => {
  const made = emptyTables();
  applyChanges(made, { put: rowsOf(of), gone: {} });
  return made;
};

describe('the delta', () => {
  it('[CON-1] turns one state into another: apply(delta(a, b)) equals b', () => {
    fc.assert(
      fc.property(tables, tables, (a, b) => {
        const client = copy(a);
        applyChanges(client, changesBetween(a, b));
        expect(client).toEqual(b);
      }),
    );
  });

  it('[CON-2] survives the wire: a delta read back from JSON does the same', () => {
    fc.assert(
      fc.property(tables, tables, (a, b) => {
        const client = copy(a);
        const wire = JSON.parse(JSON.stringify(changesBetween(a, b))) as ReturnType<
          typeof changesBetween
        >;
        applyChanges(client, wire);
        expect(client).toEqual(b);
      }),
    );
  });

  it('[CON-3] says nothing where nothing changed', () => {
    fc.assert(
      fc.property(tables, (a) => {
        expect(changesBetween(a, a)).toEqual({ put: {}, gone: {} });
      }),
    );
  });
});
