// Instants as text: whatever is written, it means what the platform takes it for.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseInstant } from '../../server/events/instant.ts';

const two = fc.integer({ min: 0, max: 61 }).map((n) => String(n).padStart(2, '0'));
const text = fc
  .tuple(
    fc.integer({ min: 1970, max: 2199 }),
    fc.tuple(two, two),
    fc.constantFrom('T', ' ', 't'),
    fc.tuple(two, two, two),
    fc.constantFrom('', '.1', '.12', '.123', '.999', '.000', '.1234', '.123456789'),
    fc.constantFrom('Z', 'z', '+02:00', '-11:30'),
  )
  .map(
    ([year, [month, day], between, time, fraction, offset]) =>
      `${year}-${month}-${day}${between}${time.join(':')}${fraction}${offset}`,
  );

it('[EVT-2] takes a text for the instant that the platform takes it for, however often it is asked', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 5 }), (texts) => {
      for (const each of [...texts, ...texts]) {
        const at = Date.parse(each.replace(' ', 'T'));
        expect(parseInstant(each)).toBe(Number.isNaN(at) || at < 0 ? null : at);
      }
    }),
    { numRuns: 2_000 },
  );
});
