// Who waits and who is free, by queue: first come first served, the agent who is idle longest first.
import type { QueuePlan } from './world.ts';
import type { Call, Desk } from './records.ts';

export class Lines {
  /** A set keeps the order in which its members came. */
  readonly #waiting = new Map<string, Set<Call>>();
  readonly #free = new Map<string, Set<Desk>>();

  constructor(queues: readonly QueuePlan[]) {
    for (const queue of queues) {
      this.#waiting.set(queue.id, new Set());
      this.#free.set(queue.id, new Set());
    }
  }

  seat(desk: Desk): void {
    for (const queue of desk.plan.queues) this.#free.get(queue)?.add(desk);
  }

  unseat(desk: Desk): void {
    for (const queue of desk.plan.queues) this.#free.get(queue)?.delete(desk);
  }

  join(call: Call, queue: QueuePlan): void {
    this.#waiting.get(queue.id)?.add(call);
  }

  leave(call: Call): void {
    if (call.queue) this.#waiting.get(call.queue.id)?.delete(call);
  }

  /** Whoever has waited longest in any of this agent's queues and is not being rung. */
  callFor(desk: Desk): Call | null {
    let found: Call | null = null;
    for (const queue of desk.plan.queues) {
      const first = firstWaiting(this.#waiting.get(queue));
      if (first && (found === null || first.queuedAt < found.queuedAt)) found = first;
    }
    return found;
  }

  /** Whoever of this queue's agents has been free longest. */
  deskFor(queue: string): Desk | null {
    return this.#free.get(queue)?.values().next().value ?? null;
  }
}

function firstWaiting(line: ReadonlySet<Call> | undefined): Call | null {
  for (const call of line ?? []) if (call.state === 'waiting' && !call.scripted) return call;
  return null;
}
