// Push at the desk where the server does not say how it stands, and where the person changes.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createManualClock } from '../support/manual-clock.ts';
import type { ManualClock } from '../support/manual-clock.ts';

interface Push {
  readonly state: { readonly kind: string };
  readonly trouble: object | null;
  look(sitting: { readonly person: string; readonly language: 'en' }): Promise<void>;
}
const path = new URL('../../client/desk/push.svelte.ts', import.meta.url).href;
const { BrowserPush } = (await import(/* @vite-ignore */ path)) as {
  readonly BrowserPush: new (clock: ManualClock) => Push;
};
const { browserId } = await import('../../client/lib/push-channel.ts');

const ENDPOINT = 'https://push.example/1';
let clock: ManualClock;
let push: Push;
/** A status, or whose the server says that this browser is; `never` answers nothing. */
let server: number | 'mine' | 'never';
let asked = 0;
const lea = { person: 'lea', language: 'en' } as const;

async function answer(): Promise<Response> {
  asked += 1;
  if (server === 'never') return new Promise(() => undefined);
  if (typeof server === 'number') return new Response('', { status: server });
  const channel = { owner: 'person', of: 'lea', kind: 'push', id: await browserId(ENDPOINT) };
  const said = { channels: [{ ...channel, language: 'en' }], browser: server };
  return new Response(JSON.stringify(said));
}

beforeEach(() => {
  const subscription = { endpoint: ENDPOINT };
  const registration = { pushManager: { getSubscription: () => Promise.resolve(subscription) } };
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('navigator', {
    ...{ userAgent: 'Mozilla/5.0 (X11; Linux)', maxTouchPoints: 0 },
    serviceWorker: { getRegistration: () => Promise.resolve(registration) },
  });
  vi.stubGlobal('window', { PushManager: true, Notification: true });
  vi.stubGlobal('Notification', { permission: 'granted' });
  vi.stubGlobal('fetch', answer);
  clock = createManualClock();
  push = new BrowserPush(clock);
  [server, asked] = ['mine', 0];
});
afterEach(() => vi.unstubAllGlobals());

describe('push, where the server does not say how it stands', () => {
  it('[CHN-37] is neither on nor off, is asked for again, and then nothing of it is left', async () => {
    await push.look(lea);
    expect(push.state).toEqual({ kind: 'on' });
    server = 503;
    await push.look(lea);
    const trouble = { trouble: 'status', status: 503 };
    expect([push.state, push.trouble]).toEqual([{ kind: 'unread', trouble }, null]);
    await clock.advance(10_000);
    await vi.waitFor(() => expect(asked).toBe(3));
    server = 'mine';
    await clock.advance(10_000);
    await vi.waitFor(() => expect(push.state).toEqual({ kind: 'on' }));
    expect([push.trouble, asked]).toEqual([null, 4]);
    await clock.advance(60_000);
    expect(asked).toBe(4);
  });

  it('[CHN-37] is not asked for again by whom the server does not know any more', async () => {
    server = 401;
    await push.look(lea);
    expect(push.state.kind).toBe('unread');
    await clock.advance(60_000);
    expect(asked).toBe(1);
  });

  it('[CHN-37] of one person is not said of the next while nothing is known of them', async () => {
    await push.look(lea);
    server = 'never';
    void push.look({ ...lea, person: 'nora' });
    await vi.waitFor(() => expect(asked).toBe(2));
    expect(push.state).toEqual({ kind: 'looking' });
  });
});
