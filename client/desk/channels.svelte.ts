// How one is reached, as the page shows it: what the server said of channels and quiet hours, and what is said to it.
import { SvelteMap } from 'svelte/reactivity';
import type {
  ChannelOwner,
  ChannelsAnswer,
  ChannelSaid,
  QuietSaid,
  TryAnswer,
} from '../../server/contract/channels.ts';
import { base64url } from '../lib/push-channel.ts';
import { dropChannel, putChannel, putQuiet, readChannels, tryChannel } from './channels-said.ts';
import type { ChannelAt } from './channels-said.ts';
import type { Trouble } from '../live/ask.ts';

/** What became of the last press on a channel. */
export type Tried =
  | { readonly kind: 'trying' | 'removing' }
  | { readonly kind: 'answered'; readonly answer: TryAnswer }
  | { readonly kind: 'trouble'; readonly trouble: Trouble };

/** Bytes of a channel's name, and of a secret (Standard Webhooks: 24 to 64). */
const ID_BYTES = 9;
const SECRET_BYTES = 32;

export class MyChannels {
  answer = $state.raw<ChannelsAnswer | null>(null);
  trouble = $state.raw<Trouble | null>(null);
  /** By `keyOf`. */
  readonly tried = new SvelteMap<string, Tried>();

  async read(): Promise<void> {
    const said = await readChannels(null);
    this.trouble = 'trouble' in said ? said : null;
    if (!('trouble' in said)) this.answer = said;
  }

  of(owner: ChannelOwner, of: string): readonly ChannelSaid[] {
    return this.answer?.channels.filter((one) => one.owner === owner && one.of === of) ?? [];
  }

  /** Null: it is kept. */
  async add(owner: ChannelOwner, of: string, channel: object): Promise<Trouble | null> {
    const bytes = crypto.getRandomValues(new Uint8Array(ID_BYTES));
    const trouble = await putChannel({ owner, of, id: base64url(bytes) }, channel);
    if (trouble === null) await this.read();
    return trouble;
  }

  async drop(at: ChannelAt): Promise<void> {
    this.#note(at, { kind: 'removing' });
    const trouble = await dropChannel(at);
    this.#note(at, trouble === null ? null : { kind: 'trouble', trouble });
    await this.read();
  }

  async tryOut(at: ChannelAt): Promise<void> {
    if (this.tried.get(keyOf(at))?.kind === 'trying') return;
    this.#note(at, { kind: 'trying' });
    const answer = await tryChannel(at);
    const isTrouble = 'trouble' in answer;
    this.#note(at, isTrouble ? { kind: 'trouble', trouble: answer } : { kind: 'answered', answer });
    if (!isTrouble && answer.outcome === 'gone') await this.read();
  }

  async setQuiet(person: string, quiet: QuietSaid | null): Promise<Trouble | null> {
    const trouble = await putQuiet(person, quiet);
    if (trouble === null) await this.read();
    return trouble;
  }

  #note(at: ChannelAt, tried: Tried | null): void {
    if (tried === null) this.tried.delete(keyOf(at));
    else this.tried.set(keyOf(at), tried);
  }
}

export function keyOf({ owner, of, id }: ChannelAt): string {
  return `${owner}\n${of}\n${id}`;
}

/** Such as Standard Webhooks signs with. */
export function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return `whsec_${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))}`;
}
