// Callbacks: promised, claimed, tried, proved by a call that connects; some forgotten until somebody notices, some overtaken by the customer.
import type { Calls } from './calls.ts';
import type { Desks } from './desks.ts';
import type { OpenPromise } from './simulation.ts';
import type { Stage } from './stage.ts';
import type { Call, CustomerPlan, Desk } from './records.ts';

const MINUTE_MS = 60_000;
const ATTEMPTS_MAX = 5;

interface CallbackPlan extends OpenPromise {
  attempts: number;
}

export class Promises {
  readonly #stage: Stage;
  readonly #calls: Calls;
  readonly #desks: Desks;
  readonly #open = new Map<string, CallbackPlan>();

  constructor(parts: { readonly stage: Stage; readonly calls: Calls; readonly desks: Desks }) {
    this.#stage = parts.stage;
    this.#calls = parts.calls;
    this.#desks = parts.desks;
  }

  get open(): readonly OpenPromise[] {
    return [...this.#open.values()];
  }

  /** An ordinary promise: most are kept in time, about one in twenty is forgotten until after it is due. */
  promise(call: Call, desk: Desk | null): void {
    const { chance } = this.#stage;
    const dueMs = chance.between(15, 75) * MINUTE_MS;
    const made = this.#make(call, desk, { dueMs });
    if (!made) return;
    const isForgotten = chance.happens(0.05);
    const afterMs = isForgotten
      ? dueMs + chance.between(4, 18) * MINUTE_MS
      : dueMs * chance.between(0.2, 0.7);
    this.#stage.agenda.after(afterMs, () => this.#attempt(made));
  }

  /** A promise that nobody keeps. It is taken off the ledger, unkept, when somebody notices. */
  forget(
    call: Call,
    desk: Desk,
    plan: {
      readonly dueMs: number;
      readonly note: string;
      readonly noticedMs: number;
      readonly why: string;
      readonly by: string;
    },
  ): void {
    const made = this.#make(call, desk, plan);
    if (!made) return;
    this.#stage.agenda.after(plan.noticedMs, () => {
      if (this.#open.delete(made.id))
        this.#stage.say('callback.cancelled', made.id, { by: plan.by, why: plan.why });
    });
  }

  /** A promise of a team's own making, which nobody thinks of until so long after it was due. */
  owe(
    customer: CustomerPlan,
    plan: { readonly team: string; readonly dueMs: number; readonly noticedMs: number },
  ): void {
    const { team, dueMs, noticedMs } = plan;
    const made = this.#put(customer, team, dueMs);
    this.#stage.say('callback.promised', made.id, { customer, team, dueAt: made.dueAt });
    this.#stage.agenda.after(dueMs + noticedMs, () => this.#attempt(made));
  }

  /** Promises of an earlier run: from `since` on somebody works through the list. */
  adopt(list: readonly OpenPromise[], since: number): void {
    const { agenda, chance } = this.#stage;
    agenda.at(since, () => {
      for (const promise of list) {
        const plan = { ...promise, attempts: 0 };
        this.#open.set(plan.id, plan);
        agenda.after(chance.between(0.5, 8) * MINUTE_MS, () => this.#attempt(plan));
      }
    });
  }

  /** Somebody with an open promise who rings first, or null. */
  impatient(): CustomerPlan | null {
    const open = [...this.#open.values()];
    return open.length > 0 && this.#stage.chance.happens(0.0006)
      ? this.#stage.chance.pick(open).customer
      : null;
  }

  /** An inbound contact was answered: whoever was promised a call has been served. */
  onAnswered(call: Call): void {
    if (!call.customer) return;
    for (const plan of this.#open.values())
      if (plan.customer.address === call.customer.address) this.#open.delete(plan.id);
  }

  #make(
    call: Call,
    desk: Desk | null,
    { dueMs, note }: { readonly dueMs: number; readonly note?: string },
  ): CallbackPlan | null {
    if (!call.customer) return null;
    const team = desk?.plan.team ?? call.queue?.teams[0] ?? null;
    const plan = this.#put(call.customer, team, dueMs);
    this.#stage.say('callback.promised', plan.id, {
      customer: call.customer,
      dueAt: plan.dueAt,
      contact: call.id,
      ...(team === null ? {} : { team }),
      ...(desk ? { by: desk.plan.id } : {}),
      ...(note === undefined ? {} : { note }),
    });
    return plan;
  }

  #put(customer: CustomerPlan, team: string | null, dueMs: number): CallbackPlan {
    const dueAt = this.#stage.now + Math.round(dueMs);
    const plan = { id: this.#stage.newId('promise'), customer, team, dueAt, attempts: 0 };
    this.#open.set(plan.id, plan);
    return plan;
  }

  #attempt(plan: CallbackPlan): void {
    if (!this.#open.has(plan.id)) return;
    const desk = this.#whoCan(plan.team);
    if (!desk) {
      this.#stage.agenda.after(10_000, () => this.#attempt(plan));
      return;
    }
    plan.attempts += 1;
    if (plan.attempts === 1) this.#stage.say('callback.claimed', plan.id, { by: desk.plan.id });
    this.#desks.ask(desk, { kind: 'task', run: () => this.#dial(plan, desk) });
  }

  /** Of the team whoever is free longest, else whoever is about to be. */
  #whoCan(team: string | null): Desk | null {
    let found: Desk | null = null;
    for (const desk of this.#desks.all) {
      if (desk.plan.team !== team || !desk.reachable || desk.errand) continue;
      if (desk.state !== 'free' && desk.state !== 'wrapup') continue;
      const isBetter =
        found === null ||
        (desk.state === 'free' && found.state !== 'free') ||
        (desk.state === found.state && desk.since < found.since);
      if (isBetter) found = desk;
    }
    return found;
  }

  #dial(plan: CallbackPlan, desk: Desk): void {
    const { agenda, chance } = this.#stage;
    const call = this.#calls.dial(desk, plan.customer, plan.id);
    const fate = chance.unit();
    if (fate < 0.68) {
      agenda.after(chance.between(4_000, 14_000), () => {
        this.#calls.answer(call);
        const talkMs = chance.between(35_000, 170_000);
        agenda.after(talkMs, () => {
          this.#open.delete(plan.id);
          this.#tell(plan, desk, call, {
            result: 'answered',
            talkSeconds: Math.round(talkMs / 1000),
          });
          this.#calls.end(call, 'customer');
        });
      });
    } else if (fate < 0.76) {
      agenda.after(chance.between(15_000, 22_000), () => {
        this.#calls.answer(call);
        const talkMs = chance.between(12_000, 25_000);
        agenda.after(talkMs, () => {
          this.#tell(plan, desk, call, { result: 'voicemail' });
          this.#calls.end(call, 'agent');
          this.#again(plan);
        });
      });
    } else {
      const isBusy = chance.happens(0.25);
      agenda.after(isBusy ? 3_000 : chance.between(20_000, 30_000), () => {
        this.#tell(plan, desk, call, { result: isBusy ? 'busy' : 'no-answer' });
        this.#calls.fail(call);
        this.#again(plan);
      });
    }
  }

  #tell(
    plan: CallbackPlan,
    desk: Desk,
    call: Call,
    outcome: {
      readonly result: 'answered' | 'no-answer' | 'busy' | 'voicemail';
      readonly talkSeconds?: number;
    },
  ): void {
    this.#stage.say('callback.attempted', plan.id, {
      by: desk.plan.id,
      contact: call.id,
      ...outcome,
    });
  }

  #again(plan: CallbackPlan): void {
    const { agenda, chance } = this.#stage;
    if (plan.attempts < ATTEMPTS_MAX) {
      agenda.after(chance.between(2, 6) * MINUTE_MS, () => this.#attempt(plan));
      return;
    }
    this.#open.delete(plan.id);
    this.#stage.say('callback.cancelled', plan.id, { by: this.#desks.all[0]?.plan.id ?? 'demo' });
  }
}
