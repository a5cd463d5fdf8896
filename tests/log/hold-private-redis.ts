// A process that starts the private Redis of a folder, writes one event, says where it is, and waits to be killed.
import { systemClock } from '../../server/clock.ts';
import { untilAnswering } from '../../server/log/answering.ts';
import { startPrivateRedis } from '../../server/log/private-redis.ts';
import { openRedisStore } from '../../server/log/redis-store.ts';

const started = await startPrivateRedis({ dir: process.argv[2] ?? '', clock: systemClock });
if (started.kind === 'refused') throw new Error(started.why);
const store = openRedisStore({ url: started.redis.url, site: 'main' });
await untilAnswering(store, { clock: systemClock, withinMs: 10_000 });
await store.append([{ type: 'contact.held', subject: 'a', data: {} }]);
console.log(started.redis.url);
