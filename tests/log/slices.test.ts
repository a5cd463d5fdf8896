// JSON in slices is the JSON that everybody knows, and lets others run in between.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonInSlices } from '../../server/log/slices.ts';

it('[LOG-29] is the same text as is written at once, whatever is in it', async () => {
  const leaf = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.constant(null),
    fc.boolean(),
    fc.constant(undefined),
  );
  const row = fc.dictionary(fc.string(), leaf, { maxKeys: 4 });
  const list = fc.tuple(row, fc.nat(1_200)).map(([each, size]) => Array<unknown>(size).fill(each));
  const state = fc.dictionary(
    fc.string(),
    fc.oneof(leaf, row, list, fc.dictionary(fc.string(), list)),
  );
  await fc.assert(
    fc.asyncProperty(state, async (value) => {
      const text = (await jsonInSlices(value, () => Promise.resolve())).toString();
      expect(text).toBe(JSON.stringify(value));
    }),
    { numRuns: 60 },
  );
});

it('[LOG-29] lets others run again and again while a large state is written', async () => {
  let breaths = 0;
  const rows = Array.from({ length: 10_000 }, (_, id) => ({ id, name: 'Anna' }));
  const written = await jsonInSlices({ rows: { agents: rows } }, () => {
    breaths += 1;
    return Promise.resolve();
  });
  expect(breaths).toBe(40);
  expect(written.toString()).toBe(JSON.stringify({ rows: { agents: rows } }));
});
