// The four rules of callbacks, instant by instant.
import { describe, expect, it } from 'vitest';
import { at } from '../../floor/scene.ts';
import { Tale } from './tale.ts';

const ERNEST = { address: '+371 2000 0417' };

/** Charles of team blue promises Ernest a call at second 0, due at 3600. */
function promise(due = 3_600): Tale {
  return new Tale()
    .tell(-9, 'agent.profile', 'charles', { name: 'Charles', team: 'blue' })
    .tell(-8, 'agent.state', 'charles', { state: 'available' }, 'pbx')
    .tell(0, 'callback.promised', 'p1', { customer: ERNEST, dueAt: at(due), by: 'charles' });
}

/** An outbound call to Ernest that rings from `seconds` on. */
const dial = (tale: Tale, seconds: number, contact = 'o1') =>
  tale.tell(seconds, 'contact.started', contact, {
    direction: 'outbound',
    customer: ERNEST,
    agent: 'charles',
  });

describe('callback.at-risk', () => {
  it('[ALR-19] is P3 ten minutes before a promise that nobody claimed is due, until it is due', () => {
    const tale = promise();
    expect(tale.severities('callback.at-risk', 2_999, 3_000, 3_000.25)).toBe('- - P3');
    expect(tale.open('callback.at-risk')).toMatchObject({
      subject: 'p1',
      since: at(3_000),
      team: 'blue',
      text: { params: { agent: 'charles', dueAt: String(at(3_600)), why: 'unclaimed' } },
    });
    tale.until(3_601);
    expect(tale.lines('callback.at-risk')).toEqual(['3000.25 P3 began', '3600 P3 ended']);
  });

  it('[ALR-19] ends with a claim, and comes back under its own name by a release', () => {
    const tale = promise()
      .tell(3_100, 'callback.claimed', 'p1', { by: 'charles' })
      .tell(3_200, 'callback.released', 'p1', { by: 'charles' })
      .until(3_201);
    expect(tale.lines('callback.at-risk')).toEqual([
      '3000.25 P3 began',
      '3100 P3 acknowledged',
      '3100 P3 ended',
      '3200 P3 again',
    ]);
    const early = promise()
      .tell(10, 'callback.claimed', 'p1', { by: 'charles' })
      .tell(20, 'callback.released', 'p1', { by: 'charles' });
    expect(early.severities('callback.at-risk', 2_999, 3_000.25)).toBe('- P3');
  });

  it('[ALR-20] is P3 at once while its owner is off duty', () => {
    const tale = promise()
      .tell(10, 'callback.claimed', 'p1', { by: 'charles' })
      .tell(1_000, 'agent.state', 'charles', { state: 'offline' }, 'pbx')
      .until(1_001);
    expect(tale.open('callback.at-risk')).toMatchObject({
      severity: 'P3',
      since: at(1_000),
      text: { params: { why: 'offline', agent: 'charles', owner: 'charles' } },
    });
    tale.tell(1_200, 'agent.state', 'charles', { state: 'available' }, 'pbx').until(1_201);
    expect(tale.lines('callback.at-risk')).toEqual(['1000.25 P3 began', '1200 P3 ended']);
  });

  it('[ALR-20] is P3 while its owner is on a break, in a meeting or away, only once it is due soon', () => {
    const tale = promise()
      .tell(10, 'callback.claimed', 'p1', { by: 'charles' })
      .tell(1_000, 'agent.state', 'charles', { state: 'break' }, 'pbx');
    expect(tale.severities('callback.at-risk', 1_001, 2_999, 3_000.25)).toBe('- - P3');
    for (const presence of ['meeting', 'away'] as const) {
      const mine = promise()
        .tell(10, 'supervisor.presence', 'lea', { presence, until: at(4_000) })
        .tell(20, 'callback.claimed', 'p1', { by: 'lea' });
      expect(mine.severities('callback.at-risk', 21, 2_999, 3_000.25)).toBe('- - P3');
      expect(mine.open('callback.at-risk')?.text.params).toMatchObject({ why: presence });
    }
  });

  it('[ALR-20] lets an owner go home whose promise is not due for a shift, or who is at the desk', () => {
    const tale = promise(10 * 3_600)
      .tell(10, 'callback.claimed', 'p1', { by: 'charles' })
      .tell(1_000, 'agent.state', 'charles', { state: 'offline' }, 'pbx');
    expect(tale.severities('callback.at-risk', 7_199, 7_200, 7_200.25)).toBe('- - P3');
    const desk = promise()
      .tell(10, 'callback.claimed', 'p1', { by: 'lea' })
      .tell(11, 'supervisor.presence', 'lea', { presence: 'desk', until: at(3_500) });
    expect(desk.severities('callback.at-risk', 3_499, 3_501)).toBe('- P3');
  });

  it('[ALR-20] neither begins nor ends by an owner of whom a silent source tells', () => {
    const tale = promise()
      .tell(10, 'callback.claimed', 'p1', { by: 'charles' })
      .tell(1_000, 'agent.state', 'charles', { state: 'offline' }, 'pbx')
      .tell(1_001, 'source.heartbeat', 'pbx', { everySeconds: 5 }, 'pbx')
      .until(1_100);
    expect(tale.open('callback.at-risk')).toMatchObject({ stale: true });
    tale.tell(1_101, 'callback.claimed', 'p1', { by: 'lea' }).until(1_200);
    expect(tale.open('callback.at-risk')?.state).toBe('acknowledged');
  });

  it('[ALR-19] takes the limit of its team, also while it runs', () => {
    const tale = promise().tell(2_000, 'team.profile', 'blue', {
      name: 'Blue',
      limits: { callbackSoonSeconds: 1_200 },
    });
    expect(tale.severities('callback.at-risk', 2_399, 2_400.25)).toBe('- P3');
  });
});

describe('callback.overdue', () => {
  it('[ALR-32] is in the hands of who claims the promise, and of nobody once that is given back', () => {
    const tale = promise()
      .tell(3_700, 'callback.claimed', 'p1', { by: 'charles', how: 'said' })
      .until(3_701);
    expect(tale.open('callback.overdue')).toMatchObject({
      taken: { how: 'acknowledged', by: 'charles' },
      moves: [{ reason: 'began' }, { reason: 'acknowledged', by: 'charles' }],
    });
    tale.tell(3_800, 'callback.claimed', 'p1', { by: 'lea' }).until(3_801);
    expect(tale.open('callback.overdue')?.taken?.by).toBe('lea');
    tale.tell(3_900, 'callback.released', 'p1', { by: 'lea' }).until(3_901);
    expect(tale.open('callback.overdue')).toMatchObject({ state: 'firing', taken: null });
    expect(tale.lines('callback.overdue')).toEqual([
      '3600.25 P2 began',
      '3700 P2 acknowledged',
      '3800 P2 acknowledged',
      '3900 P2 released',
    ]);
  });

  it('[ALR-32] alarms all the same where the promise was claimed before, and where it gets worse, and says whose it is', () => {
    const tale = promise().tell(10, 'callback.claimed', 'p1', { by: 'charles' }).until(3_700);
    expect(tale.open('callback.overdue')).toMatchObject({
      state: 'firing',
      taken: null,
      text: { params: { owner: 'charles' } },
    });
    const worse = promise().tell(3_700, 'callback.claimed', 'p1', { by: 'charles' }).until(4_501);
    expect(worse.lines('callback.overdue')).toEqual([
      '3600.25 P2 began',
      '3700 P2 acknowledged',
      '4500.25 P1 worse-than-taken',
    ]);
    expect(worse.open('callback.overdue')).toMatchObject({ state: 'firing', taken: null });
  });

  it('[ALR-21] is P2 when a promise is due without proof, and P1 a quarter of an hour later', () => {
    const tale = promise();
    const seen = tale.severities(
      'callback.overdue',
      3_599,
      3_600,
      3_600.25,
      4_499,
      4_500,
      4_500.25,
    );
    expect(seen).toBe('- - P2 P2 P2 P1');
    expect(tale.open('callback.overdue')).toMatchObject({
      subject: 'p1',
      since: at(3_600),
      raisedAt: at(4_500),
      team: 'blue',
      text: { params: { agent: 'charles', dueAt: String(at(3_600)) } },
    });
    dial(tale, 5_000).tell(5_010, 'contact.answered', 'o1', {});
    expect(tale.severities('callback.overdue', 5_019, 5_020)).toBe('P1 -');
  });

  it('[ALR-22] lets a call that is up at the due time come to its tenth second', () => {
    const proved = dial(promise(), 3_580).tell(3_595, 'contact.answered', 'o1', {});
    expect(proved.until(3_700).lines('callback.overdue')).toEqual([]);
    const short = dial(promise(), 3_580).tell(3_595, 'contact.answered', 'o1', {});
    short.tell(3_604, 'contact.ended', 'o1', {}).until(3_605);
    expect(short.lines('callback.overdue')).toEqual(['3604 P2 began']);
    expect(short.open('callback.overdue')?.since).toBe(at(3_600));
    const ringing = dial(promise(), 3_599).until(3_601);
    expect(ringing.lines('callback.overdue')).toEqual(['3600.25 P2 began']);
  });

  it('[ALR-22] is open again, under its own name, when its proof is withdrawn', () => {
    const tale = dial(promise(), 3_700).tell(3_710, 'contact.answered', 'o1', {}).until(3_725);
    const [first] = [...tale.scene.floor.facts.alerts.values()].filter(
      ({ rule }) => rule === 'callback.overdue',
    );
    expect(first?.state).toBe('resolved');
    tale
      .tell(3_900, 'callback.attempted', 'p1', { contact: 'o1', result: 'voicemail' })
      .until(3_901);
    expect(tale.open('callback.overdue')?.id).toBe(first?.id);
  });

  it('[ALR-21] ends where it is done by hand or cancelled, and takes the limit of the site', () => {
    for (const type of ['callback.completed', 'callback.cancelled'] as const) {
      const tale = promise().tell(3_700, type, 'p1', { by: 'lea' }).until(3_701);
      expect(tale.lines('callback.overdue')).toEqual(['3600.25 P2 began', '3700 P2 ended']);
    }
    const tale = promise().tell(1, 'site.profile', 'main', { limits: { callbackLateSeconds: 60 } });
    expect(tale.severities('callback.overdue', 3_659, 3_660.25)).toBe('P2 P1');
  });

  it('[ALR-21] is not raised again before the new time of a promise that was broken once', () => {
    const tale = promise().until(3_700);
    tale
      .tell(3_700, 'callback.promised', 'p1', { customer: ERNEST, dueAt: at(7_200), by: 'charles' })
      .until(3_701);
    expect(tale.open('callback.overdue')).toBeUndefined();
    expect(tale.severities('callback.overdue', 7_199, 7_200.25)).toBe('- P2');
  });

  it('[ALR-89] warns before the new time of such a promise, and lets a call that is up then come to its tenth second', () => {
    const anew = () =>
      promise()
        .until(3_700)
        .tell(3_700, 'callback.promised', 'p1', {
          customer: ERNEST,
          dueAt: at(7_200),
          by: 'charles',
        });
    expect(anew().severities('callback.at-risk', 6_599, 6_600.25)).toBe('- P3');
    const tale = dial(anew(), 7_180).tell(7_195, 'contact.answered', 'o1', {}).until(7_300);
    expect(tale.lines('callback.overdue')).toEqual(['3600.25 P2 began', '3700 P2 ended']);
    const short = dial(anew(), 7_180).tell(7_195, 'contact.answered', 'o1', {});
    short.tell(7_204, 'contact.ended', 'o1', {}).until(7_205);
    expect(short.lines('callback.overdue').at(-1)).toMatch(/^7204 P2/);
    const { promises } = anew().scene.site;
    expect([promises.overdue, promises.nextDueAt]).toEqual([0, at(7_200)]);
  });
});

describe('callback.customer-first', () => {
  it('[ALR-23] is P2 on the contact of a customer to whom a call is owed, while they wait or talk', () => {
    const tale = promise()
      .tell(99, 'contact.started', 'c9', { direction: 'inbound', customer: ERNEST }, 'pbx')
      .until(99.9);
    expect(tale.open('callback.customer-first')).toBeUndefined();
    tale.tell(100, 'contact.queued', 'c9', { queue: 'billing' }, 'pbx');
    expect(tale.severities('callback.customer-first', 100, 100.25)).toBe('- P2');
    expect(tale.open('callback.customer-first')).toMatchObject({
      subject: 'c9',
      queue: 'billing',
      since: at(100),
      sources: ['pbx'],
      text: { params: { callback: 'p1', dueAt: String(at(3_600)) } },
    });
    tale.tell(120, 'contact.answered', 'c9', { agent: 'charles' }, 'pbx');
    expect(tale.says('callback.customer-first')?.params.agent).toBe('charles');
    tale.tell(200, 'contact.ended', 'c9', {}, 'pbx');
    expect(tale.lines('callback.customer-first')).toEqual(['100.25 P2 began', '200 P2 ended']);
    expect(tale.scene.callback('p1').state).toBe('customer-first');
  });

  it('[ALR-23] ends when the promise does, and is not for the call in which it was made', () => {
    const tale = promise()
      .tell(100, 'contact.queued', 'c9', { queue: 'billing', customer: ERNEST }, 'pbx')
      .tell(150, 'callback.cancelled', 'p1', { by: 'lea' });
    expect(tale.lines('callback.customer-first')).toEqual(['100.25 P2 began', '150 P2 ended']);
    const own = new Tale()
      .tell(1, 'contact.queued', 'c1', { queue: 'billing' }, 'pbx')
      .tell(2, 'contact.answered', 'c1', { agent: 'charles' }, 'pbx')
      .tell(3, 'callback.promised', 'p1', { customer: ERNEST, dueAt: at(3_600), contact: 'c1' })
      .tell(4, 'contact.queued', 'c1', { queue: 'sales', customer: ERNEST }, 'pbx')
      .until(60);
    expect(own.scene.contact('c1').callback).toBe('p1');
    expect(own.open('callback.customer-first')).toBeUndefined();
  });

  it('[ALR-23] is not the call that keeps the promise, and stands still while its source is silent', () => {
    const out = dial(promise(), 100).tell(110, 'contact.answered', 'o1', {}).until(115);
    expect(out.open('callback.customer-first')).toBeUndefined();
    const tale = promise()
      .tell(100, 'contact.queued', 'c9', { queue: 'billing', customer: ERNEST }, 'pbx')
      .tell(101, 'source.heartbeat', 'pbx', { everySeconds: 5 }, 'pbx')
      .tell(150, 'callback.cancelled', 'p1', { by: 'lea' })
      .until(200);
    expect(tale.open('callback.customer-first')).toMatchObject({ state: 'firing', stale: true });
  });
});

describe('callback.unproved', () => {
  it('[ALR-24] is P3 a minute after it was marked done and no call is on record', () => {
    const tale = promise().tell(100, 'callback.completed', 'p1', { by: 'lea' });
    expect(tale.severities('callback.unproved', 159, 160, 160.25)).toBe('- - P3');
    expect(tale.open('callback.unproved')).toMatchObject({
      subject: 'p1',
      since: at(100),
      text: { params: { agent: 'lea' } },
    });
    dial(tale, 200).tell(201, 'contact.answered', 'o1', {}).until(212);
    expect(tale.lines('callback.unproved')).toEqual(['160.25 P3 began', '211 P3 ended']);
  });

  it('[ALR-24] is not raised where the call is told of in that minute', () => {
    const tale = promise().tell(100, 'callback.completed', 'p1', { by: 'lea' });
    dial(tale, 110).tell(111, 'contact.answered', 'o1', {}).until(300);
    expect(tale.lines('callback.unproved')).toEqual([]);
  });

  it('[ALR-25] is raised at once of a promise without an address', () => {
    const tale = new Tale()
      .tell(0, 'callback.promised', 'p1', { customer: {}, dueAt: at(3_600) })
      .tell(100, 'callback.completed', 'p1', { by: 'lea' });
    expect(tale.severities('callback.unproved', 100, 100.25)).toBe('- P3');
  });
});
