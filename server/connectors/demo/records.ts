// A contact and a desk as they stand; one file, because each points at the other.
import type { Cancel } from '../../clock.ts';
import type { AgentPlan, QueuePlan } from './world.ts';

export interface CustomerPlan {
  readonly name: string;
  readonly address: string;
}

export interface Call {
  readonly id: string;
  readonly customer: CustomerPlan | null;
  readonly direction: 'inbound' | 'outbound';
  /** A plot moves it; chance leaves it alone. */
  readonly scripted: boolean;
  queue: QueuePlan | null;
  state: 'waiting' | 'ringing' | 'talking' | 'held' | 'over';
  queuedAt: number;
  answeredAt: number | null;
  heldAt: number | null;
  /** Who is rung, or who talks. */
  desk: Desk | null;
  /** Patience, overflow and the ringing of this visit. */
  timers: Cancel[];
}

export type DeskState = 'offline' | 'free' | 'engaged' | 'wrapup' | 'break';

/** What an agent does as soon as hands are free. */
export type Errand =
  | { readonly kind: 'break'; readonly reason: string; readonly ms: number }
  | { readonly kind: 'home' }
  /** The desk is kept engaged until the task gives it back by `release`. */
  | { readonly kind: 'task'; readonly run: () => void };

export interface Desk {
  readonly plan: AgentPlan;
  state: DeskState;
  since: number;
  loggedInAt: number;
  reason: string | null;
  reachable: boolean;
  call: Call | null;
  errand: Errand | null;
  /** The end of a wrap-up or a break. */
  timer: Cancel | null;
  /** The last `agent.state` that was said, so that it is not said twice. */
  said: string;
}
