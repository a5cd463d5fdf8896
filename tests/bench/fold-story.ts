// A story for the benches of folding: the demo's own simulation on a floor of any size, its hours pressed or stretched to a rate.
import { createCentre } from '../../server/connectors/demo/centre.ts';
import { createLife } from '../../server/connectors/demo/life.ts';
import { Simulation } from '../../server/connectors/demo/simulation.ts';
import type { AgentPlan, QueuePlan, World } from '../../server/connectors/demo/world.ts';
import type { NewEvent } from '../../server/events/event.ts';

export interface StoryOptions {
  /** About so many; the demo's sixty are copied as often as it takes. */
  readonly agents: number;
  /** About so many, and no more than the copies have. */
  readonly queues: number;
  readonly events: number;
  /** Events a second, on average. */
  readonly perSecond: number;
  /** The instant of the last event. */
  readonly endsAt: number;
  readonly seed: string;
}

export interface Story {
  /** Names of everything, and the floor in its stride. */
  readonly opening: readonly NewEvent[];
  /** In order, each with an id and an instant. */
  readonly events: readonly NewEvent[];
  readonly agents: number;
  readonly queues: number;
}

/** A weekday's rush hour in the simulation's own time; the floor runs so long before the story begins. */
const RUSH_HOUR = Date.UTC(2026, 8, 16, 10);
const WARM_UP_MS = 45 * 60_000;
const STEP_MS = 10_000;
/** What of an event's data is an instant. */
const INSTANTS = new Set(['at', 'since', 'until', 'dueAt', 'queuedAt', 'answeredAt']);

export function tellStory(options: StoryOptions): Story {
  const { words, talk, world } = createCentre({ zone: 'Etc/UTC', language: 'en' });
  const large = copied(world, options);
  const simulation = new Simulation({
    world: large,
    seed: options.seed,
    startAt: RUSH_HOUR - WARM_UP_MS,
    run: 'bench',
    life: (floor) =>
      createLife(floor, {
        words,
        talk,
        liveAt: RUSH_HOUR,
        inherited: { callbacks: [], assists: [] },
      }),
  });
  simulation.advance(RUSH_HOUR);
  const { data, ...snapshot } = simulation.snapshot() as NewEvent<'source.snapshot'>;
  // Of ten thousand agents one snapshot would be more than an event may be.
  const { agents = [], contacts = [] } = data;
  const opening = [
    ...simulation.profiles(),
    { ...snapshot, data: { agents } },
    { ...snapshot, id: 'contacts', data: { contacts } },
    ...simulation.restate(),
  ];
  const happened: NewEvent[] = [];
  for (let until = RUSH_HOUR; happened.length < options.events; until += STEP_MS)
    happened.push(...simulation.advance(until));
  const events = happened.slice(0, options.events);
  const lasts = (events.at(-1)?.at ?? RUSH_HOUR) - RUSH_HOUR;
  const pace = ((events.length / options.perSecond) * 1_000) / lasts;
  const moved = (at: number): number =>
    Math.round(options.endsAt + (at - RUSH_HOUR - lasts) * pace);
  return {
    opening: opening.map((event) => atPace(event, moved)),
    events: events.map((event) => atPace(event, moved)),
    agents: large.agents.filter(({ queues }) => queues.length > 0).length,
    queues: large.queues.length,
  };
}

/** The first copy keeps its names, since the demo's plot knows them. */
function copied(world: World, { agents, queues }: StoryOptions): World {
  const seats = world.agents.filter((plan) => plan.queues.length > 0).length;
  const copies = Math.max(1, Math.round(agents / seats));
  const lines = Math.min(copies, Math.max(1, Math.round(queues / world.queues.length)));
  const of = (id: string, copy: number): string => (copy === 0 ? id : `${id}-${copy}`);
  const all = <T>(times: number, make: (copy: number) => readonly T[]): readonly T[] =>
    Array.from({ length: times }, (_, copy) => make(copy)).flat();
  return {
    habits: world.habits,
    queues: all(lines, (copy) =>
      world.queues.map((plan): QueuePlan => {
        const teams = all(copies, (each) =>
          each % lines === copy ? plan.teams.map((id) => of(id, each)) : [],
        );
        const busier = teams.length / plan.teams.length;
        return {
          ...plan,
          id: of(plan.id, copy),
          name: of(plan.name, copy),
          teams,
          rateAt: (instant, wave) => plan.rateAt(instant, wave * busier),
          overflow: plan.overflow && { ...plan.overflow, to: of(plan.overflow.to, copy) },
        };
      }),
    ),
    teams: all(copies, (copy) =>
      world.teams.map((plan) => ({
        id: of(plan.id, copy),
        name: of(plan.name, copy),
        leads: plan.leads.map((id) => of(id, copy)),
        coveredBy: plan.coveredBy.map((id) => of(id, copy)),
      })),
    ),
    agents: all(copies, (copy) =>
      world.agents.map((plan): AgentPlan => ({
        ...plan,
        id: of(plan.id, copy),
        name: of(plan.name, copy),
        team: of(plan.team, copy),
        queues: plan.queues.map((id) => of(id, copy % lines)),
      })),
    ),
  };
}

function atPace(event: NewEvent, moved: (at: number) => number): NewEvent {
  const data = Object.fromEntries(
    Object.entries(event.data).map(([name, value]) => [name, instantsMoved(name, value, moved)]),
  );
  return { ...event, data, at: moved(event.at ?? RUSH_HOUR) } as NewEvent;
}

function instantsMoved(name: string, value: unknown, moved: (at: number) => number): unknown {
  if (typeof value === 'number') return INSTANTS.has(name) ? moved(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => instantsMoved('', one, moved));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, instantsMoved(key, inner, moved)]),
  );
}
