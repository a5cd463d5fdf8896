// A light screen: the judgement of the product's own client over a socket in Node, asked as often as the browser asks it, and all that it ever said.
import { Follower } from '../../client/live/follower.ts';
import { judge, sameHealth } from '../../client/live/health.ts';
import type { Health } from '../../client/live/health.ts';
import { retryMs } from '../../client/live/retry.ts';
import { SiteClock } from '../../client/live/site-clock.ts';
import { systemClock } from '../../server/clock.ts';
import type { Cancel } from '../../server/clock.ts';
import type { Delta, Snapshot, Tick } from '../../server/contract/protocol.ts';
import { emptyTables } from '../../server/contract/tables.ts';
import type { Tables } from '../../server/contract/tables.ts';
import { openWireClient } from '../support/wire-client.ts';

/** As in `client/live/live.svelte.ts`. */
const JUDGED_EVERY_MS = 500;

export interface Said {
  /** Milliseconds of `performance.now()`. */
  readonly at: number;
  readonly health: Health;
}

export interface Limit {
  /** Of `performance.now()`. */
  readonly from: number;
  readonly withinMs: number;
}

export interface Screen {
  readonly tables: Tables;
  /** Each change of what it says, in order; the first is that nothing was heard yet. */
  readonly said: readonly Said[];
  /** Ticks heard so far. */
  readonly ticks: number;
  /** The site's time in milliseconds, as the screen counts it. */
  siteNow(): number;
  /** Resolves with the first word at or after `from` that fits; rejects `withinMs` after `from`. */
  untilSaid(fits: (health: Health) => boolean, limit: Limit): Promise<Said>;
  /** Resolves with the instant from which on it is live; rejects `withinMs` after `from`. */
  untilLive(limit: Limit): Promise<Said>;
  /** Resolves after that many more ticks. */
  hearTicks(count: number): Promise<void>;
  close(): void;
}

export function openScreen(url: string, token: string): Screen {
  const clock = systemClock;
  const client = openWireClient({ url, auth: { token }, isForgetful: true });
  const { socket } = client;
  const tables = emptyTables();
  const follower = new Follower(tables);
  const siteClock = new SiteClock();
  const said: Said[] = [{ at: clock.monotonic(), health: { kind: 'connecting' } }];
  const watchers = new Set<() => void>();
  let heardAt: number | null = null;
  let siteAtWord = 0;
  let last: Tick | null = null;
  let ticks = 0;
  let isClosed = false;
  let retrying: Cancel = () => undefined;

  function look(): void {
    const health = judge({
      refused: null,
      shown: follower.have !== null && last !== null,
      heardAt,
      monotonic: clock.monotonic(),
      siteAtWord,
      log: last?.log ?? null,
    });
    if (!sameHealth(health, now().health)) said.push({ at: clock.monotonic(), health });
    if (health.kind === 'link' && socket.connected) socket.disconnect();
    for (const watcher of [...watchers]) watcher();
  }
  const now = (): Said => said.at(-1)!;
  function heard(siteNow: number | null): void {
    heardAt = clock.monotonic();
    if (siteNow === null) return;
    siteClock.heard(siteNow, heardAt);
    siteAtWord = siteNow;
  }
  socket.on('snapshot', (snapshot: Snapshot) => {
    heard(snapshot.now);
    follower.snapshot(snapshot);
    look();
  });
  socket.on('delta', (delta: Delta) => {
    heard(null);
    follower.delta(delta);
  });
  socket.on('tick', (tick: Tick) => {
    heard(tick.now);
    last = tick;
    ticks += 1;
    if (follower.tick(tick)) {
      follower.asked();
      socket.emit('resync', {});
    }
    look();
  });
  const again = (): void => {
    if (isClosed) return;
    retrying();
    retrying = clock.after(retryMs(0, null, Math.random()), () => socket.connect());
  };
  socket.on('disconnect', again);
  socket.on('connect_error', again);
  const stopLooking = clock.every(JUDGED_EVERY_MS, look);

  function until<T>(
    what: string,
    find: () => T | undefined,
    { from, withinMs }: Limit,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const watcher = (): void => {
        const found = find();
        if (found === undefined) return;
        end();
        resolve(found);
      };
      const giveUp = clock.after(from + withinMs - clock.monotonic(), () => {
        end();
        const words = said.slice(-4).map(({ at, health }) => [Math.round(at - from), health]);
        reject(new Error(`not ${what} within ${withinMs} ms; said: ${JSON.stringify(words)}`));
      });
      const end = (): void => {
        giveUp();
        watchers.delete(watcher);
      };
      watchers.add(watcher);
      watcher();
    });
  }

  return {
    tables,
    said,
    get ticks() {
      return ticks;
    },
    siteNow: () => siteClock.at(clock.monotonic()) ?? Number.NaN,
    untilSaid: (fits, limit) =>
      until('said', () => said.find(({ at, health }) => at >= limit.from && fits(health)), limit),
    untilLive: (limit) => until('live', () => (isLive(now().health) ? now() : undefined), limit),
    hearTicks(count) {
      const enough = ticks + count;
      const limit = { from: clock.monotonic(), withinMs: count * 1_000 + 20_000 };
      return until('told the time', () => (ticks >= enough ? true : undefined), limit).then(
        () => undefined,
      );
    },
    close() {
      isClosed = true;
      retrying();
      stopLooking();
      client.close();
    },
  };
}

export function isLive(health: Health): boolean {
  return health.kind === 'live';
}

/** In one word: the reason where there is one. */
export function wordOf(health: Health): string {
  return health.kind === 'log' ? (health.reason ?? health.state) : health.kind;
}
