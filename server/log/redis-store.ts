// The store on a real Redis: its connections, and what each is for.
import { keysOf } from './keys.ts';
import { redisDecisions } from './redis-decisions.ts';
import { redisInbound } from './redis-inbound.ts';
import { redisLeases } from './redis-leases.ts';
import { openLink } from './redis-link.ts';
import type { RedisLink } from './redis-link.ts';
import { redisLog } from './redis-log.ts';
import { redisOutbox } from './redis-outbox.ts';
import { redisIntervals, redisRefusals, redisSnapshots } from './redis-record.ts';
import type { Store, StoreSettings } from './store.ts';

const COMMAND_TIMEOUT_MS = 1_000;
/** Longer than any read blocks; a frozen Redis is noticed after it. */
const SOCKET_TIMEOUT_MS = 3_000;
const PROBE_KEPT_MS = 60_000;
/** A snapshot of many megabytes over a thin line. */
const BULK_TIMEOUT_MS = 30_000;

/** Connects in the background, and again within a second whenever the connection is lost; until then everything rejects with `LogTrouble`. */
export function openRedisStore(options: {
  /** `redis://…`, `rediss://…`, or the path of a unix socket. */
  readonly url: string;
  readonly site: string;
}): Store {
  const { url, site } = options;
  const keys = keysOf(site);
  const socketTimeoutMs = SOCKET_TIMEOUT_MS;
  const links: RedisLink[] = [];
  function open(name: string, commandTimeoutMs?: number): RedisLink {
    const timeouts =
      commandTimeoutMs === undefined
        ? { socketTimeoutMs }
        : { commandTimeoutMs, socketTimeoutMs: Math.max(socketTimeoutMs, commandTimeoutMs) };
    const link = openLink({ url, name: `pharos:${name}`, ...timeouts });
    links.push(link);
    return link;
  }
  const commands = open('commands', COMMAND_TIMEOUT_MS);
  const reader = open('reader');
  const bulk = open('bulk', BULK_TIMEOUT_MS);
  let inbound: RedisLink | null = null;
  return {
    ...redisLog(keys, { commands, reader }),
    ...redisLeases(keys, commands),
    ...redisSnapshots(keys, bulk),
    ...redisIntervals(keys, bulk),
    ...redisRefusals(keys, commands),
    ...redisDecisions(keys, commands),
    ...redisOutbox(keys, commands),
    ...redisInbound(keys, { commands, reader: () => (inbound ??= open('inbound')) }),
    settings: () => commands.run(async (redis) => settingsIn(await redis.info())),
    async probe() {
      await commands.run((redis) => redis.set(keys.probe, '1', 'PX', PROBE_KEPT_MS));
    },
    close() {
      for (const link of links) link.close();
      return Promise.resolve();
    },
  };
}

/** From the answer to INFO: CONFIG is forbidden on many a rented Redis. */
function settingsIn(info: string): StoreSettings {
  const value = (name: string): string =>
    new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(info)?.[1] ?? '';
  return {
    version: value('redis_version'),
    appendOnly: value('aof_enabled') === '1',
    evictionPolicy: value('maxmemory_policy'),
  };
}
