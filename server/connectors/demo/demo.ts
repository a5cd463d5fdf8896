// The demo floor lived in real time: history first, then each event at its instant, and a snapshot after every gap.
import { backoffMs } from '../../backoff.ts';
import { pause } from '../../clock.ts';
import type { Clock } from '../../clock.ts';
import type { Language } from '../../contract/lists.ts';
import type { Append, NewEvent } from '../../events/event.ts';
import type { Telemetry } from '../../telemetry.ts';
import { createCentre } from './centre.ts';
import { Chance } from './chance.ts';
import { dayStartOf } from './day-curve.ts';
import { condense } from './history.ts';
import type { Telling } from './history.ts';
import { createLife } from './life.ts';
import { Simulation } from './simulation.ts';
import type { Ledger } from './simulation.ts';
import { DEMO_SOURCE } from './stage.ts';
import { startTakers } from './takers.ts';
import type { LeadsDesk } from './takers.ts';

export interface DemoOptions {
  readonly append: Append;
  /** Its `now` is the site's clock. */
  readonly clock: Clock;
  /** The same seed and the same start give the same events. */
  readonly seed: string;
  readonly site: {
    /** IANA name. */
    readonly zone: string;
    /** `HH:MM` of the zone; absent: midnight. */
    readonly dayStarts?: string;
  };
  /** Names of queues, teams and reasons are in this language; absent: English. */
  readonly language?: Language;
  /** `today` on a site that is empty, so that the day's chart has its hours; else `none`. */
  readonly history: 'today' | 'none';
  /** What an earlier run left open and no snapshot ends: its promises are worked through, its requests for help closed. */
  readonly inherited?: Ledger;
  /** Where its leads take what needs them; absent: they do not. */
  readonly desk?: LeadsDesk;
  readonly telemetry?: Telemetry;
}

export interface Demo {
  /** Resolves once the floor is warm (profiles, history and the first snapshot are in the log), or when stopped. */
  start(): Promise<void>;
  /** Resolves once nothing more will be appended. */
  stop(): Promise<void>;
}

const BEAT_SECONDS = 5;
const BATCH_MAX = 500;
/** Before anything is shown the floor runs so long, so that it begins in its stride. */
const WARM_UP_MS = 45 * 60_000;
/** A contact of whom nothing is heard for 12 h is over; half an hour is left for the way. */
const HISTORY_MAX_MS = 11.5 * 3_600_000;
/** After a longer gap a new day is dealt instead of living through the old one. */
const GAP_MAX_MS = 30 * 60_000;
/** Happenings closer together go out as one. */
const TURN_MS = 20;
const RETRY = { firstMs: 500, ceilingMs: 5_000 };

export function createDemo(options: DemoOptions): Demo {
  const { append, clock, site, telemetry } = options;
  const { words, world, talk } = createCentre({
    zone: site.zone,
    language: options.language ?? 'en',
  });
  const jitter = new Chance(`${options.seed} retries`);
  const stopping = new AbortController();
  let lives = 0;
  let simulation: Simulation | null = null;
  /** Not yet in the log, and lost if it were dropped: at most what `GAP_MAX_MS` brings. */
  let unsaid: readonly NewEvent[] = [];
  let nextBeatAt = 0;
  let running: Promise<void> | null = null;
  let warm: () => void = () => undefined;
  const leads = new Chance(`${options.seed} takers`);

  return {
    start() {
      if (running) throw new Error('invariant: the demo is started twice');
      return new Promise((resolve) => {
        warm = resolve;
        const endTakers =
          options.desk && startTakers({ ...{ desk: options.desk, clock, nearest }, chance: leads });
        running = run().finally(() => {
          endTakers?.();
          resolve();
        });
      });
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };

  function nearest(team: string | null): string | null {
    return simulation?.nearest(team) ?? null;
  }

  async function run(): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      try {
        // While the log is away the world stands still, so that nothing piles up.
        if (failures > 0) await append([beat()]);
        await catchUp();
        warm();
        if (failures > 0) announce('demo.resumed', 'The demo goes on: the log takes its events.');
        failures = 0;
        await live();
      } catch (error) {
        failures += 1;
        if (failures === 1)
          announce('demo.paused', `The demo pauses: ${String(error)}. It tries again by itself.`);
        await pause(clock, backoffMs(failures, RETRY, jitter.unit()), stopping.signal);
      }
    }
  }

  /** Brings the log from whatever it knows to the world as it is now. */
  async function catchUp(): Promise<void> {
    const now = clock.now();
    let current = simulation;
    let telling: Telling = 'ledger';
    /** Of a world that is over, and therefore nothing that the new one says. */
    let carried: readonly (readonly NewEvent[])[] = [];
    if (current === null || now - current.now > GAP_MAX_MS) {
      telling = lives === 0 && options.history === 'today' ? 'all' : 'open';
      const ledger = current?.ledger() ?? options.inherited ?? NOTHING_OPEN;
      carried = [...condense(unsaid, { telling: 'ledger', ledger }), closeAssists(ledger)];
      unsaid = [];
      current = deal(now, ledger);
    }
    const profiles = current.profiles();
    const happened = [...unsaid, ...current.advance(now)];
    const stories = condense(happened, { telling, ledger: current.ledger() });
    const today = dayStartOf(now, site.zone, site.dayStarts ?? '00:00');
    const told = telling === 'all' ? stories.filter((story) => startOf(story) >= today) : stories;
    simulation = current;
    // Without them a morning that is told in short would be one of empty desks.
    const opening =
      telling === 'all' ? current.opening(Math.max(today, startOf(told[0] ?? []))) : [];
    unsaid = [...carried, ...told].flat();
    await hand([
      profiles,
      opening,
      ...carried,
      ...told,
      [current.snapshot()],
      current.restate(),
      [beat()],
    ]);
    unsaid = [];
  }

  async function live(): Promise<void> {
    for (;;) {
      const now = clock.now();
      if (stopping.signal.aborted || !simulation) return;
      if (now - simulation.now > GAP_MAX_MS) return;
      const events = simulation.advance(now);
      const isBeat = now >= nextBeatAt;
      unsaid = events;
      if (events.length > 0 || isBeat) await hand([events, isBeat ? [beat()] : []]);
      unsaid = [];
      const next = Math.min(simulation.nextAt, nextBeatAt) - clock.now();
      await pause(clock, Math.min(Math.max(next, TURN_MS), BEAT_SECONDS * 1_000), stopping.signal);
    }
  }

  function deal(now: number, inherited: Ledger): Simulation {
    lives += 1;
    const { zone, dayStarts = '00:00' } = site;
    const isToday = lives === 1 && options.history === 'today';
    const dayStart = isToday ? dayStartOf(now, zone, dayStarts) : now;
    const startAt = Math.max(Math.min(dayStart, now) - WARM_UP_MS, now - HISTORY_MAX_MS);
    return new Simulation({
      world,
      seed: lives === 1 ? options.seed : `${options.seed} ${lives}`,
      startAt,
      run: now.toString(36),
      life: (floor) =>
        createLife(floor, {
          ...{ words, talk, inherited },
          liveAt: now,
          isUsed: (person) => options.desk?.isUsed(person) ?? false,
        }),
    });
  }

  /** Only who has claimed a request, or its agent, may close it. */
  function closeAssists(ledger: Ledger): readonly NewEvent[] {
    const by = world.teams[0]?.leads[0] ?? DEMO_SOURCE;
    return ledger.assists.flatMap((subject) => [
      { type: 'assist.claimed', subject, source: DEMO_SOURCE, data: { by } },
      { type: 'assist.closed', subject, source: DEMO_SOURCE, data: { by } },
    ]);
  }

  function beat(): NewEvent {
    nextBeatAt = Math.max(nextBeatAt, clock.now() - TURN_MS) + BEAT_SECONDS * 1_000;
    const data = { everySeconds: BEAT_SECONDS };
    return { type: 'source.heartbeat', subject: DEMO_SOURCE, source: DEMO_SOURCE, data };
  }

  /** Appends stories in batches; a story is never cut, so that no reader stands long in the middle of one. */
  async function hand(stories: readonly (readonly NewEvent[])[]): Promise<void> {
    let batch: NewEvent[] = [];
    for (const story of stories) {
      if (batch.length > 0 && batch.length + story.length > BATCH_MAX) {
        await append(batch);
        batch = [];
        if (stopping.signal.aborted) return;
      }
      batch.push(...story);
    }
    if (batch.length > 0) await append(batch);
  }

  function announce(name: string, text: string): void {
    telemetry?.announce({ name, severity: name === 'demo.paused' ? 'warn' : 'info', text });
  }
}

const NOTHING_OPEN: Ledger = { callbacks: [], assists: [] };

function startOf(story: readonly NewEvent[]): number {
  return story[0]?.at ?? 0;
}
