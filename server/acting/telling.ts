// Notifications put together for the house: addresses, keys, channels and the one who empties the outbox.
import { randomBytes } from 'node:crypto';
import type { House } from '../alerts/people.ts';
import type { Clock } from '../clock.ts';
import type { TellingOf } from './deciding.ts';
import type { Language } from '../contract/lists.ts';
import type { Facts } from '../floor/rows.ts';
import type { ChannelStore, OutboxStore } from '../log/outbox.ts';
import type { AllowedOut } from '../notify/addresses.ts';
import { createCapabilities } from '../notify/capability.ts';
import type { ReadCapability } from '../notify/capability.ts';
import { Channels } from '../notify/channels.ts';
import type { Channel, ChannelOf } from '../notify/channel-form.ts';
import { createMailer } from '../notify/email.ts';
import { Notifier } from '../notify/notifier.ts';
import { tellingOf } from '../notify/notices.ts';
import { createLook, createPost } from '../notify/outgoing.ts';
import { makeVapidKeys, sendPush } from '../notify/push.ts';
import type { VapidKeys } from '../notify/push.ts';
import { Register } from '../notify/register.ts';
import { withPatience } from '../notify/sender.ts';
import type { Send } from '../notify/sender.ts';
import { sendWebhook } from '../notify/webhook.ts';
import type { Telemetry } from '../telemetry.ts';

/** The part of the configuration that it reads. */
export interface TellingSettings {
  readonly site: string;
  readonly zone: string;
  readonly language: Language;
  readonly publicUrl: URL | null;
  /** The site's own channel. */
  readonly webhook: ChannelOf<'webhook'> | null;
  readonly smtpUrl: string | null;
  readonly mailFrom: string | null;
  readonly allowOut: AllowedOut;
}

export interface TellingParts {
  readonly config: TellingSettings;
  readonly store: OutboxStore & ChannelStore;
  /** The site's clock. */
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly holder: string;
  readonly facts: Facts;
  readonly house: () => House;
}

export interface TellingRoom {
  readonly tellingOf: TellingOf;
  /** Begins to empty the outbox, or looks into it at once. */
  readonly wake: () => void;
  readonly readCapability: ReadCapability;
  /** How people are reached, as they set it. */
  readonly register: Register;
  close(): Promise<void>;
}

/** Rejects with `LogTrouble` where Redis fails. */
export async function openTelling(parts: TellingParts): Promise<TellingRoom> {
  const { config, store, clock, telemetry, holder, facts, house } = parts;
  const { site, zone, language, publicUrl } = config;
  const seal = await store.secret('capability', randomBytes(32).toString('base64url'));
  const capabilities = createCapabilities(seal, () => clock.now());
  const vapidText = await store.secret('vapid', JSON.stringify(makeVapidKeys()));
  const vapid = JSON.parse(vapidText) as VapidKeys;
  const fixed = config.webhook === null ? [] : [config.webhook];
  const channels = new Channels({
    store,
    fixed,
    site,
    onUnread(lane, why) {
      const [, of = ''] = lane.split('\n');
      const text = `A channel of ${of} cannot be read (${why}) and is not used.`;
      telemetry.announce({ name: 'notify.unread', severity: 'warn', text });
    },
    async onGivenBack() {
      const text =
        'Redis has lost how people are reached; it is given back what this server knows.';
      telemetry.announce({ name: 'notify.given-back', severity: 'warn', text });
      await store.secret('capability', seal);
      await store.secret('vapid', vapidText);
    },
  });
  await channels.refresh();
  const senders = createSend(config, vapid, clock);
  const { send } = senders;
  const letters = { facts, site, zone, language, publicUrl, capabilities };
  const notifier = new Notifier({
    store,
    channels,
    send,
    letters,
    facts,
    clock,
    telemetry,
    holder,
  });
  const register = new Register({
    ...{ channels, letters, send: withPatience(send, clock) },
    fixed: new Set(fixed.map(({ id }) => id)),
    look: createLook({ allowed: config.allowOut, clock }),
    pushKey: vapid.publicKey,
    canMail: config.smtpUrl !== null && config.mailFrom !== null,
    now: () => clock.now(),
    newId: () => randomBytes(12).toString('base64url'),
  });
  return {
    tellingOf: (move, now) => tellingOf(move, { house: house(), book: channels, site, zone, now }),
    wake: () => notifier.wake(),
    readCapability: capabilities.readCapability,
    register,
    async close() {
      await notifier.close();
      senders.close();
    },
  };
}

function createSend(
  { allowOut, smtpUrl, mailFrom, publicUrl }: TellingSettings,
  keys: VapidKeys,
  clock: Clock,
): { readonly send: Send; readonly close: () => void } {
  const post = createPost({ allowed: allowOut, clock });
  const mailer =
    smtpUrl === null || mailFrom === null ? null : createMailer({ smtpUrl, from: mailFrom });
  const own = publicUrl?.protocol === 'https:' ? publicUrl.href : null;
  const contact =
    own ?? (mailFrom === null ? 'mailto:pharos@localhost' : `mailto:${bare(mailFrom)}`);
  return {
    async send(channel: Channel, letter) {
      switch (channel.kind) {
        case 'push':
          return sendPush(channel, letter, { post, keys, contact });
        case 'webhook':
          return sendWebhook(channel, letter, post);
        case 'email':
          if (mailer !== null) return mailer.send(channel, letter);
          return { kind: 'dead', why: 'PHAROS_SMTP_URL is not set' };
        default:
          return channel satisfies never;
      }
    },
    close: () => mailer?.close(),
  };
}

/** `Pharos <a@b>` is `a@b`. */
function bare(address: string): string {
  return /<([^>]+)>/.exec(address)?.[1] ?? address;
}
