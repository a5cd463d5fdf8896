// The demo's contact centre: a mail-order house with six queues, five teams of sixty agents, five leads and three supervisors.
import type { Language } from '../../contract/lists.ts';
import { between, exponential, lognormal } from './chance.ts';
import type { Chance, Draw } from './chance.ts';
import { loadAt } from './day-curve.ts';
import { AGENTS, LEADS, SUPERVISORS, aliasOf, idOf } from './roster.ts';
import { WORDS } from './words.ts';
import type { DemoWords, QueueId, TeamId } from './words.ts';
import type { AgentPlan, QueuePlan, TalkHabits, TeamPlan, World } from './world.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Even a lognormal talk ends; a demo that runs for months would show a talk of hours. */
const LONGEST_MS = 25 * MINUTE_MS;

/** Customers an hour at the day's peak, mean handling and patience in seconds. */
const LOADS: Readonly<
  Record<
    QueueId,
    { readonly perHour: number; readonly handling: number; readonly patience: number }
  >
> = {
  orders: { perHour: 162, handling: 170, patience: 210 },
  deliveries: { perHour: 140, handling: 185, patience: 240 },
  returns: { perHour: 100, handling: 200, patience: 240 },
  billing: { perHour: 100, handling: 210, patience: 270 },
  technical: { perHour: 60, handling: 300, patience: 330 },
  chat: { perHour: 60, handling: 230, patience: 180 },
};

/** A team's own queue first; most agents have one or two more. */
const SKILLS: Readonly<Record<TeamId, readonly (readonly QueueId[])[]>> = {
  orders: [['orders'], ['orders', 'chat'], ['orders', 'returns'], ['orders', 'deliveries', 'chat']],
  deliveries: [['deliveries'], ['deliveries', 'orders'], ['deliveries', 'returns']],
  returns: [['returns'], ['returns', 'deliveries'], ['returns', 'orders', 'chat']],
  billing: [['billing'], ['billing', 'returns'], ['billing', 'chat']],
  technical: [['technical'], ['technical', 'chat'], ['technical', 'billing']],
};

/** Who covers whom; deliveries has its own lead and nobody else, which is what the plot needs. */
const COVERED_BY: Readonly<Record<TeamId, readonly TeamId[]>> = {
  orders: ['returns'],
  deliveries: [],
  returns: ['orders'],
  billing: ['technical'],
  technical: ['billing'],
};

const TALK: TalkHabits = {
  hold: 0.2,
  holdFor: mostlyShort,
  transfer: 0.04,
  attended: 0.4,
  assist: 0.02,
  promise: 0.018,
  keyPress: 0.05,
};

export interface Centre {
  readonly world: World;
  readonly words: DemoWords;
  readonly talk: TalkHabits;
}

export function createCentre(options: {
  readonly zone: string;
  readonly language: Language;
}): Centre {
  const words = WORDS[options.language];
  const world: World = {
    queues: (Object.keys(LOADS) as QueueId[]).map((id) => queueOf(id, words, options.zone)),
    teams: (Object.keys(AGENTS) as TeamId[]).map((id) => teamOf(id, words)),
    agents: people(),
    habits: {
      ring: between(2 * SECOND_MS, 7 * SECOND_MS),
      missed: 0.012,
      waves: { width: 0.12, memory: 0.75 },
      seatsAt: (instant) => 0.08 + 0.9 * loadAt(instant, options.zone).share,
      breaks: {
        every: between(70 * MINUTE_MS, 120 * MINUTE_MS),
        kinds: [
          { reason: words.breaks.coffee, weight: 6, lasts: between(6 * MINUTE_MS, 14 * MINUTE_MS) },
          { reason: words.breaks.lunch, weight: 2, lasts: between(25 * MINUTE_MS, 35 * MINUTE_MS) },
          {
            reason: words.breaks.training,
            weight: 1,
            lasts: between(15 * MINUTE_MS, 30 * MINUTE_MS),
          },
        ],
        most: 0.25,
        missedReason: words.missed,
        unreachableEvery: exponential(0.6 * HOUR_MS),
        unreachableFor: between(1.5 * MINUTE_MS, 5 * MINUTE_MS),
      },
    },
  };
  return { world, words, talk: TALK };
}

/** Of holds 90 % are about half a minute, 8.5 % a minute or more, 1.5 % are minutes long: about two an hour need somebody. */
function mostlyShort(chance: Chance): number {
  const kind = chance.unit();
  if (kind < 0.9) return Math.min(lognormal(24 * SECOND_MS, 0.5)(chance), 55 * SECOND_MS);
  if (kind < 0.985) return chance.between(50 * SECOND_MS, 85 * SECOND_MS);
  return chance.between(125 * SECOND_MS, 290 * SECOND_MS);
}

function queueOf(id: QueueId, words: DemoWords, zone: string): QueuePlan {
  const load = LOADS[id];
  const handling = lognormal(load.handling * SECOND_MS, 0.8);
  const wrapUp: Draw = lognormal(24 * SECOND_MS, 0.7);
  return {
    id,
    name: words.queues[id],
    channel: id === 'chat' ? 'chat' : 'voice',
    teams: (Object.keys(SKILLS) as TeamId[]).filter(
      (team) => team === id || (id === 'chat' && SKILLS[team].some((set) => set.includes(id))),
    ),
    rateAt(instant, wave) {
      const { share, until } = loadAt(instant, zone);
      return { perHour: load.perHour * share * wave, until };
    },
    patience: exponential(load.patience * SECOND_MS),
    handling: (chance) => Math.min(handling(chance), LONGEST_MS),
    wrapUp,
    target: id === 'chat' ? { seconds: 40, percent: 80 } : { seconds: 20, percent: 80 },
    // Those of the plot are shorter, so that a newcomer sees it within minutes.
    limits:
      id === 'deliveries'
        ? { waitSeconds: 90, holdSeconds: 90 }
        : { waitSeconds: 120, holdSeconds: 120 },
    overflow: id === 'returns' ? { afterMs: 150 * SECOND_MS, to: 'deliveries' } : null,
  };
}

function teamOf(id: TeamId, words: DemoWords): TeamPlan {
  return {
    id,
    name: words.teams[id],
    leads: [idOf(LEADS[id])],
    coveredBy: COVERED_BY[id],
  };
}

function people(): readonly AgentPlan[] {
  const plans: AgentPlan[] = [];
  const add = (name: string, rest: Pick<AgentPlan, 'team' | 'role' | 'queues'>): void => {
    const extension = String(201 + plans.length);
    plans.push({ id: idOf(name), name, alias: aliasOf(name), extension, ...rest });
  };
  for (const [team, names] of Object.entries(AGENTS) as [TeamId, readonly string[]][]) {
    names.forEach((name, place) => {
      const skills = SKILLS[team];
      const isTrainee = place === names.length - 1;
      // A trainee has the team's own queue only.
      const queues = isTrainee ? skills[0]! : skills[place % skills.length]!;
      add(name, { team, role: isTrainee ? 'trainee' : 'agent', queues });
    });
    add(LEADS[team], { team, role: 'lead', queues: [] });
  }
  for (const [name, team] of SUPERVISORS) add(name, { team, role: 'supervisor', queues: [] });
  return plans;
}
