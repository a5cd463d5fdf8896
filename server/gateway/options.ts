// What the gateway is handed, and what it gives back: its whole acquaintance with the rest of the house.
import type { Access } from '../access/access.ts';
import type { Clock } from '../clock.ts';
import type { Board } from '../contract/board.ts';
import type {
  ChannelOwner,
  ChannelProblem,
  ChannelSaid,
  QuietSaid,
  TryAnswer,
} from '../contract/channels.ts';
import type { Undelivered } from '../contract/undelivered.ts';
import type { HowKnown } from '../contract/lists.ts';
import type { LogHealth } from '../contract/protocol.ts';
import type { Fields } from '../events/decode.ts';
import type { Throttle } from '../log/throttle.ts';
import type { DataOf } from '../events/schema.ts';
import type { Facts, Touched } from '../floor/rows.ts';
import type { Telemetry } from '../telemetry.ts';
import type { CommandAnswer } from '../contract/commands.ts';
import type { Heard } from './command-said.ts';

/** The part of the configuration that it reads. */
export interface GatewaySettings {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** The demo floor: nobody signs in on loopback. */
  readonly demo: boolean;
  readonly bootstrapToken: string | null;
  readonly publicUrl: URL | null;
  /** Further names by which browsers may reach it. */
  readonly hosts: readonly string[];
  /** PEM files. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** One proxy in front is believed as to the peer's address and the scheme. */
  readonly trustProxy: boolean;
}

export const INTERVAL_STEPS = { '15m': 15, '30m': 30, '1h': 60, '1d': 1_440 } as const;
export type IntervalStep = keyof typeof INTERVAL_STEPS;

export interface IntervalQuery {
  /** One queue; null: each, and `*` for all together. */
  readonly queue: string | null;
  /** Queues of one team only; null: all. */
  readonly team: string | null;
  /** Milliseconds, inclusive: intervals that start from here on. */
  readonly from: number;
  /** Milliseconds, exclusive. */
  readonly to: number;
  /** How long one is; aligned to the site's local time. */
  readonly every: IntervalStep;
}

/** One line of the answer, in the columns of `npm run audit`. */
export interface IntervalFigures {
  readonly start: number;
  /** `*`: all queues. */
  readonly queue: string;
  readonly offered: number;
  readonly answered: number;
  readonly abandoned: number;
  readonly shortAbandoned: number;
  readonly leftOtherwise: number;
  readonly withinTarget: number;
  readonly serviceLevel: number | null;
  readonly asaMs: number | null;
  readonly ahtMs: number | null;
  readonly longestWaitMs: number | null;
  readonly waitingAtStart: number;
  readonly oldestWaitAtStartMs: number | null;
  readonly talkingAtStart: number;
  readonly peakWaiting: number;
}

/** Ceilings, generous by default; a test may lower them. */
export interface GatewayLimits {
  readonly sockets: number;
  readonly socketsPerAddress: number;
  /** Packets that one socket may send in a second. */
  readonly packetsPerSecond: number;
  /** Commands that one socket, and one person by all theirs, may say in a second. */
  readonly commandsPerSecond: number;
  /** Calls by HTTP from one address in a minute. */
  readonly callsPerMinute: number;
  /** Channels that one address tries in a minute. */
  readonly trialsPerMinute: number;
  /** Wrong tokens from one address in a minute. */
  readonly wrongTriesPerMinute: number;
}

/** In whose name something is said, and how that is known. */
export interface Speaker {
  readonly id: string;
  /** `account`: signed in as themselves. `said`: by a session, which nobody proved. `link`: by a link that was sent to this person. `program`: by whoever has the site's token. */
  readonly how: HowKnown;
}

/** Does what was said, or says why not; never rejects. */
export type Obey = (heard: Heard, by: Speaker) => Promise<CommandAnswer>;

/** What a link lets its reader do: look at one episode, and take it, as one person, until an instant. */
export interface Capability {
  readonly episode: string;
  readonly person: string;
  readonly until: number;
}

/** A channel by its owner and name. */
export interface ChannelPlace {
  readonly owner: ChannelOwner;
  readonly of: string;
  readonly id: string;
}

/** How people, teams and the site are reached, as they set it. What writes rejects where the log does not take it. */
export interface ChannelRegister {
  /** base64url; what browsers subscribe with. */
  readonly pushKey: string;
  readonly canMail: boolean;
  readonly site: string;
  /** `reader`: whose own addresses are shown in full. */
  list(reader: string | null): readonly ChannelSaid[];
  /** By person. */
  quiet(): ReadonlyMap<string, QuietSaid>;
  /** Who is told by the browser of this channel; null: nobody. */
  personOfBrowser(id: string): string | null;
  set(
    place: ChannelPlace,
    given: unknown,
  ): Promise<
    | { readonly kind: 'set'; readonly channel: ChannelSaid }
    | { readonly kind: 'refused'; readonly problem: ChannelProblem }
    | { readonly kind: 'fixed' }
  >;
  drop(place: ChannelPlace): Promise<'dropped' | 'unknown' | 'fixed'>;
  /** Sends one notification there; null: there is no such channel. */
  tryOut(place: ChannelPlace): Promise<TryAnswer | null>;
  /** Null: it is kept, or taken away where `given` is null. */
  setQuiet(person: string, given: unknown): Promise<ChannelProblem | null>;
}

/** What is to be told, and what was given up. Rejects where Redis fails. */
export interface OutboxLook {
  /** Newest first. */
  deadLetters(count: number): Promise<readonly Undelivered[]>;
  backlog(): Promise<{ readonly rows: number; readonly oldestDueAt: number | null }>;
}

export interface GatewayOptions {
  readonly settings: GatewaySettings;
  /** The floor's own tables, live. */
  readonly facts: Facts;
  /** The site's clock, in milliseconds. */
  readonly now: () => number;
  readonly clock: Clock;
  /** What the log says of itself at this moment; asked at each tick. */
  readonly health: () => LogHealth;
  /** Fields that went through the door already; entry ids in order, or a rejection where the log did not take them. */
  readonly append: (entries: readonly Fields[]) => Promise<readonly string[]>;
  /** Reads the links of notifications; absent: there are none. */
  readonly readCapability?: (token: string) => Capability | null;
  /** Absent: nobody can be told, so that there is nothing to set. */
  readonly channels?: ChannelRegister;
  /** Absent: there is no outbox. */
  readonly outbox?: OutboxLook;
  /** Who may come in. */
  readonly access: Access;
  readonly throttle: Throttle;
  /** What people say at the desk. */
  readonly obey: Obey;
  /** A desk was opened in this person's name. */
  readonly onSits?: (person: string) => void;
  readonly intervals: (
    query: IntervalQuery,
  ) => readonly IntervalFigures[] | Promise<readonly IntervalFigures[]>;
  readonly telemetry: Telemetry;
  /** So many random bytes. */
  readonly random: (bytes: number) => Buffer;
  /** The built client. */
  readonly staticDir: string;
  /** The board of a screen that names none, until somebody saves one of that id; absent: `DEFAULT_BOARD`. */
  readonly firstBoard?: Board;
  readonly limits?: Partial<GatewayLimits>;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface Gateway {
  /** Rejects where the port is taken. */
  listen(): Promise<Address>;
  address(): Address | null;
  /** Rows of `facts` that were put, replaced or removed. Cheap; call it once a turn. */
  changed(touched: Touched): void;
  /** Somebody may other things than before, as any server of the site was told. */
  accessChanged(change: DataOf['access.changed']): void;
  /** The address of a page by which the first installer makes their account; null: there is one. Rejects where Redis fails. */
  firstInvitation(): Promise<string | null>;
  /** New epochs for all, so that every screen begins with a fresh snapshot: after a gap of the log. */
  reset(): void;
  /** Tells every screen that it closes, and closes. */
  close(): Promise<void>;
}
