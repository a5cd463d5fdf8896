// Where an Asterisk is and as whom to speak to it: the parts of `ami://user:secret@host:5038?name=pbx1`.
import { isId } from '../../contract/ids.ts';

export interface AsteriskLink {
  readonly host: string;
  readonly port: number;
  /** True for `amis://`. */
  readonly tls: boolean;
  readonly user: string;
  /** Never printed. */
  readonly secret: string;
  /** Names the source: `asterisk/NAME`. */
  readonly name: string;
}

export type ParsedLink =
  | { readonly kind: 'link'; readonly link: AsteriskLink }
  /** One sentence: what was expected, what was given; without the secret. */
  | { readonly kind: 'refused'; readonly problem: string };

const EXPECTED = 'ami://USER:SECRET@HOST:5038?name=NAME (or amis:// for TLS)';
const DEFAULT_PORT = { 'ami:': 5038, 'amis:': 5039 } as const;

/** Reads one address; user and secret are percent-decoded. */
export function parseAsteriskUrl(text: string): ParsedLink {
  const refused = (problem: string): ParsedLink => ({ kind: 'refused', problem });
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return refused(`Expected ${EXPECTED}, got something that is not an address.`);
  }
  const scheme = url.protocol;
  if (scheme !== 'ami:' && scheme !== 'amis:')
    return refused(`Expected ${EXPECTED}, got the scheme ${JSON.stringify(scheme)}.`);
  if (url.hostname === '') return refused(`Expected ${EXPECTED}, got no host.`);
  const user = decoded(url.username);
  const secret = decoded(url.password);
  if (user === null || secret === null)
    return refused(`Expected ${EXPECTED}, got a user or secret that is not percent-encoded.`);
  if (user === '' || secret === '')
    return refused(`Expected ${EXPECTED}, got no user or no secret.`);
  const unknown = [...url.searchParams.keys()].find((key) => key !== 'name');
  if (unknown !== undefined)
    return refused(`Expected ${EXPECTED}, got the unknown key ${JSON.stringify(unknown)}.`);
  const name = url.searchParams.get('name') ?? url.hostname;
  if (!/^[\w.:[\]-]{1,40}$/.test(name) || !isId(name))
    return refused(
      `Expected a name of 1 to 40 letters, digits, dots and dashes, got ${JSON.stringify(name)}.`,
    );
  const port = url.port === '' ? DEFAULT_PORT[scheme] : Number(url.port);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return { kind: 'link', link: { host, port, tls: scheme === 'amis:', user, secret, name } };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
