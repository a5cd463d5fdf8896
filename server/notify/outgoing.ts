// One POST to somebody else's server: its address is looked up once, judged and pinned, nothing is followed, and it ends in time.
import { lookup } from 'node:dns/promises';
import { request as requestHttp } from 'node:http';
import type { RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import type { Clock } from '../clock.ts';
import { wordsOf } from '../words-of.ts';
import { isNamed, isPublic } from './addresses.ts';
import type { AllowedOut } from './addresses.ts';

/** All of it, the look-up included (milliseconds). A lane's lease is longer, so that nobody else sends the same meanwhile. */
export const SEND_MS = 7_000;
const BODY_MAX = 64 * 1024;

export interface Posting {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** `refused`: it was not sent, and would not be at another time. `failed`: nobody answered; it may have arrived. */
export type Reply =
  | { readonly kind: 'answered'; readonly status: number }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'failed'; readonly why: string };

type Failed = Extract<Reply, { readonly kind: 'failed' }>;

export type Post = (posting: Posting) => Promise<Reply>;

/** All addresses of a name. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export interface OutgoingParts {
  readonly allowed: AllowedOut;
  readonly clock: Clock;
  readonly resolve?: Resolve;
}

const bySystem: Resolve = async (host) =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

export function createPost({ allowed, clock, resolve = bySystem }: OutgoingParts): Post {
  return async (posting) => {
    const judged = judge(posting, allowed);
    if (judged.kind === 'refused') return judged;
    return inTime<Reply>(clock, async (signal) => {
      const found = await find(judged, { allowed, resolve });
      if (found.kind !== 'found') return found;
      if (signal.aborted) return TOO_LATE;
      return send(posting, { url: judged.url, addresses: found.addresses, signal });
    });
  };
}

/** Why nothing would be sent there; null: it would. */
export type Look = (url: string) => Promise<string | null>;

/** Looks at an address and sends nothing. A name that nobody knows just now is no reason, since it is looked up again at each sending. */
export function createLook({ allowed, clock, resolve = bySystem }: OutgoingParts): Look {
  return async (url) => {
    const judged = judge({ url, body: '' }, allowed);
    if (judged.kind === 'refused') return judged.why;
    const found = await inTime<Found>(clock, () => find(judged, { allowed, resolve }));
    return found.kind === 'refused' ? found.why : null;
  };
}

interface Sound {
  readonly kind: 'sound';
  readonly url: URL;
  readonly host: string;
  readonly isTrusted: boolean;
}
type Judged = Sound | { readonly kind: 'refused'; readonly why: string };
type Found =
  | { readonly kind: 'found'; readonly addresses: readonly string[] }
  | Exclude<Reply, { kind: 'answered' }>;

async function find(
  { url, host, isTrusted }: Sound,
  { allowed, resolve }: Required<Pick<OutgoingParts, 'allowed' | 'resolve'>>,
): Promise<Found> {
  const found = isIP(host) > 0 ? [host] : await resolve(host);
  if (found.length === 0) return { kind: 'failed', why: `${host} has no address` };
  // One that is private among public ones is no accident either.
  const bad = isTrusted
    ? undefined
    : found.find((each) => !isPublic(each) && !isNamed(each, allowed));
  if (bad !== undefined)
    return {
      kind: 'refused',
      why: `${host} is the private address ${bad}; PHAROS_ALLOW_OUT names such receivers`,
    };
  if (url.protocol === 'http:' && !isTrusted && !found.every((each) => isNamed(each, allowed)))
    return {
      kind: 'refused',
      why: 'expected https:; PHAROS_ALLOW_OUT names receivers that may do without',
    };
  return { kind: 'found', addresses: found };
}

function judge({ url: given, body }: Pick<Posting, 'url' | 'body'>, { hosts }: AllowedOut): Judged {
  if (!URL.canParse(given)) return { kind: 'refused', why: 'it is no address' };
  const url = new URL(given);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return { kind: 'refused', why: `expected https:, got ${url.protocol}` };
  if (url.username !== '' || url.password !== '')
    return { kind: 'refused', why: 'an address with a user or password in it' };
  if (Buffer.byteLength(body) > BODY_MAX)
    return { kind: 'refused', why: `more than ${BODY_MAX} bytes` };
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return { kind: 'sound', url, host, isTrusted: hosts.has(host.toLowerCase().replace(/\.$/, '')) };
}

const TOO_LATE: Failed = { kind: 'failed', why: `no answer within ${SEND_MS / 1_000} s` };

async function inTime<T>(
  clock: Clock,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | Failed> {
  const ending = new AbortController();
  const late = new Promise<Failed>((resolve) => {
    ending.signal.addEventListener('abort', () => resolve(TOO_LATE), { once: true });
  });
  const cancel = clock.after(SEND_MS, () => ending.abort());
  try {
    return await Promise.race([work(ending.signal), late]);
  } catch (error) {
    return { kind: 'failed', why: wordsOf(error) };
  } finally {
    cancel();
  }
}

interface Pinned {
  readonly url: URL;
  readonly addresses: readonly string[];
  readonly signal: AbortSignal;
}

function send({ headers, body }: Posting, { url, addresses, signal }: Pinned): Promise<Reply> {
  const pinned = addresses.map((address) => ({ address, family: isIP(address) }));
  const options: RequestOptions = {
    method: 'POST',
    headers: { 'user-agent': 'Pharos', ...headers, 'content-length': Buffer.byteLength(body) },
    // A name that is looked up again may be another place by then. Node asks for all, and goes to the next where one does not answer.
    lookup: (_host, { all }, answer) => {
      const [first] = pinned;
      if (all) answer(null, pinned);
      else if (first) answer(null, first.address, first.family);
    },
    agent: false,
    signal,
  };
  return new Promise((resolve, reject) => {
    const ask = url.protocol === 'https:' ? requestHttps : requestHttp;
    const asked = ask(url, options, (response) => {
      resolve({ kind: 'answered', status: response.statusCode ?? 0 });
      // Nobody reads what it says besides; a redirect is an answer as any other.
      response.destroy();
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
