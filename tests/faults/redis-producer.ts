// A producer beside Pharos: it appends marks to the journal, each countable, and remembers which of them Redis acknowledged.
import { Redis } from 'ioredis';
import { systemClock } from '../../server/clock.ts';
import type { Cancel } from '../../server/clock.ts';
import type { CallbackRow } from '../../server/contract/rows.ts';
import { JOURNAL } from './arena.ts';

/** Milliseconds between two marks. */
const EVERY_MS = 200;
/** No promise of these is due while the suite runs. */
const DUE_AT = 4_000_000_000_000;

export interface Producer {
  /** For what a suite itself says to Redis over a connection that was open before. */
  readonly redis: Redis;
  start(): void;
  /** Resolves when every mark was answered or given up. */
  stop(): Promise<void>;
  /** Since the last call, what became of the marks in these rows. */
  reckon(callbacks: Readonly<Record<string, CallbackRow>>): Reckoning;
  close(): void;
}

export interface Reckoning {
  readonly acknowledged: number;
  /** Neither acknowledged nor refused: they may be in the journal once. */
  readonly unknown: number;
  /** Acknowledged, and not there. */
  readonly lost: readonly string[];
  readonly twice: readonly string[];
}

/** A mark is a callback that is promised and tried once: what is read twice has two attempts. */
export function openProducer(url: string, name: string): Producer {
  const redis = new Redis(url, {
    commandTimeout: 1_000,
    connectTimeout: 1_000,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    autoResendUnfulfilledCommands: false,
    retryStrategy: () => 50,
  });
  redis.on('error', () => undefined);
  let made = 0;
  const acknowledged = new Set<string>();
  const unknown = new Set<string>();
  const flying = new Set<Promise<void>>();
  let stopTicking: Cancel = () => undefined;

  async function mark(): Promise<void> {
    const id = `${name}-${++made}`;
    const entry = (type: string, data: object): string[] => [
      ...['type', type, 'subject', id, 'source', name],
      ...['data', JSON.stringify(data)],
    ];
    try {
      const answers = await redis
        .multi()
        .xadd(JOURNAL, '*', ...entry('callback.promised', { customer: {}, dueAt: DUE_AT }))
        .xadd(JOURNAL, '*', ...entry('callback.attempted', { result: 'busy' }))
        .exec();
      if (answers?.every(([error]) => error === null)) acknowledged.add(id);
    } catch (error) {
      // A reply of Redis is a refusal; anything else may have been done.
      if (!(error instanceof Error) || error.name !== 'ReplyError') unknown.add(id);
    }
  }

  return {
    redis,
    start() {
      stopTicking();
      stopTicking = systemClock.every(EVERY_MS, () => {
        const flight = mark().finally(() => flying.delete(flight));
        flying.add(flight);
      });
    },
    async stop() {
      stopTicking();
      await Promise.all(flying);
    },
    reckon(callbacks) {
      const attempts = (id: string): number => callbacks[id]?.attempts ?? 0;
      const found = {
        acknowledged: acknowledged.size,
        unknown: unknown.size,
        lost: [...acknowledged].filter((id) => attempts(id) === 0),
        twice: [...acknowledged, ...unknown].filter((id) => attempts(id) > 1),
      };
      acknowledged.clear();
      unknown.clear();
      return found;
    },
    close() {
      stopTicking();
      redis.disconnect();
    },
  };
}
