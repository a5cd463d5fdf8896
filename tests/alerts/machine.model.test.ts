// The machine against a plain model of what was promised: the same words at the same instants, and after each of them the same outcome.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { command } from '../../server/alerts/commands.ts';
import { nextMoveAt } from '../../server/alerts/machine.ts';
import { currentOf, nextMove } from '../../server/alerts/next-move.ts';
import { isFull, times } from '../faults/scale.ts';
import { drive } from './driven.ts';
import type { Parts } from './driven.ts';
import { workOut } from './model.ts';
import type { Line } from './model.ts';
import { withFault } from './mutants.ts';
import type { Fault } from './mutants.ts';
import { stories } from './stories.ts';

const SOUND: Parts = { command, nextMoveAt, nextMove, currentOf };
const RUNS = times(4_000, 100_000);
/** A fault that is not found in so many stories is not found. */
const RUNS_FOR_A_FAULT = 5_000;
const SEED = Number(process.env.PHAROS_SEED ?? 20_261_122);

const FAULTS: readonly Fault[] = [
  {
    name: 'the version moves with each escalation',
    file: 'machine',
    line: 'version: episode.version + (isTurned ? 1 : 0),',
    instead: 'version: episode.version + (isTurned || next.level > episode.level ? 1 : 0),',
  },
  {
    name: 'a worse severity does not reach whoever has taken it',
    file: 'machine',
    line: "const isAlarm = severity === 'P1';",
    instead: 'const isAlarm = false;',
  },
  {
    name: 'it tells again what only came back',
    file: 'machine',
    line: "isOwed ? tell('fire', to) : []",
    instead: "tell('fire', to)",
  },
  {
    name: 'silence is taken for recovery',
    file: 'machine',
    line: "return seen.kind === 'false' ? notHolding(episode, seen, around) : null;",
    instead: "return notHolding(episode, { kind: 'false' }, around);",
  },
  {
    name: 'escalation runs on while the condition is false',
    file: 'machine',
    line: 'escalatesFrom === null ? null : escalatesFrom + forMs',
    instead: 'escalatesFrom',
  },
  {
    name: 'what is taken never alarms again',
    file: 'machine',
    line: 'if (taken === null || around.now < taken.until) return null;',
    instead:
      "if (taken === null || taken.how === 'acknowledged' || around.now < taken.until) return null;",
  },
  {
    name: 'a level is late by a second',
    file: 'timing',
    line: 'afterMs: [0, 3 * MINUTE, 7 * MINUTE]',
    instead: 'afterMs: [0, 3 * MINUTE + SECOND, 7 * MINUTE]',
  },
  {
    name: 'giving back what is false tells everybody',
    file: 'commands',
    line: 'falseSince === null\n      ? alarmAgain(episode, around)',
    instead: 'true\n      ? alarmAgain(episode, around)',
  },
  {
    name: 'a second person cannot take it over',
    file: 'machine',
    line: 'next.taken?.by !== episode.taken?.by;',
    instead: 'false;',
  },
  {
    name: 'it stays unstable for ever',
    file: 'machine',
    line: 'return Math.min(slow, Math.max(usual, unstableUntil));',
    instead: 'return slow;',
  },
  {
    name: 'quiet is not counted anew',
    file: 'machine',
    line: 'now < unstableUntil ? now + UNSTABLE.quietMs : null',
    instead: 'now < unstableUntil ? unstableUntil : null',
  },
  {
    name: 'four episodes in a quarter of an hour are nothing special',
    file: 'timing',
    line: 'episodes: 4,',
    instead: 'episodes: 5,',
  },
];

/** Compares after each word with what the model works out anew from all words up to it. */
function compare(parts: Parts, { story, keep }: { story: readonly Line[]; keep: number }): void {
  let said = 0;
  for (const { episodes, told } of drive(parts, story, keep)) {
    said += 1;
    const model = workOut(story.slice(0, said), keep);
    expect({ episodes, told }).toEqual({
      episodes: [...model.episodes].sort(),
      told: model.told,
    });
  }
}

describe('the machine and its model', () => {
  it(
    '[ALR-50, ALR-51, ALR-52, ALR-53, ALR-54, ALR-55, ALR-56, ALR-57, ALR-58, ALR-59, ALR-60] come to the same in every order of words, flaps, restarts and time',
    () => {
      console.log(`machine against model: ${RUNS} stories, seed ${SEED}`);
      fc.assert(
        fc.property(stories, (each) => compare(SOUND, each)),
        { numRuns: RUNS, seed: SEED },
      );
    },
    isFull ? 3_600_000 : 90_000,
  );

  it('[ALR-61] never tells a person one thing under one name twice, in any story', () => {
    fc.assert(
      fc.property(stories, ({ story, keep }) => {
        const { told } = workOut(story, keep);
        const alarms = told.filter((each) => !/ (end|unstable) /.test(each));
        expect(alarms).toEqual([...new Set(alarms)]);
      }),
      { numRuns: 2_000, seed: SEED },
    );
  });

  it('[ALR-62] are loaded by the way of the faults without one, and agree', async () => {
    await withFault(null, (parts) => {
      fc.assert(
        fc.property(stories, (each) => compare(parts, each)),
        { numRuns: 200, seed: SEED },
      );
    });
  });

  it.each(FAULTS)('[ALR-62] differ where $name', async (fault) => {
    const found = await withFault(fault, (parts) =>
      fc.check(
        fc.property(stories, (each) => compare(parts, each)),
        { numRuns: RUNS_FOR_A_FAULT, seed: SEED, endOnFailure: true },
      ),
    );
    expect(found.failed).toBe(true);
    // A machine that throws or is loaded wrongly would be found too, by the wrong sign.
    expect(found.errorInstance).toMatchObject({ name: 'AssertionError' });
  });
});
