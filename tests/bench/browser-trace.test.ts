// How a trace is read: each part is counted once and as what it is, and what a timer began belongs to no message.
import { describe, expect, it } from 'vitest';
import { afterEach, spentIn } from './browser-trace.ts';
import type { TraceEvent } from './browser-trace.ts';

/** Milliseconds from and long; the thread had the CPU all the time. */
function event(name: string, from: number, long: number): TraceEvent {
  const dur = long * 1_000;
  return { name, ph: 'X', pid: 1, tid: 1, ts: from * 1_000, dur, tdur: dur, args: {} };
}

function word(at: number, dataLength = 400): TraceEvent {
  const args = { data: { dataLength } };
  return { name: 'WebSocketReceive', ph: 'I', pid: 1, tid: 1, ts: at * 1_000, args };
}

const STORY = [
  word(10),
  event('FunctionCall', 11, 8),
  // A layout that a script forces, and a call inside of a call.
  event('Layout', 12, 3),
  event('FunctionCall', 16, 2),
  event('UpdateLayoutTree', 20, 1),
  event('Paint', 22, 4),
  event('TimerFire', 30, 5),
  event('FunctionCall', 31, 3),
  event('Layout', 40, 2),
  word(50, 1),
  word(60),
  event('FunctionCall', 61, 1),
];

describe('the trace of a browser', () => {
  it('[BEN-20] is counted once, each part as what it is', () => {
    const whole = { from: 0, to: 100_000 };
    expect(spentIn(STORY, { ...whole, timers: 'out' })).toEqual({ script: 6, layout: 6, paint: 4 });
    expect(spentIn(STORY, { ...whole, timers: 'in' })).toEqual({ script: 11, layout: 6, paint: 4 });
  });

  it('[BEN-20] is told apart by what was said, keep-alives left out', () => {
    const ask = { word: 'message', mostMs: 25, timers: 'out' } as const;
    expect(afterEach(STORY, ['message', 'message'], ask)).toEqual([
      { script: 5, layout: 4, paint: 4 },
      { script: 1, layout: 0, paint: 0 },
    ]);
    expect(afterEach(STORY, ['tick', 'message'], ask)).toHaveLength(1);
    expect(() => afterEach(STORY, ['message'], ask)).toThrow('Expected 1 messages');
  });
});
