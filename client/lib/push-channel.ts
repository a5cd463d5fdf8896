// A browser as a channel of its person: by which name the server knows it, and what is told of its subscription. The desk and its worker say it alike.
import type { Language } from '../../server/contract/lists.ts';

/** What `PUT /api/v1/channels/person/…` is told of this browser. */
export interface PushChannel {
  readonly kind: 'push';
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
  readonly name: string;
  readonly language: Language;
  readonly breaksQuiet: boolean;
}

/** By its endpoint, which nobody else knows; the server needs no list of browsers, and the browser keeps nothing. */
export async function browserId(endpoint: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(endpoint));
  return base64url(new Uint8Array(hash)).slice(0, 24);
}

export function channelPath(person: string, id: string): string {
  return `/api/v1/channels/person/${encodeURIComponent(person)}/${encodeURIComponent(id)}`;
}

/** Null: the browser gave no keys, so that nothing can be encrypted for it. */
export function pushChannel(
  subscription: PushSubscription,
  about: Pick<PushChannel, 'name' | 'language' | 'breaksQuiet'>,
): PushChannel | null {
  const { endpoint, keys } = subscription.toJSON();
  const { p256dh, auth } = keys ?? {};
  if (endpoint === undefined || p256dh === undefined || auth === undefined) return null;
  return { kind: 'push', endpoint, keys: { p256dh, auth }, ...about };
}

/** The site's key as browsers want it. */
export function keyBytes(key: string): Uint8Array<ArrayBuffer> {
  const text = atob(key.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(text, (sign) => sign.charCodeAt(0));
}

export function base64url(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(text).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** Told apart by what they say of themselves; the first that fits, since most claim to be others too. */
const BROWSERS = [
  ['Edge', /\bEdg(A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(Firefox|FxiOS)\//],
  ['Chrome', /(Chrome|CriOS)\//],
  ['Safari', /\bSafari\//],
] as const;
const MACHINES = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['Mac', /\bMacintosh\b/],
  ['Linux', /\bLinux\b/],
] as const;

/** `Chrome · Windows`. */
export function browserName(userAgent: string): string {
  const [browser] = BROWSERS.find(([, sign]) => sign.test(userAgent)) ?? ['Browser'];
  const [machine] = MACHINES.find(([, sign]) => sign.test(userAgent)) ?? [null];
  return machine === null ? browser : `${browser} · ${machine}`;
}
