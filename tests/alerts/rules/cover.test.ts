// cover.lost, assist.unanswered and who is nearest, instant by instant.
import { describe, expect, it } from 'vitest';
import { at } from '../../floor/scene.ts';
import { Tale } from './tale.ts';

/** Team blue is at work, and Lea, its lead, was at the desk until second 0. */
function desk(): Tale {
  return new Tale()
    .tell(-90, 'team.profile', 'blue', { name: 'Blue', coveredBy: ['red', 'green'] })
    .tell(-80, 'agent.profile', 'lea', { name: 'Lea', team: 'blue', role: 'lead' })
    .tell(-70, 'agent.profile', 'charles', { name: 'Charles', team: 'blue' })
    .tell(-60, 'agent.state', 'charles', { state: 'available' }, 'pbx')
    .tell(-50, 'supervisor.presence', 'lea', { presence: 'desk' })
    .tell(0, 'supervisor.presence', 'lea', { presence: 'away' });
}

describe('cover.lost', () => {
  it('[ALR-32] is in the hands of who takes the cover while it is open, from wherever they are', () => {
    const tale = desk().tell(200, 'cover.taken', 'blue', { by: 'nora' }).until(201);
    expect(tale.open('cover.lost')).toMatchObject({
      isSeen: true,
      taken: { by: 'nora', how: 'acknowledged' },
    });
    const before = desk().tell(60, 'cover.taken', 'blue', { by: 'nora' }).until(130);
    expect(before.open('cover.lost')?.taken).toBeNull();
  });

  it('[ALR-32] is nobody’s again once who took the cover gives it back, and stays with who took it by itself', () => {
    const tale = desk()
      .tell(200, 'cover.taken', 'blue', { by: 'nora' })
      .tell(240, 'cover.ended', 'blue', { by: 'nora' })
      .until(241);
    expect(tale.lines('cover.lost').slice(-2)).toEqual(['200 P2 acknowledged', '240 P2 released']);
    expect(tale.open('cover.lost')?.taken).toBeNull();
    const another = desk()
      .tell(200, 'cover.taken', 'blue', { by: 'nora' })
      .tell(210, 'cover.taken', 'blue', { by: 'sam' })
      .tell(240, 'cover.ended', 'blue', { by: 'nora' })
      .until(241);
    expect(another.open('cover.lost')?.taken).toMatchObject({ by: 'sam' });
  });

  it('[ALR-14] is P2 two minutes after nobody covers the team, and over a minute after somebody does', () => {
    const tale = desk();
    expect(tale.severities('cover.lost', 119, 120, 120.25)).toBe('- - P2');
    expect(tale.open('cover.lost')).toMatchObject({
      subject: 'blue',
      team: 'blue',
      since: at(0),
      raisedAt: at(120),
      text: { key: 'cover.lost', params: {} },
    });
    tale.tell(200, 'supervisor.presence', 'lea', { presence: 'floor' }).until(300);
    expect(tale.lines('cover.lost')).toEqual(['120.25 P2 began', '200 P2 ending', '260 P2 ended']);
  });

  it('[ALR-14] is not raised where nobody works, outside of cover hours, or where somebody comes in time', () => {
    const idle = desk().tell(100, 'agent.state', 'charles', { state: 'break' }, 'pbx').until(500);
    expect(idle.open('cover.lost')).toBeUndefined();
    const late = desk()
      .tell(1, 'team.profile', 'blue', { name: 'Blue', coverHours: '10:00-11:00' })
      .until(500);
    expect(late.open('cover.lost')).toBeUndefined();
    const back = desk().tell(119, 'supervisor.presence', 'lea', { presence: 'desk' }).until(500);
    expect(back.lines('cover.lost')).toEqual([]);
  });

  it('[ALR-37] counts an empty desk that nobody was to hear of yet, once', () => {
    const tale = desk();
    // Charles was at work before Lea came.
    expect(tale.alerts.takeFleeting()).toEqual(['cover.lost']);
    tale.tell(119, 'supervisor.presence', 'lea', { presence: 'desk' }).until(500);
    expect([tale.alerts.takeFleeting(), tale.alerts.takeFleeting()]).toEqual([['cover.lost'], []]);
    tale.tell(600, 'supervisor.presence', 'lea', { presence: 'away' });
    tale.tell(800, 'supervisor.presence', 'lea', { presence: 'floor' }).until(1_000);
    expect(tale.lines('cover.lost').at(0)).toBe('720.25 P2 began');
    expect(tale.alerts.takeFleeting()).toEqual([]);
  });

  it('[ALR-15] is P1 while help is asked for, or a hold alert is open in that team', () => {
    const asked = desk().tell(60, 'assist.requested', 'h1', { agent: 'charles' });
    expect(asked.severities('cover.lost', 119, 120.25)).toBe('- P1');
    const later = desk().until(150).tell(150, 'assist.requested', 'h1', { agent: 'charles' });
    expect(later.lines('cover.lost')).toEqual(['120.25 P2 began', '150 P1 worse']);
    expect(later.open('cover.lost')?.raisedAt).toBe(at(150));
    const elsewhere = desk()
      .tell(20, 'agent.profile', 'sydney', { name: 'Sydney', team: 'red' })
      .tell(60, 'assist.requested', 'h1', { agent: 'sydney' });
    expect(elsewhere.until(121).open('cover.lost', 'blue')?.severity).toBe('P2');
    const held = desk()
      .tell(100, 'contact.answered', 'c1', { agent: 'charles' }, 'pbx')
      .tell(110, 'contact.held', 'c1', {}, 'pbx');
    expect(held.severities('cover.lost', 121, 170, 170.25)).toBe('P2 P2 P1');
  });

  it('[ALR-15] says who else is present and nearest, as it is now', () => {
    const tale = desk()
      .tell(1, 'agent.profile', 'rita', { name: 'Rita', team: 'grey', role: 'supervisor' })
      .until(121);
    expect(tale.says('cover.lost')?.params).toEqual({});
    tale.tell(130, 'supervisor.presence', 'rita', { presence: 'desk' });
    expect(tale.says('cover.lost')?.params).toEqual({ nearest: 'rita' });
    tale.tell(140, 'supervisor.presence', 'rita', { presence: 'meeting' });
    expect(tale.says('cover.lost')?.params).toEqual({});
  });

  it('[ALR-14] is not hidden by a silent source', () => {
    const tale = desk().tell(10, 'source.heartbeat', 'pbx', { everySeconds: 5 }, 'pbx').until(121);
    expect(tale.open('cover.lost')?.severity).toBe('P2');
  });
});

describe('assist.unanswered', () => {
  /** Lea stays at the desk. */
  const present = () => desk().tell(1, 'supervisor.presence', 'lea', { presence: 'desk' });

  it('[ALR-16] is P2 at 45 seconds where somebody is present, P1 at two minutes', () => {
    const tale = present().tell(100, 'assist.requested', 'h1', { agent: 'charles' });
    const seen = tale.severities('assist.unanswered', 144, 145, 145.25, 219, 220, 220.25);
    expect(seen).toBe('- - P2 P2 P2 P1');
    expect(tale.open('assist.unanswered')).toMatchObject({
      subject: 'h1',
      team: 'blue',
      since: at(100),
      raisedAt: at(220),
      text: { params: { agent: 'charles', nearest: 'lea' } },
    });
  });

  it('[ALR-16] is P2 at once where nobody is, also once the last one has gone', () => {
    const tale = desk().tell(100, 'assist.requested', 'h1', { agent: 'charles' });
    expect(tale.severities('assist.unanswered', 100, 100.25)).toBe('- P2');
    expect(tale.open('assist.unanswered')?.text.params).toEqual({ agent: 'charles' });
    const left = present()
      .tell(100, 'assist.requested', 'h1', { agent: 'charles' })
      .tell(120, 'supervisor.presence', 'lea', { presence: 'away' });
    expect(left.severities('assist.unanswered', 120, 120.25)).toBe('- P2');
    const alone = new Tale().tell(100, 'assist.requested', 'h1', { agent: 'nobody-knows' });
    expect(alone.severities('assist.unanswered', 100, 100.25)).toBe('- P2');
  });

  it('[ALR-17] ends by a claim or by the agent, and by nothing else', () => {
    const asked = () => desk().tell(100, 'assist.requested', 'h1', { agent: 'charles' }).until(101);
    const claimed = asked().tell(110, 'assist.claimed', 'h1', { by: 'lea' });
    expect(claimed.lines('assist.unanswered')).toEqual([
      '100.25 P2 began',
      '110 P2 acknowledged',
      '110 P2 ended',
    ]);
    const withdrawn = asked().tell(110, 'assist.closed', 'h1', { by: 'charles' });
    expect(withdrawn.open('assist.unanswered')).toBe(undefined);
    // Whoever comes has seen it.
    expect([claimed, withdrawn].map((tale) => tale.last('assist.unanswered')?.isSeen)).toEqual([
      true,
      false,
    ]);
    const open = asked()
      .tell(110, 'assist.closed', 'h1', { by: 'lea' })
      .tell(111, 'supervisor.presence', 'lea', { presence: 'desk' })
      .tell(112, 'agent.state', 'charles', { state: 'offline' }, 'pbx')
      .tell(113, 'source.heartbeat', 'pbx', { everySeconds: 5 }, 'pbx')
      .until(3_000);
    expect(open.open('assist.unanswered')).toMatchObject({ severity: 'P1', state: 'firing' });
    // One that is claimed in time never was an alert.
    const quick = present()
      .tell(100, 'assist.requested', 'h1', { agent: 'charles' })
      .tell(144, 'assist.claimed', 'h1', { by: 'lea' })
      .until(500);
    expect(quick.lines('assist.unanswered')).toEqual([]);
  });

  it('[ALR-16] takes limits of the team, else of the site, also while it runs', () => {
    const tale = present()
      .tell(90, 'site.profile', 'main', { limits: { assistSeconds: 30, assistWorseSeconds: 60 } })
      .tell(100, 'assist.requested', 'h1', { agent: 'charles' });
    expect(tale.severities('assist.unanswered', 129, 130.25, 159, 160.25)).toBe('- P2 P2 P1');
    const changed = present()
      .tell(100, 'assist.requested', 'h1', { agent: 'charles' })
      .tell(120, 'team.profile', 'blue', { name: 'Blue', limits: { assistSeconds: 10 } });
    expect(changed.open('assist.unanswered')?.severity).toBe('P2');
  });
});

describe('the nearest', () => {
  /** Everybody who might be near, none of them present. */
  function staff(): Tale {
    const tale = desk();
    const people = [
      ['sue', 'blue', 'supervisor'],
      ['ray', 'red', 'lead'],
      ['rob', 'red', 'supervisor'],
      ['gil', 'green', 'lead'],
      ['max', 'grey', 'supervisor'],
      ['zoe', 'grey', 'lead'],
    ] as const;
    for (const [id, team, role] of people)
      tale.tell(1, 'agent.profile', id, { name: id, team, role });
    return tale.tell(2, 'assist.requested', 'h1', { agent: 'charles' }).until(3);
  }
  const arrive = (tale: Tale, seconds: number, id: string) =>
    tale.tell(seconds, 'supervisor.presence', id, { presence: 'floor' });
  const nearest = (tale: Tale) => tale.says('assist.unanswered', 'h1')?.params.nearest;

  it('[ALR-18] is the own lead, the own supervisor, who took cover, the covering teams in their order, any supervisor', () => {
    const tale = staff();
    expect(nearest(tale)).toBeUndefined();
    // The lead of a team that does not cover this one is not near.
    expect(nearest(arrive(tale, 4, 'zoe'))).toBeUndefined();
    for (const [seconds, id] of [
      [5, 'max'],
      [6, 'gil'],
      [7, 'ray'],
    ] as const)
      expect(nearest(arrive(tale, seconds, id))).toBe(id);
    tale.tell(8, 'cover.taken', 'blue', { by: 'zoe' });
    expect(nearest(tale)).toBe('zoe');
    expect(nearest(arrive(tale, 9, 'sue'))).toBe('sue');
    expect(nearest(arrive(tale, 10, 'lea'))).toBe('lea');
    tale.tell(11, 'supervisor.presence', 'lea', { presence: 'call' });
    expect(nearest(tale)).toBe('sue');
  });

  it('[ALR-18] of equally near ones is who claimed fewest today, then who is longest there', () => {
    const tale = arrive(arrive(staff(), 4, 'rob'), 5, 'ray');
    expect(nearest(tale)).toBe('rob');
    tale
      .tell(6, 'assist.requested', 'h2', { agent: 'max' })
      .tell(7, 'assist.claimed', 'h2', { by: 'rob' });
    expect(nearest(tale)).toBe('ray');
  });

  it('[ALR-18] is never who asks', () => {
    const tale = arrive(staff(), 4, 'lea').tell(5, 'assist.requested', 'h2', { agent: 'lea' });
    tale.until(60);
    expect(tale.says('assist.unanswered', 'h2')?.params).toEqual({ agent: 'lea' });
  });
});
