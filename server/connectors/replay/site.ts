// A running site by its HTTP interface: append events, ask who feeds it.
import { pause } from '../../clock.ts';
import type { Clock } from '../../clock.ts';
import { backoffMs } from '../../backoff.ts';
import type { Append } from '../../events/event.ts';
import { encode } from '../../events/encode.ts';
import type { NewEvent } from '../../events/event.ts';

export interface SiteOptions {
  /** Such as `http://127.0.0.1:8080`. */
  readonly url: URL;
  /** A bearer token; null: the site asks for none. */
  readonly token: string | null;
  readonly clock: Clock;
  readonly random: () => number;
}

export interface Site {
  readonly append: Append;
  liveSources(): Promise<readonly string[]>;
}

/** What the site answered, in a sentence for the person at the terminal. */
export class SiteTrouble extends Error {}

/** Characters of one call; a site takes 8 MiB, and a character may be four bytes. */
const BODY_MAX = 2 * 1024 * 1024;
const TRIES = 6;
const RETRY = { firstMs: 250, ceilingMs: 5_000 };
const ANSWER_MS = 15_000;

export function siteAt({ url, token, clock, random }: SiteOptions): Site {
  const authorization: Readonly<Record<string, string>> =
    token === null ? {} : { authorization: `Bearer ${token}` };

  async function ask(path: string, init: RequestInit): Promise<Response> {
    const address = new URL(path, url);
    for (let attempt = 1; ; attempt += 1) {
      const answer = await attemptOnce(address, init);
      const isBusy = answer === null || answer.status === 429 || answer.status >= 500;
      if (answer !== null && !isBusy) return answer;
      if (attempt === TRIES)
        throw new SiteTrouble(
          answer === null
            ? `Expected a running Pharos at ${url.origin}, and nothing answers there. Start it, or give its address with --url.`
            : `Pharos at ${url.origin} answers ${answer.status} to ${path}, ${TRIES} times running.`,
        );
      await pause(clock, retryAfterMs(answer) ?? backoffMs(attempt, RETRY, random()));
    }
  }

  async function attemptOnce(address: URL, init: RequestInit): Promise<Response | null> {
    try {
      return await fetch(address, { ...init, signal: AbortSignal.timeout(ANSWER_MS) });
    } catch {
      return null;
    }
  }

  async function append(events: readonly NewEvent[]): Promise<readonly string[]> {
    const body = JSON.stringify(events.map(structuredOf));
    if (body.length > BODY_MAX && events.length > 1) {
      const half = events.length >> 1;
      return [...(await append(events.slice(0, half))), ...(await append(events.slice(half)))];
    }
    const answer = await ask('/api/v1/events', {
      method: 'POST',
      headers: { ...authorization, 'content-type': 'application/cloudevents-batch+json' },
      body,
    });
    if (answer.status === 202) {
      const { ids } = (await answer.json()) as { readonly ids: readonly string[] };
      return ids;
    }
    throw new SiteTrouble(await complaintOf(answer, url));
  }

  return {
    append,
    async liveSources() {
      const answer = await ask('/api/v1/floor', { headers: authorization });
      if (answer.status !== 200) throw new SiteTrouble(await complaintOf(answer, url));
      return liveIn(await answer.json());
    },
  };
}

function structuredOf(event: NewEvent): Readonly<Record<string, unknown>> {
  return { specversion: '1.0', ...encode(event), data: event.data };
}

/** Names of the rows of `sources` that are live. */
function liveIn(answer: unknown): readonly string[] {
  const { rows } = answer as {
    readonly rows?: { readonly sources?: Readonly<Record<string, { readonly state?: string }>> };
  };
  return Object.entries(rows?.sources ?? {})
    .filter(([, row]) => row.state === 'live')
    .map(([name]) => name);
}

async function complaintOf(answer: Response, url: URL): Promise<string> {
  const said = (await answer.text()).slice(0, 500);
  if (answer.status === 401 || answer.status === 403)
    return `Pharos at ${url.origin} asks for a token (${answer.status}). Set PHAROS_BOOTSTRAP_TOKEN to the one that it was started with.`;
  return `Pharos at ${url.origin} did not take it (${answer.status}): ${said}`;
}

function retryAfterMs(answer: Response | null): number | null {
  const seconds = Number(answer?.headers.get('retry-after') ?? NaN);
  return Number.isFinite(seconds) ? seconds * 1_000 : null;
}
