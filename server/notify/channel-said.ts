// A channel as it is shown: without its secrets, and of an address only so much as tells one from another.
import type { ChannelSaid } from '../contract/channels.ts';
import type { Channel } from './channel-form.ts';
import type { Owner } from './channels.ts';

export interface ShownTo {
  readonly owner: Owner;
  /** It is from the settings. */
  readonly isFixed: boolean;
  /** Whose own addresses are shown in full; null: nobody's. */
  readonly reader: string | null;
}

export function channelSaid(
  channel: Channel,
  { owner: whose, isFixed, reader }: ShownTo,
): ChannelSaid {
  const { owner, of } = whose;
  const { id, name = null, language = null, breaksQuiet } = channel;
  const base = { owner, of, id, name, language, breaksQuiet, isFixed };
  switch (channel.kind) {
    case 'push':
      return { ...base, kind: 'push', host: hostOf(channel.endpoint) };
    case 'webhook': {
      const { url, shape, secret } = channel;
      return { ...base, kind: 'webhook', host: hostOf(url), shape, isSigned: secret !== null };
    }
    case 'email': {
      const isOwn = owner === 'person' && of === reader;
      const address = isOwn ? channel.address : maskedMail(channel.address);
      return { ...base, kind: 'email', address };
    }
    default:
      return channel satisfies never;
  }
}

export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '–';
}

/** `l…@example.org`. */
function maskedMail(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, 1)}…${address.slice(at)}`;
}
