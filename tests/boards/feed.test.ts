// A feed's laws: what it sends is what changed, and whoever comes with any position ends with the same rows. One room, since all laws share one model.
import { describe, expect, it } from 'vitest';
import { ScopeFeed } from '../../server/boards/feed.ts';
import type { FeedWork } from '../../server/boards/feed.ts';
import { scopeKey, scopeOf, WHOLE_FLOOR } from '../../server/boards/scope.ts';
import { DEFAULT_BOARD } from '../../server/contract/board.ts';
import type { Scope } from '../../server/contract/board.ts';
import { applyChanges } from '../../server/contract/delta.ts';
import type { Delta } from '../../server/contract/protocol.ts';
import { emptyTables } from '../../server/contract/tables.ts';
import type { RowsByTable, Tables } from '../../server/contract/tables.ts';
import { createChance, seedFor } from '../support/chance.ts';
import { createPaperFloor } from '../support/paper-floor.ts';
import type { PaperFloor } from '../support/paper-floor.ts';
import {
  agentRow,
  assistRow,
  callbackRow,
  contactRow,
  intervalRow,
  NOON,
  queueRow,
  sourceRow,
  teamRow,
} from '../support/paper-rows.ts';
import { wander } from '../support/wandering-floor.ts';

const NO_FLOOR = { queues: new Map() };
const PUBLIC = scopeOf(DEFAULT_BOARD, null, NO_FLOOR);

function feedOf(floor: PaperFloor, scope: Scope = WHOLE_FLOOR, epoch = 'e1') {
  const work: Record<FeedWork, number> = { row: 0, delta: 0, missing: 0, snapshot: 0 };
  floor.touched();
  const feed = new ScopeFeed({
    scope,
    epoch,
    facts: floor.facts,
    maskKey: `key of ${epoch}`,
    onWork: (what, times) => (work[what] += times),
  });
  const flush = (now = 0): Delta | null => {
    feed.mark(floor.touched());
    const text = feed.flush(now);
    return text === null ? null : (JSON.parse(text) as Delta);
  };
  return { feed, work, flush };
}

function tablesOf(feed: ScopeFeed): Tables {
  const tables = emptyTables();
  applyChanges(tables, { put: JSON.parse(feed.rowsText) as RowsByTable, gone: {} });
  return tables;
}

describe('a feed', () => {
  it('[BRD-9] sends one delta for what changed, and nothing where nothing did', () => {
    const floor = createPaperFloor();
    floor.put('agents', agentRow('charles'));
    const { feed, flush } = feedOf(floor);
    expect(feed.seq).toBe(0);
    floor.put('agents', agentRow('charles'));
    expect(flush()).toBeNull();
    expect(feed.seq).toBe(0);
    floor.put('agents', agentRow('charles', { state: 'talking' }));
    floor.put('queues', queueRow('sales'));
    const delta = flush();
    expect(delta).toMatchObject({ epoch: 'e1', from: 0, to: 1, gone: {} });
    expect(Object.keys(delta?.put ?? {})).toEqual(['queues', 'agents']);
    floor.remove('queues', 'sales');
    expect(flush()).toEqual({ epoch: 'e1', from: 1, to: 2, put: {}, gone: { queues: ['sales'] } });
    floor.put('queues', queueRow('sales'));
    floor.remove('queues', 'sales');
    expect(flush()).toBeNull();
    expect(feed.seq).toBe(2);
  });

  it('[BRD-10] projects the touched rows only', () => {
    const floor = createPaperFloor();
    for (let n = 0; n < 2_000; n++) floor.put('agents', agentRow(`agent-${n}`));
    const { work, flush } = feedOf(floor, { ...PUBLIC, teams: ['red'] });
    const before = work.row;
    floor.put('agents', agentRow('agent-7', { state: 'break' }));
    flush();
    expect(work.row - before).toBe(1);
  });

  it('[BRD-7] takes what belongs to its queues and teams, and what belongs to nobody', () => {
    const floor = createPaperFloor();
    floor.put('agents', agentRow('charles', { team: 'red' }));
    floor.put('agents', agentRow('lucie', { team: 'blue' }));
    floor.put('agents', agentRow('jerry'));
    for (const team of ['red', 'blue']) floor.put('teams', teamRow(team));
    for (const queue of ['sales', 'care']) {
      floor.put('queues', queueRow(queue));
      floor.put('intervals', intervalRow(`${queue} 1`));
      floor.put('contacts', contactRow(`waits in ${queue}`, { queue }));
      floor.put('contacts', contactRow(`red in ${queue}`, { queue, agent: 'charles' }));
      floor.put('contacts', contactRow(`blue in ${queue}`, { queue, agent: 'lucie' }));
    }
    floor.put('contacts', contactRow('red calls out', { agent: 'charles' }));
    floor.put('contacts', contactRow('blue calls out', { agent: 'lucie' }));
    floor.put('callbacks', callbackRow('of red', { team: 'red' }));
    floor.put('callbacks', callbackRow('of blue', { team: 'blue' }));
    floor.put(
      'callbacks',
      callbackRow('of blue, taken by red', { team: 'blue', owner: 'charles' }),
    );
    floor.put('callbacks', callbackRow('by red', { by: 'charles' }));
    floor.put('callbacks', callbackRow('by blue', { by: 'lucie' }));
    floor.put('callbacks', callbackRow('of nobody'));
    floor.put('assists', assistRow('red asks', { agent: 'charles', team: 'red' }));
    floor.put('assists', assistRow('blue asks', { agent: 'lucie', team: 'blue' }));
    floor.put('assists', assistRow('nobody’s asks', { agent: 'jerry' }));
    floor.put('sources', sourceRow('pbx'));
    const { feed } = feedOf(floor, { ...WHOLE_FLOOR, queues: ['sales'], teams: ['red'] });
    const seen = tablesOf(feed);
    const ids = Object.fromEntries(
      Object.entries(seen).map(([table, rows]) => [table, [...rows.keys()].sort()]),
    );
    expect(ids).toEqual({
      site: [],
      alerts: [],
      sources: ['pbx'],
      agents: ['charles'],
      teams: ['red'],
      queues: ['sales'],
      intervals: ['sales 1'],
      contacts: ['blue in sales', 'red calls out', 'red in care', 'red in sales', 'waits in sales'],
      callbacks: ['by red', 'of blue, taken by red', 'of nobody', 'of red'],
      assists: ['nobody’s asks', 'red asks'],
    });
    expect(tablesOf(feedOf(floor).feed).contacts.size).toBe(8);
  });

  it('[BRD-8] sends what an agent takes along to another team', () => {
    const floor = createPaperFloor();
    floor.put('agents', agentRow('charles', { team: 'red' }));
    floor.put('contacts', contactRow('call', { queue: 'care', agent: 'charles' }));
    floor.put('callbacks', callbackRow('promise', { team: null, by: 'charles' }));
    const { flush } = feedOf(floor, { ...WHOLE_FLOOR, queues: ['sales'], teams: ['blue'] });
    floor.put('agents', agentRow('charles', { team: 'blue' }));
    const come = flush();
    expect(Object.keys(come?.put ?? {})).toEqual(['agents', 'contacts', 'callbacks']);
    floor.put('agents', agentRow('charles', { team: 'green' }));
    expect(flush()?.gone).toEqual({
      agents: ['charles'],
      contacts: ['call'],
      callbacks: ['promise'],
    });
  });

  it('[BRD-12] answers with a snapshot what it cannot answer with rows', () => {
    const floor = createPaperFloor();
    for (let n = 0; n < 3_100; n++) floor.put('contacts', contactRow(`call-${n}`));
    const { feed, flush } = feedOf(floor);
    expect(feed.since({ epoch: 'another', seq: 0 }).kind).toBe('snapshot');
    expect(feed.since({ epoch: 'e1', seq: 1 }).kind).toBe('snapshot');
    expect(feed.since({ epoch: 'e1', seq: 0 }).kind).toBe('current');
    floor.remove('contacts', 'call-0');
    flush(1_000);
    expect(feed.since({ epoch: 'e1', seq: 0 }).kind).toBe('missing');
    flush(61_000);
    expect(feed.since({ epoch: 'e1', seq: 0 }).kind).toBe('missing');
    flush(61_001);
    expect(feed.since({ epoch: 'e1', seq: 0 }).kind).toBe('snapshot');
    expect(feed.since({ epoch: 'e1', seq: 1 }).kind).toBe('current');
    for (let n = 1; n <= 3_001; n++) floor.remove('contacts', `call-${n}`);
    flush(61_002);
    expect(feed.since({ epoch: 'e1', seq: 1 }).kind).toBe('missing');
    flush(61_003);
    expect(feed.since({ epoch: 'e1', seq: 1 }).kind).toBe('snapshot');
  });

  it('[BRD-13] makes one text for all who ask the same', () => {
    const floor = createPaperFloor();
    floor.put('agents', agentRow('charles'));
    const { feed, flush, work } = feedOf(floor);
    for (let n = 0; n < 5; n++) {
      floor.put('agents', agentRow('charles', { since: n }));
      flush();
    }
    const first = feed.since({ epoch: 'e1', seq: 2 });
    for (let n = 0; n < 100; n++) {
      expect(feed.since({ epoch: 'e1', seq: 2 })).toEqual(first);
      expect(feed.rowsText).toContain('charles');
    }
    expect(work).toMatchObject({ missing: 1, snapshot: 1, delta: 5 });
  });

  it('[BRD-13] takes scopes for equal in whatever order they are written', () => {
    const one = scopeOf(
      { ...DEFAULT_BOARD, queues: ['b', 'a', 'b'], teams: ['y', 'x'] },
      null,
      NO_FLOOR,
    );
    const other = scopeOf(
      { ...DEFAULT_BOARD, name: 'Other', queues: ['a', 'b'], teams: ['x', 'y'] },
      null,
      NO_FLOOR,
    );
    expect(scopeKey(one)).toBe(scopeKey(other));
    expect(scopeKey(one)).not.toBe(scopeKey({ ...one, audience: 'desk' }));
    expect(scopeKey(one)).not.toBe(scopeKey({ ...one, queues: null }));
  });

  it('[BRD-16] takes intervals only for the page of the day', () => {
    expect(PUBLIC.tables).toContain('intervals');
    const without = scopeOf({ ...DEFAULT_BOARD, pages: ['queues'] }, null, NO_FLOOR);
    expect(PUBLIC.tables.filter((table) => !without.tables.includes(table))).toEqual(['intervals']);
  });

  it('[BRD-14] keeps rows whose ids are names of Object’s properties', () => {
    const floor = createPaperFloor();
    const { feed, flush } = feedOf(floor);
    for (const id of ['toString', 'hasOwnProperty', '7', '"', 'ключ'])
      floor.put('agents', agentRow(id));
    const delta = flush();
    const client = emptyTables();
    if (delta) applyChanges(client, delta);
    expect(client).toEqual(tablesOf(feed));
    expect(client.agents.size).toBe(5);
  });

  it('[BRD-15] hears a talkative source once a second', () => {
    const floor = createPaperFloor();
    floor.put('sources', sourceRow('pbx', { lastAt: NOON }));
    const { feed, flush } = feedOf(floor);
    for (let ms = 1; ms < 3_000; ms += 7) {
      floor.put('sources', sourceRow('pbx', { lastAt: NOON + ms }));
      flush();
    }
    expect(feed.seq).toBe(2);
  });

  it('[BRD-4] gives other opaque ids in another epoch, and the same ones within', () => {
    const floor = createPaperFloor();
    floor.put('contacts', contactRow('+37126123417-1'));
    const idsIn = (epoch: string): string[] => [
      ...tablesOf(feedOf(floor, PUBLIC, epoch).feed).contacts.keys(),
    ];
    expect(idsIn('e1')).toEqual(idsIn('e1'));
    expect(idsIn('e1')).not.toEqual(idsIn('e2'));
  });

  const scopes: Readonly<Record<string, Scope>> = {
    'the whole floor': WHOLE_FLOOR,
    'a public board': PUBLIC,
    'a board of one team and two queues': {
      ...PUBLIC,
      queues: ['queue-1', 'queue-2'],
      teams: ['team-1'],
    },
  };
  for (const [name, scope] of Object.entries(scopes))
    it(`[BRD-11] brings every position of ${name} to the same rows`, () => {
      const chance = createChance(seedFor(`feed of ${name}`));
      const floor = createPaperFloor();
      const { feed, flush } = feedOf(floor, scope);
      const clients = [tablesOf(feed)];
      const asked = { current: 0, missing: 0, snapshot: 0 };
      for (let step = 1; step <= 400; step++) {
        for (let times = chance.below(6); times > 0; times--) wander(floor, chance, NOON + step);
        const delta = flush(step * 2_000);
        // Each client was cut off at some step, and comes back with what it had then.
        const tables = emptyTables();
        const from = chance.below(clients.length);
        const had = clients[from];
        if (had) applyChanges(tables, { put: copyOf(had), gone: {} });
        const answer = feed.since({ epoch: 'e1', seq: from });
        asked[answer.kind] += 1;
        if (answer.kind === 'missing') applyChanges(tables, JSON.parse(answer.text) as Delta);
        const now = tablesOf(feed);
        if (answer.kind !== 'snapshot') expect(tables, `from ${from} at ${feed.seq}`).toEqual(now);
        if (delta) {
          const before = emptyTables();
          const last = clients[feed.seq - 1];
          if (last) applyChanges(before, { put: copyOf(last), gone: {} });
          applyChanges(before, delta);
          expect(before).toEqual(now);
          clients.push(now);
        }
      }
      expect(feed.seq).toBeGreaterThan(200);
      expect(asked.missing).toBeGreaterThan(50);
      expect(asked.snapshot).toBeGreaterThan(5);
      // What grew by deltas is what a new feed sees of the same floor.
      expect(tablesOf(feed)).toEqual(tablesOf(feedOf(floor, scope).feed));
    });
});

function copyOf(tables: Tables): RowsByTable {
  return Object.fromEntries(
    Object.entries(tables).map(([table, rows]) => [
      table,
      Object.fromEntries(rows as Map<string, unknown>),
    ]),
  );
}
