// Doors by role: who is let in where, what is refused, and what becomes of open sockets when that changes.
import fastify from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { ACCESS_ROLES } from '../../server/contract/access.ts';
import type { AccessRole } from '../../server/contract/access.ts';
import { DEFAULT_BOARD } from '../../server/contract/board.ts';
import type { CommandAnswer } from '../../server/contract/commands.ts';
import { guardDoors } from '../../server/gateway/doors.ts';
import { LogTrouble } from '../../server/log/log.ts';
import { createThrottle } from '../../server/log/throttle.ts';
import { memoryShelves } from '../../server/log/memory-shelves.ts';
import type { Shelves } from '../../server/log/shelves.ts';
import { call } from '../support/call.ts';
import type { Called } from '../support/call.ts';
import { openBench, TOKEN } from '../support/gateway-bench.ts';
import type { Bench, BenchOptions } from '../support/gateway-bench.ts';
import { agentRow, alertRow, assistRow, teamRow } from '../support/paper-rows.ts';
import { asPerson, cookieOf, PASSWORD, post, withToken } from '../support/signed-in.ts';
import { isLive } from '../support/wire-client.ts';
import type { WireClient } from '../support/wire-client.ts';

const SITE = { settings: { demo: false, bootstrapToken: TOKEN } } satisfies BenchOptions;
const BEARER = { authorization: `Bearer ${TOKEN}` };
const JSON_BODY = { 'content-type': 'application/json' };
const WITHIN_2_S = { timeout: 2_000, interval: 20 };

let bench: Bench;
let more: Bench[] = [];
afterEach(async () => {
  await Promise.all([bench, ...more].map((each) => each.close()));
  more = [];
});

async function open(options: BenchOptions = {}): Promise<void> {
  bench = await openBench({ ...SITE, ...options });
  for (const team of ['billing', 'sales']) bench.floor.put('teams', teamRow(team));
  bench.tell();
}
function ask(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body?: unknown,
): Promise<Called> {
  const { port } = bench;
  if (body === undefined) return call({ port, method, path, headers });
  const text = JSON.stringify(body);
  return call({ port, method, path, headers: { ...JSON_BODY, ...headers }, body: text });
}
function said<T>({ body }: Called): T {
  return JSON.parse(body) as T;
}
async function deskOf(cookie: string, at: Bench = bench): Promise<WireClient> {
  const client = at.open({ auth: { board: 'desk' }, headers: { cookie } });
  await client.until(isLive);
  return client;
}
function say(client: WireClient, name: string, words: unknown): Promise<CommandAnswer> {
  return client.socket.emitWithAck(name, words) as Promise<CommandAnswer>;
}
async function over(client: WireClient): Promise<string | null> {
  await expect.poll(() => client.socket.connected, WITHIN_2_S).toBe(false);
  return client.refused;
}

/** A call for each kind of door, and the least role that it opens to. */
const DOORS: readonly (readonly [
  method: string,
  path: string,
  least: AccessRole,
  body?: unknown,
])[] = [
  ['GET', '/wall/main', 'wall'],
  ['GET', '/desk', 'lead'],
  ['GET', '/desk/account', 'agent'],
  ['GET', '/api/v1/session', 'agent'],
  ['GET', '/api/v1/account/sessions', 'agent'],
  ['DELETE', '/api/v1/account/sessions/x', 'agent'],
  ['POST', '/api/v1/account/password', 'agent', { old: 'x', password: 'y' }],
  ['GET', '/api/v1/alerts', 'lead'],
  ['GET', '/api/v1/alerts/x', 'lead'],
  ['POST', '/api/v1/alerts/x/acknowledge', 'lead', {}],
  ['GET', '/api/v1/callbacks/x', 'lead'],
  ['GET', '/api/v1/help-links', 'lead'],
  ['POST', '/api/v1/help-links', 'lead', { agent: 'nobody' }],
  ['DELETE', '/api/v1/help-links/x', 'lead'],
  ['GET', '/api/v1/floor', 'supervisor'],
  ['GET', '/api/v1/intervals', 'supervisor'],
  ['GET', '/api/v1/people', 'installer'],
  ['POST', '/api/v1/people', 'installer', {}],
  ['PATCH', '/api/v1/people/x', 'installer', {}],
  ['DELETE', '/api/v1/people/x', 'installer'],
  ['POST', '/api/v1/people/x/invitation', 'installer', {}],
  ['GET', '/api/v1/people/x/sessions', 'installer'],
  ['GET', '/api/v1/tokens', 'installer'],
  ['POST', '/api/v1/tokens', 'installer', {}],
  ['PUT', '/api/v1/tokens/x', 'installer', {}],
  ['DELETE', '/api/v1/tokens/x', 'installer'],
  ['GET', '/api/v1/trail', 'installer'],
  ['POST', '/api/v1/events', 'installer', {}],
];

describe('a door', () => {
  it('[ACC-10] that does not say who may knock lets the server not start', async () => {
    await open();
    for (const config of [undefined, {}] as const) {
      const app = fastify();
      guardDoors(app, { guard: null as never, doorman: null as never, onCame: () => undefined });
      app.get('/said', { config: { least: 'lead' } }, () => 'x');
      app.get('/unsaid', config === undefined ? {} : { config }, () => 'x');
      await expect(app.ready()).rejects.toThrow('/unsaid does not say who may knock');
    }
  });

  it('[ACC-11] opens to its role and those above, to nobody under it, and to nobody unknown', async () => {
    await open({ limits: { callsPerMinute: 10_000 } });
    const cookies = new Map<AccessRole, string>();
    for (const role of ACCESS_ROLES)
      if (role !== 'wall') cookies.set(role, await asPerson(bench, `a-${role}`, { role }));
    const { records } = bench.access;
    const secret = 'w'.repeat(43);
    const { createHash } = await import('node:crypto');
    await records.screens.put('tv', {
      hash: createHash('sha256').update(secret).digest('base64url'),
      ...{ name: 'TV', board: 'main', inches: null, seatMetres: null, language: null },
      ...{ pairedAt: 0, by: 'x', browser: '', from: '' },
    });
    cookies.set('wall', `pharos_screen=${secret}`);
    for (const [method, path, least, body] of DOORS) {
      const isPage = !path.startsWith('/api/');
      const nobody = await ask(method, path, {}, body);
      expect([method, path, nobody.status]).toEqual([method, path, isPage ? 303 : 401]);
      if (isPage) expect(nobody.headers.location).toMatch(/^\/sign-in\?next=/);
      for (const role of ACCESS_ROLES) {
        const cookie = cookies.get(role) ?? '';
        const { status, headers } = await ask(method, path, { cookie }, body);
        const isIn = ACCESS_ROLES.indexOf(role) >= ACCESS_ROLES.indexOf(least);
        const turned = isPage ? status === 303 : status === 403;
        expect([method, path, role, turned]).toEqual([method, path, role, !isIn]);
        if (!isIn && isPage)
          expect(headers.location).toBe(role === 'wall' ? '/wall/main' : '/help');
      }
    }
  });

  it('[ACC-12] takes nothing from a page of another site, and nothing by being looked at', async () => {
    await open();
    const cookie = await asPerson(bench, 'ivo', { role: 'installer' });
    const people = async (): Promise<string> =>
      JSON.stringify((await bench.access.accounts.list()).map((one) => ({ ...one, seenAt: null })));
    const before = await people();
    const invite = { name: 'Anna', login: 'anna', role: 'lead' };
    for (const foreign of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ] as readonly Readonly<Record<string, string>>[]) {
      const answer = await ask('POST', '/api/v1/people', { cookie, ...foreign }, invite);
      expect([foreign, answer.status]).toEqual([foreign, 403]);
      const out = await post(bench, {}, { path: '/sign-out', headers: { cookie, ...foreign } });
      expect([foreign, out.status]).toEqual([foreign, 403]);
    }
    // A form of another site would come with no JSON.
    expect(
      (await post(bench, invite, { path: '/api/v1/people', headers: { cookie } })).status,
    ).toBe(415);
    for (const path of ['/sign-out', '/api/v1/people/ivo/invitation', '/api/v1/account/password'])
      expect([403, 404, 405]).toContain((await ask('GET', path, { cookie })).status);
    expect(await people()).toBe(before);
    expect((await ask('GET', '/api/v1/session', { cookie })).status).toBe(200);
  });

  it('[ACC-14] knows while Redis is away whom it knew, and nobody else', async () => {
    let isAway = false;
    const within = memoryShelves();
    const shelves: Shelves = {
      ...within,
      shelf(name) {
        const shelf = within.shelf(name);
        const reached = <T>(work: () => Promise<T>): Promise<T> =>
          isAway ? Promise.reject(new LogTrouble('unreachable', 'away')) : work();
        return {
          ...shelf,
          read: (id) => reached(() => shelf.read(id)),
          all: () => reached(() => shelf.all()),
        };
      },
    };
    await open({ shelves });
    const known = await asPerson(bench, 'anna', { role: 'supervisor' });
    const unseen = await asPerson(bench, 'nora', { role: 'supervisor' });
    expect((await ask('GET', '/api/v1/floor', { cookie: known })).status).toBe(200);
    isAway = true;
    expect((await ask('GET', '/api/v1/floor', { cookie: known })).status).toBe(200);
    await deskOf(known);
    expect((await ask('GET', '/api/v1/floor', { cookie: unseen })).status).toBe(503);
    // A television that is switched on now waits by itself.
    for (const path of ['/wall/main', '/desk']) {
      const page = await ask('GET', path, { cookie: unseen });
      expect([page.status, page.body]).toEqual([503, expect.stringContaining('npm run build')]);
    }
    expect((await ask('GET', '/api/v1/floor', BEARER)).status).toBe(200);
    const waits = bench.open({ auth: { board: 'desk' }, headers: { cookie: unseen } });
    await waits.until(({ refused }) => refused !== null);
    expect([waits.refused, waits.said]).toEqual(['starting', []]);
    expect((await post(bench, { login: 'anna', password: PASSWORD })).status).toBe(503);
    isAway = false;
    await deskOf(unseen);
  });
});

describe('signing in', () => {
  it('[ACC-15] is as oneself: what is said is known by the account', async () => {
    await open();
    await asPerson(bench, 'anna', { role: 'lead', teams: ['billing'] });
    const signed = await post(bench, { login: ' Anna ', password: PASSWORD, next: '/desk/today' });
    expect([signed.status, signed.headers.location]).toEqual([303, '/desk/today']);
    const cookie = cookieOf(signed);
    expect(said(await ask('GET', '/api/v1/session', { cookie }))).toMatchObject({
      role: 'lead',
      account: { id: 'anna', login: 'anna', teams: ['billing'] },
      person: { id: 'anna', role: 'lead', team: 'billing', unverified: false },
      choosesPerson: false,
    });
    const client = await deskOf(cookie);
    expect(await say(client, 'presence', { presence: 'desk' })).toEqual({ ok: true });
    expect(bench.obeyed.map(({ by }) => by)).toEqual([{ id: 'anna', how: 'account' }]);
    // Nobody says any more who they are, whoever has the token included.
    const token = await withToken(bench);
    bench.floor.put('agents', agentRow('nora', { role: 'supervisor' }));
    for (const each of [cookie, token])
      expect(
        (await ask('POST', '/api/v1/session/person', { cookie: each }, { agent: 'nora' })).status,
      ).toBe(409);
    expect(await say(await deskOf(token), 'presence', { presence: 'desk' })).toEqual({
      refused: 'no-person',
    });
  });

  it('[ACC-4] tells a wrong name and a wrong password alike', async () => {
    await open();
    await asPerson(bench, 'anna', { role: 'lead' });
    const answers = [
      await post(bench, { login: 'anna', password: 'wrong' }),
      await post(bench, { login: 'nobody', password: PASSWORD }),
      await post(bench, { login: '', password: '' }),
    ];
    for (const { status, headers, body } of answers) {
      expect([status, headers['set-cookie']]).toEqual([401, undefined]);
      expect(body).toContain('do not belong together');
    }
  });

  it('[ACC-9] is stopped after five wrong passwords for one name from one address, for all servers', async () => {
    await open();
    await asPerson(bench, 'anna', { role: 'lead' });
    await asPerson(bench, 'nora', { role: 'lead' });
    const wrong = await Promise.all(
      Array.from({ length: 8 }, (_, n) => post(bench, { login: 'anna', password: `wrong ${n}` })),
    );
    expect(wrong.map(({ status }) => status).sort()).toEqual([
      401, 401, 401, 401, 401, 429, 429, 429,
    ]);
    const right = await post(bench, { login: 'ANNA', password: PASSWORD });
    expect([right.status, right.headers['set-cookie']]).toEqual([429, undefined]);
    expect(Number(right.headers['retry-after'])).toBeGreaterThan(0);
    expect((await post(bench, { login: 'nora', password: PASSWORD })).status).toBe(303);
  });

  it('[ACC-17] counts a name that can be nobody’s by its address only, and notes no name that is nobody’s', async () => {
    const kept: string[] = [];
    const within = createThrottle(null);
    await open({
      throttle: {
        ...within,
        take(what, who) {
          kept.push(`${what} ${who}`);
          return within.take(what, who);
        },
      },
    });
    const long = 'ﷺ'.repeat(400);
    for (const login of [long, 'two words', 'a\nb', ''])
      expect((await post(bench, { login, password: 'x' })).status).toBe(401);
    expect(new Set(kept)).toEqual(new Set(['address 127.0.0.1']));
    await post(bench, { login: 'my-secret-password', password: 'x' });
    const lines = await bench.access.trail.read(10, null);
    expect(lines.map(({ what, about }) => [what, about])).toEqual(
      lines.map(() => ['sign-in-failed', null]),
    );
    expect(JSON.stringify(bench.happenings)).not.toContain('my-secret-password');
  });

  it('[ACC-9] is not used up for somebody by one address that guesses on', async () => {
    await open({ settings: { ...SITE.settings, trustProxy: true } });
    await asPerson(bench, 'anna', { role: 'lead' });
    const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
    for (let n = 0; n < 150; n += 1)
      await post(bench, { login: 'anna', password: 'x' }, from('10.0.0.9'));
    const own = { login: 'anna', password: PASSWORD };
    expect((await post(bench, own, from('10.0.0.7'))).status).toBe(303);
  });

  it('[ACC-9] is stopped for one name from many addresses, and for many names from one', async () => {
    await open({ settings: { ...SITE.settings, trustProxy: true } });
    const from = (n: number) => ({ headers: { 'x-forwarded-for': `10.0.${n >> 8}.${n & 255}` } });
    const statuses: number[] = [];
    for (let n = 0; n < 102; n += 1)
      statuses.push((await post(bench, { login: 'anna', password: 'x' }, from(n))).status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(2);
    const many: number[] = [];
    for (let n = 0; n < 32; n += 1)
      many.push((await post(bench, { login: `name-${n}`, password: 'x' }, from(999))).status);
    expect(many.filter((status) => status === 429)).toHaveLength(2);
  });

  it('[ACC-9] is not stopped for a whole floor that comes by one address', async () => {
    await open();
    await asPerson(bench, 'anna', { role: 'lead' });
    for (let n = 0; n < 35; n += 1)
      expect((await post(bench, { login: 'anna', password: PASSWORD })).status).toBe(303);
  });

  it('[ACC-5] begins with the link that is printed, and ends it', async () => {
    await open();
    const path = (await bench.gateway.firstInvitation()) ?? '';
    expect(path).toMatch(/^\/welcome\/[\w-]{43}$/);
    expect((await ask('GET', path)).body).toContain('You are the first here');
    const form = { name: 'Ivo', login: 'ivo@example.com', password: PASSWORD, again: PASSWORD };
    for (const [wrong, words] of [
      [{ again: 'another one of these' }, 'not the same'],
      [{ password: 'short', again: 'short' }, 'At least'],
      [{ login: 'ivo ivo' }, 'Expected a name'],
      [{ name: '' }, 'Expected a name'],
    ] as const) {
      const answer = await post(bench, { ...form, ...wrong }, { path });
      expect([answer.status, answer.headers['set-cookie']]).toEqual([422, undefined]);
      expect(answer.body).toContain(words);
      expect(answer.body).toContain('ivo');
    }
    const joined = await post(bench, form, { path });
    expect([joined.status, joined.headers.location]).toEqual([303, '/desk']);
    expect(said(await ask('GET', '/api/v1/session', { cookie: cookieOf(joined) }))).toMatchObject({
      role: 'installer',
      account: { login: 'ivo@example.com', name: 'Ivo' },
    });
    expect((await post(bench, form, { path })).status).toBe(410);
    expect((await ask('GET', path)).status).toBe(410);
    expect(await bench.gateway.firstInvitation()).toBeNull();
  });

  it('[ACC-8] with another password ends what was open elsewhere, and needs the old one', async () => {
    await open();
    const cookie = await asPerson(bench, 'anna', { role: 'lead' });
    const other = cookieOf(await post(bench, { login: 'anna', password: PASSWORD }));
    const client = await deskOf(other);
    const change = (old: string, password: string): Promise<Called> =>
      ask('POST', '/api/v1/account/password', { cookie }, { old, password });
    const wrong = await change('wrong', 'three words and one');
    expect([wrong.status, wrong.body.includes('three words')]).toEqual([422, false]);
    expect((await change(PASSWORD, 'short')).status).toBe(422);
    expect((await change(PASSWORD, 'three words and one')).status).toBe(200);
    expect(await over(client)).toBe('session');
    expect((await ask('GET', '/api/v1/session', { cookie: other })).status).toBe(401);
    expect((await ask('GET', '/api/v1/session', { cookie })).status).toBe(200);
    expect((await post(bench, { login: 'anna', password: PASSWORD })).status).toBe(401);
    expect((await post(bench, { login: 'anna', password: 'three words and one' })).status).toBe(
      303,
    );
  });
});

describe('a session', () => {
  it('[ACC-24] that was begun with the old password while it was changed opens nothing, and one begun before a person was switched off stays over', async () => {
    await open();
    const installer = await asPerson(bench, 'ivo', { role: 'installer' });
    const cookie = await asPerson(bench, 'anna', { role: 'lead' });
    const { accounts, sessions } = bench.access;
    // As a sign-in that was looked at just before, and is written down just after.
    const late = async (): Promise<() => Promise<number>> => {
      const { stamp } = (await accounts.read('anna'))!;
      return async () => {
        const who = { person: 'anna', said: null, by: 'password', stamp } as const;
        const { text } = await sessions.begin(who, { from: '10.0.0.9', browser: 'x' });
        return (await ask('GET', '/api/v1/session', { cookie: `pharos_session=${text}` })).status;
      };
    };
    expect(await (await late())()).toBe(200);
    const outrun = await late();
    const words = { old: PASSWORD, password: 'three words and one' };
    await ask('POST', '/api/v1/account/password', { cookie }, words);
    expect(await outrun()).toBe(401);
    expect((await ask('GET', '/api/v1/session', { cookie })).status).toBe(200);
    const off = await late();
    const change = (isDisabled: boolean): Promise<Called> =>
      ask('PATCH', '/api/v1/people/anna', { cookie: installer }, { isDisabled });
    await change(true);
    expect(await off()).toBe(401);
    await change(false);
    expect(await off()).toBe(401);
  });

  it('[ACC-25] by the site’s token is over once the site has another', async () => {
    const shelves = memoryShelves();
    await open({ shelves });
    const cookie = await withToken(bench);
    expect((await ask('GET', '/api/v1/session', { cookie })).status).toBe(200);
    const other = await openBench({
      ...{ settings: { demo: false, bootstrapToken: 'another-token-of-this-site' }, shelves },
    });
    more = [other];
    const asked = { port: other.port, path: '/api/v1/session', headers: { cookie } };
    expect((await call(asked)).status).toBe(401);
  });
});

describe('an open socket', () => {
  it('[ACC-13] is closed when its session is ended, its person signs out, is switched off or removed', async () => {
    await open();
    const installer = await asPerson(bench, 'ivo', { role: 'installer' });
    const cookie = await asPerson(bench, 'anna', { role: 'supervisor' });
    const signIn = async (): Promise<string> =>
      cookieOf(await post(bench, { login: 'anna', password: PASSWORD }));
    const staying = await deskOf(installer);
    const out = await signIn();
    const leaving = await deskOf(out);
    await post(bench, {}, { path: '/sign-out', headers: { cookie: out } });
    expect(await over(leaving)).toBe('session');
    expect((await ask('GET', '/api/v1/session', { cookie: out })).status).toBe(401);
    const ended = await deskOf(await signIn());
    expect(
      (await ask('DELETE', '/api/v1/people/anna/sessions', { cookie: installer })).status,
    ).toBe(200);
    expect(await over(ended)).toBe('session');
    expect((await ask('GET', '/api/v1/session', { cookie })).status).toBe(401);
    const off = await deskOf(await signIn());
    await ask('PATCH', '/api/v1/people/anna', { cookie: installer }, { isDisabled: true });
    expect(await over(off)).toBe('session');
    expect((await post(bench, { login: 'anna', password: PASSWORD })).status).toBe(401);
    await ask('PATCH', '/api/v1/people/anna', { cookie: installer }, { isDisabled: false });
    const removed = await deskOf(await signIn());
    await ask('DELETE', '/api/v1/people/anna', { cookie: installer });
    expect(await over(removed)).toBe('session');
    expect(staying.socket.connected).toBe(true);
  });

  it('[ACC-13] is closed by another server of the site, which was told through the log', async () => {
    const shelves = memoryShelves();
    const other = await openBench({ ...SITE, shelves });
    more = [other];
    await open({ shelves });
    const installer = await asPerson(bench, 'ivo', { role: 'installer' });
    const cookie = await asPerson(bench, 'anna', { role: 'supervisor' });
    const client = await deskOf(cookie, other);
    await ask('PATCH', '/api/v1/people/anna', { cookie: installer }, { isDisabled: true });
    // Until it is told it asks anew at each command.
    expect(await say(client, 'presence', { presence: 'desk' })).toEqual({ refused: 'session' });
    const told = bench.appended.flat().filter(({ type }) => type === 'access.changed');
    expect(told.at(-1)).toMatchObject({ subject: 'anna', source: 'pharos' });
    other.gateway.accessChanged({ what: 'person', of: 'anna' });
    expect(await over(client)).toBe('session');
  });

  it('[ACC-13] sees what another role and other teams allow, without a new connection', async () => {
    await open();
    for (const team of ['billing', 'sales'])
      bench.floor.put('agents', agentRow(`of-${team}`, { team }));
    bench.tell();
    const installer = await asPerson(bench, 'ivo', { role: 'installer' });
    const client = await deskOf(await asPerson(bench, 'anna', { role: 'lead', teams: ['sales'] }));
    const agents = (): readonly string[] => [...client.tables.agents.keys()].sort();
    expect(agents()).toEqual(['of-sales']);
    const change = (body: unknown): Promise<Called> =>
      ask('PATCH', '/api/v1/people/anna', { cookie: installer }, body);
    await change({ teams: ['billing'] });
    await expect.poll(agents, WITHIN_2_S).toEqual(['of-billing']);
    await change({ role: 'supervisor' });
    await expect.poll(agents, WITHIN_2_S).toEqual(['of-billing', 'of-sales']);
    await change({ role: 'agent' });
    expect(await over(client)).toBe('board');
  });
});

describe('somebody who may come in no more', () => {
  it('[ACC-18] is called by no alarm: the floor has them as an agent who is off duty and leads nothing', async () => {
    await open();
    const installer = await asPerson(bench, 'ivo', { role: 'installer' });
    await asPerson(bench, 'anna', { role: 'lead', teams: ['sales'] });
    bench.floor.put('agents', agentRow('anna', { role: 'lead', team: 'sales', presence: 'desk' }));
    bench.floor.put('teams', teamRow('billing', { leads: ['nora', 'anna'] }));
    bench.tell();
    for (const [method, body] of [
      ['PATCH', { isDisabled: true }],
      ['DELETE', undefined],
    ] as const) {
      bench.appended.length = 0;
      await ask(method, '/api/v1/people/anna', { cookie: installer }, body);
      const told = bench.appended
        .flat()
        .filter(({ type }) => type !== 'access.changed')
        .map(({ type, subject, data }) => [type, subject, JSON.parse(data ?? '') as unknown]);
      expect([method, told]).toEqual([
        method,
        [
          ['team.profile', 'billing', { name: expect.any(String) as string, leads: ['nora'] }],
          ['agent.profile', 'anna', { name: expect.any(String) as string, role: 'agent' }],
          ['supervisor.presence', 'anna', { presence: 'offline' }],
        ],
      ]);
    }
  });

  it('[ACC-19] is sent nothing of a board that is saved for others while they read it', async () => {
    await open();
    bench.floor.put('agents', agentRow('charles', { name: 'Charles Darnay-Secret' }));
    const agent = await asPerson(bench, 'aron', { role: 'agent' });
    const board = { ...DEFAULT_BOARD, id: 'hall' };
    bench.floor.put('boards', board);
    bench.tell();
    const client = bench.open({ auth: { board: 'hall' }, headers: { cookie: agent } });
    await client.until(isLive);
    bench.floor.put('boards', { ...board, audience: 'desk' });
    bench.tell();
    expect(await over(client)).toBe('board');
    expect(client.heard).not.toContain('Darnay-Secret');
  });
});

describe('a lead', () => {
  it('[ACC-22] says nothing about what is another team’s', async () => {
    await open({ limits: { commandsPerSecond: 100 } });
    for (const team of ['billing', 'sales']) {
      bench.floor.put('agents', agentRow(`of-${team}`, { team }));
      bench.floor.put('alerts', alertRow(`e-${team}`, { team, state: 'firing' }));
      bench.floor.put('assists', assistRow(`h-${team}`, { team, agent: `of-${team}` }));
    }
    bench.tell();
    const cookie = await asPerson(bench, 'anna', { role: 'lead', teams: ['sales'] });
    const client = await deskOf(cookie);
    const words = (team: string): readonly (readonly [string, unknown])[] => [
      ['acknowledge', { episode: `e-${team}` }],
      ['comment', { episode: `e-${team}`, why: 'x' }],
      ['see', { episode: `e-${team}` }],
      ['come', { assist: `h-${team}` }],
      ['close', { assist: `h-${team}` }],
      ['cover', { team }],
      ['uncover', { team }],
      ['assist', { agent: `of-${team}` }],
      ['promise', { customer: { name: 'x' }, dueAt: Date.now() + 60_000, team }],
    ];
    for (const [name, words_] of words('billing'))
      expect([name, await say(client, name, words_)]).toEqual([name, { refused: 'unknown' }]);
    expect(bench.obeyed).toEqual([]);
    for (const [name, words_] of words('sales'))
      expect([name, await say(client, name, words_)]).toEqual([name, { ok: true }]);
    const path = (team: string): string => `/api/v1/alerts/e-${team}`;
    expect((await ask('GET', path('billing'), { cookie })).status).toBe(404);
    expect((await ask('POST', `${path('billing')}/acknowledge`, { cookie }, {})).status).toBe(404);
    expect((await ask('GET', path('sales'), { cookie })).status).toBe(200);
    const { alerts } = said<{ readonly alerts: readonly { readonly id: string }[] }>(
      await ask('GET', '/api/v1/alerts?state=all', { cookie }),
    );
    expect(alerts.map(({ id }) => id)).toEqual(['e-sales']);
    expect(bench.obeyed.some(({ heard }) => JSON.stringify(heard).includes('billing'))).toBe(false);
  });

  it('[ACC-23] gets no draft of a board, and a supervisor does', async () => {
    await open();
    const draft = { ...DEFAULT_BOARD, name: 'A draft', audience: 'desk' };
    const lead = await asPerson(bench, 'anna', { role: 'lead', teams: ['sales'] });
    const supervisor = await asPerson(bench, 'nora', { role: 'supervisor' });
    const refused = bench.open({ auth: { draft }, headers: { cookie: lead } });
    await refused.until(({ refused: why }) => why !== null);
    expect(refused.refused).toBe('board');
    const seen = bench.open({ auth: { draft }, headers: { cookie: supervisor } });
    await seen.until(isLive);
    expect(seen.said.some((what) => what.startsWith('snapshot'))).toBe(true);
    const odd = bench.open({ auth: { draft: { name: 7 } }, headers: { cookie: supervisor } });
    await odd.until(({ refused: why }) => why !== null);
    expect(odd.refused).toBe('board');
  });
});

describe('a source’s token', () => {
  const event = (type: string, more_: object = {}) => ({
    ...{ specversion: '1.0', id: `${Math.random()}`, source: 'somebody-else', type },
    ...{ subject: 'c1', data: {}, ...more_ },
  });
  const CLOUD = { 'content-type': 'application/cloudevents+json' };

  it('[ACC-30] tells events in the source’s own name, of granted types, and opens nothing else', async () => {
    await open();
    const cookie = await asPerson(bench, 'ivo', { role: 'installer' });
    const made = await ask('POST', '/api/v1/tokens', { cookie }, { source: 'crm' });
    expect(made.status).toBe(201);
    const { token } = said<{ readonly token: string }>(made);
    expect(token).toMatch(/^pharos_source_[\w-]{43}$/);
    const authorization = { authorization: `Bearer ${token}` };
    const tell = (body: unknown): Promise<Called> =>
      call({
        ...{ port: bench.port, method: 'POST', path: '/api/v1/events' },
        headers: { ...CLOUD, ...authorization },
        body: JSON.stringify(body),
      });
    expect((await tell(event('contact.queued', { data: { queue: 'q' } }))).status).toBe(202);
    const [told] = bench.appended.flat().filter(({ type }) => type === 'contact.queued');
    expect(told).toMatchObject({ source: 'crm', subject: 'c1' });
    const refused = await tell(event('agent.profile', { data: { name: 'x' } }));
    expect(refused.status).toBe(422);
    expect(said(refused)).toMatchObject([{ index: 0, field: 'type', given: 'agent.profile' }]);
    for (const [method, path] of DOORS)
      if (path !== '/api/v1/events') {
        const { status } = await ask(
          method,
          path,
          authorization,
          method === 'GET' || method === 'DELETE' ? undefined : {},
        );
        expect([method, path, status]).toEqual([method, path, 403]);
      }
    const socket = bench.open({ auth: { token } });
    await socket.until(({ refused: why }) => why !== null);
    expect([socket.refused, socket.said]).toEqual(['session', []]);
    await ask('PUT', '/api/v1/tokens/crm', { cookie }, { grant: ['agent.profile'] });
    expect((await tell(event('agent.profile', { data: { name: 'x' } }))).status).toBe(202);
    expect((await tell(event('contact.held'))).status).toBe(422);
    expect((await ask('DELETE', '/api/v1/tokens/crm', { cookie })).status).toBe(200);
    expect((await tell(event('agent.profile', { data: { name: 'x' } }))).status).toBe(401);
    for (const source of ['pharos', 'desk', '', '__proto__', 7])
      expect((await ask('POST', '/api/v1/tokens', { cookie }, { source })).status).toBe(422);
    for (const grant of [[], ['*'], ['contact'], 'contact.*', ['Contact.*']])
      expect((await ask('POST', '/api/v1/tokens', { cookie }, { source: 's', grant })).status).toBe(
        422,
      );
  });
});

describe('the trail', () => {
  it('[ACC-40] says who did what, from where, and nothing of a secret', async () => {
    await open();
    const cookie = await asPerson(bench, 'ivo', { role: 'installer' });
    await post(bench, { login: 'ivo', password: 'not the one' });
    await post(bench, { login: 'ivo', password: PASSWORD });
    const invited = await ask(
      'POST',
      '/api/v1/people',
      { cookie },
      {
        ...{ name: 'Anna', login: 'anna', role: 'lead', teams: ['sales'] },
      },
    );
    const { token } = said<{ readonly token: string }>(
      await ask('POST', '/api/v1/tokens', { cookie }, { source: 'crm' }),
    );
    await ask('DELETE', '/api/v1/people/anna', { cookie });
    const answer = await ask('GET', '/api/v1/trail', { cookie });
    const { lines } = said<{
      readonly lines: readonly {
        readonly what: string;
        readonly by: string;
        readonly from: string;
      }[];
    }>(answer);
    expect(lines.map(({ what }) => what)).toEqual([
      'person-removed',
      'token-made',
      'invited',
      'person-made',
      'signed-in',
      'sign-in-failed',
      'password-set',
    ]);
    expect(lines.map(({ by }) => by)).toEqual(['ivo', 'ivo', 'ivo', 'ivo', 'ivo', 'nobody', 'ivo']);
    expect(lines.every(({ from }) => from === '127.0.0.1')).toBe(true);
    const link = said<{ readonly link: string }>(invited).link.split('/').at(-1) ?? 'none';
    const everywhere = answer.body + JSON.stringify(bench.happenings);
    for (const secret of [PASSWORD, 'not the one', token, link, cookie.split('=')[1] ?? 'none'])
      expect(everywhere).not.toContain(secret);
    const next = said<{ readonly lines: readonly { readonly id: string }[] }>(
      await ask('GET', '/api/v1/trail?count=2', { cookie }),
    ).lines;
    expect(next).toHaveLength(2);
    const rest = await ask('GET', `/api/v1/trail?before=${next[1]?.id ?? ''}`, { cookie });
    expect(said<{ readonly lines: readonly unknown[] }>(rest).lines).toHaveLength(5);
    expect((await ask('GET', '/api/v1/trail?count=many', { cookie })).status).toBe(400);
  });
});
