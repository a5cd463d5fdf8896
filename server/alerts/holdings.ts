// What belongs to whom: contacts to who holds them, promises to their owners, episodes and requests to their teams; kept by what was touched.
import { isActive } from '../floor/callbacks.ts';
import { FACT_TABLES } from '../floor/rows.ts';
import type { AgentFact, AlertFact, Facts, Touched } from '../floor/rows.ts';
import { isOpen } from './episode.ts';
import { Groups } from './groups.ts';
import { nearestOf } from './people.ts';
import { Staff } from './staff.ts';

/** Requests of somebody without a team. */
const NO_TEAM = '';

/** What else than rows has moved by one turn of the floor. */
export interface Moved {
  /** Who is present, or how near somebody is to a team. */
  readonly people: boolean;
  /** A limit that was said. */
  readonly limits: boolean;
}

export class Holdings {
  readonly #facts: Facts;
  /** When this server heard first of a contact. */
  readonly #heardAt = new Map<string, number>();
  readonly #held = new Groups();
  readonly #callers = new Groups();
  readonly #promises = new Groups();
  readonly #asked = new Groups();
  readonly #openIn = new Groups();
  readonly #openOf = new Groups();
  readonly #firing = new Groups();
  /** Whom an episode may be told to. */
  readonly house: Staff;
  /** Who is present, and what makes them near. */
  readonly #present = new Map<string, string>();
  /** What was said of limits, by table and id. */
  readonly #said = new Map<string, string>();

  constructor(facts: Facts) {
    this.#facts = facts;
    this.house = new Staff(facts);
    this.renew(-Infinity);
  }

  /** Looks at every row: after events that nobody told of. */
  renew(now: number): void {
    const all = FACT_TABLES.map((table) => [table, new Set(this.#facts[table].keys())] as const);
    this.note(Object.fromEntries(all), now);
  }

  note(touched: Touched, now: number): Moved {
    for (const id of touched.contacts ?? []) this.#noteContact(id, now);
    for (const id of touched.callbacks ?? []) {
      const callback = this.#facts.callbacks.get(id);
      this.#promises.put(id, callback && isActive(callback) ? callback.owner : null);
    }
    for (const id of touched.assists ?? []) {
      const assist = this.#facts.assists.get(id);
      this.#asked.put(id, assist?.claimedBy === null ? (assist.team ?? NO_TEAM) : null);
    }
    for (const id of touched.alerts ?? []) this.#noteAlert(id);
    let people = touched.teams !== undefined;
    for (const id of touched.agents ?? []) people = this.#notePerson(id) || people;
    return { people, limits: this.#noteLimits(touched) };
  }

  heardAt(contact: string): number | null {
    return this.#heardAt.get(contact) ?? null;
  }

  /** Contacts that an agent has put on hold or parked, wherever the agent is now. */
  heldBy(agent: string): ReadonlySet<string> {
    return this.#held.in(agent);
  }

  /** Customers in contacts who were promised this callback. */
  callersOf(callback: string): ReadonlySet<string> {
    return this.#callers.in(callback);
  }

  /** Callbacks that are to be done, by their owner. */
  promisesOf(owner: string): ReadonlySet<string> {
    return this.#promises.in(owner);
  }

  /** Requests for help of a team that nobody claimed. */
  askedIn(team: string | null): ReadonlySet<string> {
    return this.#asked.in(team ?? NO_TEAM);
  }

  /** Open episodes of a team. */
  openIn(team: string): readonly AlertFact[] {
    return this.#episodes(this.#openIn.in(team));
  }

  /** Open episodes of a rule. */
  openOf(rule: string): readonly AlertFact[] {
    return this.#episodes(this.#openOf.in(rule));
  }

  /** An episode is open, and its condition held when that was looked at last. */
  isFiring(rule: string, subject: string): boolean {
    return this.#firing.in(`${rule} ${subject}`).size > 0;
  }

  /** The episode that is open, and whose condition held when that was looked at last; null: there is none. */
  firingOf(rule: string, subject: string): AlertFact | null {
    const [id] = this.#firing.in(`${rule} ${subject}`);
    return (id === undefined ? undefined : this.#facts.alerts.get(id)) ?? null;
  }

  /** Who is present and nearest to a team. */
  nearest(team: string | null, except: string | null): string | null {
    const near = team === null ? null : this.#nearestAmong(this.house.near(team), team, except);
    return near ?? this.#nearestAmong(this.#present.keys(), team, except);
  }

  #nearestAmong(ids: Iterable<string>, team: string | null, except: string | null): string | null {
    const present = [...ids].flatMap((id) =>
      id === except || !this.#present.has(id) ? [] : (this.#facts.agents.get(id) ?? []),
    );
    return nearestOf(team, present, this.#facts);
  }

  #episodes(ids: ReadonlySet<string>): readonly AlertFact[] {
    return [...ids].flatMap((id) => this.#facts.alerts.get(id) ?? []);
  }

  #noteContact(id: string, now: number): void {
    const contact = this.#facts.contacts.get(id);
    if (contact === undefined) this.#heardAt.delete(id);
    else if (!this.#heardAt.has(id)) this.#heardAt.set(id, now);
    this.#held.put(id, contact?.state === 'held' ? (contact.heldBy ?? contact.agent) : null);
    this.#callers.put(id, contact?.direction === 'inbound' ? contact.callback : null);
  }

  #noteAlert(id: string): void {
    const alert = this.#facts.alerts.get(id);
    const open = alert !== undefined && isOpen(alert) ? alert : null;
    this.#openIn.put(id, open?.team ?? null);
    this.#openOf.put(id, open?.rule ?? null);
    const isFiring = open?.falseSince === null;
    this.#firing.put(id, isFiring ? `${open.rule} ${open.subject}` : null);
  }

  #notePerson(id: string): boolean {
    const agent = this.#facts.agents.get(id);
    this.house.note(id, agent);
    const was = this.#present.get(id);
    const is = agent === undefined ? null : standing(agent);
    if (is === null) return this.#present.delete(id);
    this.#present.set(id, is);
    return was !== is;
  }

  #noteLimits({ site, teams, queues }: Touched): boolean {
    const facts = this.#facts;
    let isMoved = false;
    const note = (key: string, said: unknown): void => {
      const text = JSON.stringify(said);
      isMoved ||= this.#said.get(key) !== text;
      this.#said.set(key, text);
    };
    for (const id of site ?? []) note(`site ${id}`, facts.site.get(id)?.limits ?? null);
    for (const id of teams ?? []) note(`team ${id}`, facts.teams.get(id)?.limits ?? null);
    for (const id of queues ?? []) {
      const queue = facts.queues.get(id);
      note(`queue ${id}`, [queue?.ownLimits, queue?.teams]);
    }
    return isMoved;
  }
}

/** Null: not present. */
function standing({ presence, presenceSince, role, team, claimedToday }: AgentFact): string | null {
  if (presence !== 'desk' && presence !== 'floor') return null;
  return `${role} ${team} ${presenceSince} ${claimedToday}`;
}
