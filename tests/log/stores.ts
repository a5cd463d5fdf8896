// The two stores that pass one suite: a real Redis and the twin, each with the hands of a hostile program.
import { Redis } from 'ioredis';
import { systemClock } from '../../server/clock.ts';
import type { SourceFault } from '../../server/contract/lists.ts';
import { untilAnswering } from '../../server/log/answering.ts';
import { keysOf } from '../../server/log/keys.ts';
import { openMemoryStore } from '../../server/log/memory-store.ts';
import { openRedisStore } from '../../server/log/redis-store.ts';
import type { Store } from '../../server/log/store.ts';
import { startRedis } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';

export interface Bench {
  readonly store: Store;
  /** Writes into `in:SOURCE`, with an id of its own choice if wished. */
  produce(source: string, fields: Readonly<Record<string, string>>, id?: string): Promise<void>;
  /** Removes all of `in:SOURCE`, its history included. */
  wipeInbound(source: string): Promise<void>;
  /** Puts something else in the place of `in:SOURCE`; the twin has streams only, so there it is wiped. Gives what that is called. */
  spoilInbound(source: string): Promise<SourceFault>;
  /** Leaves only the newest `most` entries of the journal, or of `in:SOURCE`. */
  cut(most: number, source?: string): Promise<void>;
  wipeJournal(): Promise<void>;
  /** Removes the journal and all that is known of episodes, as FLUSHALL. */
  wipeEpisodes(): Promise<void>;
  /** What the outbox holds, by id. */
  outbox(): Promise<ReadonlyMap<string, string>>;
  close(): Promise<void>;
}

export interface Maker {
  readonly name: string;
  start(): Promise<void>;
  open(): Promise<Bench>;
  stop(): Promise<void>;
}

function memory(): Maker {
  return {
    name: 'the twin',
    start: () => Promise.resolve(),
    open() {
      const store = openMemoryStore(systemClock);
      const bench: Bench = {
        store,
        produce: async (source, fields, id) => {
          if (store.inbound(source).add(fields, id) === null) throw new Error('refused id');
          return Promise.resolve();
        },
        wipeInbound: async (source) => Promise.resolve(store.inbound(source).empty()),
        async spoilInbound(source) {
          store.inbound(source).empty();
          return Promise.resolve('emptied');
        },
        cut: async (most, source) =>
          Promise.resolve((source ? store.inbound(source) : store.journal).keepNewest(most)),
        wipeJournal: async () => Promise.resolve(store.journal.empty()),
        async wipeEpisodes() {
          store.journal.empty();
          store.outbox.empty();
          return Promise.resolve(store.decisions.empty());
        },
        outbox: () =>
          Promise.resolve(new Map([...store.outbox.rows].map(([id, { text }]) => [id, text]))),
        close: () => store.close(),
      };
      return Promise.resolve(bench);
    },
    stop: () => Promise.resolve(),
  };
}

function redis(): Maker {
  let server: RedisServer | null = null;
  let sites = 0;
  return {
    name: 'Redis',
    async start() {
      server = await startRedis();
    },
    async open() {
      const url = server?.url ?? '';
      // Signs of a glob in the name must not matter.
      const site = `site[${++sites}]*`;
      const keys = keysOf(site);
      const store = openRedisStore({ url, site });
      const raw = new Redis(url);
      const trouble = await untilAnswering(store, { clock: systemClock, withinMs: 5_000 });
      if (trouble) throw trouble;
      return {
        store,
        async produce(source, fields, id = '*') {
          await raw.xadd(keys.inbound(source), id, ...Object.entries(fields).flat());
        },
        async wipeInbound(source) {
          await raw.del(keys.inbound(source));
        },
        async spoilInbound(source) {
          await raw.set(keys.inbound(source), 'no stream');
          return 'replaced';
        },
        async cut(most, source) {
          await raw.xtrim(source ? keys.inbound(source) : keys.journal, 'MAXLEN', most);
        },
        async wipeJournal() {
          await raw.del(keys.journal);
        },
        async wipeEpisodes() {
          const { journal, episodes, openEpisodes, endedEpisodes, outbox } = keys;
          await raw.del(journal, episodes, openEpisodes, endedEpisodes, ...outbox);
        },
        async outbox() {
          const rows = Object.entries(await raw.hgetall(keys.outbox[0] ?? ''));
          return new Map(
            rows.map(([id, row]) => [id, (JSON.parse(row) as { readonly text: string }).text]),
          );
        },
        async close() {
          raw.disconnect();
          await store.close();
        },
      };
    },
    async stop() {
      await server?.close();
    },
  };
}

export const MAKERS: readonly Maker[] = [memory(), redis()];
