// Who a caller turned out to be, and what that lets them see and do.
import type { AccessRole } from '../contract/access.ts';
import type { Account, ScreenRecord } from './records.ts';
import type { Held } from './sessions.ts';

export type Identity =
  /** At the demo on its own machine; `session` knows who they say they are. */
  | { readonly kind: 'demo'; readonly session: Held | null }
  /** A program with the site's own token. */
  | { readonly kind: 'program' }
  /** A browser that showed the site's token. */
  | { readonly kind: 'keeper'; readonly session: Held }
  | { readonly kind: 'person'; readonly session: Held; readonly account: Account }
  | { readonly kind: 'screen'; readonly id: string; readonly screen: ScreenRecord }
  | { readonly kind: 'source'; readonly source: string; readonly grant: readonly string[] };

/** Null: it may tell events, and nothing else. */
export function roleOf(identity: Identity): AccessRole | null {
  switch (identity.kind) {
    case 'demo':
    case 'program':
    case 'keeper':
      return 'installer';
    case 'person':
      return identity.account.role;
    case 'screen':
      return 'wall';
    case 'source':
      return null;
    default:
      return identity satisfies never;
  }
}

/** The teams that they may see; null: all. */
export function teamsOf(identity: Identity): readonly string[] | null {
  if (identity.kind !== 'person') return null;
  const { role, teams } = identity.account;
  return role === 'supervisor' || role === 'installer' ? null : teams;
}

export function sessionOf(identity: Identity): Held | null {
  return 'session' in identity ? identity.session : null;
}

/** By whom, in the trail. */
export function nameInTrail(identity: Identity): string {
  switch (identity.kind) {
    case 'demo':
    case 'keeper':
      return identity.session?.record.said ?? 'token';
    case 'program':
      return 'token';
    case 'person':
      return identity.account.id;
    case 'screen':
      return identity.id;
    case 'source':
      return identity.source;
    default:
      return identity satisfies never;
  }
}

/** The thing of which a change is told by `access.changed`, where this identity hangs on it. */
export function hangsOn(identity: Identity, what: string, of: string): boolean {
  switch (what) {
    case 'person':
      return identity.kind === 'person' && identity.account.id === of;
    case 'session':
      return sessionOf(identity)?.hash === of;
    case 'screen':
      return identity.kind === 'screen' && identity.id === of;
    case 'source':
      return identity.kind === 'source' && identity.source === of;
    default:
      return false;
  }
}
