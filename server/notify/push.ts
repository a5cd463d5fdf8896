// Browser push: the letter is encrypted for one subscription (RFC 8291) and signed with the site's VAPID keys (RFC 8292).
import webPush from 'web-push';
import type { ChannelOf } from './channel-form.ts';
import { areKeys } from './channel-problems.ts';
import type { Letter } from './letter.ts';
import type { Post } from './outgoing.ts';
import { sentOf } from './sender.ts';
import type { Sent } from './sender.ts';

/** A push service keeps it so long for a phone that is off (seconds): later it is no news. */
const KEPT_SECONDS = 3_600;
/** Lines at most, and signs of each: with three bytes a sign there is room for all else. */
const LINES_MOST = 6;
const LINE_MOST = 90;
/** RFC 8030 allows 32 signs of base64url. */
const TOPIC = /^[\w-]{1,32}$/;

/** base64url; the public one goes to browsers that subscribe. */
export interface VapidKeys {
  readonly publicKey: string;
  readonly privateKey: string;
}

export function makeVapidKeys(): VapidKeys {
  return webPush.generateVAPIDKeys();
}

export interface PushParts {
  readonly post: Post;
  readonly keys: VapidKeys;
  /** `https:` or `mailto:`, for whoever runs the push service. */
  readonly contact: string;
}

export async function sendPush(
  { endpoint, keys }: ChannelOf<'push'>,
  letter: Letter,
  { post, keys: vapid, contact }: PushParts,
): Promise<Sent> {
  const made = requestOf({ endpoint, keys }, letter, { vapid, contact });
  if (made.kind !== 'made') return made;
  const reply = await post(made);
  if (reply.kind !== 'answered') return sentOf(reply);
  const { status } = reply;
  const isGone = status === 404 || status === 410;
  return isGone ? { kind: 'gone', why: `the push service said ${status}`, status } : sentOf(reply);
}

type Made =
  | {
      readonly kind: 'made';
      readonly url: string;
      readonly headers: Record<string, string>;
      readonly body: Buffer;
    }
  | Extract<Sent, { kind: 'gone' | 'dead' }>;

function requestOf(
  subscription: Pick<ChannelOf<'push'>, 'endpoint' | 'keys'>,
  letter: Letter,
  { vapid, contact }: { readonly vapid: VapidKeys; readonly contact: string },
): Made {
  try {
    const { endpoint, headers, body } = webPush.generateRequestDetails(
      subscription,
      JSON.stringify(payloadOf(letter)),
      {
        vapidDetails: { subject: contact, ...vapid },
        TTL: KEPT_SECONDS,
        urgency: letter.isSilent ? 'low' : letter.severity === 'P1' ? 'high' : 'normal',
        // What still waits for the phone is replaced, as on its screen.
        ...(TOPIC.test(letter.tag) ? { topic: letter.tag } : {}),
      },
    );
    const words = Object.entries(headers).map(([name, value]) => [name, value] as const);
    return { kind: 'made', url: endpoint, headers: Object.fromEntries(words), body };
  } catch {
    // No later try would mend it. What the library says may hold the keys.
    return areKeys(subscription.keys)
      ? { kind: 'dead', why: 'it could not be encrypted or signed' }
      : { kind: 'gone', why: 'the keys of the subscription are not sound' };
  }
}

/** A phone shows few lines, and a push service takes few bytes (RFC 8030: 4,096 in all). */
function bodyOf(lines: readonly string[]): string {
  const shown = lines.slice(0, LINES_MOST);
  const text = lines.length > shown.length ? [...shown, '…'] : shown;
  return text.map((line) => line.slice(0, LINE_MOST)).join('\n');
}

/** What the service worker is handed. */
function payloadOf({
  id,
  tag,
  kind,
  severity,
  title,
  lines,
  page,
  capability,
  isSilent,
  at,
  labels,
  language,
}: Letter): unknown {
  const actions =
    capability === null || kind === 'end' ? [] : [{ action: 'take', title: labels.take }];
  return {
    id,
    tag,
    kind,
    severity,
    title,
    language,
    body: bodyOf(lines),
    page,
    take: capability,
    isSilent,
    at,
    actions,
  };
}
