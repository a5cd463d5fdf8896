// The recording at ten times its speed, by the wall clock and over TCP: the counts and holds are the same.
import { describe, expect, it } from 'vitest';
import { pause, systemClock } from '../../server/clock.ts';
import { readAmiRecording, T0 } from '../support/ami-recording.ts';
import { readTruth } from '../support/asterisk-truth.ts';
import { openHall } from './hall.ts';

const main = readAmiRecording('main');
const truth = readTruth();
const SPEED = 10;
const END = 590_000;
/** A loaded machine delivers late; a hold of the recording is a tenth of itself here (milliseconds). */
const LATE_MS = 900;

describe.skipIf(!main || !truth)('the recording main at ten times its speed', () => {
  it('gives the same counts and holds [AST-7]', { timeout: 120_000 }, async () => {
    const beginAt = systemClock.now();
    const hall = await openHall({
      recording: main!,
      clock: systemClock,
      wrapUpSeconds: 0.5,
      random: () => 0.5,
    });
    try {
      hall.connector.start();
      const wallOf = (at: number): number => beginAt + (at - T0) / SPEED;
      await hall.playback.playUntil(END, async (at) => {
        const ms = wallOf(at) - systemClock.now();
        if (ms > 2) await pause(systemClock, ms);
      });
      await pause(systemClock, 600);
      const { facts } = hall.floor;
      for (const [queue, counts] of Object.entries(truth!.queues)) {
        const today = facts.queues.get(queue)?.today;
        expect([
          queue,
          today?.offered,
          today?.answered,
          today?.abandoned,
          today?.leftOtherwise,
          today?.unknown,
        ]).toEqual([
          queue,
          counts.offered,
          counts.answered,
          counts.abandoned,
          counts.timed_out! + counts.exit_with_key! + counts.exit_empty!,
          0,
        ]);
      }
      expect([...facts.contacts.values()].map((row) => row.state)).toEqual([]);
      const ours = hall.holds.map(({ agent, from, to }) => ({ agent, from, ms: to - from }));
      expect(ours.length).toBe(truth!.holds.length);
      let worst = 0;
      const told = inOrder(ours, ({ from }) => from);
      inOrder(truth!.holds, ({ start }) => start).forEach((hold, nth) => {
        const one = told[nth]!;
        expect(one.agent).toBe(hold.agent);
        worst = Math.max(worst, Math.abs(one.ms - (hold.end - hold.start) / SPEED));
      });
      console.info(`AST-7: the worst hold is off by ${worst} ms of the wall clock.`);
      expect(worst).toBeLessThan(LATE_MS);
    } finally {
      await hall.close();
    }
  });
});

/** By agent, then by time: of one agent no two holds begin together. */
function inOrder<T extends { readonly agent: string | null }>(
  holds: readonly T[],
  startOf: (hold: T) => number,
): readonly T[] {
  return [...holds].sort(
    (a, b) => String(a.agent).localeCompare(String(b.agent)) || startOf(a) - startOf(b),
  );
}
