// People: accounts, invitations, passwords and sessions, on shelves in memory with the clock in the test's hands.
import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { openAccess } from '../../server/access/access.ts';
import type { Access } from '../../server/access/access.ts';
import { FIRST_MS, INVITED_MS, loginOf } from '../../server/access/accounts.ts';
import { passwordProblem } from '../../server/access/password.ts';
import { SESSION_MS } from '../../server/access/sessions.ts';
import { memoryShelves } from '../../server/log/memory-shelves.ts';
import { SHELVES } from '../../server/log/shelves.ts';
import type { Shelves } from '../../server/log/shelves.ts';

const GOOD = 'a horse in the rain';
const OTHER = 'the rain on a horse';
let now: number;
let shelves: Shelves;
let access: Access;
beforeEach(() => {
  now = 1_000_000;
  shelves = memoryShelves();
  access = openAccess({ shelves, now: () => now, random: randomBytes });
});

async function kept(): Promise<string> {
  const all = await Promise.all(
    SHELVES.map(async (name) => [...(await shelves.shelf(name).all())]),
  );
  return JSON.stringify(all);
}
async function make(id: string, role: 'lead' | 'installer' = 'lead', login = id): Promise<void> {
  expect(await access.accounts.make({ id, name: id, login, role, teams: [] })).toMatchObject({
    kind: 'done',
  });
}
async function join(id: string, password = GOOD): Promise<void> {
  const link = await access.accounts.invite(id, 'test');
  expect(await access.accounts.join(link, password, { name: '', login: '' })).toMatchObject({
    kind: 'joined',
  });
}
const CAME = { from: '127.0.0.1', browser: 'Firefox' };

describe('a password', () => {
  it.each([
    ['short', 'elevenchars'],
    ['short', '十一个字符不够长啊啊啊'],
    ['long', 'x1y2'.repeat(65)],
    ['plain', 'aaaaaaaaaaaaaaaaa'],
    ['plain', '123456789012'],
    ['plain', 'zyxwvutsrqponm'],
    ['plain', 'qwertyuiopas'],
    ['plain', 'anna.kowalska1'],
    ['plain', 'Anna KowalskaAnna'],
  ] as const)('[ACC-3] that is %s is refused: %s', (problem, password) => {
    expect(passwordProblem(password, ['anna.kowalska', 'Anna Kowalska', 'kowalska', 'anna'])).toBe(
      problem,
    );
  });

  it.each(['correct horse battery', '十二个字符的密码应该够了吧', 'Anna likes rainy days', GOOD])(
    '[ACC-3] that is long enough and not to be guessed is taken: %s',
    (password) => {
      expect(passwordProblem(password, ['anna', 'Anna Kowalska'])).toBeNull();
    },
  );

  it('[ACC-2, ACC-3] is kept by argon2id with a salt of its own, and is the same in another form of its letters', async () => {
    for (const id of ['anna', 'nora']) {
      await make(id);
      await join(id, 'žvirbulis pie loga');
    }
    const hashes = [...(await access.accounts.list())].map(({ password }) => password ?? '');
    for (const hash of hashes) expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(new Set(hashes).size).toBe(2);
    const decomposed = 'žvirbulis pie loga'.normalize('NFD');
    expect((await access.accounts.signIn('anna', decomposed))?.id).toBe('anna');
    expect(await kept()).not.toContain('žvirbulis');
  });
});

describe('an account', () => {
  it('[ACC-7] is signed in to by its name in any case and form, and by nothing else', async () => {
    await make('anna', 'lead', ' Anna.Ķ@Example.com ');
    await join('anna');
    expect(loginOf('ANNA.Ķ@example.COM')).toBe('anna.ķ@example.com');
    for (const login of ['anna.ķ@example.com', 'ANNA.Ķ@EXAMPLE.COM', ' anna.ķ@example.com '])
      expect((await access.accounts.signIn(login, GOOD))?.id).toBe('anna');
    for (const login of ['anna', '', '__proto__', 'constructor', 'anna.ķ@example.com\n x'])
      expect(await access.accounts.signIn(login, GOOD)).toBeNull();
    for (const password of ['', OTHER, `${GOOD} `, GOOD.toUpperCase()])
      expect(await access.accounts.signIn('anna.ķ@example.com', password)).toBeNull();
  });

  it('[ACC-7] has its sign-in name and its id to itself', async () => {
    await make('anna');
    const { accounts } = access;
    const as = (id: string, login: string) =>
      accounts.make({ id, name: id, login, role: 'lead', teams: [] });
    expect(await as('other', 'ANNA')).toEqual({ kind: 'refused', problem: 'login-taken' });
    expect(await as('anna', 'other')).toEqual({ kind: 'refused', problem: 'id-taken' });
    // What was refused holds no name.
    await make('zoe', 'lead', 'other');
    expect(await accounts.change('zoe', { login: 'Anna' })).toEqual({
      kind: 'refused',
      problem: 'login-taken',
    });
    expect(await accounts.change('zoe', { login: 'zoe' })).toMatchObject({ kind: 'done' });
    await make('ann', 'lead', 'other');
    expect(await accounts.change('nobody', {})).toEqual({ kind: 'refused', problem: 'unknown' });
  });

  it('[ACC-7] is not changed, switched off or removed where no installer would be left', async () => {
    await make('ivo', 'installer');
    const { accounts } = access;
    const last = { kind: 'refused', problem: 'last-installer' };
    expect(await accounts.change('ivo', { role: 'supervisor' })).toEqual(last);
    expect(await accounts.change('ivo', { isDisabled: true })).toEqual(last);
    expect(await accounts.remove('ivo')).toEqual(last);
    await make('ida', 'installer');
    expect(await accounts.change('ivo', { isDisabled: true })).toMatchObject({ kind: 'done' });
    expect(await accounts.remove('ida')).toEqual(last);
    expect(await accounts.remove('ivo')).toMatchObject({ kind: 'done' });
  });

  it('[ACC-6] that is switched off lets nobody in, by whatever it had', async () => {
    await make('ivo', 'installer');
    await make('anna');
    await join('anna');
    const link = await access.accounts.invite('anna', 'ivo');
    await access.accounts.change('anna', { isDisabled: true });
    expect(await access.accounts.signIn('anna', GOOD)).toBeNull();
    expect(await access.accounts.invitation(link)).toBeNull();
    await access.accounts.change('anna', { isDisabled: false });
    expect(await access.accounts.signIn('anna', GOOD)).not.toBeNull();
    await access.accounts.remove('anna');
    expect([
      await access.accounts.signIn('anna', GOOD),
      await access.accounts.invitation(link),
    ]).toEqual([null, null]);
  });
});

describe('two changes of one account', () => {
  it('[ACC-16] at a moment are both made', async () => {
    await make('ivo', 'installer');
    await make('anna');
    await join('anna');
    const { accounts } = access;
    const anna = (await accounts.read('anna'))!;
    now += 3_600_000;
    await Promise.all([
      accounts.setPassword(anna, GOOD, OTHER),
      accounts.change('anna', { isDisabled: true }),
      accounts.change('anna', { teams: ['sales'] }),
      accounts.seen(anna),
    ]);
    const after = await accounts.read('anna');
    expect(after).toMatchObject({ isDisabled: true, teams: ['sales'], seenAt: now });
    await accounts.change('anna', { isDisabled: false });
    expect(await accounts.signIn('anna', GOOD)).toBeNull();
    expect(await accounts.signIn('anna', OTHER)).not.toBeNull();
  });
});

describe('an invitation', () => {
  it('[ACC-5] makes the first installer, once, within a day, and nobody where there is one', async () => {
    const { accounts } = access;
    const old = await accounts.invite(null, 'server');
    const link = await accounts.invite(null, 'server');
    const first = { name: 'Ivo Installer', login: 'Ivo' };
    expect(await accounts.join(old, GOOD, first)).toEqual({ kind: 'refused', problem: 'over' });
    expect(await accounts.join(link, 'short', first)).toMatchObject({ problem: 'short' });
    now += FIRST_MS - 1;
    expect(await accounts.join(link, GOOD, first)).toMatchObject({
      kind: 'joined',
      account: { id: 'Ivo', login: 'ivo', role: 'installer' },
    });
    expect(await accounts.join(link, GOOD, { name: 'x', login: 'x' })).toMatchObject({
      problem: 'over',
    });
    const late = await accounts.invite(null, 'server');
    expect(await accounts.join(late, GOOD, { name: 'x', login: 'x' })).toMatchObject({
      problem: 'over',
    });
    expect(await accounts.list()).toHaveLength(1);
  });

  it('[ACC-6] lets one of several in, and is used up by taking it, not by looking', async () => {
    await make('anna');
    const { accounts } = access;
    const link = await accounts.invite('anna', 'ivo');
    for (let n = 0; n < 5; n += 1)
      expect((await accounts.invitation(link))?.account?.id).toBe('anna');
    const joins = await Promise.all(
      ['one of several', 'two of several', 'three of them'].map((password) =>
        accounts.join(link, password, { name: '', login: '' }),
      ),
    );
    expect(joins.filter(({ kind }) => kind === 'joined')).toHaveLength(1);
    expect(await accounts.invitation(link)).toBeNull();
    for (const odd of ['', link.slice(1), `${link}x`, '__proto__'])
      expect(await accounts.invitation(odd)).toBeNull();
  });

  it('[ACC-6] ends after seven days, and with the next one', async () => {
    await make('anna');
    const { accounts } = access;
    const old = await accounts.invite('anna', 'ivo');
    const link = await accounts.invite('anna', 'ivo');
    expect([await accounts.invitation(old), await accounts.invitation(link)]).toMatchObject([
      null,
      { account: { id: 'anna' } },
    ]);
    now += INVITED_MS;
    expect(await accounts.invitation(link)).toBeNull();
  });

  it('[ACC-2] is kept as a hash, as sessions and tokens are', async () => {
    await make('anna');
    const secrets = [
      await access.accounts.invite('anna', 'ivo'),
      (await access.sessions.begin({ person: 'anna', said: null, by: 'password', stamp: '' }, CAME))
        .text,
      (await access.sources.make('crm', ['contact.*'], 'ivo')).slice('pharos_source_'.length),
      await access.helpLinks.make('anna', 'ivo'),
    ];
    const text = await kept();
    expect(text).toContain('crm');
    for (const secret of secrets) {
      expect(secret).toMatch(/^[\w-]{43}$/);
      expect(text).not.toContain(secret);
    }
    expect(new Set(secrets).size).toBe(4);
  });
});

describe('a session', () => {
  const WHO = { person: 'anna', said: null, by: 'password', stamp: '' } as const;

  it('[ACC-8] ends twelve hours after its last use', async () => {
    const { sessions } = access;
    const { text } = await sessions.begin(WHO, CAME);
    now += SESSION_MS - 1;
    const held = await sessions.read(text);
    expect(held).not.toBeNull();
    await sessions.used(held!);
    now += SESSION_MS - 1;
    expect(await sessions.read(text)).not.toBeNull();
    now += 1;
    expect(await sessions.read(text)).toBeNull();
    expect(await sessions.of('anna', null)).toEqual([]);
    // What is over takes no place.
    await sessions.begin(WHO, CAME);
    expect((await access.records.sessions.all()).size).toBe(1);
  });

  it('[ACC-8] that was ended does not come back by being used', async () => {
    const { sessions } = access;
    const { text } = await sessions.begin(WHO, CAME);
    const held = await sessions.read(text);
    now += 3_600_000;
    expect(await sessions.end(held!.hash, 'anna')).toBe(true);
    await sessions.used(held!);
    await sessions.say(held!, 'nora');
    expect(await sessions.read(text)).toBeNull();
  });

  it('[ACC-8] is ended by its person only, one or all but one', async () => {
    const { sessions } = access;
    const own = await sessions.begin(WHO, CAME);
    const other = await sessions.begin(WHO, { from: '10.0.0.9', browser: 'x'.repeat(9_000) });
    const noras = await sessions.begin({ ...WHO, person: 'nora' }, CAME);
    expect(await sessions.end(noras.hash, 'anna')).toBe(false);
    expect(await sessions.end('no such', 'anna')).toBe(false);
    const list = await sessions.of('anna', own.hash);
    expect(list.map(({ isOwn }) => isOwn).sort()).toEqual([false, true]);
    expect(list.every(({ browser }) => browser.length <= 200)).toBe(true);
    expect(JSON.stringify(list)).not.toContain(other.text);
    expect(await sessions.endAll('anna', own.hash)).toBe(1);
    expect([await sessions.read(own.text), await sessions.read(other.text)]).toMatchObject([
      { hash: own.hash },
      null,
    ]);
    expect(await sessions.endAll('anna')).toBe(1);
    expect(await sessions.read(noras.text)).not.toBeNull();
  });
});
