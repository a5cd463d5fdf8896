// How many alarms a shift brings to each supervisor: eight hours of two hundred agents, with all rules and the real outbox, on a clock in hand.
import { describe, expect, it } from 'vitest';
import { createChance, seedFor } from '../support/chance.ts';
import { dataFile } from '../support/data.ts';
import { record } from './record.ts';
import { times } from './scale.ts';
import { AGENTS, callsOf, crew, shift, SHIFT_MS, SUPERVISORS, TEAMS } from './shift-floor.ts';
import { setTable } from './telling-house.ts';
import type { Came } from './telling-house.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const BEGINS_AT = Date.parse('2026-03-02T08:00:00+02:00');
/** Of those who are told, so many take it. */
const TAKES = 0.8;
const FILE = dataFile('calls/anonbank_january_replay.csv.gz');

describe.skipIf(FILE === null)('the alarms of a shift', () => {
  it.each(Array.from({ length: times(1, 5) }, (_, each) => each))(
    '[FLT-110] are six an hour on average, ten in ten minutes at most besides urgent ones, and two urgent ones an hour: shift %i',
    async (each) => {
      const seed = seedFor('a shift of alarms') + each;
      const came = await live(seed);
      const all = SUPERVISORS.map((person) => loadOf(person, came));
      const contacts = new Set(
        came.flatMap(({ letter }) => letter.rows.map(({ episode }) => episode)),
      );
      console.log(
        [
          '| who | pushed an hour | most in an hour | most in 10 min besides P1 | P1 an hour | digests | ends |',
          ...all.map(
            ({ who, perHour, mostInHour, mostInTen, urgentPerHour, digests, ends }) =>
              `| ${[who, perHour.toFixed(1), mostInHour, mostInTen, urgentPerHour.toFixed(1), digests, ends].join(' | ')} |`,
          ),
        ].join('\n'),
      );
      record({
        fault: `alarms of an eight-hour shift, ${TEAMS * AGENTS} agents (seed ${seed})`,
        ...{ times: 1, noticedMs: [], backMs: [], lost: null, twice: null },
        says: all
          .map(
            ({ who, perHour, mostInTen, urgentPerHour }) =>
              `${who} ${perHour.toFixed(1)} an hour, most ${mostInTen} in 10 min, P1 ${urgentPerHour.toFixed(1)} an hour`,
          )
          .join('; '),
      });
      expect(contacts.size, 'it is not a calm shift').toBeGreaterThan(50);
      for (const { who, perHour, mostInTen, urgentPerHour } of all) {
        expect(perHour, who).toBeLessThanOrEqual(6);
        expect(mostInTen, who).toBeLessThanOrEqual(10);
        expect(urgentPerHour, who).toBeLessThanOrEqual(2);
      }
    },
    600_000,
  );
});

async function live(seed: number): Promise<readonly Came[]> {
  const chance = createChance(seed);
  const happened = shift(callsOf(FILE ?? ''), chance, BEGINS_AT);
  const table = await setTable({
    ...{ startAt: BEGINS_AT - 5 * SECOND, people: SUPERVISORS, lookMs: 500 },
    onCame({ to, letter }, house) {
      const [row] = letter.rows;
      if (row === undefined || letter.isSilent || letter.kind === 'digest' || chance.next() > TAKES)
        return;
      clock.after(Math.round((10 + 80 * chance.next()) * SECOND), () => {
        const alert = house.floor.facts.alerts.get(row.episode);
        const { presence } = house.floor.facts.agents.get(to) ?? {};
        if (alert?.taken !== null || presence !== 'desk') return;
        const says = { episode: alert.id, expectedVersion: alert.version };
        void house.commanding.obey({ name: 'acknowledge', says }, { id: to, how: 'said' });
      });
    },
  });
  const { clock, store, came } = table;
  await store.append(crew(BEGINS_AT));
  const house = await table.open();
  let next = 0;
  for (let now = BEGINS_AT; now < BEGINS_AT + SHIFT_MS; now += SECOND) {
    const from = next;
    while (next < happened.length && happened[next]!.at <= now) next += 1;
    if (next > from) await store.append(happened.slice(from, next));
    await clock.advance(now + SECOND - clock.now());
  }
  const closed = house.close();
  await clock.advance(20 * SECOND);
  await closed;
  return came;
}

interface Load {
  readonly who: string;
  readonly perHour: number;
  readonly mostInHour: number;
  readonly mostInTen: number;
  readonly urgentPerHour: number;
  readonly digests: number;
  readonly ends: number;
}

/** What takes the place of an earlier push in silence is none. */
function loadOf(who: string, came: readonly Came[]): Load {
  const mine = came.filter(({ to }) => to === who);
  const pushed = mine.filter(({ letter }) => !letter.isSilent);
  const isUrgent = ({ letter }: Came): boolean =>
    letter.kind !== 'digest' && letter.severity === 'P1';
  const calm = pushed.filter((each) => !isUrgent(each));
  const hours = SHIFT_MS / HOUR;
  return {
    who,
    perHour: pushed.length / hours,
    mostInHour: mostIn(HOUR, pushed),
    mostInTen: mostIn(10 * MINUTE, calm),
    urgentPerHour: pushed.filter(isUrgent).length / hours,
    digests: pushed.filter(({ letter }) => letter.kind === 'digest').length,
    ends: mine.length - pushed.length,
  };
}

function mostIn(ms: number, came: readonly Came[]): number {
  const within = came.map(({ at }) => came.filter((other) => other.at > at - ms && other.at <= at));
  return Math.max(0, ...within.map(({ length }) => length));
}
