// The keeper of the record, when what it wrote is gone.
import { expect, it } from 'vitest';
import { Floor } from '../../server/floor/floor.ts';
import { startKeeper } from '../../server/keeper.ts';
import { createDedupWindow } from '../../server/log/dedup.ts';
import { openMemoryStore } from '../../server/log/memory-store.ts';
import { createTelemetry } from '../../server/telemetry.ts';
import { OPTIONS } from '../floor/scene.ts';
import { createManualClock } from '../support/manual-clock.ts';

it('[LOG-26] writes the record of a quiet floor anew when its lease was lost, and only then', async () => {
  const clock = createManualClock();
  const store = openMemoryStore(clock);
  let saved = 0;
  const telemetry = createTelemetry();
  telemetry.subscribe(({ name }) => {
    if (name === 'snapshot.saved') saved += 1;
  });
  const keeper = startKeeper({
    store,
    floor: new Floor({ ...OPTIONS, now: clock.now() }),
    dedup: createDedupWindow(),
    clock,
    telemetry,
    holder: 'one',
    standing: () => ({ position: { id: '0-0', added: 0 }, soundAt: clock.now() }),
  });
  await clock.advance(200_000);
  expect(saved).toBe(1);
  // As when Redis is emptied: its key is gone, and nobody else has it.
  await store.releaseLease({ name: 'snapshot', fence: 1, holder: 'one' });
  await clock.advance(10_000);
  expect(saved).toBe(2);
  await keeper.close();
});
