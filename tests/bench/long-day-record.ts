// What the state of a day consists of: the lists in the record that the server keeps in Redis, counted.
import { gunzipSync } from 'node:zlib';
import type { Redis } from 'ioredis';
import { KEYS } from './long-day-site.ts';

/** Rows by list, such as `floor.callbacks.calls`. */
export type RecordSizes = ReadonlyMap<string, number>;

const DEPTH_MOST = 3;

/** Of the newest snapshot; empty while there is none. */
export async function sizesOfRecord(redis: Redis): Promise<RecordSizes> {
  const body = await redis.hgetBuffer(KEYS.snapshot('newest'), 'body');
  if (body === null) return new Map();
  const sizes = new Map<string, number>();
  count(JSON.parse(gunzipSync(body).toString()), '', sizes);
  return sizes;
}

function count(node: unknown, path: string, sizes: Map<string, number>): void {
  if (Array.isArray(node)) {
    sizes.set(path, node.length);
    return;
  }
  if (typeof node !== 'object' || node === null || path.split('.').length > DEPTH_MOST) return;
  for (const [name, value] of Object.entries(node))
    count(value, path === '' ? name : `${path}.${name}`, sizes);
}
