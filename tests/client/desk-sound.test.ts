// The sound of the desk in a browser that lets it sound, takes that back, or has none.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

interface Sound {
  readonly isWanted: boolean;
  readonly isAllowed: boolean;
  readonly isNone: boolean;
  allow(): void;
  pressed(): void;
  toggle(): void;
  ring(): void;
}
const path = new URL('../../client/desk/sound.svelte.ts', import.meta.url).href;
const { Sound } = (await import(/* @vite-ignore */ path)) as { readonly Sound: new () => Sound };

/** As browsers have it: nothing sounds until a resume was let, and the state may change by itself. */
class Context extends EventTarget {
  static made: Context[] = [];
  state = 'suspended';
  tones = 0;
  currentTime = 0;
  readonly destination = {};
  #let: (() => void) | null = null;
  constructor() {
    super();
    Context.made.push(this);
  }
  resume(): Promise<void> {
    return new Promise((done) => {
      this.#let = () => {
        this.become('running');
        done();
      };
    });
  }
  /** The browser lets it. */
  async lets(): Promise<void> {
    this.#let?.();
    await Promise.resolve();
  }
  become(state: string): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
  createOscillator(): object {
    // Safari 14.0: what connects gives nothing back.
    const connect = () => undefined;
    return { frequency: {}, connect, start: () => (this.tones += 1), stop: () => undefined };
  }
  createGain(): object {
    const nothing = () => undefined;
    const gain = { setValueAtTime: nothing, exponentialRampToValueAtTime: nothing };
    return { gain, connect: nothing };
  }
}
const context = (): Context => {
  const [made] = Context.made;
  if (made === undefined) throw new Error('Expected a context.');
  return made;
};
const keptOn = () =>
  vi.stubGlobal('localStorage', { getItem: () => 'on', setItem: () => undefined });

beforeEach(() => {
  Context.made = [];
  vi.stubGlobal('AudioContext', Context);
});
afterEach(() => vi.unstubAllGlobals());

describe('the sound of the desk', () => {
  it('[DSK-50] is turned on by one press of what says so, though the press itself let the page sound', async () => {
    keptOn();
    const sound = new Sound();
    expect([sound.isWanted, sound.isAllowed]).toEqual([true, false]);
    // A mouse goes down, by which the page is used and let, and comes up.
    sound.pressed();
    sound.allow();
    await context().lets();
    expect(sound.isAllowed).toBe(true);
    sound.toggle();
    expect([sound.isWanted, context().tones]).toEqual([true, 2]);
    sound.pressed();
    sound.toggle();
    expect([sound.isWanted, context().tones]).toEqual([false, 2]);
    // A press by a screen reader is a click alone.
    sound.toggle();
    expect([sound.isWanted, context().tones]).toEqual([true, 4]);
  });

  it('[DSK-50] is heard once it is let, never before', async () => {
    const sound = new Sound();
    sound.toggle();
    expect(context().tones).toBe(0);
    await context().lets();
    expect([sound.isAllowed, context().tones]).toEqual([true, 2]);
  });

  it('[DSK-50] is said to be off where the browser took it back, and nothing waits to sound at once', async () => {
    const sound = new Sound();
    sound.toggle();
    await context().lets();
    context().become('interrupted');
    expect(sound.isAllowed).toBe(false);
    for (let n = 0; n < 20; n += 1) sound.ring();
    expect(context().tones).toBe(2);
    // The next use of the page asks for it again.
    sound.allow();
    await context().lets();
    expect([sound.isAllowed, context().tones, Context.made.length]).toEqual([true, 2, 1]);
    sound.ring();
    expect(context().tones).toBe(4);
  });

  it('[DSK-50] of a browser that has it by its old name is the same', async () => {
    vi.stubGlobal('AudioContext', undefined);
    vi.stubGlobal('webkitAudioContext', Context);
    const sound = new Sound();
    sound.toggle();
    await context().lets();
    expect([sound.isNone, context().tones]).toEqual([false, 2]);
  });

  it.each<readonly [string, unknown]>([
    ['has none', undefined],
    [
      'fails to make it',
      function Broken(): never {
        throw new Error('no device');
      },
    ],
  ])('[DSK-50] of a browser that %s is said, and no key is lost by it', (_what, none) => {
    keptOn();
    vi.stubGlobal('AudioContext', none);
    const sound = new Sound();
    expect(() => sound.allow()).not.toThrow();
    expect([sound.isNone, sound.isAllowed]).toEqual([true, false]);
    sound.ring();
    sound.toggle();
    expect(sound.isWanted).toBe(false);
  });
});
