// What is wrong with a channel or with quiet hours that somebody set: the field, what was expected, and what was given unless it is a secret.
import type { ChannelProblem } from '../contract/channels.ts';
import { CHANNEL_NAME_MOST } from '../contract/channels.ts';
import { ID_EXPECTED } from '../contract/ids.ts';
import { LANGUAGES } from '../contract/lists.ts';

/** By field; what is not here is named by itself. */
const EXPECTED: Readonly<Record<string, string>> = {
  '': 'a JSON object',
  id: ID_EXPECTED,
  name: `a text of 1 to ${CHANNEL_NAME_MOST} characters`,
  language: `one of ${LANGUAGES.join(', ')}`,
  breaksQuiet: 'true or false',
  kind: 'push, webhook or email',
  endpoint: 'an http or https address of at most 2,000 characters',
  url: 'an http or https address of at most 2,000 characters',
  secret: 'whsec_ and base64 of 24 bytes or more, as Standard Webhooks has it, or null',
  shape: 'json or slack',
  address: 'an e-mail address',
  from: 'a time of day as 22:00',
  to: 'a time of day as 07:00',
  zone: 'a zone of the IANA list, as Europe/Riga',
  urgent: 'true or false',
};
export const KEYS_EXPECTED = 'the keys of a browser’s subscription, base64url';
/** What is not said again: whoever knows it can tell or read in another's name. */
const SECRETS: ReadonlySet<string> = new Set(['secret', 'endpoint', 'keys']);
const GIVEN_MOST = 200;
/** Bytes of a point of P-256, and of what a browser signs in with (RFC 8291). */
const POINT_BYTES = 65;
const AUTH_BYTES = 16;

export const NOT_SHOWN = 'something that is not shown here';

export function problemAt(field: string, given: unknown): ChannelProblem {
  const [top = ''] = field.split('.');
  const expected = top === 'keys' ? KEYS_EXPECTED : (EXPECTED[field] ?? 'something else');
  const value = valueAt(given, field);
  const shown = value === undefined ? 'nothing' : (JSON.stringify(value) ?? 'nothing');
  const isSecret = SECRETS.has(top) && value !== undefined;
  return { field, expected, given: isSecret ? NOT_SHOWN : shown.slice(0, GIVEN_MOST) };
}

function valueAt(given: unknown, field: string): unknown {
  if (field === '') return given;
  let found = given;
  for (const step of field.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step))
      return undefined;
    found = (found as Readonly<Record<string, unknown>>)[step];
  }
  return found;
}

/** An address that the guard of outgoing ones would refuse. */
export function unsendable(field: string, why: string, given: string): ChannelProblem {
  return { field, expected: `an address to which Pharos sends: ${why}`, given };
}

/** Are they such as a browser makes (RFC 8291)? */
export function areKeys({
  p256dh,
  auth,
}: {
  readonly p256dh: string;
  readonly auth: string;
}): boolean {
  return bytesOf(p256dh) === POINT_BYTES && bytesOf(auth) === AUTH_BYTES;
}

function bytesOf(base64url: string): number {
  return /^[\w+/-]+={0,2}$/.test(base64url) ? Buffer.from(base64url, 'base64url').length : 0;
}
