// Promises and presence: how a callback is proved, broken or overtaken, and who covers which team. One room, since a promise is proved by who was there.
import { describe, expect, it } from 'vitest';
import { Floor } from '../../server/floor/floor.ts';
import { at, OPTIONS, Scene } from './scene.ts';

const ERNEST = { name: 'Ernest Defarge', address: '+371 2000 0417' };
const MIN = 60;

function promised(scene = new Scene()): Scene {
  scene.tell(0, 'callback.promised', 'p1', {
    customer: ERNEST,
    dueAt: at(60 * MIN),
    by: 'charles',
  });
  return scene;
}

/** An outbound call that is answered at `from` and ends `talk` seconds later. */
function callBack(
  scene: Scene,
  from: number,
  talk: number,
  more: { address?: string; callback?: string; id?: string } = {},
): void {
  const { address = '20000417', callback, id = 'out' } = more;
  scene.tell(from - 5, 'contact.started', id, {
    direction: 'outbound',
    customer: { address },
    agent: 'charles',
    ...(callback ? { callback } : {}),
  });
  scene.tell(from, 'contact.answered', id, { agent: 'charles' });
  scene.tell(from + talk, 'contact.ended', id, {});
}

describe('a callback', () => {
  it('[FLR-40] is proved by a call to the same address that was connected for ten seconds, at the instant of its answer', () => {
    const scene = promised();
    expect(scene.site.promises).toEqual({ due: 1, kept: 0, overdue: 0, nextDueAt: at(60 * MIN) });
    callBack(scene, 5 * MIN, 9);
    expect(scene.callback('p1')).toMatchObject({
      state: 'attempted',
      attempts: 1,
      kept: null,
      proof: null,
    });
    scene.tell(10 * MIN - 5, 'contact.started', 'out2', {
      direction: 'outbound',
      customer: { address: '20000417' },
      agent: 'charles',
    });
    scene.tell(10 * MIN, 'contact.answered', 'out2', { agent: 'charles' });
    scene.wait(10 * MIN + 9);
    expect(scene.callback('p1').state).toBe('attempted');
    scene.wait(10 * MIN + 10);
    expect(scene.callback('p1')).toMatchObject({
      state: 'proved',
      kept: true,
      proof: { contact: 'out2', talkMs: 10_000, at: at(10 * MIN) },
    });
    scene.tell(10 * MIN + 25, 'contact.ended', 'out2', {});
    expect(scene.callback('p1')).toMatchObject({ attempts: 2, proof: { talkMs: 25_000 } });
    expect(scene.site.promises).toEqual({ due: 1, kept: 1, overdue: 0, nextDueAt: null });
  });

  it.each([
    ['+37120000417', true],
    ['2000-0417', true],
    ['0037120000417', true],
    ['20000417 ext. 5', true],
    ['20000418', false],
    ['417', false],
  ])('[FLR-41] takes %s for the same address: %s', (address, same) => {
    const scene = promised();
    callBack(scene, 5 * MIN, 30, { address });
    expect(scene.callback('p1').state === 'proved').toBe(same);
  });

  it('[FLR-41] compares short and private numbers by their digits, and e-mail in any case', () => {
    const scene = new Scene({ country: null });
    scene.tell(0, 'callback.promised', 'short', { customer: { address: '55 12' }, dueAt: at(600) });
    scene.tell(0, 'callback.promised', 'long', {
      customer: { address: '5550171' },
      dueAt: at(600),
    });
    scene.tell(0, 'callback.promised', 'mail', {
      customer: { address: 'Ernest@Example.org' },
      dueAt: at(600),
    });
    callBack(scene, 20, 30, { address: '5512', id: 'o1' });
    callBack(scene, 60, 30, { address: '555-0171', id: 'o2' });
    callBack(scene, 120, 30, { address: 'ernest@example.org', id: 'o3' });
    for (const id of ['short', 'long', 'mail']) expect(scene.callback(id).state).toBe('proved');
  });

  it('[FLR-42] is proved by every call made after it, wherever the promise stands in the log; a call that names one proves only that', () => {
    const scene = promised();
    scene.tell(1, 'callback.promised', 'p2', { customer: ERNEST, dueAt: at(60 * MIN) });
    callBack(scene, 5 * MIN, 30, { callback: 'p2' });
    expect([scene.callback('p1').state, scene.callback('p2').state]).toEqual(['open', 'proved']);
    callBack(scene, 7 * MIN, 30, { id: 'out2' });
    scene.floor.apply({
      type: 'callback.promised',
      subject: 'late',
      source: 'crm',
      id: 'x',
      at: at(6 * MIN),
      data: { customer: ERNEST, dueAt: at(90 * MIN) },
    });
    expect([scene.callback('p1').state, scene.callback('late').state]).toEqual([
      'proved',
      'proved',
    ]);
    scene.tell(20 * MIN, 'callback.promised', 'after', { customer: ERNEST, dueAt: at(90 * MIN) });
    expect(scene.callback('after').state).toBe('open');
  });

  it('[FLR-43] is broken for ever at its due time without proof; a call that is up then is let to its tenth second', () => {
    const scene = promised();
    scene.tell(1, 'callback.promised', 'p2', {
      customer: { address: '20000999' },
      dueAt: at(60 * MIN),
    });
    scene.tell(60 * MIN - 8, 'contact.started', 'out', { direction: 'outbound', customer: ERNEST });
    scene.tell(60 * MIN - 4, 'contact.answered', 'out', { agent: 'charles' });
    scene.wait(60 * MIN);
    expect([scene.callback('p1').kept, scene.callback('p2').kept]).toEqual([null, false]);
    scene.wait(60 * MIN + 6);
    expect(scene.callback('p1')).toMatchObject({ state: 'proved', kept: true });
    callBack(scene, 70 * MIN, 60, { address: '20000999', id: 'too-late' });
    expect(scene.callback('p2')).toMatchObject({ state: 'proved', kept: false });
    expect(scene.site.promises).toEqual({ due: 2, kept: 1, overdue: 0, nextDueAt: null });
  });

  it('[FLR-43] is broken once the call that was up at its due time ends too soon', () => {
    const scene = promised();
    callBack(scene, 60 * MIN - 4, 6);
    scene.wait(61 * MIN);
    expect(scene.callback('p1')).toMatchObject({ kept: false, state: 'attempted' });
    expect(scene.site.promises.overdue).toBe(1);
  });

  it.each(['voicemail', 'no-answer', 'busy', 'failed'] as const)(
    '[FLR-44] is open again, with its old due time, when its proof was %s',
    (result) => {
      const scene = promised();
      callBack(scene, 5 * MIN, 25);
      expect(scene.callback('p1').state).toBe('proved');
      scene.tell(6 * MIN, 'callback.attempted', 'p1', { contact: 'out', result, by: 'charles' });
      expect(scene.callback('p1')).toMatchObject({
        state: 'attempted',
        kept: null,
        proof: null,
        attempts: 1,
        closedAt: null,
      });
      expect(scene.callback('p1').tries).toMatchObject([{ contact: 'out', result }]);
      scene.wait(60 * MIN);
      expect(scene.callback('p1').kept).toBe(false);
    },
  );

  it('[FLR-44] is proved by another call, where the one that proved it was a machine', () => {
    const scene = promised();
    callBack(scene, 5 * MIN, 25);
    callBack(scene, 8 * MIN, 25, { id: 'second' });
    scene.tell(9 * MIN, 'callback.attempted', 'p1', { contact: 'out', result: 'voicemail' });
    expect(scene.callback('p1')).toMatchObject({ state: 'proved', proof: { contact: 'second' } });
  });

  it('[FLR-44] is not proved by a call of which that was said before, nor by an attempt without a call', () => {
    const scene = promised();
    scene.tell(10, 'callback.attempted', 'p1', { contact: 'out', result: 'voicemail' });
    callBack(scene, 5 * MIN, 25);
    scene.tell(9 * MIN, 'callback.attempted', 'p1', { result: 'answered', talkSeconds: 60 });
    expect(scene.callback('p1')).toMatchObject({ state: 'attempted', attempts: 2 });
  });

  it('[FLR-45] done by hand is unproved and no longer overdue; a later proof makes it proved', () => {
    const scene = promised();
    scene.wait(61 * MIN);
    expect(scene.site.promises.overdue).toBe(1);
    scene.tell(62 * MIN, 'callback.completed', 'p1', { by: 'charles', why: 'wrote a letter' });
    expect(scene.callback('p1')).toMatchObject({
      state: 'unproved',
      kept: false,
      closedBy: 'charles',
    });
    expect(scene.site.promises.overdue).toBe(0);
    callBack(scene, 70 * MIN, 30);
    expect(scene.callback('p1')).toMatchObject({ state: 'proved', kept: false });
  });

  it.each([
    [50 * MIN, true],
    [70 * MIN, false],
  ])(
    '[FLR-46] is overtaken by a customer who rings first and is served: answered at %i s, kept %s',
    (answered, kept) => {
      const scene = promised();
      scene.tell(answered - 20, 'contact.queued', 'in', { queue: 'billing', customer: ERNEST });
      expect(scene.contact('in').callback).toBe('p1');
      scene.tell(answered, 'contact.answered', 'in', { agent: 'sydney' });
      expect(scene.callback('p1').state).toBe('open');
      scene.tell(answered + 90, 'contact.ended', 'in', {});
      expect(scene.callback('p1')).toMatchObject({ state: 'customer-first', kept });
    },
  );

  it.each([
    [9, 'open'],
    [10, 'customer-first'],
  ])('[FLR-46] after a customer’s own call of %i s is %s', (talk, state) => {
    const scene = promised();
    scene.tell(60, 'contact.queued', 'in', { queue: 'billing', customer: ERNEST });
    scene.tell(80, 'contact.answered', 'in', { agent: 'sydney' });
    scene.tell(80 + talk, 'contact.ended', 'in', {});
    expect(scene.callback('p1')).toMatchObject({ state, attempts: 0 });
    scene.wait(3_600);
    expect(scene.callback('p1').kept).toBe(state === 'customer-first');
  });

  it('[FLR-46] is not overtaken by the call in which it was promised, nor by one that nobody answered', () => {
    const scene = new Scene();
    scene.tell(0, 'contact.queued', 'in', { queue: 'billing', customer: ERNEST });
    scene.tell(5, 'contact.answered', 'in', { agent: 'charles' });
    scene.tell(9, 'callback.promised', 'p1', { customer: ERNEST, dueAt: at(600), contact: 'in' });
    scene.tell(20, 'contact.ended', 'in', {});
    scene.tell(30, 'contact.queued', 'in2', { queue: 'billing', customer: ERNEST });
    scene.tell(40, 'contact.ended', 'in2', {});
    expect(scene.callback('p1').state).toBe('open');
  });

  it('[FLR-47] is claimed and released; what was closed leaves the table with the next day, and counts on the day it is due', () => {
    const scene = new Scene();
    scene.tell(0, 'callback.promised', 'p1', { customer: ERNEST, dueAt: at(86_400) });
    scene.tell(1, 'callback.claimed', 'p1', { by: 'sydney' });
    expect(scene.callback('p1')).toMatchObject({ state: 'claimed', owner: 'sydney' });
    scene.tell(2, 'callback.released', 'p1', { by: 'sydney' });
    expect(scene.callback('p1')).toMatchObject({ state: 'open', owner: null });
    callBack(scene, 60, 30);
    expect(scene.site.promises.due).toBe(0);
    scene.wait(16 * 3_600);
    expect(scene.floor.facts.callbacks.size).toBe(0);
    expect(scene.site.promises).toMatchObject({ due: 1, kept: 1 });
  });
});

describe('cover', () => {
  function red(): Scene {
    const scene = new Scene();
    scene.tell(0, 'agent.profile', 'lena', { name: 'Lena', team: 'red', role: 'lead' });
    scene.tell(0, 'agent.profile', 'sam', { name: 'Sam', team: 'blue', role: 'supervisor' });
    scene.tell(0, 'team.profile', 'red', {
      name: 'Red',
      leads: ['lena'],
      coveredBy: ['blue'],
      coverHours: '08:00-18:00',
    });
    scene.tell(0, 'agent.profile', 'anna', { name: 'Anna', team: 'red' });
    scene.tell(0, 'agent.profile', 'ben', { name: 'Ben', team: 'blue' });
    return scene;
  }

  it('[FLR-50] is off while nobody works, else uncovered, covered by who is present, thin when that one is in a call', () => {
    const scene = red();
    expect(scene.team('red').cover.state).toBe('off');
    scene.tell(10, 'agent.state', 'anna', { state: 'available' });
    expect(scene.team('red').cover).toEqual({ state: 'uncovered', since: at(10), present: [] });
    scene.tell(20, 'supervisor.presence', 'lena', { presence: 'desk' });
    expect(scene.team('red').cover).toEqual({ state: 'covered', since: at(20), present: ['lena'] });
    scene.tell(30, 'supervisor.presence', 'lena', { presence: 'call' });
    expect(scene.team('red').cover).toMatchObject({ state: 'thin', since: at(30) });
    scene.tell(40, 'supervisor.presence', 'sam', { presence: 'floor' });
    expect(scene.team('red').cover).toMatchObject({ state: 'covered', present: ['sam'] });
    scene.tell(50, 'agent.state', 'ben', { state: 'available' });
    expect([scene.team('red').cover.state, scene.team('blue').cover.state]).toEqual([
      'thin',
      'thin',
    ]);
    scene.tell(60, 'agent.state', 'anna', { state: 'break' });
    expect([scene.team('red').cover.state, scene.team('blue').cover.state]).toEqual([
      'off',
      'covered',
    ]);
  });

  it.each([
    ['desk', 30],
    ['floor', 30],
    ['call', 10],
    ['meeting', 120],
  ] as const)(
    '[FLR-51] believes %s for %i minutes, then the person is away',
    (presence, minutes) => {
      const scene = red();
      scene.tell(0, 'supervisor.presence', 'lena', { presence });
      scene.wait(minutes * MIN - 1);
      expect(scene.agent('lena')).toMatchObject({ presence, presenceUntil: at(minutes * MIN) });
      scene.wait(minutes * MIN);
      expect(scene.agent('lena')).toMatchObject({ presence: 'away', presenceUntil: null });
    },
  );

  it('[FLR-51] takes what a person says before what the phone does; a phone that is only on is no presence', () => {
    const scene = red();
    scene.tell(1, 'agent.state', 'lena', { state: 'available' });
    expect(scene.agent('lena').presence).toBeNull();
    scene.tell(2, 'supervisor.presence', 'lena', { presence: 'meeting', until: at(100) });
    scene.tell(3, 'agent.state', 'lena', { state: 'talking' });
    expect(scene.agent('lena').presence).toBe('meeting');
    scene.wait(100);
    expect(scene.agent('lena').presence).toBe('call');
    scene.tell(110, 'agent.state', 'lena', { state: 'available' });
    expect(scene.agent('lena').presence).toBe('away');
  });

  it('[FLR-52] can be taken for a while, and is asked for only in the hours of the team', () => {
    const scene = red();
    scene.tell(0, 'agent.state', 'anna', { state: 'available' });
    scene.tell(5, 'supervisor.presence', 'dora', { presence: 'desk', until: at(86_400) });
    scene.tell(10, 'cover.taken', 'red', { by: 'dora', until: at(600) });
    expect(scene.team('red').cover).toMatchObject({ state: 'covered', present: ['dora'] });
    scene.wait(600);
    expect(scene.team('red').cover).toMatchObject({ state: 'uncovered', since: at(600) });
    scene.tell(700, 'cover.taken', 'red', { by: 'dora' });
    scene.tell(800, 'cover.ended', 'red', { by: 'dora' });
    expect(scene.team('red').cover).toMatchObject({ state: 'uncovered', since: at(800) });
    scene.wait(9 * 3_600);
    expect(scene.team('red').cover).toMatchObject({ state: 'off', since: at(9 * 3_600) });
    scene.wait(23 * 3_600);
    expect(scene.team('red').cover).toMatchObject({ state: 'uncovered', since: at(23 * 3_600) });
  });

  it('[FLR-52] ends two hours after it was taken where nobody said until when, and for who goes off duty', () => {
    const scene = red();
    scene.tell(0, 'agent.state', 'anna', { state: 'available' });
    scene.tell(5, 'supervisor.presence', 'dora', { presence: 'desk', until: at(86_400) });
    scene.tell(10, 'cover.taken', 'red', { by: 'dora' });
    const day = { ...scene.floor.dump() };
    scene.wait(10 + 7_200 - 1);
    expect(scene.team('red').cover.state).toBe('covered');
    scene.wait(10 + 7_200);
    expect(scene.team('red').cover.state).toBe('uncovered');
    scene.tell(7_300, 'cover.taken', 'red', { by: 'dora', until: at(20_000) });
    scene.tell(7_400, 'supervisor.presence', 'dora', { presence: 'meeting' });
    expect(scene.team('red').takenBy).toMatchObject([{ agent: 'dora', until: at(20_000) }]);
    scene.tell(7_500, 'supervisor.presence', 'dora', { presence: 'offline' });
    scene.tell(7_600, 'supervisor.presence', 'dora', { presence: 'desk' });
    expect(scene.team('red')).toMatchObject({
      takenBy: [],
      gaveBack: { agent: 'dora', at: at(7_500) },
      cover: { state: 'uncovered' },
    });
    // A dump from before every cover had an end.
    const teams = day.teams.map((team) => ({
      ...team,
      takenBy: team.takenBy.map((taken) => ({ ...taken, until: null as unknown as number })),
    }));
    const old = new Scene();
    old.floor = Floor.restore({ ...day, teams }, OPTIONS);
    old.wait(10 + 7_200);
    expect(old.team('red').takenBy).toEqual([]);
  });

  it('[FLR-53] a request for help ends by a claim and a close, or by the agent who asked', () => {
    const scene = red();
    scene.tell(0, 'assist.requested', 'h1', { agent: 'anna', about: 'CRM is down' });
    scene.tell(1, 'assist.closed', 'h1', { by: 'sam' });
    scene.tell(2, 'source.snapshot', 'test', { contacts: [], agents: [] });
    expect(scene.floor.facts.assists.get('h1')).toMatchObject({
      agent: 'anna',
      team: 'red',
      requestedAt: at(0),
      claimedBy: null,
    });
    scene.tell(3, 'assist.claimed', 'h1', { by: 'sam' });
    scene.tell(4, 'assist.closed', 'h1', { by: 'sam' });
    expect(scene.floor.facts.assists.size).toBe(0);
    scene.tell(5, 'assist.requested', 'h2', { agent: 'anna' });
    scene.tell(6, 'assist.closed', 'h2', { by: 'anna' });
    expect(scene.floor.facts.assists.size).toBe(0);
  });

  it('[FLR-54] boards are kept as they were saved, until they are removed', () => {
    const scene = new Scene();
    scene.tell(0, 'board.saved', 'hall', { name: 'Hall' });
    expect(scene.floor.facts.boards.get('hall')).toMatchObject({
      id: 'hall',
      name: 'Hall',
      audience: 'public',
    });
    scene.tell(1, 'board.removed', 'hall', {});
    expect(scene.floor.facts.boards.size).toBe(0);
  });

  it('[MNG-20] a saving of a board that says what it replaces is done only over that', () => {
    const scene = new Scene();
    const hall = () => scene.floor.facts.boards.get('hall');
    scene.tell(0, 'board.saved', 'hall', { name: 'Hall', over: null });
    const first = hall()?.revision;
    expect(first).toEqual(expect.any(String));
    scene.tell(1, 'board.saved', 'hall', { name: 'Another', over: null });
    expect(hall()?.name).toBe('Hall');
    scene.tell(2, 'board.saved', 'hall', { name: 'Second', over: first });
    expect(hall()?.name).toBe('Second');
    expect(hall()).not.toHaveProperty('over');
    scene.tell(3, 'board.saved', 'hall', { name: 'Late', over: first });
    scene.tell(4, 'board.removed', 'hall', { over: first });
    expect(hall()?.name).toBe('Second');
    scene.tell(5, 'board.saved', 'hall', { name: 'By hand' });
    expect(hall()?.name).toBe('By hand');
    scene.tell(6, 'board.removed', 'hall', { over: hall()?.revision });
    expect(hall()).toBeUndefined();
  });
});
