// Connectors begin and end in one order, whoever asks.
import { expect, it } from 'vitest';
import { systemClock } from '../../server/clock.ts';
import { readConfig } from '../../server/config.ts';
import type { Config } from '../../server/config.ts';
import { createConnectors } from '../../server/connectors.ts';
import type { Connectors } from '../../server/connectors.ts';
import { decode } from '../../server/events/decode.ts';
import { Floor } from '../../server/floor/floor.ts';
import { instantOf, ORIGIN } from '../../server/log/continuity.ts';
import { openMemoryStore } from '../../server/log/memory-store.ts';
import type { Store } from '../../server/log/store.ts';
import { createTelemetry } from '../../server/telemetry.ts';
import { OPTIONS } from '../floor/scene.ts';

function connectorsOf(config: Config, store: Store, floor = new Floor(OPTIONS)): Connectors {
  return createConnectors({
    config,
    store,
    clock: systemClock,
    telemetry: createTelemetry(),
    holder: 'this-server',
    floor,
    onRefused: () => undefined,
    grantOf: () => undefined,
    isUsed: () => false,
    obey: () => Promise.resolve({ refused: 'log' as const }),
  });
}

it('[HSE-13] leaves nobody behind when gaps follow each other and Pharos closes', async () => {
  const read = readConfig({ PHAROS_DEMO: 'off' });
  if (!read.ok) throw new Error(read.complaints.join());
  const store = openMemoryStore(systemClock);
  const connectors = connectorsOf(read.config, store);
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

it('[HSE-17] has begun once the floor knows the past and the present of a new demo', async () => {
  const read = readConfig({});
  if (!read.ok) throw new Error(read.complaints.join());
  const store = openMemoryStore(systemClock);
  const floor = new Floor(OPTIONS);
  const connectors = connectorsOf(read.config, store, floor);
  let hasBegun = false;
  const started = connectors.start().then(() => (hasBegun = true));
  const entries = () => store.read(ORIGIN.id, { count: 100_000, blockMs: 0 });
  await expect
    .poll(async () => (await entries()).some(({ fields }) => fields.type === 'source.heartbeat'))
    .toBe(true);
  for (const { id, fields } of await entries()) {
    expect(hasBegun).toBe(false);
    const decoded = decode(fields, { entryAt: instantOf(id), entryId: id });
    if (decoded.kind === 'event') floor.fold(decoded.event);
    if (fields.type === 'source.heartbeat') break;
  }
  await started;
  expect(floor.facts.callbacks.size).toBeGreaterThan(0);
  await connectors.close();
});
