// Contacts from their first event to their last, one room since each event moves the same few things: visit, hold, agent, row.
import type { Direction } from '../contract/lists.ts';
import type { DataOf } from '../events/schema.ts';
import type { Agenda } from './agenda.ts';
import { isUp } from './agent-state.ts';
import type { Had } from './agent-state.ts';
import type { Agents } from './agents.ts';
import { rawCustomer } from './callbacks.ts';
import type { Callbacks } from './callbacks.ts';
import { asLeft, endOfWait, named, newRow } from './contact-row.ts';
import type { Birth, Word } from './contact-row.ts';
import { Ended } from './ended.ts';
import type { Queues } from './queues.ts';
import type { ContactFact, RawCustomer } from './rows.ts';
import type { Site } from './site.ts';
import type { FactTables } from './tables.ts';
import type { Visit, Visits } from './visits.ts';

/** A contact without any event for so long is over, and nobody knows how. */
const IDLE_MS = 12 * 3_600_000;

/** What is known of an open contact besides its row. */
export interface Life {
  readonly id: string;
  readonly source: string;
  /** No instant of it goes back behind this. */
  lastAt: number;
  /** The visit that waits, or that the talk now belongs to. */
  visit: Visit | null;
  /** It was in a queue once. */
  wasQueued: boolean;
  lastQueuedAt: number | null;
  /** Since when it is with a person; null: it is not. */
  upSince: number | null;
  /** A visit has one wrap-up, also when its contact comes back to the same agent: parked, and nobody fetched it. */
  isWrapped: boolean;
}

export interface ContactsDump {
  readonly lives: readonly Life[];
  readonly ended: readonly (readonly [string, number])[];
}

export class Contacts {
  readonly #tables: FactTables;
  readonly #agenda: Agenda;
  readonly #site: Site;
  readonly #queues: Queues;
  readonly #visits: Visits;
  readonly #agents: Agents;
  readonly #callbacks: Callbacks;
  readonly #lives = new Map<string, Life>();
  readonly #owned = new Map<string, Set<string>>();
  readonly #ended = new Ended();

  constructor(parts: {
    readonly tables: FactTables;
    readonly agenda: Agenda;
    readonly site: Site;
    readonly queues: Queues;
    readonly visits: Visits;
    readonly agents: Agents;
    readonly callbacks: Callbacks;
  }) {
    this.#tables = parts.tables;
    this.#agenda = parts.agenda;
    this.#site = parts.site;
    this.#queues = parts.queues;
    this.#visits = parts.visits;
    this.#agents = parts.agents;
    this.#callbacks = parts.callbacks;
    parts.agenda.keeps('idle', (id) => {
      const life = this.#lives.get(id);
      return life ? life.lastAt + IDLE_MS : null;
    });
  }

  find(id: string): Readonly<Life> | undefined {
    return this.#lives.get(id);
  }

  ownedBy(source: string): ReadonlySet<string> {
    return this.#owned.get(source) ?? new Set();
  }

  /** True where a late or repeated event speaks of a contact that is over. */
  isOver({ id, at }: Word): boolean {
    if (this.#lives.has(id)) return false;
    const endedAt = this.#ended.at(id);
    return endedAt !== undefined && at <= endedAt;
  }

  started(word: Word, data: DataOf['contact.started']): void {
    const known = this.#lives.get(word.id);
    const life = known ?? this.#open(word, data);
    const at = this.#touch(life, word.at);
    const before = this.#row(life);
    this.#patch(before, {
      // Who was called does not become who calls while somebody has it in hand.
      direction: known && before.agent !== null ? before.direction : data.direction,
      callback: data.callback ?? before.callback,
      ...named(before, data.customer),
    });
    const row = this.#row(life);
    if (data.direction === 'outbound' && (!known || before.direction !== 'outbound')) {
      const { address } = row.customer;
      this.#callbacks.began(this.#callOf(row, { at, address, agent: data.agent ?? null }));
    }
    // Whoever dials is busy with it before the other side answers.
    if (data.agent !== undefined && !isUp(row)) this.#ringAt(life, data.agent, at);
  }

  queued(word: Word, data: DataOf['contact.queued']): void {
    const known = this.#lives.get(word.id);
    const life = known ?? this.#open(word, data);
    const row = this.#row(life);
    const queue = this.#queues.get(data.queue).id;
    this.#queues.heardFrom(queue, word.source);
    this.#tagQueued(row, data);
    // Told twice, or told again where it waits already.
    const isSame = life.visit?.queue === queue && life.visit.isWaiting;
    if (isSame || (word.at === life.lastQueuedAt && row.queue === queue)) return;
    if (this.#wasAnsweredBefore(life, word)) {
      this.#countAnswered(life, word, queue);
      return;
    }
    const at = this.#touch(life, word.at);
    this.#leaveLine(life, at);
    this.#closeVisit(life, at, 'handled');
    this.#letGo(life, at);
    life.lastQueuedAt = at;
    life.wasQueued = true;
    life.isWrapped = false;
    life.visit = this.#visits.enter(life.id, queue, at);
    this.#patch(this.#row(life), {
      queue,
      queuedAt: at,
      answeredAt: null,
      state: 'waiting',
      since: at,
      agent: null,
      rungMs: 0,
    });
  }

  dequeued(word: Word): void {
    const life = this.#lives.get(word.id);
    if (!life?.visit?.isWaiting) return;
    const at = this.#touch(life, word.at);
    this.#leaveLine(life, at);
    this.#stopRinging(life, at);
    this.#patch(this.#row(life), { state: 'routing', since: at, agent: null });
  }

  ringing(word: Word, data: DataOf['contact.ringing']): void {
    const life = this.#lives.get(word.id) ?? this.#open(word, {});
    const at = this.#touch(life, word.at);
    this.#mentionQueue(life, data.queue);
    if (data.agent !== undefined) this.#ringAt(life, data.agent, at);
    else if (!isUp(this.#row(life))) this.#setState(life, 'ringing', at);
  }

  unanswered(word: Word, data: DataOf['contact.unanswered']): void {
    const life = this.#lives.get(word.id);
    if (!life) return;
    const at = this.#touch(life, word.at);
    const row = this.#row(life);
    const silent = data.agent === undefined ? row.ringing : [data.agent];
    const ringing = row.ringing.filter((agent) => !silent.includes(agent));
    const isOver = row.state === 'ringing' && ringing.length === 0;
    const rest = life.visit?.isWaiting ? 'waiting' : 'routing';
    const agent = row.state === 'ringing' ? (ringing.at(-1) ?? null) : row.agent;
    const rungMs = row.rungMs + at - row.since;
    this.#patch(row, { ringing, agent, ...(isOver ? { state: rest, since: at, rungMs } : {}) });
    for (const id of silent) {
      if (!row.ringing.includes(id)) continue;
      this.#agents.miss(id);
      this.#free(id, life, at);
    }
  }

  answered(word: Word, data: DataOf['contact.answered']): void {
    const life = this.#lives.get(word.id) ?? this.#open(word, {});
    const at = this.#touch(life, word.at);
    this.#mentionQueue(life, data.queue);
    const row = this.#row(life);
    const agent = data.agent ?? (row.ringing.length === 1 ? (row.ringing[0] ?? null) : null);
    // Said again of the same two.
    if (isUp(row) && (agent === null || agent === row.agent)) return;
    if (life.visit?.isWaiting) this.#visits.answer(life.visit, at, agent);
    this.#connect(life, agent, at);
  }

  held(word: Word, data: DataOf['contact.held']): void {
    const life = this.#lives.get(word.id) ?? this.#open(word, {});
    // The wait in a queue is no hold.
    if (life.visit?.isWaiting) return;
    const at = this.#touch(life, word.at);
    if (!isUp(this.#row(life))) this.#connect(life, data.agent ?? null, at);
    const row = this.#row(life);
    const parked = data.parked ?? row.hold.parked;
    const heldBy = data.agent ?? row.agent ?? row.heldBy;
    if (row.state !== 'held') {
      const { count, totalMs } = row.hold;
      const atLeast = data.atLeast ?? false;
      const hold = { count: count + 1, totalMs, since: at, atLeast, parked: data.parked ?? null };
      this.#patch(row, { state: 'held', since: at, hold, heldBy });
    } else if (parked !== row.hold.parked)
      this.#patch(row, { hold: { ...row.hold, parked }, heldBy });
    if (data.parked !== undefined) this.#leaveAgent(life, at);
    else if (row.agent !== null) this.#agents.review(row.agent, at);
  }

  resumed(word: Word, data: DataOf['contact.resumed']): void {
    const life = this.#lives.get(word.id);
    if (!life || this.#row(life).state !== 'held') return;
    const at = this.#touch(life, word.at);
    this.#connect(life, data.agent ?? this.#row(life).agent, at);
  }

  transferred(word: Word, { to, kind }: DataOf['contact.transferred']): void {
    const life = this.#lives.get(word.id);
    if (!life) return;
    const at = this.#touch(life, word.at);
    // Its new agent has answered already.
    if (to.agent !== undefined && isUp(this.#row(life)) && this.#row(life).agent === to.agent)
      return;
    this.#leaveLine(life, at);
    if (to.agent !== undefined && kind === 'attended') {
      this.#connect(life, to.agent, at);
      return;
    }
    this.#letGo(life, at);
    this.#setState(life, 'routing', at);
    if (to.agent !== undefined) this.#ringAt(life, to.agent, at);
  }

  tagged(word: Word, data: DataOf['contact.tagged']): void {
    const row = this.#tables.facts.contacts.get(word.id);
    if (!row) return;
    const life = this.#lives.get(word.id);
    if (life) this.#touch(life, word.at);
    this.#patch(row, {
      reason: data.reason ?? row.reason,
      incident: data.incident ?? row.incident,
      disposition: data.disposition ?? row.disposition,
    });
  }

  ended(word: Word, data: DataOf['contact.ended']): void {
    const life = this.#lives.get(word.id);
    if (!life) {
      this.#ended.remember(word.id, word.at);
      return;
    }
    const at = this.#touch(life, word.at);
    const { visit } = life;
    if (visit?.isWaiting) this.#visits.end(visit, at, endOfWait(data));
    this.#finish(life, at, data.outcome === 'unknown' ? 'unknown' : 'handled');
  }

  /** A snapshot does not name it any more, or nothing was heard of it for twelve hours. */
  vanish(id: string, at: number): void {
    const life = this.#lives.get(id);
    if (!life) return;
    const over = this.#touch(life, at);
    if (life.visit?.isWaiting) this.#visits.end(life.visit, over, 'unknown');
    this.#finish(life, over, 'unknown');
  }

  /** A visit of before we listened, whose instants its source knows. */
  recall(id: string, { queue, queuedAt, answeredAt }: Recalled): void {
    const life = this.#lives.get(id);
    if (life?.visit !== null || life.wasQueued) return;
    const visit = this.#visits.enter(id, queue, queuedAt);
    const row = this.#row(life);
    this.#visits.answer(visit, answeredAt, row.agent);
    life.visit = visit;
    life.wasQueued = true;
    life.lastQueuedAt = queuedAt;
    if (life.upSince !== null) life.upSince = answeredAt;
    this.#patch(row, { queue: visit.queue, queuedAt, answeredAt });
  }

  dump(): ContactsDump {
    const lives = Array.from(this.#lives.values(), (life) => ({
      ...life,
      visit: life.visit && { ...life.visit },
    }));
    return { lives, ended: this.#ended.dump() };
  }

  /** Rows are in the tables already; gives the visits that wait, which take their places again. */
  restore(dump: ContactsDump): Visit[] {
    const waiting: Visit[] = [];
    for (const life of dump.lives) {
      this.#keep(life);
      if (life.visit?.isWaiting) waiting.push(life.visit);
    }
    for (const [id, at] of dump.ended) this.#ended.remember(id, at);
    return waiting;
  }

  #open(word: Word, birth: Birth): Life {
    const life: Life = {
      id: word.id,
      source: word.source,
      lastAt: word.at,
      visit: null,
      wasQueued: false,
      lastQueuedAt: null,
      upSince: null,
      isWrapped: false,
    };
    this.#keep(life);
    const row = newRow(word, birth);
    const callback = row.callback ?? this.#promiseOf(row.direction, row.customer);
    this.#tables.put('contacts', callback === row.callback ? row : { ...row, callback });
    return life;
  }

  #keep(life: Life): void {
    this.#lives.set(life.id, life);
    const owned = this.#owned.get(life.source);
    if (owned) owned.add(life.id);
    else this.#owned.set(life.source, new Set([life.id]));
    this.#agenda.add('idle', life.id, life.lastAt + IDLE_MS);
  }

  #row(life: Life): ContactFact {
    const row = this.#tables.facts.contacts.get(life.id);
    if (!row) throw new Error(`invariant: the open contact ${life.id} has no row`);
    return row;
  }

  #patch(row: ContactFact, patch: Partial<ContactFact>): void {
    for (const field in patch) {
      const name = field as keyof ContactFact;
      if (row[name] === patch[name]) continue;
      this.#tables.put('contacts', Object.assign({ ...row }, patch));
      return;
    }
  }

  #setState(life: Life, state: ContactFact['state'], at: number): void {
    const row = this.#row(life);
    if (row.state !== state) this.#patch(row, { state, since: at });
  }

  #touch(life: Life, at: number): number {
    life.lastAt = Math.max(life.lastAt, at);
    return life.lastAt;
  }

  #tagQueued(row: ContactFact, data: DataOf['contact.queued']): void {
    this.#patch(row, {
      channel: data.channel ?? row.channel,
      reason: data.reason ?? row.reason,
      priority: data.priority ?? row.priority,
      ...named(row, data.customer),
    });
    if (data.customer?.address === undefined || row.callback !== null) return;
    const { direction } = row;
    const callback = this.#promiseOf(direction, rawCustomer(data.customer));
    const tagged = this.#tables.facts.contacts.get(row.id);
    if (callback !== null && tagged) this.#patch(tagged, { callback });
  }

  #promiseOf(direction: Direction, { address }: RawCustomer): string | null {
    return direction === 'inbound' ? this.#callbacks.openTo(address) : null;
  }

  #mentionQueue(life: Life, queue: string | undefined): void {
    const row = this.#row(life);
    if (queue !== undefined && row.queue === null)
      this.#patch(row, { queue: this.#queues.get(queue).id });
  }

  /** Its entry into the queue is told of after its answer. */
  #wasAnsweredBefore(life: Life, word: Word): boolean {
    const { answeredAt } = this.#row(life);
    return !life.wasQueued && life.upSince !== null && answeredAt !== null && word.at <= answeredAt;
  }

  #countAnswered(life: Life, word: Word, queue: string): void {
    const row = this.#row(life);
    const answeredAt = row.answeredAt ?? word.at;
    life.visit = this.#visits.enter(life.id, queue, word.at);
    this.#visits.answer(life.visit, answeredAt, row.agent);
    life.wasQueued = true;
    life.lastQueuedAt = word.at;
    this.#patch(this.#row(life), { queue: life.visit.queue, queuedAt: word.at });
    if (row.agent !== null) this.#agents.review(row.agent, life.lastAt);
  }

  /** A visit that still waits is over without an answer, and the contact goes on. */
  #leaveLine(life: Life, at: number): void {
    if (!life.visit?.isWaiting) return;
    this.#visits.end(life.visit, at, 'left-otherwise');
    life.visit = null;
  }

  #ringAt(life: Life, agent: string, at: number): void {
    const row = this.#row(life);
    if (isUp(row) && row.agent === agent) return;
    const ringing = row.ringing.includes(agent) ? row.ringing : [...row.ringing, agent];
    if (isUp(row)) this.#patch(row, { ringing });
    else if (row.state === 'ringing') this.#patch(row, { ringing, agent });
    else this.#patch(row, { ringing, agent, state: 'ringing', since: at });
    this.#agents.ring(agent, life.id, at);
  }

  /** Nobody's phone rings for it any more. */
  #stopRinging(life: Life, at: number, except?: string): void {
    const row = this.#row(life);
    if (row.ringing.length === 0) return;
    this.#patch(row, { ringing: [] });
    for (const agent of row.ringing) if (agent !== except) this.#free(agent, life, at);
  }

  /** It is with `agent` (or with somebody unknown) from now on, talking; whoever had it before is free of it. */
  #connect(life: Life, agent: string | null, at: number): void {
    const before = this.#row(life);
    const isFirst = before.answeredAt === null;
    if (isUp(before)) this.#closeHold(life, at);
    if (isUp(before) && before.agent !== agent) this.#leaveAgent(life, at);
    this.#stopRinging(life, at, agent ?? undefined);
    life.upSince ??= at;
    this.#patch(this.#row(life), {
      state: 'talking',
      since: at,
      agent,
      answeredAt: before.answeredAt ?? at,
    });
    if (agent !== null && agent === before.agent && isUp(before)) this.#agents.review(agent, at);
    else if (agent !== null) this.#agents.take(agent, life.id, at);
    if (isFirst) this.#wasServed(life, at);
  }

  #wasServed(life: Life, at: number): void {
    const row = this.#row(life);
    const { address } = row.customer;
    if (row.direction === 'inbound' && address !== null)
      this.#callbacks.began(this.#callOf(row, { at, address, agent: row.agent }));
    this.#callbacks.answered(life.id, at);
  }

  #callOf(
    row: ContactFact,
    of: { readonly at: number; readonly address: string | null; readonly agent: string | null },
  ) {
    const isOutbound = row.direction === 'outbound';
    return {
      contact: row.id,
      isOutbound,
      address: of.address,
      country: this.#site.country,
      callback: isOutbound ? row.callback : null,
      agent: of.agent,
      startedAt: of.at,
      answeredAt: null,
      endedAt: null,
      isVoid: false,
      isJudged: false,
    };
  }

  #closeHold(life: Life, at: number): void {
    const row = this.#row(life);
    const { since, totalMs } = row.hold;
    if (since === null) return;
    const ms = at - since;
    const hold = { ...row.hold, totalMs: totalMs + ms, since: null, atLeast: false, parked: null };
    this.#patch(row, { hold, heldBy: null });
    if (life.visit && life.visit.answeredAt !== null)
      this.#visits.hold(this.#visits.slotOf(life.visit), ms);
  }

  /** It is with nobody any more: holds, talk and rings end here. */
  #letGo(life: Life, at: number): void {
    this.#closeHold(life, at);
    if (life.upSince !== null) {
      if (life.visit) life.visit.talkMs += at - life.upSince;
      life.upSince = null;
    }
    this.#stopRinging(life, at);
    const row = this.#row(life);
    if (isUp(row)) this.#leaveAgent(life, at);
    this.#patch(this.#row(life), { state: 'routing', since: at, agent: null });
  }

  /** The agent who has it is free of it, and wraps up if the queue gives time for that. */
  #leaveAgent(life: Life, at: number): void {
    const row = this.#row(life);
    if (row.agent === null) return;
    this.#patch(row, { agent: null });
    this.#free(row.agent, life, at, row);
  }

  #free(agent: string, life: Life, at: number, had?: ContactFact): void {
    const { visit } = life;
    // Of a contact that was met in the middle only its queue is known; whoever has it then is its agent.
    const isVisitOf = visit === null ? !life.wasQueued : visit.by === agent;
    const isTheirs = had !== undefined && isVisitOf && !life.isWrapped;
    const slot = visit && visit.answeredAt !== null ? this.#visits.slotOf(visit) : null;
    const seconds = isTheirs && had.queue !== null ? this.#queues.get(had.queue).wrapUpSeconds : 0;
    if (isTheirs) life.isWrapped = true;
    const left: Had | null = had ? { contact: asLeft(had), slot } : null;
    this.#agents.release(agent, life.id, { at, had: left, wrapUpMs: seconds * 1_000 });
  }

  #closeVisit(life: Life, at: number, how: 'handled' | 'unknown'): void {
    const { visit } = life;
    if (visit?.answeredAt == null) return;
    this.#closeHold(life, at);
    if (life.upSince !== null) visit.talkMs += at - life.upSince;
    life.upSince = null;
    this.#visits.close(visit, at, how);
  }

  #finish(life: Life, at: number, how: 'handled' | 'unknown'): void {
    this.#closeHold(life, at);
    this.#closeVisit(life, at, how);
    this.#callbacks.ended(life.id, at);
    const row = this.#row(life);
    this.#lives.delete(life.id);
    const owned = this.#owned.get(life.source);
    owned?.delete(life.id);
    if (owned?.size === 0) this.#owned.delete(life.source);
    this.#ended.remember(life.id, at);
    this.#tables.remove('contacts', life.id);
    for (const agent of row.ringing)
      if (agent !== row.agent || isUp(row)) this.#free(agent, life, at);
    if (row.agent === null) return;
    // Where nobody knows when it ended, nobody knows when a wrap-up began.
    if (isUp(row) && how === 'handled') this.#free(row.agent, life, at, row);
    else this.#free(row.agent, life, at);
  }
}

export interface Recalled {
  readonly queue: string;
  readonly queuedAt: number;
  readonly answeredAt: number;
}
