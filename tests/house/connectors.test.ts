// Connectors begin and end in one order, whoever asks.
import { expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { readConfig } from '../../server/config.ts';
import { createConnectors } from '../../server/connectors.ts';
import { Floor } from '../../server/floor/floor.ts';
import { openMemoryStore } from '../../server/log/memory-store.ts';
import { createTelemetry } from '../../server/telemetry.ts';
import { OPTIONS } from '../floor/scene.ts';

it('[HSE-13] leaves nobody behind when gaps follow each other and Pharos closes', async () => {
  const read = readConfig({ PHAROS_DEMO: 'off' });
  if (!read.ok) throw new Error(read.complaints.join());
  const store = openMemoryStore(systemClock);
  const connectors = createConnectors({
    config: read.config,
    store,
    clock: systemClock,
    telemetry: createTelemetry(),
    holder: 'this-server',
    floor: new Floor(OPTIONS),
    onRefused: () => undefined,
    isUsed: () => false,
    obey: () => Promise.resolve({ refused: 'log' as const }),
  });
  const take = () => store.takeLease('copier', 'another-server', 1);
  await connectors.start();
  await expect.poll(take).toBeNull();
  connectors.tellAnew([]);
  connectors.tellAnew([]);
  await expect.poll(take).toBeNull();
  connectors.tellAnew([]);
  await connectors.close();
  expect(await take()).not.toBeNull();
});
