// One scope's life: its rows as they were sent, what changed at which position, and the answer to whoever comes with an older one.
import type { Scope } from '../contract/board.ts';
import type { Position } from '../contract/protocol.ts';
import type { Facts, FactOf, Touched } from '../floor/rows.ts';
import { encodeDelta, encodeRows } from './encoding.ts';
import { createProjection, outgoingId } from './projection.ts';
import type { Projection } from './projection.ts';
import { createSight } from './sight.ts';
import type { SeenTable, Sight } from './sight.ts';
import { Tombstones } from './tombstones.ts';

/** Answers to different positions that are kept until the next change; more are made anew. */
const ANSWERS_KEPT = 64;

/** What costs something, so that it can be counted: rows projected, and texts put together. */
export type FeedWork = 'row' | 'delta' | 'missing' | 'snapshot';

export interface FeedOptions {
  readonly scope: Scope;
  readonly facts: Facts;
  /** Random; unique for each life of each scope on each server. */
  readonly epoch: string;
  /** Makes the opaque ids of a public scope; random, as secret as an epoch is public. */
  readonly maskKey: string;
  readonly onWork?: (what: FeedWork, times: number) => void;
}

/** What somebody needs who has a position. */
export type Answer =
  | { readonly kind: 'current' }
  | { readonly kind: 'missing'; readonly text: string }
  | { readonly kind: 'snapshot' };

interface SentRow {
  readonly text: string;
  /** The position at which it became so. */
  readonly seq: number;
}

export class ScopeFeed {
  readonly scope: Scope;
  readonly epoch: string;
  readonly #facts: Facts;
  readonly #sight: Sight;
  readonly #projection: Projection;
  readonly #outgoing: (table: SeenTable, id: string) => string;
  readonly #onWork: (what: FeedWork, times: number) => void;
  readonly #tables: readonly SeenTable[];
  readonly #rows = new Map<SeenTable, Map<string, SentRow>>();
  readonly #tombstones = new Tombstones();
  readonly #answers = new Map<number, string>();
  /** Each agent's team as the rows were last judged by it; null where the scope takes all teams. */
  readonly #teamOf: Map<string, string | null> | null;
  #marked = new Map<SeenTable, Set<string>>();
  #rowsText: string | null = null;
  /** The rows of the beginning have position 0. */
  #seq = -1;

  constructor({ scope, facts, epoch, maskKey, onWork }: FeedOptions) {
    this.scope = scope;
    this.epoch = epoch;
    this.#facts = facts;
    this.#sight = createSight(scope);
    this.#projection = createProjection(scope.audience, maskKey);
    this.#outgoing = outgoingId(scope.audience, maskKey);
    this.#onWork = onWork ?? nobodyCounts;
    this.#tables = scope.tables;
    this.#teamOf = scope.teams === null ? null : new Map();
    for (const table of this.#tables) this.#rows.set(table, new Map());
    this.#markAll();
    this.#take(0);
    this.#seq = 0;
  }

  /** How many deltas there have been; each moves it by one. */
  get seq(): number {
    return this.#seq;
  }

  get isMarked(): boolean {
    return this.#marked.size > 0;
  }

  /** Notes what may have changed; nothing is looked at before `flush`. */
  mark(touched: Touched): void {
    for (const table of this.#tables) this.#markIds(table, touched[table]);
    if (this.#teamOf !== null && touched.agents && this.#teamsMoved(touched.agents))
      this.#markAll();
  }

  /** JSON of the delta from the position before to the new one, or null where no row of the scope changed. */
  flush(now: number): string | null {
    this.#tombstones.forget(now);
    if (this.#marked.size === 0) return null;
    const changes = this.#take(now);
    if (changes.put.size === 0 && changes.gone.size === 0) return null;
    this.#onWork('delta', 1);
    return encodeDelta({ epoch: this.epoch, from: this.#seq - 1, to: this.#seq }, changes);
  }

  /** What brings `position` to the present one. Answers to equal positions are one text. */
  since(position: Position): Answer {
    const { epoch, seq } = position;
    if (epoch !== this.epoch || seq > this.#seq || seq < this.#tombstones.completeSince)
      return { kind: 'snapshot' };
    if (seq === this.#seq) return { kind: 'current' };
    const kept = this.#answers.get(seq);
    if (kept !== undefined) return { kind: 'missing', text: kept };
    const text = this.#missingSince(seq);
    if (this.#answers.size < ANSWERS_KEPT) this.#answers.set(seq, text);
    return { kind: 'missing', text };
  }

  /** JSON of all rows at the present position; one text until the next change. */
  get rowsText(): string {
    if (this.#rowsText !== null) return this.#rowsText;
    const put = new Map<SeenTable, Map<string, string>>();
    for (const [table, rows] of this.#rows) put.set(table, textsOf(rows, -1));
    this.#onWork('snapshot', 1);
    return (this.#rowsText = encodeRows(put));
  }

  #markIds(table: SeenTable, ids: Iterable<string> | undefined): void {
    if (ids === undefined) return;
    let mine = this.#marked.get(table);
    for (const id of ids) {
      if (mine === undefined) this.#marked.set(table, (mine = new Set()));
      mine.add(id);
    }
  }

  /** Rows that are out of sight now but were sent before are among those the floor has, or are marked by name already. */
  #markAll(): void {
    for (const table of this.#tables) this.#markIds(table, this.#facts[table].keys());
    if (this.#teamOf === null) return;
    this.#teamOf.clear();
    for (const [id, { team }] of this.#facts.agents) this.#teamOf.set(id, team);
  }

  /** An agent who moves between teams takes contacts, promises and calls for help along. */
  #teamsMoved(agents: ReadonlySet<string>): boolean {
    for (const id of agents) {
      const before = this.#teamOf?.get(id) ?? null;
      if ((this.#facts.agents.get(id)?.team ?? null) !== before) return true;
    }
    return false;
  }

  /** Projects what is marked, keeps what differs, and moves the position where anything does. */
  #take(now: number): TakenChanges {
    const marked = this.#marked;
    this.#marked = new Map();
    const put = new Map<SeenTable, Map<string, string>>();
    const gone = new Map<SeenTable, Set<string>>();
    for (const [table, ids] of marked) {
      const rows = this.#rows.get(table);
      if (rows === undefined) continue;
      this.#onWork('row', ids.size);
      for (const id of ids) {
        const outgoing = this.#outgoing(table, id);
        const text = this.#project(table, id);
        if (text === rows.get(outgoing)?.text) continue;
        if (text === undefined) setIn(gone, table, () => new Set<string>()).add(outgoing);
        else setIn(put, table, () => new Map<string, string>()).set(outgoing, text);
      }
    }
    if (put.size > 0 || gone.size > 0) this.#keep({ put, gone }, now);
    return { put, gone };
  }

  #keep({ put, gone }: TakenChanges, now: number): void {
    this.#seq += 1;
    this.#rowsText = null;
    this.#answers.clear();
    for (const [table, texts] of put)
      for (const [id, text] of texts) {
        this.#rows.get(table)?.set(id, { text, seq: this.#seq });
        this.#tombstones.remove(table, id);
      }
    for (const [table, ids] of gone)
      for (const id of ids) {
        this.#rows.get(table)?.delete(id);
        this.#tombstones.add({ table, id, seq: this.#seq, at: now });
      }
  }

  /** JSON of one row as it may be shown, or nothing where the scope does not see it. */
  #project<T extends SeenTable>(table: T, id: string): string | undefined {
    const fact = this.#facts[table].get(id);
    if (fact === undefined) return undefined;
    // One table's fact meets that table's functions; the compiler cannot follow one key through three records.
    const sees = this.#sight[table] as (fact: FactOf[T], facts: Facts) => boolean;
    if (!sees(fact, this.#facts)) return undefined;
    return JSON.stringify((this.#projection[table] as (fact: FactOf[T]) => unknown)(fact));
  }

  #missingSince(seq: number): string {
    const put = new Map<SeenTable, Map<string, string>>();
    for (const [table, rows] of this.#rows) put.set(table, textsOf(rows, seq));
    this.#onWork('missing', 1);
    return encodeDelta(
      { epoch: this.epoch, from: seq, to: this.#seq },
      { put, gone: this.#tombstones.since(seq) },
    );
  }
}

interface TakenChanges {
  readonly put: ReadonlyMap<SeenTable, ReadonlyMap<string, string>>;
  readonly gone: ReadonlyMap<SeenTable, ReadonlySet<string>>;
}

function textsOf(rows: ReadonlyMap<string, SentRow>, since: number): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [id, { text, seq }] of rows) if (seq > since) texts.set(id, text);
  return texts;
}

function setIn<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

function nobodyCounts(): void {
  // A feed that nobody measures.
}
