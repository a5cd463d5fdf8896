// From the floor to the outbox: watching houses decide and fill it, alone, as two, over a restart, and with a person who gives an alert back.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AlertTold } from '../../server/events/episode.ts';
import { openMemoryStore } from '../../server/log/memory-store.ts';
import type { MemoryStore } from '../../server/log/memory-store.ts';
import { lanePartsOf } from '../../server/log/outbox.ts';
import type { Channel } from '../../server/notify/channel-form.ts';
import type { ChannelBook } from '../../server/notify/channels.ts';
import type { Row } from '../../server/notify/notices.ts';
import { openWatchingHouse } from '../alerts/watching-house.ts';
import type { Before, WatchingHouse } from '../alerts/watching-house.ts';
import { createManualClock } from '../support/manual-clock.ts';
import type { ManualClock } from '../support/manual-clock.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const MAIL: Channel = { id: 'mail', kind: 'email', address: 'x@example.org', breaksQuiet: false };
const book: ChannelBook = { of: () => [MAIL], quietOf: () => null };
let clock: ManualClock;
let store: MemoryStore;
let houses: WatchingHouse[];
let wakes: number;

beforeEach(() => {
  clock = createManualClock();
  store = openMemoryStore(clock);
  houses = [];
  wakes = 0;
});
afterEach(async () => {
  for (const house of [...houses]) await close(house);
});

async function open(before: Before = {}): Promise<WatchingHouse> {
  const onTold = (): void => {
    wakes += 1;
  };
  const opened = openWatchingHouse(store, clock, { ...before, book, onTold });
  await clock.advance(SECOND);
  houses.push(await opened);
  return houses.at(-1)!;
}
async function close(house: WatchingHouse): Promise<void> {
  houses = houses.filter((each) => each !== house);
  const closed = house.close();
  await clock.advance(SECOND);
  await closed;
}
async function hold(): Promise<void> {
  await store.append([
    { type: 'agent.profile', subject: 'lea', data: { name: 'Lea', role: 'lead', team: 'blue' } },
    { type: 'supervisor.presence', subject: 'lea', data: { presence: 'desk' } },
    { type: 'agent.profile', subject: 'anna', data: { name: 'Anna', team: 'blue' } },
    { type: 'contact.queued', subject: 'c1', data: { queue: 'billing' } },
    { type: 'contact.answered', subject: 'c1', data: { agent: 'anna', queue: 'billing' } },
    { type: 'contact.held', subject: 'c1', data: { agent: 'anna' } },
  ]);
  await clock.advance(0);
}
/** `LANE KIND SEVERITY`, in the order in which they came. */
function waiting(): readonly string[] {
  return [...store.outbox.rows.values()].map(({ lane, text }) => {
    const { kind, severity } = JSON.parse(text) as Row;
    return `${lane.replaceAll('\n', ' ')} ${kind} ${severity}`;
  });
}
const FIRE = 'person lea mail fire P2';
const RAISE = 'person lea mail raise P1';
const END = 'person lea mail end P1';

describe('decisions that tell', () => {
  it.each([1, 2])('[NOT-46] fill the outbox once with %i of them watching', async (many) => {
    for (let each = 0; each < many; each++) await open();
    await hold();
    await clock.advance(100 * SECOND);
    expect(waiting()).toEqual([]);
    await clock.advance(150 * SECOND);
    expect(waiting()).toEqual([RAISE]);
    expect(wakes).toBe(2);
    await store.append([{ type: 'contact.ended', subject: 'c1', data: {} }]);
    await clock.advance(5 * SECOND);
    expect(waiting()).toEqual([RAISE, END]);
  });

  it('[NOT-46] tell nothing again after a restart, and what came meanwhile once', async () => {
    const first = await open();
    await hold();
    await clock.advance(130 * SECOND);
    expect(waiting()).toEqual([FIRE]);
    const before = { floor: first.floor, standing: first.standing() };
    await close(first);
    await open(before);
    await clock.advance(30 * SECOND);
    expect(waiting()).toEqual([FIRE]);
    const second = houses[0]!;
    const then = { floor: second.floor, standing: second.standing() };
    await close(second);
    await clock.advance(2 * MINUTE);
    await open(then);
    expect(waiting()).toEqual([RAISE]);
  });

  it.each([1, 2])(
    '[NOT-65] are written back with %i of them after Redis was emptied: what waited, by its name, and nothing that arrived',
    async (many) => {
      for (let each = 0; each < many; each++) await open();
      await hold();
      await clock.advance(130 * SECOND);
      // The first one arrives, and the journal hears of it.
      const look = await store.claim({ token: 'first', leaseMs: 1_000, lanes: 9 });
      const [fire] = look.claimed.flatMap(({ rows }) => rows);
      const { owner, of, channel } = lanePartsOf(fire!.lane);
      const data: AlertTold = {
        ...{ owner, of, channel, via: 'email', notification: fire!.id, kind: 'fire' },
        ...{ outcome: 'sent', attempt: 1, at: clock.now(), why: null },
      } as const;
      await store.append([{ type: 'alert.told', subject: fire!.about, source: 'pharos', data }]);
      const outcome = { kind: 'sent', counts: 'news', isUrgent: false, over: null } as const;
      const settling = { lane: fire!.lane, token: 'first', ids: [fire!.id], outcome, entries: [] };
      expect(await store.settle(settling)).toBe(true);
      await clock.advance(120 * SECOND);
      expect(waiting()).toEqual([RAISE]);
      const [raise] = [...store.outbox.rows.values()];
      const wokenBefore = wakes;
      store.journal.empty();
      store.outbox.empty();
      store.decisions.empty();
      await clock.advance(5 * SECOND);
      const after = [...store.outbox.rows.values()];
      expect(after.map(({ id, lane, about, marks }) => [id, lane, about, marks])).toEqual([
        [raise!.id, raise!.lane, raise!.about, 'tells'],
      ]);
      expect(JSON.parse(after[0]!.text)).toEqual(JSON.parse(raise!.text));
      expect(wakes).toBe(wokenBefore + 1);
      // Where the alarm arrived, its end is told.
      await store.append([{ type: 'contact.ended', subject: 'c1', data: {} }]);
      await clock.advance(40 * SECOND);
      const { claimed } = await store.claim({ token: 't', leaseMs: 1, lanes: 9 });
      expect(claimed.flatMap(({ told }) => [...told])).toEqual([fire!.about]);
    },
  );

  it('[NOT-46] tell anew what a person gave back', async () => {
    const house = await open();
    await hold();
    await clock.advance(130 * SECOND);
    const [alert] = house.floor.facts.alerts.keys();
    for (const name of ['acknowledge', 'release'] as const) {
      const version = house.floor.facts.alerts.get(alert!)!.version;
      const says = { episode: alert!, expectedVersion: version };
      const answer = house.commanding.obey({ name, says }, { id: 'lea', how: 'said' });
      await clock.advance(SECOND);
      expect(await answer).toMatchObject({ ok: true });
    }
    expect(waiting()).toEqual([FIRE]);
    expect([...store.outbox.rows.values()]).toMatchObject([{ insteadOf: [expect.any(String)] }]);
    expect(wakes).toBe(2);
    const moves = house.floor.facts.alerts.get(alert!)!.moves;
    expect(moves.map(({ reason, told }) => [reason, told.map(({ of }) => of)])).toEqual([
      ['began', []],
      ['worse', ['lea']],
      ['acknowledged', []],
      ['released', ['lea']],
    ]);
  });
});
