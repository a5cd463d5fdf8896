// What the desk decides by itself: the order of needs, instants, use, alarms, news, keys, the day's report.
import { describe, expect, it } from 'vitest';
import { agentsOf } from '../../client/desk/agents-of.ts';
import { Alarm, RING_EVERY_MS } from '../../client/desk/alarm.ts';
import { Announcer } from '../../client/desk/announce.ts';
import { atClock } from '../../client/desk/clock-said.ts';
import { dayReport } from '../../client/desk/day-report.ts';
import { pathOf, readPlace } from '../../client/desk/desk-address.ts';
import { actionOf } from '../../client/desk/keys.ts';
import { concerns, needsOf, ownTeams } from '../../client/desk/needs.ts';
import { shouldSayUsed } from '../../client/desk/page-use.ts';
import type { CallbackRow } from '../../server/contract/rows.ts';
import { promisesOfDay } from '../../client/desk/promises-of-day.ts';
import { ReadAgain } from '../../client/desk/read-again.ts';
import { isAbout, thingsOf } from '../../client/desk/things-of.ts';
import { callbackRow } from '../support/paper-rows.ts';
import { isDesk } from '../../client/address.ts';
import { ownPage } from '../../server/gateway/sign-in.ts';
import { alertRow, deskFloor } from '../support/desk-floor.ts';
import { HandClock } from '../support/hand-clock.ts';
import { NOW } from '../support/wall-floors.ts';

const row = (id: string, part: Partial<ReturnType<typeof alertRow>> = {}) =>
  alertRow(id, part, NOW);
const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id).join(' ');

describe('what needs me', () => {
  const me = { id: 'lea', teams: new Set(['t1']) };

  it('[DSK-1] begins with mine and with P1 that nobody has', () => {
    const needs = needsOf(
      [
        row('p3', { severity: 'P3' }),
        row('p2', { severity: 'P2' }),
        row('p2-ours', { severity: 'P2', team: 't1' }),
        row('p2-nearest', { severity: 'P2', text: { key: 'k', params: { nearest: 'lea' } } }),
        row('mine', { severity: 'P3', state: 'acknowledged', takenBy: 'lea' }),
        row('p1-young', { since: NOW - 5_000 }),
        row('p1'),
        row('p1-recovering', { state: 'recovering' }),
      ],
      me,
    );
    expect(ids(needs.now)).toBe('p1 p1-young mine p2-nearest p2-ours p2 p3');
    expect(ids(needs.ending)).toBe('p1-recovering');
  });

  it('[DSK-1] counts as own a team that I said I cover, whether I am seen there or not', () => {
    const [first] = deskFloor('busy').tables.teams.values();
    if (!first) throw new Error('Expected a team.');
    const { cover } = first;
    const team = { ...first, leads: [], cover: { ...cover, present: [] } };
    const who = { id: 'rita', team: 'blue' };
    expect([...ownTeams([team], who)]).toEqual(['blue']);
    const taken = { ...team, coverTaken: [{ agent: 'rita', until: NOW }] };
    expect([...ownTeams([taken], who)]).toEqual(['blue', team.id]);
  });

  it('[DSK-1] keeps what others have and what was put off apart, and leaves out what is over', () => {
    const needs = needsOf(
      [
        row('theirs', { state: 'acknowledged', takenBy: 'jarvis' }),
        row('later', { state: 'snoozed', takenBy: 'lea' }),
        row('over', { state: 'resolved' }),
        row('now'),
      ],
      me,
    );
    expect([ids(needs.now), ids(needs.others), ids(needs.later)]).toEqual([
      'now',
      'theirs',
      'later',
    ]);
  });
});

describe('a time that was typed', () => {
  it('[DSK-2] means its next instant on the site’s clock', () => {
    // 15:42:07 on the site's clock.
    const at = (wanted: string, days = 0) => atClock(wanted, { now: NOW, shown: '15:42', days });
    const minute = Math.floor(NOW / 60_000) * 60_000;
    expect(at('15:43')).toBe(minute + 60_000);
    expect(at('16:00')).toBe(minute + 18 * 60_000);
    expect(at('15:42')).toBe(minute + 86_400_000);
    expect(at('9.30')).toBe(minute + (17 * 60 + 48) * 60_000);
    expect(at('09:30', 1)).toBe(minute + (17 * 60 + 48) * 60_000);
    expect(at('16:00', 2)).toBe(minute + (2 * 1_440 + 18) * 60_000);
  });

  it('[DSK-2] is none where it is no time', () => {
    for (const wanted of ['', 'noon', '25:00', '12:60', '1200', '-1:00'])
      expect(atClock(wanted, { now: NOW, shown: '15:42' })).toBeNull();
  });
});

describe('a page that is used', () => {
  const use = { presence: null, until: null, now: NOW, saidAt: null, isSaid: false } as const;

  it('[DSK-3] says so at most once a minute', () => {
    expect(shouldSayUsed(use)).toBe(true);
    expect(shouldSayUsed({ ...use, saidAt: NOW - 59_999 })).toBe(false);
    expect(shouldSayUsed({ ...use, saidAt: NOW - 60_000 })).toBe(true);
  });

  it('[DSK-3] never says so against what the person said', () => {
    for (const presence of ['floor', 'meeting', 'call'] as const) {
      expect(shouldSayUsed({ ...use, presence, until: NOW + 1 })).toBe(false);
      expect(shouldSayUsed({ ...use, presence, until: null })).toBe(false);
      expect(shouldSayUsed({ ...use, presence, until: NOW })).toBe(true);
    }
    expect(shouldSayUsed({ ...use, presence: 'away', isSaid: true })).toBe(false);
    expect(shouldSayUsed({ ...use, presence: 'offline', isSaid: true })).toBe(false);
    expect(shouldSayUsed({ ...use, presence: 'away' })).toBe(true);
    expect(shouldSayUsed({ ...use, presence: 'desk', until: NOW + 1_700_000 })).toBe(false);
    expect(shouldSayUsed({ ...use, presence: 'desk', until: NOW + 230_000 })).toBe(true);
  });
});

describe('the sound', () => {
  it('[DSK-40] is of own teams, of what I am nearest to, of what has come up to me or was left by everybody', () => {
    const me = { id: 'lea', teams: new Set(['t1']), as: 'lead' } as const;
    const other = row('p1', { team: 't2', level: 1 });
    expect(concerns(other, me)).toBe(false);
    expect(concerns({ ...other, team: 't1' }, me)).toBe(true);
    expect(concerns({ ...other, team: null }, me)).toBe(true);
    const nearest = { key: 'k', params: { nearest: 'lea' } };
    expect(concerns({ ...other, text: nearest }, me)).toBe(true);
    expect(concerns({ ...other, level: 3 }, me)).toBe(false);
    expect(concerns({ ...other, exhausted: true }, me)).toBe(true);
    expect(concerns({ ...other, level: 2 }, { ...me, as: 'supervisor' })).toBe(true);
    expect(concerns({ ...other, level: 2 }, { ...me, as: 'duty-manager' })).toBe(false);
    expect(concerns({ ...other, level: 3 }, { ...me, as: 'duty-manager' })).toBe(true);
    expect(concerns({ ...other, team: 't1' }, { ...me, id: null })).toBe(false);
  });

  it('[DSK-4] comes at once and each 15 s until it is taken', () => {
    const clock = new HandClock();
    let rings = 0;
    const alarm = new Alarm(clock, () => (rings += 1));
    alarm.set(false);
    expect(rings).toBe(0);
    alarm.set(true);
    alarm.set(true);
    expect(rings).toBe(1);
    clock.advance(RING_EVERY_MS - 1);
    expect(rings).toBe(1);
    clock.advance(1);
    alarm.set(true);
    expect(rings).toBe(2);
    clock.advance(2 * RING_EVERY_MS);
    expect(rings).toBe(4);
    alarm.set(false);
    clock.advance(10 * RING_EVERY_MS);
    expect(rings).toBe(4);
    expect(RING_EVERY_MS).toBe(15_000);
  });
});

describe('a screen reader', () => {
  it('[DSK-5] is told each new alarm once, and again when it is worse or alarms again', () => {
    const announcer = new Announcer();
    const told = (...rows: ReturnType<typeof row>[]) => {
      const { urgent, other } = announcer.newsOf(rows);
      return `${ids(urgent)}|${ids(other)}`;
    };
    const p3 = row('a', { severity: 'P3' });
    expect(told(p3)).toBe('|');
    expect(told(p3, row('b'))).toBe('b|');
    expect(told(p3, row('b'))).toBe('|');
    expect(told({ ...p3, severity: 'P2' }, row('b'))).toBe('|a');
    const taken = row('b', { state: 'acknowledged', takenBy: 'lea' });
    expect(told({ ...p3, severity: 'P2' }, taken)).toBe('|');
    expect(told({ ...p3, severity: 'P2' }, row('b'))).toBe('b|');
    expect(told()).toBe('|');
    expect(told(row('b'))).toBe('b|');
  });
});

describe('a key', () => {
  const pressed = (key: string, inside = 'body', hasModifier = false) =>
    actionOf({ key, inside, hasModifier, isComposing: false });

  it('[DSK-65] is the word’s while one is composed', () => {
    for (const key of ['Escape', 'Enter', 't'])
      expect(actionOf({ key, inside: 'body', hasModifier: false, isComposing: true })).toBeNull();
  });

  it('[DSK-7] has one meaning, and none in a field or with a modifier', () => {
    expect(
      ['j', 'ArrowDown', 'k', 'ArrowUp', 'Enter', 't', 's', '?'].map((key) => pressed(key)),
    ).toEqual(['next', 'next', 'previous', 'previous', 'open', 'take', 'snooze', 'list']);
    for (const field of ['input', 'select', 'textarea'])
      for (const key of ['j', 't', 's', '?', 'Enter']) expect(pressed(key, field)).toBeNull();
    expect(pressed('Escape', 'input')).toBe('back');
    expect(pressed('s', 'body', true)).toBeNull();
    expect(pressed('Enter', 'button')).toBeNull();
    expect(pressed('Enter', 'a')).toBeNull();
    expect(pressed('constructor')).toBeNull();
  });
});

describe('the day’s report', () => {
  it('[DSK-8] says how long until each was taken, and which nobody saw', () => {
    const { episodes } = deskFloor('busy');
    const ended = episodes.filter(({ resolvedAt }) => resolvedAt !== null);
    // The shape in which the server tells them.
    const report = dayReport(ended as unknown as Parameters<typeof dayReport>[0]);
    expect(report.unseen.map(({ episode }) => episode.id)).toEqual(['old0', 'old3']);
    expect(report.unseen.every(({ takenAfterMs }) => takenAfterMs === null)).toBe(true);
    expect(
      report.others.map(({ episode, takenAfterMs, takenBy }) => [
        episode.id,
        takenAfterMs,
        takenBy,
      ]),
    ).toEqual([
      ['old1', 55_000, 'jarvis'],
      ['old2', 85_000, 'jarvis'],
      ['old4', 145_000, 'jarvis'],
    ]);
    expect([report.taken, report.medianMs]).toEqual([3, 85_000]);
    expect(report.slowest?.episode.id).toBe('old4');
    const none = { unseen: [], others: [], taken: 0, medianMs: null, slowest: null };
    expect(dayReport([])).toEqual(none);
    // Raised as a note, taken, and worse after that: it began when it was raised first.
    const [taken] = ended.filter(({ id }) => id === 'old1');
    const worse = dayReport([
      { ...taken!, raisedAt: taken!.raisedAt + 600_000 },
    ] as unknown as Parameters<typeof dayReport>[0]).others[0];
    expect([worse?.beganAt, worse?.takenAfterMs]).toEqual([taken!.raisedAt, 55_000]);
    // For a note nobody was called.
    const noted = ended.map((one) => ({ ...one, severity: 'P3' }));
    expect(dayReport(noted as unknown as Parameters<typeof dayReport>[0]).unseen).toEqual([]);
  });
});

describe('an address', () => {
  it('[DSK-9] names the desk, the day or one episode by any id', () => {
    const id = 'main hold.long c/1?žā:1795268527000';
    const things = (['episode', 'agent', 'contact', 'callback'] as const).map((kind) => ({
      kind,
      id,
    }));
    const pages = [{ kind: 'desk' }, { kind: 'today' }, { kind: 'undelivered' }] as const;
    for (const place of [...pages, ...things]) {
      expect(readPlace(pathOf(place))).toEqual(place);
      expect(isDesk(pathOf(place))).toBe(true);
      expect(ownPage(pathOf(place))).toBe(pathOf(place));
    }
    for (const path of ['/desk/', '/desk/x', '/desk/episode/', '/desk/queue/q1', '/desk/desk'])
      expect(readPlace(path)).toEqual({ kind: 'desk' });
    expect(readPlace('/desk/episode/%E4%B8%')).toEqual({ kind: 'episode', id: '%E4%B8%' });
    for (const path of ['/', '/wall/desk', '/desktop']) expect(isDesk(path)).toBe(false);
    for (const path of ['//desk', '/desk/../x/y/z', '/desk/a/b/c', 'https://desk', '/desk\\x'])
      expect(ownPage(path)).toBe('/');
  });
});

describe('the promises of a day', () => {
  it('[DSK-34] are kept, broken or open, whenever they were closed', () => {
    const [dayStartsAt, dayEndsAt] = [1_000, 2_000];
    const row = (id: string, dueAt: number, kept: boolean | null): CallbackRow =>
      callbackRow(id, { dueAt, kept }) as unknown as CallbackRow;
    const rows = [
      row('kept', 1_500, true),
      row('broken', 1_000, false),
      row('open', 1_999, null),
      row('broken yesterday', 999, false),
      row('tomorrow', 2_000, null),
    ];
    // One more was kept, and closed the day before.
    const promises = { due: 4, kept: 2, overdue: 1, nextDueAt: null };
    expect(promisesOfDay(rows, { dayStartsAt, dayEndsAt, promises })).toEqual({
      kept: 2,
      broken: 1,
      open: 1,
    });
  });
});

describe('whose agents', () => {
  it('[DSK-69] are of a team, or of none that is known', () => {
    const { tables } = deskFloor('busy');
    const [one] = tables.agents.values();
    if (!one) throw new Error('Expected an agent.');
    const there = (id: string, team: string | null, state = 'available' as const) => ({
      ...{ ...one, id, team, state },
    });
    const agents = [
      there('a', 't0'),
      there('b', null),
      there('c', 'nowhere'),
      { ...there('d', null), state: 'offline' as const },
    ];
    const floor = { agents, teams: tables.teams };
    expect(ids(agentsOf('t0', floor))).toBe('a');
    expect(ids(agentsOf(null, floor))).toBe('b c');
    expect(ids(agentsOf(null, { agents, teams: new Map() }))).toBe('a b c');
  });
});

describe('what is read again', () => {
  it('[DSK-68] is read at once, then once for all that changed meanwhile, never twice at a time', async () => {
    const clock = new HandClock();
    let reads = 0;
    let end = (): void => undefined;
    const reading = new ReadAgain(clock, 1_000, () => {
      reads += 1;
      return new Promise((resolve) => (end = resolve));
    });
    const settle = async (): Promise<void> => {
      end();
      await Promise.resolve();
      await Promise.resolve();
    };
    reading.want();
    reading.want();
    expect(reads).toBe(1);
    await settle();
    reading.want();
    clock.advance(999);
    expect(reads).toBe(1);
    clock.advance(1);
    expect(reads).toBe(2);
    await settle();
    clock.advance(5_000);
    expect(reads).toBe(2);
    reading.want();
    await settle();
    void reading.now();
    expect(reads).toBe(4);
    await settle();
    reading.want();
    reading.stop();
    clock.advance(5_000);
    expect(reads).toBe(4);
  });
});

describe('what an episode is about', () => {
  const about = (rule: string, subject: string, params: Readonly<Record<string, string>> = {}) => ({
    rule,
    subject,
    text: { params },
  });

  it('[DSK-35] are its contact, promise and agent, each once; of a team or a queue there is no page', () => {
    const kinds = (one: Parameters<typeof thingsOf>[0]): readonly string[] =>
      thingsOf(one).map(({ kind, id }) => `${kind} ${id}`);
    expect(kinds(about('hold.long', 'c1', { agent: 'charles' }))).toEqual([
      'contact c1',
      'agent charles',
    ]);
    expect(kinds(about('callback.customer-first', 'c1', { callback: 'cb' }))).toEqual([
      'contact c1',
      'callback cb',
    ]);
    expect(kinds(about('agent.doubtful', 'charles', { agent: 'charles' }))).toEqual([
      'agent charles',
    ]);
    expect(kinds(about('cover.lost', 'blue'))).toEqual([]);
    expect(kinds(about('constructor', 'x'))).toEqual([]);
    expect(isAbout(about('hold.long', 'c1'), { kind: 'contact', id: 'c1' })).toBe(true);
    expect(isAbout(about('cover.lost', 'c1'), { kind: 'contact', id: 'c1' })).toBe(false);
  });
});
