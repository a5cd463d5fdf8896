// wait.long and queue.target, instant by instant.
import { describe, expect, it } from 'vitest';
import { at } from '../../floor/scene.ts';
import { Tale } from './tale.ts';

/** Ernest waits in billing from second 0 on; Charles works for it. */
function wait(): Tale {
  return new Tale()
    .tell(-3, 'queue.profile', 'billing', { name: 'Billing', teams: ['blue'] })
    .tell(-2, 'agent.state', 'charles', { state: 'available', memberOf: ['billing'] }, 'pbx')
    .tell(0, 'contact.queued', 'c1', { queue: 'billing' }, 'pbx');
}

describe('wait.long', () => {
  it('[ALR-87] is not raised by a morning that is told late, and half a second later for a wait that is true', () => {
    const tale = new Tale().tell(-9, 'queue.profile', 'billing', { name: 'Billing' });
    const late = { at: 10, subject: 'c1' };
    const data = { queue: 'billing' };
    tale.tellLate(900, { ...late, type: 'contact.queued' }, data, 'pbx');
    tale.tellLate(900, { ...late, at: 200, type: 'contact.ended' }, {}, 'pbx');
    expect(tale.until(905).lines('wait.long')).toEqual([]);
    tale.tellLate(910, { at: 600, subject: 'c2', type: 'contact.queued' }, data, 'pbx');
    expect(tale.until(920).lines('wait.long')).toEqual(['910.5 P1 began']);
  });

  it('[ALR-8] warns at half its limit, is P2 at it and P1 at twice, a moment after each', () => {
    const seen = wait().severities('wait.long', 59, 60, 60.25, 119, 120, 120.25, 239, 240.25);
    expect(seen).toBe('- - P3 P3 P3 P2 P2 P1');
  });

  it('[ALR-8] is over ten seconds after the wait, unless the next one waits too long as well', () => {
    const tale = wait()
      .tell(20, 'contact.queued', 'c2', { queue: 'billing' }, 'pbx')
      .tell(125, 'contact.answered', 'c1', { agent: 'charles' }, 'pbx')
      .tell(170, 'contact.ended', 'c2', {}, 'pbx')
      .until(200);
    expect(tale.lines('wait.long')).toEqual([
      '60.25 P3 began',
      '120.25 P2 worse',
      '170 P2 ending',
      '180 P2 ended',
    ]);
  });

  it('[ALR-9] says how many wait and how many agents are free, as it is now', () => {
    const tale = wait().until(61);
    const params = () => tale.says('wait.long')?.params;
    expect(tale.open('wait.long')).toMatchObject({
      subject: 'billing',
      queue: 'billing',
      team: 'blue',
      since: at(0),
      sources: ['pbx'],
    });
    expect(params()).toEqual({ waiting: '1', free: '1' });
    tale.tell(62, 'contact.queued', 'c2', { queue: 'billing' }, 'pbx');
    expect(params()).toEqual({ waiting: '2', free: '1' });
    tale.tell(63, 'agent.state', 'charles', { state: 'break' }, 'pbx');
    expect(params()).toEqual({ waiting: '2', free: '0' });
    // What was decided stands as it was; only what is shown is new.
    expect(tale.open('wait.long')?.text.params).toEqual({ waiting: '1', free: '1' });
  });

  it('[ALR-10] is held back for at most 15 seconds of a visit while an available agent is rung', () => {
    const tale = wait().tell(59, 'contact.ringing', 'c1', { agent: 'charles' }, 'pbx').until(60);
    expect(tale.severities('wait.long', 61, 73, 74, 74.25)).toBe('- - - P3');
    tale.tell(80, 'contact.unanswered', 'c1', { agent: 'charles' }, 'pbx');
    // It has rung for 21 seconds: nothing is held back any more.
    tale.tell(119, 'contact.ringing', 'c1', { agent: 'charles' }, 'pbx');
    expect(tale.severities('wait.long', 120, 120.25)).toBe('P3 P2');
  });

  it('[ALR-10] is raised as soon as that agent lets it ring no longer', () => {
    const tale = wait()
      .tell(50, 'contact.ringing', 'c1', { agent: 'charles' }, 'pbx')
      .tell(62, 'contact.unanswered', 'c1', { agent: 'charles' }, 'pbx');
    expect(tale.lines('wait.long')).toEqual(['62 P3 began']);
    // 12 seconds are used up, 3 are left.
    tale.tell(118, 'contact.ringing', 'c1', { agent: 'charles' }, 'pbx');
    expect(tale.severities('wait.long', 120.25, 121, 121.25)).toBe('P3 P3 P2');
  });

  it('[ALR-10] is not held back at P1, nor while it rings at somebody who is not free', () => {
    const worst = wait().tell(239, 'contact.ringing', 'c1', { agent: 'charles' }, 'pbx');
    expect(worst.severities('wait.long', 239.9, 240.25)).toBe('P2 P1');
    const busy = wait()
      .tell(1, 'contact.answered', 'c0', { agent: 'charles' }, 'pbx')
      .tell(59, 'contact.ringing', 'c1', { agent: 'charles' }, 'pbx');
    expect(busy.severities('wait.long', 60.25)).toBe('P3');
  });

  it('[ALR-11] takes the limit of the queue, else of its team, else of the site, also while it runs', () => {
    const limits = (waitSeconds: number) => ({ limits: { waitSeconds } });
    const tale = wait().tell(10, 'site.profile', 'main', limits(100));
    expect(tale.severities('wait.long', 49, 50.25)).toBe('- P3');
    tale.tell(55, 'team.profile', 'blue', { name: 'Blue', ...limits(80) });
    expect(tale.severities('wait.long', 79, 80.25)).toBe('P3 P2');
    tale.tell(85, 'queue.profile', 'billing', { name: 'Billing', ...limits(45) });
    expect(tale.severities('wait.long', 89, 90.25)).toBe('P2 P1');
  });

  it('[ALR-11] neither begins nor ends while its source is silent', () => {
    const tale = wait().tell(30, 'source.heartbeat', 'pbx', { everySeconds: 5 }, 'pbx');
    expect(tale.until(200).open('wait.long')).toBeUndefined();
    tale.tell(201, 'source.heartbeat', 'pbx', { everySeconds: 5 }, 'pbx');
    expect(tale.open('wait.long')?.severity).toBe('P2');
    tale.tell(230, 'contact.ended', 'c1', {}, 'other');
    expect(tale.until(400).open('wait.long')).toMatchObject({ state: 'firing', severity: 'P2' });
  });
});

describe('queue.target', () => {
  /** So many calls from `from` on, one a second; the first `late` of them are answered past the target. */
  function calls(
    tale: Tale,
    from: number,
    { count, late }: { readonly count: number; readonly late: number },
  ): Tale {
    for (let n = 0; n < count; n++)
      tale.tell(from + n, 'contact.queued', `q${from + n}`, { queue: 'billing' }, 'pbx');
    const answers = Array.from({ length: count }, (_, n) => ({
      at: from + n + (n < late ? 30 : 20),
      id: `q${from + n}`,
    }));
    for (const { at: answeredAt, id } of answers.sort((a, b) => a.at - b.at)) {
      tale.tell(answeredAt, 'contact.answered', id, {}, 'pbx');
      tale.tell(answeredAt, 'contact.ended', id, {}, 'pbx');
    }
    return tale;
  }
  const profile = (tale: Tale, percent: number, seconds = -5) =>
    tale.tell(seconds, 'queue.profile', 'billing', { name: 'B', target: { seconds: 20, percent } });

  it('[ALR-12] is P3 once the level of ten calls has been under the target for a minute', () => {
    const tale = profile(new Tale(), 80);
    for (let n = 0; n < 9; n++) {
      tale.tell(n, 'contact.queued', `a${n}`, { queue: 'billing' }, 'pbx');
      tale.tell(n, 'contact.ended', `a${n}`, {}, 'pbx');
    }
    expect(tale.until(100).open('queue.target')).toBeUndefined();
    tale.tell(110, 'contact.queued', 'a9', { queue: 'billing' }, 'pbx');
    tale.tell(110, 'contact.ended', 'a9', {}, 'pbx');
    expect(tale.severities('queue.target', 169, 170, 170.25)).toBe('- - P3');
    expect(tale.open('queue.target')).toMatchObject({
      since: at(110),
      queue: 'billing',
      text: { params: { percent: '0' } },
    });
  });

  it('[ALR-12] counts who still waits past the target, and is pending only while it is so', () => {
    const tale = calls(profile(new Tale(), 80), 0, { count: 10, late: 2 });
    expect(tale.until(200).open('queue.target')).toBeUndefined();
    tale.tell(200, 'contact.queued', 'w', { queue: 'billing' }, 'pbx').until(221);
    tale.tell(270, 'contact.dequeued', 'w', { why: 'timeout' }, 'pbx');
    expect(tale.until(279).open('queue.target')).toBeUndefined();
    // It left after 70 seconds, so it counts against the level from then on as well: since 220.
    expect(tale.severities('queue.target', 280, 280.3)).toBe('- P3');
  });

  it('[ALR-13] is over at five points above the target, after two minutes of it', () => {
    const tale = calls(profile(new Tale(), 80), 0, { count: 10, late: 3 });
    expect(tale.until(200).open('queue.target')?.state).toBe('firing');
    calls(tale, 200, { count: 5, late: 0 });
    // 12 of 15 are 80 %: the target, and not yet five points more.
    expect(tale.until(230).open('queue.target')?.state).toBe('firing');
    calls(tale, 300, { count: 5, late: 0 });
    expect(tale.until(324).open('queue.target')?.state).toBe('recovering');
    tale.until(500);
    expect(tale.lines('queue.target').at(-1)).toBe('444 P3 ended');
  });

  it('[ALR-13] looks at two quarters of an hour and no further', () => {
    const tale = calls(profile(new Tale(), 80), 0, { count: 10, late: 10 });
    expect(tale.until(1_799).open('queue.target')?.state).toBe('firing');
    tale.until(1_801);
    expect(tale.open('queue.target')?.state).toBe('recovering');
    expect(tale.until(1_930).open('queue.target')).toBeUndefined();
  });

  it('[ALR-13] follows a target that is changed, and stands still while its source is silent', () => {
    const tale = calls(profile(new Tale(), 50), 0, { count: 10, late: 3 });
    expect(tale.until(200).open('queue.target')).toBeUndefined();
    profile(tale, 80, 200);
    expect(tale.severities('queue.target', 259, 260.25)).toBe('- P3');
    tale.tell(270, 'source.heartbeat', 'pbx', { everySeconds: 5 }, 'pbx').until(300);
    profile(tale, 10, 301);
    expect(tale.until(600).open('queue.target')).toMatchObject({ state: 'firing', stale: true });
  });
});
