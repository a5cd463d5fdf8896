// The laws of the deduplication window, held against a plain model by random stories.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDedupWindow, DEDUP_MOST, DEDUP_WINDOW_MS } from '../../server/log/dedup.ts';
import type { DedupDump } from '../../server/log/dedup.ts';

interface Said {
  readonly source: string;
  readonly id: string;
  readonly stepMs: number;
}
const story = fc.array(
  fc.record({
    source: fc.constantFrom('pbx', 'crm', 'a b'),
    id: fc.constantFrom('1', '2', '3', '__proto_', 'toString'),
    stepMs: fc.oneof(fc.nat(20), fc.nat(2_000)),
  }),
  { maxLength: 200 },
);
const limits = { windowMs: 1_000, most: 1_000_000 };

/** Tells the story to one that asks: at which instants, each with an entry id of its own. */
function told(said: readonly Said[], ask: (said: Said, at: number) => boolean): readonly boolean[] {
  let at = 1_000_000;
  return said.map((each) => {
    at += each.stepMs;
    return ask(each, at);
  });
}

describe('the deduplication window', () => {
  it('[LOG-60] calls a repeat what the same source said within the window, and nothing else', () => {
    fc.assert(
      fc.property(story, (said) => {
        const first = new Map<string, number>();
        const model = told(said, ({ source, id }, at) => {
          const key = JSON.stringify([source, id]);
          const since = first.get(key);
          if (since !== undefined && at - since <= limits.windowMs) return true;
          first.set(key, at);
          return false;
        });
        const window = createDedupWindow(undefined, limits);
        const real = told(said, (each, at) => window.isRepeat(each, { id: `${at}-0`, at }));
        expect(real).toEqual(model);
      }),
    );
  });

  it('[LOG-61] goes on after a snapshot as if there had been none', () => {
    fc.assert(
      fc.property(story, fc.nat(200), (said, cut) => {
        const whole = createDedupWindow(undefined, limits);
        let parted = createDedupWindow(undefined, limits);
        let n = 0;
        const one = told(said, (each, at) => whole.isRepeat(each, { id: `${at}-0`, at }));
        const two = told(said, (each, at) => {
          if (n++ === cut)
            parted = createDedupWindow(
              JSON.parse(JSON.stringify(parted.dump())) as DedupDump,
              limits,
            );
          return parted.isRepeat(each, { id: `${at}-0`, at });
        });
        expect(two).toEqual(one);
        expect(parted.dump()).toEqual(whole.dump());
      }),
    );
  });

  it('[LOG-62] remembers 200,000 ids at most, the youngest, and none for longer than 10 minutes', () => {
    const window = createDedupWindow();
    for (let n = 0; n < DEDUP_MOST + 10; n++)
      window.isRepeat({ source: 'pbx', id: String(n) }, { id: 'entry', at: 0 });
    expect(window.size()).toBe(DEDUP_MOST);
    const asked = { id: 'entry', at: 0 };
    expect(window.isRepeat({ source: 'pbx', id: '10' }, asked)).toBe(true);
    expect(window.isRepeat({ source: 'pbx', id: '9' }, asked)).toBe(false);
    window.isRepeat({ source: 'pbx', id: 'late' }, { id: 'entry', at: DEDUP_WINDOW_MS + 1 });
    expect(window.size()).toBe(1);
    const large = Array.from({ length: DEDUP_MOST + 5 }, (_, n) => [0, String(n), 0] as const);
    expect(createDedupWindow({ sources: ['pbx'], seen: large }).size()).toBe(DEDUP_MOST);
  });

  it('[LOG-63] neither asks nor remembers an id that is the entry’s own', () => {
    const window = createDedupWindow();
    const entry = { id: '5-0', at: 5 };
    expect(window.isRepeat({ source: 'unknown', id: '5-0' }, entry)).toBe(false);
    expect(window.size()).toBe(0);
  });
});
