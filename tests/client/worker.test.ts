// The worker where the browser helps less than others: without locks, and where a click on a notification finds a desk that shows nothing.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openPage } from '../../client/sw/opening.ts';
import type { DeskWindow } from '../../client/sw/opening.ts';
import { inTurn } from '../../client/sw/screen.ts';
import { createManualClock } from '../support/manual-clock.ts';

afterEach(() => vi.unstubAllGlobals());

describe('a browser without locks', () => {
  it('[CHN-35] shows every push, one after the other, also after one that failed', async () => {
    vi.stubGlobal('navigator', {});
    const told: string[] = [];
    const work =
      (name: string, fails = false) =>
      async () => {
        told.push(`${name} begins`);
        await new Promise((done) => setTimeout(done, 5));
        if (fails) throw new Error(name);
        told.push(`${name} stands`);
      };
    const all = [inTurn(work('one')), inTurn(work('two', true)), inTurn(work('three'))];
    expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual([
      ...['fulfilled', 'rejected', 'fulfilled'],
    ]);
    expect(told).toEqual([
      ...['one begins', 'one stands', 'two begins', 'three begins', 'three stands'],
    ]);
  });
});

describe('a click on a notification', () => {
  const PAGES = { desk: '/desk/episode/e1', link: '/a/abc' } as const;
  /** `hears`: its page says that it goes there. */
  function scene(found: { hears: boolean; mayNavigate?: boolean } | null, isSignedIn: boolean) {
    const seen: string[] = [];
    const page: DeskWindow = {
      url: 'https://pharos.example/desk',
      postMessage(said: object, ports: readonly Transferable[]) {
        seen.push(`told ${(said as { readonly path: string }).path}`);
        const [port] = ports as readonly MessagePort[];
        if (found?.hears === true) port?.postMessage('heard');
      },
      focus: () => {
        seen.push('focus');
        return Promise.reject(new Error('forbidden'));
      },
      navigate: (url: string) => {
        seen.push(`to ${url}`);
        return found?.mayNavigate === false ? Promise.reject(new Error()) : Promise.resolve(null);
      },
    };
    const clock = createManualClock();
    const wall = { ...page, url: 'https://pharos.example/desktop' };
    const opened = openPage(PAGES, {
      windows: found === null ? [wall] : [wall, page],
      openWindow: (url) => Promise.resolve(seen.push(`open ${url}`)),
      isSignedIn: () => Promise.resolve(isSignedIn),
      clock,
    });
    return { seen, clock, opened };
  }
  const [desk, link] = [PAGES.desk, PAGES.link];

  it.each<readonly [string, Parameters<typeof scene>, readonly string[]]>([
    ['a desk that shows it', [{ hears: true }, true], []],
    ['a desk that answers nothing', [{ hears: false }, true], [`to ${desk}`]],
    ['a desk at which nobody is signed in', [{ hears: true }, false], [`to ${link}`]],
    ['one that is refused, too', [{ hears: false }, false], [`to ${link}`]],
    [
      'one that may not be led elsewhere',
      [{ hears: false, mayNavigate: false }, false],
      [`to ${link}`, `open ${link}`],
    ],
  ])('[CHN-36] is not lost: it finds %s', async (_what, [found, isSignedIn], then) => {
    const { seen, clock, opened } = scene(found, isSignedIn);
    // What a port carries comes by itself.
    await new Promise((done) => setTimeout(done, 20));
    await clock.advance(1_500);
    await opened;
    expect(seen).toEqual([`told ${desk}`, 'focus', ...then]);
  });

  it('[CHN-36] opens a window where there is none, of the desk or of its own link', async () => {
    for (const isSignedIn of [true, false]) {
      const { seen, opened } = scene(null, isSignedIn);
      await opened;
      expect(seen).toEqual([`open ${isSignedIn ? desk : link}`]);
    }
  });
});
