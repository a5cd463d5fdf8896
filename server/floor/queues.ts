// Queues: what their profiles say, who waits in them, what their agents do, and their rows.
import TinyQueue from 'tinyqueue';
import type { AgentState, Channel } from '../contract/lists.ts';
import { AGENT_STATES } from '../contract/lists.ts';
import type { Limits, Target } from '../contract/rows.ts';
import type { DataOf } from '../events/schema.ts';
import { averageHandleTimeMs, averageSpeedOfAnswerMs, noCounts, serviceLevel } from './counts.ts';
import type { Counts, Judgement } from './counts.ts';
import { ALL_QUEUES } from './interval.ts';
import { DEFAULT_LIMITS, DEFAULT_SHORT_ABANDON_SECONDS, DEFAULT_TARGET } from './options.ts';
import type { FloorOptions } from './options.ts';
import type { FactTables } from './tables.ts';

/** Names of sources by which one queue is known; the contract knows as many by name. */
const SOURCES_MOST = 64;

/** One place in a line. It is still taken while its visit waits. */
export interface Place {
  readonly contact: string;
  readonly queuedAt: number;
  readonly isWaiting: boolean;
}

export type Tallied = Record<AgentState, number>;

/** What a queue's row is made of, besides its counts. */
export interface QueueSaid {
  readonly id: string;
  name: string;
  channel: Channel;
  teams: readonly string[];
  target: Target;
  /** Those that its profile said. */
  limits: Readonly<Record<string, number>>;
  shortAbandonSeconds: number;
  wrapUpSeconds: number;
  /** Who told of its contacts and agents; sorted. */
  sources: readonly string[];
}

export interface Queue extends QueueSaid {
  /** Of the present day; rebuilt from its cells when the day changes. */
  today: Counts;
  waiting: number;
  /** Still waiting past the target, and enqueued today. */
  late: number;
  line: TinyQueue<Place>;
  readonly agents: Tallied;
}

export class Queues {
  readonly #tables: FactTables;
  readonly #defaults: NonNullable<FloorOptions['defaults']>;
  readonly #queues = new Map<string, Queue>();
  readonly #changed = new Set<Queue>();
  /** All queues together: it has counts, and no row. */
  readonly all: Queue;

  constructor(tables: FactTables, options: FloorOptions) {
    this.#tables = tables;
    this.#defaults = options.defaults ?? {};
    this.all = this.#make(ALL_QUEUES);
  }

  /** The queue of this id, made at its first mention. */
  get(id: string): Queue {
    // `*` is taken.
    const name = id === ALL_QUEUES ? `${ALL_QUEUES}${ALL_QUEUES}` : id;
    let queue = this.#queues.get(name);
    if (!queue) {
      queue = this.#make(name);
      this.#queues.set(name, queue);
      this.#changed.add(queue);
    }
    return queue;
  }

  values(): IterableIterator<Queue> {
    return this.#queues.values();
  }

  judgement(queue: Queue): Judgement {
    return { targetMs: queue.target.seconds * 1_000, shortMs: queue.shortAbandonSeconds * 1_000 };
  }

  tell(id: string, data: DataOf['queue.profile']): Queue {
    const queue = this.get(id);
    queue.name = data.name;
    queue.channel = data.channel ?? queue.channel;
    queue.teams = data.teams ?? queue.teams;
    const { target } = data;
    if (target) queue.target = { ...target, formula: target.formula ?? queue.target.formula };
    queue.shortAbandonSeconds = data.shortAbandonSeconds ?? queue.shortAbandonSeconds;
    queue.wrapUpSeconds = data.wrapUpSeconds ?? queue.wrapUpSeconds;
    if (data.limits) queue.limits = { ...queue.limits, ...data.limits };
    this.#changed.add(queue);
    return queue;
  }

  /** The limits of the site or of a team are others than before, and stand behind those of queues. */
  limitsMoved(): void {
    for (const queue of this.#queues.values()) this.#changed.add(queue);
  }

  /** A name that a snapshot gave; a profile's stays. */
  mention(id: string, name: string | undefined): void {
    const queue = this.get(id);
    if (name === undefined || queue.name !== queue.id) return;
    queue.name = name;
    this.#changed.add(queue);
  }

  /** A source told of a contact or an agent in it. */
  heardFrom(id: string, source: string): void {
    const queue = this.get(id);
    if (queue.sources.includes(source) || queue.sources.length >= SOURCES_MOST) return;
    queue.sources = [...queue.sources, source].sort();
    this.#changed.add(queue);
  }

  /** One agent less or more in `state`. */
  tally(id: string, state: AgentState, by: 1 | -1): void {
    const queue = this.get(id);
    queue.agents[state] += by;
    this.#changed.add(queue);
  }

  lineUp(queue: Queue, place: Place): void {
    queue.line.push(place);
    // Those who left from the middle are swept out before they are the most of it.
    if (queue.line.length > 2 * queue.waiting + 64)
      queue.line = newLine(queue.line.data.filter(({ isWaiting }) => isWaiting));
  }

  changed(queue: Queue): void {
    if (queue !== this.all) this.#changed.add(queue);
  }

  flush(): void {
    if (this.#changed.size === 0) return;
    for (const queue of this.#changed)
      this.#tables.put('queues', rowOf(queue, this.#limitsOf(queue)));
    this.#changed.clear();
  }

  dump(): readonly QueueSaid[] {
    return [...this.#queues.values()].map((queue) => ({
      id: queue.id,
      name: queue.name,
      channel: queue.channel,
      teams: queue.teams,
      target: queue.target,
      limits: queue.limits,
      shortAbandonSeconds: queue.shortAbandonSeconds,
      wrapUpSeconds: queue.wrapUpSeconds,
      sources: queue.sources,
    }));
  }

  /** Counts, lines and tallies come from those who own them. */
  restore(dump: readonly QueueSaid[]): void {
    for (const said of dump) Object.assign(this.get(said.id), said);
  }

  /** What is said of the queue goes before its first team's word, that before the site's, and last comes what the house has. */
  #limitsOf({ limits, teams }: Queue): Limits {
    const { site, teams: teamRows } = this.#tables.facts;
    const ofSite = site.values().next().value?.limits ?? {};
    const ofTeam = teamRows.get(teams[0] ?? '')?.limits ?? {};
    const { waitSeconds, holdSeconds } = {
      ...(this.#defaults.limits ?? DEFAULT_LIMITS),
      ...ofSite,
      ...ofTeam,
    };
    return { waitSeconds, holdSeconds, ...limits };
  }

  #make(id: string): Queue {
    const { target, shortAbandonSeconds, wrapUpSeconds } = this.#defaults;
    return {
      id,
      name: id,
      channel: 'voice',
      teams: [],
      target: target ?? DEFAULT_TARGET,
      limits: {},
      shortAbandonSeconds: shortAbandonSeconds ?? DEFAULT_SHORT_ABANDON_SECONDS,
      wrapUpSeconds: wrapUpSeconds ?? 0,
      sources: [],
      today: noCounts(),
      waiting: 0,
      late: 0,
      line: newLine([]),
      agents: Object.fromEntries(AGENT_STATES.map((state) => [state, 0])) as Tallied,
    };
  }
}

function newLine(places: Place[]): TinyQueue<Place> {
  return new TinyQueue(places, (a, b) => a.queuedAt - b.queuedAt);
}

function rowOf(queue: Queue, limits: Limits) {
  const { today, target } = queue;
  const oldest = oldestOf(queue);
  return {
    id: queue.id,
    name: queue.name,
    channel: queue.channel,
    teams: queue.teams,
    waiting: queue.waiting,
    oldestAt: oldest?.queuedAt ?? null,
    oldest: oldest?.contact ?? null,
    target,
    limits,
    ownLimits: queue.limits,
    shortAbandonSeconds: queue.shortAbandonSeconds,
    wrapUpSeconds: queue.wrapUpSeconds,
    sources: queue.sources,
    today: {
      offered: today.offered,
      answered: today.answered,
      abandoned: today.abandoned,
      shortAbandoned: today.shortAbandoned,
      leftOtherwise: today.leftOtherwise,
      unknown: today.unknown,
      withinTarget: today.withinTarget,
      serviceLevel: serviceLevel(today, target.formula),
      liveServiceLevel: serviceLevel(today, target.formula, queue.late),
      asaMs: whole(averageSpeedOfAnswerMs(today)),
      ahtMs: whole(averageHandleTimeMs(today)),
      holdMs: today.holdMs,
      longestWaitMs: today.longestWaitMs,
    },
    agents: { ...queue.agents },
  };
}

/** The first in line. Those who left are dropped when they come to the front. */
function oldestOf({ line }: Queue): Place | null {
  for (let place = line.peek(); place; place = line.peek()) {
    if (place.isWaiting) return place;
    line.pop();
  }
  return null;
}

function whole(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms);
}
