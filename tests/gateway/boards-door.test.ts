// The door of boards against a real log: what it takes, what it refuses and with what instead, and what becomes of two who change one board.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import type { BoardSaid, BoardsSaid } from '../../server/contract/board.ts';
import { DEFAULT_BOARD } from '../../server/contract/board.ts';
import { openMemoryStore } from '../../server/log/memory-store.ts';
import type { MemoryStore } from '../../server/log/memory-store.ts';
import { openWatchingHouse } from '../alerts/watching-house.ts';
import type { WatchingHouse } from '../alerts/watching-house.ts';
import { call } from '../support/call.ts';
import type { Called } from '../support/call.ts';
import { openBench, TOKEN } from '../support/gateway-bench.ts';
import type { Bench } from '../support/gateway-bench.ts';

const HALL = {
  name: 'Hall',
  audience: 'public',
  queues: null,
  teams: null,
  language: 'lv',
  pages: ['floor', 'queues'],
  rotateSeconds: 12,
  screen: { inches: 65, seatMetres: 6 },
};

let store: MemoryStore;
let house: WatchingHouse;
let bench: Bench;
let other: Bench;

/** Two gateways of one server's floor, so that two may write at the same time. */
beforeEach(async () => {
  store = openMemoryStore(systemClock);
  let gateways: readonly Bench[] = [];
  house = await openWatchingHouse(store, systemClock, {
    onTurn: (touched) => gateways.forEach(({ gateway }) => gateway.changed(touched)),
  });
  const real = {
    facts: house.floor.facts,
    obey: () => Promise.resolve({ ok: true } as const),
    append: (entries: Parameters<MemoryStore['appendFields']>[0]) => store.appendFields(entries),
  };
  const settings = { demo: false, bootstrapToken: TOKEN };
  bench = await openBench({ real, settings });
  other = await openBench({ real, settings });
  gateways = [bench, other];
});
afterEach(async () => {
  await bench.close();
  await other.close();
  await house.close();
});

interface Say {
  readonly method?: string;
  readonly said?: unknown;
  readonly at?: Bench;
  readonly headers?: Readonly<Record<string, string>>;
}

function say(
  path: string,
  { method = 'GET', said, at = bench, headers }: Say = {},
): Promise<Called> {
  return call({
    port: at.port,
    method,
    path: `/api/v1/boards${path}`,
    headers: {
      ...(said === undefined ? {} : { 'content-type': 'application/json' }),
      ...(headers ?? { authorization: `Bearer ${TOKEN}` }),
    },
    ...(said === undefined ? {} : { body: JSON.stringify(said) }),
  });
}

const put = (id: string, said: unknown, at = bench) => say(`/${id}`, { method: 'PUT', said, at });
const boardIn = ({ body }: Called) => (JSON.parse(body) as { board: BoardSaid }).board;
const problemIn = ({ body }: Called) => JSON.parse(body) as unknown;
const list = async () => (JSON.parse((await say('')).body) as BoardsSaid).boards;

describe('boards by HTTP', () => {
  it('[MNG-30] are listed with the one that is there by itself, until somebody saves it', async () => {
    expect(await list()).toEqual([{ ...DEFAULT_BOARD, isSaved: false }]);
    expect((await put('hall', { ...HALL, over: null })).status).toBe(200);
    expect((await list()).map(({ id, isSaved }) => [id, isSaved])).toEqual([
      ['main', false],
      ['hall', true],
    ]);
    expect((await put('main', { ...HALL, name: 'Ours', over: null })).status).toBe(200);
    const saved = (await list()).find(({ id }) => id === 'main');
    expect(saved).toMatchObject({ name: 'Ours', isSaved: true });
    const removed = await say(`/main?over=${saved?.revision ?? ''}`, { method: 'DELETE' });
    expect(removed.status).toBe(200);
    expect(boardIn(removed)).toEqual({ ...DEFAULT_BOARD, isSaved: false });
  });

  it('[MNG-31] are answered once this server has read them back, and whoever asks next sees them', async () => {
    const answer = await put('hall', { ...HALL, name: ' Hall ', over: null });
    expect(answer.status).toBe(200);
    const board = boardIn(answer);
    expect(board).toEqual({
      ...{ ...HALL, id: 'hall', isSaved: true },
      revision: expect.any(String) as string,
    });
    expect(house.floor.facts.boards.get('hall')?.revision).toBe(board.revision);
    const client = bench.open({ auth: { board: 'hall', token: TOKEN } });
    await expect.poll(() => client.board?.name).toBe('Hall');
  });

  it('[MNG-32] of two who change one board the second is told, and nothing of the first is undone', async () => {
    const first = boardIn(await put('hall', { ...HALL, over: null }));
    const over = first.revision ?? null;
    expect((await put('hall', { ...HALL, name: 'Mine', over })).status).toBe(200);
    const late = await put('hall', { ...HALL, name: 'Theirs', over });
    expect(late.status).toBe(409);
    expect(boardIn(late).name).toBe('Mine');
    const removing = await say(`/hall?over=${over ?? ''}`, { method: 'DELETE' });
    expect(removing.status).toBe(409);
    expect(house.floor.facts.boards.get('hall')?.name).toBe('Mine');
    // Nor does who thought that there was none.
    expect((await put('hall', { ...HALL, over: null })).status).toBe(409);
    const now = boardIn(late).revision ?? '';
    expect((await say(`/hall?over=${now}`, { method: 'DELETE' })).status).toBe(200);
    expect(house.floor.facts.boards.has('hall')).toBe(false);
  });

  it('[MNG-32] of two who save in one instant on two servers one has it, and the other is told', async () => {
    const over = boardIn(await put('hall', { ...HALL, over: null })).revision ?? null;
    for (let round = 0, before = over; round < 5; round += 1) {
      const names = [`a${round}`, `b${round}`];
      const answers = await Promise.all([
        put('hall', { ...HALL, name: names[0], over: before }, bench),
        put('hall', { ...HALL, name: names[1], over: before }, other),
      ]);
      const won = answers.findIndex(({ status }) => status === 200);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      const standing = house.floor.facts.boards.get('hall');
      expect(standing?.name).toBe(names[won]);
      expect(boardIn(answers[1 - won] ?? answers[0]).name).toBe(names[won]);
      before = standing?.revision ?? null;
    }
  });

  it.each([
    ['name', { name: '  ' }, 'a name'],
    ['language', { language: 'tlh' }, /en/],
    ['pages', { pages: ['queues', 'queues'] }, 'each page once'],
    ['pages', { pages: [] }, /1/],
    ['queues', { queues: [] }, 'at least one, or null for no choice'],
    ['queuesOf', { queues: ['a'], queuesOf: ['t'] }, /either queues or the teams/],
    ['screen.inches', { screen: { inches: 3, seatMetres: 5 } }, /7/],
    ['rotateSeconds', { rotateSeconds: 1 }, /5/],
    ['colour', { colour: 'red' }, /one of name, audience/],
    ['over', { over: undefined }, /the revision that it replaces/],
  ])(
    '[MNG-33] are refused by the field %s, with what was expected',
    async (field, part, expected) => {
      const answer = await put('hall', { ...HALL, over: null, ...part });
      expect(answer.status).toBe(422);
      expect(problemIn(answer)).toMatchObject({
        field,
        expected: expect.stringMatching(expected) as string,
        given: expect.any(String) as string,
      });
      expect(house.floor.facts.boards.size).toBe(0);
    },
  );

  it('[MNG-33] are refused under the id of the desk itself, and under none', async () => {
    expect(problemIn(await put('desk', { ...HALL, over: null }))).toMatchObject({ field: 'id' });
    expect((await say('/desk', { method: 'DELETE' })).status).toBe(422);
    expect((await say('/hall/more', { method: 'PUT', said: HALL })).status).toBe(404);
    expect((await say('/hall', { method: 'DELETE' })).status).toBe(404);
    expect((await put('%00', { ...HALL, over: null })).status).toBe(422);
  });

  it('[MNG-34] that could not be read are refused, with the nearest that could', async () => {
    const far = await put('hall', {
      ...HALL,
      over: null,
      screen: { inches: 32, seatMetres: 12 },
    });
    expect(far.status).toBe(422);
    expect(problemIn(far)).toEqual({
      field: 'screen',
      expected: expect.stringContaining('a seat at 6 m') as string,
      given: '32 inches read from 12 m: 2 lines would fit, and a board needs 5',
      mends: [
        { kind: 'nearer', seatMetres: 6 },
        { kind: 'larger', inches: 65 },
      ],
    });
    const low = await put('hall', {
      ...{ ...HALL, over: null, pages: ['queues', 'today'] },
      screen: { inches: 55, seatMetres: 9.5 },
    });
    expect(problemIn(low)).toMatchObject({ field: 'pages', given: /no room for today/ });
    expect(house.floor.facts.boards.size).toBe(0);
  });

  it('[MNG-35] are for supervisors and up; leads may read which there are', async () => {
    const stampOf = async (id: string): Promise<string> =>
      (await bench.access.accounts.read(id))?.stamp ?? '';
    const as = async (id: string, role: 'lead' | 'supervisor') => {
      await bench.access.accounts.make({ id, name: id, login: id, role, teams: ['t0'] });
      const { text } = await bench.access.sessions.begin(
        { person: id, said: null, by: 'password', stamp: await stampOf(id) },
        { from: '127.0.0.1', browser: 'test' },
      );
      return { cookie: `pharos_session=${text}` };
    };
    const lead = await as('lena', 'lead');
    const supervisor = await as('suzy', 'supervisor');
    const said = { ...HALL, over: null };
    expect((await say('', { headers: lead })).status).toBe(200);
    expect((await say('/hall', { method: 'PUT', said, headers: lead })).status).toBe(403);
    expect((await say('/hall', { method: 'DELETE', headers: lead })).status).toBe(403);
    expect((await say('', { headers: {} })).status).toBe(401);
    expect((await say('/hall', { method: 'PUT', said, headers: supervisor })).status).toBe(200);
    const lines = await bench.access.trail.read(10, null);
    expect(lines.find(({ what }) => what === 'board-saved')).toMatchObject({
      by: 'suzy',
      about: 'hall',
      more: { name: 'Hall' },
    });
  });

  it('[MNG-36] say so where the log cannot be reached, and where it is not read in time', async () => {
    house.cut(true);
    const unread = await put('hall', { ...HALL, over: null });
    expect(unread.status).toBe(503);
    expect(unread.body).toContain('has not read it yet');
    house.cut(false);
    await expect.poll(() => house.floor.facts.boards.has('hall')).toBe(true);
  });
});
