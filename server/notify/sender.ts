// What each kind of channel does with a letter, and how it can turn out.
import type { Clock } from '../clock.ts';
import type { Channel } from './channel-form.ts';
import type { Letter } from './letter.ts';
import { SEND_MS } from './outgoing.ts';
import type { Reply } from './outgoing.ts';

/** `status`: what the receiver answered, where it did. `gone`: this channel is no more, as a browser's subscription that was ended. `dead`: it would not go at another time either. */
export type Sent =
  | { readonly kind: 'sent' }
  | { readonly kind: 'failed'; readonly why: string; readonly status?: number }
  | { readonly kind: 'dead'; readonly why: string }
  | { readonly kind: 'gone'; readonly why: string; readonly status?: number };

/** Answers within 7 s (`SEND_MS`), by e-mail within minutes, and never rejects. */
export type Send = (channel: Channel, letter: Letter) => Promise<Sent>;

/** For whoever waits before a screen: an answer within `SEND_MS`, while the sending goes on. */
export function withPatience(send: Send, clock: Clock): Send {
  return (channel, letter) =>
    new Promise((resolve) => {
      const why = `no answer within ${SEND_MS / 1_000} s; it may still arrive`;
      const cancel = clock.after(SEND_MS, () => resolve({ kind: 'failed', why }));
      void send(channel, letter).then((sent) => {
        cancel();
        resolve(sent);
      });
    });
}

/** 2xx is taken; all else is tried again, since a receiver may be mended. */
export function sentOf(reply: Reply): Sent {
  switch (reply.kind) {
    case 'answered':
      if (reply.status >= 200 && reply.status < 300) return { kind: 'sent' };
      return {
        kind: 'failed',
        why: `the receiver said ${reply.status}`,
        status: reply.status,
      };
    case 'refused':
      return { kind: 'dead', why: reply.why };
    case 'failed':
      return { kind: 'failed', why: reply.why };
    default:
      return reply satisfies never;
  }
}
