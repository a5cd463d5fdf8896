// Channels as people set them: read, bounded, held against the guard of outgoing addresses, kept, shown without their secrets, and tried.
import { IANAZone } from 'luxon';
import type {
  ChannelOwner,
  ChannelProblem,
  ChannelSaid,
  QuietSaid,
  TryAnswer,
} from '../contract/channels.ts';
import { CHANNELS_MOST } from '../contract/channels.ts';
import { laneOf, lanePartsOf } from '../log/outbox.ts';
import { areKeys, KEYS_EXPECTED, NOT_SHOWN, problemAt, unsendable } from './channel-problems.ts';
import { channelSaid, hostOf } from './channel-said.ts';
import { readChannel, readQuiet } from './channel-form.ts';
import type { Channel } from './channel-form.ts';
import type { Channels } from './channels.ts';
import { trialOf } from './letter.ts';
import type { LetterParts } from './letter.ts';
import type { Look } from './outgoing.ts';
import type { Send, Sent } from './sender.ts';

/** A channel by its owner and name. */
export interface ChannelPlace {
  readonly owner: ChannelOwner;
  readonly of: string;
  readonly id: string;
}

export type SetAnswer =
  | { readonly kind: 'set'; readonly channel: ChannelSaid }
  | { readonly kind: 'refused'; readonly problem: ChannelProblem }
  /** It is from the settings. */
  | { readonly kind: 'fixed' };

export interface RegisterParts {
  readonly channels: Channels;
  /** Names of the site's channels that the settings made. */
  readonly fixed: ReadonlySet<string>;
  readonly look: Look;
  readonly send: Send;
  readonly letters: Pick<LetterParts, 'site' | 'language' | 'publicUrl'>;
  readonly pushKey: string;
  /** A mail server is set. */
  readonly canMail: boolean;
  /** The site's clock. */
  readonly now: () => number;
  readonly newId: () => string;
}

export class Register {
  readonly pushKey: string;
  readonly canMail: boolean;
  readonly site: string;
  readonly #parts: RegisterParts;

  constructor(parts: RegisterParts) {
    this.#parts = parts;
    this.pushKey = parts.pushKey;
    this.canMail = parts.canMail;
    this.site = parts.letters.site;
  }

  /** `reader`: whose own addresses are shown in full. */
  list(reader: string | null): readonly ChannelSaid[] {
    return [...this.#parts.channels.lanes].map(([lane, channel]) => {
      const { owner, of } = lanePartsOf(lane);
      const isFixed = this.#isFixed({ owner, of, id: channel.id });
      return channelSaid(channel, { owner: { owner, of }, isFixed, reader });
    });
  }

  /** By person. */
  quiet(): ReadonlyMap<string, QuietSaid> {
    return this.#parts.channels.quiet;
  }

  /** Who is told by the browser of this channel; null: nobody. */
  personOfBrowser(id: string): string | null {
    for (const [lane, channel] of this.#parts.channels.lanes)
      if (channel.kind === 'push' && channel.id === id) return lanePartsOf(lane).of;
    return null;
  }

  /** Rejects with `LogTrouble`. */
  async set(place: ChannelPlace, given: unknown): Promise<SetAnswer> {
    const { channels } = this.#parts;
    if (this.#isFixed(place)) return { kind: 'fixed' };
    const said = typeof given === 'object' && given !== null ? { ...given, id: place.id } : given;
    const read = readChannel(said);
    if (read.kind === 'unsound') return refused(read.fields[0] ?? '', said);
    const channel = read.value;
    const problem = (await this.#problemOf(channel, place)) ?? this.#tooMany(place);
    if (problem !== null) return { kind: 'refused', problem };
    await channels.put(place, channel);
    const { owner, of } = place;
    const shown = { owner: { owner, of }, isFixed: false, reader: owner === 'person' ? of : null };
    return { kind: 'set', channel: channelSaid(channel, shown) };
  }

  /** Rejects with `LogTrouble`. */
  async drop(place: ChannelPlace): Promise<'dropped' | 'unknown' | 'fixed'> {
    if (this.#isFixed(place)) return 'fixed';
    if (this.#at(place) === null) return 'unknown';
    await this.#parts.channels.drop(laneOf({ ...place, channel: place.id }));
    return 'dropped';
  }

  /** Sends one notification there now; null: there is no such channel. Rejects with `LogTrouble` where one that is gone cannot be taken away. */
  async tryOut(place: ChannelPlace): Promise<TryAnswer | null> {
    const { letters, send, now, newId, channels } = this.#parts;
    const channel = this.#at(place);
    if (channel === null) return null;
    const { language = letters.language } = channel;
    const sent = await send(channel, trialOf(`trial-${newId()}`, { ...letters, language }, now()));
    if (sent.kind === 'gone') await channels.drop(laneOf({ ...place, channel: place.id }));
    return answerOf(sent);
  }

  /** Null: it is kept, or taken away where `given` is null. Rejects with `LogTrouble`. */
  async setQuiet(person: string, given: unknown): Promise<ChannelProblem | null> {
    if (given === null) {
      await this.#parts.channels.putQuiet(person, null);
      return null;
    }
    const read = readQuiet(given);
    if (read.kind === 'unsound') return problemAt(read.fields[0] ?? '', given);
    const { zone } = read.value;
    if (zone !== undefined && !IANAZone.isValidZone(zone)) return problemAt('zone', given);
    await this.#parts.channels.putQuiet(person, read.value);
    return null;
  }

  #at(place: ChannelPlace): Channel | null {
    return this.#parts.channels.at(laneOf({ ...place, channel: place.id }));
  }

  #isFixed({ owner, of, id }: ChannelPlace): boolean {
    const { fixed } = this.#parts;
    return owner === 'site' && of === this.site && fixed.has(id);
  }

  async #problemOf(channel: Channel, { owner }: ChannelPlace): Promise<ChannelProblem | null> {
    const { look, canMail } = this.#parts;
    switch (channel.kind) {
      case 'push': {
        const { kind: given, endpoint, keys } = channel;
        if (owner !== 'person')
          return { field: 'kind', expected: 'webhook or email: a browser is one person’s', given };
        if (!areKeys(keys)) return { field: 'keys', expected: KEYS_EXPECTED, given: NOT_SHOWN };
        const why = await look(endpoint);
        return why === null ? null : unsendable('endpoint', why, hostOf(endpoint));
      }
      case 'webhook': {
        const why = await look(channel.url);
        return why === null ? null : unsendable('url', why, hostOf(channel.url));
      }
      case 'email':
        if (canMail) return null;
        return {
          field: 'kind',
          expected: 'push or webhook: PHAROS_SMTP_URL is not set, so that no mail can go out',
          given: channel.kind,
        };
      default:
        return channel satisfies never;
    }
  }

  #tooMany(place: ChannelPlace): ChannelProblem | null {
    const { length } = this.#parts.channels.of(place);
    if (this.#at(place) !== null || length < CHANNELS_MOST) return null;
    const expected = `at most ${CHANNELS_MOST} channels of one owner`;
    return { field: 'id', expected, given: `one more than ${length}` };
  }
}

function answerOf(sent: Sent): TryAnswer {
  switch (sent.kind) {
    case 'sent':
      return { outcome: 'arrived' };
    case 'failed':
      if (sent.status === undefined) return { outcome: 'no-answer', why: sent.why };
      return { outcome: 'refused', status: sent.status, why: sent.why };
    case 'dead':
      return { outcome: 'refused', status: null, why: sent.why };
    case 'gone':
      return { outcome: 'gone', status: sent.status ?? null, why: sent.why };
    default:
      return sent satisfies never;
  }
}

function refused(field: string, given: unknown): SetAnswer {
  return { kind: 'refused', problem: problemAt(field, given) };
}
