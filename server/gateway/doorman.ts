// What stands before everything else: the name by which a request came, the page that sent it, and where its peer is.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { GatewaySettings } from './options.ts';

/** Null: come in. */
export type Turned = { readonly status: 421 | 403; readonly text: string } | null;

type Headers = Pick<IncomingMessage, 'headers' | 'socket'>;

/** Any of these says that somebody stands between; proxies do not agree on one name. */
const FORWARDING =
  /^(via|forwarded|forwarded-for|x-forwarded|x-forwarded-.+|x-original-.+|x-real-ip|.*client-ip|.*connecting-ip|x-envoy-.+|x-proxy-.+)$/;

const OWN_NAMES = ['localhost', '127.0.0.1', '[::1]'] as const;

export class Doorman {
  readonly #names: ReadonlySet<string>;
  readonly #publicHost: string | null;
  readonly #trustsProxy: boolean;
  readonly #isBoundToLoopback: boolean;
  readonly #speaksTls: boolean;

  constructor({ host, hosts, publicUrl, trustProxy, tls }: GatewaySettings) {
    const names = [...OWN_NAMES, ...hosts.map((name) => readHost(name)?.hostname ?? name)];
    if (publicUrl) names.push(publicUrl.hostname);
    this.#names = new Set(names);
    this.#publicHost = publicUrl?.host ?? null;
    this.#trustsProxy = trustProxy;
    this.#isBoundToLoopback = isLoopbackAddress(host) || host === 'localhost';
    this.#speaksTls = tls !== null;
  }

  /** A page of another name that resolves to this machine must not reach it, nor a page of another origin. */
  judge({ headers }: Headers): Turned {
    const host = readHost(headers.host);
    if (host === null || !this.#names.has(host.hostname))
      return {
        status: 421,
        text: 'Pharos does not answer to this host name. Set PHAROS_PUBLIC_URL or PHAROS_HOSTS to the name that browsers use.\n',
      };
    const { origin } = headers;
    if (origin === undefined || this.#isOwnOrigin(origin, headers.host ?? '')) return null;
    return { status: 403, text: 'Pharos takes no requests from pages of another origin.\n' };
  }

  /** The peer's address; behind a trusted proxy, the one that the proxy saw. */
  addressOf({ headers, socket }: Headers): string {
    const peer = plainAddress(socket.remoteAddress ?? '');
    if (!this.#trustsProxy) return peer;
    // Only the last entry was written by our own proxy; those before it are the caller's own words.
    const last = one(headers['x-forwarded-for'])?.split(',').at(-1)?.trim() ?? '';
    return isIP(last) ? plainAddress(last) : peer;
  }

  /** The peer is this machine, we listen to this machine only, and nobody stands between. */
  isLocal({ headers, socket }: Headers): boolean {
    return (
      this.#isBoundToLoopback &&
      isLoopbackAddress(plainAddress(socket.remoteAddress ?? '')) &&
      !Object.keys(headers).some((name) => FORWARDING.test(name))
    );
  }

  /** The browser's way to us is encrypted, so a cookie may be kept to such ways. */
  isSecure({ headers }: Headers): boolean {
    return this.#speaksTls || (this.#trustsProxy && one(headers['x-forwarded-proto']) === 'https');
  }

  #isOwnOrigin(origin: string, host: string): boolean {
    if (!/^https?:\/\//.test(origin) || !URL.canParse(origin)) return false;
    const from = new URL(origin);
    // `URL` leaves out the port that belongs to its scheme, so our own name is read by the origin's scheme.
    return from.host === readHost(host, from.protocol)?.host || from.host === this.#publicHost;
  }
}

/** A `Host` header as a URL, or null where it is none. */
function readHost(host: string | undefined, protocol = 'http:'): URL | null {
  if (host === undefined || !/^[^\s/?#@\\]+$/.test(host)) return null;
  const text = `${protocol}//${host}`;
  return URL.canParse(text) ? new URL(text) : null;
}

function isLoopbackAddress(address: string): boolean {
  return address === '::1' || /^127(\.\d{1,3}){3}$/.test(address);
}

/** An IPv4 peer of a socket that listens to both. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}

function one(value: IncomingHttpHeaders[string]): string | undefined {
  return Array.isArray(value) ? value.at(-1) : value;
}
