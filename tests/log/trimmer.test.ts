// The trimmer at work: each minute, and again after a trouble.
import { describe, expect, it } from 'vitest';
import { startTrimmer } from '../../server/log/trimmer.ts';
import type { Trimmed } from '../../server/log/trimmer.ts';
import { createManualClock } from '../support/manual-clock.ts';

describe('the trimmer', () => {
  it('[LOG-25] trims each minute, tells of trouble and tries again, until it is closed', async () => {
    const clock = createManualClock(10 * 86_400_000);
    const told: (Trimmed | string)[] = [];
    let isGone = false;
    const trimmer = startTrimmer({
      clock,
      store: {
        shelvedIds: () => Promise.resolve({ newest: '999999999999-0', older: '999999999998-0' }),
        trim: () => (isGone ? Promise.reject(new Error('gone')) : Promise.resolve(3)),
      },
      onTrimmed: (trimmed) => told.push(trimmed),
      onTrouble: (error) => told.push(String(error)),
    });
    await clock.advance(60_000);
    isGone = true;
    await clock.advance(60_000);
    isGone = false;
    await clock.advance(60_000);
    const minute = (n: number): Trimmed => ({
      kind: 'trimmed',
      entries: 3,
      minId: `${8 * 86_400_000 + n * 60_000}-0`,
    });
    expect(told).toEqual([minute(1), 'Error: gone', minute(3)]);
    trimmer.close();
    await clock.advance(600_000);
    expect(told).toHaveLength(3);
  });
});
