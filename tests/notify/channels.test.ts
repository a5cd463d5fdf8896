// Each channel against a real receiver: what comes, who signed it, and what becomes of every answer.
import { SMTPServer } from 'smtp-server';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { SOURCE_FAULTS } from '../../server/contract/lists.ts';
import { openMemoryStore } from '../../server/log/memory-store.ts';
import type { AlertFact } from '../../server/floor/rows.ts';
import { parseAllowedOut } from '../../server/notify/addresses.ts';
import { createCapabilities } from '../../server/notify/capability.ts';
import { parseChannel } from '../../server/notify/channel-form.ts';
import type { ChannelIn, ChannelOf } from '../../server/notify/channel-form.ts';
import { Channels } from '../../server/notify/channels.ts';
import { createMailer } from '../../server/notify/email.ts';
import { digestOf, letterOf } from '../../server/notify/letter.ts';
import type { Letter, LetterParts } from '../../server/notify/letter.ts';
import type { Row } from '../../server/notify/notices.ts';
import { createPost } from '../../server/notify/outgoing.ts';
import { makeVapidKeys, sendPush } from '../../server/notify/push.ts';
import { sendWebhook } from '../../server/notify/webhook.ts';
import { laneOf } from '../../server/log/outbox.ts';
import type { WaitingRow } from '../../server/log/outbox.ts';
import { at, NINE, Scene } from '../floor/scene.ts';
import { openHttpSink } from '../support/http-sink.ts';
import { openMailSink } from '../support/mail-sink.ts';
import type { HttpSink } from '../support/http-sink.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { alertRow } from '../support/paper-rows.ts';
import { createPushReader, readVapid } from '../support/push-reader.ts';

const SECRET = `whsec_${Buffer.alloc(24, 'k').toString('base64')}`;
const post = createPost({ allowed: parseAllowedOut('127.0.0.1')!, clock: systemClock });
const capabilities = createCapabilities('k', () => NINE);
let sink: HttpSink;
beforeEach(async () => {
  sink = await openHttpSink();
});
afterEach(() => sink.close());

function parts(change: Partial<LetterParts> = {}): LetterParts {
  const scene = new Scene();
  scene.tell(0, 'agent.profile', 'anna', { name: 'Anna <Ābele> & Co', team: 'blue' });
  scene.tell(0, 'agent.profile', 'lea', { name: 'Lea', role: 'lead', team: 'blue' });
  scene.tell(0, 'queue.profile', 'billing', { name: 'Billing', teams: ['blue'] });
  const publicUrl = new URL('https://wall.example');
  return {
    ...{
      facts: scene.floor.facts,
      site: 'main',
      zone: 'Europe/Riga',
      language: 'en',
      publicUrl,
      capabilities,
    },
    ...change,
  };
}
function waiting(change: Partial<Row> = {}, owner: 'person' | 'team' = 'person'): WaitingRow {
  const row: Row = {
    ...{
      kind: 'fire',
      episode: 'ep-0123456789abcdefghij',
      rule: 'hold.long',
      severity: 'P1',
      round: 1,
      loop: 1,
    },
    ...{
      level: 2,
      team: 'blue',
      queue: 'billing',
      params: { agent: 'anna', nearest: 'lea' },
      passed: [1],
    },
    ...{ since: at(0), raisedAt: at(240), decidedAt: at(250) },
    ...change,
  };
  const lane = laneOf({ owner, of: owner === 'person' ? 'lea' : 'blue', channel: 'x' });
  const { episode: about } = row;
  return {
    ...{ id: 'note-1', lane, about, marks: 'tells', dueAt: 0, tries: 0, firstAt: null },
    text: JSON.stringify(row),
  };
}
const now = (): Letter => letterOf(waiting(), parts(), at(250));

describe('a letter', () => {
  it('[NOT-50] says what, where, who, since when and who has it, in the site’s language', () => {
    expect(now()).toMatchObject({
      title: 'Long hold · Billing',
      lines: [
        'urgent · Anna <Ābele> & Co · since 09:00 (4:10) · nobody yet',
        'Lea is nearest',
        'nobody could be told at level 1',
      ],
    });
    const lv = letterOf(waiting({ passed: [] }), parts({ language: 'lv' }), at(250));
    expect([lv.title, lv.lines[0]]).toEqual([
      'Ilga aizturēšana · Billing',
      'steidzami · Anna <Ābele> & Co · kopš 09:00 (4:10) · vēl neviens',
    ]);
    expect(letterOf(waiting(), parts({ language: 'zh' }), at(250)).title).toBe(
      '保持过久 · Billing',
    );
  });

  it('[NOT-75] names one of each rule in a digest before a second of any', () => {
    const storm = Array.from({ length: 50 }, (_, n) => ({
      ...waiting({ episode: `storm-${n}`, passed: [] }),
      id: `storm-${n}`,
    }));
    const lone = { ...waiting({ episode: 'x', rule: 'cover.lost', params: {} }), id: 'x' };
    const late = { raisedAt: at(249), decidedAt: at(249) };
    const last = { ...lone, text: JSON.stringify({ ...(JSON.parse(lone.text) as Row), ...late }) };
    const digest = { id: 'd', over: 0 };
    const { lines } = digestOf({ rows: [...storm, last], digest }, parts(), at(250));
    expect(lines.map((line) => line.split(' · ')[0]).slice(0, 3)).toEqual([
      'Long hold',
      'No supervisor',
      'Long hold',
    ]);
  });

  it('[NOT-50] says of a promise who has said that they call, unless somebody took its alert', () => {
    const said = waiting({ rule: 'callback.overdue', params: { dueAt: String(at(240)) } });
    const { episode } = JSON.parse(said.text) as Row;
    const text = { key: 'callback.overdue', params: { owner: 'anna' } };
    const lineWith = (change: Partial<AlertFact>): string | undefined => {
      const { facts, ...rest } = parts();
      const alerts = new Map([[episode, alertRow(episode, { text, ...change })]]);
      return letterOf(said, { ...rest, facts: { ...facts, alerts } }, at(250)).lines[0];
    };
    const taken = { by: 'lea', at: at(245), until: at(999), why: null } as const;
    expect(lineWith({})).toMatch(/ · Anna <Ābele> & Co has it$/);
    expect(lineWith({ taken: { ...taken, how: 'acknowledged' } })).toMatch(/ · Lea has it$/);
  });

  it('[NOT-77] says what helps to decide: who waits and is free, which hold it is, why somebody is doubtful, as it is now', () => {
    const said = (
      change: Partial<Row>,
      language: 'en' | 'zh' | 'lv',
      now = {},
    ): string | undefined => {
      const { facts, ...rest } = parts({ language });
      const row = { passed: [], episode: 'ep', ...change };
      const text = { key: 'x', params: { ...row.params, ...now } };
      const alerts = new Map([['ep', alertRow('ep', { text })]]);
      return letterOf(waiting(row), { ...rest, facts: { ...facts, alerts } }, at(250)).lines[1];
    };
    const wait = { rule: 'wait.long', params: { waiting: '3', free: '1' } };
    const now = { waiting: '5', free: '0' };
    expect([said(wait, 'en'), said(wait, 'zh'), said(wait, 'lv'), said(wait, 'en', now)]).toEqual([
      '3 waiting, 1 free',
      '3 人等候，1 人空闲',
      'gaida 3, brīvie: 1',
      '5 waiting, 0 free',
    ]);
    const hold = (holds: string): Partial<Row> => ({ rule: 'hold.long', params: { holds } });
    expect(['1', '2', '3', '11', '22'].map((holds) => said(hold(holds), 'en'))).toEqual([
      ...[undefined, '2nd hold', '3rd hold', '11th hold', '22nd hold'],
    ]);
    expect(said(hold('3'), 'lv')).toBe('3. aizturēšana');
    const why = (rule: string, reason: string): (string | undefined)[] =>
      (['en', 'zh', 'lv'] as const).map((each) => said({ rule, params: { why: reason } }, each));
    expect(why('agent.doubtful', 'missed')).toEqual([
      ...['keeps missing contacts', '接连漏接', 'vairākkārt nepacēla'],
    ]);
    expect(why('agent.doubtful', 'wrapup')[0]).toBe('wrap-up too long');
    expect(why('source.stale', 'lost')).toEqual([
      ...['the link to it is down', '与其连接已断开', 'savienojums ar to ir zudis'],
    ]);
    expect(why('callback.at-risk', 'unclaimed')[0]).toBe('nobody has claimed it');
    for (const odd of ['constructor', 'what'])
      expect(why('source.stale', odd)).toEqual([undefined, undefined, undefined]);
    for (const fault of [...SOURCE_FAULTS, 'stale', 'lost'])
      for (const words of why('source.stale', fault)) expect(words, fault).toBeTruthy();
  });

  it('[NOT-50] says by how much it is late, from a minute on', () => {
    const late = (seconds: number): string | undefined =>
      letterOf(waiting({ passed: [], params: {} }), parts(), at(240 + seconds)).lines[1];
    expect([late(59), late(60), late(400)]).toEqual([undefined, '1 min late', '6 min late']);
  });

  it('[NOT-51] lets the person who is told take that one episode, and nobody whom a team’s channel reaches', () => {
    const letter = now();
    expect(capabilities.readCapability(letter.capability ?? '')).toEqual({
      episode: 'ep-0123456789abcdefghij',
      person: 'lea',
      until: at(250) + 2 * 3_600_000,
    });
    expect(letter.page).toBe(`https://wall.example/a/${letter.capability}`);
    const team = letterOf(waiting({}, 'team'), parts({ publicUrl: null }), at(250));
    expect([team.capability, team.page]).toEqual([null, '/desk']);
    expect(
      digestOf({ rows: [waiting()], digest: { id: 'd', over: 0 } }, parts(), at(250)).capability,
    ).toBeNull();
  });
});

describe('a webhook', () => {
  const channel = (change: object = {}): ChannelOf<'webhook'> => {
    const made = parseChannel({
      kind: 'webhook',
      id: 'hook',
      url: `${sink.url}/hook`,
      secret: SECRET,
      ...change,
    });
    if (made?.kind !== 'webhook') throw new Error('no webhook');
    return made;
  };

  it('[NOT-52] is signed as Standard Webhooks has it, which another implementation confirms', async () => {
    // That library refuses what is older than five minutes.
    const letter = { ...now(), at: systemClock.now() };
    expect(await sendWebhook(channel(), letter, post)).toEqual({ kind: 'sent' });
    const { headers, body } = sink.received[0]!;
    const said = headers as Record<string, string>;
    const read = new Webhook(SECRET).verify(body, said) as {
      type: string;
      data: Record<string, unknown>;
    };
    expect(read.type).toBe('alert.fire');
    expect(read.data).toMatchObject({
      id: 'note-1',
      site: 'main',
      severity: 'P1',
      title: 'Long hold · Billing',
    });
    expect(said['webhook-id']).toBe('note-1');
    expect(() => new Webhook(SECRET).verify(`${body.toString()} `, said)).toThrow();
    expect(() =>
      new Webhook(`whsec_${Buffer.alloc(24, 'x').toString('base64')}`).verify(body, said),
    ).toThrow();
  });

  it('[NOT-52] without a secret is not signed', async () => {
    await sendWebhook(channel({ secret: null }), now(), post);
    expect(sink.received[0]!.headers['webhook-signature']).toBeUndefined();
  });

  it('[NOT-53] has a shape for Slack, with its signs escaped', async () => {
    await sendWebhook(channel({ shape: 'slack' }), now(), post);
    const { text } = JSON.parse(sink.received[0]!.body.toString()) as { readonly text: string };
    const [head, first, , , link] = text.split('\n');
    expect(head).toBe('*Long hold · Billing* :rotating_light:');
    expect(first).toContain('Anna &lt;Ābele&gt; &amp; Co');
    expect(link).toMatch(/^<https:\/\/wall\.example\/a\/\S+\|Open>$/);
  });

  it.each([301, 400, 404, 410, 429, 500, 503])(
    '[NOT-54] that is answered with %i is tried again',
    async (status) => {
      sink.answer(status);
      expect(await sendWebhook(channel(), now(), post)).toEqual({
        kind: 'failed',
        why: `the receiver said ${status}`,
        status,
      });
    },
  );

  it('[NOT-54] to a private address is given up, and is no channel with a secret of another form', async () => {
    const guarded = createPost({ allowed: parseAllowedOut('')!, clock: systemClock });
    expect(await sendWebhook(channel(), now(), guarded)).toMatchObject({ kind: 'dead' });
    expect(
      parseChannel({ kind: 'webhook', id: 'x', url: sink.url, secret: 'short' }),
    ).toBeUndefined();
    expect(parseChannel({ kind: 'webhook', id: 'x', url: 'ftp://x' })).toBeUndefined();
  });
});

describe('a browser push', () => {
  const vapid = makeVapidKeys();
  const send = async (letter: Letter, keys: { p256dh: string; auth: string }) => {
    const channel: ChannelOf<'push'> = {
      id: 'phone',
      kind: 'push',
      breaksQuiet: false,
      endpoint: `${sink.url}/p/1`,
      keys,
    };
    return sendPush(channel, letter, { post, keys: vapid, contact: 'mailto:it@example.org' });
  };

  it('[NOT-55] is read by a reader that is written from RFC 8291, which reads the RFC’s own example', () => {
    const reader = createPushReader({
      privateKey: 'q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94',
      auth: 'BTBZMqHH6r4Tts7J_aSIgg',
    });
    expect(reader.keys.p256dh).toBe(
      'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
    );
    const example =
      'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN';
    expect(reader.read(Buffer.from(example, 'base64url'))).toBe(
      'When I grow up, I want to be a watermelon',
    );
  });

  it('[NOT-55] comes encrypted for one subscription, signed by the site, with its urgency and its place', async () => {
    const reader = createPushReader();
    const letter = now();
    expect(await send(letter, reader.keys)).toEqual({ kind: 'sent' });
    const { headers, body, path } = sink.received[0]!;
    expect(path).toBe('/p/1');
    expect(headers).toMatchObject({
      'content-encoding': 'aes128gcm',
      urgency: 'high',
      ttl: '3600',
      topic: 'ep-0123456789abcdefghij',
    });
    expect(JSON.parse(reader.read(body))).toEqual({
      ...{ id: 'note-1', tag: letter.tag, kind: 'fire', severity: 'P1', title: letter.title },
      ...{
        language: 'en',
        body: letter.lines.join('\n'),
        page: letter.page,
        take: letter.capability,
        isSilent: false,
        at: letter.at,
      },
      actions: [{ action: 'take', title: 'I have it' }],
    });
    expect(() => createPushReader().read(body)).toThrow();
    const { key, claims } = readVapid(headers.authorization ?? '');
    expect(key).toBe(vapid.publicKey);
    expect(claims).toMatchObject({ aud: sink.url, sub: 'mailto:it@example.org' });
    expect(claims.exp * 1_000 - systemClock.now()).toBeLessThanOrEqual(24 * 3_600_000);
  });

  it('[NOT-55] of an end takes the place of its alarm, without a sound', async () => {
    const reader = createPushReader();
    await send(letterOf(waiting({ kind: 'end' }), parts(), at(300)), reader.keys);
    const { headers, body } = sink.received[0]!;
    expect(headers).toMatchObject({ urgency: 'low', topic: now().tag });
    expect(JSON.parse(reader.read(body))).toMatchObject({
      isSilent: true,
      actions: [],
      tag: now().tag,
    });
  });

  it('[NOT-45] to a subscription that is gone, or whose keys are none, drops it; all else is tried again', async () => {
    const { keys } = createPushReader();
    for (const status of [404, 410]) {
      sink.answer(status);
      expect(await send(now(), keys)).toMatchObject({ kind: 'gone' });
    }
    expect(await send(now(), { p256dh: 'x', auth: 'y' })).toMatchObject({ kind: 'gone' });
    for (const status of [403, 413, 429, 500]) {
      sink.answer(status);
      expect(await send(now(), keys)).toMatchObject({ kind: 'failed' });
    }
  });

  it('[NOT-23] has nothing of a customer in it, and fits into one record', async () => {
    const reader = createPushReader();
    await send(now(), reader.keys);
    const { body } = sink.received[0]!;
    expect(body.length).toBeLessThanOrEqual(4_096);
    expect(reader.read(body)).not.toMatch(/subject|customer|\+\d{6}/);
  });
});

interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
}

describe('an e-mail', () => {
  let server: SMTPServer;
  let mails: Mail[];
  let refuse: boolean;
  let url: string;
  beforeEach(async () => {
    mails = [];
    refuse = false;
    server = new SMTPServer({
      disabledCommands: ['STARTTLS'],
      onAuth: ({ username, password }, _session, done) =>
        username === 'pharos' && password === 's3cret'
          ? done(null, { user: 'pharos' })
          : done(new Error('no')),
      onRcptTo: (_address, _session, done) =>
        done(refuse ? Object.assign(new Error('mailbox full'), { responseCode: 452 }) : null),
      onData(stream, { envelope: { mailFrom, rcptTo } }, done) {
        let text = '';
        stream.setEncoding('utf8');
        stream.on('data', (part: string) => {
          text += part;
        });
        stream.on('end', () => {
          mails.push({
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            text,
          });
          done();
        });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.server.address();
    url = `smtp://pharos:s3cret@127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  });
  afterEach(() => new Promise<void>((resolve) => server.close(resolve)));
  const lea: ChannelOf<'email'> = {
    id: 'mail',
    kind: 'email',
    address: 'lea@example.org',
    breaksQuiet: false,
  };
  const from = 'Pharos <pharos@example.org>';

  it('[NOT-56] comes with its name as Message-ID, in the thread of its episode, as text and as HTML', async () => {
    const mailer = createMailer({ smtpUrl: url, from });
    expect(await mailer.send(lea, now())).toEqual({ kind: 'sent' });
    const [mail] = mails;
    expect(mail).toMatchObject({ from: 'pharos@example.org', to: ['lea@example.org'] });
    const text = mail?.text.replace(/\r\n[ \t]/g, ' ') ?? '';
    expect(text).toMatch(/^Message-ID: <note-1@example\.org>\r$/m);
    expect(text).toMatch(/^References: <episode\.ep-0123456789abcdefghij@example\.org>\r$/m);
    expect(text).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(text).toMatch(/^Subject: =\?UTF-8\?/m);
    expect(text).toContain('Content-Type: text/plain');
    const html = Buffer.from(
      text.split('Content-Type: text/html')[1]?.split('\r\n\r\n')[1] ?? '',
      'utf8',
    ).toString();
    expect(html.replace(/=\r\n/g, '')).toContain('&lt;');
    mailer.close();
  });

  it('[NOT-56] that is not taken is tried again: a full box, a wrong password, a server that is not there', async () => {
    refuse = true;
    const mailer = createMailer({ smtpUrl: url, from });
    expect(await mailer.send(lea, now())).toMatchObject({
      kind: 'failed',
      why: expect.stringContaining('mailbox full') as string,
    });
    mailer.close();
    for (const other of [url.replace('s3cret', 'wrong'), 'smtp://127.0.0.1:1']) {
      const lost = createMailer({ smtpUrl: other, from });
      expect(await lost.send(lea, now())).toMatchObject({ kind: 'failed' });
      lost.close();
    }
  });

  it('[NOT-33] to a mail server that does not greet is given up within seconds', async () => {
    const mute = await openHttpSink();
    const mailer = createMailer({ smtpUrl: mute.url.replace('http', 'smtp'), from });
    expect(await mailer.send(lea, now())).toMatchObject({ kind: 'failed' });
    mailer.close();
    await mute.close();
  });

  it('[NOT-81] to one that reads it for longer than a request may take is sent once', async () => {
    const slow = await openMailSink({ slowMs: 8_000 });
    const mailer = createMailer({ smtpUrl: slow.url, from });
    expect(await mailer.send(lea, now())).toEqual({ kind: 'sent' });
    expect(slow.mails).toHaveLength(1);
    mailer.close();
    await slow.close();
  });
});

describe('the channels', () => {
  it('[NOT-10] lie in the store by owner and name, with quiet hours beside them and those of the settings', async () => {
    const store = openMemoryStore(createManualClock());
    const unread: string[] = [];
    const fixed = parseChannel({ kind: 'webhook', id: 'settings', url: 'https://a.example' })!;
    const open = () =>
      new Channels({
        store,
        fixed: [fixed],
        site: 'main',
        onUnread: (lane, why) => void unread.push(`${lane} ${why}`),
      });
    const lea = { owner: 'person', of: 'lea' } as const;
    const one = open();
    await one.put(lea, { kind: 'email', id: 'mail', address: 'lea@example.org' });
    await one.putQuiet('lea', { from: '22:00', to: '07:00' });
    await expect(
      one.put(lea, { kind: 'email', id: 'bad', address: 'no address' }),
    ).rejects.toThrow();
    await store.putChannel(laneOf({ ...lea, channel: 'odd' }), '{"kind":"pigeon","secret":"s"}');
    const two = open();
    expect(two.of({ owner: 'site', of: 'main' })).toEqual([fixed]);
    await two.refresh();
    expect(two.of(lea).map(({ id }) => id)).toEqual(['mail']);
    expect(two.quietOf('lea')).toEqual({ from: '22:00', to: '07:00' });
    expect(unread).toEqual(['person\nlea\nodd kind']);
    await two.drop(laneOf({ ...lea, channel: 'mail' }));
    await two.putQuiet('lea', null);
    expect([
      two.of(lea),
      two.quietOf('lea'),
      two.at(laneOf({ owner: 'site', of: 'main', channel: 'settings' })),
    ]).toEqual([[], null, fixed]);
  });

  it('[NOT-14] are given back to a Redis that was emptied or set back, by any server, with what the site signs with', async () => {
    const store = openMemoryStore(createManualClock());
    const given: string[] = [];
    const open = (name: string): Channels =>
      new Channels({
        ...{ store, fixed: [], site: 'main', onUnread: () => undefined },
        onGivenBack: () => Promise.resolve(void given.push(name)),
      });
    const look = async (): Promise<string> =>
      (await store.claim({ token: `t${given.length}`, leaseMs: 1, lanes: 1 })).channelsAt;
    const lea = { owner: 'person', of: 'lea' } as const;
    const [one, two] = [open('one'), open('two')];
    const alive = async (): Promise<unknown> =>
      [...(await store.channels())].filter(([, { text }]) => text !== null).sort();
    await one.put(lea, { kind: 'email', id: 'mail', address: 'lea@example.org' });
    await one.put(lea, { kind: 'email', id: 'old', address: 'old@example.org' });
    const before = [await look(), await store.channels()] as const;
    await one.drop(laneOf({ ...lea, channel: 'old' }));
    await one.putQuiet('lea', { from: '22:00', to: '07:00' });
    for (const each of [one, two]) await each.heard(await look());
    const held = await alive();

    store.outbox.empty();
    for (const each of [one, two, one]) await each.heard(await look());
    expect(await alive()).toEqual(held);
    expect(given).toEqual(['one']);
    for (const each of [one, two]) {
      expect(each.of(lea).map(({ id }) => id)).toEqual(['mail']);
      expect(each.quietOf('lea')).toEqual({ from: '22:00', to: '07:00' });
    }

    // An older copy, which has what was dropped since, and lacks what came.
    store.outbox.empty();
    await store.giveBackChannels(before[1]);
    await two.heard(before[0]);
    await two.heard(await look());
    expect(await alive()).toEqual(held);
    expect(given).toEqual(['one', 'two']);
  });

  it('[NOT-14] are given back though somebody set one meanwhile, which stays, and so does what was taken away', async () => {
    const clock = createManualClock();
    const store = openMemoryStore(clock);
    const open = (): Channels =>
      new Channels({ store, fixed: [], site: 'main', onUnread: () => undefined });
    const look = async (): Promise<string> =>
      (await store.claim({ token: 't', leaseMs: 1, lanes: 1 })).channelsAt;
    const blue = { owner: 'team', of: 'blue' } as const;
    const mail = (id: string): ChannelIn => ({ kind: 'email', id, address: `${id}@example.org` });
    const [one, two, fresh] = [open(), open(), open()];
    for (const id of ['a', 'b', 'c']) await one.put(blue, mail(id));
    for (const each of [one, two]) await each.heard(await look());

    store.outbox.empty();
    await clock.advance(1);
    // A server that has just begun, and one that knew them all.
    await fresh.put(blue, mail('new'));
    await one.drop(laneOf({ ...blue, channel: 'a' }));
    for (const each of [two, one, fresh]) await each.heard(await look());
    for (const each of [one, two, fresh])
      expect(
        each
          .of(blue)
          .map(({ id }) => id)
          .sort(),
      ).toEqual(['b', 'c', 'new']);
  });

  it('[NOT-14] are given back once more where Redis failed on the way', async () => {
    const store = openMemoryStore(createManualClock());
    let left = Infinity;
    const giveBackChannels: typeof store.giveBackChannels = (rows) =>
      left-- > 0 ? store.giveBackChannels(rows) : Promise.reject(new Error('away'));
    const channels = new Channels({
      ...{ fixed: [], site: 'main', onUnread: () => undefined },
      store: { ...store, giveBackChannels },
    });
    for (const id of ['a', 'b', 'c'])
      await channels.put(
        { owner: 'team', of: 'blue' },
        { kind: 'email', id, address: `${id}@example.org` },
      );
    await channels.heard('5.1');
    const held = await store.channels();
    store.outbox.empty();
    left = 0;
    await expect(channels.heard('')).rejects.toThrow('away');
    expect(await store.channels()).not.toEqual(held);
    left = Infinity;
    await channels.heard('6.1');
    expect(await store.channels()).toEqual(held);
  });
});
