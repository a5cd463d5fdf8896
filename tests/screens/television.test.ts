// What a television does by itself: asks for a code and for what became of it, loads itself anew, and goes where it is led.
import { beforeEach, describe, expect, it } from 'vitest';
import { goWhenThere } from '../../client/live/go-when-there.ts';
import { browserName } from '../../client/manage/screens/browser-name.ts';
import { stateOf } from '../../client/manage/screens/screen-state.ts';
import { TelevisionPairing } from '../../client/pair/pairing.ts';
import type { Answered } from '../../client/pair/pairing.ts';
import { LoadingAnew } from '../../client/wall/load-anew.ts';
import type { Moment } from '../../client/wall/load-anew.ts';
import { createManualClock } from '../support/manual-clock.ts';
import type { ManualClock } from '../support/manual-clock.ts';

const SECOND = 1_000;
const HOUR = 3_600_000;

describe('the page of a television that nobody knows', () => {
  let clock: ManualClock;
  let pairing: TelevisionPairing;
  let asked: (string | null)[];
  /** What the next questions are answered; none: nothing comes back. */
  let begun: Answered | null;
  let became: Answered | null;
  let isSilent: boolean;
  let codes: number;

  const answer = (status: number, body: unknown = {}, retryAfter: number | null = null) => ({
    ...{ status, body, retryAfter },
  });
  beforeEach(async () => {
    clock = createManualClock();
    [asked, begun, became, isSilent, codes] = [[], null, null, false, 0];
    pairing = new TelevisionPairing({
      clock,
      onChange: () => undefined,
      ask(ticket) {
        asked.push(ticket);
        if (isSilent) return new Promise(() => undefined);
        const given =
          ticket === null ? (begun ?? fresh()) : (became ?? answer(200, { state: 'open' }));
        return given.status === 0 ? Promise.reject(new Error('Failed')) : Promise.resolve(given);
      },
    });
    await clock.advance(0);
  });
  function fresh(): Answered {
    codes += 1;
    const said = { code: `CODE-${codes}`, ticket: `t${codes}`, url: 'http://p/desk/screens' };
    return answer(201, { ...said, forMs: 600 * SECOND, svg: '<svg/>' });
  }
  const shown = () => {
    const { state } = pairing.view;
    return state.kind === 'shown' ? [state.code, state.forMs] : state.kind;
  };

  it('[SCR-30] shows a code, asks every two seconds what became of it, and goes to its board', async () => {
    expect(shown()).toEqual(['CODE-1', 600 * SECOND]);
    await clock.advance(9 * SECOND);
    expect(asked).toEqual([null, 't1', 't1', 't1', 't1']);
    expect(shown()).toEqual(['CODE-1', 591 * SECOND]);
    became = answer(200, { state: 'paired', path: '/wall/main' });
    await clock.advance(2 * SECOND);
    expect(pairing.view.state).toEqual({ kind: 'paired', path: '/wall/main' });
    const { length } = asked;
    await clock.advance(3_600 * SECOND);
    expect(asked).toHaveLength(length);
  });

  it('[SCR-30] shows a new code by itself when the old one is over, and never an old one', async () => {
    await clock.advance(100 * SECOND);
    became = answer(404);
    await clock.advance(2 * SECOND);
    expect(shown()).toEqual(['CODE-2', 600 * SECOND]);
    became = answer(0);
    await clock.advance(599 * SECOND);
    expect([shown(), pairing.view.isCut]).toEqual([['CODE-2', SECOND], true]);
    await clock.advance(2 * SECOND);
    expect(shown()).toBe('asking');
    became = answer(404);
    await clock.advance(2 * SECOND);
    expect(shown()).toEqual(['CODE-3', 599 * SECOND]);
    expect(pairing.view.isCut).toBe(false);
  });

  it('[SCR-30] keeps its code while it is cut, silent or Redis is away, and says so', async () => {
    for (const broken of [answer(0), answer(503, {}, 10)]) {
      became = broken;
      await clock.advance(2 * SECOND);
      expect([(shown() as unknown[])[0], pairing.view.isCut]).toEqual(['CODE-1', true]);
      became = null;
      await clock.advance(2 * SECOND);
      expect(pairing.view.isCut).toBe(false);
    }
    isSilent = true;
    await clock.advance(8 * SECOND);
    expect([(shown() as unknown[])[0], pairing.view.isCut]).toEqual(['CODE-1', true]);
    isSilent = false;
    await clock.advance(8 * SECOND);
    expect(pairing.view.isCut).toBe(false);
  });

  it.each([
    [429, 'often', 40],
    [503, 'away', 10],
  ] as const)(
    '[SCR-30] told %i it says why, and goes on after the time that was said',
    async (status, why, seconds) => {
      begun = answer(status, {}, seconds);
      became = answer(404);
      await clock.advance(2 * SECOND);
      expect(pairing.view.state).toEqual({ kind: 'waiting', why });
      begun = became = null;
      await clock.advance((seconds - 1) * SECOND);
      expect(pairing.view.state.kind).toBe('waiting');
      await clock.advance(SECOND);
      expect(shown()).toEqual(['CODE-2', 600 * SECOND]);
    },
  );
});

describe('a wall', () => {
  const RIGA = 'Europe/Riga';
  const quiet: Moment = {
    ...{ now: Date.UTC(2026, 10, 21, 9), zone: RIGA, loaded: 'one', running: 'one' },
    ...{ isAsked: false, isLive: true, openP1: false, waiting: 0 },
  };
  /** At this hour of Riga on the next day, two hours before that in UTC. */
  const next = (hours: number, days = 1): number =>
    Date.UTC(2026, 10, 21 + days) + (hours - 2) * HOUR;
  const up = (random = 0): LoadingAnew => {
    const anew = new LoadingAnew(() => random);
    expect(anew.isDue({ ...quiet, now: next(2, 0) })).toBe(false);
    return anew;
  };

  it('[SCR-31] that somebody wants anew is loaded at once, after an open P1, and only while it is live', () => {
    const anew = up();
    const asked = { ...quiet, isAsked: true, waiting: 7 };
    expect(anew.isDue({ ...asked, openP1: true })).toBe(false);
    expect(anew.isDue({ ...asked, isLive: false })).toBe(false);
    expect(anew.isDue(asked)).toBe(true);
  });

  it('[SCR-31] is loaded anew between three and five by the site’s clock, once it is up for a day', () => {
    const anew = up();
    expect(anew.isDue({ ...quiet, now: next(3, 0) })).toBe(false);
    expect(anew.isDue({ ...quiet, now: next(2.99) })).toBe(false);
    expect(anew.isDue({ ...quiet, now: next(3) })).toBe(true);
    expect(anew.isDue({ ...quiet, now: next(4.99) })).toBe(true);
    expect(anew.isDue({ ...quiet, now: next(5) })).toBe(false);
    // As the zone has it: at three of Riga it is one of London.
    expect(anew.isDue({ ...quiet, now: next(3), zone: 'Europe/London' })).toBe(false);
    for (const not of [{ openP1: true }, { isLive: false }, { waiting: 1 }])
      expect(anew.isDue({ ...quiet, now: next(3.5), ...not })).toBe(false);
  });

  it('[SCR-31] is not loaded anew with all others: chance says when', () => {
    expect(up(0.5).isDue({ ...quiet, now: next(3.7) })).toBe(false);
    expect(up(0.5).isDue({ ...quiet, now: next(3.8) })).toBe(true);
    expect(up(0.99).isDue({ ...quiet, now: next(4.4) })).toBe(false);
    expect(up(0.99).isDue({ ...quiet, now: next(4.5) })).toBe(true);
  });

  it('[SCR-31] takes a new build within half a minute at a quiet moment, or after five where it is never quiet', () => {
    const anew = up(0.5);
    const later = { ...quiet, now: next(12), running: 'two' };
    expect(anew.isDue(later)).toBe(false);
    expect(anew.isDue({ ...later, now: later.now + 15 * SECOND, waiting: 1 })).toBe(false);
    expect(anew.isDue({ ...later, now: later.now + 15 * SECOND })).toBe(true);
    const busy = { ...later, now: later.now + 316 * SECOND, waiting: 1 };
    expect(anew.isDue(busy)).toBe(true);
    expect(anew.isDue({ ...busy, openP1: true })).toBe(false);
    expect(anew.isDue({ ...busy, running: 'one' })).toBe(false);
  });
});

describe('a page that is to be left', () => {
  it('[SCR-32] is left once, when the server answers', async () => {
    const clock = createManualClock();
    let gone = 0;
    let there: () => Promise<boolean> = () => Promise.reject(new Error('Failed'));
    goWhenThere({ clock, isThere: () => there(), go: () => (gone += 1) });
    await clock.advance(11 * SECOND);
    there = () => new Promise(() => undefined);
    await clock.advance(11 * SECOND);
    there = () => Promise.resolve(false);
    await clock.advance(11 * SECOND);
    expect(gone).toBe(0);
    there = () => Promise.resolve(true);
    await clock.advance(11 * SECOND);
    expect(gone).toBe(1);
    await clock.advance(HOUR);
    expect(gone).toBe(1);
  });

  it('[SCR-32] is not left where that was taken back', async () => {
    const clock = createManualClock();
    let gone = 0;
    const stop = goWhenThere({
      ...{ clock, isThere: () => Promise.resolve(true), go: () => (gone += 1) },
    });
    stop();
    await clock.advance(HOUR);
    expect(gone).toBe(0);
  });
});

describe('a screen in the list', () => {
  it('[SCR-34] is live, silent since its last word, there without painting, or never came', () => {
    const now = 1_000_000;
    expect(stateOf({ seenAt: null, paintedAt: null }, now)).toEqual({ kind: 'never' });
    expect(stateOf({ seenAt: now - 15_000, paintedAt: now - 16_000 }, now).kind).toBe('live');
    const since = now - 15_001;
    expect(stateOf({ seenAt: since, paintedAt: since }, now)).toEqual({ kind: 'silent', since });
    for (const paintedAt of [null, now - 20_001])
      expect(stateOf({ seenAt: now - 5_000, paintedAt }, now).kind).toBe('frozen');
  });

  it('[SCR-34] is named by its kind of television and its browser', () => {
    const webos =
      'Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/87.0.4280.88 Safari/537.36';
    const tizen =
      'Mozilla/5.0 (SMART-TV; LINUX; Tizen 7.0) AppleWebKit/537.36 (KHTML, like Gecko) 94.0.4606.31/7.0 TV Safari/537.36';
    expect(browserName(webos)).toBe('LG webOS · Chrome 87');
    expect(browserName(tizen)).toBe('Samsung Tizen');
    expect(browserName('x'.repeat(200))).toBe('x'.repeat(60));
  });
});
