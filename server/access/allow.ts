// Who may come in, until people have accounts: the demo on its own machine needs nothing, everybody else the site's token.

/** What a caller showed. */
export type Credential =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly isRight: boolean }
  | { readonly kind: 'session'; readonly isRight: boolean };

export interface Asked {
  /** The peer is this machine, the server listens to this machine only, and nothing says that a proxy stands between. */
  readonly isLocal: boolean;
  /** The demo floor is on. */
  readonly isDemo: boolean;
  /** The site has a token. */
  readonly hasToken: boolean;
  readonly credential: Credential;
}

/** Until there are accounts, whoever is in may do everything. */
export type AccessRole = 'administrator';

export type AccessRefusal =
  /** The site has no token, so only its own machine may come in. */
  | 'not-local'
  | 'sign-in-needed'
  | 'wrong-token'
  /** The session is over, or of another token. */
  | 'no-session';

export type Access =
  | { readonly kind: 'granted'; readonly role: AccessRole }
  | { readonly kind: 'refused'; readonly reason: AccessRefusal };

const GRANTED: Access = { kind: 'granted', role: 'administrator' };

export function allow({ isLocal, isDemo, hasToken, credential }: Asked): Access {
  if (credential.kind !== 'none' && credential.isRight) return GRANTED;
  if (isLocal && (isDemo || !hasToken)) return GRANTED;
  if (!hasToken) return refused('not-local');
  switch (credential.kind) {
    case 'none':
      return refused('sign-in-needed');
    case 'token':
      return refused('wrong-token');
    case 'session':
      return refused('no-session');
    default:
      return credential satisfies never;
  }
}

function refused(reason: AccessRefusal): Access {
  return { kind: 'refused', reason };
}
