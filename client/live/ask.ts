// What a page asks of the server by HTTP, and who sits there by its session. Failures are values.
import type { SessionSaid } from '../../server/contract/commands.ts';
import { browserClock } from './clock.ts';
import { inTime } from './in-time.ts';

/** Milliseconds after which nobody waits any more; a channel that is tried takes the server seven seconds at most. */
export const ANSWER_MS = 15_000;

/** `status` 0: nothing came back. */
export interface Trouble {
  readonly trouble: 'link' | 'status' | 'words';
  readonly status: number;
  /** What the server expected instead, in its own words. */
  readonly expected?: string;
  /** Which of the door's refusals it was, by its name. */
  readonly problem?: string;
}

export async function readSession(): Promise<SessionSaid | Trouble> {
  const said = await ask('/api/v1/session');
  if ('trouble' in said) return said;
  const session = said.body as Partial<SessionSaid> | null;
  return typeof session === 'object' && session !== null && 'person' in session
    ? (session as SessionSaid)
    : { trouble: 'words', status: said.status };
}

/** By GET, or with a body by POST, unless `method` says otherwise. */
export async function ask(
  path: string,
  body?: object,
  method = body === undefined ? 'GET' : 'POST',
): Promise<{ readonly status: number; readonly body: unknown } | Trouble> {
  const said = await inTime({ clock: browserClock, ms: ANSWER_MS }, (signal) =>
    fetched(path, { method, signal }, body),
  ).catch(() => null);
  if (said === null) return { trouble: 'link', status: 0 };
  const { status, ok, text } = said;
  if (!ok) return { trouble: 'status', status, ...refusedIn(text) };
  try {
    return { status, body: text === '' ? null : JSON.parse(text) };
  } catch {
    return { trouble: 'words', status };
  }
}

interface Fetched {
  readonly status: number;
  readonly ok: boolean;
  readonly text: string;
}

async function fetched(path: string, init: RequestInit, body?: object): Promise<Fetched> {
  const accept = { accept: 'application/json' };
  const response = await fetch(path, {
    ...init,
    cache: 'no-store',
    // What has no body has no type of it either.
    ...(body === undefined
      ? { headers: accept }
      : { headers: { ...accept, 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: response.status, ok: response.ok, text: await response.text() };
}

function refusedIn(text: string): Pick<Trouble, 'expected' | 'problem'> {
  try {
    const { expected, problem } = (JSON.parse(text) ?? {}) as Readonly<Record<string, unknown>>;
    return {
      ...(typeof expected === 'string' ? { expected } : {}),
      ...(typeof problem === 'string' ? { problem } : {}),
    };
  } catch {
    return {};
  }
}
