// Yardstick of folding: ioredis alone reads a stream from its beginning to its end, parses the replies and looks at nothing.
import { Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';

export interface BareRun {
  readonly entries: number;
  readonly ms: number;
}

export async function readBare(
  url: string,
  {
    key,
    count,
    options,
  }: { readonly key: string; readonly count: number; readonly options: RedisOptions },
): Promise<BareRun> {
  const redis = new Redis(url, { ...options, lazyConnect: true });
  await redis.connect();
  try {
    const begun = performance.now();
    let entries = 0;
    let after = '0-0';
    for (;;) {
      const reply = await redis.xread('COUNT', count, 'STREAMS', key, after);
      const read = reply?.[0]?.[1] ?? [];
      entries += read.length;
      after = read.at(-1)?.[0] ?? after;
      if (read.length < count) return { entries, ms: performance.now() - begun };
    }
  } finally {
    redis.disconnect();
  }
}
