// One story told to three sites at once, one server, two, and two of which one is killed or frozen: people hear the same, and the report says who sent it.
import { describe, expect, it } from 'vitest';
import type { AlertMoved } from '../../server/events/episode.ts';
import { createChance, seedFor } from '../support/chance.ts';
import type { Pharos } from '../support/pharos.ts';
import { over, thirdHold } from './alarm-cast.ts';
import { allOf, heardBy, tooMany } from './alarm-reckoning.ts';
import type { Heard, Span } from './alarm-reckoning.ts';
import { openAlarmSite, pauseFor, untilSo } from './alarm-site.ts';
import type { AlarmSite } from './alarm-site.ts';
import { sendingAs } from './preload.ts';
import { record } from './record.ts';
import { times } from './scale.ts';

/** Holds begin so far apart at most, and last so long at most. */
const GAP_MS = 800;
const LASTS_MS = { least: 2_000, more: 4_000 } as const;
/** Longer than the lease of what a frozen one has in hand. */
const FROZEN_MS = 12_000;
/** Between two faults. */
const APART_MS = 700;
const HOLDS = times(50, 700);
const FAULTS = times(3, 32);

interface Told {
  readonly site: AlarmSite;
  readonly servers: readonly Pharos[];
}

describe('two servers and people', () => {
  it('[FLT-104] [FLT-105] tell exactly what one tells, also while one of them is killed or frozen', async () => {
    const seed = seedFor('alarms of two servers');
    const closings: (() => Promise<void>)[] = [];
    const open = async (names: readonly string[]): Promise<Told> => {
      const site = await openAlarmSite(HOLDS);
      closings.push(() => site.close());
      const servers: Pharos[] = [];
      for (const name of names) servers.push(await site.start(sendingAs(name)));
      return { site, servers };
    };
    try {
      const [alone, both, hurt] = [
        await open(['one']),
        await open(['one', 'two']),
        await open(['one', 'two']),
      ];
      const all = [alone, both, hurt];
      let isOver = false;
      const faults = hurtInTurn(hurt.servers, () => isOver);
      await tell(
        all.map(({ site }) => site),
        seed,
      );
      isOver = true;
      const count = await faults;
      const reckoned = [];
      for (const { site } of all) {
        await untilSo('all ended', () => hasEnded(site), 60_000);
        reckoned.push(await site.drained());
      }
      const [first, second, third] = all.map(({ site }) => heardBy(site.sink));
      const names = (heard: readonly Heard[] = []): readonly string[] =>
        [...new Set(heard.map(({ id, to }) => `${to} ${id}`))].sort();
      const [sentByOne, sentByTwo] = [second, third].map((heard = []) => sendersOf(heard));
      for (const [index, { raw, unique, lost, renamed, repeats }] of reckoned.entries()) {
        record({
          fault: `alarms told by ${['one server', 'two servers', 'two servers, one of them killed or frozen'][index]}`,
          times: index === 2 ? count.length : 1,
          ...{ noticedMs: [], backMs: [], lost: lost.length, twice: renamed.length },
          says: `${HOLDS} holds, ${unique} notifications came ${raw} times (${repeats.length} repeats by the same name)${index === 0 ? '' : `; sent by ${index === 1 ? sentByOne : sentByTwo}; the same as by one server`}`,
        });
      }
      for (const { lost, renamed, unplanned } of reckoned)
        expect({ lost, renamed, unplanned }).toEqual({ lost: [], renamed: [], unplanned: [] });
      expect(names(second)).toEqual(names(first));
      expect(names(third)).toEqual(names(first));
      expect([...reckoned[0]!.repeats, ...reckoned[1]!.repeats], 'nobody died').toEqual([]);
      expect(tooMany(reckoned[2]!.repeats, count), 'beyond one a fault and channel').toEqual([]);
    } finally {
      for (const close of closings.reverse()) await close();
    }
  }, 2_400_000);
});

/** The same events of the same instants to each, so that episodes have the same names. */
async function tell(sites: readonly AlarmSite[], seed: number): Promise<void> {
  const chance = createChance(seed);
  const ends: Promise<void>[] = [];
  for (let hold = 0; hold < HOLDS; hold++) {
    const at = Date.now();
    await Promise.all(
      sites.map(({ store, cast }) => store.append([...thirdHold(cast[hold]!, at)])),
    );
    const lasts = LASTS_MS.least + chance.below(LASTS_MS.more);
    ends.push(
      pauseFor(lasts).then(async () => {
        const endsAt = Date.now();
        for (const { store, cast } of sites) await store.append([over(cast[hold]!, endsAt)]);
      }),
    );
    await pauseFor(chance.below(GAP_MS));
  }
  await Promise.all(ends);
}

/** Kills and freezes them one after the other, both in turn, until it is over; gives when. */
async function hurtInTurn(
  servers: readonly Pharos[],
  isOver: () => boolean,
): Promise<readonly Span[]> {
  let count = 0;
  const faults: Span[] = [];
  while (count < FAULTS && !isOver()) {
    const [victim] = servers.slice(count % servers.length);
    const from = now();
    if (count % 4 < 2) {
      await victim?.kill();
      await pauseFor(APART_MS);
      await victim?.start();
    } else {
      victim?.freeze();
      await pauseFor(FROZEN_MS);
      victim?.thaw();
    }
    faults.push({ from, to: now() });
    count += 1;
    await pauseFor(APART_MS);
  }
  return faults;
}

/** Milliseconds since 1970. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

async function hasEnded({ store, cast }: AlarmSite): Promise<boolean> {
  const moves = await allOf<AlertMoved>(store, 'alert.moved');
  const ended = new Set(moves.filter(({ to }) => to === 'resolved').map(({ subject }) => subject));
  return cast.every(({ contact }) => ended.has(contact));
}

/** Such as `one 31, two 29`. */
function sendersOf(heard: readonly Heard[]): string {
  const counts = new Map<string, number>();
  for (const { by } of heard) counts.set(by, (counts.get(by) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
