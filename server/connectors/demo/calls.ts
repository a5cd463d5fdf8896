// The life of a contact, each step said as an event: it waits, rings, is answered, held, passed on and ended. One room, since every step knows the others.
import type { EndedBy } from '../../contract/lists.ts';
import type { Desks } from './desks.ts';
import type { Lines } from './lines.ts';
import type { Call, CustomerPlan, Desk } from './records.ts';
import type { Stage } from './stage.ts';
import type { Habits, QueuePlan } from './world.ts';

export interface CallWatcher {
  /** An ordinary contact was answered: how will it go? */
  onAnswered(call: Call, desk: Desk): void;
  /** An ordinary contact has entered a queue. */
  onWaiting(call: Call, queue: QueuePlan): void;
  /** A phone rang and nobody took it. */
  onMissed(desk: Desk): void;
}

export class Calls {
  /** By id, those that are not over. */
  readonly open = new Map<string, Call>();
  readonly #stage: Stage;
  readonly #lines: Lines;
  readonly #habits: Habits;
  readonly #watcher: CallWatcher;
  readonly #desks: () => Desks;

  constructor(parts: {
    readonly stage: Stage;
    readonly lines: Lines;
    readonly habits: Habits;
    readonly watcher: CallWatcher;
    /** Desks and calls know each other, so one of them comes later. */
    readonly desks: () => Desks;
  }) {
    this.#stage = parts.stage;
    this.#lines = parts.lines;
    this.#habits = parts.habits;
    this.#watcher = parts.watcher;
    this.#desks = parts.desks;
  }

  arrive(
    queue: QueuePlan,
    customer: CustomerPlan | null,
    manner: 'ordinary' | 'scripted' = 'ordinary',
  ): Call {
    const call = this.#make(customer, 'inbound', manner === 'scripted');
    this.enter(call, queue);
    return call;
  }

  /** A visit begins: this contact waits in this queue, anew if it has waited before. */
  enter(call: Call, queue: QueuePlan): void {
    call.queue = queue;
    call.state = 'waiting';
    call.queuedAt = this.#stage.now;
    call.answeredAt = null;
    this.#stage.say('contact.queued', call.id, {
      queue: queue.id,
      channel: queue.channel,
      ...(call.customer ? { customer: call.customer } : {}),
    });
    this.#lines.join(call, queue);
    if (call.scripted) return;
    if (queue.patience) {
      const ms = queue.patience(this.#stage.chance);
      call.timers.push(this.#stage.agenda.after(ms, () => this.abandon(call)));
    }
    this.#watcher.onWaiting(call, queue);
    this.#seek(call, queue);
  }

  /** The visit is over without an answer; the contact goes on elsewhere. */
  leaveQueue(call: Call, why: 'key' | 'overflow' | 'timeout'): void {
    this.#stopWaiting(call);
    const rung = call.desk;
    call.desk = null;
    this.#stage.say('contact.dequeued', call.id, { why });
    if (rung) this.#desks().release(rung, 0);
  }

  abandon(call: Call): void {
    this.#stopWaiting(call);
    this.#close(call, 'customer', 'abandoned', 0);
  }

  /** Takes somebody who waits, if there is anybody. True if the desk is taken. */
  serve(desk: Desk): boolean {
    const call = this.#lines.callFor(desk);
    if (!call) return false;
    this.ring(call, desk);
    return true;
  }

  /** `then` runs once it is answered; for plots, which no watcher follows. */
  ring(call: Call, desk: Desk, then?: () => void): void {
    this.#desks().engage(desk, call);
    call.desk = desk;
    const ringMs = this.#habits.ring(this.#stage.chance);
    if (ringMs <= 0) return this.answer(call, then);
    call.state = 'ringing';
    this.#stage.say('contact.ringing', call.id, { agent: desk.plan.id, ...queueOf(call) });
    const isMissed = !call.scripted && this.#stage.chance.happens(this.#habits.missed);
    call.timers.push(
      isMissed
        ? this.#stage.agenda.after(MISSED_AFTER_MS, () => this.#miss(call, desk))
        : this.#stage.agenda.after(ringMs, () => this.answer(call, then)),
    );
  }

  /** The one who is rung takes it. */
  answer(call: Call, then?: () => void): void {
    const desk = call.desk;
    if (!desk) throw new Error('invariant: answered by nobody');
    this.#stopWaiting(call);
    call.state = 'talking';
    call.answeredAt = this.#stage.now;
    this.#stage.say('contact.answered', call.id, { agent: desk.plan.id, ...queueOf(call) });
    if (then) then();
    else if (!call.scripted) this.#watcher.onAnswered(call, desk);
  }

  hold(call: Call): void {
    call.state = 'held';
    call.heldAt = this.#stage.now;
    this.#stage.say('contact.held', call.id, agentOf(call));
  }

  resume(call: Call): void {
    call.state = 'talking';
    call.heldAt = null;
    this.#stage.say('contact.resumed', call.id, agentOf(call));
  }

  /** Passed on to a queue without a word; the customer waits there anew. */
  passTo(call: Call, queue: QueuePlan): void {
    const desk = call.desk;
    const wrapUpMs = call.queue?.wrapUp(this.#stage.chance) ?? 0;
    this.#stage.say('contact.transferred', call.id, { to: { queue: queue.id }, kind: 'blind' });
    call.desk = null;
    call.heldAt = null;
    if (desk) this.#desks().release(desk, wrapUpMs);
    this.enter(call, queue);
  }

  /** Passed on to a colleague who is free and has said yes. */
  passToAgent(call: Call, colleague: Desk): void {
    const desk = call.desk;
    const wrapUpMs = call.queue?.wrapUp(this.#stage.chance) ?? 0;
    this.#desks().engage(colleague, call);
    call.desk = colleague;
    call.state = 'talking';
    call.heldAt = null;
    this.#stage.say('contact.transferred', call.id, {
      to: { agent: colleague.plan.id },
      kind: 'attended',
    });
    if (desk) this.#desks().release(desk, wrapUpMs);
  }

  /** The customer asked by a key to be rung back, and hangs up. */
  part(call: Call): void {
    this.leaveQueue(call, 'key');
    this.#close(call, 'system', null, 0);
  }

  end(call: Call, by: EndedBy): void {
    this.#close(call, by, 'answered', call.queue?.wrapUp(this.#stage.chance) ?? 0);
  }

  /** An agent who is engaged in this task rings a customer. */
  dial(desk: Desk, customer: CustomerPlan, callback: string): Call {
    const call = this.#make(customer, 'outbound', true);
    call.desk = desk;
    desk.call = call;
    call.state = 'ringing';
    this.#stage.say('contact.started', call.id, {
      direction: 'outbound',
      customer,
      agent: desk.plan.id,
      callback,
    });
    return call;
  }

  /** Nobody came to the phone. */
  fail(call: Call): void {
    this.#close(call, 'system', 'failed', 0);
  }

  #make(customer: CustomerPlan | null, direction: Call['direction'], scripted: boolean): Call {
    const call: Call = {
      id: this.#stage.newId('call'),
      customer,
      direction,
      scripted,
      queue: null,
      state: 'waiting',
      queuedAt: this.#stage.now,
      answeredAt: null,
      heldAt: null,
      desk: null,
      timers: [],
    };
    this.open.set(call.id, call);
    return call;
  }

  #seek(call: Call, queue: QueuePlan): void {
    const desk = this.#lines.deskFor(queue.id);
    if (desk) this.ring(call, desk);
  }

  #miss(call: Call, desk: Desk): void {
    call.state = 'waiting';
    call.desk = null;
    this.#stage.say('contact.unanswered', call.id, { agent: desk.plan.id, ...queueOf(call) });
    this.#watcher.onMissed(desk);
    this.#desks().release(desk, 0);
    if (call.queue) this.#seek(call, call.queue);
  }

  #stopWaiting(call: Call): void {
    this.#lines.leave(call);
    for (const cancel of call.timers) cancel();
    call.timers = [];
  }

  #close(
    call: Call,
    by: EndedBy,
    outcome: 'answered' | 'abandoned' | 'failed' | null,
    wrapUpMs: number,
  ): void {
    const desk = call.desk;
    call.state = 'over';
    call.desk = null;
    this.open.delete(call.id);
    this.#stage.say('contact.ended', call.id, { by, ...(outcome ? { outcome } : {}) });
    if (desk) this.#desks().release(desk, wrapUpMs);
  }
}

/** A phone that nobody takes rings for so long before the queue gives up on it. */
const MISSED_AFTER_MS = 18_000;

function agentOf(call: Call): { readonly agent?: string } {
  return call.desk ? { agent: call.desk.plan.id } : {};
}

function queueOf(call: Call): { readonly queue?: string } {
  return call.queue ? { queue: call.queue.id } : {};
}
