// The settings of the company's own sign-in, read together: none of them means anything without the others.
import { GRANTS_EXPECTED, parseGrants } from './access/groups.ts';
import type { OpenIdSettings } from './access/open-id.ts';
import type { SettingName } from './settings.ts';

export interface OpenIdConfigParts {
  /** What stands in a setting; null: nothing. */
  readonly text: (name: SettingName) => string | null;
  readonly complain: (name: SettingName, expected: string) => void;
  /** Null: none, or one that is no address. */
  readonly publicUrl: URL | null;
  readonly isLoopback: (host: string) => boolean;
}

const REST = [
  'PHAROS_OIDC_CLIENT_ID',
  'PHAROS_OIDC_CLIENT_SECRET',
  'PHAROS_OIDC_NAME',
  'PHAROS_OIDC_SCOPES',
  'PHAROS_OIDC_GROUPS',
  'PHAROS_OIDC_ROLES',
] as const;

/** Null: there is none, or it was complained of. */
export function openIdFrom(parts: OpenIdConfigParts): OpenIdSettings | null {
  const { text, complain, publicUrl, isLoopback } = parts;
  const given = text('PHAROS_OIDC_ISSUER');
  if (given === null) {
    if (REST.some((name) => text(name) !== null))
      complain(
        'PHAROS_OIDC_ISSUER',
        'the address of an OpenID Connect provider beside the other settings PHAROS_OIDC_…',
      );
    return null;
  }
  const issuer = issuerOf(given, isLoopback);
  const clientId = text('PHAROS_OIDC_CLIENT_ID');
  const scopes = text('PHAROS_OIDC_SCOPES') ?? 'openid profile email';
  const asksWho = scopes.split(/\s+/).includes('openid');
  const grants = parseGrants(text('PHAROS_OIDC_ROLES') ?? '');
  if (issuer === null)
    complain(
      'PHAROS_OIDC_ISSUER',
      'an address such as https://login.example/realms/company, http: on loopback only, without user, query or fragment',
    );
  if (clientId === null)
    complain('PHAROS_OIDC_CLIENT_ID', 'the name under which Pharos is registered at the provider');
  if (!asksWho) complain('PHAROS_OIDC_SCOPES', 'words separated by spaces, openid among them');
  if (grants === undefined) complain('PHAROS_OIDC_ROLES', GRANTS_EXPECTED);
  if (text('PHAROS_PUBLIC_URL') === null)
    complain(
      'PHAROS_PUBLIC_URL',
      'the address by which browsers reach Pharos beside PHAROS_OIDC_ISSUER, since the provider sends people back there',
    );
  if (issuer === null || clientId === null || !asksWho || grants === undefined) return null;
  if (publicUrl === null) return null;
  return {
    issuer,
    clientId,
    clientSecret: text('PHAROS_OIDC_CLIENT_SECRET'),
    name: text('PHAROS_OIDC_NAME') ?? issuer.host,
    scopes,
    groups: text('PHAROS_OIDC_GROUPS') ?? 'groups',
    grants,
    back: new URL('/sign-in/open-id/back', publicUrl),
  };
}

function issuerOf(given: string, isLoopback: (host: string) => boolean): URL | null {
  if (!URL.canParse(given)) return null;
  const url = new URL(given);
  const { protocol, hostname, username, password, search, hash } = url;
  const isBare = [username, password, search, hash].every((part) => part === '');
  const isCovered =
    protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname.replace(/^\[|\]$/g, '')));
  return isBare && isCovered ? url : null;
}
