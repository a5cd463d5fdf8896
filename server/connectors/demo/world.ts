// What a simulated contact centre is made of: queues, people and habits, as plain data and draws.
import type { Channel, Role } from '../../contract/lists.ts';
import type { Draw } from './chance.ts';

/** Customers an hour, and the instant until which that rate stands. */
export interface Rate {
  readonly perHour: number;
  readonly until: number;
}

export interface QueuePlan {
  readonly id: string;
  readonly name: string;
  readonly channel: Channel;
  readonly teams: readonly string[];
  /** The rate of arrival at an instant; `wave` is a factor around 1 that wanders by itself. */
  readonly rateAt: (instant: number, wave: number) => Rate;
  /** How long a customer waits before hanging up; null: for ever. */
  readonly patience: Draw | null;
  /** Talk and hold together. */
  readonly handling: Draw;
  readonly wrapUp: Draw;
  readonly target: { readonly seconds: number; readonly percent: number };
  readonly limits: { readonly waitSeconds: number; readonly holdSeconds: number };
  /** After so long in this queue a customer goes to another one. */
  readonly overflow: { readonly afterMs: number; readonly to: string } | null;
}

export interface TeamPlan {
  readonly id: string;
  readonly name: string;
  readonly leads: readonly string[];
  readonly coveredBy: readonly string[];
}

export interface AgentPlan {
  readonly id: string;
  readonly name: string;
  readonly alias: string;
  readonly team: string;
  readonly role: Role;
  readonly extension: string;
  /** In none: a lead or a supervisor, who takes no contacts. */
  readonly queues: readonly string[];
}

/** What people do besides talking. A world without a habit never shows it. */
export interface Habits {
  /** How long a phone rings before it is taken; zero: taken in the same instant. */
  readonly ring: Draw;
  /** Chance that a ringing phone is not taken. */
  readonly missed: number;
  /** Half of the waves' width (a deviation of the logarithm), and how much of a wave is left ten minutes later. */
  readonly waves: { readonly width: number; readonly memory: number } | null;
  /** The share of a team's seats that is taken at an instant; null: everybody, always. */
  readonly seatsAt: ((instant: number) => number) | null;
  readonly breaks: BreakHabits | null;
}

/** Chances by contact. */
export interface TalkHabits {
  readonly hold: number;
  readonly holdFor: Draw;
  readonly transfer: number;
  readonly attended: number;
  readonly assist: number;
  readonly promise: number;
  /** Of those who wait past a minute: presses a key to be called back. */
  readonly keyPress: number;
}

export interface BreakHabits {
  /** Time at work between two breaks. */
  readonly every: Draw;
  readonly kinds: readonly {
    readonly reason: string;
    readonly weight: number;
    readonly lasts: Draw;
  }[];
  /** The share of a team that may be away at once. */
  readonly most: number;
  /** After a missed ring a desk is set aside for so long, with this reason. */
  readonly missedReason: string;
  /** Time between two phones that lose their registration, over the whole floor, and for how long they are gone. */
  readonly unreachableEvery: Draw;
  readonly unreachableFor: Draw;
}

export interface World {
  readonly queues: readonly QueuePlan[];
  readonly teams: readonly TeamPlan[];
  readonly agents: readonly AgentPlan[];
  readonly habits: Habits;
}
