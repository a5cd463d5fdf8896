// What becomes of commands, on a floor that follows a real journal: one decision, one name in the log, and an answer that is what happened.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assistUnanswered } from '../../server/alerts/rules/assist-unanswered.ts';
import { callbackOverdue } from '../../server/alerts/rules/callback-overdue.ts';
import type { CommandAnswer, CommandName, CommandSays } from '../../server/contract/commands.ts';
import type { NewEvent } from '../../server/events/event.ts';
import type { AlertFact } from '../../server/floor/rows.ts';
import { hear } from '../../server/gateway/command-said.ts';
import type { Speaker } from '../../server/gateway/options.ts';
import { LogTrouble } from '../../server/log/log.ts';
import type { MemoryStore } from '../../server/log/memory-store.ts';
import { WatchedSite } from '../alerts/watched-site.ts';
import type { Before, WatchingHouse } from '../alerts/watching-house.ts';
import type { ManualClock } from '../support/manual-clock.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const ANNA: Speaker = { id: 'anna', how: 'said' };
const NORA: Speaker = { id: 'nora', how: 'said' };
let clock: ManualClock;
let store: MemoryStore;
let site: WatchedSite;

beforeEach(() => {
  site = new WatchedSite();
  ({ clock, store } = site);
});
afterEach(() => site.close());

const open = (before?: Before): Promise<WatchingHouse> => site.open(before);

/** What is said, and what becomes of it within some seconds. */
async function say<C extends CommandName>(
  { commanding }: WatchingHouse,
  by: Speaker,
  name: C,
  says: CommandSays[C],
): Promise<CommandAnswer> {
  const read = hear(name, says);
  if (read.kind === 'refused') return read.answer;
  const answer = commanding.obey(read.heard, by);
  await clock.advance(5 * SECOND);
  return answer;
}

async function tell(...events: readonly NewEvent[]): Promise<void> {
  await store.append(events);
  await clock.advance(SECOND);
}

/** What the desk wrote: type, subject, data. */
function written(): readonly unknown[] {
  return store.journal
    .after('0-0', 10_000)
    .filter(({ fields }) => fields.source === 'desk')
    .map(({ fields: { type, subject, data } }) => [type, subject, JSON.parse(data ?? '')] as const);
}

const STAFF: readonly NewEvent[] = [
  { type: 'team.profile', subject: 'blue', data: { name: 'Blue' } },
  { type: 'agent.profile', subject: 'anna', data: { name: 'Anna', role: 'lead', team: 'blue' } },
  { type: 'agent.profile', subject: 'nora', data: { name: 'Nora', role: 'supervisor' } },
  { type: 'agent.profile', subject: 'charles', data: { name: 'Charles', team: 'blue' } },
];

describe('a command about an episode', () => {
  /** A hold that is past half of its limit, and so P3. */
  async function held(): Promise<void> {
    await tell(
      ...STAFF,
      { type: 'contact.queued', subject: 'c1', data: { queue: 'billing' } },
      { type: 'contact.answered', subject: 'c1', data: { agent: 'charles', queue: 'billing' } },
      { type: 'contact.held', subject: 'c1', data: { agent: 'charles' } },
    );
    await clock.advance(61 * SECOND);
  }
  const theOne = ({ floor }: WatchingHouse): AlertFact => [...floor.facts.alerts.values()][0]!;

  it('[CMD-20] is decided once, by name, and is in the history of every server', async () => {
    const [a, b] = [await open(), await open()];
    await held();
    const { id, version } = theOne(a);
    expect(await say(a, ANNA, 'acknowledge', { episode: id, expectedVersion: version })).toEqual({
      ok: true,
      id,
      version: version + 1,
    });
    for (const house of [a, b])
      expect(theOne(house)).toMatchObject({ state: 'acknowledged', taken: { by: 'anna' } });
    expect(await say(b, ANNA, 'comment', { episode: id, why: 'rang them' })).toMatchObject({
      ok: true,
    });
    expect(await say(b, ANNA, 'release', { episode: id, why: 'my break' })).toMatchObject({
      ok: true,
    });
    const until = clock.now() + 10 * MINUTE;
    expect(await say(a, NORA, 'snooze', { episode: id, until, why: 'known' })).toMatchObject({
      ok: true,
    });
    expect(
      theOne(b)
        .moves.slice(1)
        .map(({ reason, by, why, how }) => [reason, by, why, how]),
    ).toEqual([
      ['acknowledged', 'anna', null, 'said'],
      ['commented', 'anna', 'rang them', 'said'],
      ['released', 'anna', 'my break', 'said'],
      ['snoozed', 'nora', 'known', 'said'],
    ]);
    expect(theOne(a)).toEqual(theOne(b));
  });

  it('[CMD-21] that saw an older version is stale and changes nothing; one that saw a younger is waited for', async () => {
    const [a, b] = [await open(), await open()];
    await held();
    const { id, version } = theOne(a);
    const [first, second] = await Promise.all([
      say(a, ANNA, 'acknowledge', { episode: id, expectedVersion: version }),
      say(b, NORA, 'acknowledge', { episode: id, expectedVersion: version }),
    ]);
    expect(first).toMatchObject({ ok: true });
    expect(second).toEqual({ refused: 'stale', version: version + 1, by: 'anna' });
    expect(theOne(b).taken?.by).toBe('anna');
    const moves = theOne(a).moves.length;
    expect(await say(a, NORA, 'release', { episode: id, expectedVersion: version })).toMatchObject({
      refused: 'stale',
    });
    // It was said on one server what another has not read yet.
    const taken = say(a, ANNA, 'release', { episode: id, expectedVersion: version + 1 });
    const again = say(b, NORA, 'acknowledge', { episode: id, expectedVersion: version + 2 });
    expect(await taken).toMatchObject({ ok: true });
    expect(await again).toMatchObject({ ok: true });
    expect(theOne(a).moves).toHaveLength(moves + 2);
  });

  it('[CMD-22] is said again where an escalation came in between, as long as its version holds', async () => {
    const house = await open();
    await held();
    const { id, version, revision } = theOne(house);
    // The hold reaches its limit at this very instant: Redis has the worse severity before this floor has read it.
    const decide = store.decide.bind(store);
    let moved = false;
    store.decide = async (decision) => {
      if (moved || decision.entry.data?.includes('acknowledged') !== true) return decide(decision);
      moved = true;
      const said = JSON.parse(decision.entry.data) as Readonly<Record<string, unknown>>;
      const data = { ...said, taken: null, to: 'firing', reason: 'worse', by: null, version };
      const entry = { ...decision.entry, data: JSON.stringify({ ...data, severity: 'P2' }) };
      expect(await decide({ ...decision, entry })).toBe('taken');
      return decide(decision);
    };
    expect(
      await say(house, ANNA, 'acknowledge', { episode: id, expectedVersion: version }),
    ).toEqual({
      ok: true,
      id,
      version: version + 1,
    });
    expect(moved).toBe(true);
    expect(theOne(house)).toMatchObject({
      revision: revision + 2,
      severity: 'P2',
      taken: { by: 'anna' },
    });
  });

  it('[CMD-23] names why it is not done: no such episode, no reason, an end that is past or too far, nothing to give back, over', async () => {
    const house = await open();
    await held();
    const { id: episode, version } = theOne(house);
    const why = 'x';
    expect(await say(house, ANNA, 'acknowledge', { episode: 'none' })).toEqual({
      refused: 'unknown',
    });
    const refused = async <C extends CommandName>(
      name: C,
      says: CommandSays[C],
    ): Promise<unknown> => {
      const answer = await say(house, ANNA, name, says);
      return 'refused' in answer ? answer.refused : answer;
    };
    expect(await refused('comment', { episode, why: '  ' })).toBe('no-reason');
    expect(await refused('snooze', { episode, until: clock.now() + MINUTE, why: '' })).toBe(
      'no-reason',
    );
    expect(await refused('snooze', { episode, until: clock.now() - 1, why })).toBe('past');
    expect(await refused('snooze', { episode, until: clock.now() + 241 * MINUTE, why })).toBe(
      'too-long',
    );
    expect(await refused('release', { episode })).toBe('not-taken');
    expect(theOne(house).version).toBe(version);
    await tell({ type: 'contact.resumed', subject: 'c1', data: { agent: 'charles' } });
    await clock.advance(SECOND);
    expect(await refused('snooze', { episode, until: clock.now() + MINUTE, why })).toBe('over');
    expect(await say(house, ANNA, 'acknowledge', { episode })).toMatchObject({ ok: true });
    expect(theOne(house)).toMatchObject({ state: 'resolved', isSeen: true });
  });

  it('[CMD-24] while the log is away is refused as log, and is not done later', async () => {
    const house = await open();
    await held();
    const { id } = theOne(house);
    house.cut(true);
    expect(await say(house, ANNA, 'acknowledge', { episode: id })).toEqual({ refused: 'log' });
    await clock.advance(10 * SECOND);
    expect(await say(house, ANNA, 'come', { assist: 'h1' })).toEqual({ refused: 'log' });
    house.cut(false);
    await clock.advance(10 * SECOND);
    expect(theOne(house).taken).toBeNull();
    expect(await say(house, ANNA, 'acknowledge', { episode: id })).toMatchObject({ ok: true });
  });
});

describe('a promise', () => {
  it('[CMD-30] is made, claimed, tried, done and cancelled in the name of who says so, as source desk', async () => {
    const house = await open();
    await tell(...STAFF);
    const dueAt = clock.now() + 60 * MINUTE;
    const customer = { name: 'Lucie', address: '+371 6123 4567' };
    const made = await say(house, ANNA, 'promise', { customer, dueAt, team: 'blue' });
    const callback = ('id' in made ? made.id : null) ?? '';
    expect(house.floor.facts.callbacks.get(callback)).toMatchObject({
      dueAt,
      by: 'anna',
      team: 'blue',
    });
    await say(house, NORA, 'claim', { callback });
    await say(house, NORA, 'attempt', { callback, result: 'voicemail', talkSeconds: 4 });
    await say(house, NORA, 'complete', { callback, why: 'they wrote' });
    expect(written().slice(1)).toEqual([
      ['callback.claimed', callback, { by: 'nora', from: null, how: 'said' }],
      [
        'callback.attempted',
        callback,
        { by: 'nora', result: 'voicemail', talkSeconds: 4, how: 'said' },
      ],
      ['callback.completed', callback, { by: 'nora', why: 'they wrote', how: 'said' }],
    ]);
    expect(house.floor.facts.callbacks.get(callback)).toMatchObject({
      state: 'unproved',
      owner: 'nora',
      attempts: 1,
      closedBy: 'nora',
    });
    expect(await say(house, ANNA, 'cancel', { callback })).toEqual({ refused: 'over' });
    expect(await say(house, ANNA, 'claim', { callback: 'none' })).toMatchObject({
      refused: 'unknown',
    });
    expect(await say(house, ANNA, 'promise', { customer, dueAt: clock.now() })).toMatchObject({
      refused: 'past',
    });
    expect(await say(house, ANNA, 'promise', { customer, dueAt, team: 'none' })).toMatchObject({
      refused: 'unknown',
      field: 'team',
    });
  });

  it('[CMD-31] that somebody has is taken over only by who names them, and given back only by who has it', async () => {
    const house = await open();
    await tell(...STAFF);
    const dueAt = clock.now() + 60 * MINUTE;
    await tell({ type: 'callback.promised', subject: 'cb', data: { customer: {}, dueAt } });
    const callback = 'cb';
    const owner = (): string | null | undefined => house.floor.facts.callbacks.get('cb')?.owner;
    expect(await say(house, ANNA, 'unclaim', { callback })).toEqual({ refused: 'not-taken' });
    expect(await say(house, ANNA, 'claim', { callback })).toEqual({ ok: true, id: 'cb' });
    expect(await say(house, ANNA, 'claim', { callback })).toEqual({ ok: true, id: 'cb' });
    expect(await say(house, NORA, 'claim', { callback })).toEqual({ refused: 'taken', by: 'anna' });
    expect(await say(house, NORA, 'unclaim', { callback })).toEqual({
      refused: 'taken',
      by: 'anna',
    });
    expect(await say(house, NORA, 'claim', { callback, from: 'lea' })).toMatchObject({
      refused: 'taken',
    });
    expect(owner()).toBe('anna');
    expect(await say(house, NORA, 'claim', { callback, from: 'anna' })).toMatchObject({ ok: true });
    expect(owner()).toBe('nora');
    expect(await say(house, NORA, 'unclaim', { callback })).toMatchObject({ ok: true });
    expect(owner()).toBeNull();
    expect(written()).toHaveLength(3);
  });

  it('[CMD-33] that two claim at once, on two servers, is the first one’s, and the second is told whose', async () => {
    const [a, b] = [await open(), await open()];
    await tell(...STAFF);
    const dueAt = clock.now() + 60 * MINUTE;
    await tell({ type: 'callback.promised', subject: 'cb', data: { customer: {}, dueAt } });
    const both = (says: CommandSays['claim']): Promise<readonly CommandAnswer[]> =>
      Promise.all([say(a, ANNA, 'claim', says), say(b, NORA, 'claim', says)]);
    const owners = (): readonly unknown[] =>
      [a, b].map(({ floor }) => floor.facts.callbacks.get('cb')?.owner);
    expect(await both({ callback: 'cb' })).toEqual([
      { ok: true, id: 'cb' },
      { refused: 'taken', by: 'anna' },
    ]);
    expect(owners()).toEqual(['anna', 'anna']);
    // Nor does a take-over go past the one that came before it.
    await tell({ type: 'callback.claimed', subject: 'cb', data: { by: 'lea' } });
    expect(await both({ callback: 'cb', from: 'lea' })).toEqual([
      { ok: true, id: 'cb' },
      { refused: 'taken', by: 'anna' },
    ]);
    expect(owners()).toEqual(['anna', 'anna']);
    // What says whose it was is nothing where it is another's by now.
    await tell({ type: 'callback.claimed', subject: 'cb', data: { by: 'nora', from: 'lea' } });
    expect(owners()).toEqual(['anna', 'anna']);
  });

  it('[CMD-32] that is said twice with the same `once` is one', async () => {
    const house = await open();
    await tell(...STAFF);
    const says = { customer: { name: 'Lucie' }, dueAt: clock.now() + 60 * MINUTE, once: 'k1' };
    const first = await say(house, ANNA, 'promise', says);
    expect(await say(house, ANNA, 'promise', says)).toEqual(first);
    expect(house.floor.facts.callbacks.size).toBe(1);
    expect(await say(house, NORA, 'promise', says)).not.toEqual(first);
    expect(await say(house, ANNA, 'promise', { ...says, once: 'k2' })).not.toEqual(first);
    expect(house.floor.facts.callbacks.size).toBe(3);
  });
});

describe('a promise and its alert', () => {
  it('[CMD-35] are taken and given back together, whichever of them is said', async () => {
    const house = await open({ rules: [callbackOverdue] });
    const dueAt = clock.now() + MINUTE;
    await tell(...STAFF, {
      type: 'callback.promised',
      subject: 'cb',
      data: { customer: {}, dueAt },
    });
    await clock.advance(2 * MINUTE);
    const alert = (): AlertFact => [...house.floor.facts.alerts.values()][0]!;
    const owners = () => [house.floor.facts.callbacks.get('cb')?.owner, alert().taken?.by ?? null];
    const { id: episode } = alert();
    expect(owners()).toEqual([null, null]);
    expect(await say(house, ANNA, 'acknowledge', { episode })).toMatchObject({ ok: true });
    expect(owners()).toEqual(['anna', 'anna']);
    // Nora gives back what Anna has.
    expect(await say(house, NORA, 'release', { episode })).toMatchObject({ ok: true });
    expect(owners()).toEqual([null, null]);
    expect(await say(house, NORA, 'claim', { callback: 'cb' })).toMatchObject({ ok: true });
    expect(owners()).toEqual(['nora', 'nora']);
    expect(await say(house, ANNA, 'claim', { callback: 'cb', from: 'nora' })).toMatchObject({
      ok: true,
    });
    expect(owners()).toEqual(['anna', 'anna']);
    expect(await say(house, ANNA, 'unclaim', { callback: 'cb' })).toMatchObject({ ok: true });
    expect(owners()).toEqual([null, null]);
    // Its team follows who has it.
    const moves = alert().moves.filter(({ reason }) => reason !== 'corrected');
    expect(moves.map(({ reason, by, how }) => [reason, by, how])).toEqual([
      ['began', null, undefined],
      ['acknowledged', 'anna', 'said'],
      ['released', 'nora', 'said'],
      ['acknowledged', 'nora', 'said'],
      ['acknowledged', 'anna', 'said'],
      ['released', 'anna', 'said'],
    ]);
  });

  it('[CMD-35] are one, too, where somebody else had said that they call', async () => {
    const house = await open({ rules: [callbackOverdue] });
    const dueAt = clock.now() + MINUTE;
    await tell(
      ...STAFF,
      { type: 'callback.promised', subject: 'cb', data: { customer: {}, dueAt } },
      { type: 'callback.claimed', subject: 'cb', data: { by: 'charles' } },
    );
    await clock.advance(2 * MINUTE);
    const { id: episode } = [...house.floor.facts.alerts.values()][0]!;
    const owner = () => house.floor.facts.callbacks.get('cb')?.owner;
    expect(owner()).toBe('charles');
    expect(await say(house, ANNA, 'acknowledge', { episode })).toMatchObject({ ok: true });
    expect([owner(), house.floor.facts.alerts.get(episode)?.taken?.by]).toEqual(['anna', 'anna']);
  });

  it('[CMD-35] is told as done where the alert has moved, though the promise could not be written', async () => {
    const log = {
      ...store,
      append: () => Promise.reject(new LogTrouble(null, 'Connection is closed')),
    };
    const house = await site.open({ rules: [callbackOverdue] }, log);
    const dueAt = clock.now() + MINUTE;
    const data = { customer: {}, dueAt };
    await tell(...STAFF, { type: 'callback.promised', subject: 'cb', data });
    await clock.advance(2 * MINUTE);
    const { id: episode } = [...house.floor.facts.alerts.values()][0]!;
    expect(await say(house, ANNA, 'acknowledge', { episode })).toMatchObject({ ok: true });
    expect(house.floor.facts.alerts.get(episode)?.taken?.by).toBe('anna');
    expect(house.happenings.map(({ name }) => name)).toContain('acting.promise');
  });

  it('[CMD-37] says that one comes, who takes the alert of a call for help', async () => {
    const house = await open({ rules: [assistUnanswered] });
    await tell(...STAFF, { type: 'assist.requested', subject: 'h1', data: { agent: 'charles' } });
    await clock.advance(MINUTE);
    const { id: episode } = [...house.floor.facts.alerts.values()][0]!;
    const link = { id: 'anna', how: 'link' } as const;
    expect(await say(house, link, 'acknowledge', { episode })).toMatchObject({ ok: true });
    expect(house.floor.facts.assists.get('h1')?.claimedBy).toBe('anna');
    await clock.advance(MINUTE);
    const alert = house.floor.facts.alerts.get(episode);
    expect([alert?.state, alert?.moves.filter(({ by }) => by !== null).length]).toEqual([
      'resolved',
      1,
    ]);
  });

  it('[CMD-36] knows for five minutes that somebody sits at a desk, by its opening and by any word of theirs', async () => {
    const house = await open();
    await tell(...STAFF);
    expect(house.commanding.isUsed('anna')).toBe(false);
    await say(house, ANNA, 'presence', { presence: 'desk' });
    expect([house.commanding.isUsed('anna'), house.commanding.isUsed('nora')]).toEqual([
      true,
      false,
    ]);
    await say(house, { id: 'nora', how: 'program' }, 'presence', { presence: 'desk' });
    expect(house.commanding.isUsed('nora')).toBe(false);
    await clock.advance(5 * MINUTE);
    expect(house.commanding.isUsed('anna')).toBe(false);
    house.commanding.sits('anna');
    expect(house.commanding.isUsed('anna')).toBe(true);
  });
});

describe('what people say', () => {
  it('[CMD-34] carries how it is known who said it, in the journal and in the history', async () => {
    const house = await open();
    await tell(...STAFF);
    const dueAt = clock.now() + 60 * MINUTE;
    const by = (how: Speaker['how']): Speaker => ({ id: 'anna', how });
    const made = await say(house, by('program'), 'promise', { customer: { name: 'Lucie' }, dueAt });
    const callback = ('id' in made ? made.id : null) ?? '';
    await say(house, by('said'), 'claim', { callback });
    await say(house, by('said'), 'attempt', { callback, result: 'busy' });
    await say(house, by('said'), 'unclaim', { callback });
    await say(house, by('said'), 'presence', { presence: 'floor' });
    await say(house, by('said'), 'cover', { team: 'blue' });
    const asked = await say(house, by('link'), 'assist', {});
    const assist = ('id' in asked ? asked.id : null) ?? '';
    await say(house, by('link'), 'close', { assist });
    // A producer says what it knows, and nobody has to have proved anything.
    await tell({ type: 'callback.claimed', subject: callback, data: { by: 'nora' } });
    await say(house, by('program'), 'cancel', { callback, why: 'they wrote' });
    const says = written() as readonly [string, string, { readonly how: string }][];
    expect(says.map(([type, , { how }]) => `${type} ${how}`)).toEqual([
      'callback.promised program',
      'callback.claimed said',
      'callback.attempted said',
      'callback.released said',
      'supervisor.presence said',
      'cover.taken said',
      'assist.requested link',
      'assist.closed link',
      'callback.cancelled program',
    ]);
    const { steps, tries } = house.floor.facts.callbacks.get(callback)!;
    expect(tries).toMatchObject([{ by: 'anna', result: 'busy', how: 'said' }]);
    expect(steps?.map(({ what, by: who, how }) => [what, who, how])).toEqual([
      ['promised', 'anna', 'program'],
      ['claimed', 'anna', 'said'],
      ['released', 'anna', 'said'],
      ['claimed', 'nora', undefined],
      ['cancelled', 'anna', 'program'],
    ]);
  });
});

describe('presence and cover', () => {
  it('[CMD-40] is said by oneself, until an end or as long as it is believed', async () => {
    const house = await open();
    await tell(...STAFF);
    const agent = () => house.floor.facts.agents.get('anna');
    const until = clock.now() + 90 * MINUTE;
    await say(house, ANNA, 'presence', { presence: 'meeting', until });
    expect(agent()).toMatchObject({ presence: 'meeting', presenceUntil: until });
    await say(house, ANNA, 'presence', { presence: 'floor' });
    expect(agent()?.presence).toBe('floor');
    const beyond = clock.now() + 25 * 60 * MINUTE;
    expect(
      await say(house, ANNA, 'presence', { presence: 'desk', until: clock.now() }),
    ).toMatchObject({
      refused: 'past',
    });
    expect(await say(house, ANNA, 'presence', { presence: 'desk', until: beyond })).toMatchObject({
      refused: 'too-long',
    });
    expect(written()).toHaveLength(2);
  });

  it('[CMD-41] of a page that is used is written at most once a minute, lasts five, and does not contradict what was said', async () => {
    const house = await open();
    await tell(...STAFF);
    const agent = () => house.floor.facts.agents.get('anna')!;
    const use = () => say(house, ANNA, 'presence', { presence: 'desk', via: 'desk-page' });
    const began = clock.now();
    for (let n = 0; n < 24; n++) expect(await use()).toMatchObject({ ok: true });
    expect(written()).toHaveLength(2);
    expect(agent()).toMatchObject({ presence: 'desk' });
    expect(agent().presenceUntil! - began).toBeLessThanOrEqual(6 * MINUTE + SECOND);
    await clock.advance(6 * MINUTE);
    expect(agent().presence).toBe('away');
    await say(house, ANNA, 'presence', { presence: 'meeting' });
    await use();
    expect(agent().presence).toBe('meeting');
    await say(house, ANNA, 'presence', { presence: 'desk' });
    const until = agent().presenceUntil;
    await use();
    expect(agent().presenceUntil).toBe(until);
  });

  it.each(['away', 'offline'] as const)(
    '[CMD-41] of a page that is used leaves “%s” alone as long as the day lasts in which it was said',
    async (presence) => {
      const house = await open();
      const turns = new Date(clock.now() + 30 * MINUTE);
      const timeZone = house.floor.facts.site.values().next().value!.zone;
      const dayStarts = turns.toLocaleTimeString('en-GB', { timeZone }).slice(0, 5);
      await tell(...STAFF, { type: 'site.profile', subject: 'main', data: { dayStarts } });
      const agent = () => house.floor.facts.agents.get('anna')!;
      const use = () => say(house, ANNA, 'presence', { presence: 'desk', via: 'desk-page' });
      await say(house, ANNA, 'presence', { presence });
      await use();
      await clock.advance(10 * MINUTE);
      await use();
      expect(agent().presence).toBe(presence);
      await say(house, ANNA, 'presence', { presence: 'desk' });
      expect(agent().presence).toBe('desk');
      await say(house, ANNA, 'presence', { presence });
      const { dayEndsAt } = house.floor.facts.site.values().next().value!;
      await clock.advance(dayEndsAt - clock.now() + MINUTE);
      await use();
      expect(agent().presence).toBe('desk');
    },
  );

  it('[CMD-42] covers a team and gives it back', async () => {
    const house = await open();
    await tell(...STAFF);
    const takenBy = () => house.floor.facts.teams.get('blue')?.takenBy;
    const until = clock.now() + 60 * MINUTE;
    expect(await say(house, NORA, 'cover', { team: 'blue', until })).toEqual({
      ok: true,
      id: 'blue',
    });
    expect(takenBy()).toMatchObject([{ agent: 'nora', until, how: 'said' }]);
    expect(await say(house, ANNA, 'uncover', { team: 'blue' })).toEqual({ refused: 'not-taken' });
    expect(await say(house, NORA, 'uncover', { team: 'blue' })).toMatchObject({ ok: true });
    expect(takenBy()).toEqual([]);
    expect(await say(house, NORA, 'cover', { team: 'none' })).toMatchObject({ refused: 'unknown' });
    const now = clock.now();
    await say(house, NORA, 'cover', { team: 'blue' });
    expect(takenBy()![0]!.until - now).toBeGreaterThanOrEqual(120 * MINUTE);
    expect(takenBy()![0]!.until - now).toBeLessThanOrEqual(120 * MINUTE + SECOND);
  });
});

describe('a request for help', () => {
  it('[CMD-50] is made once, claimed once, and closed by who is there or who asked', async () => {
    const house = await open();
    await tell(...STAFF);
    const assists = () => [...house.floor.facts.assists.values()];
    const asked = await say(house, ANNA, 'assist', { agent: 'charles', about: 'a refund' });
    const assist = ('id' in asked ? asked.id : null) ?? '';
    expect(assists()).toMatchObject([
      { id: assist, agent: 'charles', about: 'a refund', claimedBy: null },
    ]);
    expect(await say(house, NORA, 'assist', { agent: 'charles' })).toEqual(asked);
    expect(assists()).toHaveLength(1);
    expect(await say(house, NORA, 'close', { assist })).toEqual({ refused: 'not-claimed' });
    expect(assists()[0]).not.toHaveProperty('claimedAt');
    expect(await say(house, NORA, 'come', { assist })).toEqual({ ok: true, id: assist });
    expect(assists()[0]!.claimedAt).toBeGreaterThan(assists()[0]!.requestedAt);
    expect(await say(house, ANNA, 'come', { assist })).toEqual({ refused: 'taken', by: 'nora' });
    expect(await say(house, ANNA, 'close', { assist })).toMatchObject({ ok: true });
    expect(assists()).toEqual([]);
    expect(await say(house, ANNA, 'come', { assist })).toEqual({ refused: 'over' });
    expect(await say(house, ANNA, 'assist', { agent: 'nobody' })).toMatchObject({
      refused: 'unknown',
    });
  });

  it('[CMD-51] that two say they come to at once, on two servers, is told to the second who has it', async () => {
    const [a, b] = [await open(), await open()];
    await tell(...STAFF, { type: 'assist.requested', subject: 'h1', data: { agent: 'charles' } });
    const [anna, nora] = await Promise.all([
      say(a, ANNA, 'come', { assist: 'h1' }),
      say(b, NORA, 'come', { assist: 'h1' }),
    ]);
    expect(anna).toEqual({ ok: true, id: 'h1' });
    expect(nora).toEqual({ refused: 'taken', by: 'anna' });
    expect(written()).toHaveLength(2);
    expect(b.floor.facts.assists.get('h1')?.claimedBy).toBe('anna');
  });
});
