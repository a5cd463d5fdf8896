// How people, teams and the site are reached: addresses and quiet hours, kept beside the journal because they are secrets and outlive it.
import { z } from 'zod';
import { laneOf, lanePartsOf } from '../log/outbox.ts';
import type { ChannelRow, ChannelStore, OwnerKind } from '../log/outbox.ts';
import { channelForm, pathsOf, quietForm } from './channel-form.ts';
import type { Channel, ChannelIn, Quiet } from './channel-form.ts';

export interface Owner {
  readonly owner: OwnerKind;
  readonly of: string;
}

/** What a decision needs to know of it. */
export interface ChannelBook {
  of(owner: Owner): readonly Channel[];
  quietOf(person: string): Quiet | null;
}

/** A person's own words stand where a channel's name would; no channel is called that. */
const QUIET = '';

export interface ChannelsOptions {
  readonly store: ChannelStore;
  /** The site's own, from the settings; nobody can take them away. */
  readonly fixed: readonly Channel[];
  readonly site: string;
  /** Told of a row that cannot be read. */
  readonly onUnread: (lane: string, why: string) => void;
  /** Redis has lost what it was given, and gets the channels back. */
  readonly onGivenBack?: () => Promise<void>;
}

export class Channels implements ChannelBook {
  readonly #options: ChannelsOptions;
  #lanes = new Map<string, Channel>();
  #ofOwner = new Map<string, Channel[]>();
  #quiet = new Map<string, Quiet>();
  /** As Redis had them. */
  #rows: ReadonlyMap<string, ChannelRow> = new Map();
  /** Its word of the last change that is known here; null: none is. */
  #at: string | null = null;

  constructor(options: ChannelsOptions) {
    this.#options = options;
    this.#read(new Map());
  }

  /**
   * Of what Redis has and what is held here the newer one of each lane is so. What Redis has lost it is given back, since people do not
   * register again what they do not know to be lost. Rejects with `LogTrouble`; then what was known stands.
   */
  async refresh(): Promise<void> {
    await this.#sync(false);
  }

  /** Redis' word of its last change. One from before what is known here is that of a Redis that was emptied or set back. Rejects with `LogTrouble`. */
  async heard(at: string): Promise<void> {
    if (at === this.#at) return;
    await this.#sync(this.#at !== null && isBefore(at, this.#at));
    this.#at = at;
  }

  async #sync(isSetBack: boolean): Promise<void> {
    const { store, onGivenBack } = this.#options;
    const found = await store.channels();
    const lost = lostIn(found, this.#rows);
    if (isSetBack || lost.size > 0) await onGivenBack?.();
    if (lost.size > 0) await store.giveBackChannels(lost);
    const rows = new Map(lost.size > 0 ? await store.channels() : found);
    // That something was taken away is known longer than Redis knows it: an old copy of Redis may still have it.
    for (const [lane, row] of this.#rows)
      if (row.text === null && !rows.has(lane)) rows.set(lane, row);
    this.#read(rows);
  }

  of({ owner, of }: Owner): readonly Channel[] {
    return this.#ofOwner.get(laneOf({ owner, of, channel: '' })) ?? [];
  }

  at(lane: string): Channel | null {
    return this.#lanes.get(lane) ?? null;
  }

  quietOf(person: string): Quiet | null {
    return this.#quiet.get(person) ?? null;
  }

  /** All, by lane. */
  get lanes(): ReadonlyMap<string, Channel> {
    return this.#lanes;
  }

  /** By person. */
  get quiet(): ReadonlyMap<string, Quiet> {
    return this.#quiet;
  }

  /** Rejects with what zod says where it is no channel. A browser that was another's before tells this one from now on. */
  async put({ owner, of }: Owner, given: ChannelIn): Promise<void> {
    const read = channelForm.parse(given);
    const { id, ...rest } = read;
    const lane = laneOf({ owner, of, channel: id });
    await this.#options.store.putChannel(lane, JSON.stringify({ ...rest, id }));
    await this.refresh();
    if (read.kind !== 'push') return;
    for (const [other, each] of this.#lanes)
      if (other !== lane && each.kind === 'push' && each.endpoint === read.endpoint)
        await this.drop(other);
  }

  async drop(lane: string): Promise<void> {
    await this.#options.store.putChannel(lane, null);
    await this.refresh();
  }

  /** Null: always to be told. */
  async putQuiet(person: string, given: Quiet | null): Promise<void> {
    const text = given === null ? null : JSON.stringify(quietForm.parse(given));
    const lane = laneOf({ owner: 'person', of: person, channel: QUIET });
    await this.#options.store.putChannel(lane, text);
    await this.refresh();
  }

  #read(rows: ReadonlyMap<string, ChannelRow>): void {
    const { fixed, site, onUnread } = this.#options;
    this.#rows = rows;
    this.#lanes = new Map();
    this.#ofOwner = new Map();
    this.#quiet = new Map();
    for (const each of fixed) this.#note({ owner: 'site', of: site }, each);
    for (const [lane, { text }] of rows) {
      if (text === null) continue;
      const { owner, of, channel: name } = lanePartsOf(lane);
      try {
        const said: unknown = JSON.parse(text);
        if (owner === 'person' && name === QUIET) this.#quiet.set(of, quietForm.parse(said));
        else this.#note({ owner, of }, channelForm.parse(said));
      } catch (error) {
        const why = error instanceof z.ZodError ? pathsOf(error) : 'no JSON';
        onUnread(lane, why);
      }
    }
  }

  #note(owner: Owner, each: Channel): void {
    this.#lanes.set(laneOf({ ...owner, channel: each.id }), each);
    const name = laneOf({ ...owner, channel: '' });
    this.#ofOwner.set(name, [...(this.#ofOwner.get(name) ?? []), each]);
  }
}

/** What is held and newer than what was found. That something was taken away matters only where it is still there. */
function lostIn(
  found: ReadonlyMap<string, ChannelRow>,
  held: ReadonlyMap<string, ChannelRow>,
): ReadonlyMap<string, ChannelRow> {
  const lost = [...held].filter(([lane, { text, changedAt }]) => {
    const known = found.get(lane);
    if (text === null) return known?.text != null && changedAt > known.changedAt;
    const isGone = known === undefined || (known.text === null && changedAt === known.changedAt);
    return isGone || changedAt > known.changedAt;
  });
  return new Map(lost);
}

/** Redis' clock as `SECONDS.MICROSECONDS`, without leading zeros; nothing before anything was changed. */
function isBefore(a: string, b: string): boolean {
  const [seconds, micros] = partsOf(a);
  const [otherSeconds, otherMicros] = partsOf(b);
  return seconds === otherSeconds ? micros < otherMicros : seconds < otherSeconds;
}

function partsOf(at: string): readonly [seconds: number, micros: number] {
  const [seconds = '', micros = ''] = at.split('.');
  return [Number(seconds), Number(micros)];
}
