// A Redis that would lose what it is given: the start says so in sentences (LOG-55 has which), and goes on.
import { expect, it } from 'vitest';
import { startRedis } from '../support/redis-server.ts';
import { startSite } from './arena.ts';

it.each([
  [{ appendonly: 'yes', 'maxmemory-policy': 'noeviction' }, []],
  [{ appendonly: 'no' }, ['appendonly off']],
  [{ appendonly: 'no', 'maxmemory-policy': 'allkeys-lru' }, ['appendonly off', 'allkeys-lru']],
] as const)('[FLT-9] the start on a Redis of %j warns of %j', async (config, warnings) => {
  const redis = await startRedis({ config });
  try {
    const pharos = await startSite(redis.url);
    const printed = pharos.printed();
    await pharos.close();
    const said = ['appendonly off', 'allkeys-lru'].filter((words) => printed.includes(words));
    expect(said).toEqual(warnings);
  } finally {
    await redis.close();
  }
});
