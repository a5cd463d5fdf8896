// A working day of two hundred agents, told at many times its pace: the demo's house three times over, its events moved onto the clock of the wall.
import { createCentre } from '../../server/connectors/demo/centre.ts';
import { createLife } from '../../server/connectors/demo/life.ts';
import { Simulation } from '../../server/connectors/demo/simulation.ts';
import type { AgentPlan, QueuePlan, World } from '../../server/connectors/demo/world.ts';
import { moved } from '../../server/connectors/replay/moved.ts';
import type { NewEvent, PharosEvent } from '../../server/events/event.ts';

/** The day is an ordinary one, in no particular zone. */
const ZONE = 'UTC';
const OPENS_AT = Date.parse('2026-03-10T08:00:00Z');
/** Before the doors open the floor runs so long unheard, so that it begins in its stride. */
const WARM_UP_MS = 45 * 60_000;
/** Pharos takes a call for connected after ten seconds of talk, which no speed shortens. */
const CONNECTED_MS = 11_000;

/** The third house has three of the six queues, and eighty agents for them. */
const THIRD_QUEUES: readonly string[] = ['orders', 'deliveries', 'returns'];
const THIRD_LOAD = 2;
const THIRD_MORE = 20;

export interface LongDayOptions {
  readonly seed: string;
  /** The instant at which the doors open, on the site's clock. */
  readonly opensAt: number;
  /** Milliseconds of the floor in one of the site's clock. */
  readonly speed: number;
  /** Begins every id. */
  readonly run: string;
}

export interface LongDay {
  readonly size: { readonly agents: number; readonly people: number; readonly queues: number };
  /** Names, members and targets. */
  profiles(): readonly NewEvent[];
  /** The whole floor as the doors open. */
  opening(): readonly NewEvent[];
  /** What happens until an instant of the site's clock, in order. */
  until(at: number): readonly NewEvent[];
}

export function createLongDay({ seed, opensAt, speed, run }: LongDayOptions): LongDay {
  const { world: house, words, talk } = createCentre({ zone: ZONE, language: 'en' });
  const world = threefold(house, speed);
  const simulation = new Simulation({
    world,
    seed,
    startAt: OPENS_AT - WARM_UP_MS,
    run: 'day',
    life: (floor) =>
      createLife(floor, {
        words,
        talk,
        liveAt: OPENS_AT,
        inherited: { callbacks: [], assists: [] },
      }),
  });
  simulation.advance(OPENS_AT);
  const move = { instant: (at: number) => opensAt + (at - OPENS_AT) / speed, run, speed };
  // The simulation gives every event its source, id and instant.
  const told = (events: readonly NewEvent[]): NewEvent[] =>
    events.map((event) => moved(event as PharosEvent, move));
  const keptLonger = keepCallsConnected();
  const takers = world.agents.filter(({ queues }) => queues.length > 0);
  return {
    size: { agents: takers.length, people: world.agents.length, queues: world.queues.length },
    profiles: () => told(simulation.profiles()),
    opening: () => told([simulation.snapshot(), ...simulation.restate()]),
    until: (at) => keptLonger(told(simulation.advance(OPENS_AT + (at - opensAt) * speed)), at),
  };
}

/** A call that keeps a promise ends no sooner than a call that connected can; all else passes as it is. */
function keepCallsConnected(): (events: readonly NewEvent[], now: number) => readonly NewEvent[] {
  const answeredAt = new Map<string, number>();
  let kept: NewEvent[] = [];
  return (events, now) => {
    const given: NewEvent[] = [];
    for (const event of events) {
      const { type, subject, at = now } = event;
      if (type === 'contact.started' && event.data.callback !== undefined)
        answeredAt.set(subject, Infinity);
      if (type === 'contact.answered' && answeredAt.has(subject)) answeredAt.set(subject, at);
      const answered = answeredAt.get(subject) ?? Infinity;
      if (type === 'contact.ended') answeredAt.delete(subject);
      if (type === 'contact.ended' && answered + CONNECTED_MS > at && answered !== Infinity)
        kept.push({ ...event, at: answered + CONNECTED_MS });
      else given.push(event);
    }
    const due = kept.filter(({ at = now }) => at <= now);
    kept = kept.filter(({ at = now }) => at > now);
    return [...given, ...due];
  };
}

/** Limits in seconds are shortened as the day is, since the wall counts by its own clock. */
function threefold(house: World, speed: number): World {
  const shortened = (seconds: number): number => Math.max(1, Math.round(seconds / speed));
  const takers = house.agents.filter(({ queues }) => queues.length > 0);
  const houses: readonly World[] = [
    house,
    numbered(house, 2),
    thinned(numbered(house, 3), takers.slice(0, THIRD_MORE)),
  ];
  return {
    habits: house.habits,
    teams: houses.flatMap(({ teams }) => teams),
    agents: houses.flatMap(({ agents }) => agents),
    queues: houses
      .flatMap(({ queues }) => queues)
      .map((queue) => ({
        ...queue,
        target: { ...queue.target, seconds: shortened(queue.target.seconds) },
        limits: {
          waitSeconds: shortened(queue.limits.waitSeconds),
          holdSeconds: shortened(queue.limits.holdSeconds),
        },
      })),
  };
}

function numbered(house: World, number: number): World {
  const id = (given: string): string => `${given}-${number}`;
  const name = (given: string): string => `${given} ${number}`;
  return {
    habits: house.habits,
    teams: house.teams.map((team) => ({
      id: id(team.id),
      name: name(team.name),
      leads: team.leads.map(id),
      coveredBy: team.coveredBy.map(id),
    })),
    agents: house.agents.map((agent) => ({
      ...agent,
      id: id(agent.id),
      name: name(agent.name),
      alias: name(agent.alias),
      extension: `${number}${agent.extension}`,
      team: id(agent.team),
      queues: agent.queues.map(id),
    })),
    queues: house.queues.map((queue) => ({
      ...queue,
      id: id(queue.id),
      name: name(queue.name),
      teams: queue.teams.map(id),
      overflow: queue.overflow && { ...queue.overflow, to: id(queue.overflow.to) },
    })),
  };
}

function thinned(house: World, more: readonly AgentPlan[]): World {
  const isKept = ({ id }: Pick<QueuePlan, 'id'>): boolean =>
    THIRD_QUEUES.some((queue) => id === `${queue}-3`);
  const queues = house.queues.filter(isKept).map((queue) => ({
    ...queue,
    rateAt(instant: number, wave: number) {
      const { perHour, until } = queue.rateAt(instant, wave);
      return { perHour: perHour * THIRD_LOAD, until };
    },
  }));
  const ids = queues.map(({ id }) => id);
  const [first = ''] = ids;
  const skilled = (agent: AgentPlan): AgentPlan => {
    if (agent.queues.length === 0) return agent;
    const known = agent.queues.filter((queue) => ids.includes(queue));
    return { ...agent, queues: known.length > 0 ? known : [first] };
  };
  const newcomers = more.map((agent) => ({
    ...agent,
    id: `${agent.id}-4`,
    name: `${agent.name} 4`,
    alias: `${agent.alias} 4`,
    extension: `4${agent.extension}`,
    team: `${agent.team}-3`,
    queues: agent.queues.map((queue) => `${queue}-3`),
  }));
  return { ...house, queues, agents: [...house.agents, ...newcomers].map(skilled) };
}
