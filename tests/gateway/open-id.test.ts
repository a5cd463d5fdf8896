// The company's own sign-in, against a real OpenID provider on loopback: the whole way, and every way in which it must not be gone.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../server/access/records.ts';
import { BEGUN_MS } from '../../server/access/begun-sign-ins.ts';
import type { OpenIdSettings } from '../../server/access/open-id.ts';
import { admit } from '../../server/access/vouched.ts';
import { LogTrouble } from '../../server/log/log.ts';
import { memoryShelves } from '../../server/log/memory-shelves.ts';
import type { Shelves } from '../../server/log/shelves.ts';
import { openBrowser } from '../support/cookie-jar.ts';
import type { Browser, Page } from '../support/cookie-jar.ts';
import { call } from '../support/call.ts';
import { openBench, TOKEN } from '../support/gateway-bench.ts';
import type { Bench } from '../support/gateway-bench.ts';
import { createManualClock } from '../support/manual-clock.ts';
import type { ManualClock } from '../support/manual-clock.ts';
import { CLIENT_ID, CLIENT_SECRET, startOpenIdProvider } from '../support/openid-provider.ts';
import type { OpenIdProvider, OpenIdProviderOptions } from '../support/openid-provider.ts';
import { agentRow, teamRow } from '../support/paper-rows.ts';
import { freePort } from '../support/pharos.ts';
import { cookieOf, PASSWORD, post } from '../support/signed-in.ts';

let bench: Bench;
let provider: OpenIdProvider;
let browser: Browser;
let clock: ManualClock;

interface Stage {
  readonly provider?: Partial<OpenIdProviderOptions>;
  readonly openId?: Partial<OpenIdSettings>;
  readonly shelves?: Shelves;
  /** By which Pharos knows the provider, whatever that calls itself. */
  readonly issuerHost?: string;
}

async function open(stage: Stage = {}): Promise<void> {
  const port = await freePort();
  const publicUrl = new URL(`http://127.0.0.1:${port}`);
  const back = new URL('/sign-in/open-id/back', publicUrl);
  provider = await startOpenIdProvider({ back: back.href, ...stage.provider });
  const issuer = new URL(provider.issuer);
  issuer.hostname = stage.issuerHost ?? issuer.hostname;
  clock = createManualClock(Date.now());
  bench = await openBench({
    clock,
    shelves: stage.shelves ?? memoryShelves(),
    settings: { demo: false, bootstrapToken: TOKEN, port, publicUrl },
    openId: {
      issuer,
      clientId: CLIENT_ID,
      clientSecret: stage.provider?.isPublic === true ? null : CLIENT_SECRET,
      name: 'Tellson',
      scopes: 'openid profile email',
      groups: 'groups',
      grants: [
        { group: 'heads', role: 'supervisor', teams: [] },
        { group: 'billing-leads', role: 'lead', teams: ['billing'] },
        { group: 'sellers', role: 'agent', teams: ['sales'] },
        { group: 'it', role: 'installer', teams: [] },
      ],
      back,
      ...stage.openId,
    },
  });
  bench.floor.put('teams', teamRow('billing'));
  bench.floor.put('teams', teamRow('sales'));
  bench.tell();
}

beforeEach(() => {
  browser = openBrowser();
});
afterEach(async () => {
  await bench.close();
  await provider.stop();
});

const signIn = (next = '/desk', by: Browser = browser): Promise<Page> =>
  by.go(`${bench.url}/sign-in/open-id?next=${encodeURIComponent(next)}`, isPage);
/** A page of ours that the bench does not serve. */
const isPage = ({ origin, pathname }: URL): boolean =>
  origin === bench.url && !pathname.startsWith('/sign-in/open-id');
/** As far as the way back, which is not gone. */
const untilBack = (by: Browser = browser): Promise<Page> =>
  by.go(`${bench.url}/sign-in/open-id?next=/desk`, ({ pathname }) => pathname.endsWith('/back'));
const troubleOf = ({ url }: Page): string | null =>
  url.pathname === '/sign-in' ? url.searchParams.get('trouble') : null;
const session = (by: Browser = browser): string | undefined =>
  by.cookie(bench.url, 'pharos_session');
const person = (id: string): Promise<Account | null> => bench.access.accounts.read(id);
async function isIn(by: Browser = browser): Promise<boolean> {
  const { status } = await by.step(`${bench.url}/api/v1/session`);
  return status === 200;
}
const said = (): string =>
  bench.happenings
    .filter(({ name }) => name.startsWith('open-id.'))
    .map(({ text }) => text)
    .join('\n');

function known(subject: string, groups: readonly string[], more: object = {}): void {
  provider.people.set(subject, {
    name: 'Charles Darnay',
    preferred_username: subject,
    groups,
    ...more,
  });
  provider.person = subject;
}

describe('the company’s own sign-in', () => {
  for (const isPublic of [false, true])
    it(`[ACC-50] lets in whom the provider vouches for, ${isPublic ? 'by PKCE alone' : 'with a secret'}`, async () => {
      await open({ provider: { isPublic } });
      const first = await browser.step(`${bench.url}/sign-in?next=/desk/today`);
      expect(first.body).toContain('Sign in with Tellson');
      expect(first.body).toContain('href="/sign-in/open-id?next=%2Fdesk%2Ftoday"');
      known('charles', ['heads']);
      const landed = await signIn('/desk/today');
      expect(landed.url.pathname).toBe('/desk/today');
      expect(session()).toMatch(/^[\w-]{43}$/);
      const asked = await browser.step(`${bench.url}/api/v1/session`);
      expect(JSON.parse(asked.body)).toMatchObject({
        role: 'supervisor',
        account: { id: 'charles', login: 'charles', name: 'Charles Darnay', hasPassword: false },
      });
      expect(provider.redeemed).toHaveLength(1);
      expect(provider.redeemed[0]?.get('client_secret')).toBe(isPublic ? undefined : CLIENT_SECRET);
      const trail = await bench.access.trail.read(10, null);
      expect(trail.map(({ what, by, more }) => [what, by, more.by])).toEqual([
        ['signed-in', 'charles', 'open-id'],
        ['person-made', 'nobody', 'open-id'],
      ]);
      expect(trail[1]).toMatchObject({ about: 'charles', more: { role: 'supervisor' } });
    });

  it('[ACC-50] asks userinfo where the ID token says too little', async () => {
    await open({ provider: { isShort: true } });
    known('lucie', ['billing-leads']);
    await signIn();
    expect(await person('lucie')).toMatchObject({
      ...{ name: 'Charles Darnay', role: 'lead', teams: ['billing'] },
      openId: `${provider.issuer.origin} lucie`,
    });
  });

  it('[ACC-51] is by code with PKCE, without which the provider gives no token', async () => {
    await open();
    known('charles', ['heads']);
    const asked = await browser.step(`${bench.url}/sign-in/open-id`);
    const address = new URL(asked.headers.get('location') ?? '');
    expect(Object.fromEntries(address.searchParams)).toMatchObject({
      ...{ response_type: 'code', client_id: CLIENT_ID, scope: 'openid profile email' },
      ...{ code_challenge_method: 'S256', redirect_uri: `${bench.url}/sign-in/open-id/back` },
    });
    for (const secret of ['state', 'nonce', 'code_challenge'])
      expect(address.searchParams.get(secret)).toMatch(/^[\w-]{43}$/);
    const bare = new URL(address);
    bare.searchParams.delete('code_challenge');
    bare.searchParams.delete('code_challenge_method');
    const refused = await openBrowser().go(bare, ({ origin }) => origin === bench.url);
    expect(refused.url.searchParams.get('error')).toBe('invalid_request');

    const { url } = await untilBack();
    const form = {
      ...{ grant_type: 'authorization_code', code: url.searchParams.get('code') ?? '' },
      ...{ redirect_uri: `${bench.url}/sign-in/open-id/back` },
      ...{ client_id: CLIENT_ID, client_secret: CLIENT_SECRET },
    };
    const without = await fetch(new URL('/token', provider.issuer), {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    expect([without.status, await without.json()]).toMatchObject([400, { error: 'invalid_grant' }]);
  });

  it('[ACC-51] proves with the verifier that only this server knows', async () => {
    await open();
    known('charles', ['heads']);
    const { url } = await untilBack();
    const { begunSignIns } = bench.access.records;
    for (const [hash, begun] of await begunSignIns.all())
      await begunSignIns.put(hash, { ...begun, verifier: 'x'.repeat(43) });
    expect(troubleOf(await browser.go(url, isPage))).toBe('openId');
    expect(said()).toContain('it said invalid_grant');
    expect(session()).toBeUndefined();
  });

  it.each([
    ['nonce', { nonce: 'another' }, 'nonce'],
    ['issuer', { iss: 'https://evil.example' }, 'iss'],
    ['audience', { aud: 'another-client' }, 'aud'],
    ['party', { aud: [CLIENT_ID, 'another'], azp: 'another' }, 'azp'],
    ['end', { exp: 1_000 }, 'the clock of this machine or of the provider is off'],
    ['beginning', { nbf: 4_000_000_000 }, 'the clock of this machine or of the provider is off'],
  ])('[ACC-52] takes no ID token of another %s', async (_of, wrong, why) => {
    await open();
    known('charles', ['heads']);
    provider.tamper = (claims) => ({ ...claims, ...wrong });
    expect(troubleOf(await signIn())).toBe('openId');
    expect(said()).toContain(why);
    expect([session(), await person('charles')]).toEqual([undefined, null]);
    // As it came, it would have been taken.
    provider.tamper = (claims) => claims;
    expect(troubleOf(await signIn())).toBeNull();
  });

  it('[ACC-52] takes no ID token that somebody else signed', async () => {
    await open();
    known('charles', ['heads']);
    provider.tamper = (claims) => claims;
    provider.signsWrong = true;
    expect(troubleOf(await signIn())).toBe('openId');
    expect(said()).toContain('signature');
  });

  it('[ACC-52] takes no answer that names another issuer', async () => {
    await open();
    known('charles', ['heads']);
    const { url } = await untilBack();
    expect(url.searchParams.get('iss')).toBe(provider.issuer.origin);
    url.searchParams.set('iss', 'https://evil.example');
    expect(troubleOf(await browser.go(url, isPage))).toBe('openId');
    expect(provider.redeemed).toHaveLength(0);
  });

  it('[ACC-53] is good once', async () => {
    await open();
    known('charles', ['heads']);
    const cookie = await untilBack().then(({ url }) => ({
      url,
      text: browser.cookie(bench.url, 'pharos_open_id') ?? '',
    }));
    expect(troubleOf(await browser.go(cookie.url, isPage))).toBeNull();
    expect(browser.cookie(bench.url, 'pharos_open_id')).toBeUndefined();
    expect(troubleOf(await browser.go(cookie.url, isPage))).toBe('stale');
    browser.putCookie(bench.url, 'pharos_open_id', cookie.text);
    expect(troubleOf(await browser.go(cookie.url, isPage))).toBe('stale');
    expect(provider.redeemed).toHaveLength(1);
    expect((await bench.access.records.begunSignIns.all()).size).toBe(0);
  });

  it('[ACC-53] is of the browser that began it, and of no other state', async () => {
    await open();
    known('charles', ['heads']);
    const { url } = await untilBack();
    // Somebody who got hold of the way back, and somebody who is sent it while signing in themselves.
    const thief = openBrowser();
    expect(troubleOf(await thief.go(url, isPage))).toBe('stale');
    known('lucie', ['heads']);
    const victim = openBrowser();
    await untilBack(victim);
    expect(troubleOf(await victim.go(url, isPage))).toBe('stale');
    for (const state of ['', 'x']) {
      const other = new URL(url);
      other.searchParams.set('state', state);
      expect(troubleOf(await browser.go(other, isPage))).toBe('stale');
    }
    url.searchParams.append('state', url.searchParams.get('state') ?? '');
    expect(troubleOf(await browser.go(url, isPage))).toBe('stale');
    expect(provider.redeemed).toHaveLength(0);
    expect([session(), session(thief), session(victim)]).toEqual([undefined, undefined, undefined]);
    // None of that spoilt it for its owner.
    const states = url.searchParams.getAll('state');
    url.searchParams.set('state', states[0] ?? '');
    expect(troubleOf(await browser.go(url, isPage))).toBeNull();
  });

  it('[ACC-53] has ten minutes, then it is forgotten', async () => {
    await open();
    known('charles', ['heads']);
    const { url } = await untilBack();
    await clock.advance(BEGUN_MS);
    expect(troubleOf(await browser.go(url, isPage))).toBe('stale');
    await untilBack();
    await clock.advance(BEGUN_MS - 1);
    const late = await untilBack(openBrowser());
    expect((await bench.access.records.begunSignIns.all()).size).toBe(2);
    await clock.advance(60_000);
    await untilBack(openBrowser());
    expect((await bench.access.records.begunSignIns.all()).size).toBe(2);
    expect(late.status).toBe(303);
  });

  it('[ACC-53] has a cookie that no script and no other site’s request carries, and nothing else can be read from it', async () => {
    await open();
    await browser.step(`${bench.url}/sign-in/open-id`);
    const line = browser.set.find((each) => each.startsWith('pharos_open_id=')) ?? '';
    for (const part of ['HttpOnly', 'SameSite=Lax', 'Max-Age=600', 'Path=/sign-in/open-id'])
      expect(line).toContain(part);
    expect(line).not.toContain('Secure');
    const text = browser.cookie(bench.url, 'pharos_open_id') ?? '';
    expect(text).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify([...(await bench.access.records.begunSignIns.all())])).not.toContain(
      text,
    );
    expect(browser.set).toHaveLength(1);
  });

  it('[ACC-54] leads to a page of ours and nowhere else', async () => {
    await open();
    known('charles', ['heads']);
    expect((await signIn('/wall/main')).url.href).toBe(`${bench.url}/wall/main`);
    for (const elsewhere of ['https://evil.example/', '//evil.example', '/\\evil.example', '/x'])
      expect((await signIn(elsewhere)).url.href, elsewhere).toBe(`${bench.url}/`);
  });

  it('[ACC-54] goes through the public name, where somebody came by another', async () => {
    await open();
    const turned = await call({
      port: bench.port,
      path: '/sign-in/open-id?next=/desk',
      headers: { host: 'localhost:1' },
    });
    expect(turned.status).toBe(303);
    const there = turned.headers.location ?? '';
    expect(there).toBe(`${bench.url}/sign-in/open-id?next=%2Fdesk&by=name`);
    // A proxy that hides the name does not lead round and round.
    const again = await call({
      port: bench.port,
      path: there.slice(bench.url.length),
      headers: { host: 'localhost:1' },
    });
    expect(again.headers.location).toContain(`${provider.issuer.origin}/auth`);
  });

  it('[ACC-55] says that the provider is away, and asks it again at the next sign-in', async () => {
    await open();
    known('charles', ['heads']);
    // Nothing needs it before somebody comes.
    expect(provider.discovered).toBe(0);
    await provider.stop();
    const away = await signIn('/desk/today');
    expect([troubleOf(away), away.url.searchParams.get('next')]).toEqual(['silent', '/desk/today']);
    expect((await browser.step(away.url)).body).toContain('does not answer just now');
    expect(said()).toMatch(/^A sign-in with Tellson failed: connect ECONNREFUSED [\d.:]+\.$/);
    await provider.start();
    expect(troubleOf(await signIn('/desk/today'))).toBeNull();
  });

  it('[ACC-55] says that the provider went away meanwhile', async () => {
    await open();
    known('charles', ['heads']);
    const { url } = await untilBack();
    await provider.stop();
    expect(troubleOf(await browser.go(url, isPage))).toBe('silent');
    await provider.start();
    expect(troubleOf(await signIn())).toBeNull();
  });

  it('[ACC-55] waits five seconds for a provider that is mute', async () => {
    await open();
    provider.isMute = true;
    const before = performance.now();
    expect(troubleOf(await signIn())).toBe('silent');
    const took = performance.now() - before;
    expect(took).toBeGreaterThan(4_900);
    expect(took).toBeLessThan(8_000);
    expect(said()).toContain('it did not answer in time');
  });

  it('[ACC-55] asks once who the provider is, for all who come within half a minute and for their way back', async () => {
    await open();
    known('charles', ['heads']);
    await Promise.all([1, 2, 3].map(() => untilBack(openBrowser())));
    expect(provider.discovered).toBe(1);
    const { url } = await untilBack();
    await clock.advance(30_000);
    expect(troubleOf(await browser.go(url, isPage))).toBeNull();
    expect(provider.discovered).toBe(1);
    await untilBack(openBrowser());
    expect(provider.discovered).toBe(2);
    // Who was heard before is known to be away as well.
    await provider.stop();
    await clock.advance(30_000);
    expect(troubleOf(await signIn('/desk', openBrowser()))).toBe('silent');
  });

  it('[ACC-55] says why the provider refused, and repeats no secret and no token', async () => {
    await open({ openId: { clientSecret: 'hunter2-which-is-wrong' } });
    known('charles', ['heads']);
    const { url } = await untilBack();
    const code = url.searchParams.get('code') ?? '';
    expect(troubleOf(await browser.go(url, isPage))).toBe('openId');
    provider.person = null;
    const other = openBrowser();
    expect(troubleOf(await signIn('/desk', other))).toBe('openId');
    expect(said()).toContain('it said invalid_client');
    expect(said()).toContain('it said access_denied');
    const all = JSON.stringify([bench.happenings, await bench.access.trail.read(50, null)]);
    expect(code).not.toBe('');
    for (const secret of [code, 'hunter2', CLIENT_SECRET, 'eyJ']) expect(all).not.toContain(secret);
  });

  it('[ACC-52] takes no metadata of another issuer', async () => {
    await open({ issuerHost: 'localhost' });
    expect(troubleOf(await signIn())).toBe('openId');
    expect(said()).toContain('issuer does not match');
  });

  it('[ACC-56] gives role and teams by the groups anew at each sign-in, and tells servers and floor', async () => {
    await open();
    known('charles', ['sellers', 'cooks']);
    await signIn();
    expect(await person('charles')).toMatchObject({ role: 'agent', teams: ['sales'] });
    expect(toldFloor()).toEqual([
      ['agent.profile', 'charles', { name: 'Charles Darnay', role: 'agent', team: 'sales' }],
    ]);
    bench.floor.put(
      'agents',
      agentRow('charles', { name: 'Charles Darnay', role: 'agent', team: 'sales' }),
    );
    known('charles', ['sellers', 'billing-leads'], { name: 'Somebody Else' });
    await signIn();
    expect(await person('charles')).toMatchObject({
      ...{ role: 'lead', teams: ['billing', 'sales'], name: 'Charles Darnay' },
    });
    expect(toldFloor().slice(1)).toEqual([
      ['agent.profile', 'charles', { name: 'Charles Darnay', role: 'lead', team: 'sales' }],
      ['team.profile', 'billing', { name: 'Team billing', leads: ['charles'] }],
    ]);
    expect(changes()).toEqual(['charles', 'charles']);
    await signIn();
    expect(changes()).toHaveLength(2);
    // What is open already is let down with them.
    known('charles', ['sellers']);
    await signIn('/desk', openBrowser());
    const asked = await browser.step(`${bench.url}/api/v1/session`);
    expect(JSON.parse(asked.body)).toMatchObject({ role: 'agent', account: { teams: ['sales'] } });
  });

  it('[ACC-56] follows the groups down to the last installer', async () => {
    await open();
    known('jerry', ['it']);
    await signIn();
    expect(await person('jerry')).toMatchObject({ role: 'installer' });
    known('jerry', ['sellers']);
    await signIn();
    expect(await person('jerry')).toMatchObject({ role: 'agent' });
  });

  it('[ACC-56] tells of teams that the floor does not have, and tells the floor nothing of them', async () => {
    await open({
      openId: { grants: [{ group: 'x', role: 'lead', teams: ['nowhere', 'billing'] }] },
    });
    known('charles', ['x']);
    await signIn();
    expect(said()).toContain(
      'PHAROS_OIDC_ROLES names teams that this floor does not have: nowhere',
    );
    expect(JSON.stringify(toldFloor())).not.toContain('nowhere');
    expect(await person('charles')).toMatchObject({ teams: ['nowhere', 'billing'] });
  });

  it('[ACC-57] lets nobody in whose groups give nothing, and makes them no account', async () => {
    await open();
    for (const groups of [
      [],
      ['cooks'],
      'cooks',
      undefined,
      { heads: true },
      [{ name: 'heads' }],
    ]) {
      provider.people.set('cook', { preferred_username: 'cook', groups });
      provider.person = 'cook';
      const refused = await signIn();
      expect(troubleOf(refused), JSON.stringify(groups)).toBe('unknown');
      expect((await browser.step(refused.url)).body).toContain('nobody gave you access to Pharos');
    }
    expect([session(), await person('cook')]).toEqual([undefined, null]);
    expect(said()).toContain('none of their 1 groups is in PHAROS_OIDC_ROLES (cook)');
    expect(said()).toContain('the provider says nothing of "groups" (cook)');
    provider.people.set('cook', { _claim_names: { groups: 'src1' } });
    provider.tamper = (claims) => ({ ...claims, _claim_names: { groups: 'src1' } });
    expect(troubleOf(await signIn())).toBe('unknown');
    expect(said()).toContain('more groups than the provider puts into "groups"');
  });

  it('[ACC-57] ends what is open of somebody who is in no such group any more', async () => {
    await open();
    known('charles', ['heads']);
    await signIn();
    const other = openBrowser();
    await signIn('/desk', other);
    known('lucie', ['heads']);
    const hers = openBrowser();
    await signIn('/desk', hers);
    expect([await isIn(), await isIn(other), await isIn(hers)]).toEqual([true, true, true]);
    known('charles', ['cooks']);
    expect(troubleOf(await signIn())).toBe('unknown');
    expect([await isIn(), await isIn(other), await isIn(hers)]).toEqual([false, false, true]);
    expect(changes().slice(-1)).toEqual(['charles']);
    known('charles', ['heads']);
    await signIn();
    expect(await isIn()).toBe(true);
  });

  it('[ACC-57] leaves an account switched off that was switched off here', async () => {
    await open();
    known('charles', ['heads']);
    await signIn();
    await bench.access.accounts.change('charles', { isDisabled: true });
    const refused = await signIn();
    expect(troubleOf(refused)).toBe('off');
    expect((await browser.step(refused.url)).body).toContain('is switched off');
    expect(await isIn()).toBe(false);
    expect(await person('charles')).toMatchObject({ isDisabled: true });
  });

  it('[ACC-58] knows somebody by issuer and subject, whatever they are called by now', async () => {
    await open();
    known('charles', ['heads']);
    await signIn();
    known('charles', ['heads'], { preferred_username: 'lucie', email: 'x@y.example' });
    await signIn();
    expect((await bench.access.accounts.list()).map(({ id }) => id)).toEqual(['charles']);
    // Another subject of the same name is somebody else.
    known('imposter', ['heads'], { preferred_username: 'Charles' });
    const other = openBrowser();
    expect(troubleOf(await signIn('/desk', other))).toBe('taken');
    expect(session(other)).toBeUndefined();
  });

  it('[ACC-58] gives an invited account to a proved e-mail address of its login, and ends its links', async () => {
    await open();
    const { accounts } = bench.access;
    const email = 'charles@tellson.example';
    await accounts.make({ id: '101', name: 'Charles', login: email, role: 'agent', teams: [] });
    const link = await accounts.invite('101', 'anna');
    known('sub-1', ['heads'], { email, email_verified: false });
    expect(await accountsAfter(signIn)).toMatchObject({ '101': { openId: null } });
    known('sub-2', ['heads'], { email: 'Charles@Tellson.example', email_verified: true });
    const other = openBrowser();
    expect(troubleOf(await signIn('/desk', other))).toBeNull();
    expect(await person('101')).toMatchObject({
      ...{ role: 'supervisor', login: email, openId: `${provider.issuer.origin} sub-2` },
    });
    expect(await person('sub-2')).toBeNull();
    expect(await accounts.invitation(link)).toBeNull();
  });

  it.each([
    ['has a password', {}, true],
    ['is an installer’s', { role: 'installer' as const }, false],
    ['is switched off', { isDisabled: true }, false],
    ['is another subject’s', { openId: 'https://elsewhere.example 7' }, false],
  ])('[ACC-58] takes over no account that %s', async (_which, more, hasPassword) => {
    await open();
    const { accounts } = bench.access;
    const email = 'charles@tellson.example';
    const made = { id: '101', name: 'Charles', login: email, role: 'agent' as const, teams: [] };
    await accounts.make({ ...made, ...more });
    if ('isDisabled' in more) await accounts.change('101', { isDisabled: true });
    if (hasPassword) {
      const link = await accounts.invite('101', 'anna');
      await accounts.join(link, PASSWORD, { name: '', login: '' });
    }
    const before = await person('101');
    known('sub-1', ['it'], { email, email_verified: true });
    const refused = await signIn();
    expect(troubleOf(refused)).toBe('taken');
    expect((await browser.step(refused.url)).body).toContain('Somebody else has your name');
    // By its name it is no more to be had.
    known('sub-2', ['it'], { preferred_username: email });
    expect(troubleOf(await signIn('/desk', openBrowser()))).toBe('taken');
    known('sub-3', ['it'], { preferred_username: '101' });
    expect(troubleOf(await signIn('/desk', openBrowser()))).toBe('taken');
    expect(await person('101')).toEqual(before);
    expect(session()).toBeUndefined();
  });

  it('[ACC-58] names a new account by what it is called there, else by a proved e-mail address', async () => {
    await open();
    const cases: readonly (readonly [object, string | null])[] = [
      [{ preferred_username: ' Anna.Kowalska ' }, 'anna.kowalska'],
      [
        { preferred_username: 'DOMAIN\\dora', email: 'Dora@x.example', email_verified: true },
        'dora@x.example',
      ],
      [{ preferred_username: 'two words', email: 'eve@x.example', email_verified: false }, null],
      [{ preferred_username: '__proto__' }, null],
      [{ preferred_username: 7 }, null],
    ];
    for (const [index, [claims, id]] of cases.entries()) {
      known(`sub-${index}`, ['heads'], { name: undefined, ...claims });
      const fresh = openBrowser();
      const page = await signIn('/desk', fresh);
      expect(troubleOf(page), JSON.stringify(claims)).toBe(id === null ? 'openId' : null);
      if (id !== null) expect(await person(id)).toMatchObject({ id, login: id, name: id });
    }
    expect(await bench.access.accounts.list()).toHaveLength(2);
    expect(said()).toContain('neither preferred_username nor a verified email is a login (sub-2)');
  });

  it('[ACC-58] makes one account for one person in two windows', async () => {
    await open();
    known('charles', ['heads']);
    const both = [openBrowser(), openBrowser()];
    const urls = await Promise.all(both.map((each) => untilBack(each)));
    const pages = await Promise.all(both.map((each, at) => each.go(urls[at]?.url ?? '', isPage)));
    expect(pages.map(troubleOf)).toEqual([null, null]);
    expect(await bench.access.accounts.list()).toHaveLength(1);
    // At the very same moment, too.
    const { accounts } = bench.access;
    const claims = { iss: 'https://x.example', sub: '7', preferred_username: 'lucie' };
    const grants = [{ group: 'heads', role: 'agent' as const, teams: [] }];
    const vouched = { ...claims, groups: ['heads'] };
    const parts = { accounts, settings: { groups: 'groups', grants } };
    const came = await Promise.all([admit(vouched, parts), admit(vouched, parts)]);
    expect(came.map(({ kind }) => kind)).toEqual(['in', 'in']);
    expect(await accounts.list()).toHaveLength(2);
  });

  it('[ACC-59] leaves the first installer’s link good until somebody is one', async () => {
    await open();
    const link = await bench.gateway.firstInvitation();
    known('charles', ['sellers']);
    await signIn();
    const fields = { name: 'Anna', login: 'anna', password: PASSWORD, again: PASSWORD };
    const first = await post(bench, fields, { path: link ?? '' });
    expect(first.status).toBe(303);
    expect(cookieOf(first)).toContain('pharos_session');
    expect(await person('anna')).toMatchObject({ role: 'installer' });
    expect(await bench.gateway.firstInvitation()).toBeNull();
  });

  it('[ACC-60] says so where Redis is away, and slows down who begins without end', async () => {
    let isAway = false;
    const shelves = memoryShelves();
    const failing: Shelves = {
      ...shelves,
      shelf(name) {
        const shelf = shelves.shelf(name);
        const put = (id: string, text: string): Promise<void> =>
          isAway ? Promise.reject(new LogTrouble('unreachable', 'gone')) : shelf.put(id, text);
        return { ...shelf, put };
      },
    };
    await open({ shelves: failing });
    known('charles', ['heads']);
    isAway = true;
    expect(troubleOf(await signIn())).toBe('away');
    isAway = false;
    for (let tries = 0; tries < 299; tries += 1) await browser.step(`${bench.url}/sign-in/open-id`);
    expect(troubleOf(await signIn())).toBe('blocked');
  });

  it('[ACC-60] has no door and no button where nobody set it up', async () => {
    await open();
    await bench.close();
    bench = await openBench({ settings: { demo: false, bootstrapToken: TOKEN } });
    for (const path of ['/sign-in/open-id', '/sign-in/open-id/back'])
      expect((await browser.step(`${bench.url}${path}`)).status).toBe(404);
    expect((await browser.step(`${bench.url}/sign-in`)).body).not.toContain('/sign-in/open-id');
  });
});

/** Events but those of access: type, subject and data. */
function toldFloor(): readonly unknown[] {
  return bench.appended
    .flat()
    .filter(({ type }) => type !== 'access.changed')
    .map(({ type, subject, data }) => [type, subject, JSON.parse(data ?? '') as unknown]);
}

/** Whose change was told. */
function changes(): readonly unknown[] {
  return bench.appended
    .flat()
    .filter(({ type }) => type === 'access.changed')
    .map(({ subject }) => subject);
}

/** All accounts by id, once somebody tried to come. */
async function accountsAfter(come: () => Promise<unknown>): Promise<Record<string, Account>> {
  await come();
  const all = await bench.access.accounts.list();
  return Object.fromEntries(all.map((account) => [account.id, account]));
}
