// Screens on a real server: snapshots, deltas, resuming, boards, and that everybody ends with the same rows. One room, since all share one server and its screens.
import { afterEach, describe, expect, it } from 'vitest';
import { scopeOf, WHOLE_FLOOR } from '../../server/boards/scope.ts';
import { ScopeFeed } from '../../server/boards/feed.ts';
import { DEFAULT_BOARD } from '../../server/contract/board.ts';
import type { Scope } from '../../server/contract/board.ts';
import { applyChanges } from '../../server/contract/delta.ts';
import { emptyTables } from '../../server/contract/tables.ts';
import type { RowsByTable, Tables } from '../../server/contract/tables.ts';
import { frameParser } from '../../server/gateway/frame.ts';
import { createChance, seedFor } from '../support/chance.ts';
import { openBench } from '../support/gateway-bench.ts';
import type { Bench, BenchOptions } from '../support/gateway-bench.ts';
import { createManualClock } from '../support/manual-clock.ts';
import {
  agentRow,
  assistRow,
  callbackRow,
  contactRow,
  NOON,
  queueRow,
  sourceRow,
} from '../support/paper-rows.ts';
import { isLive } from '../support/wire-client.ts';
import type { WireClient } from '../support/wire-client.ts';
import { wander } from '../support/wandering-floor.ts';

let bench: Bench;
afterEach(() => bench.close());

async function open(options?: BenchOptions): Promise<void> {
  bench = await openBench(options);
}

const DESK = { ...DEFAULT_BOARD, id: 'desk', audience: 'desk' as const };

/** What a scope shows of the floor as it is, with ids as they are. */
function shown(scope: Scope = WHOLE_FLOOR): Tables {
  const { facts } = bench.floor;
  const feed = new ScopeFeed({ scope, facts, epoch: 'test', maskKey: 'test' });
  const tables = emptyTables();
  applyChanges(tables, { put: JSON.parse(feed.rowsText) as RowsByTable, gone: {} });
  return tables;
}

function hasAll(client: WireClient): boolean {
  return JSON.stringify(sorted(client.tables)) === JSON.stringify(sorted(shown()));
}

function sorted(tables: Tables): readonly (readonly [string, string])[] {
  return Object.values(tables).flatMap((rows: ReadonlyMap<string, { readonly id: string }>) =>
    Array.from(rows, ([id, row]) => [id, JSON.stringify(row)] as const).sort(([a], [b]) =>
      a < b ? -1 : 1,
    ),
  );
}

/** How often socket.io encodes messages of a name from now on; the encoder itself is the real one. */
function countEncodings(name: string): () => number {
  const encoder = frameParser.Encoder.prototype;
  const encode = Object.getOwnPropertyDescriptor(encoder, 'encode')?.value as typeof encoder.encode;
  let times = 0;
  encoder.encode = function (packet) {
    const data: unknown = packet.data;
    if (Array.isArray(data) && data[0] === name) times += 1;
    const made: unknown[] = encode.call(this, packet);
    return made;
  };
  return () => {
    encoder.encode = encode;
    return times;
  };
}

describe('a screen', () => {
  for (const transport of ['websocket', 'polling'] as const)
    it(`[GTW-1] begins with a snapshot of its board and a tick, then gets deltas, by ${transport}`, async () => {
      await open();
      bench.floor.put('boards', DESK);
      bench.floor.put('agents', agentRow('charles'));
      bench.tell();
      const client = bench.open({ transport, auth: { board: 'desk' } });
      await client.until(isLive);
      expect(client.said.slice(0, 2)).toEqual(['snapshot 0', 'tick 0']);
      expect(client.board).toEqual(DESK);
      expect(client.tables).toEqual(shown());
      bench.floor.put('agents', agentRow('charles', { state: 'talking' }));
      bench.tell();
      await client.until(({ position }) => position?.seq === 1);
      expect(client.tables.agents.get('charles')?.state).toBe('talking');
      expect(client.tables).toEqual(shown());
      expect(client.misfits).toBe(0);
    });

  it('[GTW-1] gets the first board where it names none', async () => {
    await open();
    const client = bench.open();
    await client.until(isLive);
    expect(client.board).toEqual(DEFAULT_BOARD);
  });

  it('[GTW-1] gets the first board as the site has it, until somebody saves another', async () => {
    await open({ firstBoard: { ...DEFAULT_BOARD, language: 'lv' } });
    const client = bench.open();
    await client.until(isLive);
    expect(client.board?.language).toBe('lv');
    bench.floor.put('boards', { ...DEFAULT_BOARD, language: 'zh' });
    bench.tell();
    await client.until(({ board }) => board?.language === 'zh');
  });

  it('[GTW-2] gets the missing rows where it was away, and only a tick where nothing is missing', async () => {
    await open();
    for (let n = 0; n < 50; n++) bench.floor.put('agents', agentRow(`agent-${n}`));
    bench.floor.put('boards', DESK);
    bench.tell();
    const client = bench.open({ auth: { board: 'desk' } });
    const watcher = bench.open({ auth: { board: 'desk' } });
    await Promise.all([client.until(isLive), watcher.until(isLive)]);
    client.comeBack();
    await client.until(({ said }) => said.filter((word) => word.startsWith('tick')).length > 1);
    expect(client.said.slice(0, 3)).toEqual(['snapshot 0', 'tick 0', 'tick 0']);
    client.socket.disconnect();
    for (const state of ['talking', 'holding', 'wrapup'] as const) {
      bench.floor.put('agents', agentRow('agent-7', { state }));
      bench.tell();
      await watcher.until(({ tables }) => tables.agents.get('agent-7')?.state === state);
    }
    bench.floor.remove('agents', 'agent-9');
    bench.tell();
    await watcher.until(({ position }) => position?.seq === 4);
    const from = client.said.length;
    client.socket.connect();
    await client.until(({ position }) => position?.seq === 4);
    expect(client.said[from]).toBe('delta 0 4');
    expect(client.heard.split('\n').find((line) => line.includes('"to":4'))?.length).toBeLessThan(
      600,
    );
    expect(client.tables).toEqual(shown());
  });

  it.each([
    ['of another epoch', { epoch: 'another', seq: 0 }],
    ['from the future', null],
  ])('[GTW-3] gets a snapshot for a position %s', async (_what, have) => {
    await open();
    const first = bench.open();
    await first.until(isLive);
    const position = have ?? { epoch: first.position?.epoch ?? '', seq: 7 };
    const client = bench.open({ auth: { have: position } });
    await client.until(isLive);
    expect(client.said[0]).toBe('snapshot 0');
  });

  it('[GTW-3] gets a new epoch and a snapshot after a gap of the log', async () => {
    await open();
    const client = bench.open();
    await client.until(isLive);
    const before = client.position?.epoch;
    bench.gateway.reset();
    await client.until(({ position }) => position?.epoch !== before);
    expect(client.said.filter((word) => word.startsWith('snapshot'))).toHaveLength(2);
    client.comeBack();
    await client.until(({ ticks }) => ticks.length > 2);
    expect(client.said.filter((word) => word.startsWith('snapshot'))).toHaveLength(2);
  });

  it('[GTW-4] is told by each tick what the log and the sources are', async () => {
    await open();
    bench.floor.put('sources', sourceRow('pbx', { lastAt: Date.now() - 5_000 }));
    bench.tell();
    bench.health = { state: 'lost', reason: 'frozen', asOf: 77 };
    const client = bench.open();
    await client.until(({ ticks }) => ticks.length > 2);
    for (const { log, sources, now } of client.ticks) {
      expect(log).toEqual({ state: 'lost', reason: 'frozen', asOf: 77 });
      expect(sources.pbx?.state).toBe('live');
      expect(sources.pbx?.ageMs).toBeGreaterThanOrEqual(5_000);
      expect(Math.abs(now - Date.now())).toBeLessThan(60_000);
    }
  });

  it('[GTW-5] gets the answer to resync at once, and at most one a second', async () => {
    await open();
    const client = bench.open();
    await client.until(isLive);
    for (let n = 0; n < 10; n++) client.socket.emit('resync', {});
    await client.until(({ ticks }) => ticks.length > 5);
    const snapshots = client.said.filter((word) => word.startsWith('snapshot')).length;
    expect(snapshots).toBeGreaterThanOrEqual(2);
    expect(snapshots).toBeLessThanOrEqual(4);
    expect(client.refused).toBeNull();
  });

  it('[GTW-6] follows its board: another scope, another name, and no board at all', async () => {
    await open();
    const board = { ...DESK, id: 'team', queues: ['sales'] };
    bench.floor.put('boards', board);
    for (const queue of ['sales', 'care']) bench.floor.put('queues', queueRow(queue));
    bench.tell();
    const client = bench.open({ auth: { board: 'team' } });
    await client.until(isLive);
    expect([...client.tables.queues.keys()]).toEqual(['sales']);
    bench.floor.put('boards', { ...board, queues: ['care'] });
    bench.tell();
    await client.until(({ tables }) => tables.queues.has('care'));
    expect([...client.tables.queues.keys()]).toEqual(['care']);
    bench.floor.put('boards', { ...board, queues: ['care'], name: 'Care' });
    bench.tell();
    await client.until(({ board: now }) => now?.name === 'Care');
    bench.floor.put('queues', queueRow('care', { waiting: 3 }));
    bench.tell();
    await client.until(({ tables }) => tables.queues.get('care')?.waiting === 3);
    bench.floor.remove('boards', 'team');
    bench.tell();
    await client.until(({ refused }) => refused !== null);
    expect(client.refused).toBe('board');
    await client.until(({ socket }) => !socket.connected);
  });

  it('[GTW-6] that was away while its board was renamed begins with a snapshot', async () => {
    await open();
    bench.floor.put('boards', DESK);
    const client = bench.open({ auth: { board: 'desk' } });
    await client.until(isLive);
    client.socket.disconnect();
    bench.floor.put('boards', { ...DESK, name: 'Renamed' });
    bench.tell();
    client.socket.connect();
    await client.until(({ board }) => board?.name === 'Renamed');
  });

  it('[GTW-7] shares one projection and one encoding with all screens of its scope', async () => {
    await open();
    bench.floor.put('boards', DESK);
    for (let n = 0; n < 100; n++) bench.floor.put('agents', agentRow(`agent-${n}`));
    bench.tell();
    const clients = Array.from({ length: 40 }, () => bench.open({ auth: { board: 'desk' } }));
    await Promise.all(clients.map((client) => client.until(isLive)));
    const work = (what: string): number => bench.sum('gateway.worked', 'times', { what });
    expect(work('snapshot')).toBe(1);
    expect(work('row')).toBe(101);
    const encoded = countEncodings('delta');
    for (let n = 1; n <= 5; n++) {
      bench.floor.put('agents', agentRow('agent-7', { since: n }));
      bench.tell();
      await Promise.all(
        clients.map((client) => client.until(({ position }) => position?.seq === n)),
      );
    }
    expect(encoded()).toBe(5);
    expect(work('row')).toBe(106);
    expect(work('delta')).toBe(5);
    const sent = bench.happenings.filter(
      ({ name, fields }) => name === 'gateway.sent' && fields?.what === 'delta',
    );
    expect(sent.map(({ fields }) => fields?.sockets)).toEqual([40, 40, 40, 40, 40]);
    for (const client of clients) client.comeBack();
    bench.floor.put('agents', agentRow('agent-8', { since: 9 }));
    bench.tell();
    await Promise.all(clients.map((client) => client.until(({ position }) => position?.seq === 6)));
    expect(work('missing')).toBeLessThanOrEqual(2);
    expect(work('snapshot')).toBe(1);
    expect(work('delta')).toBe(6);
    for (const client of clients) expect(client.tables).toEqual(clients[0]?.tables);
  });

  it.each([1, 200, 2_000])('[GTW-1] begins with a snapshot of %i agents', async (agents) => {
    await open();
    for (let n = 0; n < agents; n++) bench.floor.put('agents', agentRow(`agent-${n}`));
    const client = bench.open();
    await client.until(isLive);
    expect(client.tables.agents.size).toBe(agents);
  });

  it('[GTW-19] that comes soon after another shares its snapshot, and gets what it lacks by then', async () => {
    const clock = createManualClock(NOON);
    await open({ clock });
    const come = async (): Promise<WireClient> => {
      const client = bench.open();
      await client.until(isLive);
      return client;
    };
    bench.floor.put('queues', queueRow('sales'));
    bench.tell();
    const first = await come();
    bench.floor.put('queues', queueRow('sales', { waiting: 3 }));
    bench.floor.put('queues', queueRow('support'));
    bench.tell();
    await first.until(({ position }) => position?.seq === 1);
    const second = await come();
    expect(second.said.slice(0, 3)).toEqual(['snapshot 0', 'delta 0 1', 'tick 1']);
    expect(second.tables).toEqual(first.tables);
    expect(bench.sum('gateway.worked', 'times', { what: 'snapshot' })).toBe(1);
    await clock.advance(1_001);
    const third = await come();
    expect(third.said.slice(0, 2)).toEqual(['snapshot 1', 'tick 1']);
    expect(third.tables).toEqual(first.tables);
    expect(bench.sum('gateway.worked', 'times', { what: 'snapshot' })).toBe(2);
  });

  it('[GTW-8] ends with the rows of the floor, however often its line was cut', async () => {
    await open();
    const chance = createChance(seedFor('cut lines'));
    bench.floor.put('boards', DESK);
    bench.tell();
    const clients = Array.from({ length: 8 }, (_, n) =>
      bench.open({
        auth: { board: 'desk' },
        transport: n % 4 === 3 ? 'polling' : 'websocket',
      }),
    );
    await Promise.all(clients.map((client) => client.until(isLive)));
    let cuts = 0;
    for (let step = 0; step < 600; step++) {
      for (let times = chance.below(4); times > 0; times--)
        wander(bench.floor, chance, NOON + step);
      bench.tell();
      if (chance.below(8) === 0) {
        const client = chance.of(clients);
        if (client.socket.connected) {
          client.comeBack();
          cuts += 1;
        }
      }
      if (chance.below(200) === 0) bench.gateway.reset();
      await new Promise((resolve) => setImmediate(resolve));
    }
    bench.floor.put('queues', queueRow('the end'));
    bench.tell();
    await Promise.all(clients.map((client) => client.until(hasAll)));
    expect(cuts).toBeGreaterThan(30);
    const deltas = clients.flatMap(({ said }) => said).filter((word) => word.startsWith('delta'));
    expect(deltas.length).toBeGreaterThan(20);
    expect(clients.reduce((sum, { misfits }) => sum + misfits, 0)).toBe(0);
  });

  it('[GTW-9] is sent the first change at once, and what follows within a frame together', async () => {
    await open();
    bench.floor.put('boards', DESK);
    const client = bench.open({ auth: { board: 'desk' } });
    await client.until(isLive);
    for (let n = 1; n <= 20; n++) {
      bench.floor.put('contacts', contactRow(`call-${n}`));
      bench.tell();
    }
    await client.until(({ tables }) => tables.contacts.size === 20);
    expect(client.said.filter((word) => word.startsWith('delta'))).toEqual([
      'delta 0 1',
      'delta 1 2',
    ]);
  });

  it('[GTW-10] is told that the server closes', async () => {
    await open();
    const client = bench.open();
    await client.until(isLive);
    await bench.gateway.close();
    await client.until(({ socket }) => !socket.connected);
    expect(client.refused).toBe('closing');
  });

  it.each([
    ['an old protocol', { protocol: 0 }, 'protocol'],
    ['a board that is none', { board: 'nowhere' }, 'board'],
    ['a board with a forbidden name', { board: '__proto__' }, 'malformed'],
    ['a position that is none', { have: { epoch: 1, seq: 'x' } }, 'malformed'],
    ['a token that is none', { token: 7 }, 'malformed'],
  ])('[GTW-11] with %s is refused by name, and closed', async (_what, auth, reason) => {
    await open();
    const client = bench.open({ auth: auth as object });
    await client.until(({ refused, socket }) => refused !== null && !socket.connected);
    expect(client.refused).toBe(reason);
    expect(client.said).toEqual([]);
  });

  it('[GTW-12] is one of so many in all and of one address', async () => {
    await open({ limits: { socketsPerAddress: 2 } });
    const clients = [bench.open(), bench.open()];
    await Promise.all(clients.map((client) => client.until(isLive)));
    const third = bench.open();
    await third.until(({ refused }) => refused !== null);
    expect(third.refused).toBe('full');
    clients[0]?.close();
    await clients[1]?.until(({ ticks }) => ticks.length > 1);
    const fourth = bench.open();
    await fourth.until(isLive);
  });

  it('[GTW-22] leaks nothing of a customer to a public board, in whatever is sent', async () => {
    await open();
    const chance = createChance(seedFor('public board'));
    const secrets: string[] = [];
    const secret = (kind: string): string => {
      const made = `${kind}${chance.below(1e9)}${chance.below(1e9)}`;
      secrets.push(made);
      return made;
    };
    const client = bench.open();
    const poller = bench.open({ transport: 'polling' });
    await Promise.all([client.until(isLive), poller.until(isLive)]);
    for (let n = 0; n < 200; n++) {
      const call = secret('call');
      const customer = {
        id: secret('id'),
        name: secret('name'),
        address: chance.of([`+3712${secret('6')}`, `${secret('mail')}@example.com`]),
      };
      bench.floor.put('contacts', {
        ...contactRow(call, { customer, agent: `agent-${n % 9}`, queue: 'sales' }),
        reason: secret('reason'),
        incident: secret('incident'),
        callback: secret('callback'),
        disposition: secret('disposition'),
      });
      bench.floor.put(
        'agents',
        agentRow(`agent-${n % 9}`, {
          name: `Agent ${secret('surname')}`,
          contact: call,
          reason: secret('pause'),
          extension: secret('extension'),
          pausedIn: { sales: secret('pause') },
        }),
      );
      bench.floor.put('callbacks', {
        ...callbackRow(secret('promise'), { customer, note: secret('note') }),
        proof: { contact: call, talkMs: 1, at: NOON },
        addressKey: secret('7'),
        why: secret('why'),
      });
      bench.floor.put(
        'assists',
        assistRow(secret('assist'), { about: secret('about'), contact: call }),
      );
      if (n % 5 === 0)
        for (const id of [...bench.floor.facts.contacts.keys()].slice(0, 2))
          bench.floor.remove('contacts', id);
      bench.tell();
      if (n % 20 === 0) {
        client.comeBack();
        await client.until(({ ticks }) => ticks.length > n / 20);
      }
    }
    bench.floor.put('queues', queueRow('the end'));
    bench.tell();
    for (const each of [client, poller])
      await each.until(({ tables }) => tables.queues.has('the end'));
    const heard = client.heard + poller.heard;
    expect(heard.length).toBeGreaterThan(100_000);
    expect(secrets.length).toBeGreaterThan(2_000);
    expect(secrets.filter((each) => heard.includes(each))).toEqual([]);
    expect(client.tables.contacts.size).toBe(bench.floor.facts.contacts.size);
    expect(scopeOf(DEFAULT_BOARD, null, bench.floor.facts).audience).toBe('public');
  });
});
