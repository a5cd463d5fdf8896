// Inputs that flap, and a source that falls silent: nobody is told more than twice, nothing ends by silence, and the silence is told once.
import { describe, expect, it } from 'vitest';
import type { NewEvent } from '../../server/events/event.ts';
import { firstHold, thirdHold } from './alarm-cast.ts';
import type { Cast } from './alarm-cast.ts';
import { record } from './record.ts';
import { closed, withCast } from './telling-house.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Until an end is told, and a second more. */
const ENDS_MS = 33 * SECOND;
const CUSTOMER = { address: '+37120001000' };
/** So long a hold lasts before its limit flaps: the next severity would come after twice of it. */
const HELD_S = 620;
const NEVER = 100_000;

interface Flap {
  readonly what: string;
  /** What is so before. */
  readonly before: (of: Cast) => readonly NewEvent[];
  readonly waitMs?: number;
  readonly turn: (isOn: boolean, of: Cast) => readonly NewEvent[];
}

function limits({ team }: Cast, given: Readonly<Record<string, number>>): NewEvent {
  return { type: 'team.profile', subject: team, data: { name: team, limits: given } };
}

const FLAPS: readonly Flap[] = [
  {
    what: 'a customer to whom we owe a call, who comes and goes',
    before: ({ team }) => [
      {
        ...{ type: 'callback.promised', subject: 'owed' },
        data: { customer: CUSTOMER, dueAt: 4_000_000_000_000, team },
      },
    ],
    turn: (isOn, { contact: subject }) =>
      isOn
        ? [{ type: 'contact.queued', subject, data: { queue: 'billing', customer: CUSTOMER } }]
        : [{ type: 'contact.dequeued', subject, data: { why: 'timeout' } }],
  },
  {
    what: 'a limit that is set and taken back',
    before: (of) => [limits(of, { holdSeconds: NEVER, holdTotalSeconds: NEVER }), ...firstHold(of)],
    waitMs: HELD_S * SECOND,
    turn: (isOn, of) => [
      limits(of, { holdSeconds: isOn ? HELD_S : NEVER, holdTotalSeconds: NEVER }),
    ],
  },
  {
    what: 'a lead who comes and goes while help is asked for',
    before: (of) => [
      limits(of, { assistSeconds: NEVER, assistWorseSeconds: NEVER }),
      { type: 'assist.requested', subject: 'cry', data: { agent: of.agent } },
    ],
    turn: (isOn, { lead, relief }) =>
      [lead, relief].map((subject) => ({
        ...{ type: 'supervisor.presence', subject },
        data: { presence: isOn ? 'away' : 'desk' },
      })),
  },
  {
    what: 'a request for help that is made and taken back',
    before: (of) => [limits(of, { assistSeconds: 0 })],
    turn: (isOn, { agent }) =>
      isOn
        ? [{ type: 'assist.requested', subject: 'cry', data: { agent } }]
        : [{ type: 'assist.closed', subject: 'cry', data: { by: agent } }],
  },
];

describe('an input that flaps once a second for ten minutes', () => {
  it.each(FLAPS)('[FLT-112] is told at most twice to anybody: $what', async (flap) => {
    const { what, before, waitMs = 6 * SECOND, turn } = flap;
    const { table, cast } = await withCast(1);
    const [of] = cast as readonly [Cast];
    const { clock, store, came } = table;
    await store.append(before(of));
    const house = await table.open();
    await clock.advance(waitMs);
    expect(came).toEqual([]);
    for (let second = 0; second < 600; second++) {
      await store.append(turn(second % 2 === 0, of));
      await clock.advance(SECOND);
    }
    await clock.advance(ENDS_MS);
    const per = new Map<string, number>();
    // What takes the place of an alarm in silence is its end, and no notification more.
    for (const { to, letter } of came) if (!letter.isSilent) per.set(to, (per.get(to) ?? 0) + 1);
    const told = came.map(({ to, letter: { kind, severity } }) => `${to} ${kind} ${severity}`);
    record({
      fault: `flaps at 1 Hz for ten minutes: ${what}`,
      ...{ times: 1, noticedMs: [], backMs: [], lost: null, twice: null },
      says: told.join(', '),
    });
    expect(per.size, 'somebody is told').toBeGreaterThan(0);
    for (const [to, count] of per) expect(count, to).toBeLessThanOrEqual(2);
    await closed(table, house);
  });
});

describe('a source that is silent for five minutes', () => {
  it('[FLT-115] ends nothing and begins nothing, and is told once within 15 s of its third missed beat', async () => {
    const { table, cast } = await withCast(2);
    const [open, ending] = cast as readonly [Cast, Cast];
    const { clock, store, came } = table;
    const beat: NewEvent = {
      ...{ type: 'source.heartbeat', subject: 'pbx', source: 'pbx' },
      data: { everySeconds: 5 },
    };
    const house = await table.open();
    await store.append([beat, ...thirdHold(open), ...firstHold(ending)]);
    for (let beats = 0; beats < 6; beats++) {
      await clock.advance(5 * SECOND);
      await store.append([beat]);
    }
    const before = came.length;
    const silentFrom = clock.now();
    await clock.advance(5 * MINUTE);
    const meanwhile = came.slice(before);
    const stale = meanwhile.filter(({ letter }) => letter.rows[0]?.rule === 'source.stale');
    const episodes = [...house.floor.facts.alerts.values()];
    const ended = episodes.filter(({ state }) => state !== 'firing');
    expect(ended.map(({ rule, state }) => [rule, state])).toEqual([]);
    // A hold whose limit passed meanwhile is not known to last.
    expect(episodes.filter(({ rule }) => rule === 'hold.long')).toHaveLength(1);
    const first = stale.filter(({ letter }) => letter.kind === 'fire');
    expect(new Set(first.map(({ letter }) => letter.tag)).size, 'one episode').toBe(1);
    const per = new Map<string, number>();
    for (const { to } of first) per.set(to, (per.get(to) ?? 0) + 1);
    expect(
      [...per.values()].every((count) => count === 1),
      'once to each',
    ).toBe(true);
    const afterMs = first[0]!.at - (silentFrom + 15 * SECOND);
    expect(afterMs).toBeLessThanOrEqual(15 * SECOND);
    record({
      fault: 'a source silent for five minutes',
      ...{ times: 1, noticedMs: [afterMs], backMs: [], lost: null, twice: null },
      says: 'noticed: told after the third missed beat; nothing ended, nothing began',
    });
    for (let beats = 0; beats < 10; beats++) {
      await store.append([beat]);
      await clock.advance(5 * SECOND);
    }
    const ends = came.filter(
      ({ letter }) => letter.rows[0]?.rule === 'source.stale' && letter.kind === 'end',
    );
    const namesOf = (these: typeof came): readonly string[] => these.map(({ to }) => to).sort();
    expect(namesOf(ends), 'whoever was told hears of the end').toEqual([
      ...new Set(namesOf(stale)),
    ]);
    await closed(table, house);
  });
});
