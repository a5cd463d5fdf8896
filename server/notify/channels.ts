// How people, teams and the site are reached: addresses and quiet hours, kept beside the journal because they are secrets and outlive it.
import { DateTime } from 'luxon';
import { z } from 'zod';
import { ID_EXPECTED, isId } from '../contract/ids.ts';
import { laneOf, lanePartsOf } from '../log/outbox.ts';
import type { ChannelStore, OwnerKind } from '../log/outbox.ts';

const id = z.string().refine(isId, { error: ID_EXPECTED });
const webAddress = z.url({ protocol: /^https?$/ }).max(2_000);
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/** `breaksQuiet`: what is urgent (P1) comes through in quiet hours. */
const common = { id, breaksQuiet: z.boolean().default(false) };

const channel = z.discriminatedUnion('kind', [
  z.object({
    ...common,
    kind: z.literal('push'),
    endpoint: webAddress,
    /** Of the browser's subscription, base64url. */
    keys: z.object({ p256dh: z.string().max(200), auth: z.string().max(100) }),
  }),
  z.object({
    ...common,
    kind: z.literal('webhook'),
    url: webAddress,
    /** `whsec_` and base64, as Standard Webhooks has it; null: it is not signed. */
    secret: z
      .string()
      .regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/)
      .nullable()
      .default(null),
    shape: z.enum(['json', 'slack']).default('json'),
  }),
  z.object({ ...common, kind: z.literal('email'), address: z.email().max(320) }),
]);

/** Undefined: it is none. */
export function parseChannel(given: unknown): Channel | undefined {
  return channel.safeParse(given).data;
}

const quiet = z.object({
  from: clockTime,
  to: clockTime,
  /** IANA; absent: the site's. */
  zone: z.string().optional(),
});

export type Channel = Readonly<z.output<typeof channel>>;
export type ChannelIn = Readonly<z.input<typeof channel>>;
export type ChannelOf<K extends Channel['kind']> = Extract<Channel, { kind: K }>;
export type Quiet = Readonly<z.output<typeof quiet>>;

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
  #rows: ReadonlyMap<string, string> = new Map();
  /** Its word of the last change that is known here; null: none is. */
  #at: string | null = null;
  #isGivingBack = false;

  constructor(options: ChannelsOptions) {
    this.#options = options;
    this.#read(new Map());
  }

  /** Rejects with `LogTrouble`; then what was known stands. */
  async refresh(): Promise<void> {
    this.#read(await this.#options.store.channels());
  }

  /**
   * Redis' word of its last change. One from before what is known here is that of a Redis that was emptied or set back: it is given
   * back what is held, since people do not register again what they do not know to be lost. Rejects with `LogTrouble`.
   */
  async heard(at: string): Promise<void> {
    if (at === this.#at && !this.#isGivingBack) return;
    this.#isGivingBack ||= this.#at !== null && isBefore(at, this.#at);
    if (this.#isGivingBack) await this.#giveBack();
    else await this.refresh();
    this.#isGivingBack = false;
    this.#at = at;
  }

  async #giveBack(): Promise<void> {
    const { store, onGivenBack } = this.#options;
    await onGivenBack?.();
    const held = this.#rows;
    for (const lane of (await store.channels()).keys())
      if (!held.has(lane)) await store.putChannel(lane, null);
    for (const [lane, text] of held) await store.putChannel(lane, text);
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

  /** Rejects with what zod says where it is no channel. */
  async put({ owner, of }: Owner, given: ChannelIn): Promise<void> {
    const { id, ...rest } = channel.parse(given);
    await this.#options.store.putChannel(
      laneOf({ owner, of, channel: id }),
      JSON.stringify({ ...rest, id }),
    );
    await this.refresh();
  }

  async drop(lane: string): Promise<void> {
    await this.#options.store.putChannel(lane, null);
    await this.refresh();
  }

  /** Null: always to be told. */
  async putQuiet(person: string, given: Quiet | null): Promise<void> {
    const text = given === null ? null : JSON.stringify(quiet.parse(given));
    const lane = laneOf({ owner: 'person', of: person, channel: QUIET });
    await this.#options.store.putChannel(lane, text);
    await this.refresh();
  }

  #read(rows: ReadonlyMap<string, string>): void {
    const { fixed, site, onUnread } = this.#options;
    this.#rows = rows;
    this.#lanes = new Map();
    this.#ofOwner = new Map();
    this.#quiet = new Map();
    for (const each of fixed) this.#note({ owner: 'site', of: site }, each);
    for (const [lane, text] of rows) {
      const { owner, of, channel: name } = lanePartsOf(lane);
      try {
        const said: unknown = JSON.parse(text);
        if (owner === 'person' && name === QUIET) this.#quiet.set(of, quiet.parse(said));
        else this.#note({ owner, of }, channel.parse(said));
      } catch (error) {
        // What is said of a row may hold its secrets; where it is wrong does not.
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

/** Is this instant in these hours? They may pass midnight; from and to the same: all day. */
export function isQuietAt({ from, to, zone }: Quiet, now: number, siteZone: string): boolean {
  const own = DateTime.fromMillis(now, { zone: zone ?? siteZone });
  // A zone that this machine does not know is the site's.
  const time = (own.isValid ? own : DateTime.fromMillis(now, { zone: siteZone })).toFormat('HH:mm');
  return from < to ? from <= time && time < to : time >= from || time < to;
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

function pathsOf({ issues }: z.ZodError): string {
  return issues.map(({ path }) => path.join('.') || 'all of it').join(', ');
}
