// Watching, deciding and the journal together: restarts, two servers, an emptied Redis and one that was away lose no move and repeat none.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { command } from '../../server/alerts/commands.ts';
import type { Rule } from '../../server/alerts/rule.ts';
import { holdLong } from '../../server/alerts/rules/hold-long.ts';
import { sourceStale } from '../../server/alerts/rules/source-stale.ts';
import { decisionOf } from '../../server/acting/decision-of.ts';
import { pause } from '../../server/clock.ts';
import type { NewEvent } from '../../server/events/event.ts';
import type { Decision } from '../../server/log/decisions.ts';
import type { AlertMoved } from '../../server/events/episode.ts';
import type { MemoryStore } from '../../server/log/memory-store.ts';
import type { ManualClock } from '../support/manual-clock.ts';
import { WatchedSite } from './watched-site.ts';
import type { WatchingHouse } from './watching-house.ts';

const SECOND = 1_000;
let clock: ManualClock;
let store: MemoryStore;
let site: WatchedSite;

beforeEach(() => {
  site = new WatchedSite();
  ({ clock, store } = site);
});
afterEach(() => site.close());

const open = (from?: WatchingHouse, rules: readonly Rule[] = [holdLong]): Promise<WatchingHouse> =>
  site.openAfter(from, { rules });
/** A contact that is put on hold now. */
async function hold(): Promise<number> {
  await store.append([
    { type: 'agent.profile', subject: 'lea', data: { name: 'Lea', role: 'lead', team: 'blue' } },
    { type: 'supervisor.presence', subject: 'lea', data: { presence: 'desk' } },
    { type: 'agent.profile', subject: 'anna', data: { name: 'Anna', team: 'blue' } },
    { type: 'contact.queued', subject: 'c1', data: { queue: 'billing' } },
    { type: 'contact.answered', subject: 'c1', data: { agent: 'anna', queue: 'billing' } },
    { type: 'contact.held', subject: 'c1', data: { agent: 'anna' } },
  ]);
  return clock.now();
}
/** All that was decided, as the journal has it. */
function moves(): readonly AlertMoved[] {
  return store.journal
    .after('0-0', 10_000)
    .filter(({ fields }) => fields.type === 'alert.moved')
    .map(({ fields }) => JSON.parse(fields.data ?? '') as AlertMoved);
}
function words(): readonly string[] {
  return moves().map(({ reason, severity, revision }) => `${revision} ${reason} ${severity}`);
}
const theOne = ({ floor }: WatchingHouse) => [...floor.facts.alerts.values()][0]!;
const untilP2 = ['1 began P3', '2 worse P2'];

describe('the watch and its decisions', () => {
  it('[ALR-80] make each move once, 250 ms after its instant, with two servers as with one', async () => {
    const [a, b] = [await open(), await open()];
    const heldAt = await hold();
    await clock.advance(250 * SECOND);
    expect(words()).toEqual([...untilP2, '3 worse P1']);
    expect(moves().map(({ raisedAt }) => raisedAt - heldAt)).toEqual([60_000, 120_000, 240_000]);
    for (const { at, raisedAt } of moves()) {
      expect(at - raisedAt).toBeGreaterThanOrEqual(250);
      expect(at - raisedAt).toBeLessThanOrEqual(350);
    }
    await store.append([{ type: 'contact.resumed', subject: 'c1', data: { agent: 'anna' } }]);
    await clock.advance(5 * SECOND);
    expect(new Set(moves().map(({ revision }) => revision)).size).toBe(moves().length);
    expect(a.floor.facts.alerts).toEqual(b.floor.facts.alerts);
    const answers = [...a.happenings, ...b.happenings].filter(
      ({ name }) => name === 'alerts.proposed',
    );
    const taken = answers.filter(({ fields }) => fields?.answer === 'taken');
    expect(taken).toHaveLength(moves().length);
  });

  it('[ALR-81] go on after a restart where they were, from the record or from the journal alone', async () => {
    const first = await open();
    await hold();
    await clock.advance(130 * SECOND);
    expect(words()).toEqual(untilP2);
    await site.close(first);
    const second = await open(first);
    await clock.advance(20 * SECOND);
    expect(words()).toEqual(untilP2);
    await site.close(second);
    const third = await open();
    await clock.advance(20 * SECOND);
    expect(words()).toEqual(untilP2);
    await clock.advance(80 * SECOND);
    expect(words()).toEqual([...untilP2, '3 worse P1']);
    expect(theOne(third).moves.map(({ reason }) => reason)).toEqual(['began', 'worse', 'worse']);
  });

  it('[ALR-82] tell only what is so at the end of a time without Redis, once', async () => {
    const house = await open();
    await hold();
    await clock.advance(10 * SECOND);
    house.cut(true);
    await clock.advance(300 * SECOND);
    expect(words()).toEqual([]);
    house.cut(false);
    await clock.advance(5 * SECOND);
    expect(words()).toEqual(['1 began P1']);
    const [began] = moves();
    expect(began!.at - began!.raisedAt).toBeGreaterThan(60 * SECOND);
    expect(began!.level).toBe(1);
  });

  it('[ALR-86] call no source silent that could not tell while Redis was away, and call it so once it had its time', async () => {
    const house = await open(undefined, [sourceStale]);
    const beat = async (): Promise<void> => {
      const data = { everySeconds: 5 };
      await store.append([{ type: 'source.heartbeat', subject: 'pbx', source: 'pbx', data }]);
    };
    const beats = async (many: number): Promise<void> => {
      for (let each = 0; each < many; each++) {
        await beat();
        await clock.advance(5 * SECOND);
      }
    };
    await beats(5);
    house.cut(true);
    await clock.advance(60 * SECOND);
    house.cut(false);
    // It is on its way again, and its first beat is not there yet.
    await clock.advance(4 * SECOND);
    expect(house.floor.facts.sources.get('pbx')?.state).not.toBe('live');
    await beats(5);
    expect(words()).toEqual([]);
    house.cut(true);
    await clock.advance(60 * SECOND);
    house.cut(false);
    await clock.advance(15 * SECOND);
    expect(words()).toEqual([]);
    await clock.advance(3 * SECOND);
    expect(words()).toEqual(['1 began P1']);
    // What was known to be silent before Redis went is not forgotten by its coming back.
    house.cut(true);
    await clock.advance(60 * SECOND);
    house.cut(false);
    await clock.advance(30 * SECOND);
    expect(words().map((word) => word.split(' ')[1])).not.toContain('ended');
    expect(words().map((word) => word.split(' ')[1])).not.toContain('ending');
  });

  it('[ALR-83] write back what they hold once the journal was emptied: same name, version and taker, nobody told', async () => {
    const [a, b] = [await open(), await open()];
    await hold();
    await clock.advance(130 * SECOND);
    const around = { now: clock.now(), keepFiringMs: 0, reach: () => true, recent: [] };
    const answer = command(theOne(a), { kind: 'acknowledge', by: 'lea', why: null }, around);
    if (!answer.ok) throw new Error(answer.refused);
    expect(await store.decide(decisionOf(answer.move, clock.now()))).toBe('taken');
    await clock.advance(SECOND);
    const before = theOne(a);
    expect(before).toMatchObject({ state: 'acknowledged', taken: { by: 'lea' }, version: 2 });
    store.journal.empty();
    store.decisions.empty();
    await clock.advance(10 * SECOND);
    expect(moves()).toMatchObject([
      { episode: before.id, reason: 'written-back', version: 2, revision: before.revision },
    ]);
    expect(theOne(a)).toEqual(before);
    expect(theOne(b)).toEqual(before);
    expect([...store.outbox.rows]).toEqual([]);
    await clock.advance(120 * SECOND);
    expect(words().slice(1)).toEqual([`${before.revision + 1} worse-than-taken P1`]);
    const fresh = await open();
    expect(theOne(fresh)).toMatchObject({ id: before.id, severity: 'P1', taken: null });
  });

  it('[ALR-84] come together again where Redis has forgotten what was decided, and nobody noticed', async () => {
    const house = await open();
    await hold();
    await clock.advance(130 * SECOND);
    const before = theOne(house);
    store.decisions.empty();
    await clock.advance(120 * SECOND);
    expect(words()).toEqual([...untilP2, '2 written-back P2', '3 worse P1']);
    expect(theOne(house)).toMatchObject({ id: before.id, severity: 'P1' });
  });

  it('[ALR-84] come together again where Redis knows an end that no floor has', async () => {
    const first = await open();
    await hold();
    await clock.advance(130 * SECOND);
    await site.close(first);
    // Decided by a server that is gone, and its entries are trimmed.
    const { id, key } = theOne(first);
    const entry = { type: 'alert.moved', subject: id, source: 'pharos', id: `${id}/9` };
    const last = {
      ...moves().at(-1)!,
      revision: 9,
      version: 5,
      to: 'resolved',
      resolvedAt: clock.now(),
    };
    const data = JSON.stringify({ ...last, falseSince: clock.now() });
    const decision = {
      episode: id,
      key,
      expected: 2,
      revision: 9,
      isOpen: false,
      notices: [],
      withdrawn: [],
    };
    expect(await store.decide({ ...decision, entry: { ...entry, data } })).toBe('taken');
    store.journal.trim(`${clock.now() + 1}-0`);
    const second = await open(first);
    await clock.advance(120 * SECOND);
    const { revision, state, severity, version } = theOne(second);
    expect({ state, severity, version }).toEqual({ state: 'firing', severity: 'P1', version: 6 });
    expect(revision).toBeGreaterThan(9);
  });

  it('[ALR-85] say once that decisions cannot be put to Redis, however many fail', async () => {
    const house = await open();
    await hold();
    await clock.advance(59 * SECOND);
    const sound = { ...store };
    Object.assign(store, { decide: () => Promise.reject(new Error('frozen')) });
    await clock.advance(10 * SECOND);
    const said = house.happenings.filter(({ name }) => name === 'alerts.undecided');
    expect(said).toHaveLength(1);
    Object.assign(store, sound);
    await clock.advance(5 * SECOND);
    expect(words()).toEqual(['1 began P3']);
  });

  it('[ALR-88] put 64 proposals to Redis at once at most, what is P1 first, and all of a flood in the end', async () => {
    await open();
    const sound = { ...store };
    let now = 0;
    let most = 0;
    Object.assign(store, {
      decide: async (decision: Decision) => {
        now += 1;
        most = Math.max(most, now);
        await pause(clock, 10);
        now -= 1;
        return sound.decide(decision);
      },
    });
    const held = (subject: string, queue: string): readonly NewEvent[] => [
      { type: 'contact.queued', subject, data: { queue } },
      { type: 'contact.answered', subject, data: { agent: `of-${subject}`, queue } },
      { type: 'contact.held', subject, data: { agent: `of-${subject}` } },
    ];
    const many = Array.from({ length: 500 }, (_, at) => `c${at}`);
    const limits = { holdSeconds: 30 };
    await store.append([
      { type: 'queue.profile', subject: 'quick', data: { name: 'Quick', limits } },
      ...many.flatMap((subject) => held(subject, 'billing')),
      ...held('p1', 'quick'),
    ]);
    await clock.advance(65 * SECOND);
    const flood = words().slice(2);
    expect(flood.toSorted()).toEqual([...many.map(() => '1 began P3'), '3 worse P1']);
    expect(flood.indexOf('3 worse P1')).toBeLessThan(2 * 64);
    expect(most).toBe(64);
  });
});
