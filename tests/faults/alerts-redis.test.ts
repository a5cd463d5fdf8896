// Redis killed, frozen, emptied or set back while alarms are open: none ends, none is told again, and what came meanwhile is told once.
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AlertMoved, AlertTold } from '../../server/events/episode.ts';
import type { NewEvent } from '../../server/events/event.ts';
import { firstHold, over, stillHeld, thirdHold } from './alarm-cast.ts';
import type { Cast } from './alarm-cast.ts';
import { allOf, heardBy } from './alarm-reckoning.ts';
import { alarmsOf, episodeOf, take } from './alarm-said.ts';
import { openAlarmSite, pauseFor, untilSo } from './alarm-site.ts';
import type { AlarmSite } from './alarm-site.ts';
import type { Pharos } from '../support/pharos.ts';
import { knownOf } from './arena.ts';
import { record } from './record.ts';
import { times } from './scale.ts';

/** Of the hold whose limits pass meanwhile: P2 after it, P1 after twice. */
const HOLD_SECONDS = 2;
/** Longer than it takes to P1. */
const AWAY_MS = 5_000;
/** Before its entry could be written: so late is what was true while nobody could say it. */
const LATE_MS = 90_000;
const ROLES = 4;

interface Trouble {
  readonly name: string;
  readonly full: number;
  /** Lasts until it is over. */
  readonly make: (site: AlarmSite) => Promise<void>;
  /** Called when the first alarm is told, and the second is not. */
  readonly prepare?: (site: AlarmSite) => Promise<void>;
  /** What was written after its preparing is gone. */
  readonly forgets: boolean;
}

const killed: Trouble = {
  ...{ name: 'Redis killed', full: 30, forgets: false },
  async make({ redis }) {
    await redis.kill();
    await pauseFor(AWAY_MS);
    await redis.restart();
  },
};

const frozen: Trouble = {
  ...{ name: 'Redis frozen', full: 30, forgets: false },
  async make({ redis }) {
    redis.stop();
    await pauseFor(AWAY_MS);
    redis.cont();
  },
};

const emptied: Trouble = {
  ...{ name: 'Redis emptied (FLUSHALL)', full: 30, forgets: true },
  async make({ redis }) {
    await redis.say('FLUSHALL');
  },
};

const startedEmpty: Trouble = {
  ...{ name: 'Redis killed and started again empty', full: 30, forgets: true },
  async make({ redis }) {
    await redis.kill();
    await rm(join(redis.dir, 'appendonlydir'), { recursive: true });
    await redis.restart();
  },
};

const setBack: Trouble = {
  ...{ name: 'Redis killed and an older copy restored', full: 30, forgets: true },
  prepare: ({ redis }) =>
    cp(join(redis.dir, 'appendonlydir'), join(redis.dir, 'older'), { recursive: true }),
  async make({ redis }) {
    const [data, older] = [join(redis.dir, 'appendonlydir'), join(redis.dir, 'older')];
    await redis.kill();
    await rm(data, { recursive: true });
    await cp(older, data, { recursive: true });
    await rm(older, { recursive: true });
    await redis.restart();
  },
};

describe('open alarms while Redis is in trouble', () => {
  it.concurrent.each([killed, frozen, emptied, startedEmpty, setBack])(
    '[FLT-103] $name: none ends, none is told again; what came meanwhile is told once, as it is then, and says how late',
    async (trouble) => {
      const tries = times(1, trouble.full);
      const site = await openAlarmSite(tries * ROLES);
      const backMs: number[] = [];
      try {
        const pharos = await site.start();
        for (let each = 0; each < tries; each++)
          backMs.push(await tryOnce(trouble, site, pharos, site.cast.slice(each * ROLES)));
        await untilSo('ended', () => isOver(site, site.cast));
        const { raw, unique, lost, renamed, repeats } = await site.drained();
        record({
          fault: `open alarms: ${trouble.name}`,
          times: tries,
          ...{ noticedMs: [], backMs, lost: lost.length, twice: renamed.length },
          says: `back: the next alarm came; ${unique} notifications came ${raw} times; nothing ended, nothing told again`,
        });
        expect(lost).toEqual([]);
        expect(renamed).toEqual([]);
        expect([...repeats]).toEqual([]);
      } finally {
        await site.close();
      }
    },
    2_400_000,
  );
});

/** Whose source has told all that is true. */
const hasTold = new WeakSet<AlarmSite>();

/** Gives how long after the end of the trouble the alarm of meanwhile was heard, in milliseconds. */
async function tryOnce(
  trouble: Trouble,
  site: AlarmSite,
  pharos: Pharos,
  cast: readonly Cast[],
): Promise<number> {
  const [taken, told, meanwhile, late] = cast as readonly [Cast, Cast, Cast, Cast];
  const { store, sink } = site;
  const isTold = (who: Cast) => (): boolean => alarmsOf(who, sink).length > 0;
  await store.append([...thirdHold(taken)]);
  await untilSo('told the first', isTold(taken));
  expect(await take(await episodeOf(taken, pharos), taken, pharos)).toBe(200);
  await untilSo('settled', () => isSettled(site, taken));
  await trouble.prepare?.(site);
  await store.append([...thirdHold(told)]);
  await untilSo('told the second', isTold(told));
  await untilSo('settled', () => isSettled(site, told));
  await store.append(begins(meanwhile));
  await untilSo('held', () => holds(meanwhile, pharos));
  const held = await Promise.all(
    [taken, told, meanwhile].map(async (cast) => ({ cast, since: await heldSince(cast, pharos) })),
  );
  const open = [await episodeOf(taken, pharos), await episodeOf(told, pharos)];
  const heardBefore = sink.received.length;

  // The gap of the try before stands for five seconds.
  await untilSo('live', async () => (await stateOfLog(pharos)) === 'live');
  await trouble.make(site);
  const endedAt = performance.timeOrigin + performance.now();
  if (trouble.forgets) {
    // Whoever is asked to tell anew is asked once the loss was noticed; who never did is marked.
    await untilSo('noticed', async () =>
      hasTold.has(site)
        ? (await stateOfLog(pharos)) === 'gap'
        : (await stateOfSource(pharos)) === 'faulty',
    );
    hasTold.add(site);
    await say(site, [stillHeld(held)]);
  }
  await untilSo('told what came meanwhile', () => {
    const severities = alarmsOf(meanwhile, sink).flatMap(({ episodes }) => episodes[0]!.severity);
    return severities.includes('P1');
  });
  await say(site, thirdHold(late, Date.now() - LATE_MS));
  await untilSo('told the late one', isTold(late));

  const after = [await episodeOf(taken, pharos), await episodeOf(told, pharos)];
  expect(after, 'open as before: same names, versions and taker').toEqual(open);
  const ended = (await allOf<AlertMoved>(store, 'alert.moved')).filter(
    ({ to, reason, subject }) =>
      cast.slice(0, ROLES).some(({ contact }) => contact === subject) &&
      (to === 'resolved' || to === 'recovering' || reason === 'again'),
  );
  expect(ended).toEqual([]);
  const since = heardBy(sink).slice(heardBefore);
  const agents = [taken, told].map(({ agent }) => agent);
  expect(
    since.filter(({ episodes }) =>
      episodes.some(({ params }) => agents.includes(params.agent ?? '')),
    ),
    'told again',
  ).toEqual([]);
  const first = alarmsOf(meanwhile, sink);
  const severities = first.map(({ episodes }) => episodes[0]!.severity);
  expect(severities, 'each severity once').toEqual([...new Set(severities)]);
  // Where it lasted, only what is so then.
  if (!trouble.forgets) expect(severities).toEqual(['P1']);
  const [message, ...more] = alarmsOf(late, sink);
  expect(more).toEqual([]);
  expect(message!.lines.join(' ')).toMatch(/1 min late/);
  await say(
    site,
    cast.slice(0, ROLES).map((each) => over(each)),
  );
  return first.at(-1)!.at - endedAt;
}

/** On hold from now on, with a limit that passes soon. */
function begins(cast: Cast): NewEvent[] {
  const { team } = cast;
  const limits = { holdSeconds: HOLD_SECONDS };
  const profile = { type: 'team.profile', subject: team, data: { name: team, limits } } as const;
  return [{ ...profile, source: 'pbx' }, ...firstHold(cast)];
}

async function stateOfSource(pharos: Pharos): Promise<string | undefined> {
  // Its doors may fail as long as Redis is on its way back.
  const known = await knownOf(pharos).catch(() => null);
  return known?.rows.sources?.pbx?.state;
}

async function stateOfLog(pharos: Pharos): Promise<string> {
  const said = await fetch(`${pharos.url}/readyz`);
  return ((await said.json()) as { readonly state: string }).state;
}

async function heldSince({ contact }: Cast, pharos: Pharos): Promise<number> {
  return (await knownOf(pharos)).rows.contacts?.[contact]?.hold.since ?? Number.NaN;
}

/** Those whose beginning the journal still holds have ended, each once. */
async function isOver({ store }: AlarmSite, cast: readonly Cast[]): Promise<boolean> {
  const ended = (await allOf<AlertMoved>(store, 'alert.moved')).filter(
    ({ to }) => to === 'resolved',
  );
  const subjects = new Set(ended.map(({ subject }) => subject));
  return cast.slice(-ROLES).every(({ contact }) => subjects.has(contact));
}

/** The first of them is told, and marked so. */
async function isSettled({ store }: AlarmSite, { lead }: Cast): Promise<boolean> {
  const told = await allOf<AlertTold>(store, 'alert.told');
  return told.some(({ of, outcome }) => of === lead && outcome === 'sent');
}

async function holds({ contact }: Cast, pharos: Pharos): Promise<boolean> {
  return (await knownOf(pharos)).rows.contacts?.[contact]?.state === 'held';
}

/** The connection of who says it may still be the one that broke. */
async function say({ store }: AlarmSite, events: readonly NewEvent[]): Promise<void> {
  await untilSo('said', () =>
    store.append([...events]).then(
      () => true,
      () => false,
    ),
  );
}
