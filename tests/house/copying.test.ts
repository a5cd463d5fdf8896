// What is said of the copying: not each failure, but that it lasts, and its end.
import { expect, it } from 'vitest';
import { startCopying } from '../../server/copying.ts';
import { LogTrouble } from '../../server/log/log.ts';
import { openMemoryStore } from '../../server/log/memory-store.ts';
import { createTelemetry } from '../../server/telemetry.ts';
import { createManualClock } from '../support/manual-clock.ts';

it('[LOG-89] says once that nothing is copied when that lasts, and when it is again', async () => {
  const clock = createManualClock();
  const memory = openMemoryStore(clock);
  const telemetry = createTelemetry();
  const said: string[] = [];
  telemetry.subscribe(({ text }) => {
    if (text !== undefined) said.push(text);
  });
  let isForbidden = false;
  const copying = startCopying({
    store: {
      ...memory,
      inboundSources: () =>
        isForbidden
          ? Promise.reject(new LogTrouble('NOAUTH', 'NOPERM no permission'))
          : memory.inboundSources(),
    },
    lease: (await memory.takeLease('copier', 'one', 3_600_000))!,
    ...{ clock, telemetry, heardAt: () => null, onRefused: () => undefined },
    grantOf: () => undefined,
  });
  await clock.advance(10_000);
  isForbidden = true;
  await clock.advance(6_000);
  isForbidden = false;
  await clock.advance(3_000);
  const stuck = said.length;
  isForbidden = true;
  await clock.advance(30_000);
  isForbidden = false;
  await clock.advance(3_000);
  await copying.stop();
  expect(stuck).toBe(0);
  expect(said).toEqual([
    expect.stringMatching(/^No stream in: is copied: .*NOPERM/),
    'Streams in: are copied again.',
  ]);
});
