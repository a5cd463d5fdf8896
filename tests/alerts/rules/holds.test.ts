// hold.long and hold.forgotten, instant by instant.
import { describe, expect, it } from 'vitest';
import { at } from '../../floor/scene.ts';
import { Tale } from './tale.ts';

/** Charles of team blue answers a call of billing at second 0. */
function call(): Tale {
  return new Tale()
    .tell(-10, 'agent.profile', 'charles', { name: 'Charles', team: 'blue' })
    .tell(-9, 'agent.state', 'charles', { state: 'available' }, 'pbx')
    .tell(-8, 'contact.queued', 'c1', { queue: 'billing' }, 'pbx')
    .tell(0, 'contact.answered', 'c1', { agent: 'charles' }, 'pbx');
}

describe('hold.long', () => {
  it('[ALR-87] is not raised by a morning that is told late', () => {
    const tale = new Tale();
    tale.tellLate(900, { at: 10, type: 'contact.answered', subject: 'c1' }, { agent: 'charles' });
    tale.tellLate(900, { at: 20, type: 'contact.held', subject: 'c1' }, { agent: 'charles' });
    tale.tellLate(900.2, { at: 500, type: 'contact.ended', subject: 'c1' }, {});
    expect(tale.until(905).lines('hold.long')).toEqual([]);
    expect(tale.lines('hold.forgotten')).toEqual([]);
  });

  it('[ALR-1] warns at half its limit, is P2 at it and P1 at twice, a moment after each', () => {
    const tale = call().tell(100, 'contact.held', 'c1', {}, 'pbx');
    const seen = tale.severities('hold.long', 159, 160, 160.25, 219, 220, 220.25, 339, 340, 340.25);
    expect(seen).toBe('- - P3 P3 P3 P2 P2 P2 P1');
    expect(tale.open('hold.long')).toMatchObject({
      subject: 'c1',
      since: at(100),
      raisedAt: at(340),
      team: 'blue',
      queue: 'billing',
      sources: ['pbx'],
      text: { key: 'hold.long', params: { holds: '1', agent: 'charles' } },
    });
    tale.tell(400, 'contact.resumed', 'c1', {}, 'pbx').until(401);
    expect(tale.open('hold.long')?.severity).toBe('P1');
    expect(tale.tell(500, 'contact.ended', 'c1', {}, 'pbx').open('hold.long')).toBeUndefined();
  });

  it('[ALR-1] ends with the hold where the other limits are not passed', () => {
    const tale = call()
      .tell(0, 'contact.held', 'c1', {}, 'pbx')
      .tell(130, 'contact.resumed', 'c1', {}, 'pbx')
      .until(200);
    expect(tale.lines('hold.long')).toEqual(['60.25 P3 began', '120.25 P2 worse', '130 P2 ended']);
  });

  it('[ALR-2] counts all holds of a contact, from 180 seconds on until it ends', () => {
    const tale = call()
      .tell(0, 'contact.held', 'c1', {}, 'pbx')
      .tell(110, 'contact.resumed', 'c1', {}, 'pbx')
      .tell(200, 'contact.held', 'c1', {}, 'pbx');
    // 110 seconds and 70 are 180.
    expect(tale.severities('hold.long', 259, 260.25, 269, 270, 270.25)).toBe('- P3 P3 P3 P2');
    tale.tell(280, 'contact.resumed', 'c1', {}, 'pbx').until(1_000);
    expect(tale.open('hold.long')?.severity).toBe('P2');
    tale.tell(1_001, 'contact.ended', 'c1', {}, 'pbx');
    expect(tale.lines('hold.long').slice(2)).toEqual([
      '260.25 P3 began',
      '270.25 P2 worse',
      '1001 P2 ended',
    ]);
  });

  it('[ALR-2] is raised by the third hold at once, and lasts until the contact ends', () => {
    const tale = call();
    for (const n of [1, 2, 3]) {
      expect(tale.open('hold.long')).toBeUndefined();
      tale.tell(n * 10, 'contact.held', 'c1', {}, 'pbx').until(n * 10 + 4);
      tale.tell(n * 10 + 5, 'contact.resumed', 'c1', {}, 'pbx');
    }
    expect(tale.lines('hold.long')).toEqual(['30.25 P2 began']);
    tale.until(100).tell(101, 'queue.profile', 'billing', { name: 'B', wrapUpSeconds: 30 });
    // In the wrap-up that follows the contact is over.
    tale.tell(102, 'contact.ended', 'c1', {}, 'pbx');
    expect(tale.scene.contact('c1').state).toBe('wrapup');
    expect(tale.open('hold.long')).toBeUndefined();
  });

  it('[ALR-2] takes how many holds are too many from what was said of the queue', () => {
    const tale = call().tell(0, 'queue.profile', 'billing', {
      name: 'B',
      limits: { holdsMost: 2 },
    });
    for (const n of [1, 2]) {
      expect(tale.open('hold.long')).toBeUndefined();
      tale.tell(n * 10, 'contact.held', 'c1', {}, 'pbx').until(n * 10 + 4);
      tale.tell(n * 10 + 5, 'contact.resumed', 'c1', {}, 'pbx');
    }
    expect(tale.lines('hold.long')).toEqual(['20.25 P2 began']);
  });

  it('[ALR-3] takes the limit of the queue, else of the team, else of the site', () => {
    const limits = (holdSeconds: number) => ({ limits: { holdSeconds } });
    const tale = call()
      .tell(1, 'site.profile', 'main', limits(80))
      .tell(2, 'contact.held', 'c1', {}, 'pbx');
    expect(tale.severities('hold.long', 41, 42.25)).toBe('- P3');
    const ofTeam = call()
      .tell(1, 'site.profile', 'main', limits(80))
      .tell(1, 'team.profile', 'blue', { name: 'Blue', ...limits(60) })
      .tell(2, 'contact.held', 'c1', {}, 'pbx');
    expect(ofTeam.severities('hold.long', 31, 32.25)).toBe('- P3');
    const ofQueue = call()
      .tell(1, 'team.profile', 'blue', { name: 'Blue', ...limits(60) })
      .tell(1, 'queue.profile', 'billing', { name: 'Billing', ...limits(40) })
      .tell(2, 'contact.held', 'c1', {}, 'pbx');
    expect(ofQueue.severities('hold.long', 21, 22.25)).toBe('- P3');
  });

  it('[ALR-3] follows a limit that is changed while it runs', () => {
    const tale = call().tell(0, 'contact.held', 'c1', {}, 'pbx').until(50);
    expect(tale.open('hold.long')).toBeUndefined();
    tale.tell(50, 'site.profile', 'main', { limits: { holdSeconds: 40 } });
    expect(tale.open('hold.long')?.severity).toBe('P2');
    const later = call()
      .tell(0, 'contact.held', 'c1', {}, 'pbx')
      .tell(50, 'queue.profile', 'billing', { name: 'B', limits: { holdSeconds: 300 } });
    expect(later.severities('hold.long', 149, 150.25)).toBe('- P3');
  });

  it('[ALR-4] neither begins nor ends while its source is silent', () => {
    const silent = (from: number, tale: Tale) =>
      tale.tell(from, 'source.heartbeat', 'pbx', { everySeconds: 5 }, 'pbx');
    const unborn = silent(30, call().tell(0, 'contact.held', 'c1', {}, 'pbx'));
    expect(unborn.until(200).open('hold.long')).toBeUndefined();
    unborn.tell(201, 'source.heartbeat', 'pbx', { everySeconds: 5 }, 'pbx');
    expect(unborn.open('hold.long')?.severity).toBe('P2');
    // Word of its end comes from another; the one that knows it is silent.
    const open = silent(61, call().tell(0, 'contact.held', 'c1', {}, 'pbx')).until(90);
    expect(open.open('hold.long')).toMatchObject({ severity: 'P3', stale: true });
    open.tell(91, 'contact.ended', 'c1', {}, 'other');
    expect(open.until(200).open('hold.long')).toMatchObject({ severity: 'P3' });
    open.tell(201, 'source.heartbeat', 'pbx', { everySeconds: 5 }, 'pbx');
    expect(open.open('hold.long')).toBeUndefined();
  });
});

describe('hold.forgotten', () => {
  it('[ALR-5] is P1 ten seconds after whoever holds is in another contact, and ends when they are back', () => {
    const tale = call()
      .tell(20, 'contact.held', 'c1', {}, 'pbx')
      .tell(30, 'contact.answered', 'c2', { agent: 'charles' }, 'pbx');
    expect(tale.severities('hold.forgotten', 39, 40, 40.25)).toBe('- - P1');
    expect(tale.open('hold.forgotten')).toMatchObject({
      subject: 'c1',
      since: at(30),
      raisedAt: at(40),
      team: 'blue',
      queue: 'billing',
      text: { params: { agent: 'charles' } },
    });
    tale.tell(50, 'contact.ended', 'c2', {}, 'pbx').until(60);
    expect(tale.lines('hold.forgotten')).toEqual(['40.25 P1 began', '50 P1 ended']);
  });

  it('[ALR-5] takes the question to a colleague for none', () => {
    const tale = call()
      .tell(20, 'contact.held', 'c1', {}, 'pbx')
      .tell(29, 'contact.started', 'c2', { direction: 'internal' }, 'pbx')
      .tell(30, 'contact.answered', 'c2', { agent: 'charles' }, 'pbx')
      .until(50);
    expect(tale.scene.agent('charles').contact).toBe('c2');
    expect(tale.open('hold.forgotten')).toBeUndefined();
  });

  it.each(['break', 'offline', 'wrapup'] as const)(
    '[ALR-6] is raised where its agent is said to be in %s, held or parked',
    (state) => {
      const held = call()
        .tell(20, 'contact.held', 'c1', {}, 'pbx')
        .tell(30, 'agent.state', 'charles', { state }, 'pbx');
      expect(held.severities('hold.forgotten', 39, 40, 40.25)).toBe('- - P1');
      held.tell(41, 'agent.state', 'charles', { state: 'available' }, 'pbx').until(42);
      expect(held.open('hold.forgotten')).toBeUndefined();
      const parked = call()
        .tell(20, 'contact.held', 'c1', { parked: '701' }, 'pbx')
        .tell(30, 'agent.state', 'charles', { state }, 'pbx');
      expect(parked.severities('hold.forgotten', 39, 40, 40.25)).toBe('- - P1');
      parked.tell(45, 'contact.resumed', 'c1', { agent: 'sydney' }, 'pbx');
      expect(parked.open('hold.forgotten')).toBeUndefined();
    },
  );

  it('[ALR-6] is not raised while whoever parked it is free', () => {
    const tale = call().tell(20, 'contact.held', 'c1', { parked: '701' }, 'pbx').until(60);
    expect(tale.open('hold.forgotten')).toBeUndefined();
  });

  it('[ALR-7] takes a limit of the team, and stands still while its source is silent', () => {
    const tale = call()
      .tell(1, 'team.profile', 'blue', { name: 'Blue', limits: { holdForgottenSeconds: 20 } })
      .tell(20, 'contact.held', 'c1', {}, 'pbx')
      .tell(30, 'contact.answered', 'c2', { agent: 'charles' }, 'pbx');
    expect(tale.severities('hold.forgotten', 49, 50.25)).toBe('- P1');
    const silent = call()
      .tell(20, 'contact.held', 'c1', {}, 'pbx')
      .tell(21, 'agent.state', 'charles', { state: 'break' }, 'wfm')
      .tell(1, 'source.heartbeat', 'pbx', { everySeconds: 2 }, 'pbx');
    expect(silent.until(60).open('hold.forgotten')).toBeUndefined();
  });
});
