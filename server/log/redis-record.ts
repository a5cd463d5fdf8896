// What is kept beside the journal on Redis: snapshots, closed intervals, refusals.
import type { Keys } from './keys.ts';
import { daysBetween, expiryOf } from './intervals.ts';
import type { IntervalStore } from './intervals.ts';
import { tokenOf } from './leases.ts';
import { refusalFields, refusalOf, REFUSALS_KEPT, REFUSALS_KEPT_MS } from './refusals.ts';
import type { RefusalStore } from './refusals.ts';
import type { RedisLink } from './redis-link.ts';
import { entryOf } from './redis-streams.ts';
import { REFUSE, SAVE_INTERVALS, SHELVE } from './scripts/record.ts';
import { runFenced, runScript, wordsOf } from './scripts/script.ts';
import type { Shelf, SnapshotStore, StoredSnapshot } from './snapshots.ts';
import type { TrimStore } from './trimmer.ts';

const SNAPSHOT_WORDS = ['version', 'id', 'added', 'savedAt', 'encoding', 'sha256'] as const;

/** Something else than a snapshot stands in its place; its words say so to whoever reads it. */
const NO_SNAPSHOT: StoredSnapshot = {
  ...{ version: '', id: '', added: '', savedAt: '', encoding: '', sha256: '' },
  body: Buffer.alloc(0),
};

/** `bulk` is a connection of its own, so that events never wait behind megabytes. */
export function redisSnapshots(keys: Keys, bulk: RedisLink): SnapshotStore & TrimStore {
  return {
    shelve: (lease, snapshot, newestGoes) =>
      bulk.run(async (redis) => {
        const aside = keys.snapshot(newestGoes === 'older' ? 'older' : 'unreadable');
        const at = [keys.lease(lease.name), keys.snapshot('newest'), aside];
        const words = SNAPSHOT_WORDS.flatMap((word) => [word, snapshot[word]]);
        await runFenced(redis, lease.name, (open) =>
          runScript(open, SHELVE, at, [tokenOf(lease), ...words, 'body', snapshot.body]),
        );
      }),
    onShelf: (shelf) =>
      bulk.run(async (redis) => {
        const key = keys.snapshot(shelf);
        const kind = await redis.type(key);
        if (kind === 'none') return null;
        if (kind !== 'hash') return NO_SNAPSHOT;
        const found = await redis.hmgetBuffer(key, ...SNAPSHOT_WORDS, 'body');
        const [version, id, added, savedAt, encoding, sha256] = found.map(
          (value) => value?.toString('utf8') ?? '',
        ) as [string, string, string, string, string, string];
        const body = found[SNAPSHOT_WORDS.length] ?? Buffer.alloc(0);
        return { version, id, added, savedAt, encoding, sha256, body };
      }),
    shelvedIds: () =>
      bulk.run(async (redis) => {
        const idOn = async (shelf: Shelf): Promise<string | null> =>
          (await redis.type(keys.snapshot(shelf))) === 'hash'
            ? redis.hget(keys.snapshot(shelf), 'id')
            : null;
        return { newest: await idOn('newest'), older: await idOn('older') };
      }),
    trim: (minId) => bulk.run((redis) => redis.xtrim(keys.journal, 'MINID', '~', minId)),
  };
}

export function redisIntervals(keys: Keys, bulk: RedisLink): IntervalStore {
  return {
    saveIntervals: (lease, day, fields) =>
      bulk.run(async (redis) => {
        const at = [keys.lease(lease.name), keys.intervals(day)];
        const words = [tokenOf(lease), expiryOf(day), ...[...fields].flat()];
        await runFenced(redis, lease.name, (open) => runScript(open, SAVE_INTERVALS, at, words));
      }),
    loadIntervals: (from, to) =>
      bulk.run(async (redis) => {
        const days = daysBetween(from, to);
        const found = await Promise.all(
          days.map(async (day): Promise<Record<string, string>> => {
            const key = keys.intervals(day);
            // Something else in its place is put aside when the day is next written.
            return (await redis.type(key)) === 'hash' ? redis.hgetall(key) : {};
          }),
        );
        const kept = new Map<string, ReadonlyMap<string, string>>();
        for (const [index, day] of days.entries()) {
          const fields = Object.entries(found[index] ?? {});
          if (fields.length > 0) kept.set(day, new Map(fields));
        }
        return kept;
      }),
  };
}

export function redisRefusals(keys: Keys, commands: RedisLink): RefusalStore {
  return {
    writeRefusals: (refusals) =>
      commands.run(async (redis) => {
        const words = refusals.flatMap((refusal) => [
          refusal.entry ?? '',
          ...wordsOf([refusalFields(refusal)]),
        ]);
        const at = [keys.refused, keys.refusedUpTo];
        await runScript(redis, REFUSE, at, [REFUSALS_KEPT, REFUSALS_KEPT_MS, ...words]);
      }),
    readRefusals: (count) =>
      commands.run(async (redis) => {
        const [seconds] = await redis.time();
        const since = Math.max(0, Number(seconds) * 1_000 - REFUSALS_KEPT_MS);
        const found = await redis.xrevrange(keys.refused, '+', since, 'COUNT', count);
        return found.map(entryOf).map(({ at, fields }) => refusalOf(at, fields));
      }),
  };
}
