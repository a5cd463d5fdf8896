// How people are reached, at a real gateway: who may set what, what is refused and why, what is never shown, and a trial that really goes out.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChannelProblem, ChannelsAnswer, TryAnswer } from '../../server/contract/channels.ts';
import { CHANNELS_MOST } from '../../server/contract/channels.ts';
import { call } from '../support/call.ts';
import type { Called } from '../support/call.ts';
import { openRegister } from '../support/channel-register.ts';
import type { TestRegister, TestRegisterOptions } from '../support/channel-register.ts';
import { openBench, TOKEN } from '../support/gateway-bench.ts';
import type { Bench, BenchOptions } from '../support/gateway-bench.ts';
import { openHttpSink } from '../support/http-sink.ts';
import type { HttpSink } from '../support/http-sink.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { agentRow, teamRow } from '../support/paper-rows.ts';
import { createPushReader } from '../support/push-reader.ts';

const BEARER = { authorization: `Bearer ${TOKEN}` };
const SECRET = `whsec_${Buffer.alloc(24, 'k').toString('base64')}`;
const CHANNELS = '/api/v1/channels';
let bench: Bench;
let sink: HttpSink;
let kept: TestRegister;
beforeEach(async () => {
  sink = await openHttpSink();
});
afterEach(async () => {
  await bench.close();
  await sink.close();
});

async function open(
  settings: BenchOptions['settings'] = {},
  of: TestRegisterOptions & { readonly limits?: BenchOptions['limits'] } = {},
): Promise<void> {
  kept = openRegister(of);
  await kept.channels.refresh();
  bench = await openBench({ settings, channels: kept.register, limits: of.limits ?? {} });
  bench.floor.put('agents', agentRow('anna', { role: 'lead', name: 'Anna' }));
  bench.floor.put('agents', agentRow('nora', { role: 'supervisor', name: 'Nora' }));
  bench.floor.put('agents', agentRow('charles', { name: 'Charles' }));
  bench.floor.put('teams', teamRow('red/1', { name: 'Red' }));
  bench.tell();
}
async function ask(
  method: string,
  path: string,
  { body, ...headers }: Readonly<Record<string, unknown>> = {},
): Promise<Called> {
  const isSent = body !== undefined && method !== 'DELETE';
  const json: Readonly<Record<string, string>> = isSent
    ? { 'content-type': 'application/json' }
    : {};
  return call({
    ...{ port: bench.port, method, path },
    headers: { ...json, ...(headers as Record<string, string>) },
    ...(isSent ? { body: JSON.stringify(body) } : {}),
  });
}
async function sit(agent: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const sat = await ask('POST', '/api/v1/session/person', { body: { agent }, ...headers });
  return (sat.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
}
const said = <T>({ body }: Called): T => JSON.parse(body) as T;
const list = async (headers: Readonly<Record<string, string>>, query = '') =>
  said<ChannelsAnswer>(await ask('GET', `${CHANNELS}${query}`, headers));
const hook = (change: object = {}) => ({
  kind: 'webhook',
  url: `${sink.url}/hook/token-in-the-path`,
  secret: SECRET,
  ...change,
});
const phone = (keys = createPushReader().keys, change: object = {}) => ({
  kind: 'push',
  endpoint: `${sink.url}/phone/of-one-browser`,
  keys,
  name: 'Chromium on Linux',
  ...change,
});

describe('who sets a channel', () => {
  it('[CHN-1] is the person themselves, any lead or supervisor for teams and the site, and a program for everybody', async () => {
    await open();
    expect((await ask('GET', CHANNELS)).status).toBe(403);
    const cookie = await sit('anna');
    const mail = { kind: 'email', address: 'anna@example.org' };
    for (const [path, body] of [
      ['person/anna/mail', mail],
      ['team/red%2F1/hook', hook()],
      ['site/main/all', hook()],
    ] as const)
      expect((await ask('PUT', `${CHANNELS}/${path}`, { cookie, body })).status, path).toBe(200);
    for (const [method, path] of [
      ['PUT', 'person/nora/mail'],
      ['DELETE', 'person/nora/mail'],
      ['POST', 'person/nora/mail/try'],
    ] as const)
      expect((await ask(method, `${CHANNELS}/${path}`, { cookie, body: mail })).status).toBe(403);
    const quiet = { from: '22:00', to: '07:00' };
    expect((await ask('PUT', '/api/v1/quiet/nora', { cookie, body: quiet })).status).toBe(403);
    expect((await ask('DELETE', '/api/v1/quiet/nora', { cookie })).status).toBe(403);
    expect((await ask('PUT', '/api/v1/quiet/anna', { cookie, body: quiet })).status).toBe(200);
    const byProgram = await ask('PUT', `${CHANNELS}/person/charles/mail`, {
      ...BEARER,
      body: mail,
    });
    expect(byProgram.status).toBe(200);
    expect((await list({ cookie })).channels.map(({ owner, of }) => `${owner} ${of}`)).toEqual([
      'person anna',
      'team red/1',
      'site main',
    ]);
    expect((await list(BEARER)).channels).toHaveLength(4);
    expect((await list(BEARER)).quiet).toEqual({ anna: quiet });
    expect((await list({ cookie: await sit('nora') })).quiet).toEqual({});
  });

  it('[CHN-1] has the token or a session off the demo, and comes from no page of another origin', async () => {
    await open({ demo: false, bootstrapToken: TOKEN });
    for (const [method, path] of [
      ['GET', CHANNELS],
      ['PUT', `${CHANNELS}/person/anna/mail`],
      ['DELETE', `${CHANNELS}/person/anna/mail`],
      ['POST', `${CHANNELS}/person/anna/mail/try`],
      ['PUT', '/api/v1/quiet/anna'],
    ] as const) {
      expect((await ask(method, path)).status, path).toBe(401);
      const foreign = { ...BEARER, origin: 'https://evil.example' };
      expect((await ask(method, path, foreign)).status, path).toBe(403);
    }
    expect((await ask('GET', CHANNELS, BEARER)).status).toBe(200);
  });

  it('[CHN-1] names an owner that is there', async () => {
    await open();
    for (const path of ['person/nobody/x', 'team/red/x', 'site/other/x'])
      expect(await ask('PUT', `${CHANNELS}/${path}`, { ...BEARER, body: hook() })).toMatchObject({
        status: 422,
        body: expect.stringContaining('"field":"of"') as string,
      });
    for (const path of ['pigeon/a/b', 'team/red%2F1', 'team/red%2F1/', 'site/main/x/y'])
      expect((await ask('PUT', `${CHANNELS}/${path}`, { ...BEARER, body: hook() })).status).toBe(
        404,
      );
    expect((await ask('DELETE', `${CHANNELS}/site/main/x`, BEARER)).status).toBe(404);
  });

  it('[CHN-2] is told in the log of the server with what they did, and never the secret', async () => {
    await open();
    const cookie = await sit('anna');
    await ask('PUT', `${CHANNELS}/team/red%2F1/hook`, { cookie, body: hook() });
    await ask('POST', `${CHANNELS}/team/red%2F1/hook/try`, { cookie });
    await ask('DELETE', `${CHANNELS}/team/red%2F1/hook`, BEARER);
    const lines = bench.happenings.flatMap(({ name, text }) =>
      name === 'channels.changed' ? [text ?? ''] : [],
    );
    expect(lines).toEqual([
      'anna set the webhook "hook" of team red/1.',
      'anna tried the channel "hook" of team red/1: arrived.',
      'A program of the site took away the channel "hook" of team red/1.',
    ]);
    const all = JSON.stringify(bench.happenings);
    for (const secret of [SECRET, 'token-in-the-path']) expect(all).not.toContain(secret);
  });
});

describe('what is shown of a channel', () => {
  it('[CHN-2] has no secret in it: host and shape of a webhook, the host and name of a browser, an address to its own person', async () => {
    await open();
    const cookie = await sit('anna');
    const { keys } = createPushReader();
    await ask('PUT', `${CHANNELS}/person/anna/web`, { cookie, body: phone(keys) });
    await ask('PUT', `${CHANNELS}/person/anna/mail`, {
      cookie,
      body: { kind: 'email', address: 'anna@example.org' },
    });
    await ask('PUT', `${CHANNELS}/site/main/mail`, {
      cookie,
      body: { kind: 'email', address: 'duty@example.org', language: 'lv', name: 'Duty' },
    });
    const answers = [
      await ask('PUT', `${CHANNELS}/team/red%2F1/hook`, { cookie, body: hook({ shape: 'slack' }) }),
      await ask('GET', CHANNELS, { cookie }),
      await ask('GET', CHANNELS, BEARER),
    ];
    for (const { body } of answers)
      for (const secret of [SECRET, 'token-in-the-path', 'of-one-browser', keys.auth, keys.p256dh])
        expect(body).not.toContain(secret);
    const { host } = new URL(sink.url);
    const base = { name: null, language: null, breaksQuiet: false, isFixed: false };
    const anna = { ...base, owner: 'person', of: 'anna' };
    expect((await list({ cookie })).channels).toEqual([
      { ...anna, id: 'web', kind: 'push', host, name: 'Chromium on Linux' },
      { ...anna, id: 'mail', kind: 'email', address: 'anna@example.org' },
      {
        ...{ ...base, owner: 'site', of: 'main', id: 'mail', kind: 'email' },
        ...{ address: 'd…@example.org', language: 'lv', name: 'Duty' },
      },
      {
        ...{ ...base, owner: 'team', of: 'red/1', id: 'hook' },
        ...{ kind: 'webhook', host, shape: 'slack', isSigned: true },
      },
    ]);
    const mails = (await list(BEARER)).channels.flatMap((one) =>
      one.kind === 'email' ? [one.address] : [],
    );
    expect(mails).toEqual(['a…@example.org', 'd…@example.org']);
  });

  it('[CHN-2] says which is from the settings, and nobody changes that one here', async () => {
    await open({}, { fixed: 'https://hooks.example/in-the-settings', canMail: false });
    const { channels, canMail, site } = await list(BEARER);
    expect([channels[0]?.isFixed, canMail, site]).toEqual([true, false, 'main']);
    for (const method of ['PUT', 'DELETE']) {
      const answer = await ask(method, `${CHANNELS}/site/main/settings`, {
        ...BEARER,
        body: hook(),
      });
      expect([answer.status, answer.body]).toEqual([
        409,
        expect.stringContaining('PHAROS_WEBHOOK'),
      ]);
    }
  });
});

describe('what is set', () => {
  it.each<readonly [unknown, Partial<ChannelProblem>]>([
    [null, { field: '' }],
    ['x', { field: '', given: '"x"' }],
    [{}, { field: 'kind', expected: 'push, webhook or email', given: 'nothing' }],
    [{ kind: 'pigeon' }, { field: 'kind', given: '"pigeon"' }],
    [
      { kind: 'email', address: 'no address' },
      { field: 'address', given: '"no address"' },
    ],
    [{ kind: 'email', address: `${'a'.repeat(320)}@example.org` }, { field: 'address' }],
    [
      { kind: 'webhook', url: 'ftp://x.example' },
      { field: 'url', given: '"ftp://x.example"' },
    ],
    [{ kind: 'webhook', url: `https://x.example/${'y'.repeat(2_000)}` }, { field: 'url' }],
    [
      { kind: 'webhook', url: 'https://hooks.example', secret: 'a-short-secret' },
      { field: 'secret', given: 'something that is not shown here' },
    ],
    [{ kind: 'webhook', url: 'https://hooks.example', shape: 'round' }, { field: 'shape' }],
    [{ kind: 'email', address: 'a@b.example', name: 'n'.repeat(81) }, { field: 'name' }],
    [{ kind: 'email', address: 'a@b.example', language: 'de' }, { field: 'language' }],
    [{ kind: 'email', address: 'a@b.example', breaksQuiet: 'yes' }, { field: 'breaksQuiet' }],
    [
      { kind: 'push', endpoint: 'https://hooks.example/x', keys: { p256dh: 'x', auth: 'y' } },
      { field: 'keys', given: 'something that is not shown here' },
    ],
    [
      { kind: 'push', endpoint: 'https://hooks.example/x', keys: { p256dh: 'x' } },
      { field: 'keys.auth', given: 'nothing' },
    ],
  ])(
    '[CHN-3] as %o is refused with the field, what was expected and what was given',
    async (body, problem) => {
      await open();
      const answer = await ask('PUT', `${CHANNELS}/person/anna/x`, { ...BEARER, body });
      expect(answer.status).toBe(422);
      expect(said<ChannelProblem>(answer)).toMatchObject(problem);
      expect(said<ChannelProblem>(answer).expected).not.toBe('something else');
      expect(answer.body).not.toContain('a-short-secret');
      expect(await kept.kept()).toBe('[]');
    },
  );

  it('[CHN-3] as no JSON, or as more than 8 KB, is refused', async () => {
    await open();
    const put = (body: string): Promise<Called> =>
      call({
        ...{ port: bench.port, method: 'PUT', path: `${CHANNELS}/person/anna/x`, body },
        headers: { ...BEARER, 'content-type': 'application/json' },
      });
    expect((await put('{')).status).toBe(400);
    expect((await put(JSON.stringify({ x: 'y'.repeat(9_000) }))).status).toBe(413);
  });

  it.each([
    ['http://10.0.0.5/x', /private address 10\.0\.0\.5/],
    ['https://inside.example/x', /inside\.example is the private address/],
    ['http://169.254.169.254/latest', /private address/],
    ['http://hooks.example/x', /expected https:/],
    ['https://user:password@hooks.example/', /user or password/],
  ])(
    '[CHN-4] as the address %s, to which nothing would be sent, is refused at once with why',
    async (url, why) => {
      await open();
      for (const body of [{ kind: 'webhook', url }, phone(undefined, { endpoint: url })]) {
        const answer = await ask('PUT', `${CHANNELS}/person/anna/x`, { ...BEARER, body });
        expect([answer.status, said<ChannelProblem>(answer).expected]).toEqual([
          422,
          expect.stringMatching(why),
        ]);
        expect(answer.body).not.toContain('password@');
      }
      expect([await kept.kept(), sink.connections()]).toEqual(['[]', 0]);
    },
  );

  it('[CHN-4] is no e-mail where no mail can go out, and no browser of a team', async () => {
    await open({}, { canMail: false });
    const mail = { kind: 'email', address: 'anna@example.org' };
    const noMail = await ask('PUT', `${CHANNELS}/person/anna/mail`, { ...BEARER, body: mail });
    expect([noMail.status, noMail.body]).toEqual([422, expect.stringContaining('PHAROS_SMTP_URL')]);
    const team = await ask('PUT', `${CHANNELS}/team/red%2F1/web`, { ...BEARER, body: phone() });
    expect([team.status, said<ChannelProblem>(team).field]).toEqual([422, 'kind']);
  });

  it(`[CHN-5] are at most ${CHANNELS_MOST} channels of one owner; one that is there can be changed`, async () => {
    await open();
    const put = (id: string): Promise<Called> =>
      ask('PUT', `${CHANNELS}/site/main/${id}`, { ...BEARER, body: hook() });
    for (let n = 0; n < CHANNELS_MOST; n++) expect((await put(`h${n}`)).status).toBe(200);
    const more = await put('one-more');
    expect([more.status, said<ChannelProblem>(more).field]).toEqual([422, 'id']);
    expect((await put('h0')).status).toBe(200);
    expect((await ask('DELETE', `${CHANNELS}/site/main/h1`, BEARER)).status).toBe(200);
    expect((await put('one-more')).status).toBe(200);
  });

  it('[CHN-5] while Redis takes nothing is 503, and is not said to be kept', async () => {
    await open();
    kept.isAway = true;
    const answers = [
      await ask('PUT', `${CHANNELS}/site/main/x`, { ...BEARER, body: hook() }),
      await ask('PUT', '/api/v1/quiet/anna', { ...BEARER, body: { from: '1:00', to: '02:00' } }),
      await ask('DELETE', '/api/v1/quiet/anna', BEARER),
    ];
    expect(answers.map(({ status }) => status)).toEqual([503, 422, 503]);
    expect((await list(BEARER)).channels).toEqual([]);
  });
});

describe('a browser', () => {
  it('[CHN-6] tells one person: whoever registers it last, and it is said whose it is', async () => {
    await open();
    const { keys } = createPushReader();
    const [anna, nora] = [await sit('anna'), await sit('nora')];
    const whose = async (cookie: string) => (await list({ cookie }, '?browser=web')).browser;
    expect(await whose(anna)).toBe('nobody');
    await ask('PUT', `${CHANNELS}/person/anna/web`, { cookie: anna, body: phone(keys) });
    expect([await whose(anna), await whose(nora)]).toEqual(['mine', 'of-another']);
    await ask('PUT', `${CHANNELS}/person/nora/web`, { cookie: nora, body: phone(keys) });
    expect([await whose(anna), await whose(nora)]).toEqual(['of-another', 'mine']);
    expect((await list({ cookie: anna })).channels).toEqual([]);
    expect((await kept.kept()).split('of-one-browser')).toHaveLength(2);
    // A name of its own makes no second one of it.
    await ask('PUT', `${CHANNELS}/person/nora/again`, { cookie: nora, body: phone(keys) });
    expect((await list({ cookie: nora })).channels.map(({ id }) => id)).toEqual(['again']);
  });
});

describe('a trial', () => {
  async function tried(cookie: string, path = 'site/main/hook'): Promise<Called> {
    return ask('POST', `${CHANNELS}/${path}/try`, { cookie });
  }

  it('[CHN-7] goes out through that very channel, and what the receiver made of it is answered', async () => {
    await open();
    const cookie = await sit('anna');
    await ask('PUT', `${CHANNELS}/site/main/hook`, { cookie, body: hook({ language: 'lv' }) });
    expect(said<TryAnswer>(await tried(cookie))).toEqual({ outcome: 'arrived' });
    const [came] = sink.received;
    expect(came?.headers['webhook-signature']).toMatch(/^v1,/);
    expect(JSON.parse(came?.body.toString() ?? '')).toMatchObject({
      type: 'alert.trial',
      data: { title: 'Izmēģinājuma paziņojums', episodes: [], page: '/desk/channels' },
    });
    sink.answer(500);
    expect(said<TryAnswer>(await tried(cookie))).toMatchObject({ outcome: 'refused', status: 500 });
    sink.answer('cut');
    expect(said<TryAnswer>(await tried(cookie))).toMatchObject({ outcome: 'no-answer' });
    const mail = { kind: 'email', address: 'anna@example.org' };
    await ask('PUT', `${CHANNELS}/site/main/mail`, { cookie, body: mail });
    const refused = said<TryAnswer>(await tried(cookie, 'site/main/mail'));
    expect(refused).toMatchObject({ outcome: 'refused', status: 550 });
    expect((await tried(cookie, 'site/main/nothing')).status).toBe(404);
  });

  it('[CHN-7] to a browser whose subscription has ended takes that away, and it is off', async () => {
    await open();
    const cookie = await sit('anna');
    const reader = createPushReader();
    await ask('PUT', `${CHANNELS}/person/anna/web`, { cookie, body: phone(reader.keys) });
    expect(said<TryAnswer>(await tried(cookie, 'person/anna/web'))).toEqual({ outcome: 'arrived' });
    expect(JSON.parse(reader.read(sink.received[0]!.body))).toMatchObject({
      ...{ kind: 'trial', tag: 'trial', title: 'Trial notification', actions: [], language: 'en' },
    });
    sink.answer(410);
    const gone = said<TryAnswer>(await tried(cookie, 'person/anna/web'));
    expect(gone).toMatchObject({ outcome: 'gone', status: 410 });
    expect(await list({ cookie }, '?browser=web')).toMatchObject({
      channels: [],
      browser: 'nobody',
    });
  });

  it('[CHN-7] of a receiver that says nothing ends after seven seconds', async () => {
    const clock = createManualClock();
    await open({}, { clock });
    const cookie = await sit('anna');
    await ask('PUT', `${CHANNELS}/site/main/hook`, { cookie, body: hook() });
    sink.answer('hang');
    const trial = tried(cookie);
    await expect.poll(() => sink.received.length).toBe(1);
    await clock.advance(7_000);
    expect(said<TryAnswer>(await trial)).toEqual({
      outcome: 'no-answer',
      why: 'no answer within 7 s',
    });
  });

  it('[CHN-7] is made six times a minute at most', async () => {
    await open();
    await ask('PUT', `${CHANNELS}/site/main/hook`, { ...BEARER, body: hook() });
    const statuses: number[] = [];
    for (let n = 0; n < 8; n++)
      statuses.push((await ask('POST', `${CHANNELS}/site/main/hook/try`, BEARER)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429, 429]);
    expect(sink.received).toHaveLength(6);
    expect((await ask('GET', CHANNELS, BEARER)).status).toBe(200);
  });
});

describe('quiet hours', () => {
  it('[CHN-8] are set and taken away, and what is none is refused by its field', async () => {
    await open();
    const cookie = await sit('anna');
    const put = (body: unknown): Promise<Called> =>
      ask('PUT', '/api/v1/quiet/anna', { cookie, body });
    const quiet = { from: '22:00', to: '07:00', zone: 'Europe/Riga', urgent: true };
    expect((await put(quiet)).status).toBe(200);
    expect((await list({ cookie })).quiet).toEqual({ anna: quiet });
    for (const [body, field] of [
      [{ to: '07:00' }, 'from'],
      [{ from: '24:00', to: '07:00' }, 'from'],
      [{ ...quiet, to: '7' }, 'to'],
      [{ ...quiet, zone: 'Mars/Olympus' }, 'zone'],
      [{ ...quiet, urgent: 'P1' }, 'urgent'],
      [[], ''],
    ] as const) {
      const answer = await put(body);
      expect([answer.status, said<ChannelProblem>(answer).field]).toEqual([422, field]);
    }
    expect((await ask('PUT', '/api/v1/quiet/nobody', { ...BEARER, body: quiet })).status).toBe(422);
    expect((await ask('PUT', '/api/v1/quiet/', { cookie, body: quiet })).status).toBe(404);
    expect((await ask('DELETE', '/api/v1/quiet/anna', { cookie })).status).toBe(200);
    expect((await list({ cookie })).quiet).toEqual({});
  });
});
