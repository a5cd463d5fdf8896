// Every rule on a floor where all of them have something to say: two servers that look at other moments, restarts, limits that are fractions, sources without number.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Holding, Rule } from '../../server/alerts/rule.ts';
import { RULES } from '../../server/alerts/rules.ts';
import type { AlertMoved } from '../../server/events/episode.ts';
import type { NewEvent } from '../../server/events/event.ts';
import type { MemoryStore } from '../../server/log/memory-store.ts';
import type { ManualClock } from '../support/manual-clock.ts';
import { WatchedSite } from './watched-site.ts';
import type { WatchingHouse } from './watching-house.ts';

const SECOND = 1_000;
const QUEUE = 'billing';
let clock: ManualClock;
let store: MemoryStore;
let site: WatchedSite;

beforeEach(() => {
  site = new WatchedSite();
  ({ clock, store } = site);
});
afterEach(() => site.close());

const open = (
  lookMs: number,
  before?: WatchingHouse,
  rules: readonly Rule[] = RULES,
): Promise<WatchingHouse> => site.openAfter(before, { rules, lookMs });
const say = (...events: readonly NewEvent[]): Promise<unknown> => store.append([...events]);
const ofPbx = { source: 'pbx' } as const;
const profile = (subject: string, role: 'agent' | 'lead'): NewEvent => ({
  ...{ type: 'agent.profile', subject },
  data: { name: subject, role, team: 'blue' },
});

/** A call by its fate, in whole seconds from now. */
async function call(subject: string, source = 'pbx'): Promise<void> {
  await say({ source, type: 'contact.queued', subject, data: { queue: QUEUE } });
}

/** A bad half hour, an agent who cannot be reached and one who misses, nobody at the desk, a hold, a promise, a cry for help. */
async function tellAll(): Promise<void> {
  const limits = { holdSeconds: 33.333, waitSeconds: 45.678, callbackLateSeconds: 0.5 };
  await say(
    { type: 'queue.profile', subject: QUEUE, data: { name: 'Billing', teams: ['blue'], limits } },
    { type: 'team.profile', subject: 'blue', data: { name: 'Blue', limits } },
    ...[profile('lea', 'lead'), profile('anna', 'agent'), profile('ben', 'agent')],
    ...[profile('cai', 'agent')],
    { type: 'supervisor.presence', subject: 'lea', data: { presence: 'away' } },
  );
  for (let n = 0; n < 12; n++) {
    await call(`lost-${n}`);
    await clock.advance(25 * SECOND);
    await say({ ...ofPbx, type: 'contact.ended', subject: `lost-${n}`, data: { by: 'customer' } });
  }
  const isFree = { state: 'available' as const, memberOf: [QUEUE] };
  await say(
    { ...ofPbx, type: 'agent.state', subject: 'ben', data: { ...isFree, reachable: false } },
    { ...ofPbx, type: 'agent.state', subject: 'cai', data: isFree },
  );
  for (let n = 0; n < 3; n++) {
    const data = { agent: 'cai', queue: QUEUE };
    await call(`missed-${n}`);
    await say(
      { ...ofPbx, type: 'contact.ringing', subject: `missed-${n}`, data },
      { ...ofPbx, type: 'contact.unanswered', subject: `missed-${n}`, data },
      { ...ofPbx, type: 'contact.ended', subject: `missed-${n}`, data: {} },
    );
  }
  await call('held');
  await say(
    { ...ofPbx, type: 'contact.answered', subject: 'held', data: { agent: 'anna', queue: QUEUE } },
    { ...ofPbx, type: 'contact.held', subject: 'held', data: { agent: 'anna' } },
    { type: 'assist.requested', subject: 'help', data: { agent: 'anna' } },
    {
      ...{ type: 'callback.promised', subject: 'promise' },
      data: {
        ...{ customer: { address: '+37126123417' }, team: 'blue' },
        dueAt: new Date(clock.now() + 60 * SECOND).toISOString(),
      },
    },
    { source: 'crm', type: 'source.heartbeat', subject: 'crm', data: { everySeconds: 1 } },
    { source: 'crm', type: 'source.faulted', subject: 'crm', data: { fault: 'emptied' } },
  );
  // Whoever waits longest is another one with each answer.
  for (let n = 0; n < 20; n++) {
    await call(`late-${n}`);
    await clock.advance(20 * SECOND);
    if (n >= 5)
      await say({
        ...{ ...ofPbx, type: 'contact.answered', subject: `late-${n - 5}` },
        data: { agent: 'anna', queue: QUEUE },
      });
  }
}

function moves(): readonly AlertMoved[] {
  return store.journal
    .after('0-0', 100_000)
    .filter(({ fields }) => fields.type === 'alert.moved')
    .map(({ fields }) => JSON.parse(fields.data ?? '') as AlertMoved);
}
/** Per rule and subject: `REASON SEVERITY`, in their order. */
function stories(): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, string[]> = {};
  for (const { rule, subject, reason, severity } of moves())
    (found[`${rule} ${subject}`] ??= []).push(`${reason} ${severity}`);
  return found;
}
const rulesIn = (told: object): readonly string[] =>
  [...new Set(Object.keys(told).map((key) => key.split(' ')[0]!))].sort();

describe('every rule', () => {
  it('[ALR-33] is decided by two servers as by one, move by move', async () => {
    await open(50);
    await tellAll();
    const alone = stories();
    expect(rulesIn(alone)).toEqual([
      'agent.doubtful',
      'assist.unanswered',
      'callback.at-risk',
      'callback.overdue',
      'cover.lost',
      'hold.forgotten',
      'hold.long',
      'queue.target',
      'source.stale',
      'wait.long',
    ]);
    await site.close();
    site = new WatchedSite();
    ({ clock, store } = site);
    await open(50);
    await open(70);
    await tellAll();
    expect(stories()).toEqual(alone);
  });

  it('[ALR-34] goes on over a restart as if there had been none', async () => {
    const first = await open(50);
    await tellAll();
    const before = moves();
    const since = new Map([...first.floor.facts.alerts].map(([id, alert]) => [id, alert.since]));
    await site.close(first);
    const second = await open(50, first);
    await clock.advance(20 * SECOND);
    const after = moves().slice(before.length);
    const fleeting = new Set(['ending', 'again', 'began', 'corrected', 'unstable']);
    expect(after.filter(({ reason }) => fleeting.has(reason))).toEqual([]);
    for (const [id, { since: now }] of second.floor.facts.alerts) expect(now).toBe(since.get(id));
  });

  it('[ALR-35] is decided where a limit is a fraction of a second and a queue has sources without number', async () => {
    const house = await open(50);
    for (let n = 0; n < 70; n++) await call(`first-${n}`, `pbx-${n}`);
    await tellAll();
    expect(rulesIn(stories())).toContain('queue.target');
    expect(house.floor.facts.queues.get(QUEUE)?.sources).toHaveLength(64);
    for (const { since, raisedAt } of moves())
      expect([since, raisedAt].every((at) => Number.isInteger(at))).toBe(true);
    expect(house.happenings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('[ALR-35] costs its own episode where a rule is mistaken, said once, and no other one', async () => {
    const mistaken = (name: string, judge: Rule['judge']): Rule => ({
      ...{ name, forMs: 0, keepFiringMs: 0, judge },
      affected: () => ['x'],
      all: () => ['x'],
    });
    const place = { team: null, queue: null, sources: [] };
    const wrong = { key: 'k', params: { count: 3 } } as unknown as { key: string; params: never };
    const at = { since: clock.now(), raisedAt: clock.now() };
    const said: Holding = { ...at, ...place, severity: 'P3', text: wrong };
    const rules = [
      mistaken('thrown', () => expect.unreachable()),
      mistaken('unsaid', () => ({ holds: said, nextAt: null })),
    ];
    const house = await open(50, undefined, [...rules, ...RULES]);
    await tellAll();
    expect(rulesIn(stories())).toContain('hold.long');
    const broken = house.happenings.filter(({ name }) => name === 'alerts.broken');
    expect(broken.map(({ text }) => text?.split(' ')[3]).sort()).toEqual(['thrown', 'unsaid']);
  });

  it('[ALR-36] keeps the history of a queue whose longest wait is another caller’s with each answer', async () => {
    const house = await open(50);
    const since = (): number | undefined => theWait(house)?.since;
    await tellAll();
    const early = since();
    const count = theWait(house)?.moves.length;
    for (let n = 20; n < 220; n++) {
      await call(`late-${n}`);
      await clock.advance(20 * SECOND);
      const data = { agent: 'anna', queue: QUEUE };
      await say({ ...ofPbx, type: 'contact.answered', subject: `late-${n - 5}`, data });
    }
    await clock.advance(SECOND);
    const wait = theWait(house);
    expect(wait?.moves[0]?.reason).toBe('began');
    expect(wait?.moves.filter(({ reason }) => reason === 'corrected')).toEqual([]);
    expect(wait?.moves.length).toBeLessThan((count ?? 0) + 10);
    expect(since()).toBeGreaterThanOrEqual(early ?? Infinity);
    expect(house.words().get(wait?.id ?? '')?.since).toBeGreaterThan(clock.now() - 130 * SECOND);
  });
});

function theWait({ floor }: WatchingHouse) {
  return [...floor.facts.alerts.values()].find(({ rule }) => rule === 'wait.long');
}
