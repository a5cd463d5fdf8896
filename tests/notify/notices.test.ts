// Who is told by which move, where, and under which name: moves of the real machine on a real floor.
import { beforeEach, describe, expect, it } from 'vitest';
import { alarmAgain, open, step } from '../../server/alerts/machine.ts';
import type { Around, Move, Seen } from '../../server/alerts/machine.ts';
import { peopleAt } from '../../server/alerts/people.ts';
import type { House } from '../../server/alerts/people.ts';
import { Staff } from '../../server/alerts/staff.ts';
import { decisionOf } from '../../server/acting/decision-of.ts';
import type { AlertMoved } from '../../server/events/episode.ts';
import type { Notice } from '../../server/log/outbox.ts';
import { isQuietAt } from '../../server/notify/quiet-hours.ts';
import type { Channel, Quiet } from '../../server/notify/channel-form.ts';
import type { ChannelBook } from '../../server/notify/channels.ts';
import { END_AFTER_MS, tellingOf } from '../../server/notify/notices.ts';
import type { Row, Telling } from '../../server/notify/notices.ts';
import { at, NINE, Scene } from '../floor/scene.ts';

const MINUTE = 60;
let scene: Scene;
let channels: Map<string, readonly Channel[]>;
let quiet: Map<string, Quiet>;
const book: ChannelBook = {
  of: ({ owner, of }) => channels.get(`${owner} ${of}`) ?? [],
  quietOf: (person) => quiet.get(person) ?? null,
};

function mail(id = 'mail', breaksQuiet = false): Channel {
  return { id, kind: 'email', address: 'someone@example.org', breaksQuiet };
}

beforeEach(() => {
  scene = new Scene();
  quiet = new Map();
  channels = new Map(
    ['person lea', 'person sam', 'person max', 'team blue'].map((name) => [name, [mail()]]),
  );
  scene.tell(0, 'site.profile', 'main', { dutyManager: 'max' });
  scene.tell(0, 'team.profile', 'blue', { name: 'Blue' });
  scene.tell(0, 'agent.profile', 'lea', { name: 'Lea', role: 'lead', team: 'blue' });
  scene.tell(0, 'agent.profile', 'sam', { name: 'Sam', role: 'supervisor', team: 'blue' });
  scene.tell(0, 'agent.profile', 'max', { name: 'Max' });
  scene.tell(0, 'supervisor.presence', 'lea', { presence: 'desk', until: at(36_000) });
  scene.tell(0, 'supervisor.presence', 'sam', { presence: 'floor', until: at(36_000) });
});

function house(): House {
  const { facts } = scene.floor;
  const staff = new Staff(facts);
  for (const agent of facts.agents.values()) staff.note(agent.id, agent);
  return staff;
}
function around(seconds: number): Around {
  const reach = (level: number): boolean => peopleAt(level, 'blue', house()).length > 0;
  return { now: at(seconds), keepFiringMs: 0, reach, recent: [] };
}
function holds(severity: 'P1' | 'P2' | 'P3' = 'P2'): Extract<Seen, { kind: 'true' }> {
  const params = { agent: 'anna', holds: '1', customer: 'Mr Secret', number: '+37126000000' };
  return {
    ...{ kind: 'true', since: at(0), raisedAt: at(0), severity, team: 'blue', queue: 'billing' },
    sources: [],
    text: { key: 'hold.long', params },
  };
}
/** Decides a move: who is told goes into the floor's history, as by the journal. */
function decide(move: Move, seconds: number): Telling {
  const telling = tellingOf(move, {
    ...{ house: house(), book, site: 'main', zone: 'Europe/Riga', now: at(seconds) },
  });
  const { entry } = decisionOf(move, at(seconds));
  const said = { ...(JSON.parse(entry.data ?? '') as AlertMoved), told: telling.told };
  scene.tell(seconds, 'alert.moved', move.to.id, said, 'pharos');
  return telling;
}
function began(severity: 'P1' | 'P2' | 'P3' = 'P2', seconds = 0): Telling {
  const birth = {
    id: 'ep',
    key: 'k',
    rule: 'hold.long',
    subject: '+37126000000',
    unstableUntil: null,
  };
  return decide(open(birth, holds(severity), around(seconds)), seconds);
}
function next(seconds: number, seen: Seen = holds()): Telling {
  const episode = scene.floor.facts.alerts.get('ep');
  const move = step(episode!, seen, around(seconds));
  expect(move, `a move at ${seconds}`).not.toBeNull();
  return decide(move!, seconds);
}
const rowOf = ({ text }: Notice): Row => JSON.parse(text) as Row;
/** `LANE LEVEL KIND`, as one line each. */
function lines({ notices }: Telling): readonly string[] {
  return notices.map((notice) => {
    const { level, kind } = rowOf(notice);
    return `${notice.lane.replaceAll('\n', ' ')} ${level} ${kind}`;
  });
}

describe('an alarm', () => {
  it('[NOT-20] is told to level 1 at once, to 2 after 3 min, to 3 after 7 with the team, then again', () => {
    expect(lines(began())).toEqual(['person lea mail 1 fire']);
    expect(lines(next(3 * MINUTE))).toEqual(['person sam mail 2 escalate']);
    expect(lines(next(7 * MINUTE))).toEqual([
      'person max mail 3 escalate',
      'team blue mail 3 escalate',
    ]);
    expect(lines(next(10 * MINUTE))).toEqual(['person lea mail 1 escalate']);
  });

  it('[NOT-20] of P3 is told to nobody', () => {
    expect(began('P3')).toEqual({ notices: [], withdrawn: [], told: [] });
  });

  it('[NOT-20] that gets worse is told to level 1, under another name', () => {
    const [first] = began().notices;
    const raised = next(1, holds('P1'));
    expect(lines(raised)).toEqual(['person lea mail 1 raise']);
    expect(raised.notices[0]!.id).not.toBe(first!.id);
    expect(raised.notices[0]!.dueAt).toBe(at(1));
  });

  it('[NOT-21] passes a level at which nobody has a channel at once, and says so', () => {
    channels.delete('person lea');
    const telling = began();
    expect(lines(telling)).toEqual(['person sam mail 2 fire']);
    expect(rowOf(telling.notices[0]!).passed).toEqual([1]);
    expect(telling.told).toEqual([
      {
        owner: 'person',
        of: 'lea',
        level: 1,
        channel: null,
        notification: null,
        why: 'no-channel',
      },
      {
        ...{ owner: 'person', of: 'sam', level: 2, channel: 'mail', why: null },
        via: 'email',
        notification: telling.notices[0]!.id,
      },
    ]);
    // When it is that level's turn nobody is told the same twice.
    expect(lines(next(3 * MINUTE))).toEqual([]);
    expect(lines(next(7 * MINUTE))).toHaveLength(2);
  });

  it('[NOT-71] to more than one entry can name is told to 199, and says that there are others', () => {
    for (let lead = 0; lead < 250; lead++) {
      const id = `lead-${lead}`;
      scene.tell(0, 'agent.profile', id, { name: id, role: 'lead', team: 'blue' });
      scene.tell(0, 'supervisor.presence', id, { presence: 'desk', until: at(36_000) });
      // Some who cannot be told stand in nobody's way.
      if (lead >= 30) channels.set(`person ${id}`, [mail()]);
    }
    const { notices, told } = began();
    expect(notices).toHaveLength(199);
    expect(told.map(({ notification }) => notification)).toEqual([
      ...notices.map(({ id }) => id),
      null,
    ]);
    expect(told.at(-1)).toEqual({
      ...{ owner: 'site', of: 'main', level: 1 },
      ...{ channel: null, notification: null, why: 'too-many' },
    });
  });

  it('[NOT-72] of no team is told to supervisors on duty, then to the leads who are present, then to the duty manager', () => {
    const levels = [1, 2, 3].map((level) => peopleAt(level, null, house()));
    expect(levels).toEqual([['sam'], ['lea'], ['max']]);
    scene.tell(1, 'supervisor.presence', 'sam', { presence: 'meeting', until: at(36_000) });
    scene.tell(1, 'supervisor.presence', 'lea', { presence: 'meeting', until: at(36_000) });
    expect([1, 2].map((level) => peopleAt(level, null, house()))).toEqual([['sam'], []]);
  });

  it('[NOT-21] says so, too, where there is nobody at a level at all', () => {
    scene.tell(1, 'supervisor.presence', 'lea', { presence: 'offline', until: at(36_000) });
    const telling = began('P2', 2);
    expect(lines(telling)).toEqual(['person sam mail 2 fire']);
    expect(rowOf(telling.notices[0]!).passed).toEqual([1]);
    expect(rowOf(next(3 + 7 * MINUTE).notices[0]!).passed).toEqual([]);
  });

  it('[NOT-21] goes to the site where neither people nor team have a channel, and to nobody where that has none', () => {
    channels = new Map([['site main', [mail('hook')]]]);
    const telling = began();
    expect(lines(telling)).toEqual(['site main hook 3 fire']);
    expect(rowOf(telling.notices[0]!).passed).toEqual([1, 2]);
    channels = new Map();
    expect(lines(next(1, holds('P1')))).toEqual([]);
  });

  it('[NOT-22] keeps quiet hours; what is urgent breaks them only where that is allowed', () => {
    channels.set('person lea', [mail('mail'), mail('phone', true)]);
    quiet.set('lea', { from: '08:00', to: '10:00' });
    expect(lines(began())).toEqual(['person sam mail 2 fire']);
    expect(lines(next(1, holds('P1')))).toEqual(['person lea phone 1 raise']);
  });

  it('[NOT-22] lets what is urgent, and nothing else, come through on all channels of whom wants that', () => {
    channels.set('person lea', [mail('mail'), mail('phone')]);
    quiet.set('lea', { from: '08:00', to: '10:00', urgent: true });
    expect(lines(began())).toEqual(['person sam mail 2 fire']);
    expect(lines(next(1, holds('P1')))).toEqual([
      'person lea mail 1 raise',
      'person lea phone 1 raise',
    ]);
  });

  it('[NOT-22] reads quiet hours in their own zone, also past midnight', () => {
    const night = { from: '22:00', to: '07:00' };
    const times = ['21:59', '22:00', '23:59', '00:00', '06:59', '07:00'].map((time) =>
      isQuietAt(night, Date.parse(`2026-03-02T${time}:00+02:00`), 'Europe/Riga'),
    );
    expect(times).toEqual([false, true, true, true, true, false]);
    const morning = { from: '09:00', to: '09:01', zone: 'Europe/Riga' };
    expect(isQuietAt(morning, NINE, 'Asia/Tokyo')).toBe(true);
    expect(isQuietAt({ ...morning, zone: 'No/Where' }, NINE, 'Asia/Tokyo')).toBe(false);
  });

  it('[NOT-23] has no customer in it: neither the subject nor what a rule says besides', () => {
    for (const { text, id, lane, about } of began().notices)
      for (const said of [text, id, lane, about]) expect(said).not.toMatch(/Secret|26000000/);
    expect(
      rowOf(decide({ ...again(), tells: [{ kind: 'fire', level: 1 }] }, 5).notices[0]!).params,
    ).toEqual({
      agent: 'anna',
      holds: '1',
    });
  });

  it('[NOT-24] has the same name on every server, and another in each round, level, loop and place', () => {
    const ids = [began(), next(3 * MINUTE), next(7 * MINUTE), next(10 * MINUTE)].flatMap(
      ({ notices }) => notices.map(({ id }) => id),
    );
    const anew = decide({ ...again(), tells: [{ kind: 'fire', level: 1 }] }, 11 * MINUTE);
    expect(new Set([...ids, ...anew.notices.map(({ id }) => id)]).size).toBe(6);
    const first = [...ids];
    scene = new Scene();
    const other = { ...around(0), reach: () => true };
    const birth = { id: 'ep', key: 'k', rule: 'hold.long', subject: 'c1', unstableUntil: null };
    const move = open(birth, holds(), other);
    scene.tell(0, 'agent.profile', 'lea', { name: 'Lea', role: 'lead', team: 'blue' });
    scene.tell(0, 'supervisor.presence', 'lea', { presence: 'desk' });
    expect(decide(move, 9).notices.map(({ id }) => id)).toEqual(first.slice(0, 1));
  });
});

function again(): Move {
  const from = scene.floor.facts.alerts.get('ep')!;
  const to = alarmAgain(from, around(5));
  return { from, to, reason: 'taken-ran-out', tells: [], by: null, why: null };
}

describe('an end', () => {
  it('[NOT-25] is told 31 s later to those who were told, each where they were, and to nobody else', () => {
    channels.set('person lea', [mail('mail'), mail('phone')]);
    began();
    next(3 * MINUTE);
    channels.set('person lea', [mail('phone'), mail('new')]);
    const ended = next(200, { kind: 'false' });
    expect(lines(ended)).toEqual(['person lea phone 2 end', 'person sam mail 2 end']);
    expect(ended.notices.map(({ dueAt, marks }) => [dueAt - at(200), marks])).toEqual([
      [END_AFTER_MS, 'ends'],
      [END_AFTER_MS, 'ends'],
    ]);
    expect(END_AFTER_MS).toBe(31_000);
  });

  it('[NOT-26] is taken back if it goes on within 30 s, and told once when it ends again', () => {
    began();
    const ended = next(60, { kind: 'false' });
    const back = next(89);
    expect([back.notices, back.withdrawn]).toEqual([[], ended.notices.map(({ id }) => id)]);
    const last = next(100, { kind: 'false' });
    expect(last.withdrawn).toEqual([]);
    expect(lines(last)).toEqual(['person lea mail 1 end']);
    expect(last.notices[0]!.dueAt).toBe(at(131));
  });

  it('[NOT-26] of an alarm that comes back later stands, and the new one is told anew and ended anew', () => {
    const first = began();
    const ended = next(60, { kind: 'false' });
    const anew = next(100);
    expect(lines(anew)).toEqual(['person lea mail 1 fire']);
    const last = next(110, { kind: 'false' });
    const ids = [first, ended, anew, last].map(({ notices: [notice] }) => notice!.id);
    expect(new Set(ids).size).toBe(4);
  });
});
