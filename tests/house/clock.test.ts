// The clock's beats on a busy process, with timers and a monotonic clock that the test moves.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../server/clock.ts';

let now = 0;
let set: { readonly run: () => void; readonly at: number } | null = null;

beforeEach(() => {
  now = 5_000;
  set = null;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  vi.stubGlobal('setTimeout', (run: () => void, ms: number) => (set = { run, at: now + ms }));
  vi.stubGlobal('clearTimeout', (timer: unknown) => {
    if (timer === set) set = null;
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** The process comes to the timer so many milliseconds late; gives when it was meant to run. */
function beat(lateMs: number): number {
  const { run, at } = set!;
  now = at + lateMs;
  run();
  return at;
}

it('[HSE-14] keeps its beats though each comes late, and leaves out what it missed', () => {
  let beats = 0;
  const cancel = systemClock.every(1_000, () => (beats += 1));
  expect([beat(30), beat(0), beat(-0.4), beat(999)]).toEqual([6_000, 7_000, 8_000, 9_000]);
  expect([beat(2_500), beat(0)]).toEqual([10_000, 13_000]);
  expect(beats).toBe(6);
  cancel();
  expect(set).toBeNull();
});

it('[HSE-14] ends within its own beat', () => {
  const cancel = systemClock.every(1_000, () => cancel());
  beat(10);
  expect(set).toBeNull();
});
