// Everything that people do on the demo's floor beside waiting and talking, in one piece for the simulation.
import { converse, wait } from './conversation.ts';
import type { Conversations } from './conversation.ts';
import { Leads } from './leads.ts';
import { Promises } from './promises.ts';
import { customerBy } from './roster.ts';
import { Shifts } from './shifts.ts';
import type { Floor, Ledger, Life } from './simulation.ts';
import { scheduleForgotten } from './forgotten.ts';
import { FIRST_PLOT_BEFORE_MS, scheduleTwoCalls } from './two-calls.ts';
import type { DemoWords } from './words.ts';
import type { TalkHabits } from './world.ts';
import type { CustomerPlan } from './records.ts';

export interface LifeOptions {
  readonly words: DemoWords;
  readonly talk: TalkHabits;
  /** What comes before this instant is warming up; Ernest Defarge is waiting when it comes. */
  readonly liveAt: number;
  /** A visitor sits at this person's desk; absent: at nobody's. */
  readonly isUsed?: (person: string) => boolean;
  /** What an earlier run left open: its promises are worked through. */
  readonly inherited: Ledger;
}

export function createLife(floor: Floor, options: LifeOptions): Life {
  const { stage, world, lines, desks, calls } = floor;
  const { words, talk, liveAt, inherited, isUsed = () => false } = options;
  const leads = new Leads({ stage, world, words, isUsed });
  const promises = new Promises({ stage, calls, desks });
  const shifts = new Shifts({ stage, desks, habits: world.habits });
  const talking: Conversations = {
    stage,
    calls,
    lines,
    leads,
    promises,
    queues: world.queues,
    habits: talk,
    questions: words.questions,
  };
  return {
    onAnswered(call, desk) {
      promises.onAnswered(call);
      converse(talking, call, desk);
    },
    onWaiting: (call) => wait(talking, call),
    onMissed: (desk) => shifts.onMissed(desk),
    onLogin: (desk) => shifts.onLogin(desk),
    onLogout: (desk) => shifts.onLogout(desk),
    customer: (): CustomerPlan => promises.impatient() ?? customerBy(stage.chance),
    others: () => leads.snapshot(),
    restate: () => leads.restate(),
    opening: (at) => leads.allAtDesks(at),
    nearest: (team) => leads.nearest(team ?? ''),
    ledger: () => ({ callbacks: promises.open, assists: leads.asking }),
    start() {
      leads.start();
      shifts.start();
      promises.adopt(inherited.callbacks, liveAt);
      const charles = desks.all.find((desk) => desk.plan.id === 'charles-darnay');
      const sydney = desks.all.find((desk) => desk.plan.id === 'sydney-carton');
      const queue = world.queues.find((plan) => plan.id === 'deliveries');
      if (!charles || !sydney || !queue) throw new Error('invariant: the plot has lost its cast');
      const plot = { stage, calls, desks, leads, promises, queue, story: words.story };
      const { training } = words.breaks;
      scheduleTwoCalls({ ...plot, training, charles, sydney }, liveAt - FIRST_PLOT_BEFORE_MS);
      scheduleForgotten(promises, stage, liveAt);
    },
  };
}
