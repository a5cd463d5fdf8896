// The agents' desks: who sits there, what they do, what they will do once the present contact is over.
import type { AgentState } from '../../contract/lists.ts';
import type { Lines } from './lines.ts';
import type { Call, Desk, DeskState, Errand } from './records.ts';
import type { Stage } from './stage.ts';
import type { AgentPlan } from './world.ts';

export interface DeskWatcher {
  /** Hands are free: is there somebody to talk to? True if the desk was taken. */
  onFree(desk: Desk): boolean;
  onLogin(desk: Desk): void;
  onLogout(desk: Desk): void;
}

export class Desks {
  readonly all: readonly Desk[];
  readonly #stage: Stage;
  readonly #lines: Lines;
  readonly #watcher: DeskWatcher;

  constructor(parts: {
    readonly stage: Stage;
    readonly lines: Lines;
    readonly plans: readonly AgentPlan[];
    readonly watcher: DeskWatcher;
  }) {
    this.#stage = parts.stage;
    this.#lines = parts.lines;
    this.#watcher = parts.watcher;
    this.all = parts.plans.map((plan) => ({
      plan,
      state: 'offline',
      since: parts.stage.now,
      loggedInAt: parts.stage.now,
      reason: null,
      reachable: true,
      call: null,
      errand: null,
      timer: null,
      said: '',
    }));
  }

  login(desk: Desk): void {
    desk.loggedInAt = this.#stage.now;
    desk.reachable = true;
    this.#watcher.onLogin(desk);
    this.#settle(desk);
  }

  /** Takes the desk out of the lines, for a contact or a task. */
  engage(desk: Desk, call: Call | null): void {
    this.#lines.unseat(desk);
    desk.timer?.();
    desk.timer = null;
    desk.call = call;
    this.#enter(desk, 'engaged', null);
  }

  /** The contact is over: wrap-up for so long, then the next thing. */
  release(desk: Desk, wrapUpMs: number): void {
    const last = desk.call;
    desk.call = null;
    if (wrapUpMs <= 0) return this.#settle(desk);
    this.#enter(desk, 'wrapup', null);
    this.#say(desk, 'wrapup', last);
    desk.timer = this.#stage.agenda.after(wrapUpMs, () => this.#settle(desk));
  }

  /** Asks for something that waits until the hands are free. A later wish replaces an earlier one, but nothing replaces a task. */
  ask(desk: Desk, errand: Errand): void {
    if (desk.state === 'offline' || desk.errand?.kind === 'task') return;
    desk.errand = errand;
    if (desk.state === 'free') return this.#settle(desk);
    if (errand.kind !== 'task' && desk.call?.state === 'talking')
      this.#say(desk, 'talking', desk.call);
  }

  /** A task that cannot wait for the end of a break or of a night, only for that of a contact. */
  summon(desk: Desk, run: () => void): void {
    desk.errand = { kind: 'task', run };
    if (desk.state === 'offline') return this.login(desk);
    if (desk.state === 'engaged') return;
    desk.timer?.();
    this.#settle(desk);
  }

  /** An engaged desk says what keeps it. */
  explain(desk: Desk, reason: string): void {
    this.#enter(desk, 'engaged', reason);
    this.#say(desk, 'busy', null);
  }

  /** A phone loses its registration, or has it again. */
  reach(desk: Desk, reachable: boolean): void {
    if (desk.state === 'offline' || desk.reachable === reachable) return;
    desk.reachable = reachable;
    if (desk.state !== 'free') return;
    this.#say(desk, 'available', null);
    if (reachable) this.#settle(desk);
    else this.#lines.unseat(desk);
  }

  #settle(desk: Desk): void {
    const errand = desk.errand;
    desk.errand = null;
    desk.timer = null;
    if (errand) {
      this.#lines.unseat(desk);
      this.#perform(desk, errand);
      return;
    }
    this.#enter(desk, 'free', null);
    this.#say(desk, 'available', null);
    if (!desk.reachable) return;
    if (!this.#watcher.onFree(desk)) this.#lines.seat(desk);
  }

  #perform(desk: Desk, errand: Errand): void {
    switch (errand.kind) {
      case 'break':
        this.#enter(desk, 'break', errand.reason);
        this.#say(desk, 'break', null);
        desk.timer = this.#stage.agenda.after(errand.ms, () => this.#settle(desk));
        return;
      case 'home':
        this.#enter(desk, 'offline', null);
        this.#say(desk, 'offline', null);
        this.#watcher.onLogout(desk);
        return;
      case 'task':
        // What they said last, a wrap-up or a break, would stand again after the task.
        this.#enter(desk, 'free', null);
        this.#say(desk, 'available', null);
        this.engage(desk, null);
        errand.run();
        return;
      default:
        errand satisfies never;
    }
  }

  #enter(desk: Desk, state: DeskState, reason: string | null): void {
    desk.state = state;
    desk.since = this.#stage.now;
    desk.reason = reason;
  }

  #say(desk: Desk, state: AgentState, call: Call | null): void {
    const wish = wishOf(desk);
    const said = [state, desk.reason, wish, desk.reachable, call?.id].join(' ');
    if (said === desk.said) return;
    desk.said = said;
    this.#stage.say('agent.state', desk.plan.id, {
      state,
      wish,
      reachable: desk.reachable,
      ...(desk.reason === null ? {} : { reason: desk.reason }),
      ...(call === null ? {} : { contact: call.id }),
      ...(call?.queue ? { queue: call.queue.id } : {}),
    });
  }
}

export function wishOf(desk: Desk): 'available' | 'break' | 'offline' {
  if (desk.state === 'offline' || desk.errand?.kind === 'home') return 'offline';
  return desk.state === 'break' || desk.errand?.kind === 'break' ? 'break' : 'available';
}
