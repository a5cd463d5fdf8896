// What is true now: the floor folds events one by one. One room since it is the table of which event moves which part.
import type { Formula } from '../contract/lists.ts';
import type { PharosEvent } from '../events/event.ts';
import { Agenda } from './agenda.ts';
import type { Due } from './agenda.ts';
import { Agents } from './agents.ts';
import { Assists } from './assists.ts';
import { Callbacks } from './callbacks.ts';
import { Contacts } from './contacts.ts';
import { Episodes } from './episodes.ts';
import { DUMPED_TABLES, FLOOR_DUMP_VERSION } from './dump.ts';
import type { FloorDump } from './dump.ts';
import { addCounts, noCounts, serviceLevel } from './counts.ts';
import { ALL_QUEUES, QUARTER_MS } from './interval.ts';
import type { Interval } from './interval.ts';
import { Intervals } from './intervals.ts';
import type { Cell } from './intervals.ts';
import type { FloorOptions } from './options.ts';
import { Queues } from './queues.ts';
import type { AlertFact, FactOf, Facts, FactTable, Touched } from './rows.ts';
import { Site } from './site.ts';
import type { SiteDay } from './site-day.ts';
import { reconcile } from './snapshot.ts';
import { Sources } from './sources.ts';
import { FactTables } from './tables.ts';
import { Teams } from './teams.ts';
import { Visits } from './visits.ts';

export type { FloorDump } from './dump.ts';
export type { FloorOptions } from './options.ts';
export type { Interval } from './interval.ts';

/** Quarters stay in memory for so many days before the present one, since late events still change them. */
const KEPT_DAYS = 2;

/** The present quarter of an hour of a queue and the one before. */
export interface Lately {
  readonly offered: number;
  /** The live service level, a fraction of 1; null where it has no denominator. */
  readonly level: number | null;
}

/**
 * Pure: no clock, no IO. Per entry of the log call `expire(instant of the entry)`, then `apply(event)`; or, for many at once,
 * `pass` and `fold`, and `take` at the end. To expire more often, at any instants in between, changes nothing in the
 * outcome, so a replay equals living through it.
 */
export class Floor {
  readonly #tables = new FactTables();
  readonly #agenda = new Agenda();
  readonly #site: Site;
  readonly #queues: Queues;
  readonly #intervals: Intervals;
  readonly #visits: Visits;
  readonly #teams: Teams;
  readonly #agents: Agents;
  readonly #callbacks: Callbacks;
  readonly #contacts: Contacts;
  readonly #assists: Assists;
  readonly #episodes: Episodes;
  readonly #sources: Sources;
  /** Read-only; rows are immutable and replaced, so identity tells change. */
  readonly facts: Facts;

  constructor(options: FloorOptions) {
    const tables = this.#tables;
    const agenda = this.#agenda;
    this.facts = tables.facts;
    this.#site = new Site(tables, agenda, options);
    this.#queues = new Queues(tables, options);
    const formulaOf = (queue: string) => this.formulaOf(queue);
    this.#intervals = new Intervals(tables, this.#site, formulaOf);
    this.#visits = new Visits({
      site: this.#site,
      queues: this.#queues,
      intervals: this.#intervals,
      agenda,
      keptDays: options.keptDays ?? KEPT_DAYS,
    });
    this.#teams = new Teams(tables, agenda, this.#site);
    const [site, queues, teams, visits] = [this.#site, this.#queues, this.#teams, this.#visits];
    this.#agents = new Agents({ tables, agenda, queues, teams, visits });
    this.#callbacks = new Callbacks(tables, agenda, site);
    const [agents, callbacks] = [this.#agents, this.#callbacks];
    this.#contacts = new Contacts({ tables, agenda, site, queues, visits, agents, callbacks });
    this.#assists = new Assists(tables);
    this.#episodes = new Episodes(tables, site);
    this.#sources = new Sources(tables, agenda);
    this.#teams.flush(options.now);
    this.take();
  }

  /** A floor that goes on where `dump` stopped. Throws where the dump is of another version. */
  static restore(dump: FloorDump, options: FloorOptions): Floor {
    if (dump.version !== FLOOR_DUMP_VERSION)
      throw new Error(
        `A floor of version ${FLOOR_DUMP_VERSION} was expected in the snapshot, version ${dump.version} was given.`,
      );
    const floor = new Floor({ ...options, now: dump.site.now });
    floor.#restore(structuredClone(dump));
    return floor;
  }

  /** What the event changed; the shared `NOTHING` where nothing. */
  apply(event: PharosEvent): Touched {
    this.fold(event);
    return this.take();
  }

  /** What time alone changes, up to and including `now` (milliseconds). */
  expire(now: number): Touched {
    this.pass(now);
    return this.take();
  }

  /** As `apply`; the next `take` tells what it changed, and only then do rows of counts say it. */
  fold(event: PharosEvent): void {
    if (!isOurOwn(event)) this.#sources.heard(speakerOf(event), event.at);
    this.#fold(event);
    this.#teams.flush(event.at);
  }

  /** As `expire`; the next `take` tells what it changed. */
  pass(now: number): void {
    for (let due = this.#agenda.take(now); due; due = this.#agenda.take(now)) {
      this.#site.now = Math.max(this.#site.now, due.at);
      this.#keep(due);
      this.#teams.flush(due.at);
    }
    this.#site.now = Math.max(this.#site.now, now);
  }

  /** What has changed since the last time; the shared `NOTHING` where nothing has. */
  take(): Touched {
    // Rows of counts are built once for all that moved them.
    // The site's limits stand behind those of queues.
    this.#site.flush();
    this.#queues.flush();
    this.#intervals.flush();
    this.#episodes.flush();
    this.#agenda.tidy();
    return this.#tables.take();
  }

  /** The earliest instant at which `expire` would change something. */
  nextAt(): number | null {
    return this.#agenda.next()?.at ?? null;
  }

  /** An entry of `source` was refused at the door; the next `take` tells. */
  noteRefused(source: string): void {
    this.#sources.entryRefused(source);
  }

  /** A clock of `source` is ahead by so many milliseconds; the next `take` tells. */
  noteSkew(source: string, skewMs: number): void {
    this.#sources.skewed(source, skewMs);
  }

  /** Intervals that ended by `now` and changed since they were last taken, each whole. */
  takeClosedIntervals(now: number): readonly Interval[] {
    return this.#intervals.takeClosed(now).map((cell) => this.#intervalOf(cell));
  }

  /** Intervals in memory that begin in [from, to), by queue and time; of one queue, or of all and `*`. */
  intervals(from: number, to: number, queue?: string): readonly Interval[] {
    return [...this.#intervals.between(from, to, queue)].map((cell) => this.#intervalOf(cell));
  }

  /** The formula of a queue, or of all queues together (`*`), for whoever sums intervals. */
  formulaOf(queue: string): Formula {
    const { target } = queue === ALL_QUEUES ? this.#queues.all : this.#queues.get(queue);
    return target.formula;
  }

  /** Of the visits to a queue that were enqueued in the present quarter of `now` and in the one before: how many are counted, and the live level. */
  lately(queue: string, now: number): Lately {
    const present = now - (now % QUARTER_MS);
    const counts = noCounts();
    let late = 0;
    for (const start of [present - QUARTER_MS, present]) {
      const cell = this.#intervals.find(queue, start);
      if (cell) addCounts(counts, cell.counts);
      late += this.#visits.lateIn(queue, start);
    }
    const level = serviceLevel(counts, this.formulaOf(queue), late);
    return { offered: counts.offered, level };
  }

  /** The episodes of a key that are kept, oldest first; all but the last have ended. */
  episodesOf(key: string): readonly AlertFact[] {
    return this.#episodes.ofKey(key);
  }

  /** The day whose stored intervals stand behind today's: the same weekday, a week ago. */
  get weekAgo(): SiteDay {
    return this.#site.weekAgo;
  }

  /** Hands in stored intervals of `weekAgo`; others are left out. To be done at start and when the day changes. */
  loadIntervals(intervals: readonly Interval[]): Touched {
    this.#intervals.load(intervals);
    return this.take();
  }

  /** Plain data, whole, and nothing that a later event would change. */
  dump(): FloorDump {
    const { agents, teams, contacts, callbacks, assists, alerts, sources, boards } = this.facts;
    return {
      version: FLOOR_DUMP_VERSION,
      rows: {
        agents: [...agents.values()],
        teams: [...teams.values()],
        contacts: [...contacts.values()],
        callbacks: [...callbacks.values()],
        assists: [...assists.values()],
        alerts: [...alerts.values()],
        sources: [...sources.values()],
        boards: [...boards.values()],
      },
      site: this.#site.dump(),
      queues: this.#queues.dump(),
      intervals: this.#intervals.dump(),
      visits: this.#visits.dump(),
      teams: this.#teams.dump(),
      agents: this.#agents.dump(),
      contacts: this.#contacts.dump(),
      callbacks: this.#callbacks.dump(),
      sources: this.#sources.dump(),
    };
  }

  #restore(dump: FloorDump): void {
    for (const table of DUMPED_TABLES) this.#putAll(table, dump.rows[table]);
    this.#site.restore(dump.site);
    this.#queues.restore(dump.queues);
    this.#intervals.restore(dump.intervals);
    this.#teams.restore(dump.teams);
    this.#agents.restore(dump.agents);
    this.#visits.restore(dump.visits, this.#contacts.restore(dump.contacts));
    this.#callbacks.restore(dump.callbacks);
    this.#sources.restore(dump.sources);
    this.#episodes.restore();
    // The settings may have moved the day since.
    if (this.#site.turnTo(dump.site.now)) this.#turn(dump.site.now);
    this.#teams.flush(dump.site.now);
    this.take();
  }

  #putAll<T extends FactTable>(table: T, rows: readonly FactOf[T][]): void {
    for (const row of rows) this.#tables.put(table, row);
  }

  /** Two may have changed one board; the one whom the journal has first has it. */
  #isOver(board: string, over: string | null | undefined): boolean {
    return over === undefined || over === (this.facts.boards.get(board)?.revision ?? null);
  }

  #turn(at: number): void {
    this.#visits.turn();
    this.#agents.turn(at);
    this.#callbacks.turn(at);
    this.#episodes.turn(at);
  }

  #keep({ kind, id, at }: Due): void {
    switch (kind) {
      case 'day':
        if (this.#site.turnTo(at)) this.#turn(at);
        return;
      case 'presence':
        this.#agents.presenceRanOut(id, at);
        return;
      case 'cover':
        this.#teams.coverRanOut(id, at);
        return;
      case 'hours':
        this.#teams.hoursTurned(id, at);
        return;
      case 'wrapUp':
        this.#agents.wrapUpRanOut(id, at);
        return;
      case 'connected':
        this.#callbacks.connected(id, at);
        return;
      case 'due':
        this.#callbacks.fellDue(id);
        return;
      case 'late':
        this.#visits.growLate(id);
        return;
      case 'idle':
        this.#contacts.vanish(id, at);
        return;
      case 'silence':
        this.#sources.fellSilent(id);
        return;
      case 'fault':
        this.#sources.grewWell(id);
        return;
      default:
        kind satisfies never;
    }
  }

  #fold(event: PharosEvent): void {
    const { subject: id, at, source } = event;
    if (event.type.startsWith('contact.')) {
      const isLate = this.#contacts.isOver({ id, source, at });
      if (isLate && event.type !== 'contact.tagged') return;
    }
    switch (event.type) {
      case 'site.profile':
        this.#tellSite(event);
        return;
      case 'team.profile':
        for (const lead of event.data.leads ?? []) this.#agents.mention(lead, at);
        for (const team of event.data.coveredBy ?? []) this.#teams.mention(team);
        this.#teams.tell(id, event.data, at);
        if (event.data.limits) this.#queues.limitsMoved();
        return;
      case 'queue.profile':
        this.#tellQueue(event);
        return;
      case 'agent.profile':
        this.#agents.tell(id, event.data, at);
        return;
      case 'agent.state':
        this.#agents.say(id, event.data, { source, at });
        return;
      case 'supervisor.presence':
        this.#agents.sayPresence(id, event.data, at);
        return;
      case 'cover.taken':
        this.#agents.mention(event.data.by, at);
        this.#teams.take(id, event.data, at);
        return;
      case 'cover.ended':
        this.#teams.end(id, event.data, at);
        return;
      case 'contact.started':
        this.#contacts.started({ id, source, at }, event.data);
        return;
      case 'contact.queued':
        this.#contacts.queued({ id, source, at }, event.data);
        return;
      case 'contact.dequeued':
        this.#contacts.dequeued({ id, source, at });
        return;
      case 'contact.ringing':
        this.#contacts.ringing({ id, source, at }, event.data);
        return;
      case 'contact.unanswered':
        this.#contacts.unanswered({ id, source, at }, event.data);
        return;
      case 'contact.answered':
        this.#contacts.answered({ id, source, at }, event.data);
        return;
      case 'contact.held':
        this.#contacts.held({ id, source, at }, event.data);
        return;
      case 'contact.resumed':
        this.#contacts.resumed({ id, source, at }, event.data);
        return;
      case 'contact.transferred':
        this.#contacts.transferred({ id, source, at }, event.data);
        return;
      case 'contact.tagged':
        this.#contacts.tagged({ id, source, at }, event.data);
        return;
      case 'contact.ended':
        this.#contacts.ended({ id, source, at }, event.data);
        return;
      case 'callback.promised':
        this.#callbacks.promise(id, event.data, at);
        return;
      case 'callback.claimed':
        this.#callbacks.claim(id, event.data, at);
        return;
      case 'callback.released':
        this.#callbacks.release(id, event.data, at);
        return;
      case 'callback.attempted':
        this.#callbacks.attempt(id, event.data, at);
        return;
      case 'callback.completed':
        this.#callbacks.complete(id, event.data, at);
        return;
      case 'callback.cancelled':
        this.#callbacks.cancel(id, event.data, at);
        return;
      case 'assist.requested':
        this.#agents.mention(event.data.agent, at);
        this.#assists.request(id, event.data, at);
        return;
      case 'assist.claimed':
        this.#agents.mention(event.data.by, at);
        if (this.#assists.claim(id, event.data, at)) this.#agents.claimed(event.data.by, at);
        return;
      case 'assist.closed':
        this.#assists.close(id, event.data.by);
        return;
      case 'board.saved': {
        const { over, ...board } = event.data;
        if (this.#isOver(id, over))
          this.#tables.put('boards', { id, ...board, revision: event.id });
        return;
      }
      case 'board.removed':
        if (this.#isOver(id, event.data.over)) this.#tables.remove('boards', id);
        return;
      case 'alert.moved':
        this.#episodes.moved(event.data);
        return;
      case 'alert.told':
        this.#episodes.told(id, event.data);
        return;
      case 'access.changed':
        // Of doors, not of the floor.
        return;
      case 'source.snapshot':
        this.#reconcile(event);
        return;
      case 'source.heartbeat':
        this.#sources.beat(speakerOf(event), at, event.data.everySeconds);
        return;
      case 'source.faulted':
        this.#sources.faulted(id, event.data.fault, at);
        return;
      case 'source.refused':
        this.#sources.refused(id, event.data.count, at);
        return;
      default:
        event satisfies never;
    }
  }

  #tellSite({ data, at }: PharosEvent<'site.profile'>): void {
    this.#site.tell(data);
    if (data.limits) this.#queues.limitsMoved();
    const now = Math.max(this.#site.now, at);
    if (this.#site.turnTo(now)) this.#turn(now);
    if (data.zone !== undefined) this.#teams.moveZone(now);
    if (data.zone !== undefined || data.dayStarts !== undefined) this.#intervals.relabel();
  }

  #tellQueue({ subject, data }: PharosEvent<'queue.profile'>): void {
    const { target, shortAbandonSeconds } = this.#queues.get(subject);
    const queue = this.#queues.tell(subject, data);
    const isJudgedAnew =
      queue.target.seconds !== target.seconds ||
      queue.target.formula !== target.formula ||
      queue.shortAbandonSeconds !== shortAbandonSeconds;
    if (isJudgedAnew) this.#visits.judgeAgain(queue);
    for (const team of queue.teams) this.#teams.mention(team);
  }

  #reconcile({ data, source, at }: PharosEvent<'source.snapshot'>): void {
    const { facts } = this;
    this.#sources.toldAnew(source, at);
    const [queues, agents, contacts] = [this.#queues, this.#agents, this.#contacts];
    reconcile({ facts, queues, agents, contacts }, data, { source, at });
  }

  #intervalOf(cell: Cell): Interval {
    return {
      queue: cell.queue,
      start: cell.start,
      day: cell.day,
      ...cell.counts,
      waitingAtStart: cell.waitingAtStart,
      oldestWaitAtStartMs: cell.oldestWaitAtStartMs,
      talkingAtStart: cell.talkingAtStart,
      peakWaiting: this.#visits.peakOf(cell),
    };
  }
}

/** Pharos' own word about a source is not a word of that source, nor of one that is called Pharos. */
function isOurOwn({ type }: PharosEvent): boolean {
  return (
    type === 'source.faulted' ||
    type === 'source.refused' ||
    type === 'access.changed' ||
    type.startsWith('alert.')
  );
}

/** A source that only its subject names is that one. */
function speakerOf(event: PharosEvent): string {
  const isOfItself = event.type === 'source.heartbeat' || event.type === 'source.snapshot';
  return isOfItself && event.source === 'unknown' ? event.subject : event.source;
}
