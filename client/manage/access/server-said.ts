// What the pages of access ask of the server. Failures are values.
import type {
  AccountSaid,
  SessionOf,
  SourceTokenSaid,
  TrailLine,
} from '../../../server/contract/access.ts';
import { ask } from '../../live/ask.ts';
import type { Trouble } from '../../live/ask.ts';

export interface Linked {
  readonly person: AccountSaid;
  /** The one-time link, told this once. */
  readonly link: string;
}

export type TrailLineRead = TrailLine & { readonly id: string };

export interface Tokened {
  readonly source: string;
  readonly grant: readonly string[];
  /** Told this once. */
  readonly token: string;
}

export const readPeople = (): Promise<readonly AccountSaid[] | Trouble> =>
  listIn('/api/v1/people', 'people');

export const makePerson = (made: object): Promise<Linked | Trouble> =>
  oneIn(ask('/api/v1/people', made), 'link');

export const changePerson = (id: string, change: object): Promise<object | Trouble> =>
  oneIn(ask(personPath(id), change, 'PATCH'), 'person');

export const removePerson = (id: string): Promise<object | Trouble> =>
  oneIn(ask(personPath(id), undefined, 'DELETE'), 'ok');

export const inviteAnew = (id: string): Promise<Linked | Trouble> =>
  oneIn(ask(`${personPath(id)}/invitation`, undefined, 'POST'), 'link');

/** `of` null: one's own. */
export const readSessions = (of: string | null): Promise<readonly SessionOf[] | Trouble> =>
  listIn(sessionsPath(of), 'sessions');

/** `session` null: all. */
export const endSession = (of: string | null, session: string | null): Promise<object | Trouble> =>
  oneIn(
    ask(
      session === null ? sessionsPath(of) : `${sessionsPath(of)}/${encodeURIComponent(session)}`,
      undefined,
      'DELETE',
    ),
  );

export const setPassword = (old: string, password: string): Promise<object | Trouble> =>
  oneIn(ask('/api/v1/account/password', { old, password }), 'ok');

export const readTokens = (): Promise<readonly SourceTokenSaid[] | Trouble> =>
  listIn('/api/v1/tokens', 'sources');

export const makeToken = (source: string, grant: readonly string[]): Promise<Tokened | Trouble> =>
  oneIn(ask('/api/v1/tokens', { source, grant }), 'token');

export const changeGrant = (source: string, grant: readonly string[]): Promise<object | Trouble> =>
  oneIn(ask(`/api/v1/tokens/${encodeURIComponent(source)}`, { grant }, 'PUT'));

export const endSource = (source: string): Promise<object | Trouble> =>
  oneIn(ask(`/api/v1/tokens/${encodeURIComponent(source)}`, undefined, 'DELETE'));

/** Newest first; `before`: the id of a line. */
export const readTrail = (
  count: number,
  before: string | null,
): Promise<readonly TrailLineRead[] | Trouble> =>
  listIn(
    `/api/v1/trail?count=${count}${before === null ? '' : `&before=${encodeURIComponent(before)}`}`,
    'lines',
  );

function personPath(id: string): string {
  return `/api/v1/people/${encodeURIComponent(id)}`;
}

function sessionsPath(of: string | null): string {
  return of === null ? '/api/v1/account/sessions' : `${personPath(of)}/sessions`;
}

async function listIn<T>(path: string, name: string): Promise<readonly T[] | Trouble> {
  const said = await ask(path);
  if ('trouble' in said) return said;
  const { [name]: list } = (said.body ?? {}) as Readonly<Record<string, unknown>>;
  return Array.isArray(list) ? (list as readonly T[]) : { trouble: 'words', status: said.status };
}

async function oneIn<T extends object>(
  asked: ReturnType<typeof ask>,
  needed?: string,
): Promise<T | Trouble> {
  const said = await asked;
  if ('trouble' in said) return said;
  const { body } = said;
  if (typeof body !== 'object' || body === null || (needed !== undefined && !(needed in body)))
    return { trouble: 'words', status: said.status };
  return body as T;
}
