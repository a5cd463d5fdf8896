// The even step of a floor on paper: a tick at each turn of a second, and messages at fixed instants between two.
import { setTimeout as wait } from 'node:timers/promises';

/** Milliseconds after the turn of a second: far enough from it and from each other that none meets another's frame. */
const BETWEEN_MS = [240, 430, 620, 810] as const;

export interface Score {
  /** Whole seconds in which nothing happens but the tick at the turn of each. */
  readonly seconds: number;
  readonly messages: number;
  /** Told the milliseconds since the beginning. */
  readonly tick: (ms: number) => void;
  readonly message: () => void;
}

export type Said = 'quiet tick' | 'tick' | 'message';

/**
 * Plays on from a turn of a second, and ends at one; gives what it said, in order. First the seconds in which nothing
 * happens, then those of the messages. `beganAt`: of `performance.now`, the instant of the first turn.
 */
export async function play(
  beganAt: number,
  { seconds, messages, tick, message }: Score,
): Promise<readonly Said[]> {
  const words: Said[] = [];
  const first = Math.ceil((performance.now() - beganAt + 50) / 1_000);
  let said = 0;
  for (let second = first; second < first + seconds || said < messages; second += 1) {
    await until(beganAt + second * 1_000);
    tick(performance.now() - beganAt);
    const isQuiet = second < first + seconds;
    words.push(isQuiet ? 'quiet tick' : 'tick');
    for (const after of isQuiet ? [] : BETWEEN_MS.slice(0, messages - said)) {
      await until(beganAt + second * 1_000 + after);
      message();
      words.push('message');
      said += 1;
    }
  }
  await until(Math.ceil((performance.now() - beganAt) / 1_000) * 1_000 + beganAt);
  return words;
}

async function until(at: number): Promise<void> {
  const left = at - performance.now();
  if (left > 0) await wait(left);
}
