// Streams of less trusted producers on Redis: found by SCAN, read together, copied by one script.
import type { Redis } from 'ioredis';
import { cursorOf, cursorText, MISSING } from './inbound.ts';
import type { InboundStore } from './inbound.ts';
import { literally } from './keys.ts';
import type { Keys } from './keys.ts';
import { tokenOf } from './leases.ts';
import type { LogPosition } from './log.ts';
import type { RedisLink } from './redis-link.ts';
import { extentsOf, readStreams } from './redis-streams.ts';
import { COPY, CURSORS, FORGET } from './scripts/inbound.ts';
import { runFenced, runScript, wordsOf } from './scripts/script.ts';

/** `reader` is opened when the first one reads: most sites have no such stream. */
export function redisInbound(
  keys: Keys,
  { commands, reader }: { readonly commands: RedisLink; readonly reader: () => RedisLink },
): InboundStore {
  const prefix = keys.inbound('');
  return {
    inboundSources: () => commands.run((redis) => scan(redis, prefix)),
    inboundCursors: (lease) =>
      commands.run(async (redis) => {
        const at = [keys.lease(lease.name), keys.cursors];
        const found = (await runFenced(redis, lease.name, (open) =>
          runScript(open, CURSORS, at, [tokenOf(lease)]),
        )) as readonly string[];
        const cursors = new Map<string, LogPosition>();
        for (let index = 0; index < found.length; index += 2)
          cursors.set(found[index]!, cursorOf(found[index + 1]!));
        return cursors;
      }),
    inboundExtents: (sources) =>
      commands.run(async (redis) => {
        // One that its producer replaced by something else must not stop the others.
        const types = await Promise.all(sources.map((name) => redis.type(keys.inbound(name))));
        const streams = sources.filter((_, index) => types[index] === 'stream');
        const extents = await extentsOf(
          redis,
          streams.map((source) => keys.inbound(source)),
        );
        const found = new Map(streams.map((source, index) => [source, extents[index]!]));
        return new Map(
          sources.map((source, index) => {
            const isThere = types[index] !== 'none';
            return [source, found.get(source) ?? (isThere ? null : MISSING)];
          }),
        );
      }),
    async readInbound(after, options) {
      const at = new Map([...after].map(([source, { id }]) => [keys.inbound(source), id]));
      const found = await readStreams(reader(), at, options);
      return new Map([...found].map(([key, entries]) => [key.slice(prefix.length), entries]));
    },
    copyInbound: (lease, { source, from, to, entries }) =>
      commands.run(async (redis) => {
        const at = [keys.lease(lease.name), keys.journal, keys.cursors];
        const words = [tokenOf(lease), source, cursorText(from), cursorText(to)];
        const said = await runFenced(redis, lease.name, (open) =>
          runScript(open, COPY, at, [...words, ...wordsOf(entries)]),
        );
        return said === 'moved' ? 'moved' : 'copied';
      }),
    forgetInbound: (lease, source, at) =>
      commands.run(async (redis) => {
        const words = [tokenOf(lease), source, cursorText(at)];
        await runFenced(redis, lease.name, (open) =>
          runScript(open, FORGET, [keys.lease(lease.name), keys.cursors], words),
        );
      }),
    trimInbound: (source, minId) =>
      commands.run(async (redis) => {
        await redis.xtrim(keys.inbound(source), 'MINID', '~', minId);
      }),
  };
}

async function scan(redis: Redis, prefix: string): Promise<readonly string[]> {
  const found = new Set<string>();
  let cursor = '0';
  do {
    const [next, keys] = (await redis.call(
      'SCAN',
      cursor,
      'MATCH',
      `${literally(prefix)}*`,
      'COUNT',
      1_000,
      'TYPE',
      'stream',
    )) as [string, string[]];
    for (const key of keys) found.add(key.slice(prefix.length));
    cursor = next;
  } while (cursor !== '0');
  return [...found].sort();
}
