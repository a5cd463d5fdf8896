// The one loop, on a log that loses what was not read yet.
import { afterEach, describe, expect, it } from 'vitest';
import { pause, systemClock } from '../../server/clock.ts';
import { Engine } from '../../server/engine/engine.ts';
import type { NewEvent } from '../../server/events/event.ts';
import { Floor } from '../../server/floor/floor.ts';
import { instantOf, ORIGIN } from '../../server/log/continuity.ts';
import { createDedupWindow } from '../../server/log/dedup.ts';
import { LogTrouble } from '../../server/log/log.ts';
import type { Log } from '../../server/log/log.ts';
import { openMemoryStore } from '../../server/log/memory-store.ts';
import { createTelemetry } from '../../server/telemetry.ts';
import { takeTurn } from '../../server/engine/turn.ts';
import { OPTIONS } from '../floor/scene.ts';

const POLL = { timeout: 15_000 };
const queued = (contact: string) =>
  ({ type: 'contact.queued', subject: contact, data: { queue: 'billing' } }) as const;

let engine: Engine | null = null;
afterEach(async () => {
  await engine?.close();
  engine = null;
});

/** An engine whose reads and writes a test may hold up or refuse. */
function bench() {
  const store = openMemoryStore(systemClock);
  const hand = {
    held: false,
    refusing: null as LogTrouble | null,
    probing: null as LogTrouble | null,
    gaps: 0,
    touched: new Set<string>(),
  };
  const log: Log = {
    ...store,
    async read(after, options) {
      // The hand may have come down while this read was waiting for the first entry.
      const entries = hand.held ? [] : await store.read(after, { ...options, blockMs: 20 });
      while (hand.held) await pause(systemClock, 5);
      if (hand.refusing) throw hand.refusing;
      return entries;
    },
  };
  const floor = new Floor({ ...OPTIONS, now: systemClock.now() });
  engine = new Engine({
    log,
    floor,
    dedup: createDedupWindow(),
    clock: systemClock,
    telemetry: createTelemetry(),
    standing: { position: ORIGIN, soundAt: 0 },
    probeWrite: () => (hand.probing ? Promise.reject(hand.probing) : Promise.resolve()),
    onTouched: (touched) => {
      for (const ids of Object.values(touched)) for (const id of ids) hand.touched.add(id);
    },
    onRefused: () => undefined,
    onGap: () => (hand.gaps += 1),
  });
  return { store, hand, floor, engine };
}

describe('the engine', () => {
  it('[ENG-8] folds what is in the log before it says that it is live, and then what comes', async () => {
    const { store, hand, floor, engine } = bench();
    await store.append([queued('c1'), queued('c2')]);
    expect(engine.health().state).toBe('lost');
    await engine.start();
    expect(floor.facts.contacts.size).toBe(2);
    await expect.poll(() => engine.health().state, POLL).toBe('live');
    await store.append([queued('c3')]);
    await expect.poll(() => hand.touched.has('c3'), POLL).toBe(true);
    expect(engine.standing().position.added).toBe(3);
  });

  it('[ENG-8] keeps the appointments of the floor without any entry', async () => {
    const { store, floor, engine } = bench();
    await store.append([
      {
        type: 'queue.profile',
        subject: 'billing',
        data: { name: 'Billing', target: { seconds: 0, percent: 80 } },
      },
      { type: 'supervisor.presence', subject: 'lea', data: { presence: 'desk', until: soon(700) } },
    ]);
    await engine.start();
    expect(floor.facts.agents.get('lea')?.presence).toBe('desk');
    await expect.poll(() => floor.facts.agents.get('lea')?.presence, POLL).toBe('away');
  });

  it('[ENG-13] lets time pass only up to what it has read, as whoever folds the same log later', async () => {
    const { store, hand, floor, engine } = bench();
    const wrapUpSeconds = 1;
    await store.append([
      { type: 'queue.profile', subject: 'billing', data: { name: 'Billing', wrapUpSeconds } },
      queued('c1'),
      { type: 'contact.answered', subject: 'c1', data: { agent: 'anna', queue: 'billing' } },
      { type: 'contact.ended', subject: 'c1', data: {} },
    ]);
    await engine.start();
    expect(floor.facts.agents.get('anna')?.state).toBe('wrapup');
    const dueAt = systemClock.now() + wrapUpSeconds * 1_000;
    hand.held = true;
    await pause(systemClock, 60);
    await store.append([{ type: 'agent.state', subject: 'anna', data: { state: 'offline' } }]);
    // The wrap-up would be over long ago, while that is not read yet.
    await expect.poll(() => systemClock.now(), POLL).toBeGreaterThan(dueAt + 100);
    hand.held = false;
    await expect.poll(() => floor.facts.agents.get('anna')?.state, POLL).toBe('offline');

    const later = new Floor({ ...OPTIONS, now: floor.facts.agents.get('anna')?.since ?? 0 });
    const moment = { now: systemClock.now(), soundAt: 0, poisonedBy: null };
    const entries = store.journal.after('0-0', 100);
    takeTurn({ floor: later, dedup: createDedupWindow() }, entries, moment);
    expect(floor.facts.agents.get('anna')).toEqual(later.facts.agents.get('anna'));
  });

  it.each(['trimmed', 'emptied'] as const)(
    '[ENG-9] notices a journal that was %s past it, says so, and goes on with what is there',
    async (loss) => {
      const { store, hand, floor, engine } = bench();
      await engine.start();
      await store.append([queued('c1')]);
      await expect.poll(() => floor.facts.contacts.has('c1'), POLL).toBe(true);
      hand.held = true;
      // A read that was under way is over by now, and the next one is held.
      await pause(systemClock, 60);
      await store.append([queued('lost-1'), queued('lost-2')]);
      if (loss === 'emptied') store.journal.empty();
      const [id = ''] = await store.append([queued('c2')]);
      if (loss === 'trimmed') store.journal.trim(id);
      hand.held = false;
      await expect.poll(() => hand.gaps, POLL).toBe(1);
      expect(engine.health()).toMatchObject({ state: 'gap', reason: loss });
      await expect.poll(() => floor.facts.contacts.has('c2'), POLL).toBe(true);
      // What was known before is not called over for want of news.
      expect(floor.facts.contacts.has('c1')).toBe(true);
      await expect.poll(() => engine.health().state, POLL).toBe('live');
      expect(hand.gaps).toBe(1);
    },
  );

  it.each([1, 5])(
    '[ENG-12] notices a journal that was set back and has %i new entries since, and folds each of them once',
    async (count) => {
      const { store, hand, floor, engine } = bench();
      await engine.start();
      const [id] = await store.append([queued('c1')]);
      const lost = await store.append([queued('c2'), queued('c3')]);
      await expect.poll(() => floor.facts.contacts.size, POLL).toBe(3);
      hand.held = true;
      await pause(systemClock, 60);
      store.journal.empty();
      store.journal.add({ type: 'contact.queued', subject: 'c1' }, id);
      // Ids are of the clock, so what comes now is past what was lost.
      await expect.poll(() => systemClock.now(), POLL).toBeGreaterThan(instantOf(lost[1]!));
      const since = Array.from({ length: count }, (_, n) => tried(`promise-${n}`));
      await store.append(since.flat());
      hand.held = false;
      await expect.poll(() => hand.gaps, POLL).toBe(1);
      await expect.poll(() => floor.facts.callbacks.size, POLL).toBe(count);
      await expect.poll(() => engine.health().state, POLL).toBe('live');
      expect([...floor.facts.callbacks.values()].map(({ attempts }) => attempts)).toEqual(
        since.map(() => 1),
      );
      expect([...floor.facts.contacts.keys()]).toEqual(['c1', 'c2', 'c3']);
      expect(engine.standing().position.added).toBe(1 + 2 * count);
      expect(hand.gaps).toBe(1);
    },
  );

  it('[ENG-2] names what a read and a write are refused with, and comes back by itself', async () => {
    const { hand, engine } = bench();
    await engine.start();
    await expect.poll(() => engine.health().state, POLL).toBe('live');
    hand.refusing = new LogTrouble('LOADING', 'LOADING Redis is loading the dataset in memory');
    await expect
      .poll(() => engine.health(), POLL)
      .toMatchObject({ state: 'lost', reason: 'LOADING' });
    hand.refusing = null;
    await expect.poll(() => engine.health().state, POLL).toBe('live');
    hand.probing = new LogTrouble('OOM', 'OOM command not allowed');
    await expect.poll(() => engine.health(), POLL).toMatchObject({ state: 'lost', reason: 'OOM' });
    hand.probing = null;
    await expect.poll(() => engine.health().state, POLL).toBe('live');
  });
});

/** A promise that is tried once: read twice, it has two attempts. */
function tried(id: string): readonly NewEvent[] {
  return [
    { type: 'callback.promised', subject: id, data: { customer: {}, dueAt: soon(3_600_000) } },
    { type: 'callback.attempted', subject: id, data: { result: 'busy' } },
  ];
}

function soon(ms: number): number {
  return systemClock.now() + ms;
}
