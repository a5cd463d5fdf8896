// What rules look at, at one moment: the floor's facts, what belongs to whom, and the limits that were said.
import type { Floor, Lately } from '../floor/floor.ts';
import type { AlertFact, Facts, Touched } from '../floor/rows.ts';
import { Beginnings } from './beginnings.ts';
import { Holdings } from './holdings.ts';
import type { House } from './people.ts';
import { IN_FLIGHT_MS, LATE_MS, SETTLING_MS } from './timing.ts';

export type Watchable = Pick<Floor, 'facts' | 'lately'>;

export interface LimitOf {
  readonly queue?: string | null;
  readonly team?: string | null;
}

export class Views {
  readonly #floor: Watchable;
  readonly #holdings: Holdings;
  readonly #beginnings = new Beginnings();
  #havePeopleMoved = false;
  #cameBackAt: number | null = null;

  constructor(floor: Watchable) {
    this.#floor = floor;
    this.#holdings = new Holdings(floor.facts);
  }

  /** Events have passed of which `note` was not told. */
  renew(now: number): void {
    this.#holdings.renew(now);
  }

  /** The log can be read and written again. */
  cameBack(now: number): void {
    this.#cameBackAt = now;
  }

  /** True where a limit is another than before, so that everything is to be looked at. */
  note(touched: Touched, now: number): boolean {
    const { people, limits } = this.#holdings.note(touched, now);
    this.#havePeopleMoved = people;
    return limits;
  }

  /** Whom an episode may be told to. */
  get house(): House {
    return this.#holdings.house;
  }

  /** `now`: the site's clock, a moment ago. */
  at(now: number): View {
    return new View({
      floor: this.#floor,
      holdings: this.#holdings,
      beginnings: this.#beginnings,
      havePeopleMoved: this.#havePeopleMoved,
      cameBackAt: this.#cameBackAt,
      now,
    });
  }
}

interface ViewParts {
  readonly floor: Watchable;
  readonly holdings: Holdings;
  readonly beginnings: Beginnings;
  readonly havePeopleMoved: boolean;
  readonly cameBackAt: number | null;
  readonly now: number;
}

interface Condition {
  readonly isSo: boolean;
  /** Of a rule with several conditions, which one, as its words have it. */
  readonly why?: string;
}

export class View {
  readonly #parts: ViewParts;
  readonly facts: Facts;
  /** The site's clock, a moment ago: limits are judged by it, so that events in flight are seen first. */
  readonly now: number;
  /** Somebody came, left or is otherwise near than before the turn that is looked at. */
  readonly havePeopleMoved: boolean;
  /** When this server last could read and write the log again; null: it always could. */
  readonly cameBackAt: number | null;

  constructor(parts: ViewParts) {
    this.#parts = parts;
    this.facts = parts.floor.facts;
    this.now = parts.now;
    this.havePeopleMoved = parts.havePeopleMoved;
    this.cameBackAt = parts.cameBackAt;
  }

  /**
   * When it may be believed that this contact reached a limit at `raisedAt`. Of one that is heard of long after that, somebody tells
   * late, as a source that tells its morning, and its end may be the next word; only what stands for a while is true now.
   */
  settlesAt(contact: string, raisedAt: number): { readonly settlesAt?: number } {
    const heardAt = this.#parts.holdings.heardAt(contact);
    if (heardAt === null || heardAt - raisedAt < LATE_MS) return {};
    return { settlesAt: heardAt + SETTLING_MS };
  }

  heldBy(agent: string): ReadonlySet<string> {
    return this.#parts.holdings.heldBy(agent);
  }

  callersOf(callback: string): ReadonlySet<string> {
    return this.#parts.holdings.callersOf(callback);
  }

  promisesOf(owner: string): ReadonlySet<string> {
    return this.#parts.holdings.promisesOf(owner);
  }

  askedIn(team: string | null): ReadonlySet<string> {
    return this.#parts.holdings.askedIn(team);
  }

  openIn(team: string): readonly AlertFact[] {
    return this.#parts.holdings.openIn(team);
  }

  openOf(rule: string): readonly AlertFact[] {
    return this.#parts.holdings.openOf(rule);
  }

  isFiring(rule: string, subject: string): boolean {
    return this.#parts.holdings.isFiring(rule, subject);
  }

  /** Who is present and nearest to a team, other than `except`; null: nobody. */
  nearest(team: string | null, except: string | null = null): string | null {
    return this.#parts.holdings.nearest(team, except);
  }

  /** A queue's present quarter of an hour and the one before. */
  lately(queue: string): Lately {
    return this.#parts.floor.lately(queue, this.now);
  }

  /**
   * Since when a condition of a subject is so that no fact gives the beginning of; null: it is not. As far as this server has seen, or,
   * where its episode is open, as was decided: so that every server says the same, also after its start.
   */
  begunAt(rule: string, subject: string, { isSo, why }: Condition): number | null {
    const open = isSo ? this.#parts.holdings.firingOf(rule, subject) : null;
    const isThis = why === undefined || open?.text.params.why === why;
    return this.#parts.beginnings.of(`${rule} ${why ?? ''} ${subject}`, {
      isSo,
      now: this.now + IN_FLIGHT_MS,
      decided: (isThis ? open?.since : undefined) ?? null,
    });
  }

  /** A limit, in seconds or as its rule says: the queue's, else the team's, else the site's, else the rule's own. */
  limit<T extends number | null>(name: string, { queue, team }: LimitOf, otherwise: T): number | T {
    const own = queue ? this.facts.queues.get(queue)?.ownLimits : undefined;
    const teams = team ? this.facts.teams.get(team)?.limits : undefined;
    const sites = this.facts.site.values().next().value?.limits;
    return own?.[name] ?? teams?.[name] ?? sites?.[name] ?? otherwise;
  }
}
