// What may never answer: the one race that the desk, its push, its worker and the page of help share, and the desk's own questions.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ANSWER_MS, ask } from '../../client/live/ask.ts';
import { inTime } from '../../client/live/in-time.ts';
import { createManualClock } from '../support/manual-clock.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('what may never answer', () => {
  it('[DSK-51] is given up in time and told to stop, and what answered is not', async () => {
    const clock = createManualClock();
    const signals: AbortSignal[] = [];
    const waited = inTime({ clock, ms: 500 }, (signal) => {
      signals.push(signal);
      return new Promise<string>(() => undefined);
    });
    await clock.advance(499);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    await clock.advance(1);
    expect(await waited).toBeNull();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);

    const answered = inTime({ clock, ms: 500 }, (signal) => {
      signals.push(signal);
      return Promise.resolve('here');
    });
    expect(await answered).toBe('here');
    await clock.advance(1_000);
    expect(signals[1]?.aborted).toBe(false);
    const failed = inTime({ clock, ms: 500 }, () => Promise.reject(new Error('cut')));
    await expect(failed).rejects.toThrow('cut');
  });

  it('[DSK-51] leaves no question of the desk without an answer, also where the body stops half way', async () => {
    vi.useFakeTimers();
    const never = () => new Promise<never>(() => undefined);
    for (const answer of [never, () => Promise.resolve({ ok: true, status: 200, text: never })]) {
      vi.stubGlobal('fetch', answer);
      const said = ask('/api/v1/session');
      await vi.advanceTimersByTimeAsync(ANSWER_MS);
      expect(await said).toEqual({ trouble: 'link', status: 0 });
    }
  });

  it('[DSK-51] keeps what the server said: its body, what it expected, or words that are none', async () => {
    const answers = (status: number, text: string) =>
      vi.stubGlobal('fetch', () => Promise.resolve(new Response(text, { status })));
    answers(200, '{"a":1}');
    expect(await ask('/x')).toEqual({ status: 200, body: { a: 1 } });
    answers(200, '');
    expect(await ask('/x')).toEqual({ status: 200, body: null });
    answers(200, '<html>');
    expect(await ask('/x')).toEqual({ trouble: 'words', status: 200 });
    answers(400, '{"expected":"a time"}');
    expect(await ask('/x')).toEqual({ trouble: 'status', status: 400, expected: 'a time' });
    answers(503, 'busy');
    expect(await ask('/x')).toEqual({ trouble: 'status', status: 503 });
  });
});
