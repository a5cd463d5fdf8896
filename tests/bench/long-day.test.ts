// The long day's own arithmetic: what is told is a day, and a lean is found where there is one.
import { describe, expect, it } from 'vitest';
import { decode } from '../../server/events/decode.ts';
import { encode } from '../../server/events/encode.ts';
import type { NewEvent } from '../../server/events/event.ts';
import { leastOfEachMinute, leastSquares } from './long-day-figures.ts';
import { createLongDay } from './long-day-floor.ts';

const MINUTE_MS = 60_000;
const OPENS_AT = Date.parse('2026-03-10T12:00:00Z');
const SPEED = 24;

describe('the long day', () => {
  it('[LNG-1] tells hours of 200 agents and 15 queues in minutes, in events that pass the door', () => {
    const day = createLongDay({ seed: 'any', opensAt: OPENS_AT, speed: SPEED, run: 'r' });
    expect(day.size).toMatchObject({ agents: 200, queues: 15 });
    const events: NewEvent[] = [...day.profiles(), ...day.opening()];
    for (let at = OPENS_AT; at <= OPENS_AT + 5 * MINUTE_MS; at += 1_000)
      events.push(...day.until(at));
    const ids = new Set(events.map(({ id }) => id));
    expect(ids.size).toBe(events.length);
    expect(events.length).toBeGreaterThan(20_000);
    for (const event of events) {
      const entryAt = event.at ?? 0;
      const decoded = decode(encode(event), { entryAt, entryId: '1-1' });
      expect(decoded.kind, JSON.stringify(event)).toBe('event');
    }
  });

  it('[LNG-2] lets a call that keeps a promise last as long as Pharos asks of one', () => {
    const day = createLongDay({ seed: 'calls', opensAt: OPENS_AT, speed: SPEED, run: 'r' });
    const keeping = new Set<string>();
    const answeredAt = new Map<string, number>();
    const talks: number[] = [];
    for (let at = OPENS_AT; at <= OPENS_AT + 5 * MINUTE_MS; at += 100)
      for (const event of day.until(at)) {
        const { type, subject, at: happened = Number.NaN } = event;
        if (type === 'contact.started' && event.data.callback !== undefined) keeping.add(subject);
        if (type === 'contact.answered' && keeping.has(subject)) answeredAt.set(subject, happened);
        const answered = answeredAt.get(subject);
        if (type === 'contact.ended' && answered !== undefined) talks.push(happened - answered);
      }
    expect(talks.length).toBeGreaterThan(10);
    expect(Math.min(...talks)).toBeGreaterThanOrEqual(10_000);
  });

  it('[LNG-3] finds the lean of a saw tooth by its low water, and none where there is none', () => {
    const sawTooth = (lean: number): { x: number; y: number }[] =>
      Array.from({ length: 180 }, (_, index) => {
        const x = index / 6;
        return { x, y: 30 + lean * x + (index % 6) * 4 };
      });
    const leaning = leastSquares(leastOfEachMinute(sawTooth(0.5)));
    expect(leaning?.slope).toBeCloseTo(0.5, 6);
    expect(leaning?.at).toBeCloseTo(30, 6);
    expect(leaning?.error).toBeCloseTo(0, 6);
    expect(leastSquares(leastOfEachMinute(sawTooth(0)))?.slope).toBeCloseTo(0, 6);
    expect(leastSquares([{ x: 1, y: 1 }])).toBeNull();
  });

  it('[LNG-3] says how sure a lean is, by the textbook', () => {
    // y on x of 1, 2, 3, 4, 5 and 2, 4, 5, 4, 5: slope 0.6, residuals 2.4 in squares, so the error is √(2.4 / 3 / 10).
    const points = [2, 4, 5, 4, 5].map((y, index) => ({ x: index + 1, y }));
    const line = leastSquares(points);
    expect(line?.slope).toBeCloseTo(0.6, 9);
    expect(line?.error).toBeCloseTo(Math.sqrt(2.4 / 3 / 10), 9);
  });
});
