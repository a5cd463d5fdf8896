// The doors of televisions: who gets a code, who approves it, what a screen's cookie opens, and how it ends.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_BOARD } from '../../server/contract/board.ts';
import { COMMANDS } from '../../server/contract/commands.ts';
import type {
  PairingBecame,
  PairingBegun,
  PairingSaid,
  ScreenSaid,
  ScreensAnswer,
} from '../../server/contract/access.ts';
import type { Told } from '../../server/contract/protocol.ts';
import { LogTrouble } from '../../server/log/log.ts';
import { memoryShelves } from '../../server/log/memory-shelves.ts';
import type { Shelves } from '../../server/log/shelves.ts';
import { call } from '../support/call.ts';
import type { Called } from '../support/call.ts';
import { openRegister } from '../support/channel-register.ts';
import { openBench, TOKEN } from '../support/gateway-bench.ts';
import type { Bench, BenchOptions } from '../support/gateway-bench.ts';
import { asPerson } from '../support/signed-in.ts';
import { isLive } from '../support/wire-client.ts';

const OWN = { demo: false, bootstrapToken: TOKEN } as const;
const BEARER = { authorization: `Bearer ${TOKEN}` };
const SALES = { ...DEFAULT_BOARD, id: 'sales', name: 'Sales' };
const GIVEN = { name: 'Hall', board: 'main' };
let bench: Bench;

afterEach(() => bench.close());

async function open(options: BenchOptions = {}): Promise<void> {
  bench = await openBench({ ...options, settings: { ...OWN, ...options.settings } });
}

interface Asking {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
function ask(method: string, path: string, { body, headers = BEARER }: Asking = {}) {
  const to = { port: bench.port, method, path };
  if (body === undefined || method === 'GET' || method === 'DELETE')
    return call({ ...to, headers });
  const json = { 'content-type': 'application/json', ...headers };
  return call({ ...to, headers: json, body: JSON.stringify(body) });
}
function said<T>({ body }: Called): T {
  return JSON.parse(body) as T;
}

const NOBODY = { headers: {} };
async function begin(body: object = {}): Promise<PairingBegun> {
  const begun = await ask('POST', '/api/v1/pairings', { body, headers: {} });
  expect(begun.status).toBe(201);
  return said(begun);
}
const mine = (ticket: string, headers: Readonly<Record<string, string>> = {}) =>
  ask('GET', '/api/v1/pairings/mine', {
    headers: { authorization: `Pairing ${ticket}`, ...headers },
  });

interface Paired {
  readonly screen: ScreenSaid;
  /** As a browser sends it. */
  readonly cookie: string;
}
async function pair(given: object = GIVEN, headers = BEARER): Promise<Paired> {
  const { code, ticket } = await begin();
  const made = await ask('POST', '/api/v1/screens', { body: { code, ...given }, headers });
  expect(made.status).toBe(201);
  const became = await mine(ticket);
  const cookie = became.headers['set-cookie']?.find((one) => one.startsWith('pharos_screen='));
  return { screen: said(made), cookie: cookie?.split(';')[0] ?? '' };
}
const screens = async (): Promise<ScreensAnswer> => said(await ask('GET', '/api/v1/screens'));

describe('a television that asks for a code', () => {
  it('[SCR-3] [SCR-12] is seen by whoever types the code, and gets its cookie by its own question', async () => {
    await open();
    const begun = await begin({ width: 1_920, height: 1_080 });
    expect(begun.code).toMatch(/^[B-Z]{4}-[B-Z]{4}$/);
    expect(begun.forMs).toBeGreaterThan(599_000);
    expect(begun.url).toBe(`${bench.url}/desk/screens`);
    expect(begun.svg).toMatch(/^<svg/);
    expect(said<PairingBecame>(await mine(begun.ticket))).toMatchObject({ state: 'open' });
    const seen = await ask('GET', `/api/v1/pairings/${begun.code.toLowerCase()}`);
    expect(said<PairingSaid>(seen)).toMatchObject({
      ...{ code: begun.code, from: '127.0.0.1', browser: '', width: 1_920, height: 1_080 },
    });
    expect(said<PairingSaid>(seen).ageMs).toBeLessThan(2_000);
    const body = { code: begun.code, ...GIVEN, inches: 65, seatMetres: 7, language: 'lv' };
    const made = await ask('POST', '/api/v1/screens', { body });
    expect([made.status, said(made)]).toMatchObject([
      201,
      { name: 'Hall', inches: 65, by: 'token' },
    ]);
    const became = await mine(begun.ticket);
    expect(said(became)).toEqual({ state: 'paired', path: '/wall/main' });
    expect(became.headers['set-cookie']).toEqual([
      expect.stringMatching(
        /^pharos_screen=[\w-]{43}; Max-Age=34560000; Path=\/; HttpOnly; SameSite=Lax$/,
      ),
    ]);
    // The code is used.
    expect((await ask('POST', '/api/v1/screens', { body })).status).toBe(404);
    expect((await ask('GET', `/api/v1/pairings/${begun.code}`)).status).toBe(404);
    expect((await mine('WDJBMJHT.nothing')).status).toBe(404);
    expect((await ask('GET', '/api/v1/pairings/mine', NOBODY)).status).toBe(404);
    expect((await screens()).screens).toMatchObject([{ name: 'Hall', seenAt: null }]);
    expect((await screens()).boards.map(({ id }) => id)).toEqual(['main']);
  });

  it('[SCR-10] gets ten codes a minute, and is told how long to wait', async () => {
    await open();
    for (let made = 0; made < 10; made += 1) await begin({ width: -1, height: 'wide' });
    const [one] = (await bench.access.records.pairings.all()).values();
    expect(one).toMatchObject({ width: null, height: null });
    const refused = await ask('POST', '/api/v1/pairings', { body: {}, headers: {} });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(30);
    expect((await bench.access.records.pairings.all()).size).toBe(10);
  });

  it('[SCR-10] is told to wait where 200 are open, and where Redis is away', async () => {
    const shelves = memoryShelves();
    let isAway = false;
    await open({ shelves: goingAway(shelves, () => isAway) });
    const { ticket } = await begin();
    for (let made = 1; made < 200; made += 1)
      await bench.access.pairings.begin({ from: '', browser: '', width: null, height: null });
    const full = await ask('POST', '/api/v1/pairings', { body: {}, headers: {} });
    expect([full.status, full.headers['retry-after']]).toEqual([503, '10']);
    isAway = true;
    for (const away of [
      await ask('POST', '/api/v1/pairings', { body: {}, headers: {} }),
      await mine(ticket),
      await ask('GET', '/api/v1/screens'),
      await ask('GET', '/api/v1/pairings/WDJB-MJHT'),
    ])
      expect([away.status, away.headers['retry-after'] !== undefined]).toEqual([503, true]);
  });
});

/** Shelves of a Redis that can be away. */
function goingAway(shelves: Shelves, isAway: () => boolean): Shelves {
  return {
    ...shelves,
    shelf: (name) =>
      new Proxy(shelves.shelf(name), {
        get: (shelf, key) =>
          isAway()
            ? () => Promise.reject(new LogTrouble('unreachable', 'away'))
            : (Reflect.get(shelf, key) as unknown),
      }),
  };
}

describe('a supervisor', () => {
  it('[SCR-11] waits after five wrong codes, also with a right one; what cannot be a code is not counted', async () => {
    await open();
    const anna = { cookie: await asPerson(bench, 'anna', { role: 'supervisor' }) };
    const nora = { cookie: await asPerson(bench, 'nora', { role: 'supervisor' }) };
    const { code } = await begin();
    for (let tried = 0; tried < 12; tried += 1)
      expect((await ask('GET', '/api/v1/pairings/WDJB', { headers: anna })).status).toBe(422);
    const tries = await Promise.all(
      Array.from({ length: 9 }, () => ask('GET', '/api/v1/pairings/WDJB-MJHT', { headers: anna })),
    );
    expect(tries.map(({ status }) => status).sort()).toEqual([
      ...Array.from({ length: 5 }, () => 404),
      ...Array.from({ length: 4 }, () => 429),
    ]);
    const right = await ask('POST', '/api/v1/screens', { body: { code, ...GIVEN }, headers: anna });
    expect(right.status).toBe(429);
    expect(Number(right.headers['retry-after'])).toBeGreaterThan(30);
    const other = await ask('POST', '/api/v1/screens', { body: { code, ...GIVEN }, headers: nora });
    expect(other.status).toBe(201);
    expect(said(other)).toMatchObject({ by: 'nora' });
  });

  it('[SCR-11] who types right codes is not held up by them', async () => {
    await open();
    const { code } = await begin();
    for (let tried = 0; tried < 8; tried += 1)
      expect((await ask('GET', `/api/v1/pairings/${code}`)).status).toBe(200);
  });

  it('[SCR-2] is told that somebody was quicker, of two at the same moment', async () => {
    await open();
    const { code } = await begin();
    const both = await Promise.all(
      ['Hall', 'Shop'].map((name) =>
        ask('POST', '/api/v1/screens', { body: { ...GIVEN, code, name } }),
      ),
    );
    const [first = 0, second = 0] = both.map(({ status }) => status).sort();
    // Quicker by a moment, or by more than that.
    expect(first).toBe(201);
    expect([404, 409]).toContain(second);
    expect((await screens()).screens).toHaveLength(1);
  });

  it('[SCR-12] says what a screen can be, or is told which field is wrong; nothing is changed by it', async () => {
    await open();
    const { code } = await begin();
    const wrong = async (body: object, field: string, expected: RegExp) => {
      const refused = await ask('POST', '/api/v1/screens', { body: { code, ...GIVEN, ...body } });
      expect([refused.status, said(refused)]).toEqual([
        422,
        {
          field,
          expected: expect.stringMatching(expected) as unknown,
          given: expect.any(String) as unknown,
        },
      ]);
    };
    await wrong({ name: ' ' }, 'name', /letters/);
    await wrong({ name: 'two\nlines' }, 'name', /one line/);
    await wrong({ board: 'nowhere' }, 'board', /^one of main$/);
    await wrong({ board: 'desk' }, 'board', /^one of main$/);
    await wrong({ inches: 55 }, 'seatMetres', /both/);
    await wrong({ seatMetres: 5 }, 'inches', /both/);
    await wrong({ inches: 900, seatMetres: 5 }, 'inches', /7 to 200/);
    await wrong({ inches: 55, seatMetres: '5' }, 'seatMetres', /0.3 to 30/);
    await wrong({ language: 'xx' }, 'language', /en, zh, lv/);
    await wrong({ code: 'WDJB' }, 'code', /eight letters/);
    expect((await screens()).screens).toEqual([]);
    const { screen } = await pair({ ...GIVEN, inches: 55, seatMetres: 5 });
    const path = `/api/v1/screens/${screen.id}`;
    expect((await ask('PATCH', path, { body: { inches: null } })).status).toBe(422);
    expect((await ask('PATCH', path, { body: { name: 7 } })).status).toBe(422);
    expect((await screens()).screens).toEqual([screen]);
    const both = { inches: null, seatMetres: null, name: ' Hall, left ' };
    expect(said(await ask('PATCH', path, { body: both }))).toEqual({
      ...screen,
      ...both,
      name: 'Hall, left',
    });
    for (const [method, end] of [
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/reload'],
    ] as const)
      expect((await ask(method, `/api/v1/screens/none${end}`, { body: {} })).status).toBe(404);
  });

  it('[SCR-13] or an installer pairs and changes screens; leads, agents and strangers do not', async () => {
    await open();
    const { code } = await begin();
    const { screen } = await pair();
    const path = `/api/v1/screens/${screen.id}`;
    const tries = [
      ['GET', '/api/v1/screens'],
      ['GET', `/api/v1/pairings/${code}`],
      ['POST', '/api/v1/screens'],
      ['PATCH', path],
      ['POST', `${path}/identify`],
      ['POST', `${path}/reload`],
      ['DELETE', path],
    ] as const;
    const all = async (headers: Readonly<Record<string, string>>) => {
      const statuses = new Set<number>();
      for (const [method, where] of tries)
        statuses.add((await ask(method, where, { body: { code, ...GIVEN }, headers })).status);
      return [...statuses].sort();
    };
    expect(await all({})).toEqual([401]);
    for (const role of ['lead', 'agent'] as const)
      expect(await all({ cookie: await asPerson(bench, role, { role }) })).toEqual([403]);
    expect((await screens()).screens).toEqual([screen]);
    expect(await all({ cookie: await asPerson(bench, 'anna', { role: 'supervisor' }) })).toEqual([
      200, 201, 202,
    ]);
    expect((await screens()).screens).toMatchObject([{ by: 'anna' }]);
  });

  it('[SCR-18] leaves a line in the trail for each screen that is paired, changed and revoked', async () => {
    await open();
    const anna = { cookie: await asPerson(bench, 'anna', { role: 'supervisor' }) };
    const { code } = await begin();
    const made = await ask('POST', '/api/v1/screens', { body: { code, ...GIVEN }, headers: anna });
    const { id } = said<ScreenSaid>(made);
    await ask('PATCH', `/api/v1/screens/${id}`, { body: { name: 'Shop' }, headers: anna });
    await ask('DELETE', `/api/v1/screens/${id}`, { headers: anna });
    const lines = (await bench.access.trail.read(20, null)).filter(({ about }) => about === id);
    expect(lines.reverse()).toMatchObject([
      { what: 'screen-paired', by: 'anna', from: '127.0.0.1', more: { name: 'Hall' } },
      { what: 'screen-changed', by: 'anna', more: { name: 'Shop' } },
      { what: 'screen-ended', by: 'anna', more: { name: 'Shop' } },
    ]);
  });
});

describe('a paired screen', () => {
  it('[SCR-14] opens its board, and no other page, door or board', async () => {
    const outbox = {
      deadLetters: () => Promise.resolve([]),
      backlog: () => Promise.resolve({ rows: 0, oldestDueAt: null }),
    };
    await open({ channels: openRegister().register, outbox });
    bench.floor.put('boards', SALES);
    bench.tell();
    const { cookie } = await pair();
    const tv = { headers: { cookie } };
    for (const path of ['/', '/wall/sales', '/desk', '/desk/screens', '/pair'])
      expect([path, (await ask('GET', path, tv)).headers.location]).toEqual([path, '/wall/main']);
    // The client is not built here; it would be shown.
    expect((await ask('GET', '/wall/main', tv)).status).toBe(503);
    const doors = doorsOf();
    expect(doors.length).toBeGreaterThan(20);
    for (const [method, path] of doors) {
      const { status } = await ask(method, path, { headers: { cookie }, body: {} });
      expect([method, path, status]).toEqual([method, path, 403]);
    }
    const board = bench.open({ headers: { cookie }, auth: { board: 'main' } });
    await board.until(isLive);
    const own = bench.open({ headers: { cookie } });
    await own.until(isLive);
    expect(own.board?.id).toBe('main');
    for (const auth of [{ board: 'sales' }, { board: 'desk' }, { draft: { name: 'x' } }]) {
      const other = bench.open({ headers: { cookie }, auth });
      await other.until(({ refused }) => refused !== null);
      expect([other.refused, other.board]).toEqual(['draft' in auth ? 'board' : 'moved', null]);
    }
  });

  it('[SCR-14] is heard in no command', async () => {
    await open({ limits: { commandsPerSecond: 1_000, packetsPerSecond: 1_000 } });
    const { cookie } = await pair();
    const board = bench.open({ headers: { cookie }, auth: { board: 'main' } });
    await board.until(isLive);
    for (const name of COMMANDS) {
      const answer = await new Promise((resolve) => board.socket.emit(name, {}, resolve));
      expect([name, answer]).toEqual([
        name,
        { refused: expect.stringMatching(/^(not-allowed|no-person)$/) as unknown },
      ]);
    }
    expect(bench.obeyed).toEqual([]);
  });

  it.each(['websocket', 'polling'] as const)(
    '[SCR-15] that is revoked loses its socket by %s, and its cookie gets nothing any more',
    async (transport) => {
      await open();
      const { screen, cookie } = await pair();
      const how = { headers: { cookie }, auth: { board: 'main' }, transport };
      const board = bench.open(how);
      await board.until(isLive);
      await ask('DELETE', `/api/v1/screens/${screen.id}`);
      await board.until(({ refused }) => refused !== null);
      expect(board.refused).toBe('unpaired');
      await board.until(({ socket }) => !socket.connected);
      const stolen = bench.open(how);
      await stolen.until(({ refused }) => refused !== null);
      expect([stolen.refused, stolen.said, stolen.heard]).toEqual([
        'unpaired',
        [],
        'refused {"reason":"unpaired"}\n',
      ]);
      const page = await ask('GET', '/wall/main', { headers: { cookie } });
      expect([page.status, page.headers.location]).toEqual([303, '/pair']);
      const gone = await ask('GET', '/pair', { headers: { cookie } });
      expect(gone.headers['set-cookie']?.[0]).toMatch(
        /^pharos_screen=; .*Expires=Thu, 01 Jan 1970/,
      );
      expect((await ask('GET', '/api/v1/floor', { headers: { cookie } })).status).toBe(401);
    },
  );

  it('[SCR-15] that was approved and revoked before it came for its cookie gets none', async () => {
    await open();
    const { code, ticket } = await begin();
    const made = await ask('POST', '/api/v1/screens', { body: { code, ...GIVEN } });
    await ask('DELETE', `/api/v1/screens/${said<ScreenSaid>(made).id}`);
    const late = await mine(ticket);
    expect([late.status, late.headers['set-cookie']]).toEqual([404, undefined]);
  });

  it('[SCR-15] that was revoked is no desk at the demo either', async () => {
    await open({ settings: { demo: true, bootstrapToken: null } });
    const { screen, cookie } = await pair(GIVEN, {} as typeof BEARER);
    const demo = { headers: { cookie } };
    await ask('DELETE', `/api/v1/screens/${screen.id}`, NOBODY);
    expect((await ask('GET', '/', demo)).headers.location).toBe('/pair');
    expect((await ask('GET', '/api/v1/floor', NOBODY)).status).toBe(200);
  });

  it('[SCR-16] follows its own diagonal, seat and language at once, and is led to another board', async () => {
    await open();
    bench.floor.put('boards', SALES);
    bench.tell();
    const { screen, cookie } = await pair();
    const path = `/api/v1/screens/${screen.id}`;
    const board = bench.open({ headers: { cookie }, auth: { board: 'main' } });
    await board.until(isLive);
    expect(board.board).toMatchObject({ language: 'en', screen: { inches: 55, seatMetres: 5 } });
    const own = { inches: 32, seatMetres: 2, language: 'zh' };
    await ask('PATCH', path, { body: own });
    await board.until((one) => one.board?.language === 'zh');
    expect(board.board?.screen).toEqual({ inches: 32, seatMetres: 2 });
    await ask('PATCH', path, { body: { board: 'sales' } });
    await board.until(({ refused }) => refused !== null);
    expect(board.refused).toBe('moved');
    expect((await ask('GET', '/', { headers: { cookie } })).headers.location).toBe('/wall/sales');
    const there = bench.open({ headers: { cookie }, auth: { board: 'sales' } });
    await there.until(isLive);
    expect(there.board).toMatchObject({ id: 'sales', language: 'zh' });
  });

  it('[SCR-17] is told to show its present name or to load anew, by either way, and nobody else is', async () => {
    await open();
    const hall = await pair();
    const shop = await pair({ ...GIVEN, name: 'Shop' });
    const told: string[] = [];
    const listen = async (
      name: string,
      headers: Readonly<Record<string, string>>,
      transport: 'websocket' | 'polling' = 'websocket',
    ) => {
      const one = bench.open({ headers, auth: { board: 'main' }, transport });
      one.socket.on('told', (what: Told) => told.push(`${name} ${JSON.stringify(what)}`));
      await one.until(isLive);
    };
    await listen('hall', { cookie: hall.cookie });
    await listen('slow', { cookie: hall.cookie }, 'polling');
    await listen('shop', { cookie: shop.cookie });
    await listen('desk', BEARER);
    const path = `/api/v1/screens/${hall.screen.id}`;
    await ask('PATCH', path, { body: { name: 'Hall, left' } });
    expect((await ask('POST', `${path}/identify`)).status).toBe(202);
    expect((await ask('POST', `${path}/reload`)).status).toBe(202);
    await ask('POST', `/api/v1/screens/${shop.screen.id}/reload`);
    await expect.poll(() => told.length).toBe(5);
    const name = '{"identify":{"name":"Hall, left","forMs":20000}}';
    expect([...told].sort()).toEqual(
      [
        `hall ${name}`,
        'hall {"reload":true}',
        'shop {"reload":true}',
        `slow ${name}`,
        'slow {"reload":true}',
      ].sort(),
    );
    expect(told.find((one) => one.startsWith('hall'))).toContain('identify');
  });

  it('[SCR-5] says that it is there, and what it painted', async () => {
    await open();
    const { cookie } = await pair();
    const board = bench.open({ headers: { cookie }, auth: { board: 'main' }, isMute: true });
    await board.until(isLive);
    const painted = Date.now() - 40;
    board.socket.emit('have', { ...board.position, painted, build: 'abc' });
    // It is written once in five seconds.
    await expect
      .poll(async () => (await screens()).screens[0], { timeout: 12_000 })
      .toMatchObject({ paintedAt: painted, build: 'abc' });
  });

  it('[SCR-19] is led from /pair to its board, and ends the session of whoever was signed in there', async () => {
    await open();
    const person = await asPerson(bench, 'anna', { role: 'supervisor' });
    const { code, ticket } = await begin();
    await ask('POST', '/api/v1/screens', { body: { code, ...GIVEN } });
    expect((await ask('GET', '/api/v1/session', { headers: { cookie: person } })).status).toBe(200);
    const became = await mine(ticket, { cookie: person });
    const set = became.headers['set-cookie'] ?? [];
    expect(set.map((one) => one.split('=')[0]).sort()).toEqual(['pharos_screen', 'pharos_session']);
    expect(set.find((one) => one.startsWith('pharos_session='))).toMatch(/^pharos_session=;/);
    expect((await ask('GET', '/api/v1/session', { headers: { cookie: person } })).status).toBe(401);
  });
});

/** Each door of the API that is not open to all, as the sources of the gateway name it, with any id in it. */
function doorsOf(): readonly (readonly [string, string])[] {
  const folder = 'server/gateway';
  const named = readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .flatMap((text) => [...text.matchAll(/app\.(get|post|put|patch|delete)\(\s*'(\/api[^']*)'/g)])
    .map(([, method = '', path = '']) => [method.toUpperCase(), path.replace(/:\w+|\*/g, 'any')]);
  const doors = named.filter(([, path = '']) => !BY_LINK.includes(path)) as [string, string][];
  return [...doors, ['PUT', '/api/v1/channels/any'], ['GET', '/api/v1/floor']];
}

/** What is shown there is a link of another kind. */
const BY_LINK = ['/api/v1/help', '/api/v1/take', '/api/v1/pairings', '/api/v1/pairings/mine'];
