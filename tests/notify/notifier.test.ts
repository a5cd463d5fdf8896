// The outbox emptied, on the twin and a clock in hand: order, retries, dead letters, floods, ends, and two servers.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogTrouble } from '../../server/log/log.ts';
import { openMemoryStore } from '../../server/log/memory-store.ts';
import type { MemoryStore } from '../../server/log/memory-store.ts';
import { laneOf } from '../../server/log/outbox.ts';
import type { Notice } from '../../server/log/outbox.ts';
import type { AlertTold } from '../../server/events/episode.ts';
import type { AlertFact } from '../../server/floor/rows.ts';
import { createCapabilities } from '../../server/notify/capability.ts';
import { Channels } from '../../server/notify/channels.ts';
import type { Channel } from '../../server/notify/channel-form.ts';
import type { Letter } from '../../server/notify/letter.ts';
import { Notifier } from '../../server/notify/notifier.ts';
import type { Row } from '../../server/notify/notices.ts';
import type { Sent } from '../../server/notify/sender.ts';
import { createTelemetry } from '../../server/telemetry.ts';
import type { Happening } from '../../server/telemetry.ts';
import { createChance } from '../support/chance.ts';
import { Scene } from '../floor/scene.ts';
import { createManualClock } from '../support/manual-clock.ts';
import type { ManualClock } from '../support/manual-clock.ts';
import { alertRow } from '../support/paper-rows.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const LEA = { owner: 'person', of: 'lea' } as const;
const BLUE = { owner: 'team', of: 'blue' } as const;
const PHONE = laneOf({ ...LEA, channel: 'phone' });
const MAIL = laneOf({ ...LEA, channel: 'mail' });
const HOOK = laneOf({ ...BLUE, channel: 'hook' });

/** What came, and when, in seconds after the beginning. */
interface Came {
  readonly at: number;
  readonly channel: string;
  readonly letter: Letter;
  readonly by: string;
}

let clock: ManualClock;
let store: MemoryStore;
let beganAt: number;
let came: Came[];
/** Of these, those that were taken. */
let took: Came[];
let happenings: Happening[];
let notifiers: Notifier[];
let alerts: Map<string, AlertFact>;
/** How each channel answers; absent: it takes everything. */
let answers: Map<string, () => Sent | Promise<Sent>>;
/** Servers that do nothing any more. */
let stopped: Set<string>;

beforeEach(async () => {
  clock = createManualClock();
  beganAt = clock.now();
  store = openMemoryStore(clock);
  came = [];
  took = [];
  happenings = [];
  notifiers = [];
  alerts = new Map();
  answers = new Map();
  stopped = new Set();
  const phone = { endpoint: 'https://push.example/1', keys: { p256dh: 'x', auth: 'y' } };
  for (const [owner, channel] of [
    [LEA, { id: 'phone', kind: 'push', ...phone }],
    [LEA, { id: 'mail', kind: 'email', address: 'lea@example.org' }],
    [BLUE, { id: 'hook', kind: 'webhook', url: 'https://hooks.example/' }],
  ] as const)
    await channelsOf().put(owner, channel);
});
afterEach(async () => {
  const closing = Promise.all(notifiers.map((each) => each.close()));
  await clock.advance(20 * SECOND);
  await closing;
});

function channelsOf(): Channels {
  return new Channels({
    store,
    fixed: [],
    site: 'main',
    onUnread: (lane) => void happenings.push({ name: `unread ${lane}`, severity: 'warn' }),
  });
}
async function start(holder = 'one'): Promise<Notifier> {
  const facts = { ...new Scene().floor.facts, alerts };
  const telemetry = createTelemetry();
  telemetry.subscribe((happening) => void happenings.push(happening));
  const send = async ({ id: channel }: Channel, letter: Letter): Promise<Sent> => {
    if (stopped.has(holder)) return new Promise(() => undefined);
    const one = { at: (clock.now() - beganAt) / SECOND, channel, letter, by: holder };
    came.push(one);
    const answer = (await answers.get(channel)?.()) ?? ({ kind: 'sent' } as const);
    if (answer.kind === 'sent') took.push(one);
    return answer;
  };
  const channels = channelsOf();
  const capabilities = createCapabilities('k', () => clock.now());
  const notifier = new Notifier({
    ...{ channels, send, facts, clock, telemetry, holder },
    store: {
      ...store,
      claim: (options) =>
        stopped.has(holder) ? new Promise(() => undefined) : store.claim(options),
      renew: (lease) => (stopped.has(holder) ? new Promise(() => undefined) : store.renew(lease)),
    },
    letters: {
      ...{
        facts,
        site: 'main',
        zone: 'Europe/Riga',
        language: 'en',
        publicUrl: null,
        capabilities,
      },
    },
  });
  notifiers.push(notifier);
  notifier.wake();
  await clock.advance(0);
  return notifier;
}
function notice(id: string, change: Partial<Notice> & Partial<Row> = {}): Notice {
  const {
    lane = PHONE,
    about = 'ep',
    marks = 'tells',
    dueAt = Math.floor(clock.now()),
    isUrgent = false,
    ...says
  } = change;
  const row: Row = {
    ...{
      kind: marks === 'ends' ? 'end' : 'fire',
      episode: about,
      rule: 'hold.long',
      severity: 'P2',
    },
    ...{ round: 1, loop: 1, level: 1, team: 'blue', queue: 'billing', params: {} },
    ...{ since: dueAt, raisedAt: dueAt, decidedAt: dueAt, passed: [] },
    ...says,
  };
  return { id, lane, about, marks, dueAt, text: JSON.stringify(row), isUrgent };
}
async function put(...notices: readonly Notice[]): Promise<void> {
  store.outbox.add(notices, []);
  for (const each of notifiers) each.wake();
  await clock.advance(0);
}
/** `SECONDS ID`, as one line each. */
function lines(channel = 'phone'): readonly string[] {
  return came
    .filter((each) => each.channel === channel)
    .map(({ at, letter }) => `${Math.round(at)} ${letter.id}`);
}
function told(): readonly string[] {
  return store.journal
    .after('0-0', 100_000)
    .filter(({ fields }) => fields.type === 'alert.told')
    .map(({ fields }) => JSON.parse(fields.data ?? '') as AlertTold)
    .map(({ notification, outcome, attempt }) => `${notification} ${outcome} ${attempt}`);
}
const fails = (): Sent => ({ kind: 'failed', why: 'the receiver said 500' });

describe('the notifier', () => {
  it('[NOT-40] sends what is due once, lane by lane in order, and tells the journal', async () => {
    await start();
    await put(
      notice('b', { about: 'ep2', dueAt: beganAt + 2 * SECOND }),
      notice('a'),
      notice('m', { lane: MAIL }),
    );
    await clock.advance(5 * SECOND);
    expect([lines(), lines('mail')]).toEqual([['0 a', '2 b'], ['0 m']]);
    expect([...told()].sort()).toEqual(['a sent 1', 'b sent 1', 'm sent 1']);
    expect(store.outbox.rows.size).toBe(0);
  });

  it('[CHN-10] says it in the language of the channel, else in the site’s', async () => {
    const tongue = {
      id: 'mail',
      kind: 'email',
      address: 'lea@example.org',
      language: 'lv',
    } as const;
    await channelsOf().put(LEA, tongue);
    await start();
    await put(notice('a'), notice('m', { lane: MAIL }));
    await clock.advance(SECOND);
    expect(
      came.map(({ channel, letter }) => [channel, letter.language, letter.title.split(' · ')[0]]),
    ).toEqual([
      ['phone', 'en', 'Long hold'],
      ['mail', 'lv', 'Ilga aizturēšana'],
    ]);
  });

  it('[NOT-41] tries again after 5, 15, 30, 60 s and then each minute, and tells in order after that', async () => {
    await start();
    answers.set('hook', fails);
    await put(
      notice('fire', { lane: HOOK }),
      notice('other', { lane: HOOK, about: 'ep2', dueAt: beganAt + SECOND }),
    );
    await clock.advance(10 * MINUTE);
    const tries = [
      '0',
      '5',
      '20',
      '50',
      '110',
      '170',
      '230',
      '290',
      '350',
      '410',
      '470',
      '530',
      '590',
    ];
    expect(lines('hook')).toEqual(tries.map((at) => `${at} fire`));
    answers.delete('hook');
    await clock.advance(MINUTE);
    expect(lines('hook').slice(-2)).toEqual(['650 fire', '650 other']);
    expect(told().at(-2)).toBe('fire sent 14');
    const spoken = happenings.filter(({ severity }) => severity !== 'debug');
    expect(spoken.map(({ name }) => name)).toEqual(['notify.failed', 'notify.recovered']);
  });

  it('[NOT-42] gives up after an hour, or once the episode is over, and keeps it as a dead letter', async () => {
    await start();
    answers.set('hook', fails);
    await put(notice('long', { lane: HOOK }));
    await clock.advance(61 * MINUTE);
    const letters = await store.deadLetters(10);
    expect(letters.map(({ why, notice: { id } }) => [id, why])).toEqual([
      ['long', 'not taken within an hour'],
    ]);
    alerts.set('ep', alertRow('ep', { state: 'resolved', resolvedAt: beganAt }));
    await put(notice('short', { lane: HOOK }));
    await clock.advance(MINUTE);
    expect((await store.deadLetters(1))[0]?.why).toBe('over before it arrived');
    expect(told().filter((line) => line.startsWith('short'))).toEqual([
      'short failed 1',
      'short dead 1',
    ]);
  });

  it('[NOT-78] goes on trying in the half minute in which the episode may come back as the same, since nobody would be told of that', async () => {
    await start();
    answers.set('phone', fails);
    await put(notice('fire'));
    await clock.advance(2 * SECOND);
    alerts.set('ep', alertRow('ep', { state: 'resolved', resolvedAt: clock.now() }));
    answers.delete('phone');
    await clock.advance(5 * SECOND);
    expect(told()).toEqual(['fire failed 1', 'fire sent 2']);
    answers.set('phone', fails);
    alerts.set('ep2', alertRow('ep2', { state: 'resolved', resolvedAt: clock.now() }));
    await put(notice('second', { about: 'ep2' }));
    await clock.advance(MINUTE);
    expect((await store.deadLetters(1))[0]?.why).toBe('over before it arrived');
  });

  it('[NOT-79] tells an end where something arrived so long ago that only the journal knows it', async () => {
    const around = { ...LEA, channel: 'phone', via: 'push', kind: 'fire', attempt: 1 } as const;
    const arrived = { ...around, notification: 'fire', outcome: 'sent', why: null } as const;
    const at = beganAt - 60 * 60 * MINUTE;
    alerts.set('ep', { ...alertRow('ep'), deliveries: [{ ...arrived, at }] });
    await start();
    await put(notice('end', { marks: 'ends' }), notice('other', { marks: 'ends', about: 'ep2' }));
    await clock.advance(SECOND);
    expect(lines()).toEqual(['0 end']);
    expect(told()).toEqual(['other dropped 0', 'end sent 1']);
  });

  it('[NOT-80] goes by the channels that are known where they cannot be read anew, and says so once', async () => {
    await start();
    const read = store.channels.bind(store);
    store.channels = () => Promise.reject(new LogTrouble(null, 'Connection is closed'));
    await store.putChannel(MAIL, null);
    await put(notice('a'), notice('m', { lane: MAIL }));
    await clock.advance(3 * SECOND);
    expect([lines(), lines('mail')]).toEqual([['0 a'], ['0 m']]);
    expect(happenings.filter(({ name }) => name === 'notify.unheard')).toHaveLength(1);
    store.channels = read;
    await put(notice('n', { lane: MAIL, about: 'ep2' }));
    await clock.advance(2 * SECOND);
    expect(lines('mail')).toEqual(['0 m']);
  });

  it('[NOT-81] keeps a lane in hand while something of it is on its way, and lets nobody wait for it', async () => {
    await start('one');
    await start('two');
    const many = Array.from({ length: 70 }, (_, n) => ({ owner: 'person', of: `p${n}` }) as const);
    for (const owner of many)
      await channelsOf().put(owner, { id: 'box', kind: 'email', address: 'x@example.org' });
    // A filter of the mail server reads each of them for a minute.
    answers.set(
      'box',
      () => new Promise((done) => void clock.after(MINUTE, () => done({ kind: 'sent' }))),
    );
    await put(
      ...many.map((owner, n) =>
        notice(`m${n}`, { about: `e${n}`, lane: laneOf({ ...owner, channel: 'box' }) }),
      ),
    );
    await clock.advance(10 * SECOND);
    await put(notice('a'));
    await clock.advance(SECOND);
    expect(lines()).toHaveLength(1);
    await clock.advance(3 * MINUTE);
    const ids = came.filter(({ channel }) => channel === 'box').map(({ letter }) => letter.id);
    expect([ids.length, new Set(ids).size]).toEqual([70, 70]);
  });

  it('[NOT-43] delays no channel by one that hangs, and repeats no message for it', async () => {
    await start();
    // The channel itself ends a sending after seven seconds.
    answers.set(
      'hook',
      () => new Promise((done) => void clock.after(7 * SECOND, () => done(fails()))),
    );
    await put(notice('h1', { lane: HOOK }), notice('h2', { lane: HOOK, about: 'ep2' }));
    for (const second of [1, 2, 3]) {
      await put(
        notice(`p${second}`, { about: `e${second}` }),
        notice(`m${second}`, { lane: MAIL }),
      );
      await clock.advance(SECOND);
    }
    expect([lines(), lines('mail')]).toEqual([
      ['0 p1', '1 p2', '2 p3'],
      ['0 m1', '1 m2', '2 m3'],
    ]);
    expect(lines('hook')).toEqual(['0 h1']);
  });

  it('[NOT-44] tells an end only where something of the episode has arrived', async () => {
    await start();
    const later = { marks: 'ends', dueAt: beganAt + 31 * SECOND } as const;
    answers.set('mail', () => ({ kind: 'dead', why: 'no such box' }));
    await put(notice('fire'), notice('mail-fire', { lane: MAIL }));
    await put(notice('end', later), notice('mail-end', { ...later, lane: MAIL }));
    await clock.advance(40 * SECOND);
    expect([lines(), lines('mail')]).toEqual([['0 fire', '31 end'], ['0 mail-fire']]);
    expect(came.at(-1)?.letter).toMatchObject({ isSilent: true, tag: 'ep', lines: ['over'] });
    expect(told()).toContain('mail-end dropped 0');
  });

  it('[NOT-73] does not tell again what has arrived though a Redis that was set back still has it, and tells its end', async () => {
    const around = { ...LEA, channel: 'phone', via: 'push', kind: 'fire', attempt: 2, at: beganAt };
    const arrived = { ...around, notification: 'fire', outcome: 'sent', why: null } as const;
    const failed = { ...arrived, notification: 'other', outcome: 'failed' } as const;
    alerts.set('ep', { ...alertRow('ep'), deliveries: [arrived, failed] });
    await start();
    await put(
      notice('fire'),
      notice('other', { about: 'ep', lane: MAIL }),
      notice('end', { marks: 'ends', dueAt: beganAt + 31 * SECOND }),
    );
    await clock.advance(40 * SECOND);
    expect([lines(), lines('mail')]).toEqual([['31 end'], ['0 other']]);
    expect(told()).toContain('fire sent 2');
    expect(happenings.filter(({ name }) => name === 'notify.handed')).toHaveLength(1);
  });

  it('[NOT-22] judges quiet hours again when it goes: what was decided before them is dropped, retries, digests and ends too, but not P1 that may come', async () => {
    await channelsOf().put(LEA, {
      ...{ id: 'mail', kind: 'email', address: 'lea@example.org', breaksQuiet: true },
    });
    await channelsOf().putQuiet('lea', { from: '09:02', to: '10:00', zone: 'UTC' });
    await start();
    for (let each = 0; each < 10; each++) await put(notice(`n${each}`, { about: `e${each}` }));
    answers.set('mail', fails);
    await put(notice('tried', { lane: MAIL }));
    await clock.advance(3 * MINUTE);
    answers.delete('mail');
    await put(
      notice('end', { about: 'e0', marks: 'ends' }),
      notice('loud', { severity: 'P1', isUrgent: true }),
      notice('heard', { lane: MAIL, severity: 'P1', isUrgent: true, about: 'ep2' }),
      notice('hook', { lane: HOOK }),
    );
    await clock.advance(5 * MINUTE);
    const over = { lane: MAIL, severity: 'P1', marks: 'ends', about: 'ep2' } as const;
    await put(notice('heard-end', over));
    await clock.advance(10 * MINUTE);
    expect([lines().length, lines('mail').slice(-2), lines('hook').length]).toEqual([
      ...[8, ['180 heard', '480 heard-end'], 1],
    ]);
    const dropped = store.journal
      .after('0-0', 10_000)
      .filter(({ fields }) => fields.type === 'alert.told')
      .map(({ fields }) => JSON.parse(fields.data ?? '') as AlertTold)
      .filter(({ outcome }) => outcome === 'dropped');
    expect(dropped.map(({ notification }) => notification).sort()).toEqual(
      ['end', 'loud', 'n8', 'n9', 'tried'].sort(),
    );
    for (const { why } of dropped) expect(why).toBe('quiet hours');
    expect([store.outbox.rows.size, await store.deadLetters(9)]).toEqual([0, []]);
  });

  it('[NOT-45] drops a subscription that is gone, and tells the next channel as before', async () => {
    await start();
    answers.set('phone', () => ({ kind: 'gone', why: 'the push service said 410' }));
    await put(
      notice('a'),
      notice('m', { lane: MAIL }),
      notice('b', { dueAt: beganAt + SECOND, about: 'ep2' }),
    );
    await clock.advance(5 * SECOND);
    expect([lines(), lines('mail')]).toEqual([['0 a'], ['0 m']]);
    expect([...told()].sort()).toEqual(['a dropped 0', 'b dropped 0', 'm sent 1']);
    const kept = [...(await store.channels())].filter(([, { text }]) => text !== null);
    expect(kept.map(([lane]) => lane)).toEqual([MAIL, HOOK]);
  });

  it('[NOT-46] tells once what two servers have to tell, and the second one goes on when the first hangs', async () => {
    const one = await start('one');
    const two = await start('two');
    for (let each = 0; each < 7; each++) await put(notice(`n${each}`, { about: `e${each}` }));
    await clock.advance(5 * SECOND);
    expect(came.map(({ letter }) => letter.id)).toEqual(
      Array.from({ length: 7 }, (_, at) => `n${at}`),
    );
    // A server that stops in the middle of a sending: it never settles.
    answers.set('phone', () => new Promise(() => undefined));
    store.outbox.add([notice('last')], []);
    one.wake();
    await clock.advance(0);
    stopped.add('one');
    answers.delete('phone');
    notifiers = [two];
    await clock.advance(9 * SECOND);
    expect(came.slice(7).map(({ letter, by }) => [letter.id, by])).toEqual([['last', 'one']]);
    await clock.advance(2 * SECOND);
    expect(came.slice(8).map(({ letter, by }) => [letter.id, by])).toEqual([['last', 'two']]);
    expect(told().at(-1)).toBe('last sent 1');
  });

  it('[NOT-47] brings what comes after eight messages in ten minutes together each five minutes, all but P1', async () => {
    await start();
    for (let each = 0; each < 30; each++) {
      await put(notice(`n${each}`, { about: `e${each}` }));
      await clock.advance(SECOND);
    }
    expect(lines()).toHaveLength(8);
    await put(notice('urgent', { about: 'e99', severity: 'P1' }));
    expect(lines().at(-1)).toBe('30 urgent');
    // One that is over by then is not said, and neither is its end.
    await put(notice('end20', { about: 'e20', marks: 'ends' }));
    await clock.advance(5 * MINUTE);
    const [digest, ...more] = came.slice(9);
    expect(more).toEqual([]);
    expect(digest?.at).toBe(300);
    expect(digest?.letter).toMatchObject({
      kind: 'digest',
      title: '21 more alerts',
      isSilent: false,
    });
    expect(digest?.letter.rows).toHaveLength(21);
    expect(digest?.letter.lines.slice(19)).toEqual([
      expect.stringContaining('Long hold'),
      'and 1 more',
    ]);
    expect(told().filter((line) => line.includes('sent'))).toHaveLength(8 + 1 + 21);
    expect(
      told()
        .filter((line) => line.includes('dropped'))
        .sort(),
    ).toEqual(['end20 dropped 0', 'n20 dropped 0']);
    await clock.advance(6 * MINUTE);
    await put(notice('calm', { about: 'e100' }));
    expect(lines().at(-1)).toBe('690 calm');
  });

  it('[NOT-83] keeps no news waiting for the ends of what was told, until there are sixteen messages in ten minutes', async () => {
    await start();
    for (let each = 0; each < 7; each++) {
      const about = `e${each}`;
      await put(notice(`n${each}`, { about }));
      await put(notice(`end${each}`, { about, marks: 'ends', dueAt: Math.floor(clock.now()) }));
    }
    await put(notice('fresh', { about: 'e8' }));
    await clock.advance(SECOND);
    expect(lines()).toHaveLength(15);
    expect(lines().at(-1)).toBe('0 fresh');
    await put(notice('end7', { about: 'e8', marks: 'ends' }));
    await clock.advance(SECOND);
    await put(notice('again', { about: 'e0' }));
    await clock.advance(SECOND);
    expect(lines()).toHaveLength(16);
    await clock.advance(5 * MINUTE);
    expect(came.at(-1)?.letter).toMatchObject({ kind: 'digest' });
  });

  /** Eight and then two more, which wait for a digest. */
  async function flooded(): Promise<void> {
    await start();
    for (let each = 0; each < 10; each++) await put(notice(`n${each}`, { about: `e${each}` }));
    expect(came).toHaveLength(8);
  }
  const digests = (): readonly (readonly [string, readonly string[]])[] =>
    came
      .filter(({ letter: { kind } }) => kind === 'digest')
      .map(({ letter: { id, rows } }) => [id, rows.map(({ episode }) => episode)]);

  it('[NOT-74] sends a digest again as it was, and what came since in another one', async () => {
    await flooded();
    answers.set('phone', fails);
    await clock.advance(5 * MINUTE);
    await clock.advance(SECOND);
    await put(notice('late', { about: 'e10' }));
    await clock.advance(3 * MINUTE);
    answers.delete('phone');
    await clock.advance(3 * MINUTE);
    const [first, ...others] = digests();
    const [last, ...again] = others.toReversed();
    expect(first?.[1]).toEqual(['e8', 'e9']);
    expect(again.length).toBeGreaterThan(3);
    for (const each of again) expect(each).toEqual(first);
    expect(last?.[1]).toEqual(['e10']);
    expect(last?.[0]).not.toBe(first?.[0]);
    expect(store.outbox.rows.size).toBe(0);
  });

  it('[NOT-74] sends a digest again as it was when a server dies between sending and marking', async () => {
    await flooded();
    answers.set('phone', () => new Promise(() => undefined));
    await clock.advance(5 * MINUTE);
    stopped.add('one');
    notifiers = [];
    answers.delete('phone');
    // Decided before the mark, and written after it: it would have been of that digest.
    store.outbox.add([notice('late', { about: 'e10', dueAt: beganAt + SECOND })], []);
    store.outbox.add([notice('worse', { about: 'e8', kind: 'raise' })], []);
    await start('two');
    await clock.advance(20 * MINUTE);
    const [first, again, ...more] = digests();
    expect(again).toEqual(first);
    expect(first?.[1]).toEqual(['e8', 'e9']);
    for (const [id] of more) expect(id).not.toBe(first?.[0]);
    const sent = told().filter((line) => line.includes('sent'));
    expect([sent.length, new Set(sent).size, store.outbox.rows.size]).toEqual([12, 12, 0]);
  });

  it('[NOT-74] tries again alone what was tried alone, though what waits behind it goes together', async () => {
    await start();
    answers.set('hook', fails);
    await put(notice('alone', { lane: HOOK }));
    await put(
      ...Array.from({ length: 1_600 }, (_, at) =>
        notice(`n${at}`, { lane: HOOK, about: `e${at}` }),
      ),
    );
    answers.delete('hook');
    await clock.advance(10 * SECOND);
    expect(lines('hook').slice(0, 2)).toEqual(['0 alone', '5 alone']);
    expect(came.at(-1)?.letter).toMatchObject({ kind: 'digest', title: '1600 more alerts' });
  });

  it('[NOT-75] gives each digest a name and a place of its own, and names what is urgent first, then what has lasted longest, then what is over', async () => {
    await start();
    for (let each = 0; each < 8; each++) await put(notice(`n${each}`, { about: `e${each}` }));
    const raised = (seconds: number): Partial<Row> => ({ raisedAt: beganAt + seconds * SECOND });
    await put(
      notice('z-end', { about: 'e0', marks: 'ends', severity: 'P1', ...raised(-9) }),
      notice('y', { about: 'young', ...raised(-1) }),
      notice('o', { about: 'old', ...raised(-5) }),
      notice('p', { about: 'note', severity: 'P3', ...raised(-7) }),
    );
    await clock.advance(5 * MINUTE);
    await put(notice('more', { about: 'f1' }), notice('more2', { about: 'f2' }));
    await clock.advance(5 * MINUTE);
    const [first, second] = digests();
    expect(first?.[1]).toEqual(['old', 'young', 'note', 'e0']);
    expect(second?.[0]).not.toBe(first?.[0]);
    const places = came.flatMap(({ letter }) => (letter.kind === 'digest' ? [letter.tag] : []));
    expect(places).toEqual([first?.[0], second?.[0]]);
    // A push service takes it as a topic.
    for (const place of places) expect(place).toMatch(/^[\w-]{1,32}$/);
  });

  it.each([1, 2, 3, 4, 5, 6])(
    '[NOT-47] brings ten in any ten minutes at most, digests and all, besides what is urgent: flood %i',
    async (seed) => {
      const chance = createChance(seed);
      await start();
      for (let each = 0; each < 200; each++) {
        const severity = chance.next() < 0.1 ? 'P1' : 'P2';
        await put(notice(`n${each}`, { about: `e${each}`, severity }));
        // Now and then it rains, and then it pours.
        await clock.advance(chance.below(chance.next() < 0.9 ? 5 : 400) * SECOND);
      }
      await clock.advance(10 * MINUTE);
      const calm = came.filter(
        ({ letter: { kind, severity } }) => kind === 'digest' || severity !== 'P1',
      );
      const most = calm.map(({ at }) =>
        calm.filter((other) => other.at > at - 600 && other.at <= at),
      );
      expect(Math.max(...most.map(({ length }) => length))).toBeLessThanOrEqual(10);
      expect(came.some(({ letter }) => letter.kind === 'digest')).toBe(true);
      const sent = told().filter((line) => line.includes('sent'));
      expect(new Set(sent).size).toBe(200);
    },
  );

  it.each([1, 2, 3])(
    '[NOT-47] [NOT-69] [NOT-70] drowns nobody in thousands of alarms, their worsening and their ends, whoever fails to take them: flood %i',
    async (seed) => {
      const chance = createChance(seed);
      await start();
      let episodes = 0;
      for (let minute = 0; minute < 25; minute++) {
        const batch = Array.from({ length: chance.below(300) }, () => {
          const about = `e${++episodes}`;
          const severity = chance.next() < 0.3 ? 'P1' : 'P2';
          const fire = notice(`n${episodes}`, { about, severity, isUrgent: severity === 'P1' });
          const second = {
            about,
            severity,
            kind: 'escalate',
            isUrgent: severity === 'P1',
          } as const;
          const worse = chance.next() < 0.5 ? [notice(`w${episodes}`, second)] : [];
          const dueAt = Math.floor(clock.now()) + chance.below(900) * SECOND;
          const end =
            chance.next() < 0.5
              ? [notice(`x${episodes}`, { about, severity, marks: 'ends', dueAt })]
              : [];
          return [fire, ...worse, ...end];
        });
        if (chance.next() < 0.2) answers.set('phone', fails);
        else answers.delete('phone');
        await put(...batch.flat());
        await clock.advance(MINUTE);
        expect(store.outbox.rows.size).toBeLessThanOrEqual(2_000);
      }
      answers.delete('phone');
      await clock.advance(30 * MINUTE);
      const lately = (isMeant: (letter: Letter) => boolean): number[] => {
        const meant = took.filter(({ letter }) => isMeant(letter));
        return meant.map(
          ({ at }) => meant.filter((other) => other.at > at - 600 && other.at <= at).length,
        );
      };
      const isUrgent = ({ kind, severity }: Letter): boolean => severity === 'P1' && kind !== 'end';
      const isNews = (letter: Letter): boolean => !isUrgent(letter) && letter.kind !== 'end';
      expect(episodes).toBeGreaterThan(2_000);
      expect(Math.max(...lately(isNews))).toBeLessThanOrEqual(10);
      // With the silent ends of what was told.
      expect(Math.max(...lately((letter) => !isUrgent(letter)))).toBeLessThanOrEqual(18);
      expect(Math.max(...lately(isUrgent))).toBeLessThanOrEqual(20);
      expect(store.outbox.rows.size).toBe(0);
    },
  );

  it('[NOT-70] tells ten urgent ones at once each, and what comes after them in ten minutes together each minute', async () => {
    await start();
    const many = (name: string, count: number): readonly Notice[] =>
      Array.from({ length: count }, (_, at) =>
        notice(`${name}${at}`, { about: `${name}${at}`, severity: 'P1', isUrgent: true }),
      );
    await put(...many('a', 1_000));
    expect(lines()).toHaveLength(10);
    await clock.advance(MINUTE);
    const [digest, ...more] = came.slice(10);
    expect([more, digest?.at]).toEqual([[], 60]);
    expect(digest?.letter).toMatchObject({
      kind: 'digest',
      severity: 'P1',
      title: '990 more alerts',
    });
    expect(digest?.letter.lines.at(-1)).toBe('and 970 more');
    // One alone is said whole, so that it can be taken.
    await put(...many('b', 1));
    await clock.advance(MINUTE);
    expect(came.slice(11)).toMatchObject([{ at: 120, letter: { id: 'b0', kind: 'fire' } }]);
    expect(came.at(-1)?.letter.capability).not.toBeNull();
    await clock.advance(11 * MINUTE);
    await put(...many('c', 1));
    expect(lines().at(-1)).toBe('780 c0');
  });

  it('[NOT-69] says in one message what waited for a receiver that was away, with the number of what found no room', async () => {
    await start();
    answers.set('hook', fails);
    await put(notice('first', { lane: HOOK }));
    const many = Array.from({ length: 1_600 }, (_, at) =>
      notice(`n${at}`, { lane: HOOK, about: `e${at}` }),
    );
    await put(...many);
    answers.delete('hook');
    await clock.advance(10 * SECOND);
    const letters = came.filter(({ channel }) => channel === 'hook').slice(1);
    // What was tried is tried again alone: it may have arrived.
    expect(letters.map(({ letter }) => letter.title)).toEqual([
      'Long hold · billing',
      '1600 more alerts',
    ]);
    const [dead, ...none] = await store.deadLetters(9);
    expect([none, dead?.why]).toEqual([
      [],
      'too many waited: of 101 more notifications only the number was told',
    ]);
    expect(told().filter((line) => line.includes('sent'))).toHaveLength(1_500);
  });

  it('[NOT-68] tells the journal whose place a row took', async () => {
    await start();
    answers.set('hook', fails);
    await put(notice('first', { lane: HOOK, about: 'ep2' }), notice('second', { lane: HOOK }));
    await put(notice('worse', { lane: HOOK, kind: 'raise' }));
    answers.delete('hook');
    await clock.advance(10 * SECOND);
    expect(lines('hook')).toEqual(['0 first', '5 first', '5 worse']);
    expect(told().slice(-2)).toEqual(['second dropped 0', 'worse sent 1']);
  });

  it('[NOT-47] counts for a person, and never holds back what a team is told', async () => {
    await start();
    for (let each = 0; each < 30; each++)
      await put(
        notice(`h${each}`, { lane: HOOK, about: `e${each}` }),
        notice(`m${each}`, { lane: MAIL, about: `e${each}` }),
      );
    await clock.advance(SECOND);
    expect([lines('hook').length, lines('mail').length]).toEqual([30, 8]);
  });

  it('[NOT-62] lets go of a sending that hangs a second after the house began to close, and the next server sends it by its name', async () => {
    const one = await start('one');
    answers.set('phone', () => new Promise(() => undefined));
    await put(notice('a'));
    let isClosed = false;
    const closed = one.close().then(() => (isClosed = true));
    await clock.advance(SECOND - 1);
    expect(isClosed).toBe(false);
    await clock.advance(1);
    await closed;
    // Nobody knows whether it arrived, so nothing is said of it.
    expect([told(), [...store.outbox.rows.keys()]]).toEqual([[], ['a']]);
    answers.delete('phone');
    await start('two');
    await clock.advance(8 * SECOND);
    expect(came.map(({ letter, by }) => [letter.id, by])).toEqual([['a', 'one']]);
    await clock.advance(2 * SECOND);
    expect(came.map(({ letter, by }) => [letter.id, by])).toEqual([
      ['a', 'one'],
      ['a', 'two'],
    ]);
    expect(told()).toEqual(['a sent 1']);
  });

  it('[NOT-62] waits for a sending that ends within that second', async () => {
    const one = await start('one');
    const slow = (): Promise<Sent> =>
      new Promise((done) => void clock.after(900, () => done({ kind: 'sent' })));
    answers.set('phone', slow);
    await put(notice('a'));
    const closed = one.close();
    await clock.advance(SECOND);
    await closed;
    expect([told(), store.outbox.rows.size]).toEqual([['a sent 1'], 0]);
  });

  it('[NOT-63] says when a row is tried again, when it goes in a digest, and that it went in one', async () => {
    await start();
    answers.set('hook', fails);
    await put(notice('h', { lane: HOOK }));
    for (let each = 0; each < 11; each++) await put(notice(`n${each}`, { about: `e${each}` }));
    await clock.advance(SECOND);
    const saidOf = (id: string): readonly AlertTold[] =>
      store.journal
        .after('0-0', 10_000)
        .filter(({ fields }) => fields.type === 'alert.told')
        .map(({ fields }) => JSON.parse(fields.data ?? '') as AlertTold)
        .filter(({ notification }) => notification === id);
    expect(saidOf('h')).toMatchObject([{ outcome: 'failed', nextAt: beganAt + 5 * SECOND }]);
    const held = { outcome: 'held', attempt: 0, nextAt: beganAt + 5 * MINUTE };
    expect(saidOf('n10')).toMatchObject([held]);
    await clock.advance(5 * MINUTE);
    expect(saidOf('n10')).toMatchObject([held, { outcome: 'sent', attempt: 1, isDigest: true }]);
    expect(saidOf('n7')[0]).not.toHaveProperty('isDigest');
  });

  it('[NOT-64] says why it did not go without an address, a name or a token of anybody', async () => {
    await start();
    const why =
      '550 <lea@example.org> at https://user:pw@hooks.example/services/T0/B1/x?token=s3cr3t and key AAAAB3NzaC1yc2EAAAADAQABAAABgQ';
    answers.set('hook', () => ({ kind: 'failed', why }));
    answers.set('mail', () => ({ kind: 'dead', why }));
    await put(notice('h', { lane: HOOK }), notice('m', { lane: MAIL }));
    const [letter] = await store.deadLetters(1);
    expect(letter).toMatchObject({ tries: 1, via: 'email' });
    const all = JSON.stringify([
      happenings,
      await store.deadLetters(9),
      store.journal.after('0-0', 99),
    ]);
    expect(all).not.toMatch(/lea@|user:|pw@|services|s3cr3t|AAAAB3/);
    expect(letter?.why).toBe('550 <…@example.org> at https://hooks.example/… and key …');
  });

  it('[NOT-11] takes a row out of which no letter can be made, and sends the next', async () => {
    await start();
    const texts = ['no json', 'null', '"x"', '{"severity":"P1"}'];
    await put(
      ...texts.map((text, index) => ({ ...notice(`odd${index}`, { about: `odd${index}` }), text })),
      notice('a'),
    );
    expect([lines(), told(), store.outbox.rows.size]).toEqual([['0 a'], ['a sent 1'], 0]);
    expect(happenings.map(({ name }) => name)).toContain('notify.odd');
  });

  it('[NOT-67] says names on one line, and turns nothing around', async () => {
    const unruly = 'Sales\r\nBcc: evil@example.org \u202egro';
    await start();
    await put(notice('a', { queue: unruly, params: { agent: `x\u2028${'y'.repeat(400)}` } }));
    const [{ letter } = expect.unreachable()] = came;
    expect(letter.title).toBe('Long hold · Sales Bcc: evil@example.org gro');
    expect(letter.lines[0]).toMatch(/ · x y{77}… · /);
  });

  it('[NOT-10] uses what a channel is now, and passes over one that cannot be read', async () => {
    await start();
    await store.putChannel(MAIL, '{"kind":"email","address":"nobody"}');
    await put(notice('m', { lane: MAIL }), notice('a'));
    expect([lines(), lines('mail')]).toEqual([['0 a'], []]);
    expect(told()).toContain('m dropped 0');
    expect(happenings.map(({ name }) => name)).toContain(`unread ${MAIL}`);
  });
});
