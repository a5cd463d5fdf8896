// The way of one event through the server without sockets: decoded, folded, looked at by the rules of alerts, marked, and sent as the encoded delta of a board.
import type { Alerts } from '../../server/alerts/alerts.ts';
import type { ScopeFeed } from '../../server/boards/feed.ts';
import type { Floor } from '../../server/floor/floor.ts';
import type { Touched } from '../../server/floor/rows.ts';
import type { DedupWindow } from '../../server/log/dedup.ts';
import { encode } from '../../server/events/encode.ts';
import type { NewEvent } from '../../server/events/event.ts';
import type { Entry } from '../../server/log/log.ts';
import type { Built } from './fold-built.ts';
import { SITE } from './fold-journal.ts';
import { thrown } from '../support/thrown.ts';

/** What so many events have cost. */
export interface Cost {
  events: number;
  /** Milliseconds in the turns: door, deduplication, floor. */
  turnMs: number;
  /** Milliseconds in the watch: what the rules look at, and what they propose, which is decided at once and folded as well. */
  watchMs: number;
  /** Decisions about alerts. */
  moves: number;
  /** Milliseconds in the board's feed: rows shown, compared and put into deltas. */
  feedMs: number;
  /** Rows that the feed looked at. */
  rows: number;
  /** Characters of the deltas. */
  chars: number;
}

export class EventPath {
  readonly #built: Built;
  readonly #floor: Floor;
  readonly #dedup: DedupWindow;
  readonly #feed: ScopeFeed;
  readonly #alerts: Alerts;
  #decided = 0;
  #soundAt: number;
  #cost: Cost = noCost();

  /** On a floor that has lived through `before`. */
  constructor(built: Built, before: readonly NewEvent[]) {
    this.#built = built;
    this.#soundAt = before[0]?.at ?? 0;
    this.#dedup = built.createDedupWindow();
    this.#floor = new built.Floor({
      site: SITE,
      zone: 'Etc/UTC',
      country: null,
      dayStarts: '00:00',
      languages: ['en'],
      demo: false,
      build: 'bench',
      now: this.#soundAt,
    });
    this.#alerts = new built.Alerts({ site: SITE, floor: this.#floor, rules: built.RULES });
    this.#turn(before.map(entryOf));
    this.#alerts.lookAtAll(this.#soundAt);
    this.#alerts.propose(this.#soundAt, { onBroken: thrown });
    this.#feed = new built.ScopeFeed({
      scope: built.WHOLE_FLOOR,
      facts: this.#floor.facts,
      epoch: 'bench',
      maskKey: 'bench',
      onWork: (what, times) => {
        if (what === 'row') this.#cost.rows += times;
      },
    });
    this.#cost = noCost();
  }

  /** A frame's worth: a turn for each event, as on a floor where they come one by one, and one delta for all. */
  frame(entries: readonly Entry[]): void {
    const begun = performance.now();
    let feedMs = 0;
    let watchMs = 0;
    const mark = (touched: Touched): void => {
      const marked = performance.now();
      this.#feed.mark(touched);
      feedMs += performance.now() - marked;
    };
    for (const entry of entries) {
      const touched = this.#turn([entry]);
      mark(touched);
      const looked = performance.now();
      const fedMs = feedMs;
      this.#watch(touched, entry.at, mark);
      watchMs += performance.now() - looked - (feedMs - fedMs);
    }
    const folded = performance.now();
    const delta = this.#feed.flush(this.#soundAt);
    const ended = performance.now();
    this.#cost.events += entries.length;
    this.#cost.turnMs += folded - begun - feedMs - watchMs;
    this.#cost.watchMs += watchMs;
    this.#cost.feedMs += ended - folded + feedMs;
    this.#cost.chars += delta?.length ?? 0;
  }

  /** What was spent since the last time. */
  takeCost(): Cost {
    const cost = this.#cost;
    this.#cost = noCost();
    return cost;
  }

  /** As a server that is alone: whatever is proposed is taken. */
  #watch(touched: Touched, now: number, mark: (touched: Touched) => void): void {
    this.#alerts.changed(touched, now);
    for (const { move } of this.#alerts.propose(now, { onBroken: thrown })) {
      const { entry: fields } = this.#built.decisionOf(move, now);
      const id = `${now}-${(this.#decided += 1)}`;
      const moved = this.#turn([{ id, at: now, fields }]);
      mark(moved);
      this.#alerts.changed(moved, now);
      this.#cost.moves += 1;
    }
  }

  #turn(entries: readonly Entry[]): Touched {
    const turn = this.#built.takeTurn({ floor: this.#floor, dedup: this.#dedup }, entries, {
      now: entries.at(-1)?.at ?? this.#soundAt,
      soundAt: this.#soundAt,
      poisonedBy: null,
    });
    if (turn.refused.length > 0 || turn.counts.applied !== entries.length)
      throw new Error(`expected all events to be folded, got ${JSON.stringify(turn.refused[0])}`);
    this.#soundAt = turn.soundAt;
    return turn.touched;
  }
}

/** As it would come out of the journal. */
export function entryOf(event: NewEvent): Entry {
  const at = event.at ?? 0;
  return { id: `${at}-0`, at, fields: encode(event) };
}

function noCost(): Cost {
  return { events: 0, turnMs: 0, watchMs: 0, moves: 0, feedMs: 0, rows: 0, chars: 0 };
}
