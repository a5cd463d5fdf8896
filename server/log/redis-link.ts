// One connection to Redis that comes back by itself, never sends a command twice, and says by name what is wrong.
import { Redis } from 'ioredis';
import type { LogReason } from '../contract/lists.ts';
import { LeaseLost, LogTrouble } from './log.ts';

export interface RedisLink {
  readonly redis: Redis;
  /** Gives what `work` gives; rejects with a `LogTrouble`, or as `work` does where the fault is not Redis'. */
  run<T>(work: (redis: Redis) => Promise<T>): Promise<T>;
  close(): void;
}

interface LinkOptions {
  /** `redis://…`, `rediss://…`, or the path of a unix socket. */
  readonly url: string;
  /** Shown in `CLIENT LIST`. */
  readonly name: string;
  /** Milliseconds for one command to be answered; absent: as long as the socket lives. */
  readonly commandTimeoutMs?: number;
  /** Milliseconds without a byte, while one is expected, after which the socket is given up. */
  readonly socketTimeoutMs: number;
}

/** Where in which script it happened; the same complaint must be the same words. */
const OF_SCRIPT = /\.? ?script: [0-9a-f]{40}, on @user_script:\d+\.?$/;

/** No pause between two tries to connect is longer (milliseconds). */
const RECONNECT_MOST_MS = 1_000;
const CONNECT_TIMEOUT_MS = 2_000;

export function openLink(options: LinkOptions): RedisLink {
  const redis = new Redis(options.url, {
    connectionName: options.name,
    ...(options.commandTimeoutMs === undefined ? {} : { commandTimeout: options.commandTimeoutMs }),
    socketTimeout: options.socketTimeoutMs,
    connectTimeout: CONNECT_TIMEOUT_MS,
    retryStrategy: (times) => Math.min(RECONNECT_MOST_MS, 25 * 2 ** Math.min(times, 10)),
    // A command that was in flight at a cut may have been done: it is rejected, never sent again.
    autoResendUnfulfilledCommands: false,
    // With 1 or more, ioredis 6 neither resends nor rejects what was in flight at the first cut: it would hang for ever.
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    // The check would hide LOADING behind a silence, and needs INFO, which not every user may ask.
    enableReadyCheck: false,
  });
  /** The network's or the handshake's last complaint, while there is no connection. */
  let complaint: Error | null = null;
  redis.on('error', (error: Error) => (complaint = error));
  redis.on('ready', () => (complaint = null));
  return {
    redis,
    async run(work) {
      try {
        return await work(redis);
      } catch (error) {
        throw named(error, complaint);
      }
    },
    close: () => redis.disconnect(),
  };
}

function named(error: unknown, complaint: Error | null): unknown {
  if (error instanceof LogTrouble || error instanceof LeaseLost) return error;
  if (!(error instanceof Error)) return error;
  const said = error.message;
  if (said.startsWith('invariant: ')) return error;
  if (isReply(error)) return new LogTrouble(reasonOfReply(said), said.replace(OF_SCRIPT, ''));
  // The command was only told that the connection is gone; the complaint knows why.
  if (complaint && isReply(complaint))
    return new LogTrouble(reasonOfReply(complaint.message), complaint.message);
  const words = complaint?.message ?? wordsFor(said);
  return new LogTrouble(isTimeout(said) || isTimeout(words) ? 'frozen' : 'unreachable', words);
}

/** What ioredis says of a connection that is not there is about its own settings. */
function wordsFor(said: string): string {
  if (said.startsWith('Reached the max retries')) return 'the connection was lost';
  return said.startsWith('Stream isn') ? 'there is no connection yet' : said;
}

/** Redis' own errors begin with a word in capitals. */
function isReply(error: Error): boolean {
  return error.name === 'ReplyError';
}

function isTimeout(words: string): boolean {
  return words.startsWith('Command timed out') || words.startsWith('Socket timeout');
}

function reasonOfReply(said: string): LogReason | null {
  const word = said.slice(0, said.indexOf(' '));
  switch (word) {
    case 'OOM':
      return 'OOM';
    // All of these refuse writes: a replica, a disk that cannot be written, too few replicas; or it became a replica under a read that waited.
    case 'READONLY':
    case 'MISCONF':
    case 'NOREPLICAS':
    case 'UNBLOCKED':
      return 'READONLY';
    case 'LOADING':
      return 'LOADING';
    case 'NOAUTH':
    case 'WRONGPASS':
    case 'NOPERM':
      return 'NOAUTH';
    // Something else stands in the place of one of Pharos' keys.
    case 'WRONGTYPE':
      return 'WRONGTYPE';
    // Somebody's script runs and does not end.
    case 'BUSY':
      return 'frozen';
    case 'MASTERDOWN':
    case 'CLUSTERDOWN':
      return 'unreachable';
    default:
      return /invalid password|without any password/.test(said) ? 'NOAUTH' : null;
  }
}
