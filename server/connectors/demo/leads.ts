// Leads and supervisors: where each is, who covers a team whose lead is in a meeting, and who comes when help is asked for; not one whose desk a visitor uses.
import type { Presence } from '../../contract/lists.ts';
import type { NewEvent } from '../../events/event.ts';
import type { SnapshotAgent } from './simulation.ts';
import type { Stage } from './stage.ts';
import type { AgentPlan, World } from './world.ts';
import type { Call, Desk } from './records.ts';

const MINUTE_MS = 60_000;

interface Leader {
  readonly plan: AgentPlan;
  presence: Presence;
  /** Of the presence. */
  movedAt: number;
  /** Of the state that goes with it. */
  since: number;
  until: number;
  /** Set by a plot: until then chance does not move this one. */
  keptUntil: number;
}

export interface LeadWords {
  readonly lead: string;
  readonly meeting: string;
  readonly away: string;
}

export class Leads {
  readonly #stage: Stage;
  readonly #world: World;
  readonly #words: LeadWords;
  readonly #leaders: readonly Leader[];
  readonly #isUsed: (person: string) => boolean;
  /** Team to who took its cover. */
  readonly #covering = new Map<string, string>();
  readonly #asking = new Set<string>();

  constructor(parts: {
    readonly stage: Stage;
    readonly world: World;
    readonly words: LeadWords;
    /** A visitor sits at this person's desk, and they do nothing of themselves. */
    readonly isUsed: (person: string) => boolean;
  }) {
    this.#isUsed = parts.isUsed;
    this.#stage = parts.stage;
    this.#world = parts.world;
    this.#words = parts.words;
    this.#leaders = parts.world.agents
      .filter((plan) => plan.queues.length === 0)
      .map((plan) => ({
        plan,
        presence: 'offline',
        movedAt: parts.stage.now,
        since: parts.stage.now,
        until: parts.stage.now,
        keptUntil: -Infinity,
      }));
  }

  get asking(): readonly string[] {
    return [...this.#asking];
  }

  start(): void {
    for (const leader of this.#leaders) {
      this.#move(leader, 'desk', this.#stage.chance.between(5, 40) * MINUTE_MS);
      this.#planMove(leader);
    }
  }

  snapshot(): readonly SnapshotAgent[] {
    return this.#leaders.map((leader) => ({
      id: leader.plan.id,
      since: leader.since,
      ...this.#stateOf(leader),
    }));
  }

  /** Since each is where they are, so that nobody takes an empty desk of a quarter of an hour for a fresh one. */
  restate(): readonly NewEvent[] {
    return [
      ...this.#own().map(({ plan, presence, until, movedAt }) => ({
        ...this.#stage.make('supervisor.presence', plan.id, { presence, until, via: 'demo' }),
        at: movedAt,
      })),
      ...[...this.#covering].map(([team, by]) =>
        this.#stage.make('cover.taken', team, { by, until: this.#stage.now + 30 * MINUTE_MS }),
      ),
    ];
  }

  /** Everybody at their desks since `at`: what a morning that is told in short has of its leads. */
  allAtDesks(at: number): readonly NewEvent[] {
    const until = this.#stage.now + MINUTE_MS;
    return this.#leaders.map(({ plan }) => ({
      ...this.#stage.make('supervisor.presence', plan.id, { presence: 'desk', until, via: 'demo' }),
      at,
    }));
  }

  /** Everybody of this team who leads is in a meeting for so long, and nobody takes the cover. */
  empty(team: string, ms: number): void {
    for (const leader of this.#own().filter((one) => one.plan.team === team)) {
      leader.keptUntil = this.#stage.now + ms;
      this.#move(leader, 'meeting', ms);
      this.#endCover(team);
    }
  }

  /** Own lead, own supervisor, then those who cover, then any who is present. */
  nearest(team: string): string | null {
    const present = this.#own().filter(isPresent);
    const coveredBy = this.#world.teams.find((plan) => plan.id === team)?.coveredBy ?? [];
    const found =
      present.find((one) => one.plan.team === team) ??
      present.find((one) => one.plan.id === this.#covering.get(team)) ??
      present.find((one) => coveredBy.includes(one.plan.team)) ??
      present[0];
    return found?.plan.id ?? null;
  }

  /** Help is asked for; somebody who is present comes after a while, and is there for a while. */
  askForHelp(
    desk: Desk,
    call: Call,
    plan: { readonly about: string; readonly afterMs: number },
  ): void {
    const id = this.#stage.newId('assist');
    this.#asking.add(id);
    this.#stage.say('assist.requested', id, {
      agent: desk.plan.id,
      contact: call.id,
      about: plan.about,
    });
    this.#stage.agenda.after(plan.afterMs, () => this.#come(id, desk, call));
  }

  #come(id: string, desk: Desk, call: Call): void {
    const { agenda, chance } = this.#stage;
    if (call.state === 'over' && chance.happens(0.7)) return this.#close(id, desk.plan.id);
    const helper = this.nearest(desk.plan.team);
    if (helper === null) {
      agenda.after(15_000, () => this.#come(id, desk, call));
      return;
    }
    this.#stage.say('assist.claimed', id, { by: helper });
    agenda.after(chance.between(25_000, 110_000), () => this.#close(id, helper));
  }

  #close(id: string, by: string): void {
    this.#asking.delete(id);
    this.#stage.say('assist.closed', id, { by });
  }

  #planMove(leader: Leader): void {
    this.#stage.agenda.at(Math.max(leader.until, leader.keptUntil), () => {
      if (leader.keptUntil <= this.#stage.now) this.#wander(leader);
      this.#planMove(leader);
    });
  }

  /** Those for whom nobody else speaks. */
  #own(): readonly Leader[] {
    return this.#leaders.filter(({ plan }) => !this.#isUsed(plan.id));
  }

  #wander(leader: Leader): void {
    if (this.#isUsed(leader.plan.id)) {
      leader.until = this.#stage.now + MINUTE_MS;
      return;
    }
    const { chance } = this.#stage;
    if (!isPresent(leader)) {
      this.#endCover(leader.plan.team);
      return this.#move(leader, 'desk', chance.between(20, 45) * MINUTE_MS);
    }
    const next = chance.unit();
    if (next < 0.5) this.#move(leader, 'floor', chance.between(6, 16) * MINUTE_MS);
    else if (next < 0.72) this.#move(leader, 'desk', chance.between(15, 30) * MINUTE_MS);
    else {
      const ms = chance.between(8, 24) * MINUTE_MS;
      this.#move(leader, next < 0.9 ? 'meeting' : 'away', ms);
      if (chance.happens(0.8)) this.#cover(leader.plan.team, ms);
    }
  }

  #cover(team: string, ms: number): void {
    const by = this.nearest(team);
    if (by === null || this.#leaders.some((one) => one.plan.team === team && isPresent(one)))
      return;
    this.#covering.set(team, by);
    this.#stage.say('cover.taken', team, {
      by,
      until: this.#stage.now + Math.round(ms) + MINUTE_MS,
    });
  }

  #endCover(team: string): void {
    const by = this.#covering.get(team);
    if (by === undefined) return;
    this.#covering.delete(team);
    this.#stage.say('cover.ended', team, { by });
  }

  #move(leader: Leader, presence: Presence, ms: number): void {
    const before = this.#stateOf(leader);
    leader.presence = presence;
    leader.movedAt = this.#stage.now;
    leader.until = this.#stage.now + Math.round(ms);
    const after = this.#stateOf(leader);
    this.#stage.say('supervisor.presence', leader.plan.id, {
      presence,
      until: leader.until,
      via: 'demo',
    });
    if (before.state === after.state && before.reason === after.reason) return;
    leader.since = this.#stage.now;
    this.#stage.say('agent.state', leader.plan.id, after);
  }

  #stateOf(leader: Leader): {
    readonly state: 'busy' | 'break' | 'offline';
    readonly reason?: string;
  } {
    switch (leader.presence) {
      case 'desk':
      case 'floor':
      case 'call':
        return { state: 'busy', reason: this.#words.lead };
      case 'meeting':
        return { state: 'break', reason: this.#words.meeting };
      case 'away':
        return { state: 'break', reason: this.#words.away };
      case 'offline':
        return { state: 'offline' };
      default:
        return leader.presence satisfies never;
    }
  }
}

function isPresent(leader: Leader): boolean {
  return leader.presence === 'desk' || leader.presence === 'floor';
}
