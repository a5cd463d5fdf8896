// Channels as the product keeps and tries them, on the in-memory log: every sending is a real one, to receivers on loopback only.
import { systemClock } from '../../server/clock.ts';
import type { Clock } from '../../server/clock.ts';
import { openMemoryStore } from '../../server/log/memory-store.ts';
import type { ChannelStore } from '../../server/log/outbox.ts';
import { parseAllowedOut } from '../../server/notify/addresses.ts';
import { parseChannel } from '../../server/notify/channel-form.ts';
import { Channels } from '../../server/notify/channels.ts';
import { createLook, createPost } from '../../server/notify/outgoing.ts';
import { makeVapidKeys, sendPush } from '../../server/notify/push.ts';
import { Register } from '../../server/notify/register.ts';
import { sendWebhook } from '../../server/notify/webhook.ts';

export interface TestRegister {
  readonly register: Register;
  readonly channels: Channels;
  /** All that lies in the store, as text. */
  kept(): Promise<string>;
  /** While set, the store takes nothing. */
  isAway: boolean;
}

export interface TestRegisterOptions {
  /** Of the receiver's answer. */
  readonly clock?: Clock;
  readonly canMail?: boolean;
  /** A webhook of the site that the settings made. */
  readonly fixed?: string;
}

export function openRegister(options: TestRegisterOptions = {}): TestRegister {
  const { clock = systemClock, canMail = true, fixed } = options;
  const store = openMemoryStore(systemClock);
  const hook = fixed && parseChannel({ kind: 'webhook', id: 'settings', url: fixed });
  const opened = { isAway: false };
  const watched: ChannelStore = {
    channels: () => store.channels(),
    putChannel: (lane, text) =>
      opened.isAway
        ? Promise.reject(Object.assign(new Error('away'), { reason: 'unreachable' }))
        : store.putChannel(lane, text),
    giveBackChannels: (rows) => store.giveBackChannels(rows),
    secret: (name, made) => store.secret(name, made),
  };
  const channels = new Channels({
    store: watched,
    fixed: hook ? [hook] : [],
    site: 'main',
    onUnread: () => undefined,
  });
  const allowed = parseAllowedOut('127.0.0.1');
  if (allowed === undefined) throw new Error('invariant: loopback can be named');
  const resolve = (host: string): Promise<readonly string[]> =>
    host === 'inside.example'
      ? Promise.resolve(['10.0.0.5'])
      : host === 'hooks.example'
        ? Promise.resolve(['93.184.216.34'])
        : Promise.reject(new Error(`${host} is not known here`));
  const post = createPost({ allowed, clock, resolve });
  const keys = makeVapidKeys();
  let made = 0;
  const register = new Register({
    channels,
    fixed: new Set(hook ? ['settings'] : []),
    look: createLook({ allowed, clock, resolve }),
    send(channel, letter) {
      switch (channel.kind) {
        case 'push':
          return sendPush(channel, letter, { post, keys, contact: 'mailto:it@example.org' });
        case 'webhook':
          return sendWebhook(channel, letter, post);
        case 'email':
          return Promise.resolve({ kind: 'failed', why: '550 no such box', status: 550 });
        default:
          return channel satisfies never;
      }
    },
    letters: { site: 'main', language: 'en', publicUrl: null },
    pushKey: keys.publicKey,
    canMail,
    now: () => systemClock.now(),
    newId: () => `n${++made}`,
  });
  return Object.assign(opened, {
    register,
    channels,
    kept: async () => JSON.stringify([...(await store.channels())]),
  });
}
