// Agents and contacts: states, holds, wrap-ups, transfers, snapshots and sources, as the trade tells them. One room, since a contact and its agent are told together.
import { describe, expect, it } from 'vitest';
import { at, Scene } from './scene.ts';

describe('an agent', () => {
  it('[FLR-20] has one state from wish, activity and contacts, and since when', () => {
    const scene = new Scene();
    scene.tell(0, 'agent.state', 'anna', { state: 'available' });
    expect(scene.agent('anna')).toMatchObject({
      name: 'anna',
      state: 'available',
      wish: 'available',
      since: at(0),
    });
    scene.tell(5, 'contact.queued', 'c1', { queue: 'billing' });
    scene.tell(6, 'contact.ringing', 'c1', { agent: 'anna' });
    expect(scene.agent('anna')).toMatchObject({
      state: 'ringing',
      contact: 'c1',
      queue: 'billing',
      since: at(6),
    });
    scene.tell(8, 'contact.answered', 'c1', { agent: 'anna' });
    scene.tell(9, 'contact.held', 'c1', { agent: 'anna' });
    expect(scene.agent('anna')).toMatchObject({ state: 'holding', since: at(9) });
    scene.tell(10, 'agent.state', 'anna', { state: 'talking', reachable: false, contact: 'c1' });
    expect(scene.agent('anna')).toMatchObject({ state: 'holding', reachable: false, since: at(9) });
    scene.tell(20, 'contact.ended', 'c1', {});
    expect(scene.agent('anna')).toMatchObject({ state: 'available', contact: null, since: at(20) });
  });

  it('[FLR-20] with two contacts does what the one answered last says, and rings only when nothing is up', () => {
    const scene = new Scene();
    scene.tell(0, 'contact.answered', 'c1', { agent: 'anna' });
    scene.tell(1, 'contact.held', 'c1', { agent: 'anna' });
    scene.tell(2, 'contact.ringing', 'c2', { agent: 'anna' });
    expect(scene.agent('anna').state).toBe('holding');
    scene.tell(3, 'contact.answered', 'c2', { agent: 'anna' });
    expect(scene.agent('anna')).toMatchObject({ state: 'talking', contact: 'c2' });
    scene.tell(4, 'contact.resumed', 'c1', { agent: 'anna' });
    expect(scene.agent('anna').contact).toBe('c2');
    scene.tell(5, 'contact.ended', 'c2', {});
    expect(scene.agent('anna')).toMatchObject({ state: 'talking', contact: 'c1' });
  });

  it('[FLR-20] is with another contact since that began, though the state stays', () => {
    const scene = new Scene();
    scene.tell(0, 'contact.answered', 'c1', { agent: 'anna' });
    scene.tell(30, 'contact.answered', 'c2', { agent: 'anna' });
    expect(scene.agent('anna')).toMatchObject({ state: 'talking', contact: 'c2', since: at(30) });
    scene.tell(40, 'contact.ended', 'c2', {});
    expect(scene.agent('anna')).toMatchObject({ state: 'talking', contact: 'c1', since: at(30) });
  });

  it('[FLR-28] who dials out is talking before the customer answers', () => {
    const scene = new Scene();
    scene.tell(0, 'agent.state', 'anna', { state: 'available' });
    scene.tell(1, 'contact.started', 'out', { direction: 'outbound', agent: 'anna' });
    expect(scene.agent('anna')).toMatchObject({ state: 'talking', contact: 'out', since: at(1) });
    scene.tell(5, 'contact.answered', 'out', { agent: 'anna' });
    expect(scene.agent('anna')).toMatchObject({ state: 'talking', since: at(1) });
  });

  it('[FLR-29] wraps a visit up once, also when it was parked and comes back', () => {
    const scene = new Scene();
    scene.tell(0, 'queue.profile', 'billing', { name: 'Billing', wrapUpSeconds: 5 });
    scene.tell(1, 'contact.queued', 'c1', { queue: 'billing' });
    scene.tell(2, 'contact.answered', 'c1', { agent: 'anna' });
    scene.tell(10, 'contact.held', 'c1', { parked: '701' });
    expect(scene.agent('anna').state).toBe('wrapup');
    scene.tell(30, 'contact.resumed', 'c1', { parked: '701' });
    scene.tell(31, 'contact.ringing', 'c1', { agent: 'anna' });
    scene.tell(33, 'contact.answered', 'c1', { agent: 'anna' });
    scene.tell(40, 'contact.ended', 'c1', {});
    expect(scene.agent('anna').state).toBe('available');
  });

  it('[FLR-29] wraps up what was met in the middle, with its queue, and what no queue brought not at all', () => {
    const scene = new Scene();
    scene.tell(0, 'queue.profile', 'billing', { name: 'Billing', wrapUpSeconds: 5 });
    scene.tell(1, 'source.snapshot', 'pbx', {
      contacts: [
        { id: 'c1', state: 'talking', queue: 'billing', agent: 'anna' },
        { id: 'c2', state: 'talking', agent: 'ben' },
      ],
    });
    scene.tell(9, 'contact.ended', 'c1', {});
    scene.tell(9, 'contact.ended', 'c2', {});
    expect(scene.agent('anna').state).toBe('wrapup');
    expect(scene.agent('ben').state).toBe('available');
  });

  it('[FLR-22] leaves no row in wrap-up when the source names another contact than the last one', () => {
    const scene = new Scene();
    scene.tell(1, 'contact.answered', 'c1', { agent: 'anna' });
    scene.tell(5, 'contact.ended', 'c1', {});
    scene.tell(5, 'agent.state', 'anna', { state: 'wrapup', contact: 'c9' });
    expect(scene.contact('c1').state).toBe('wrapup');
    scene.tell(9, 'agent.state', 'anna', { state: 'available' });
    expect(scene.floor.facts.contacts.size).toBe(0);
  });

  it('[FLR-34] and a queue say by whom they are known, so that silence can be shown on what it touches', () => {
    const scene = new Scene();
    scene.tell(0, 'agent.state', 'anna', { state: 'available', memberOf: ['billing'] }, 'pbx2');
    scene.tell(1, 'contact.queued', 'c1', { queue: 'billing' }, 'pbx1');
    scene.tell(2, 'queue.profile', 'sales', { name: 'Sales' }, 'desk');
    expect(scene.agent('anna').source).toBe('pbx2');
    expect(scene.queue('billing').sources).toEqual(['pbx1', 'pbx2']);
    expect(scene.queue('sales').sources).toEqual([]);
  });

  it('[FLR-21] rests where they want to be: a break or the end of the shift beats a timed wrap-up', () => {
    const scene = new Scene();
    scene.tell(0, 'queue.profile', 'billing', { name: 'Billing', wrapUpSeconds: 30 });
    for (const [id, wish] of [
      ['anna', 'break'],
      ['ben', 'offline'],
      ['chloe', 'available'],
    ] as const) {
      scene.tell(1, 'contact.queued', id, { queue: 'billing' });
      scene.tell(2, 'contact.answered', id, { agent: id });
      scene.tell(3, 'agent.state', id, {
        state: 'talking',
        wish,
        contact: id,
        ...(wish === 'break' ? { reason: 'Lunch' } : {}),
      });
      scene.tell(10, 'contact.ended', id, {});
    }
    expect(scene.agent('anna')).toMatchObject({ state: 'break', reason: 'Lunch', since: at(10) });
    expect(scene.agent('ben').state).toBe('offline');
    expect(scene.agent('chloe').state).toBe('wrapup');
  });

  it('[FLR-22] wraps up for the time of the queue: no available cuts it, a contact does, and its row stays so long', () => {
    const scene = new Scene();
    scene.tell(0, 'queue.profile', 'billing', { name: 'Billing', wrapUpSeconds: 30 });
    scene.tell(1, 'contact.queued', 'c1', { queue: 'billing' });
    scene.tell(2, 'contact.answered', 'c1', { agent: 'anna' });
    scene.tell(12, 'contact.ended', 'c1', {});
    scene.tell(13, 'agent.state', 'anna', { state: 'available' });
    expect(scene.agent('anna')).toMatchObject({ state: 'wrapup', contact: 'c1', since: at(12) });
    expect(scene.contact('c1')).toMatchObject({ state: 'wrapup', agent: 'anna', since: at(12) });
    scene.tell(20, 'contact.ringing', 'c2', { agent: 'anna' });
    expect(scene.floor.facts.contacts.has('c1')).toBe(false);
    scene.tell(25, 'contact.ended', 'c2', {});
    expect(scene.agent('anna')).toMatchObject({ state: 'wrapup', since: at(25) });
    expect(scene.floor.nextAt()).toBe(at(42));
    scene.wait(42);
    expect(scene.agent('anna')).toMatchObject({ state: 'available', since: at(42) });
    expect(scene.floor.facts.contacts.size).toBe(0);
    // Eight seconds, and seventeen after the ring, after ten of talk.
    expect(scene.queue('billing').today.ahtMs).toBe(35_000);
  });

  it('[FLR-22] wraps up while their source says so, and it is counted for the last contact', () => {
    const scene = new Scene();
    scene.tell(1, 'contact.queued', 'c1', { queue: 'billing' });
    scene.tell(2, 'contact.answered', 'c1', { agent: 'anna' });
    scene.tell(12, 'contact.ended', 'c1', {});
    scene.tell(13, 'agent.state', 'anna', { state: 'wrapup' });
    expect(scene.contact('c1')).toMatchObject({ state: 'wrapup', since: at(13) });
    scene.tell(33, 'agent.state', 'anna', { state: 'available' });
    expect(scene.queue('billing').today.ahtMs).toBe(30_000);
    expect(scene.floor.facts.contacts.size).toBe(0);
  });

  it('[FLR-23] counts in the queues that they are a member of, as on a break where paused in one alone', () => {
    const scene = new Scene();
    scene.tell(0, 'agent.profile', 'anna', { name: 'Anna', queues: ['billing'] });
    expect(scene.queue('billing').agents.offline).toBe(1);
    scene.tell(1, 'agent.state', 'anna', {
      state: 'available',
      memberOf: ['billing', 'sales'],
      pausedIn: { billing: 'Mail' },
    });
    expect(scene.queue('billing').agents).toMatchObject({ offline: 0, available: 0, break: 1 });
    expect(scene.queue('sales').agents).toMatchObject({ available: 1, break: 0 });
    scene.tell(2, 'contact.answered', 'c1', { agent: 'anna' });
    expect(scene.queue('billing').agents).toMatchObject({ break: 0, talking: 1 });
    scene.tell(3, 'agent.state', 'anna', { state: 'available', memberOf: ['sales'], pausedIn: {} });
    expect(scene.queue('billing').agents.talking).toBe(0);
  });
});

describe('a contact', () => {
  it('[FLR-24] has holds with a clock each: a second hold changes nothing, parking leaves it with nobody', () => {
    const scene = new Scene();
    scene.tell(0, 'contact.queued', 'c1', { queue: 'billing' });
    scene.tell(10, 'contact.answered', 'c1', { agent: 'anna' });
    scene.tell(20, 'contact.held', 'c1', { agent: 'anna' });
    scene.tell(25, 'contact.held', 'c1', { agent: 'anna' });
    expect(scene.contact('c1').hold).toEqual({
      count: 1,
      totalMs: 0,
      since: at(20),
      atLeast: false,
      parked: null,
    });
    scene.tell(30, 'contact.resumed', 'c1', { agent: 'anna' });
    scene.tell(31, 'contact.resumed', 'c1', { agent: 'anna' });
    expect(scene.contact('c1')).toMatchObject({
      state: 'talking',
      hold: { count: 1, totalMs: 10_000, since: null },
    });
    scene.tell(40, 'contact.held', 'c1', { agent: 'anna' });
    scene.tell(45, 'contact.held', 'c1', { parked: '701' });
    expect(scene.contact('c1')).toMatchObject({
      state: 'held',
      agent: null,
      hold: { count: 2, since: at(40), parked: '701' },
    });
    expect(scene.agent('anna').state).toBe('available');
    scene.tell(60, 'contact.answered', 'c1', { agent: 'ben' });
    expect(scene.contact('c1')).toMatchObject({
      state: 'talking',
      agent: 'ben',
      hold: { totalMs: 30_000, parked: null },
    });
    scene.tell(70, 'contact.held', 'c1', { agent: 'ben' });
    scene.tell(75, 'contact.ended', 'c1', { by: 'customer' });
    expect(scene.queue('billing').today).toMatchObject({
      answered: 1,
      holdMs: 35_000,
      ahtMs: 65_000,
    });
    expect(scene.floor.facts.contacts.size).toBe(0);
  });

  it('[FLR-24] begins with a hold, if that is all that its source says', () => {
    const scene = new Scene();
    scene.tell(0, 'contact.held', 'call-17', { agent: 'charles' });
    expect(scene.contact('call-17')).toMatchObject({
      state: 'held',
      agent: 'charles',
      hold: { count: 1, since: at(0) },
    });
    expect(scene.agent('charles').state).toBe('holding');
  });

  it('[FLR-25] leaves its agent at a transfer, and talk with the next one belongs to the same visit', () => {
    const scene = new Scene();
    scene.tell(0, 'queue.profile', 'billing', { name: 'Billing', wrapUpSeconds: 5 });
    scene.tell(0, 'contact.queued', 'c1', { queue: 'billing' });
    scene.tell(10, 'contact.answered', 'c1', { agent: 'anna' });
    scene.tell(30, 'contact.transferred', 'c1', { to: { agent: 'ben' }, kind: 'blind' });
    expect(scene.agent('anna').state).toBe('wrapup');
    expect(scene.agent('ben')).toMatchObject({ state: 'ringing', contact: 'c1' });
    scene.tell(40, 'contact.answered', 'c1', { agent: 'ben' });
    scene.tell(60, 'contact.transferred', 'c1', { to: { agent: 'chloe' }, kind: 'attended' });
    expect(scene.contact('c1')).toMatchObject({
      state: 'talking',
      agent: 'chloe',
      answeredAt: at(10),
    });
    scene.tell(100, 'contact.ended', 'c1', {});
    expect(scene.queue('billing').today).toMatchObject({ offered: 1, answered: 1, ahtMs: 85_000 });
    expect(scene.agent('ben').state).toBe('available');
  });

  it('[FLR-26] rings at several agents at once, and goes back to its wait when none of them takes it', () => {
    const scene = new Scene();
    scene.tell(0, 'contact.queued', 'c1', { queue: 'billing' });
    scene.tell(1, 'contact.ringing', 'c1', { agent: 'anna' });
    scene.tell(1, 'contact.ringing', 'c1', { agent: 'ben' });
    expect(scene.contact('c1')).toMatchObject({ ringing: ['anna', 'ben'], agent: 'ben' });
    scene.tell(9, 'contact.unanswered', 'c1', { agent: 'ben' });
    expect(scene.contact('c1')).toMatchObject({ state: 'ringing', agent: 'anna' });
    scene.tell(10, 'contact.unanswered', 'c1', { agent: 'anna' });
    expect(scene.contact('c1')).toMatchObject({ state: 'waiting', agent: null, ringing: [] });
    expect(scene.agent('anna').state).not.toBe('ringing');
    expect(scene.queue('billing')).toMatchObject({ waiting: 1, oldestAt: at(0) });
  });

  it('[FLR-27] is over, and nobody knows how, after twelve hours without an event', () => {
    const scene = new Scene();
    scene.tell(0, 'contact.queued', 'c1', { queue: 'billing' });
    scene.tell(3_600, 'contact.tagged', 'c1', { reason: 'refund' });
    scene.wait(12 * 3_600);
    expect(scene.queue('billing').waiting).toBe(1);
    scene.wait(13 * 3_600);
    expect(scene.queue('billing')).toMatchObject({ waiting: 0, today: { unknown: 1, offered: 0 } });
  });

  it('[FLR-27] does not come back by an event that is late', () => {
    const scene = new Scene();
    scene.tell(0, 'contact.queued', 'c1', { queue: 'billing' });
    scene.tell(5, 'contact.answered', 'c1', { agent: 'anna' });
    scene.tell(9, 'contact.ended', 'c1', {});
    scene.tell(5, 'contact.answered', 'c1', { agent: 'anna' });
    scene.tell(0, 'contact.queued', 'c1', { queue: 'billing' });
    scene.tell(3, 'contact.ended', 'never-seen', {});
    scene.tell(2, 'contact.queued', 'never-seen', { queue: 'billing' });
    expect(scene.floor.facts.contacts.size).toBe(0);
    expect(scene.queue('billing')).toMatchObject({ waiting: 0, today: { offered: 1 } });
  });
});

describe('a snapshot of a source', () => {
  it('[FLR-30] ends what its owner does not name, of that owner only, as unknown; a missing list says nothing', () => {
    const scene = new Scene();
    scene.tell(0, 'contact.queued', 'waits', { queue: 'billing' }, 'pbx');
    scene.tell(0, 'contact.queued', 'talks', { queue: 'billing' }, 'pbx');
    scene.tell(5, 'contact.answered', 'talks', { agent: 'anna' }, 'pbx');
    scene.tell(5, 'contact.queued', 'chat', { queue: 'web' }, 'crm');
    scene.tell(5, 'agent.state', 'ben', { state: 'available' }, 'pbx');
    scene.tell(5, 'agent.state', 'chloe', { state: 'available' }, 'crm');
    scene.tell(6, 'source.snapshot', 'pbx', {}, 'pbx');
    expect(scene.floor.facts.contacts.size).toBe(3);
    scene.tell(60, 'source.snapshot', 'pbx', { contacts: [], agents: [] }, 'pbx');
    expect([...scene.floor.facts.contacts.keys()]).toEqual(['chat']);
    expect(scene.queue('billing')).toMatchObject({
      waiting: 0,
      today: { offered: 1, unknown: 1, ahtMs: null },
    });
    expect([scene.agent('ben').state, scene.agent('chloe').state]).toEqual([
      'offline',
      'available',
    ]);
  });

  it('[FLR-31] keeps known instants, dates what is unknown by itself as "at least", and applies what changed', () => {
    const scene = new Scene();
    scene.tell(0, 'contact.queued', 'waits', { queue: 'sales' }, 'pbx');
    scene.tell(0, 'contact.answered', 'held', { agent: 'anna' }, 'pbx');
    scene.tell(2, 'contact.held', 'held', { agent: 'anna' }, 'pbx');
    scene.tell(3, 'contact.answered', 'later-held', { agent: 'ben' }, 'pbx');
    scene.tell(4, 'agent.state', 'ben', { state: 'talking', contact: 'later-held' }, 'pbx');
    scene.tell(
      60,
      'source.snapshot',
      'pbx',
      {
        contacts: [
          { id: 'waits', state: 'waiting', queue: 'sales', queuedAt: at(21) },
          { id: 'held', state: 'talking', agent: 'anna' },
          { id: 'later-held', state: 'held', agent: 'ben' },
          {
            id: 'unseen',
            state: 'talking',
            queue: 'sales',
            queuedAt: at(30),
            answeredAt: at(33),
            agent: 'dora',
          },
          { id: 'half-seen', state: 'talking', queue: 'sales', agent: 'elif' },
        ],
        agents: [{ id: 'ben', state: 'holding', contact: 'later-held' }],
      },
      'pbx',
    );
    expect(scene.contact('waits').queuedAt).toBe(at(0));
    expect(scene.contact('held')).toMatchObject({
      state: 'talking',
      hold: { count: 1, totalMs: 58_000 },
    });
    expect(scene.contact('later-held').hold).toMatchObject({ since: at(60), atLeast: true });
    expect(scene.agent('ben')).toMatchObject({ state: 'holding', since: at(60) });
    expect(scene.contact('unseen')).toMatchObject({
      state: 'talking',
      answeredAt: at(33),
      agent: 'dora',
    });
    // What its source knows to the instant is counted; what nobody saw is not invented.
    expect(scene.queue('sales')).toMatchObject({ waiting: 1, today: { offered: 1, answered: 1 } });
    const dump = JSON.stringify(scene.floor.dump());
    scene.tell(61, 'contact.answered', 'waits', { agent: 'anna' }, 'pbx');
    expect(scene.queue('sales').today.offered).toBe(2);
    expect(JSON.stringify(scene.floor.dump())).not.toBe(dump);
  });
});

describe('a source', () => {
  it('[FLR-32] is stale when three heartbeats are missed, lost after ten, and live again by any word', () => {
    const scene = new Scene();
    scene.tell(0, 'source.heartbeat', 'pbx', { everySeconds: 5 }, 'pbx');
    scene.tell(0, 'agent.state', 'anna', { state: 'available' }, 'crm');
    const state = (id: string) => scene.floor.facts.sources.get(id)?.state;
    scene.wait(15);
    expect(state('pbx')).toBe('live');
    scene.wait(16);
    expect(state('pbx')).toBe('stale');
    scene.wait(51);
    expect(state('pbx')).toBe('lost');
    scene.tell(60, 'agent.state', 'ben', { state: 'available' }, 'pbx');
    expect(state('pbx')).toBe('live');
    scene.wait(80_000);
    expect(state('crm')).toBe('live');
  });

  it('[FLR-35] whose stream was tampered with is faulty until 60 s after the last word of it, or until it told anew what is true', () => {
    const scene = new Scene();
    const row = (id: string) => scene.floor.facts.sources.get(id);
    scene.tell(0, 'agent.state', 'anna', { state: 'available' }, 'crm');
    scene.tell(0, 'agent.state', 'ben', { state: 'available' }, 'shop');
    scene.tell(10, 'source.faulted', 'crm', { fault: 'emptied' }, 'pharos');
    expect(row('crm')).toMatchObject({ state: 'faulty', fault: 'emptied', lastAt: at(0) });
    expect(row('shop')?.state).toBe('live');
    expect(row('pharos')).toBeUndefined();
    scene.tell(30, 'agent.state', 'anna', { state: 'break' }, 'crm');
    scene.tell(50, 'source.faulted', 'crm', { fault: 'poisoned' }, 'pharos');
    scene.tell(60, 'source.snapshot', 'crm', {}, 'crm');
    scene.wait(109);
    expect(row('crm')).toMatchObject({ state: 'faulty', fault: 'poisoned' });
    scene.wait(110);
    expect(row('crm')?.state).toBe('live');
    expect(row('crm')).not.toHaveProperty('fault');
    scene.tell(200, 'source.faulted', 'crm', { fault: 'trimmed', lost: 3 }, 'pharos');
    scene.tell(201, 'source.snapshot', 'crm', {}, 'crm');
    scene.wait(204);
    expect(row('crm')?.state).toBe('faulty');
    scene.wait(205);
    expect(row('crm')?.state).toBe('live');
  });

  it('[FLR-35] is marked though it never said anything, and falls silent behind its mark', () => {
    const scene = new Scene();
    const row = (id: string) => scene.floor.facts.sources.get(id);
    scene.tell(0, 'source.faulted', 'mute', { fault: 'replaced' }, 'pharos');
    expect(row('mute')).toMatchObject({ state: 'faulty', lastAt: at(0) });
    scene.tell(0, 'source.heartbeat', 'crm', { everySeconds: 5 }, 'crm');
    scene.tell(1, 'source.faulted', 'crm', { fault: 'emptied' }, 'pharos');
    scene.wait(40);
    expect(row('crm')?.state).toBe('faulty');
    scene.wait(61);
    expect(row('crm')?.state).toBe('lost');
  });

  it('[FLR-33] counts what was refused of a stream, and gives no row to a name that only refused entries carry', () => {
    const scene = new Scene();
    scene.tell(0, 'source.refused', 'crm', { count: 7 }, 'pharos');
    expect(scene.floor.facts.sources.get('crm')?.refused).toBe(7);
    scene.floor.noteRefused('crm');
    expect(scene.floor.facts.sources.get('crm')?.refused).toBe(8);
    for (let i = 0; i < 100; i += 1) scene.floor.noteRefused(`rubbish-${i}`);
    expect([...scene.floor.facts.sources.keys()]).toEqual(['crm']);
  });

  it('[FLR-33] has a name among 64, else it is one of the others; refusals and skew stand on its row', () => {
    const scene = new Scene();
    for (let i = 0; i < 70; i += 1)
      scene.tell(i, 'agent.state', 'anna', { state: 'available' }, `source-${i}`);
    expect(scene.floor.facts.sources.size).toBe(65);
    scene.floor.noteRefused('source-3');
    scene.floor.noteSkew('source-3', 4_000);
    expect(scene.floor.facts.sources.get('source-3')).toMatchObject({ refused: 1, skewMs: 4_000 });
    expect(scene.floor.facts.sources.has('other')).toBe(true);
  });
});
