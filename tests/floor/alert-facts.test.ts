// What the floor keeps for the rules of alerts: who said which limit, who holds whom, how long it rang, what was missed.
import { describe, expect, it } from 'vitest';
import type { DataIn } from '../../server/events/schema.ts';
import { Floor } from '../../server/floor/floor.ts';
import { at, OPTIONS, Scene } from './scene.ts';

describe('limits', () => {
  it('[FLR-60] of a queue go before its team, that before the site, that before the house', () => {
    const scene = new Scene();
    scene.tell(0, 'queue.profile', 'billing', { name: 'Billing', teams: ['blue', 'red'] });
    const shown = () => {
      const { limits, ownLimits } = scene.queue('billing');
      return [limits.waitSeconds, limits.holdSeconds, ownLimits];
    };
    expect(shown()).toEqual([120, 120, {}]);
    scene.tell(1, 'site.profile', 'main', {
      limits: { waitSeconds: 90, holdSeconds: 80, other: 1 },
    });
    expect(shown()).toEqual([90, 80, {}]);
    scene.tell(2, 'team.profile', 'blue', { name: 'Blue', limits: { waitSeconds: 60 } });
    scene.tell(2, 'team.profile', 'red', { name: 'Red', limits: { waitSeconds: 50 } });
    expect(shown()).toEqual([60, 80, {}]);
    scene.tell(3, 'queue.profile', 'billing', { name: 'Billing', limits: { waitSeconds: 30 } });
    expect(shown()).toEqual([30, 80, { waitSeconds: 30 }]);
    scene.tell(4, 'site.profile', 'main', { limits: {} });
    expect(shown()).toEqual([30, 120, { waitSeconds: 30 }]);
    expect(scene.queue('billing').limits).not.toHaveProperty('other');
    expect(Floor.restore(scene.floor.dump(), OPTIONS).facts.queues.get('billing')).toEqual(
      scene.queue('billing'),
    );
  });
});

describe('holds and waits', () => {
  it('[FLR-61] know who put the contact on hold, also where it is parked with nobody', () => {
    const scene = new Scene();
    scene.tell(0, 'contact.started', 'c1', { direction: 'inbound' });
    scene.tell(1, 'contact.answered', 'c1', { agent: 'charles' });
    expect(scene.contact('c1').heldBy).toBeNull();
    scene.tell(2, 'contact.held', 'c1', {});
    expect(scene.contact('c1')).toMatchObject({ heldBy: 'charles', agent: 'charles' });
    scene.tell(3, 'contact.held', 'c1', { parked: '701' });
    expect(scene.contact('c1')).toMatchObject({ heldBy: 'charles', agent: null });
    scene.tell(4, 'contact.resumed', 'c1', { agent: 'sydney' });
    expect(scene.contact('c1')).toMatchObject({ heldBy: null, agent: 'sydney' });
    scene.tell(5, 'contact.held', 'c1', { parked: '702' });
    expect(scene.contact('c1')).toMatchObject({ heldBy: 'sydney', agent: null });
  });

  it('[FLR-61] know whose wait is the oldest', () => {
    const scene = new Scene();
    scene.tell(0, 'contact.queued', 'c1', { queue: 'billing' });
    scene.tell(1, 'contact.queued', 'c2', { queue: 'billing' });
    expect(scene.queue('billing')).toMatchObject({ oldest: 'c1', oldestAt: at(0) });
    scene.tell(2, 'contact.answered', 'c1', { agent: 'charles' });
    expect(scene.queue('billing')).toMatchObject({ oldest: 'c2', oldestAt: at(1) });
    scene.tell(3, 'contact.ended', 'c2', {});
    expect(scene.queue('billing')).toMatchObject({ oldest: null, oldestAt: null });
  });

  it('[FLR-62] sum how long it rang in this visit', () => {
    const scene = new Scene();
    scene.tell(0, 'contact.queued', 'c1', { queue: 'billing' });
    scene.tell(1, 'contact.ringing', 'c1', { agent: 'charles' });
    scene.tell(2, 'contact.ringing', 'c1', { agent: 'sydney' });
    scene.tell(5, 'contact.unanswered', 'c1', { agent: 'charles' });
    expect(scene.contact('c1')).toMatchObject({ state: 'ringing', rungMs: 0, since: at(1) });
    scene.tell(7, 'contact.unanswered', 'c1', { agent: 'sydney' });
    expect(scene.contact('c1')).toMatchObject({ state: 'waiting', rungMs: 6_000 });
    scene.tell(8, 'contact.ringing', 'c1', { agent: 'charles' });
    scene.tell(10, 'contact.unanswered', 'c1', {});
    expect(scene.contact('c1').rungMs).toBe(8_000);
    scene.tell(11, 'contact.queued', 'c1', { queue: 'sales' });
    expect(scene.contact('c1').rungMs).toBe(0);
  });
});

describe('agents', () => {
  const miss = (scene: Scene, from: number, contact: string) => {
    scene.tell(from, 'contact.queued', contact, { queue: 'billing' });
    scene.tell(from, 'contact.ringing', contact, { agent: 'charles' });
    scene.tell(from + 1, 'contact.unanswered', contact, { agent: 'charles' });
  };

  it('[FLR-63] are counted what they missed in a row', () => {
    const scene = new Scene();
    scene.tell(0, 'agent.state', 'charles', { state: 'available' });
    miss(scene, 1, 'c1');
    miss(scene, 3, 'c2');
    expect(scene.agent('charles').missed).toBe(2);
    // The customer left while it rang: nobody missed it.
    scene.tell(5, 'contact.queued', 'c3', { queue: 'billing' });
    scene.tell(5, 'contact.ringing', 'c3', { agent: 'charles' });
    scene.tell(6, 'contact.ended', 'c3', {});
    expect(scene.agent('charles').missed).toBe(2);
    scene.tell(7, 'contact.answered', 'c1', { agent: 'charles' });
    expect(scene.agent('charles').missed).toBe(0);
    scene.tell(8, 'contact.ended', 'c1', {});
    miss(scene, 9, 'c4');
    expect(scene.agent('charles').missed).toBe(1);
    scene.tell(11, 'agent.state', 'charles', { state: 'break' });
    expect(scene.agent('charles').missed).toBe(0);
  });

  it('[FLR-64] are away by the word of their source, whatever they hold', () => {
    const scene = new Scene();
    scene.tell(0, 'agent.state', 'charles', { state: 'available' });
    scene.tell(1, 'contact.answered', 'c1', { agent: 'charles' });
    scene.tell(2, 'contact.held', 'c1', {});
    expect(scene.agent('charles').awaySince).toBeNull();
    scene.tell(3, 'agent.state', 'charles', { state: 'break' });
    expect(scene.agent('charles')).toMatchObject({ state: 'holding', awaySince: at(3) });
    scene.tell(4, 'agent.state', 'charles', { state: 'offline' });
    expect(scene.agent('charles').awaySince).toBe(at(3));
    scene.tell(5, 'agent.state', 'charles', { state: 'available' });
    expect(scene.agent('charles').awaySince).toBeNull();
    // Of whom no source ever spoke, nobody says that they have left.
    scene.tell(6, 'contact.answered', 'c2', { agent: 'sydney' });
    expect(scene.agent('sydney').awaySince).toBeNull();
  });

  it('[FLR-65] are counted what they claimed today', () => {
    const scene = new Scene();
    scene.tell(0, 'assist.requested', 'h1', { agent: 'charles' });
    scene.tell(1, 'assist.claimed', 'h1', { by: 'lea' });
    scene.tell(2, 'assist.claimed', 'h1', { by: 'ann' });
    expect(scene.agent('lea').claimedToday).toBe(1);
    expect(scene.agent('ann').claimedToday).toBe(0);
    const restored = Floor.restore(scene.floor.dump(), OPTIONS);
    restored.expire(at(24 * 3_600));
    expect(restored.facts.agents.get('lea')?.claimedToday).toBe(0);
  });
});

it('[FLR-66] the live level of the last quarters counts who still waits past the target', () => {
  const scene = new Scene();
  scene.tell(0, 'queue.profile', 'billing', { name: 'B', target: { seconds: 20, percent: 80 } });
  for (const n of [1, 2, 3]) {
    scene.tell(n, 'contact.queued', `c${n}`, { queue: 'billing' });
    scene.tell(n + 10, 'contact.answered', `c${n}`, { agent: 'charles' });
  }
  scene.tell(20, 'contact.queued', 'late', { queue: 'billing' });
  const lately = (seconds: number, floor = scene.floor) => floor.lately('billing', at(seconds));
  expect(lately(20)).toEqual({ offered: 3, level: 1 });
  scene.wait(41);
  expect(lately(41)).toEqual({ offered: 3, level: 3 / 4 });
  expect(lately(41, Floor.restore(scene.floor.dump(), OPTIONS))).toEqual(lately(41));
  // It is the last closed quarter after 15 minutes, and no more after 30.
  expect(lately(900)).toEqual({ offered: 3, level: 3 / 4 });
  expect(lately(1_800)).toEqual({ offered: 0, level: null });
  scene.tell(1_000, 'contact.answered', 'late', { agent: 'charles' });
  expect(lately(1_000)).toEqual({ offered: 4, level: 3 / 4 });
});

describe('an episode', () => {
  it('[NOT-13] [FLR-67] says whom each move was for, and what became of each notification at last', () => {
    const scene = new Scene();
    const whom = { owner: 'person', of: 'lea', channel: 'phone', notification: 'n1' } as const;
    const move: DataIn['alert.moved'] = {
      episode: 'ep',
      key: 'k',
      rule: 'hold.long',
      subject: 'c1',
      team: null,
      queue: null,
      sources: [],
      text: { key: 'hold.long', params: {} },
      severity: 'P2',
      since: at(0),
      raisedAt: at(0),
      version: 1,
      revision: 1,
      round: 1,
      loop: 1,
      level: 1,
      escalatesFrom: at(0),
      isExhausted: false,
      taken: null,
      falseSince: null,
      resolvedAt: null,
      isSeen: false,
      activations: [at(0)],
      unstableUntil: null,
      from: null,
      to: 'firing',
      reason: 'began',
      by: null,
      why: null,
      at: at(0),
      told: [{ ...whom, level: 1, why: null }],
    };
    scene.tell(0, 'alert.moved', 'ep', move, 'pharos');
    const attempt: DataIn['alert.told'] = {
      ...whom,
      via: 'push',
      kind: 'fire',
      outcome: 'failed',
      attempt: 1,
      at: at(1),
      why: 'the receiver said 500',
    };
    const second: DataIn['alert.told'] = {
      ...attempt,
      outcome: 'sent',
      attempt: 2,
      at: at(6),
      why: null,
    };
    const other = { ...attempt, notification: 'n2', channel: 'mail' };
    for (const each of [attempt, other, second]) scene.tell(6, 'alert.told', 'ep', each, 'pharos');
    scene.tell(6, 'alert.told', 'forgotten', second, 'pharos');
    const kept = Floor.restore(scene.floor.dump(), OPTIONS).facts.alerts.get('ep');
    expect(kept?.moves[0]?.told).toEqual(move.told);
    expect(kept?.deliveries).toEqual([second, other]);
    expect([...scene.floor.facts.alerts.keys()]).toEqual(['ep']);
    expect([...scene.floor.facts.sources.keys()]).toEqual([]);
    // It ended, and nobody had looked.
    const unseen = (): number | undefined => scene.floor.facts.site.get('main')?.unseen;
    expect(unseen()).toBe(0);
    const end = { ...move, from: 'firing', to: 'resolved', reason: 'ended' } as const;
    const over = { ...end, revision: 2, version: 2, resolvedAt: at(9), at: at(9), told: [] };
    scene.tell(9, 'alert.moved', 'ep', over, 'pharos');
    expect(unseen()).toBe(1);
    // For a note nobody is called, so nobody missed it; what was taken was seen.
    const noted = { ...over, episode: 'note', key: 'main hold.long c2', subject: 'c2' };
    scene.tell(9, 'alert.moved', 'note', { ...noted, severity: 'P3' }, 'pharos');
    const taken = { ...over, episode: 'taken', key: 'main hold.long c3', isSeen: true };
    scene.tell(9, 'alert.moved', 'taken', taken, 'pharos');
    expect(unseen()).toBe(1);
    const restored = Floor.restore(scene.floor.dump(), OPTIONS);
    expect(restored.facts.site.get('main')?.unseen).toBe(1);
    // The day is over.
    restored.expire(at(0) + 24 * 3_600_000);
    expect(restored.facts.site.get('main')?.unseen).toBe(0);
    const seen = { ...over, reason: 'seen', by: 'lea', isSeen: true, revision: 3, at: at(10) };
    scene.tell(10, 'alert.moved', 'ep', seen, 'pharos');
    expect(unseen()).toBe(0);
  });
});
