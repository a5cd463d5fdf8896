// A simulated day of the demo's centre: the same by seed, sound in every event, and believable in its counts. One room, since one simulated day is dear and all ask it.
import { describe, expect, it } from 'vitest';
import { decode } from '../../server/events/decode.ts';
import { encode } from '../../server/events/encode.ts';
import type { NewEvent } from '../../server/events/event.ts';
import { createCentre } from '../../server/connectors/demo/centre.ts';
import { createLife } from '../../server/connectors/demo/life.ts';
import { Simulation } from '../../server/connectors/demo/simulation.ts';
import { LANGUAGES } from '../../server/contract/lists.ts';
import type { Language } from '../../server/contract/lists.ts';

const ZONE = 'Europe/Riga';
const MIDNIGHT = Date.parse('2026-03-10T00:00:00+02:00');
const HOUR_MS = 3_600_000;
/** What a newcomer may meet on the demo's floor within half a day. */
const TYPES = [
  ...['team.profile', 'queue.profile', 'agent.profile', 'agent.state', 'supervisor.presence'],
  ...['cover.taken', 'cover.ended', 'contact.started', 'contact.queued', 'contact.dequeued'],
  ...['contact.ringing', 'contact.unanswered', 'contact.answered', 'contact.held'],
  ...['contact.resumed', 'contact.transferred', 'contact.tagged', 'contact.ended'],
  ...['callback.promised', 'callback.claimed', 'callback.attempted', 'assist.requested'],
  ...['assist.claimed', 'assist.closed', 'source.snapshot'],
];
const SEEDS = [process.env.PHAROS_SEED ?? 'guillotine', 'knitting', 'wine cask'];

function simulationOf(seed: string, language: Language = 'en'): Simulation {
  const { world, words, talk } = createCentre({ zone: ZONE, language });
  return new Simulation({
    world,
    seed,
    startAt: MIDNIGHT,
    run: 'day',
    life: (floor) =>
      createLife(floor, {
        words,
        talk,
        liveAt: MIDNIGHT + HOUR_MS,
        inherited: { callbacks: [], assists: [] },
      }),
  });
}

/** Follows contacts and agents by nothing but the events. */
class Follower {
  readonly open = new Map<
    string,
    { queue: string; queuedAt: number; agent: string | null; isUp: boolean }
  >();
  readonly talking = new Map<string, string>();
  readonly faults: string[] = [];
  readonly byHour = new Map<
    number,
    { offered: number; answered: number; abandoned: number; within: number }
  >();

  take(event: NewEvent): void {
    const at = event.at ?? 0;
    const known = this.open.get(event.subject);
    switch (event.type) {
      case 'contact.queued':
        if (known?.isUp) this.#hangUp(known);
        this.open.set(event.subject, {
          queue: event.data.queue,
          queuedAt: at,
          agent: null,
          isUp: false,
        });
        break;
      case 'contact.started':
        this.open.set(event.subject, { queue: '', queuedAt: at, agent: null, isUp: false });
        break;
      case 'contact.answered':
        if (!known) return this.#fault(event, 'answered without having come');
        if (known.queue !== '') this.#count(known, at, 'answered');
        this.#pickUp(event, known, event.data.agent ?? null);
        break;
      case 'contact.transferred':
        if (!known) return this.#fault(event, 'passed on without having come');
        this.#hangUp(known);
        if (event.data.to.agent !== undefined) this.#pickUp(event, known, event.data.to.agent);
        break;
      case 'contact.dequeued':
        if (!known) return this.#fault(event, 'left without having come');
        this.#count(known, at, 'other');
        known.queue = '';
        break;
      case 'contact.held':
      case 'contact.resumed':
        if (!known?.isUp) this.#fault(event, 'held without being answered');
        break;
      case 'contact.ended':
        if (!known) return this.#fault(event, 'ended without having come');
        if (!known.isUp && known.queue !== '') this.#count(known, at, 'abandoned');
        this.#hangUp(known);
        this.open.delete(event.subject);
        break;
      default:
        break;
    }
  }

  #pickUp(
    event: NewEvent,
    known: { agent: string | null; isUp: boolean },
    agent: string | null,
  ): void {
    if (agent !== null && this.talking.has(agent))
      this.#fault(event, `${agent} is in two contacts`);
    if (agent !== null) this.talking.set(agent, event.subject);
    known.agent = agent;
    known.isUp = true;
  }

  #hangUp(known: { agent: string | null; isUp: boolean }): void {
    if (known.agent !== null) this.talking.delete(known.agent);
    known.agent = null;
    known.isUp = false;
  }

  #count(
    { queuedAt }: { readonly queuedAt: number },
    at: number,
    how: 'answered' | 'abandoned' | 'other',
  ): void {
    const hour = Math.floor((queuedAt - MIDNIGHT) / HOUR_MS);
    const counts = this.byHour.get(hour) ?? { offered: 0, answered: 0, abandoned: 0, within: 0 };
    counts.offered += 1;
    if (how !== 'other') counts[how] += 1;
    if (how === 'answered' && at - queuedAt <= 20_000) counts.within += 1;
    this.byHour.set(hour, counts);
  }

  #fault(event: NewEvent, what: string): void {
    this.faults.push(`${event.type} ${event.subject}: ${what}`);
  }
}

describe('a day of the demo', () => {
  it('[DEM-2] is the same by the same seed and another by another', () => {
    const day = (seed: string): readonly NewEvent[] =>
      simulationOf(seed).advance(MIDNIGHT + 3 * HOUR_MS);
    const first = day('one');
    expect(first.length).toBeGreaterThan(3_000);
    expect(day('one')).toEqual(first);
    expect(day('two')).not.toEqual(first);
  });

  it('[DEM-2] does not depend on how it is cut into steps', () => {
    const whole = simulationOf('steps').advance(MIDNIGHT + HOUR_MS);
    const stepwise = simulationOf('steps');
    const parts: NewEvent[] = [];
    for (let at = MIDNIGHT; at <= MIDNIGHT + HOUR_MS; at += 1_234)
      parts.push(...stepwise.advance(at));
    parts.push(...stepwise.advance(MIDNIGHT + HOUR_MS));
    expect(parts).toEqual(whole);
  });

  it.each(LANGUAGES)('[DEM-3] passes the door of events whole, in %s', (language) => {
    const simulation = simulationOf('door', language);
    const events = [
      ...simulation.profiles(),
      ...simulation.advance(MIDNIGHT + (language === 'en' ? 12 : 1) * HOUR_MS),
      simulation.snapshot(),
      ...simulation.restate(),
    ];
    const ids = new Set<string>();
    const types = new Set<string>();
    for (const event of events) {
      const decoded = decode(encode(event), { entryAt: event.at ?? 0, entryId: '1-1' });
      expect(decoded).toEqual({ kind: 'event', event, skewMs: 0 });
      ids.add(event.id ?? '');
      types.add(event.type);
    }
    expect(ids.size).toBe(events.length);
    if (language === 'en') for (const type of TYPES) expect(types).toContain(type);
  });

  it.each(SEEDS)(
    '[DEM-4] never has an agent in two contacts, and loses no contact; seed %s',
    (seed) => {
      const simulation = simulationOf(seed);
      const follower = new Follower();
      for (const event of simulation.advance(MIDNIGHT + 24 * HOUR_MS)) follower.take(event);
      expect(follower.faults).toEqual([]);
      const snapshot = simulation.snapshot();
      if (snapshot.type !== 'source.snapshot') throw new Error('invariant: no snapshot');
      const known = (snapshot.data.contacts ?? []).map(({ id }) => id).sort();
      expect(known).toEqual([...follower.open.keys()].sort());
      for (const { queuedAt, answeredAt, held } of snapshot.data.contacts ?? []) {
        const instants = [queuedAt, answeredAt, held?.since].filter((at) => at !== undefined);
        expect(instants).toEqual([...instants].sort());
      }
      const oldest = Math.min(...[...follower.open.values()].map(({ queuedAt }) => queuedAt));
      expect(simulation.now - oldest).toBeLessThan(HOUR_MS);
    },
  );

  it.each(SEEDS)('[DEM-5] has believable counts, and no dead hour; seed %s', (seed) => {
    const simulation = simulationOf(seed);
    const follower = new Follower();
    const hours: { readonly working: number; readonly available: number }[] = [];
    for (let hour = 0; hour < 24; hour += 1) {
      let working = 0;
      let available = 0;
      for (let minute = 5; minute <= 60; minute += 5) {
        const until = MIDNIGHT + hour * HOUR_MS + minute * 60_000;
        for (const event of simulation.advance(until)) follower.take(event);
        const snapshot = simulation.snapshot();
        if (snapshot.type !== 'source.snapshot') throw new Error('invariant: no snapshot');
        for (const { state, memberOf } of snapshot.data.agents ?? []) {
          if (!memberOf) continue;
          if (['talking', 'holding', 'wrapup'].includes(state)) working += 1;
          if (state === 'available') available += 1;
        }
      }
      hours.push({ working, available });
    }
    const all = { offered: 0, answered: 0, abandoned: 0, within: 0 };
    for (const [, counts] of follower.byHour)
      for (const name of ['offered', 'answered', 'abandoned', 'within'] as const)
        all[name] += counts[name];
    const working = hours.reduce((sum, hour) => sum + hour.working, 0);
    const available = hours.reduce((sum, hour) => sum + hour.available, 0);
    const occupancy = working / (working + available);
    const serviceLevel = all.within / all.offered;
    const abandonRate = all.abandoned / all.offered;
    const quietest = Math.min(...[...follower.byHour.values()].map(({ offered }) => offered));
    console.log(
      `Seed ${seed}: offered ${all.offered}, service level ${(100 * serviceLevel).toFixed(1)} %, abandoned ${(100 * abandonRate).toFixed(1)} %, occupancy ${(100 * occupancy).toFixed(1)} %, quietest hour ${quietest}.`,
    );
    expect(serviceLevel).toBeGreaterThan(0.75);
    expect(serviceLevel).toBeLessThan(0.92);
    expect(abandonRate).toBeGreaterThan(0.01);
    expect(abandonRate).toBeLessThan(0.12);
    expect(occupancy).toBeGreaterThan(0.6);
    expect(occupancy).toBeLessThan(0.95);
    expect(quietest).toBeGreaterThan(150);
    for (const hour of hours) expect(hour.working / 12).toBeGreaterThan(8);
  });

  it('[DEM-6] tells the two calls: the long one unhelped and its promise forgotten, the short one served', () => {
    const simulation = simulationOf('plot');
    const live = MIDNIGHT + HOUR_MS;
    const events = [...simulation.advance(live)];
    const waiting = simulation.snapshot();
    if (waiting.type !== 'source.snapshot') throw new Error('invariant: no snapshot');
    const ernestNow = waiting.data.contacts?.find(
      ({ customer }) => customer?.name === 'Ernest Defarge',
    );
    expect(ernestNow).toMatchObject({
      state: 'waiting',
      queue: 'deliveries',
      queuedAt: live - 150_000,
    });
    events.push(...simulation.advance(live + 20 * 60_000));

    const ernest = storyOf(events, 'Ernest Defarge');
    expect(ernest.map(({ type }) => type)).toEqual([
      'contact.queued',
      'contact.ringing',
      'contact.answered',
      'contact.tagged',
      'contact.held',
      'contact.resumed',
      'contact.tagged',
      'contact.ended',
    ]);
    const [queued, , answered, , held, resumed] = ernest.map(({ at }) => at ?? 0);
    expect((answered ?? 0) - (queued ?? 0)).toBeGreaterThan(120_000);
    expect((resumed ?? 0) - (held ?? 0)).toBeGreaterThan(180_000);
    const id = ernest[0]?.subject;
    const asked = events.find(
      (event) => event.type === 'assist.requested' && event.data.contact === id,
    );
    expect(asked).toMatchObject({ data: { agent: 'charles-darnay' } });
    const lead = events.findLast(
      (event) =>
        event.type === 'supervisor.presence' &&
        event.subject === 'viktor-almgren' &&
        (event.at ?? 0) <= (asked?.at ?? 0),
    );
    expect(lead).toMatchObject({ data: { presence: 'meeting' } });
    const promised = events.find(
      (event) => event.type === 'callback.promised' && event.data.contact === id,
    );
    if (promised?.type !== 'callback.promised') throw new Error('Nothing was promised.');
    expect(promised.data.dueAt).toBeLessThan(simulation.now);
    expect(events.filter(({ subject }) => subject === promised.subject)).toEqual([promised]);

    const jerry = storyOf(events, 'Jerry Cruncher');
    const jerryHeld = jerry.find(({ type }) => type === 'contact.held')?.at ?? 0;
    const jerryResumed = jerry.find(({ type }) => type === 'contact.resumed')?.at ?? 0;
    expect(jerryResumed - jerryHeld).toBe(18_000);
    expect(jerry[2]).toMatchObject({ type: 'contact.answered', data: { agent: 'sydney-carton' } });
    const incidents = [...ernest, ...jerry].flatMap((event) =>
      event.type === 'contact.tagged' && event.data.incident !== undefined
        ? [event.data.incident]
        : [],
    );
    expect(incidents).toEqual(['mail-coach', 'mail-coach']);
  });

  it('[DEM-7] names queues, teams and reasons in the language that is asked for, and people everywhere alike', () => {
    const names = (language: Language, type: string): readonly string[] =>
      simulationOf('names', language)
        .profiles()
        .flatMap((event) =>
          event.type === type && 'name' in event.data ? [String(event.data.name)] : [],
        );
    for (const type of ['queue.profile', 'team.profile']) {
      const all = LANGUAGES.flatMap((language) => names(language, type));
      const once = new Set(all);
      expect(once.size).toBe(all.length);
    }
    expect(names('zh', 'agent.profile')).toEqual(names('en', 'agent.profile'));
    expect(new Set(names('en', 'agent.profile')).size).toBe(68);
  });
});

function storyOf(events: readonly NewEvent[], name: string): readonly NewEvent[] {
  const first = events.find(
    (event) => event.type === 'contact.queued' && event.data.customer?.name === name,
  );
  return events.filter(
    ({ type, subject }) => type.startsWith('contact.') && subject === first?.subject,
  );
}
