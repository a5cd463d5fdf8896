// Coming and going: seats are filled as the day asks, breaks and lunches are taken, a phone drops off the network now and then.
import type { Cancel } from '../../clock.ts';
import type { Desks } from './desks.ts';
import type { Stage } from './stage.ts';
import type { BreakHabits, Habits } from './world.ts';
import type { Desk } from './records.ts';

const LOOK_EVERY_MS = 120_000;
/** A stretch at work; the demo's people come back sooner than real ones would, so that its nights are staffed. */
const STRETCH_MS = 6 * 3_600_000;

export class Shifts {
  readonly #stage: Stage;
  readonly #desks: Desks;
  readonly #habits: Habits;
  readonly #nextBreak = new Map<Desk, Cancel>();
  readonly #byTeam: ReadonlyMap<string, readonly Desk[]>;

  constructor(parts: { readonly stage: Stage; readonly desks: Desks; readonly habits: Habits }) {
    this.#stage = parts.stage;
    this.#desks = parts.desks;
    this.#habits = parts.habits;
    const byTeam = new Map<string, Desk[]>();
    for (const desk of this.#desks.all) {
      const { team } = desk.plan;
      byTeam.set(team, [...(byTeam.get(team) ?? []), desk]);
    }
    this.#byTeam = byTeam;
  }

  start(): void {
    for (const [, desks] of this.#byTeam)
      for (const desk of desks.slice(0, this.#seats(desks.length))) {
        this.#desks.login(desk);
        desk.loggedInAt -= this.#stage.chance.between(0, STRETCH_MS);
      }
    this.#look();
    if (this.#habits.breaks) this.#unplug(this.#habits.breaks);
  }

  onLogin(desk: Desk): void {
    if (this.#habits.breaks) this.#planBreak(desk, this.#habits.breaks);
  }

  onLogout(desk: Desk): void {
    this.#nextBreak.get(desk)?.();
    this.#nextBreak.delete(desk);
  }

  onMissed(desk: Desk): void {
    const { breaks } = this.#habits;
    if (!breaks) return;
    const ms = this.#stage.chance.between(40_000, 90_000);
    this.#desks.ask(desk, { kind: 'break', reason: breaks.missedReason, ms });
  }

  #seats(of: number): number {
    const share = this.#habits.seatsAt?.(this.#stage.now) ?? 1;
    return Math.max(1, Math.round(of * share));
  }

  #look(): void {
    for (const [, desks] of this.#byTeam) this.#fill(desks);
    this.#stage.agenda.after(LOOK_EVERY_MS, () => this.#look());
  }

  /** One comes or goes at a time, so that a floor never empties at once. */
  #fill(desks: readonly Desk[]): void {
    const wanted = this.#seats(desks.length);
    const here = desks.filter((desk) => desk.state !== 'offline' && desk.errand?.kind !== 'home');
    const gone = desks.filter((desk) => desk.state === 'offline');
    const tired = earliest(here, (desk) => desk.loggedInAt);
    const rested = earliest(gone, (desk) => desk.since);
    const isOver = tired !== null && this.#stage.now - tired.loggedInAt > STRETCH_MS;
    if (tired && (here.length > wanted || (isOver && rested && here.length >= wanted)))
      this.#desks.ask(tired, { kind: 'home' });
    if (rested && (here.length < wanted || (isOver && here.length === wanted)))
      this.#desks.login(rested);
  }

  #planBreak(desk: Desk, breaks: BreakHabits): void {
    this.#nextBreak.get(desk)?.();
    const ms = breaks.every(this.#stage.chance);
    this.#nextBreak.set(
      desk,
      this.#stage.agenda.after(ms, () => this.#takeBreak(desk, breaks)),
    );
  }

  #takeBreak(desk: Desk, breaks: BreakHabits): void {
    const team = (this.#byTeam.get(desk.plan.team) ?? []).filter((one) => one.state !== 'offline');
    const away = team.filter((one) => one.state === 'break' || one.errand?.kind === 'break');
    if (away.length < Math.floor(team.length * breaks.most)) {
      const { reason, lasts } = this.#kindOfBreak(breaks);
      this.#desks.ask(desk, { kind: 'break', reason, ms: lasts(this.#stage.chance) });
    }
    this.#planBreak(desk, breaks);
  }

  #kindOfBreak(breaks: BreakHabits): BreakHabits['kinds'][number] {
    let rest = this.#stage.chance.unit() * breaks.kinds.reduce((sum, kind) => sum + kind.weight, 0);
    for (const kind of breaks.kinds) {
      rest -= kind.weight;
      if (rest < 0) return kind;
    }
    throw new Error('invariant: the weights of breaks do not add up');
  }

  #unplug(breaks: BreakHabits): void {
    const { agenda, chance } = this.#stage;
    agenda.after(breaks.unreachableEvery(chance), () => {
      const free = this.#desks.all.filter((desk) => desk.state === 'free' && desk.reachable);
      if (free.length > 1) {
        const desk = chance.pick(free);
        this.#desks.reach(desk, false);
        agenda.after(breaks.unreachableFor(chance), () => this.#desks.reach(desk, true));
      }
      this.#unplug(breaks);
    });
  }
}

function earliest(desks: readonly Desk[], by: (desk: Desk) => number): Desk | null {
  let found: Desk | null = null;
  for (const desk of desks) if (found === null || by(desk) < by(found)) found = desk;
  return found;
}
