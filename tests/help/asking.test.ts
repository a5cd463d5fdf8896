// What an agent's phone says of their request, over a link that is cut, slow, or answers late.
import { beforeEach, describe, expect, it } from 'vitest';
import { Asking } from '../../client/help/asking.ts';
import type { Call, HelpView } from '../../client/help/asking.ts';
import type { HelpAnswer, HelpRequest } from '../../server/contract/help.ts';
import { createManualClock } from '../support/manual-clock.ts';
import type { ManualClock } from '../support/manual-clock.ts';

const SECOND = 1_000;
let clock: ManualClock;
let asking: Asking;
/** What Pharos has. */
let request: HelpRequest | null;
let isLive: boolean;
/** How it answers: as it should, not at all, never, or with a status. */
let how: 'well' | 'cut' | 'silent' | number;
/** Of each call, by which it is called off. */
let signals: AbortSignal[];
let calls: { readonly method: string; readonly body: Readonly<Record<string, string>> | null }[];
/** All that the page ever showed. */
let shown: HelpView[];

const call: Call = (method, body, signal) => {
  calls.push({ method, body });
  signals.push(signal);
  if (how === 'cut') return Promise.reject(new Error('Failed to fetch'));
  if (how === 'silent') return new Promise(() => undefined);
  if (typeof how === 'number') return Promise.resolve({ status: how, body: {} });
  if (method === 'GET') {
    const answer: HelpAnswer = { name: 'Charles', request, now: clock.now(), isLive };
    return Promise.resolve({ status: 200, body: answer });
  }
  const about = body?.about ?? null;
  request =
    method === 'DELETE'
      ? null
      : { id: 'h1', about, requestedAt: clock.now(), coming: null, comingSince: null };
  return Promise.resolve({ status: 200, body: { ok: true } });
};

beforeEach(async () => {
  clock = createManualClock();
  [request, isLive, how, calls, shown, signals] = [null, true, 'well', [], [], []];
  asking = new Asking({
    call,
    clock,
    random: () => 0.5,
    onChange: () => shown.push(asking.view),
  });
  await clock.advance(0);
});

const kind = (): string => asking.view.state.kind;
const said = (method: string): typeof calls => calls.filter((one) => one.method === method);

describe('a request for help on a phone', () => {
  it('[CMD-90] is shown as asked once Pharos said so, then who is coming and for how long, then calm', async () => {
    expect(asking.view).toEqual({ state: { kind: 'calm' }, name: 'Charles', isCut: false });
    asking.ask('a refund');
    expect(kind()).toBe('asking');
    await clock.advance(0);
    expect(said('POST')).toMatchObject([{ body: { about: 'a refund' } }]);
    expect(kind()).toBe('asked');
    await clock.advance(42 * SECOND);
    expect(asking.view.state).toEqual({
      kind: 'asked',
      coming: null,
      forMs: 42 * SECOND,
      comingForMs: null,
    });
    request = { ...request!, coming: 'Nora', comingSince: clock.now() };
    await clock.advance(3 * SECOND);
    expect(asking.view.state).toEqual({
      kind: 'asked',
      coming: 'Nora',
      forMs: 45 * SECOND,
      comingForMs: 3 * SECOND,
    });
    request = null;
    await clock.advance(3 * SECOND);
    expect(kind()).toBe('calm');
  });

  for (const fault of ['cut', 'silent', 503, 429] as const)
    it(`[CMD-91] is never shown as asked while Pharos has not said so (${fault}); it is said again, as one, until it has`, async () => {
      how = fault;
      asking.ask(null);
      await clock.advance(60 * SECOND);
      expect(new Set(shown.map(({ state }) => state.kind))).toEqual(new Set(['calm', 'asking']));
      expect(asking.view).toMatchObject({ state: { kind: 'asking' }, isCut: true });
      const tries = said('POST');
      expect(tries.length).toBeGreaterThanOrEqual(8);
      how = 'well';
      await clock.advance(8 * SECOND);
      expect(asking.view).toMatchObject({ state: { kind: 'asked' }, isCut: false });
      expect(new Set(said('POST').map(({ body }) => body?.once)).size).toBe(1);
      expect(said('POST').length).toBeLessThanOrEqual(tries.length + 2);
    });

  it('[CMD-96] that hangs on its way is called off before anything else is said, and what was answered is not', async () => {
    how = 'silent';
    asking.ask(null);
    await clock.advance(SECOND);
    asking.end();
    const off = (method: string) =>
      calls.flatMap((one, at) => (one.method === method ? [signals[at]?.aborted] : []));
    expect([off('POST'), off('DELETE')]).toEqual([[false], []]);
    how = 'well';
    await clock.advance(4 * SECOND);
    expect([off('POST'), off('DELETE')]).toEqual([[true], []]);
    await clock.advance(20 * SECOND);
    expect([kind(), new Set(off('GET')), off('DELETE')]).toEqual([
      ...['calm', new Set([false]), [false]],
    ]);
  });

  it('[CMD-91] that was pressed five times in a hurry is said once', async () => {
    for (let n = 0; n < 5; n++) asking.ask(null);
    await clock.advance(SECOND);
    expect(said('POST')).toHaveLength(1);
  });

  it('[CMD-92] is taken back, and shown as over once Pharos said so', async () => {
    asking.ask(null);
    await clock.advance(SECOND);
    how = 'cut';
    asking.end();
    await clock.advance(20 * SECOND);
    expect(asking.view).toMatchObject({ state: { kind: 'ending' }, isCut: true });
    how = 'well';
    await clock.advance(3 * SECOND);
    expect(kind()).toBe('calm');
    expect(request).toBeNull();
  });

  it('[CMD-92] is not shown as over for a server that is a moment behind, nor for ever by a word that was wrong', async () => {
    asking.ask(null);
    await clock.advance(0);
    const kept = request;
    request = null;
    await clock.advance(2 * SECOND);
    expect(kind()).toBe('asked');
    await clock.advance(8 * SECOND);
    expect(kind()).toBe('calm');
    request = kept;
    await clock.advance(6 * SECOND);
    expect(kind()).toBe('asked');
  });

  it('[CMD-93] says that the connection is cut, and that the server does not follow its log, while it is so', async () => {
    isLive = false;
    await clock.advance(7 * SECOND);
    expect(asking.view).toMatchObject({ state: { kind: 'calm' }, isCut: true });
    isLive = true;
    await clock.advance(7 * SECOND);
    expect(asking.view.isCut).toBe(false);
    how = 'silent';
    await clock.advance(14 * SECOND);
    expect(asking.view.isCut).toBe(true);
    how = 'well';
    asking.look();
    await clock.advance(14 * SECOND);
    expect(asking.view.isCut).toBe(false);
  });

  it('[CMD-94] by a link that was ended says so, and asks no more', async () => {
    how = 401;
    await clock.advance(7 * SECOND);
    expect(kind()).toBe('ended');
    const before = calls.length;
    asking.ask(null);
    asking.look();
    await clock.advance(60 * SECOND);
    expect(calls).toHaveLength(before);
    expect(kind()).toBe('ended');
  });
});
