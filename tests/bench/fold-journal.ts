// A story written into the journal of a real Redis, under ids that are its instants, as if it had been lived.
import { Redis } from 'ioredis';
import { encode } from '../../server/events/encode.ts';
import type { NewEvent } from '../../server/events/event.ts';
import { keysOf } from '../../server/log/keys.ts';

export const SITE = 'main';
const KEYS = keysOf(SITE);
export const JOURNAL = KEYS.journal;
const BATCH = 1_000;

/** Gives how many entries there are. */
export async function writeJournal(url: string, events: readonly NewEvent[]): Promise<number> {
  const redis = new Redis(url);
  const idAfter = createIds();
  try {
    for (let at = 0; at < events.length; at += BATCH) {
      const pipeline = redis.pipeline();
      for (const event of events.slice(at, at + BATCH))
        pipeline.xadd(JOURNAL, idAfter(event.at ?? 0), ...Object.entries(encode(event)).flat());
      for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
    }
    return await redis.xlen(JOURNAL);
  } finally {
    redis.disconnect();
  }
}

/** So that the next start begins with the journal again. */
export async function forgetRecord(url: string): Promise<void> {
  const redis = new Redis(url);
  await redis.del(KEYS.snapshot('newest'), KEYS.snapshot('older'));
  redis.disconnect();
}

/** Ids never go back, though an instant may. */
function createIds(): (at: number) => string {
  let last = 0;
  let sequence = 0;
  return (at) => {
    sequence = at > last ? 0 : sequence + 1;
    last = Math.max(last, at);
    return `${last}-${sequence}`;
  };
}
