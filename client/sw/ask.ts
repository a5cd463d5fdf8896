// What the worker asks of the server; each call ends in time, since a browser ends a worker that goes on for long.
import type { ChannelsAnswer, TakeAnswer } from '../../server/contract/channels.ts';
import { browserClock } from '../live/clock.ts';
import { inTime } from '../live/in-time.ts';
import type { Took } from './notice.ts';

/** For a press, and for what is only asked (milliseconds). */
const TAKE_MS = 10_000;
const LOOK_MS = 2_500;

export async function take(capability: string): Promise<Took> {
  try {
    const body = JSON.stringify({ capability });
    const answer = await ask('/api/v1/take', TAKE_MS, { method: 'POST', body });
    if (answer === null) return { outcome: 'lost' };
    const said = JSON.parse(answer.text) as Partial<TakeAnswer>;
    // Too fast, or a mistake of the server, comes without an outcome.
    return said.outcome === undefined ? { outcome: 'later' } : (said as TakeAnswer);
  } catch {
    return { outcome: 'lost' };
  }
}

/** Whoever cannot be asked is taken for signed in: the page itself says what is the matter. */
export async function isSignedIn(): Promise<boolean> {
  try {
    return (await ask('/api/v1/session', LOOK_MS))?.status !== 401;
  } catch {
    return true;
  }
}

/** Null: nobody is signed in, or the server does not answer. */
export async function readChannels(browser: string | null): Promise<ChannelsAnswer | null> {
  try {
    const query = browser === null ? '' : `?browser=${encodeURIComponent(browser)}`;
    const answer = await ask(`/api/v1/channels${query}`, TAKE_MS);
    return answer?.ok === true ? (JSON.parse(answer.text) as ChannelsAnswer) : null;
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
    return (await ask(path, TAKE_MS, { method, ...sent }))?.ok === true;
  } catch {
    return false;
  }
}

interface Answer {
  readonly ok: boolean;
  readonly status: number;
  readonly text: string;
}

/** Null: it did not come in time, whole. */
function ask(path: string, ms: number, init: RequestInit = {}): Promise<Answer | null> {
  return inTime({ clock: browserClock, ms }, async (signal) => {
    const headers = new Headers(
      init.body === undefined ? [] : [['content-type', 'application/json']],
    );
    const response = await fetch(path, { ...init, headers, cache: 'no-store', signal });
    return { ok: response.ok, status: response.status, text: await response.text() };
  });
}
