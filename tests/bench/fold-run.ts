// One folding of a whole journal by the engine itself, from its first entry until it is live.
import { pause, systemClock } from '../../server/clock.ts';
import { createTelemetry } from '../../server/telemetry.ts';
import type { Built } from './fold-built.ts';
import { SITE } from './fold-journal.ts';

export interface FoldRun {
  /** Events that the floor took. */
  readonly applied: number;
  readonly ms: number;
}

/** The parts as the product puts them together, without screens. Throws where an entry was refused, repeated or unknown. */
export async function foldJournal(
  { Engine, Floor, ORIGIN, createDedupWindow, openRedisStore }: Built,
  url: string,
): Promise<FoldRun> {
  const store = openRedisStore({ url, site: SITE });
  while (!(await store.time().then(Boolean, () => false))) await pause(systemClock, 5);
  const { firstId, length } = await store.extent();
  const beginsAt = Number(firstId?.split('-')[0]);
  const counts = { applied: 0, repeated: 0, unknown: 0 };
  const telemetry = createTelemetry();
  telemetry.subscribe(({ name, fields }) => {
    if (name !== 'engine.turned') return;
    counts.applied += Number(fields?.applied);
    counts.repeated += Number(fields?.repeated);
    counts.unknown += Number(fields?.unknown);
  });
  const engine = new Engine({
    log: store,
    floor: new Floor({
      site: SITE,
      zone: 'Etc/UTC',
      country: null,
      dayStarts: '00:00',
      languages: ['en'],
      demo: false,
      build: 'bench',
      now: beginsAt,
    }),
    dedup: createDedupWindow(),
    clock: systemClock,
    telemetry,
    standing: { position: ORIGIN, soundAt: beginsAt },
    probeWrite: () => store.probe(),
    onTouched: () => undefined,
    onRefused: () => undefined,
    onGap: () => undefined,
  });
  const begun = performance.now();
  await engine.start();
  const ms = performance.now() - begun;
  await engine.close();
  await store.close();
  if (counts.applied !== length)
    throw new Error(
      `expected all ${length} entries to be folded, got ${JSON.stringify(counts)} and the rest refused`,
    );
  return { applied: counts.applied, ms };
}
