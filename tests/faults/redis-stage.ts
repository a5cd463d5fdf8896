// The stage of one story of faults: a Redis, a Pharos on it, a floor that waits and holds, a light screen, a real browser, and a producer.
import type { Browser } from 'playwright-core';
import { systemClock } from '../../server/clock.ts';
import { cutLink } from '../support/cut-link.ts';
import type { CutLink } from '../support/cut-link.ts';
import type { Pharos } from '../support/pharos.ts';
import { startRedis } from '../support/redis-server.ts';
import type { RedisServer } from '../support/redis-server.ts';
import type { WallPage } from '../support/wall-page.ts';
import { JOURNAL, knownOf, startSite, TOKEN } from './arena.ts';
import { openProducer } from './redis-producer.ts';
import type { Producer } from './redis-producer.ts';
import { openScreen } from './screen.ts';
import type { Screen } from './screen.ts';
import { openSignedIn } from './wall-watch.ts';

export const PATIENCE_MS = 20_000;

export interface Stage {
  readonly redis: RedisServer;
  /** Between Pharos and Redis, where one was asked for; the producer has a way of its own. */
  readonly link: CutLink | null;
  readonly pharos: Pharos;
  readonly screen: Screen;
  readonly wall: WallPage;
  readonly producer: Producer;
  /** The instant of the site's clock that the floor is told from. */
  readonly began: number;
  /** As the phone system would: all that is true, with one contact more by this name. */
  readonly tellAll: (more: string) => Promise<void>;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly browser: Browser;
  /** The producer's, unlike those of other stages. */
  readonly name: string;
  readonly way?: 'direct' | 'link';
  /** Of the Pharos, besides. */
  readonly environment?: Readonly<Record<string, string>>;
}

export async function openStage(options: StageOptions): Promise<Stage> {
  const { browser, name, way, environment } = options;
  const closings: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const each of closings.reverse().splice(0)) await each();
  };
  try {
    const redis = await startRedis();
    closings.push(() => redis.close());
    const link = way === 'link' ? await cutLink(Number(new URL(redis.url).port)) : null;
    closings.push(() => link?.close());
    const began = systemClock.now();
    for (const event of floorAt(began)) await say(redis, event);
    const tellAll = (more: string): Promise<void> =>
      say(redis, snapshotOf(began, systemClock.now(), more));
    await tellAll('first');
    const pharos = await startSite(
      link ? `redis://127.0.0.1:${link.port}` : redis.url,
      environment,
    );
    closings.push(async () => {
      // How it ends is not what is tried here.
      await pharos.kill();
      await pharos.close();
    });
    const producer = openProducer(redis.url, name);
    closings.push(() => producer.close());
    const screen = openScreen(pharos.url, TOKEN);
    closings.push(() => screen.close());
    const wall = await openSignedIn(browser, pharos);
    closings.push(() => wall.close());
    await wall.untilLive(PATIENCE_MS);
    await screen.untilLive({ from: systemClock.monotonic(), withinMs: PATIENCE_MS });
    const { contacts = {} } = (await knownOf(pharos)).rows;
    if (Object.keys(contacts).length !== 3 || contacts['is-held']?.hold.since !== began - HELD_MS)
      throw new Error(`the floor is not as it was told: ${JSON.stringify(contacts)}`);
    return { redis, link, pharos, screen, wall, producer, began, tellAll, close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Told = readonly [type: string, subject: string, data: object, at: number];

/** Before the beginning: how long who waits has waited, and who is held was held; and since when an agent is free. */
export const WAITS_MS = 95_000;
export const FREE_MS = 200_000;
const ANSWERED_MS = 80_000;
export const HELD_MS = 47_000;
/** Who waits longer changes no figure by waiting on. */
const PAST_TARGET_MS = 60_000;

function floorAt(now: number): readonly Told[] {
  const agent = (id: string, name: string): Told => [
    'agent.profile',
    id,
    { name, team: 'Desk', queues: ['Billing'] },
    now - 300_000,
  ];
  return [
    ['queue.profile', 'Billing', { name: 'Billing' }, now - 300_000],
    agent('ada', 'Ada'),
    agent('ben', 'Ben'),
    ['agent.state', 'ada', { state: 'available', memberOf: ['Billing'] }, now - FREE_MS],
    ['agent.state', 'ben', { state: 'available', memberOf: ['Billing'] }, now - 200_000],
    ['contact.queued', 'waits', { queue: 'Billing' }, now - WAITS_MS],
    ['contact.queued', 'is-held', { queue: 'Billing' }, now - WAITS_MS],
    ['contact.answered', 'is-held', { agent: 'ben' }, now - ANSWERED_MS],
    ['contact.held', 'is-held', { agent: 'ben' }, now - HELD_MS],
  ];
}

/** Whoever was one more before is over. */
function snapshotOf(began: number, now: number, more: string): Told {
  const known = { queue: 'Billing', direction: 'inbound' };
  const held = { since: began - HELD_MS };
  const contacts = [
    { ...known, id: 'waits', state: 'waiting', queuedAt: began - WAITS_MS },
    {
      ...{ ...known, id: 'is-held', state: 'held', queuedAt: began - WAITS_MS },
      ...{ answeredAt: began - ANSWERED_MS, agent: 'ben', held },
    },
    { ...known, id: more, state: 'waiting', queuedAt: now - PAST_TARGET_MS },
  ];
  const agents = [
    { id: 'ada', state: 'available', memberOf: ['Billing'] },
    { id: 'ben', state: 'holding', contact: 'is-held', memberOf: ['Billing'] },
  ];
  return ['source.snapshot', 'pbx', { agents, contacts }, now];
}

async function say(redis: RedisServer, [type, subject, data, at]: Told): Promise<void> {
  const said = await redis.say(
    ...['XADD', JOURNAL, '*', 'type', type, 'subject', subject, 'source', 'pbx'],
    ...['time', new Date(at).toISOString(), 'data', JSON.stringify(data)],
  );
  if (!said.startsWith('$')) throw new Error(`${type} was not taken: ${said}`);
}
