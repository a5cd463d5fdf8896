// Each bench still works: in its tiny form it measures something for the promises that it names. Whether it is quick is nobody's test.
import { describe, it } from 'vitest';
import { BENCHES } from './all.ts';
import type { Line } from './line.ts';
import { runBench } from './run-bench.ts';
import { BEGINS, ENDS, putBetweenMarks, tableOf } from './table.ts';

const PATIENCE_MS = 120_000;

// They wait more than they work, and no speed is judged, so that they may run at once.
describe.concurrent('npm run bench', () => {
  it.for([...BENCHES.keys()])(
    '[BEN-1] runs %s in its tiny form and gives lines with figures',
    { timeout: PATIENCE_MS },
    async (name, { expect }) => {
      const lines = await runBench(name, 'tiny');
      expect(lines.length).toBeGreaterThan(0);
      for (const { promise, what, workload, measured, promised } of lines) {
        expect(promise).toMatch(/^[A-Z]-\d+$/);
        for (const text of [what, workload, promised]) expect(text).not.toBe('');
        expect(measured).toMatch(/\d/);
        expect(measured).not.toMatch(/NaN|Infinity|undefined/);
      }
    },
  );

  it('[BEN-2] writes its table between the marks and leaves the rest as it was', ({ expect }) => {
    const line: Line = {
      promise: 'P-1',
      what: 'what | which',
      workload: 'a workload',
      measured: '1 ms',
      beside: 'none',
      promised: '≤ 2 ms',
      holds: true,
    };
    const table = tableOf([line, { ...line, holds: false }]);
    expect(table.split('\n').slice(2)).toEqual([
      '| P-1 | what \\| which | a workload | 1 ms | none | ≤ 2 ms | yes |',
      '| P-1 | what \\| which | a workload | 1 ms | none | ≤ 2 ms | **no** |',
    ]);
    expect(putBetweenMarks(`a\n${BEGINS}\n\nold\n\n${ENDS}\nb`, 'new')).toBe(
      `a\n${BEGINS}\n\nnew\n\n${ENDS}\nb`,
    );
    expect(putBetweenMarks('a\nb', 'new')).toBeNull();
  });
});
