// What the worker asks of the server; each call ends in time, since a browser ends a worker that goes on for long.
import type { ChannelsAnswer, TakeAnswer } from '../../server/contract/channels.ts';
import { browserClock } from '../live/clock.ts';
import type { Took } from './notice.ts';

/** For a press, and for what is only asked (milliseconds). */
const TAKE_MS = 10_000;
const LOOK_MS = 2_500;

export async function take(capability: string): Promise<Took> {
  try {
    const body = JSON.stringify({ capability });
    const response = await inTime('/api/v1/take', TAKE_MS, { method: 'POST', body });
    const said = (await response.json()) as Partial<TakeAnswer>;
    // Too fast, or a mistake of the server, comes without an outcome.
    return said.outcome === undefined ? { outcome: 'later' } : (said as TakeAnswer);
  } catch {
    return { outcome: 'lost' };
  }
}

/** Whoever cannot be asked is taken for signed in: the page itself says what is the matter. */
export async function isSignedIn(): Promise<boolean> {
  try {
    return (await inTime('/api/v1/session', LOOK_MS)).status !== 401;
  } catch {
    return true;
  }
}

/** Null: nobody is signed in, or the server does not answer. */
export async function readChannels(browser: string | null): Promise<ChannelsAnswer | null> {
  try {
    const query = browser === null ? '' : `?browser=${encodeURIComponent(browser)}`;
    const response = await inTime(`/api/v1/channels${query}`, TAKE_MS);
    return response.ok ? ((await response.json()) as ChannelsAnswer) : null;
  } catch {
    return null;
  }
}

/** True once the server has it. */
export async function write(
  path: string,
  method: 'PUT' | 'DELETE',
  body?: object,
): Promise<boolean> {
  try {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    return (await inTime(path, TAKE_MS, { method, ...sent })).ok;
  } catch {
    return false;
  }
}

async function inTime(path: string, ms: number, init: RequestInit = {}): Promise<Response> {
  const ending = new AbortController();
  const cancel = browserClock.after(ms, () => ending.abort());
  try {
    const headers = new Headers(
      init.body === undefined ? [] : [['content-type', 'application/json']],
    );
    return await fetch(path, { ...init, headers, cache: 'no-store', signal: ending.signal });
  } finally {
    cancel();
  }
}
