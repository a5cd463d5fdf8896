// The log on Redis: one stream, appended to by script and read by XREAD from an explicit id.
import type { Fields } from '../events/decode.ts';
import { encode } from '../events/encode.ts';
import { identified } from './identify.ts';
import type { Keys } from './keys.ts';
import type { Log } from './log.ts';
import { readPacked } from './packed-read.ts';
import type { RedisLink } from './redis-link.ts';
import { extentAfter, extentsOf, readStreams } from './redis-streams.ts';
import { APPEND, QUIET_AT } from './scripts/log.ts';
import { runScript, wordsOf } from './scripts/script.ts';

/** Entries that go into one script; nobody else's command waits for more. */
const BATCH = 500;

interface LogLinks {
  readonly commands: RedisLink;
  readonly reader: RedisLink;
}

export function redisLog(keys: Keys, { commands, reader }: LogLinks): Log {
  let reading = false;

  async function appendFields(entries: readonly Fields[]): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let at = 0; at < entries.length; at += BATCH) {
      const words = wordsOf(entries.slice(at, at + BATCH));
      const reply = await commands.run((redis) => runScript(redis, APPEND, [keys.journal], words));
      ids.push(...(reply as readonly string[]));
    }
    return ids;
  }

  return {
    append: (events) => appendFields(identified(events).map(encode)),
    appendFields,
    async read(after, options) {
      if (reading) throw new Error('invariant: the log is read by one reader at a time');
      reading = true;
      try {
        if (options.blockMs === 0) return await readPacked(reader, keys.journal, after, options);
        const streams = await readStreams(reader, new Map([[keys.journal, after]]), options);
        return streams.get(keys.journal) ?? [];
      } finally {
        reading = false;
      }
    },
    extent: (id) =>
      commands.run(async (redis) => {
        if (id !== undefined) return extentAfter(redis, keys.journal, id);
        const [extent] = await extentsOf(redis, [keys.journal]);
        return extent!;
      }),
    quietAt: (after) =>
      commands.run(async (redis) => {
        const at = await runScript(redis, QUIET_AT, [keys.journal], [after]);
        return at === null ? null : Number(at);
      }),
    time: () =>
      commands.run(async (redis) => {
        const [seconds, micros] = await redis.time();
        return Number(seconds) * 1_000 + Number(micros) / 1_000;
      }),
  };
}
