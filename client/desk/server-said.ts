// What the desk asks of the server by HTTP: who sits here, and episodes with their history. Failures are values.
import type { PersonSaid } from '../../server/contract/commands.ts';
import type { CallbackTold } from '../../server/contract/callback-told.ts';
import type { EpisodeState, HowKnown, Severity } from '../../server/contract/lists.ts';
import type { Undelivered, UndeliveredSaid } from '../../server/contract/undelivered.ts';
import { ask, readSession } from '../live/ask.ts';
import type { Trouble } from '../live/ask.ts';

export interface MoveTold {
  readonly at: number;
  readonly to: EpisodeState;
  readonly reason: string;
  readonly by: string | null;
  readonly why: string | null;
  /** How it is known who it was. */
  readonly how?: HowKnown;
  readonly severity: Severity;
  readonly level: number;
  /** Whom it is for; those to whom there is no way have no channel. */
  readonly told?: readonly ToldTo[];
}

interface Recipient {
  readonly owner: 'person' | 'team' | 'site';
  readonly of: string;
}

export interface ToldTo extends Recipient {
  readonly level?: number;
  readonly channel: string | null;
  /** push, webhook, email. */
  readonly via?: string;
  /** Its name, by which it is found among the deliveries. */
  readonly notification?: string | null;
  readonly why: 'no-channel' | 'quiet' | 'too-many' | null;
}

export interface Delivery extends Recipient {
  /** push, webhook, email. */
  readonly via: string;
  readonly notification: string;
  readonly outcome: 'sent' | 'failed' | 'dead' | 'dropped' | 'held';
  /** fire, escalate, raise, unstable, end. */
  readonly kind?: string;
  /** How often it was tried. */
  readonly attempt?: number;
  /** When it is tried again, or goes in its digest. */
  readonly nextAt?: number;
  readonly isDigest?: boolean;
  readonly at: number;
  readonly why: string | null;
}

export interface EpisodeTold {
  readonly id: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly subject: string;
  readonly team: string | null;
  readonly queue: string | null;
  readonly text: { readonly key: string; readonly params: Readonly<Record<string, string>> };
  readonly since: number;
  readonly raisedAt: number;
  readonly state: EpisodeState;
  readonly level: number;
  readonly version: number;
  readonly stale: boolean;
  readonly resolvedAt: number | null;
  readonly isSeen: boolean;
  readonly taken: {
    readonly how: 'acknowledged' | 'snoozed';
    readonly by: string;
    readonly until: number;
    readonly why: string | null;
  } | null;
  /** Oldest first. */
  readonly moves: readonly MoveTold[];
  readonly deliveries?: readonly Delivery[];
}

/** Kept by the session from then on. */
export async function sayWhoIAm(agent: string): Promise<PersonSaid | Trouble> {
  const said = await ask('/api/v1/session/person', { agent });
  if ('trouble' in said) return said;
  const session = await readSession();
  if ('trouble' in session) return session;
  return session.person ?? { trouble: 'words', status: said.status };
}

/** Null: there is no such episode. */
export async function readEpisode(id: string): Promise<EpisodeTold | null | Trouble> {
  return readOne(`/api/v1/alerts/${encodeURIComponent(id)}`, 'alert', isEpisode);
}

/** Null: there is no such promise. */
export async function readCallback(id: string): Promise<CallbackTold | null | Trouble> {
  return readOne(`/api/v1/callbacks/${encodeURIComponent(id)}`, 'callback', isCallback);
}

/** Newest first. */
export async function readUndelivered(): Promise<readonly Undelivered[] | Trouble> {
  const said = await ask('/api/v1/undelivered');
  if ('trouble' in said) return said;
  const { letters } = (said.body ?? {}) as Partial<UndeliveredSaid>;
  return Array.isArray(letters) ? letters : { trouble: 'words', status: said.status };
}

async function readOne<T>(
  path: string,
  name: string,
  isOne: (value: unknown) => value is T,
): Promise<T | null | Trouble> {
  const said = await ask(path);
  if ('trouble' in said) return said.trouble === 'status' && said.status === 404 ? null : said;
  const one = ((said.body ?? {}) as Readonly<Record<string, unknown>>)[name];
  return isOne(one) ? one : { trouble: 'words', status: said.status };
}

/** `since`: milliseconds since 1970; what ended before it is left out. */
export async function readEpisodes(since?: number): Promise<readonly EpisodeTold[] | Trouble> {
  const from = since === undefined ? '' : `&since=${encodeURIComponent(String(since))}`;
  const said = await ask(`/api/v1/alerts?state=all${from}`);
  if ('trouble' in said) return said;
  const { alerts } = (said.body ?? {}) as { readonly alerts?: unknown };
  if (!Array.isArray(alerts)) return { trouble: 'words', status: said.status };
  return alerts.filter(isEpisode);
}

function isEpisode(value: unknown): value is EpisodeTold {
  const { id, moves, text } = (value ?? {}) as Partial<EpisodeTold>;
  return typeof id === 'string' && Array.isArray(moves) && typeof text === 'object';
}

function isCallback(value: unknown): value is CallbackTold {
  const { id, tries, steps } = (value ?? {}) as Partial<CallbackTold>;
  return typeof id === 'string' && Array.isArray(tries) && Array.isArray(steps);
}
