// What is said of the alarm of one of the cast: what receivers heard, what the server tells of its episode, and its lead's own word.
import type { HttpSink } from '../support/http-sink.ts';
import type { Pharos } from '../support/pharos.ts';
import type { Cast } from './alarm-cast.ts';
import { heardBy, isAlarm } from './alarm-reckoning.ts';
import type { Heard } from './alarm-reckoning.ts';
import { untilSo } from './alarm-site.ts';
import { TOKEN } from './arena.ts';

/** Alarms of the hold of this cast, as they came. */
export function alarmsOf({ agent }: Cast, sink: HttpSink): readonly Heard[] {
  return heardBy(sink).filter(
    (message) => isAlarm(message) && message.episodes.some(({ params }) => params.agent === agent),
  );
}

export interface KnownEpisode {
  readonly id: string;
  readonly subject: string;
  readonly version: number;
  readonly state: string;
  readonly taken: { readonly by: string } | null;
}

const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };

export async function episodeOf({ contact }: Cast, { url }: Pharos): Promise<KnownEpisode> {
  let found: KnownEpisode | undefined;
  await untilSo(`an episode of ${contact}`, async () => {
    const answer = await fetch(`${url}/api/v1/alerts?state=all`, { headers });
    const { alerts } = (await answer.json()) as { readonly alerts: readonly KnownEpisode[] };
    found = alerts.find(({ subject }) => subject === contact);
    return found;
  });
  return found!;
}

/** As its lead would, by HTTP. The status of the answer; null: there was none. */
export async function take(
  { id, version }: KnownEpisode,
  { lead }: Cast,
  { url }: Pharos,
): Promise<number | null> {
  const body = JSON.stringify({ by: lead, expectedVersion: version });
  const to = `${url}/api/v1/alerts/${id}/acknowledge`;
  return fetch(to, { method: 'POST', headers, body }).then(
    ({ status }) => status,
    () => null,
  );
}
