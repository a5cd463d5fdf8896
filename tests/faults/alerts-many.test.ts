// Many alarms, receivers that fail or hang, and restarts: each alarm is told once and in order, on a clock in hand.
import { describe, expect, it } from 'vitest';
import { SEND_MS } from '../../server/notify/outgoing.ts';
import type { Sent } from '../../server/notify/sender.ts';
import { createChance, seedFor } from '../support/chance.ts';
import { over, thirdHold } from './alarm-cast.ts';
import type { Cast } from './alarm-cast.ts';
import { record } from './record.ts';
import { times } from './scale.ts';
import { closed, withCast } from './telling-house.ts';
import type { Came } from './telling-house.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Until an end is told, and a second more. */
const ENDS_MS = 33 * SECOND;
const FAILED: Sent = { kind: 'failed', why: 'the receiver said 503' };

/** `KIND SEVERITY`, of the first alarms of one of them: who does not take them is called again after ten minutes. */
function heard(came: readonly Came[], who: string): readonly string[] {
  return came
    .filter(({ to, letter }) => to === who && letter.kind === 'fire')
    .map(({ letter: { kind, severity } }) => `${kind} ${severity}`);
}

describe('many alarms', () => {
  it('[FLT-111] are told once each, and their ends once each, where nobody dies', async () => {
    const chance = createChance(seedFor('many alarms'));
    const count = times(500, 10_000);
    const leads = Math.ceil(count / 5);
    const { table, cast } = await withCast(leads, { lookMs: 200 });
    const { clock, store, came } = table;
    const house = await table.open();
    for (let each = 0; each < count; each++) {
      const of = { ...cast[each % leads]!, contact: `many-${each}` };
      await store.append(thirdHold(of));
      clock.after(5 * SECOND + chance.below(20 * SECOND), () => void store.append([over(of)]));
      // Of each lead's five none is in a flood.
      await clock.advance(chance.below(100) + (each % leads === 0 ? 10 * MINUTE : 0));
    }
    await clock.advance(MINUTE);
    const ids = came.map(({ letter }) => letter.id);
    // That leads come and go in such a long time is another story.
    const holds = came.filter(({ letter }) => letter.rows[0]?.rule === 'hold.long');
    const fires = holds.filter(({ letter }) => letter.kind === 'fire');
    const ends = holds.filter(({ letter }) => letter.kind === 'end');
    record({
      fault: `none: ${count} alarms`,
      ...{ times: 1, noticedMs: [], backMs: [] },
      lost: count - new Set(fires.map(({ letter }) => letter.tag)).size,
      twice: ids.length - new Set(ids).size,
      says: `${fires.length} alarms and ${ends.length} ends, each once`,
    });
    expect(new Set(ids).size).toBe(ids.length);
    expect([fires.length, ends.length]).toEqual([count, count]);
    await closed(table, house);
  }, 900_000);
});

describe('a restart', () => {
  it('[FLT-113] tells nothing where nothing changed, once what began meanwhile, and once the end of what ended meanwhile', async () => {
    const { table, cast } = await withCast(3);
    const [stays, ends, begins] = cast as readonly [Cast, Cast, Cast];
    const { clock, store, came } = table;
    const first = await table.open();
    await store.append([...thirdHold(stays), ...thirdHold(ends)]);
    await clock.advance(10 * SECOND);
    const told = came.map(({ to, letter }) => `${to} ${letter.kind}`).sort();
    expect(told).toEqual([`${stays.lead} fire`, `${ends.lead} fire`].sort());
    await closed(table, first);
    const second = await table.open({ floor: first.floor, standing: first.standing() });
    await clock.advance(20 * SECOND);
    expect(came).toHaveLength(2);
    await closed(table, second);
    await store.append([over(ends), ...thirdHold(begins)]);
    await clock.advance(20 * SECOND);
    const third = await table.open({ floor: second.floor, standing: second.standing() });
    await clock.advance(ENDS_MS);
    expect(came.slice(2).map(({ to, letter }) => `${to} ${letter.kind}`)).toEqual([
      `${begins.lead} fire`,
      `${ends.lead} end`,
    ]);
    // From the journal alone, as after the record was lost.
    await closed(table, third);
    const fourth = await table.open();
    await clock.advance(20 * SECOND);
    expect(came).toHaveLength(4);
    await closed(table, fourth);
  });
});

describe('receivers in trouble', () => {
  it('[FLT-114] that fail for ten minutes are told once, in order, after; one that hangs delays nobody else', async () => {
    const down = new Set<string>();
    const hanging = new Set<string>();
    let tries = 0;
    const { table, cast } = await withCast(3, {
      answer(to, clock) {
        if (hanging.has(to))
          return new Promise((resolve) => clock.after(SEND_MS, () => resolve(FAILED)));
        if (!down.has(to)) return { kind: 'sent' };
        tries += 1;
        return FAILED;
      },
    });
    const [fails, hangs, well] = cast as readonly [Cast, Cast, Cast];
    const { clock, store, came } = table;
    const house = await table.open();
    down.add(fails.lead);
    hanging.add(hangs.lead);
    const failsFrom = clock.now();
    const calls = Array.from({ length: 5 }, (_, number) => `number-${number}`);
    for (const contact of calls) {
      // An agent of each call: two calls of one are another alarm.
      for (const { team, ...each } of cast) {
        const [agent, call] = [`${each.agent}-${contact}`, `${each.contact}-${contact}`];
        const profile = { name: agent, team };
        await store.append([
          { type: 'agent.profile', subject: agent, data: profile },
          ...thirdHold({ ...each, team, agent, contact: call }),
        ]);
      }
      await clock.advance(2 * MINUTE);
      expect(heard(came, well.lead).at(-1)).toBe('fire P2');
      expect(heard(came, well.lead)).toHaveLength(calls.indexOf(contact) + 1);
    }
    expect(clock.now() - failsFrom).toBe(10 * MINUTE);
    expect([heard(came, fails.lead), heard(came, hangs.lead)]).toEqual([[], []]);
    down.clear();
    await clock.advance(2 * MINUTE);
    const late = came.filter(({ to }) => to === fails.lead);
    const rows = late.map(({ letter }) => letter.rows[0]!);
    const decided = rows.map(({ decidedAt }) => decidedAt);
    expect(new Set(rows.map(({ episode }) => episode)).size).toBe(calls.length);
    expect(decided, 'in order').toEqual([...decided].sort());
    expect(new Set(late.map(({ letter }) => letter.id)).size, 'once').toBe(late.length);
    // What got worse meanwhile is told as it is now; only what was being tried when it did is told twice, as it was and as it is.
    expect(late).toHaveLength(calls.length + 1);
    expect(tries, 'not a storm').toBeLessThan(20);
    expect(late[0]?.letter.lines.at(-1)).toBe('10 min late');
    record({
      fault: 'a receiver that fails for ten minutes',
      ...{ times: 1, noticedMs: [], backMs: [late.at(-1)!.at - failsFrom - 10 * MINUTE] },
      ...{ lost: 0, twice: 0 },
      says: `${tries} tries, then ${calls.length} alarms as they are then, in order; others at once`,
    });
    hanging.clear();
    await closed(table, house);
  });
});
