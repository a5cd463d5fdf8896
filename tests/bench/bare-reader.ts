// Yardstick of folding: ioredis alone, as it comes, reads a stream from its beginning to its end and looks at nothing.
import { Redis } from 'ioredis';

export interface BareRun {
  readonly entries: number;
  readonly ms: number;
}

/** ioredis parses each reply into strings; each read begins where the one before ended. */
export async function readBare(
  url: string,
  { key, count }: { readonly key: string; readonly count: number },
): Promise<BareRun> {
  const redis = new Redis(url);
  await redis.ping();
  const begun = performance.now();
  let entries = 0;
  let after = '0-0';
  for (;;) {
    const reply = await redis.xread('COUNT', count, 'STREAMS', key, after);
    const read = reply?.[0]?.[1] ?? [];
    entries += read.length;
    after = read.at(-1)?.[0] ?? after;
    if (read.length < count) break;
  }
  const ms = performance.now() - begun;
  redis.disconnect();
  return { entries, ms };
}
