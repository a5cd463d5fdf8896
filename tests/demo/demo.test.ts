// The demo lived in real time, on a clock that the test moves: its beginning, its beats, its gaps and its restarts.
import { describe, expect, it } from 'vitest';
import { createDemo } from '../../server/connectors/demo/demo.ts';
import type { DemoOptions } from '../../server/connectors/demo/demo.ts';
import type { NewEvent } from '../../server/events/event.ts';
import { createTelemetry } from '../../server/telemetry.ts';
import { createManualClock } from '../support/manual-clock.ts';

const ZONE = 'Europe/Riga';
const NOON = Date.parse('2026-03-10T12:00:00+02:00');
const MINUTE_MS = 60_000;

/** A journal that can be away. */
function journal(): {
  readonly batches: (readonly NewEvent[])[];
  isAway: boolean;
  refused: number;
  append: DemoOptions['append'];
} {
  const made = {
    batches: [] as (readonly NewEvent[])[],
    isAway: false,
    refused: 0,
    append: (events: readonly NewEvent[]): Promise<readonly string[]> => {
      if (made.isAway) {
        made.refused += 1;
        return Promise.reject(new Error('the log is away'));
      }
      made.batches.push(events);
      return Promise.resolve(events.map((_, at) => `${made.batches.length}-${at}`));
    },
  };
  return made;
}

function demoOn(given: Partial<DemoOptions> & { readonly startAt?: number } = {}) {
  const clock = createManualClock(given.startAt ?? NOON);
  const log = journal();
  const telemetry = createTelemetry();
  const said: string[] = [];
  telemetry.subscribe(({ name }) => said.push(name));
  const demo = createDemo({
    append: (events) => log.append(events),
    clock,
    telemetry,
    seed: 'test',
    site: { zone: ZONE },
    history: 'none',
    ...given,
  });
  return { clock, log, demo, said, told: () => log.batches.flat() };
}

function addressIn(data: NewEvent['data']): string | undefined {
  return 'customer' in data ? data.customer?.address : undefined;
}

const typesOf = (events: readonly NewEvent[]): readonly string[] => events.map(({ type }) => type);

describe('the demo, live', () => {
  it('[DEM-8] tells an empty site of its morning, each contact in one piece and nothing of yesterday', async () => {
    const { demo, told, log } = demoOn({ history: 'today' });
    await demo.start();
    await demo.stop();
    const events = told();
    const snapshotAt = events.findIndex(({ type }) => type === 'source.snapshot');
    const history = events.slice(0, snapshotAt);
    const contacts = history.filter(({ type }) => type.startsWith('contact.'));
    const ended = contacts.filter(({ type }) => type === 'contact.ended');
    console.log(`The morning: ${ended.length} contacts, ${history.length} events.`);
    expect(ended.length).toBeGreaterThan(2_000);
    // One story after the other: a contact that was told once does not come back.
    const stories = contacts.filter(({ subject }, at) => subject !== contacts[at - 1]?.subject);
    expect(new Set(stories.map(({ subject }) => subject)).size).toBe(stories.length);
    const today = Date.parse('2026-03-10T00:00:00+02:00');
    for (const { at } of contacts) {
      expect(at).toBeGreaterThanOrEqual(today);
      expect(at).toBeLessThanOrEqual(NOON);
      expect(NOON - (at ?? 0)).toBeLessThan(12 * 60 * MINUTE_MS);
    }
    for (const batch of log.batches) expect(batch.length).toBeLessThanOrEqual(500);
  });

  it('[DEM-8] tells late in the day no more than the last half day, for older contacts would be taken for lost', async () => {
    const startAt = Date.parse('2026-03-10T23:30:00+02:00');
    const { demo, told } = demoOn({ history: 'today', startAt });
    await demo.start();
    await demo.stop();
    const contacts = told().filter(({ type }) => type.startsWith('contact.'));
    const oldest = Math.min(...contacts.map(({ at }) => at ?? 0));
    expect(startAt - oldest).toBeLessThan(12 * 60 * MINUTE_MS);
    expect(startAt - oldest).toBeGreaterThan(11 * 60 * MINUTE_MS);
  });

  it('[DEM-9] begins with names, then one snapshot of all that stands, then lives on with a beat each 5 s', async () => {
    const { demo, clock, told } = demoOn();
    await demo.start();
    const begun = told().length;
    const types = typesOf(told());
    expect(types.filter((type) => type === 'source.snapshot')).toHaveLength(1);
    expect(types.slice(0, 79).every((type) => type.endsWith('.profile'))).toBe(true);
    expect(types).not.toContain('contact.queued');
    await clock.advance(5 * MINUTE_MS);
    await demo.stop();
    const live = told().slice(begun);
    expect(live.filter(({ type }) => type === 'source.heartbeat')).toHaveLength(60);
    const lived = live.filter(({ type }) => type !== 'source.heartbeat').length;
    console.log(`Live: ${lived / 5} events a minute at noon.`);
    expect(lived).toBeGreaterThan(200);
    await clock.advance(MINUTE_MS);
    expect(told()).toHaveLength(begun + live.length);
  });

  it('[DEM-9] says each event at its own instant, never ahead of the clock', async () => {
    const { demo, clock, log } = demoOn();
    const late: number[] = [];
    const { append } = log;
    let isLive = false;
    log.append = (events) => {
      if (isLive)
        late.push(...events.flatMap(({ at }) => (at === undefined ? [] : [clock.now() - at])));
      return append(events);
    };
    await demo.start();
    isLive = true;
    await clock.advance(3 * MINUTE_MS);
    await demo.stop();
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...late)).toBeLessThanOrEqual(21);
  });

  it('[DEM-10] pauses while the log is away and comes back with a snapshot, and no promise is lost', async () => {
    const { demo, clock, log, said, told } = demoOn();
    await demo.start();
    log.isAway = true;
    const before = told().length;
    await clock.advance(20 * MINUTE_MS);
    expect(told()).toHaveLength(before);
    // Tried again, but not in a loop.
    expect(log.refused).toBeGreaterThan(10);
    expect(log.refused).toBeLessThan(20 * 60);
    log.isAway = false;
    await clock.advance(10_000);
    expect(said).toEqual(['demo.paused', 'demo.resumed']);
    const back = told().slice(before);
    const snapshotAt = back.findIndex(({ type }) => type === 'source.snapshot');
    expect(snapshotAt).toBeGreaterThan(0);
    const healing = back.slice(0, snapshotAt);
    expect(typesOf(healing)).toContain('callback.promised');
    expect(typesOf(healing)).not.toContain('contact.queued');
    expect(healing.length).toBeLessThan(500);
    await clock.advance(60 * MINUTE_MS);
    await demo.stop();
    // The log knows of every promise that is worked on: those of the warm-up, of the gap, and of the time after.
    const known = new Set(
      told().flatMap(({ type, subject }) => (type === 'callback.promised' ? [subject] : [])),
    );
    const worked = told().filter(({ type }) => type === 'callback.attempted');
    expect(worked.length).toBeGreaterThan(3);
    expect(worked.filter(({ subject }) => !known.has(subject))).toEqual([]);
  });

  it('[DEM-10] deals a new day after a long gap, and leaves nothing of the old one open', async () => {
    const { demo, clock, log, told } = demoOn();
    await demo.start();
    await clock.advance(20 * MINUTE_MS);
    log.isAway = true;
    await clock.advance(3 * 60 * MINUTE_MS);
    log.isAway = false;
    await clock.advance(90 * MINUTE_MS);
    await demo.stop();
    const events = told();
    const since = NOON + 170 * MINUTE_MS;
    const oldPromises = events.filter(
      (event) => event.type === 'callback.promised' && (event.at ?? 0) < NOON + 20 * MINUTE_MS,
    );
    expect(oldPromises.length).toBeGreaterThan(0);
    const over = new Set(
      events.flatMap((event) =>
        event.type === 'callback.cancelled' ||
        (event.type === 'callback.attempted' && event.data.result === 'answered')
          ? [event.subject]
          : [],
      ),
    );
    const left = oldPromises.filter(({ subject }) => !over.has(subject));
    // Who rang first was served, and the promise ends without a word of ours.
    const rangFirst = new Set(
      events.flatMap((event) =>
        event.type === 'contact.queued' ? [event.data.customer?.address] : [],
      ),
    );
    expect(left.filter(({ data }) => !rangFirst.has(addressIn(data)))).toEqual([]);
    const asked = events.filter(
      (event) => event.type === 'assist.requested' && (event.at ?? 0) < since,
    );
    const closed = new Set(
      events.flatMap(({ type, subject }) => (type === 'assist.closed' ? [subject] : [])),
    );
    expect(asked.filter(({ subject }) => !closed.has(subject))).toEqual([]);
  });

  it('[DEM-11] takes over what an earlier run left: promises are worked through, requests for help closed', async () => {
    const customer = { name: 'Alma Nagy', address: '+441134960417' };
    const { demo, clock, told } = demoOn({
      inherited: {
        callbacks: [{ id: 'promise-old', customer, team: 'billing', dueAt: NOON - MINUTE_MS }],
        assists: ['assist-old'],
      },
    });
    await demo.start();
    expect(told()).toContainEqual(
      expect.objectContaining({ type: 'assist.closed', subject: 'assist-old' }),
    );
    await clock.advance(60 * MINUTE_MS);
    await demo.stop();
    const started = told().filter(
      (event) => event.type === 'contact.started' && event.data.callback === 'promise-old',
    );
    expect(started.length).toBeGreaterThan(0);
    expect(started[0]).toMatchObject({ data: { direction: 'outbound', customer } });
    const last = told().findLast(({ subject }) => subject === 'promise-old');
    expect(['callback.attempted', 'callback.cancelled']).toContain(last?.type);
  });

  it('[DEM-11] gives no id twice, not even over a restart at the same seed', async () => {
    const first = demoOn();
    await first.demo.start();
    await first.clock.advance(MINUTE_MS);
    await first.demo.stop();
    const second = demoOn({ startAt: NOON + 2 * MINUTE_MS });
    await second.demo.start();
    await second.clock.advance(MINUTE_MS);
    await second.demo.stop();
    const ids = [...first.told(), ...second.told()].flatMap(({ id }) =>
      id === undefined ? [] : [id],
    );
    expect(ids.length).toBeGreaterThan(200);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
