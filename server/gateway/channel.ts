// One scope and all who read it: its feed, the pace at which changes leave, and who is sent what.
import { ScopeFeed } from '../boards/feed.ts';
import type { Answer } from '../boards/feed.ts';
import type { Cancel, Clock } from '../clock.ts';
import type { Board, Scope } from '../contract/board.ts';
import type { Audience } from '../contract/lists.ts';
import type { Position, Tick } from '../contract/protocol.ts';
import type { Facts, Touched } from '../floor/rows.ts';
import type { Telemetry } from '../telemetry.ts';
import { Message } from './message.ts';
import type { Say } from './message.ts';
import type { Reader } from './reader.ts';
import { SharedMessages } from './shared-messages.ts';

/** Milliseconds for which changes are gathered after one was sent. */
const FRAME_MS: Readonly<Record<Audience, number>> = { desk: 50, public: 100 };

/** What a tick says besides the position. */
export type TickFacts = Omit<Tick, keyof Position>;

export interface ChannelParts {
  readonly scope: Scope;
  /** Of the scope. */
  readonly key: string;
  readonly room: string;
  readonly facts: Facts;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly random: (bytes: number) => Buffer;
  readonly tickFacts: () => TickFacts;
  /** Says something to all who follow a room, encoded once. */
  readonly broadcast: (room: string, what: Say, text: string) => void;
}

export class Channel {
  readonly readers = new Set<Reader>();
  /** Boards as they were when somebody read them here. */
  readonly boards = new Map<string, Board>();
  readonly #parts: ChannelParts;
  readonly #shared = new SharedMessages();
  #feed: ScopeFeed;
  /** Set while changes are gathered. */
  #gathering: Cancel | null = null;
  #seqAtTick = 0;
  #usedAt: number;

  constructor(parts: ChannelParts) {
    this.#parts = parts;
    this.#feed = this.#newFeed();
    this.#usedAt = this.#mono();
  }

  get room(): string {
    return this.#parts.room;
  }

  get key(): string {
    return this.#parts.key;
  }

  /** Milliseconds for which nobody has read it. */
  idleMs(now: number): number {
    return this.readers.size > 0 ? 0 : now - this.#usedAt;
  }

  add(reader: Reader): void {
    // While nobody read it, changes were only gathered.
    if (this.readers.size === 0) this.flush();
    this.readers.add(reader);
    this.boards.set(reader.board.id, reader.board);
  }

  remove(reader: Reader): void {
    this.readers.delete(reader);
    this.#usedAt = this.#mono();
  }

  /** JSON of all rows as they are now. */
  rowsText(): string {
    this.#usedAt = this.#mono();
    this.flush();
    return this.#feed.rowsText;
  }

  changed(touched: Touched): void {
    this.#feed.mark(touched);
    // What nobody reads can wait for the tick.
    if (this.#gathering === null && this.readers.size > 0) this.flush();
  }

  /** The first change leaves at once, then a frame's worth together. */
  flush(): void {
    const text = this.#feed.flush(this.#mono());
    if (text === null) return;
    this.#sayToAll('delta', text);
    const { clock, scope } = this.#parts;
    this.#gathering ??= clock.after(FRAME_MS[scope.audience], () => {
      this.#gathering = null;
      if (this.#feed.isMarked) this.flush();
    });
  }

  /** What `position` lacks, or all; then a tick, which says at once that this is live, and to which the next `have` is the answer. */
  answer(reader: Reader, position: Position | null): void {
    const answer: Answer = position === null ? { kind: 'snapshot' } : this.#feed.since(position);
    switch (answer.kind) {
      case 'current':
        break;
      case 'missing':
        this.#say(reader, this.#shared.missing(answer.text));
        break;
      case 'snapshot':
        this.#sayAll(reader);
        break;
      default:
        answer satisfies never;
    }
    this.#say(reader, new Message('tick', this.#tickText(this.#parts.tickFacts())));
    reader.broughtTo(this.#feed.seq);
  }

  /** An acknowledgement; a reader that was held goes on from there. */
  have(reader: Reader, position: Position): void {
    reader.heard(position, this.#feed, this.#mono());
    if (!reader.isHeld || reader.isChoked) return;
    reader.isHeld = false;
    // A `have` that set out before the hold does not know of what was sent meanwhile.
    this.answer(reader, reader.standing(position));
    reader.wire.follow(this.room);
  }

  /** It did not understand, and wants all. Asked for too often, it waits for the tick. */
  resync(reader: Reader): void {
    reader.wantsSnapshot = true;
    this.#resyncIfDue(reader);
  }

  tick(facts: TickFacts): void {
    this.#shared.forget(this.#mono());
    if (this.readers.size === 0) {
      this.flush();
      return;
    }
    // A reader that is dismissed leaves the set while it is walked, which a Set allows.
    for (const reader of this.readers) this.#look(reader);
    this.#sayToAll('tick', this.#tickText(facts));
    this.#seqAtTick = this.#feed.seq;
  }

  /** A new life of the scope: everybody begins with a snapshot. */
  renew(): void {
    this.close();
    this.#feed = this.#newFeed();
    this.#seqAtTick = 0;
    for (const reader of this.readers) this.anew(reader);
  }

  /** Nothing that it has is of this life of the scope. */
  anew(reader: Reader): void {
    if (!reader.isHeld && reader.isChoked) this.#hold(reader, null);
    if (!reader.isHeld) this.answer(reader, null);
  }

  close(): void {
    this.#gathering?.();
    this.#gathering = null;
  }

  #newFeed(): ScopeFeed {
    const { scope, facts, random, telemetry } = this.#parts;
    return new ScopeFeed({
      scope,
      facts,
      epoch: random(12).toString('base64url'),
      maskKey: random(32).toString('base64url'),
      onWork: (what, times) => {
        telemetry.announce({ name: 'gateway.worked', severity: 'debug', fields: { what, times } });
      },
    });
  }

  #look(reader: Reader): void {
    if (reader.isSilent(this.#mono())) {
      this.#parts.telemetry.announce({ name: 'gateway.slow', severity: 'debug' });
      reader.wire.dismiss('slow');
    } else if (!reader.isHeld && (reader.isBehind(this.#seqAtTick) || reader.isChoked)) {
      this.#hold(reader, this.#feed.seq);
    } else this.#resyncIfDue(reader);
  }

  #resyncIfDue(reader: Reader): void {
    if (!reader.wantsSnapshot || reader.isHeld || !reader.mayResync(this.#mono())) return;
    if (reader.isChoked) this.#hold(reader, this.#feed.seq);
    else this.answer(reader, null);
  }

  /** `sentTo`: the last delta that it was sent; null: none of this life of the scope. */
  #hold(reader: Reader, sentTo: number | null): void {
    reader.hold(sentTo === null ? null : { epoch: this.#feed.epoch, seq: sentTo });
    reader.wire.follow(null);
    this.#parts.telemetry.announce({ name: 'gateway.held', severity: 'debug' });
  }

  #sayToAll(what: Say, text: string): void {
    const bytes = Buffer.byteLength(text);
    let hearers = 0;
    for (const reader of this.readers) {
      if (reader.isHeld) continue;
      if (reader.isChoked) {
        // The delta that is about to be said is not among what it was sent.
        this.#hold(reader, what === 'delta' ? this.#feed.seq - 1 : this.#feed.seq);
        continue;
      }
      reader.wire.expect(bytes);
      hearers += 1;
    }
    if (hearers === 0) return;
    this.#parts.broadcast(this.room, what, text);
    this.#announceSent(what, hearers, bytes);
  }

  #say(reader: Reader, message: Message): void {
    reader.wire.expect(message.bytes);
    reader.wire.say(message);
    this.#announceSent(message.what, 1, message.bytes);
  }

  /** A snapshot, which may be a moment old, and what it lacks by now. */
  #sayAll(reader: Reader): void {
    const { position, message } = this.#shared.snapshot(this.#feed, {
      board: reader.shown,
      now: this.#parts.tickFacts().now,
      mono: this.#mono(),
    });
    this.#say(reader, message);
    const answer = this.#feed.since(position);
    if (answer.kind === 'missing') this.#say(reader, this.#shared.missing(answer.text));
  }

  #tickText(facts: TickFacts): string {
    const { epoch, seq } = this.#feed;
    return JSON.stringify({ epoch, seq, ...facts } satisfies Tick);
  }

  #announceSent(what: Say, sockets: number, bytes: number): void {
    this.#parts.telemetry.announce({
      name: 'gateway.sent',
      severity: 'debug',
      fields: { what, sockets, bytes: bytes * sockets },
    });
  }

  #mono(): number {
    return this.#parts.clock.monotonic();
  }
}
