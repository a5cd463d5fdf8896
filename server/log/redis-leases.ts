// Leases on Redis: a key that expires, with the fencing number and the holder in it.
import { encode } from '../events/encode.ts';
import { identified } from './identify.ts';
import type { Keys } from './keys.ts';
import { tokenOf } from './leases.ts';
import type { LeaseStore } from './leases.ts';
import type { RedisLink } from './redis-link.ts';
import { APPEND_FENCED, RELEASE_LEASE, RENEW_LEASE, TAKE_LEASE } from './scripts/leases.ts';
import { runFenced, runScript, wordsOf } from './scripts/script.ts';

export function redisLeases(keys: Keys, commands: RedisLink): LeaseStore {
  return {
    takeLease: (name, holder, ms) =>
      commands.run(async (redis) => {
        const at = [keys.lease(name), keys.fence];
        const fence = Number(await runScript(redis, TAKE_LEASE, at, [holder, ms]));
        return fence > 0 ? { name, fence, holder } : null;
      }),
    renewLease: (lease, ms) =>
      commands.run(async (redis) => {
        const at = [keys.lease(lease.name)];
        return (await runScript(redis, RENEW_LEASE, at, [tokenOf(lease), ms])) === 1;
      }),
    releaseLease: (lease) =>
      commands.run(async (redis) => {
        await runScript(redis, RELEASE_LEASE, [keys.lease(lease.name)], [tokenOf(lease)]);
      }),
    appendFenced: (lease, events) =>
      commands.run(async (redis) => {
        const at = [keys.lease(lease.name), keys.journal];
        const words = [tokenOf(lease), ...wordsOf(identified(events).map(encode))];
        const ids = await runFenced(redis, lease.name, (open) =>
          runScript(open, APPEND_FENCED, at, words),
        );
        return ids as readonly string[];
      }),
  };
}
