// Stories for an alert: what is said to it, in an order and at distances at which things meet.
import fc from 'fast-check';
import type { Line, Said } from './model.ts';

type Word =
  | { readonly kind: 'true'; readonly severity: number; readonly began: Began }
  | { readonly kind: 'snooze'; readonly by: string; readonly forSeconds: number }
  | { readonly kind: 'away'; readonly forSeconds: number }
  /** It comes and goes so many times, at such distances. */
  | { readonly kind: 'flaps'; readonly times: number; readonly apart: number }
  | Exclude<Said, { kind: 'true' | 'snooze' | 'away' }>;
type Began = 'now' | 'as-before' | 'earlier' | 'as-first';

/** Distances at which something is due, a second before it, and some between. */
const WAITS = [
  0, 1, 5, 9, 10, 20, 29, 30, 31, 60, 119, 120, 179, 180, 240, 420, 599, 600, 899, 900,
];
const LONG = [1_199, 1_200, 1_500, 1_799, 1_800, 3_600, 14_400];

const wait = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...WAITS) },
  { weight: 1, arbitrary: fc.constantFrom(...LONG) },
);
const by = fc.constantFrom('lea', 'max');
const began = fc.constantFrom<Began[]>(
  'now',
  'now',
  'as-before',
  'as-before',
  'earlier',
  'as-first',
);
const holds = fc.record({
  kind: fc.constant('true' as const),
  severity: fc.constantFrom(1, 2, 2, 3),
  began,
});
const word: fc.Arbitrary<Word> = fc.oneof(
  { weight: 8, arbitrary: holds },
  { weight: 6, arbitrary: fc.constant({ kind: 'false' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'silent' as const }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('acknowledge' as const), by }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('snooze' as const),
      by,
      forSeconds: fc.constantFrom(0, 60, 600, 3_600, 14_400, 14_401),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('release' as const), by }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('comment', 'see'), by }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('staff' as const), levels: fc.subarray([1, 2]) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('away' as const), forSeconds: wait }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('flaps' as const),
      times: fc.constantFrom(2, 3, 4),
      apart: fc.constantFrom(1, 10, 15, 31, 100),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'time' as const }) },
);

/** Seconds of `keepFiring`, and the lines in their order. */
export const stories = fc
  .record({
    keep: fc.constantFrom(0, 10, 60, 120),
    words: fc.array(fc.tuple(wait, word), { minLength: 1, maxLength: 24 }),
  })
  .map(({ keep, words }) => ({ keep, story: told(words) }));

function told(words: readonly (readonly [number, Word])[]): readonly Line[] {
  const story: Line[] = [];
  const beginnings: number[] = [];
  let now = 100_000;
  for (const [seconds, said] of words) {
    now += seconds;
    const at = now;
    if (said.kind === 'true') {
      const when = beginning(said.began, beginnings, at);
      beginnings.push(when);
      story.push({ at, said: { ...said, began: when } });
    } else if (said.kind === 'snooze')
      story.push({ at, said: { ...said, until: at + said.forSeconds } });
    else if (said.kind === 'away') {
      now += said.forSeconds;
      story.push({ at, said: { kind: 'away', until: now } });
    } else if (said.kind === 'flaps')
      for (let count = 0; count < said.times; count++) {
        const when = now - 10;
        beginnings.push(when);
        story.push({ at: now, said: { kind: 'true', severity: 2, began: when } });
        story.push({ at: now + said.apart, said: { kind: 'false' } });
        now += 2 * said.apart;
      }
    else story.push({ at, said });
  }
  return story;
}

function beginning(began: Began, before: readonly number[], now: number): number {
  const last = before.at(-1) ?? now - 10;
  switch (began) {
    case 'now':
      return now - 10;
    case 'as-before':
      return last;
    case 'earlier':
      return last - 5;
    case 'as-first':
      return before[0] ?? last;
    default:
      return began satisfies never;
  }
}
