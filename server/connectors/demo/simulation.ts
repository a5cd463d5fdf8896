// A contact centre in virtual time: give it a world and a seed, and ask it for what happens until an instant.
import type { NewEvent } from '../../events/event.ts';
import type { DataIn } from '../../events/schema.ts';
import type { AgentState } from '../../contract/lists.ts';
import { startArrivals } from './arrivals.ts';
import { Calls } from './calls.ts';
import { Desks, wishOf } from './desks.ts';
import { Lines } from './lines.ts';
import { DEMO_SOURCE, Stage } from './stage.ts';
import type { World } from './world.ts';
import type { Call, CustomerPlan, Desk } from './records.ts';

type SnapshotData = DataIn['source.snapshot'];
export type SnapshotAgent = NonNullable<SnapshotData['agents']>[number];
type SnapshotContact = NonNullable<SnapshotData['contacts']>[number];

/** What else lives on the floor beside queues, desks and calls; each part hooks itself in. */
export interface Floor {
  readonly stage: Stage;
  readonly world: World;
  readonly lines: Lines;
  readonly desks: Desks;
  readonly calls: Calls;
}

/** What no snapshot ends. */
export interface Ledger {
  readonly callbacks: readonly OpenPromise[];
  readonly assists: readonly string[];
}

export interface OpenPromise {
  readonly id: string;
  readonly customer: CustomerPlan;
  readonly team: string | null;
  readonly dueAt: number;
}

export interface Life {
  onAnswered(call: Call, desk: Desk): void;
  onWaiting(call: Call): void;
  onMissed(desk: Desk): void;
  onLogin(desk: Desk): void;
  onLogout(desk: Desk): void;
  customer(): CustomerPlan | null;
  /** People who take no contacts, for the snapshot. */
  others(): readonly SnapshotAgent[];
  /** What no snapshot says but the floor should know anew after a gap: where the leads are. */
  restate(): readonly NewEvent[];
  /** Said before a day that is told in short: every lead at their desk since `at`. */
  opening(at: number): readonly NewEvent[];
  /** Who leads, is present and is nearest to a team. */
  nearest(team: string | null): string | null;
  /** Promises and requests for help that are open. */
  ledger(): Ledger;
  start(): void;
}

export interface SimulationOptions {
  readonly world: World;
  readonly seed: string;
  /** The instant at which virtual time begins. */
  readonly startAt: number;
  /** Begins every id; another one for each run. */
  readonly run: string;
  /** Absent: contacts are handled for the drawn time and end, and everybody is at work. */
  readonly life?: (floor: Floor) => Life;
}

export class Simulation {
  readonly #stage: Stage;
  readonly #world: World;
  readonly #calls: Calls;
  readonly #desks: Desks;
  readonly #life: Life;

  constructor({ world, seed, startAt, run, life }: SimulationOptions) {
    const stage = new Stage({ seed, startAt, run });
    const lines = new Lines(world.queues);
    const calls = new Calls({
      stage,
      lines,
      habits: world.habits,
      desks: () => this.#desks,
      watcher: {
        onAnswered: (call, desk) => this.#life.onAnswered(call, desk),
        onWaiting: (call) => this.#life.onWaiting(call),
        onMissed: (desk) => this.#life.onMissed(desk),
      },
    });
    this.#stage = stage;
    this.#world = world;
    this.#calls = calls;
    this.#desks = new Desks({
      stage,
      lines,
      plans: world.agents.filter((plan) => plan.queues.length > 0),
      watcher: {
        onFree: (desk) => calls.serve(desk),
        onLogin: (desk) => this.#life.onLogin(desk),
        onLogout: (desk) => this.#life.onLogout(desk),
      },
    });
    this.#life = (life ?? plainLife)({ stage, world, lines, desks: this.#desks, calls });
    this.#life.start();
    for (const queue of world.queues)
      startArrivals({
        stage,
        calls,
        queue,
        waves: world.habits.waves,
        customer: () => this.#life.customer(),
      });
  }

  /** Virtual time, in milliseconds since 1970. */
  get now(): number {
    return this.#stage.now;
  }

  /** The instant at which something happens next. */
  get nextAt(): number {
    return this.#stage.agenda.nextAt;
  }

  /** Everything that happens up to and including `until`, in order, each with its own instant. */
  advance(until: number): readonly NewEvent[] {
    this.#stage.agenda.runUntil(until);
    return this.#stage.take();
  }

  /** The whole world as it stands now; what it does not name is over. */
  snapshot(): NewEvent {
    return this.#stage.make('source.snapshot', DEMO_SOURCE, {
      at: this.#stage.now,
      agents: [...this.#desks.all.map(agentOf), ...this.#life.others()],
      contacts: [...this.#calls.open.values()].map(contactOf),
    });
  }

  /** What no snapshot says. */
  restate(): readonly NewEvent[] {
    return this.#life.restate();
  }

  opening(at: number): readonly NewEvent[] {
    return this.#life.opening(at);
  }

  /** Who leads, is present and is nearest to a team; null: nobody is present. */
  nearest(team: string | null): string | null {
    return this.#life.nearest(team);
  }

  ledger(): Ledger {
    return this.#life.ledger();
  }

  /** Names, members and targets of everything; first, so that no row is without its name. */
  profiles(): readonly NewEvent[] {
    const { queues, teams, agents } = this.#world;
    return [
      ...teams.map(({ id, name, leads, coveredBy }) =>
        this.#stage.make('team.profile', id, {
          name,
          leads: [...leads],
          coveredBy: [...coveredBy],
        }),
      ),
      ...queues.map(({ id, name, channel, teams, target, limits }) =>
        this.#stage.make('queue.profile', id, { name, channel, teams: [...teams], target, limits }),
      ),
      ...agents.map(({ id, queues, ...plan }) =>
        this.#stage.make('agent.profile', id, { ...plan, queues: [...queues] }),
      ),
    ];
  }
}

/** Nothing but queues and talk: the model of Erlang. */
function plainLife({ stage, desks, calls }: Floor): Life {
  return {
    onAnswered(call) {
      const ms = call.queue?.handling(stage.chance) ?? 0;
      stage.agenda.after(ms, () => calls.end(call, 'customer'));
    },
    onWaiting: () => undefined,
    onMissed: () => undefined,
    onLogin: () => undefined,
    onLogout: () => undefined,
    customer: () => null,
    others: () => [],
    restate: () => [],
    opening: () => [],
    nearest: () => null,
    ledger: () => ({ callbacks: [], assists: [] }),
    start() {
      for (const desk of desks.all) desks.login(desk);
    },
  };
}

function agentOf(desk: Desk): SnapshotAgent {
  const { call } = desk;
  return {
    id: desk.plan.id,
    state: stateOf(desk),
    since: desk.since,
    wish: wishOf(desk),
    reachable: desk.reachable,
    memberOf: [...desk.plan.queues],
    ...(desk.reason === null ? {} : { reason: desk.reason }),
    ...(call === null ? {} : { contact: call.id }),
    ...(call?.queue ? { queue: call.queue.id } : {}),
  };
}

function stateOf(desk: Desk): AgentState {
  switch (desk.state) {
    case 'offline':
    case 'wrapup':
    case 'break':
      return desk.state;
    case 'free':
      return 'available';
    case 'engaged':
      if (!desk.call) return 'busy';
      if (desk.call.state === 'ringing') return 'ringing';
      return desk.call.state === 'held' ? 'holding' : 'talking';
    default:
      return desk.state satisfies never;
  }
}

function contactOf(call: Call): SnapshotContact {
  if (call.state === 'over') throw new Error('invariant: a contact that is over is still open');
  return {
    id: call.id,
    state: call.state,
    direction: call.direction,
    ...(call.queue ? { channel: call.queue.channel, queue: call.queue.id } : {}),
    ...(call.direction === 'inbound' ? { queuedAt: call.queuedAt } : {}),
    ...(call.answeredAt === null ? {} : { answeredAt: call.answeredAt }),
    ...(call.desk ? { agent: call.desk.plan.id } : {}),
    ...(call.customer ? { customer: call.customer } : {}),
    ...(call.heldAt === null ? {} : { held: { since: call.heldAt } }),
  };
}
