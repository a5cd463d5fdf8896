// How much the engine reads at once: a journal of large entries is folded in small bites.
import { expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { Engine } from '../../server/engine/engine.ts';
import { Floor } from '../../server/floor/floor.ts';
import { ORIGIN } from '../../server/log/continuity.ts';
import { createDedupWindow } from '../../server/log/dedup.ts';
import { openMemoryStore } from '../../server/log/memory-store.ts';
import { createTelemetry } from '../../server/telemetry.ts';
import { OPTIONS } from '../floor/scene.ts';

/** Entries, and characters of their text, of each read that gave any, for a journal of `entries`. */
async function readsOf(
  entries: readonly Readonly<Record<string, string>>[],
): Promise<{ readonly counts: number[]; readonly chars: number[]; readonly floor: Floor }> {
  const store = openMemoryStore(systemClock);
  await store.appendFields(entries);
  const counts: number[] = [];
  const chars: number[] = [];
  const floor = new Floor({ ...OPTIONS, now: systemClock.now() });
  const engine = new Engine({
    log: {
      ...store,
      async read(after, options) {
        const read = await store.read(after, options);
        if (read.length > 0) {
          counts.push(read.length);
          chars.push(read.reduce((sum, { fields }) => sum + (fields.data?.length ?? 0), 0));
        }
        return read;
      },
    },
    floor,
    dedup: createDedupWindow(),
    clock: systemClock,
    telemetry: createTelemetry(),
    standing: { position: ORIGIN, soundAt: 0 },
    probeWrite: () => Promise.resolve(),
    onTouched: () => undefined,
    onRefused: () => undefined,
    onGap: () => undefined,
  });
  await engine.start();
  expect(engine.health().state).toBe('live');
  await engine.close();
  return { counts, chars, floor };
}

const queued = (subject: string): Readonly<Record<string, string>> => ({
  type: 'contact.queued',
  subject,
  data: '{"queue":"billing"}',
});

it('[ENG-11] reads a backlog of large entries in small bites, and what stands behind them', async () => {
  // The same text a thousand times costs the test no memory of its own.
  const large = { type: 'contact.queued', subject: 'x', data: 'x'.repeat(1_000_000) };
  const entries = Array.from({ length: 400 }, () => large);
  const { counts, chars, floor } = await readsOf([...entries, queued('good')]);
  expect(counts[0]).toBe(125);
  expect(Math.max(...chars.slice(3))).toBeLessThanOrEqual(16_000_000);
  expect([...floor.facts.contacts.keys()]).toEqual(['good']);
});

it('[ENG-11] reads a backlog of small ones in large bites', async () => {
  const { counts } = await readsOf(Array.from({ length: 4_000 }, (_, n) => queued(`c${n}`)));
  expect(counts).toEqual([125, 250, 500, 1_000, 1_000, 1_000, 125]);
});
