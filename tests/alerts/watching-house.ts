// A house as far as alerts go: log, engine, floor, watch and decisions, on a clock and a store that a test holds in its hands.
import { Alerts } from '../../server/alerts/alerts.ts';
import { holdLong } from '../../server/alerts/rules/hold-long.ts';
import type { Move } from '../../server/alerts/machine.ts';
import type { Rule } from '../../server/alerts/rule.ts';
import { pause } from '../../server/clock.ts';
import type { Clock } from '../../server/clock.ts';
import { Commanding } from '../../server/acting/commanding.ts';
import { Deciding } from '../../server/acting/deciding.ts';
import { Engine } from '../../server/engine/engine.ts';
import type { Standing } from '../../server/engine/engine.ts';
import { Floor } from '../../server/floor/floor.ts';
import type { Facts, Touched } from '../../server/floor/rows.ts';
import { instantOf, ORIGIN } from '../../server/log/continuity.ts';
import { createDedupWindow } from '../../server/log/dedup.ts';
import { LogTrouble } from '../../server/log/log.ts';
import type { MemoryStore } from '../../server/log/memory-store.ts';
import type { ChannelBook } from '../../server/notify/channels.ts';
import { NOBODY, tellingOf } from '../../server/notify/notices.ts';
import type { Telling } from '../../server/notify/notices.ts';
import { createTelemetry } from '../../server/telemetry.ts';
import type { Happening } from '../../server/telemetry.ts';
import { OPTIONS } from '../floor/scene.ts';

export interface WatchingHouse {
  readonly floor: Floor;
  readonly commanding: Commanding;
  readonly happenings: readonly Happening[];
  /** Episodes with what they say now. */
  words(): Facts['alerts'];
  /** While set, Redis does not answer this house. */
  cut(is: boolean): void;
  standing(): Standing;
  close(): Promise<void>;
}

/** Milliseconds between two looks into the journal. */
const LOOK_MS = 50;

export interface Before {
  /** That of a house which was there before. */
  readonly floor?: Floor;
  readonly standing?: Standing;
  /** By which people are told; absent: nobody is. */
  readonly book?: ChannelBook;
  readonly onTold?: () => void;
  /** Absent: `hold.long` alone. */
  readonly rules?: readonly Rule[];
  /** Milliseconds between two looks into the journal; absent: 50. */
  readonly lookMs?: number;
  /** After each turn. */
  readonly onTurn?: (touched: Touched) => void;
}

export async function openWatchingHouse(
  store: MemoryStore,
  clock: Clock,
  before: Before = {},
): Promise<WatchingHouse> {
  let isCut = false;
  const answer = <T>(value: () => Promise<T>): Promise<T> =>
    isCut ? Promise.reject(new LogTrouble(null, 'Connection is closed')) : value();
  const { firstId } = store.journal.extent();
  const { floor: from, standing, book, onTold = () => undefined } = before;
  const { rules = [holdLong], lookMs = LOOK_MS } = before;
  const beginsAt = from || firstId === null ? clock.now() : instantOf(firstId);
  const options = { ...OPTIONS, now: beginsAt };
  const floor = from ? Floor.restore(from.dump(), options) : new Floor(options);
  const telemetry = createTelemetry();
  const happenings: Happening[] = [];
  telemetry.subscribe((happening) => void happenings.push(happening));
  const engine: Engine = new Engine({
    log: {
      ...store,
      // The twin lets one reader wait; each house looks for itself.
      async read(after, { count, blockMs, signal }) {
        const look = () => answer(() => Promise.resolve(store.journal.after(after, count)));
        const found = await look();
        if (found.length > 0 || blockMs === 0) return found;
        await pause(clock, lookMs, signal);
        return look();
      },
      extent: (id) => answer(() => store.extent(id)),
      quietAt: (after) => answer(() => store.quietAt(after)),
    },
    floor,
    dedup: createDedupWindow(),
    clock,
    telemetry,
    standing: standing ?? { position: ORIGIN, soundAt: beginsAt },
    probeWrite: () => answer(() => Promise.resolve()),
    onTouched: (touched) => {
      deciding.turned(touched);
      commanding.turned();
      before.onTurn?.(touched);
    },
    onRefused: (refused) => {
      throw new Error(`refused: ${JSON.stringify(refused)}`);
    },
    onBack: () => deciding.cameBack(),
    onGap: () => deciding.gapFound(),
  });
  const alerts = new Alerts({ site: 'main', floor, rules });
  const told = {
    onTold,
    tellingOf: (move: Move, now: number): Telling =>
      book === undefined
        ? NOBODY
        : tellingOf(move, { house: alerts.house, book, site: 'main', zone: OPTIONS.zone, now }),
  };
  const deciding = new Deciding({
    ...told,
    alerts,
    store: {
      decide: (decision) => answer(() => store.decide(decision)),
      reconcile: (held) => answer(() => store.reconcile(held)),
    },
    clock,
    telemetry,
    isLive: () => engine.isFollowing,
  });
  let named = 0;
  const commanding = new Commanding({
    house: () => alerts.house,
    floor,
    rules,
    store: {
      decide: (decision) => answer(() => store.decide(decision)),
      append: (events) => answer(() => store.append(events)),
    },
    clock,
    isLive: () => engine.isFollowing,
    telemetry,
    newId: () => `made-${(named += 1)}`,
    ...told,
  });
  await engine.start();
  return {
    floor,
    commanding,
    happenings,
    words: () => alerts.words.facts.alerts,
    cut: (is) => void (isCut = is),
    standing: () => engine.standing(),
    async close() {
      await deciding.close();
      await engine.close();
    },
  };
}
