// What a notification lets its reader do: take and open one episode as one person, until an instant; a sealed note that Pharos keeps no list of.
import { createHmac, timingSafeEqual } from 'node:crypto';

/** A capability lives so long, also while its episode does (milliseconds). */
export const CAPABILITY_MS = 2 * 3_600_000;
/** No token of ours is longer: an id has 128 characters of four bytes at most. */
const TOKEN_MAX = 2_048;

export interface Capability {
  readonly episode: string;
  /** Id of the agent who was told. */
  readonly person: string;
  /** Milliseconds on the site's clock. */
  readonly until: number;
}

/** Null: forged, cut, or over. Whether the episode is still open is not in it. */
export type ReadCapability = (token: string) => Capability | null;

export interface Capabilities {
  make(capability: Capability): string;
  readonly readCapability: ReadCapability;
}

/** `key`: the site's own secret, kept in Redis, so that every server reads what another made. */
export function createCapabilities(key: string, now: () => number): Capabilities {
  const seal = (body: string): Buffer =>
    createHmac('sha256', key).update(`pharos capability\n${body}`).digest();
  return {
    make({ episode, person, until }) {
      const body = Buffer.from(JSON.stringify([episode, person, until])).toString('base64url');
      return `${body}.${seal(body).toString('base64url')}`;
    },
    readCapability(token) {
      if (token.length > TOKEN_MAX) return null;
      const [body = '', mark = '', ...more] = token.split('.');
      const given = Buffer.from(mark, 'base64url');
      const due = seal(body);
      // The text of a mark is not unique, so that it is held against ours as text too.
      const isOurs =
        more.length === 0 &&
        given.length === due.length &&
        timingSafeEqual(given, due) &&
        mark === due.toString('base64url');
      if (!isOurs) return null;
      const [episode, person, until] = JSON.parse(
        Buffer.from(body, 'base64url').toString(),
      ) as readonly [string, string, number];
      return until > now() ? { episode, person, until } : null;
    },
  };
}
