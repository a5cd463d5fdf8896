// Webhooks: JSON signed as Standard Webhooks has it, or in the shape that Slack reads. https://github.com/standard-webhooks/standard-webhooks
import { createHmac } from 'node:crypto';
import type { ChannelOf } from './channel-form.ts';
import type { Letter } from './letter.ts';
import type { Post } from './outgoing.ts';
import { sentOf } from './sender.ts';
import type { Sent } from './sender.ts';

export async function sendWebhook(
  { url, secret, shape }: ChannelOf<'webhook'>,
  letter: Letter,
  post: Post,
): Promise<Sent> {
  const body = JSON.stringify(shape === 'slack' ? slackOf(letter) : plainOf(letter));
  const stamp = String(Math.floor(letter.at / 1_000));
  const headers = {
    'content-type': 'application/json',
    'webhook-id': letter.id,
    'webhook-timestamp': stamp,
    ...(secret === null
      ? {}
      : { 'webhook-signature': signatureOf(secret, `${letter.id}.${stamp}.${body}`) }),
  };
  return sentOf(await post({ url, headers, body }));
}

/** HMAC-SHA256 over `ID.SECONDS.BODY`, with the secret's bytes behind `whsec_`. */
function signatureOf(secret: string, signed: string): string {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}

/** Instants are RFC 3339. */
function plainOf({ id, kind, severity, title, lines, page, site, rows, at }: Letter): unknown {
  return {
    type: `alert.${kind}`,
    timestamp: instant(at),
    data: {
      ...{ id, site, severity, title, lines, page },
      episodes: rows.map(({ since, raisedAt, decidedAt, ...row }) => ({
        ...row,
        since: instant(since),
        raisedAt: instant(raisedAt),
        decidedAt: instant(decidedAt),
      })),
    },
  };
}

function slackOf({ title, lines, page, labels, severity, kind }: Letter): unknown {
  const head = `*${escaped(title)}*${severity === 'P1' && kind !== 'end' ? ' :rotating_light:' : ''}`;
  const link = page.startsWith('http') ? [`<${page}|${escaped(labels.open)}>`] : [];
  return { text: [head, ...lines.map(escaped), ...link].join('\n') };
}

/** Slack's three signs: https://docs.slack.dev/messaging/formatting-message-text */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
