// The server killed at every step of an alarm, from the decision to the mark that it was told, as independent receivers hear it. One room since it is one story: the step, the kill, what is heard after.
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import type { AlertMoved } from '../../server/events/episode.ts';
import { keysOf } from '../../server/log/keys.ts';
import { createChance, seedFor } from '../support/chance.ts';
import type { Chance } from '../support/chance.ts';
import type { Pharos } from '../support/pharos.ts';
import type { RedisProxy, StopAt } from '../support/redis-proxy.ts';
import { over, thirdHold } from './alarm-cast.ts';
import type { Cast } from './alarm-cast.ts';
import { allOf, heardBy, isAlarm, tooMany } from './alarm-reckoning.ts';
import type { Span } from './alarm-reckoning.ts';
import { alarmsOf, episodeOf, take } from './alarm-said.ts';
import { openAlarmSite, pauseFor, untilSo } from './alarm-site.ts';
import type { AlarmSite } from './alarm-site.ts';
import { record } from './record.ts';
import { isFull, times } from './scale.ts';

const LANES = keysOf('main').outbox[2] ?? '';
/** Long enough for everything of one alarm, from the hold to its second level. */
const INSTANT_MS = 3_000;

/** What happens while the server is on its way to the step. */
type During = 'fire' | 'escalation' | 'taken' | 'end';

interface Window {
  readonly name: string;
  readonly during: During;
  /** Null: at any instant. */
  readonly stop: Omit<StopAt, 'holds' | 'nth'> | null;
  /** Besides the name of the contact or its agent, which stands in all of them. */
  readonly says?: string;
  readonly full?: number;
}

const DECIDE = { kind: 'DECIDE', moment: 'unanswered' } as const;
const DECIDED = { kind: 'DECIDE', moment: 'answered' } as const;

const WINDOWS: readonly Window[] = [
  { name: 'decision, before it', during: 'fire', stop: { ...DECIDE, moment: 'before' } },
  { name: 'decision, before its reply', during: 'fire', stop: DECIDE },
  { name: 'decision, after its reply', during: 'fire', stop: DECIDED },
  {
    ...{ name: 'decision, before it is read back', during: 'fire', says: '"began"' },
    stop: { kind: 'XREAD events', moment: 'unanswered' },
  },
  {
    name: 'claim, before its reply',
    during: 'fire',
    stop: { kind: 'CLAIM', moment: 'unanswered' },
  },
  { name: 'claim, after its reply', during: 'fire', stop: { kind: 'CLAIM', moment: 'answered' } },
  { name: 'sent, and not marked', during: 'fire', stop: { kind: 'SETTLE', moment: 'before' } },
  {
    name: 'mark, before its reply',
    during: 'fire',
    stop: { kind: 'SETTLE', moment: 'unanswered' },
  },
  { name: 'mark, after its reply', during: 'fire', stop: { kind: 'SETTLE', moment: 'answered' } },
  {
    ...{ name: 'escalation decided, before its reply', during: 'escalation' },
    ...{ stop: DECIDE, says: '"escalated"' },
  },
  {
    ...{ name: 'escalation decided, after its reply', during: 'escalation' },
    ...{ stop: DECIDED, says: '"escalated"' },
  },
  {
    ...{ name: 'taken by a person, before it', during: 'taken', says: '"acknowledged"' },
    stop: { ...DECIDE, moment: 'before' },
  },
  {
    ...{ name: 'taken by a person, before its reply', during: 'taken' },
    ...{ stop: DECIDE, says: '"acknowledged"' },
  },
  {
    ...{ name: 'taken by a person, after its reply', during: 'taken' },
    ...{ stop: DECIDED, says: '"acknowledged"' },
  },
  { name: 'end decided, before its reply', during: 'end', stop: DECIDE, says: '"ended"' },
  { name: 'any instant', during: 'fire', stop: null, full: 200 },
];

describe('a server that is killed on its way from an alarm to a person', () => {
  // In full each step has a site of its own, so that a failure names its step; else thirds run side by side.
  const third = Math.ceil(WINDOWS.length / 3);
  const rounds = isFull
    ? WINDOWS.map((window) => [window])
    : [0, 1, 2].map((part) => WINDOWS.slice(part * third, (part + 1) * third));
  const mode = isFull ? it : it.concurrent;
  mode.each(rounds.map((each) => ({ name: nameOf(each), each })))(
    '[FLT-100] [FLT-101] [FLT-102] loses no notification, names none twice, and repeats one a kill and channel at most: $name',
    async ({ name, each }) => {
      const kills = each.flatMap((window) =>
        Array.from({ length: times(1, window.full ?? 30) }, () => window),
      );
      const site = await openAlarmSite(kills.length);
      try {
        await killThrough(name, kills, site);
      } finally {
        await site.close();
      }
    },
    2_400_000,
  );
});

function nameOf(each: readonly Window[]): string {
  return each.length === 1 ? (each[0]?.name ?? '') : `${each.length} steps from "${each[0]?.name}"`;
}

async function killThrough(name: string, kills: readonly Window[], site: AlarmSite): Promise<void> {
  const chance = createChance(seedFor(`killed: ${name}`));
  const { pharos, proxy } = await site.startBehindProxy();
  const redis = new Redis(site.redis.url);
  const toldMs: number[] = [];
  const killed: Span[] = [];
  /** From the server's return to the alarm, where it was not told before. */
  const backMs: number[] = [];
  try {
    for (const [index, window] of kills.entries()) {
      const cast = site.cast[index]!;
      const { heldAt, goneAt, backAt } = await killAt(window, {
        site,
        pharos,
        proxy,
        redis,
        cast,
        chance,
      });
      const first = alarmsOf(cast, site.sink).find(({ to }) => to === cast.lead);
      const toldAt = first?.at ?? Infinity;
      toldMs.push(toldAt - heldAt);
      killed.push({ from: goneAt, to: goneAt });
      if (toldAt > backAt) backMs.push(toldAt - backAt);
    }
    const found = await site.drained();
    const { raw, unique, lost, renamed, unplanned, repeats } = found;
    toldMs.sort((a, b) => a - b);
    const at = (share: number): number =>
      Math.round(toldMs[Math.floor((toldMs.length - 1) * share)]!);
    record({
      fault: `server killed with an alarm on its way: ${name}`,
      times: kills.length,
      ...{ noticedMs: [], backMs },
      lost: lost.length,
      twice: renamed.length,
      says: `${backMs.length === 0 ? '' : `back: told after the server’s return (${backMs.length}); `}${unique} notifications came ${raw} times (${repeats.length} repeats by the same name); first told ${at(0.5)} ms after the limit, most ${at(1)} ms`,
    });
    expect(lost, 'planned, and never heard').toEqual([]);
    expect(unplanned, 'heard, and never planned').toEqual([]);
    expect(renamed, 'told under two names').toEqual([]);
    expect(tooMany(repeats, killed), 'repeats beyond one a kill and channel').toEqual([]);
    await expectStories(site, kills);
  } finally {
    redis.disconnect();
  }
}

interface Kill {
  readonly site: AlarmSite;
  readonly pharos: Pharos;
  readonly proxy: RedisProxy;
  readonly redis: Redis;
  readonly cast: Cast;
  readonly chance: Chance;
}

interface Killed {
  /** The instant of the alarm's limit. */
  readonly heldAt: number;
  /** When the server was gone, and when it was there again. */
  readonly goneAt: number;
  readonly backAt: number;
}

/** Brings an alarm to the step, kills the server in it, and starts it again. */
async function killAt(window: Window, kill: Kill): Promise<Killed> {
  const { site, pharos, proxy, redis, cast, chance } = kill;
  const { store } = site;
  const isHeard = (who: string) => (): boolean =>
    alarmsOf(cast, site.sink).some(({ to }) => to === who);
  const isTold = (): Promise<void> => untilSo(`told ${cast.lead}`, isHeard(cast.lead));
  let gone: Promise<unknown> = Promise.resolve();
  const arm = (): Promise<string> => {
    if (window.stop === null) throw new Error('invariant: a step is named');
    const holds = [holderOf(window, cast), ...(window.says === undefined ? [] : [quoted(window)])];
    return proxy.stopAt({ ...window.stop, holds }, () => {
      gone = pharos.kill();
    });
  };
  const early = window.stop !== null && window.during === 'fire' ? arm() : null;
  const heldAt = Date.now();
  await store.append([...thirdHold(cast, heldAt)]);
  if (window.stop === null) {
    await pauseFor(chance.below(INSTANT_MS));
    gone = pharos.kill();
  } else if (early !== null) await reached(window, early);
  else {
    await isTold();
    const taken = window.during === 'taken' ? await episodeOf(cast, pharos) : null;
    const late = arm();
    if (taken !== null) void take(taken, cast, pharos);
    if (window.during === 'end') await store.append([over(cast)]);
    await reached(window, late);
  }
  await gone;
  const goneAt = performance.timeOrigin + performance.now();
  proxy.release();
  // As ten seconds would: nobody is there who could still send.
  const lanes = await redis.zrange(LANES, '0', '-1');
  for (const lane of lanes) await redis.zadd(LANES, 1, lane);
  await pharos.start();
  const backAt = performance.timeOrigin + performance.now();
  await isTold();
  if (window.during === 'escalation') await untilSo('escalated', isHeard(cast.relief));
  if (window.during === 'taken') {
    const again = await episodeOf(cast, pharos);
    if (again.taken === null) expect(await take(again, cast, pharos)).toBe(200);
  }
  if (window.during !== 'end') await store.append([over(cast)]);
  return { heldAt, goneAt, backAt };
}

/** What is decided names the contact, what is sent the agent, and its mark who was told. */
function holderOf({ stop }: Window, { agent, contact, lead }: Cast): string {
  if (stop?.kind === 'SETTLE') return lead;
  return stop?.kind === 'CLAIM' ? agent : contact;
}

function quoted({ says = '' }: Window): string {
  return `"reason":${says}`;
}

async function reached(window: Window, step: Promise<string>): Promise<void> {
  let isThere = false;
  void step.then(() => (isThere = true));
  await untilSo(`at "${window.name}"`, () => isThere);
}

/** Every hold was told to its own lead, once began and once ended; what a person took was taken once, and nobody was called after it. */
async function expectStories(site: AlarmSite, kills: readonly Window[]): Promise<void> {
  const moves = await allOf<AlertMoved>(site.store, 'alert.moved');
  const heard = heardBy(site.sink);
  for (const [index, { during, name }] of kills.entries()) {
    const { contact, lead } = site.cast[index]!;
    const mine = moves.filter(({ subject }) => subject === contact);
    const reasons = mine.map(({ reason }) => reason);
    expect([reasons[0], reasons.at(-1)], `${name}: moves of ${contact}`).toEqual([
      'began',
      'ended',
    ]);
    expect(new Set(mine.map(({ episode }) => episode)).size, contact).toBe(1);
    const [episode] = mine.map(({ episode }) => episode);
    const alarms = heard.filter(
      (each) =>
        each.to === lead && isAlarm(each) && each.episodes.some((one) => one.episode === episode),
    );
    expect(alarms, `${name}: alarms of ${contact}`).not.toEqual([]);
    // What waited so long that it got worse is told as it is then.
    const first = alarms.filter(({ kind }) => kind === 'fire');
    const names = new Set(first.map(({ id }) => id)).size;
    expect(names, `${name}: names of the first alarm`).toBeLessThanOrEqual(1);
    if (names === 0) expect(['raise', 'escalate']).toContain(alarms[0]?.kind);
    const ends = heard.filter(
      ({ to, kind, episodes }) =>
        to === lead && kind === 'end' && episodes.some((each) => each.episode === episode),
    );
    expect(new Set(ends.map(({ id }) => id)).size, `${name}: names of the end`).toBe(1);
    if (during !== 'taken') continue;
    expect(reasons.filter((reason) => reason === 'acknowledged')).toHaveLength(1);
    expect(reasons.slice(reasons.indexOf('acknowledged') + 1)).toEqual(['ended']);
  }
}
