// One try of one fault of Redis: what the screens say and when, what comes back and when, and what became of the rows and of what was appended.
import { expect } from 'vitest';
import { readFileSync } from 'node:fs';
import { pause, systemClock } from '../../server/clock.ts';
import type { LogReason } from '../../server/contract/lists.ts';
import type { AgentRow, CallbackRow, ContactRow, QueueRow } from '../../server/contract/rows.ts';
import type { Chance } from '../support/chance.ts';
import type { Pharos } from '../support/pharos.ts';
import { knownOf, markEnd, untilFolded } from './arena.ts';
import { record } from './record.ts';
import type { Stage } from './redis-stage.ts';
import { wordOf } from './screen.ts';
import type { Screen } from './screen.ts';

export interface Trouble {
  readonly name: string;
  /** How often `npm run faults` tries it. */
  readonly promisedTimes: number;
  /** What the screens may call it, one of which they must say; empty: it may be over before there is anything to say. */
  readonly says: readonly LogReason[];
  /** Milliseconds within which they must. */
  readonly noticedWithinMs: number;
  /** Milliseconds after its end within which they must be live. */
  readonly backWithinMs: number;
  /** Makes it; gives the instant of `performance.now()` from which on Pharos could see it. */
  begin(stage: Stage): Promise<number>;
  end(stage: Stage): Promise<Ended>;
}

export interface Ended {
  /** The instant at which it was over. */
  readonly at: number;
  /** Where the sources had to tell anew what is true: the one contact that they told of besides. */
  readonly more?: string;
}

export interface Tried {
  /** Of the slower of the two screens; null: it said nothing. */
  readonly noticedMs: number | null;
  readonly backMs: number;
  readonly lost: readonly string[];
  readonly twice: readonly string[];
  /** All that the screen said, in order. */
  readonly words: readonly string[];
}

const sentences = JSON.parse(readFileSync('client/lib/words/en.json', 'utf8')) as Readonly<
  Record<string, string>
>;
let marks = 0;

/** As often as asked; prints and records what was measured. */
export async function tryTimes(
  stage: Stage,
  trouble: Trouble,
  { times, chance }: { readonly times: number; readonly chance: Chance },
): Promise<void> {
  const tried: Tried[] = [];
  try {
    for (let n = 0; n < times; n++) tried.push(await tryOnce(stage, trouble, chance));
  } finally {
    const words = new Set(tried.flatMap((each) => each.words).filter((word) => word !== 'live'));
    record({
      fault: trouble.name,
      times: tried.length,
      noticedMs: tried.flatMap(({ noticedMs }) => noticedMs ?? []),
      backMs: tried.map(({ backMs }) => backMs),
      lost: tried.reduce((sum, { lost }) => sum + lost.length, 0),
      twice: tried.reduce((sum, { twice }) => sum + twice.length, 0),
      says: [...words].join(', ') || 'nothing: it was over before',
    });
  }
  expect(tried.flatMap(({ lost }) => lost)).toEqual([]);
  expect(tried.flatMap(({ twice }) => twice)).toEqual([]);
}

/** Throws where the screens are late or say what is not true; `chance` moves it against the second in which Pharos looks. */
async function tryOnce(stage: Stage, trouble: Trouble, chance: Chance): Promise<Tried> {
  const { screen, producer, pharos } = stage;
  const pid = pharos.pid();
  await pause(systemClock, chance.below(1_000));
  expect(wordOf(screen.said.at(-1)!.health), 'it stayed live').toBe('live');
  const before = await known(pharos);
  const shown = shownOn(screen);
  const from = screen.said.length;
  producer.start();

  const began = await trouble.begin(stage);
  const noticedMs = trouble.says.length > 0 ? await noticed(stage, trouble, began) : null;
  if (chance.below(2) === 0) await screen.hearTicks(1);
  expect(shownOn(screen), 'nothing moves while it lasts').toEqual(shown);

  const ended = await trouble.end(stage);
  const backMs = await back(stage, trouble, ended.at);
  await producer.stop();
  marks += 1;
  const mark = `mark ${marks}`;
  await markEnd(stage.redis, mark);
  await untilFolded(pharos, mark);
  const after = await known(pharos);
  checkAfter(before, after, ended.more);
  const { lost, twice } = producer.reckon(after.callbacks);
  if (ended.more === undefined) expect(shownOn(screen), 'nothing has moved').toEqual(shown);
  expect(pharos.pid(), 'it is the same process').toBe(pid);
  expect(process.kill(pid, 0)).toBe(true);
  const words = screen.said.slice(from).map(({ health }) => wordOf(health));
  expect(words.slice(0, -1), 'it is live once, and stays').not.toContain('live');
  return { noticedMs, backMs, words, lost, twice };
}

async function noticed({ screen, wall }: Stage, trouble: Trouble, began: number): Promise<number> {
  const { says, noticedWithinMs } = trouble;
  const said = await screen.untilSaid(
    (health) => health.kind === 'log' && says.some((reason) => reason === health.reason),
    { from: began, withinMs: noticedWithinMs },
  );
  const read = says.map((reason) => sentences[`reason.${reason}`]!.replace(/[()]/g, '\\$&'));
  await wall.page
    .locator('[data-not-live]', { hasText: new RegExp(read.join('|')) })
    .waitFor({ timeout: left(began, noticedWithinMs) });
  return Math.max(said.at, systemClock.monotonic()) - began;
}

async function back({ screen, wall }: Stage, trouble: Trouble, ended: number): Promise<number> {
  // What may be over before it is said is said with one of the next ticks, and over again by then.
  const mayBeUnsaid = trouble.says.length === 0;
  if (mayBeUnsaid) await screen.hearTicks(2);
  await screen.untilLive({ from: ended, withinMs: trouble.backWithinMs });
  await wall.page.waitForSelector('[data-health="live"]', {
    state: 'attached',
    timeout: left(ended, trouble.backWithinMs),
  });
  if (mayBeUnsaid) return Math.max(0, screen.said.at(-1)!.at - ended);
  return systemClock.monotonic() - ended;
}

/** Who is on the floor, and the marks of the producer. */
interface Standing {
  readonly agents: Readonly<Record<string, AgentRow>>;
  readonly contacts: Readonly<Record<string, ContactRow>>;
  readonly queues: Readonly<Record<string, QueueRow>>;
  readonly callbacks: Readonly<Record<string, CallbackRow>>;
}

async function known(pharos: Pharos): Promise<Standing> {
  const { agents = {}, contacts = {}, queues = {}, callbacks = {} } = (await knownOf(pharos)).rows;
  return { agents, contacts, queues, callbacks };
}

/** As a public wall has it, where contacts have other names, new ones after a gap. */
function shownOn({ tables }: Screen): object {
  return {
    agents: [...tables.agents.values()].map((row) => ({ ...row, contact: row.contact !== null })),
    contacts: [...tables.contacts.values()].map((row) => ({ ...row, id: 'masked' })),
    queues: [...tables.queues.values()],
  };
}

/** Nothing ended, and waits and holds kept their clocks; what the sources told besides is there, and alone. */
function checkAfter(before: Standing, after: Standing, more: string | undefined): void {
  expect(after.agents).toEqual(before.agents);
  if (more === undefined) {
    expect(after.contacts).toEqual(before.contacts);
    expect(after.queues).toEqual(before.queues);
    return;
  }
  const { waits, 'is-held': isHeld } = before.contacts;
  expect(Object.keys(after.contacts).sort()).toEqual(['is-held', more, 'waits'].sort());
  expect(after.contacts).toMatchObject({ waits, 'is-held': isHeld });
  expect(after.queues.Billing).toMatchObject({ waiting: 2 });
}

function left(from: number, withinMs: number): number {
  return Math.max(1, withinMs - (systemClock.monotonic() - from));
}
