// Teams and their cover, since when it is so. One room since the cover of one team hangs on the other teams of whoever is alone.
import type { CoverState } from '../contract/lists.ts';
import type { Cover } from '../contract/rows.ts';
import type { DataOf } from '../events/schema.ts';
import type { Agenda } from './agenda.ts';
import { coverHoursAt } from './cover-hours.ts';
import type { CoverGivenBack, CoverTaken } from './rows.ts';
import type { Site } from './site.ts';
import type { FactTables } from './tables.ts';

/** How long a cover is believed when nobody said until when. */
const COVER_BELIEVED_MS = 2 * 3_600_000;

export interface Team {
  readonly id: string;
  name: string;
  leads: readonly string[];
  coveredBy: readonly string[];
  coverHours: string | null;
  limits: Readonly<Record<string, number>>;
  /** Who took cover, until when. */
  takenBy: CoverTaken[];
  gaveBack?: CoverGivenBack;
  /** The next instant at which its cover hours begin or end. */
  hoursChangeAt: number | null;
}

/** What is derived, and so not in a dump. */
interface Staffed extends Team {
  /** Leads and supervisors by their profiles. */
  readonly staff: Set<string>;
  /** Agents who work now: at their phones, not on a break. */
  working: number;
  /** All who may cover it. */
  candidates: ReadonlySet<string>;
}

interface Basis {
  readonly isOff: boolean;
  readonly present: readonly string[];
  readonly inCall: readonly string[];
}

export class Teams {
  readonly #tables: FactTables;
  readonly #agenda: Agenda;
  readonly #site: Site;
  readonly #teams = new Map<string, Staffed>();
  /** Who may cover which teams. */
  readonly #covers = new Map<string, Set<Staffed>>();
  /** Which teams a team's people cover. */
  readonly #lendsTo = new Map<string, Set<Staffed>>();
  readonly #changed = new Set<Staffed>();

  constructor(tables: FactTables, agenda: Agenda, site: Site) {
    this.#tables = tables;
    this.#agenda = agenda;
    this.#site = site;
    agenda.keeps('hours', (id) => this.#teams.get(id)?.hoursChangeAt ?? null);
    agenda.keeps('cover', (id) => {
      const team = this.#teams.get(id);
      return team ? firstEnd(team) : null;
    });
  }

  /** Makes the team's row at its first mention. */
  mention(id: string): void {
    this.#get(id);
  }

  tell(id: string, data: DataOf['team.profile'], at: number): void {
    const team = this.#get(id);
    team.name = data.name;
    team.leads = data.leads ?? team.leads;
    team.limits = data.limits ?? team.limits;
    if (data.coveredBy) {
      for (const lender of team.coveredBy) this.#lendsTo.get(lender)?.delete(team);
      team.coveredBy = data.coveredBy.filter((other) => other !== id);
      for (const lender of team.coveredBy) entry(this.#lendsTo, lender).add(team);
    }
    if (data.coverHours !== undefined) {
      team.coverHours = data.coverHours;
      this.#awaitHours(team, at);
    }
    this.#choose(team);
  }

  /** Is this person a lead or a supervisor of some team, or covering one? */
  leads(person: string): boolean {
    return (this.#covers.get(person)?.size ?? 0) > 0;
  }

  /** A lead or supervisor joined a team's staff, or left it. */
  staff(id: string, person: string, how: 'joined' | 'left'): void {
    const team = this.#get(id);
    if (how === 'joined') team.staff.add(person);
    else team.staff.delete(person);
    this.#choose(team);
  }

  /** One agent more or less is at work. */
  work(id: string, by: 1 | -1): void {
    const team = this.#get(id);
    team.working += by;
    if (team.working === (by === 1 ? 1 : 0)) this.#changed.add(team);
  }

  sawPresence(person: string): void {
    for (const team of this.#covers.get(person) ?? []) this.#changed.add(team);
  }

  take(id: string, { by, until, how }: DataOf['cover.taken'], at: number): void {
    const team = this.#get(id);
    const taken = {
      agent: by,
      until: until ?? at + COVER_BELIEVED_MS,
      at,
      ...(how === undefined ? {} : { how }),
    };
    team.takenBy = [...team.takenBy.filter(({ agent }) => agent !== by), taken];
    const end = firstEnd(team);
    if (end !== null) this.#agenda.add('cover', id, end);
    this.#choose(team);
  }

  end(id: string, { by, how }: DataOf['cover.ended'], at: number): void {
    const team = this.#get(id);
    if (!team.takenBy.some(({ agent }) => agent === by)) return;
    team.takenBy = team.takenBy.filter(({ agent }) => agent !== by);
    team.gaveBack = { agent: by, at, ...(how === undefined ? {} : { how }) };
    this.#choose(team);
  }

  /** Who goes off duty covers nobody any more. */
  left(person: string, how: DataOf['supervisor.presence']['how'], at: number): void {
    for (const team of [...(this.#covers.get(person) ?? [])])
      this.end(team.id, { by: person, how }, at);
  }

  /** Time alone: somebody's cover is over. */
  coverRanOut(id: string, at: number): void {
    const team = this.#teams.get(id);
    if (!team) return;
    team.takenBy = team.takenBy.filter(({ until }) => until > at);
    const end = firstEnd(team);
    if (end !== null) this.#agenda.add('cover', id, end);
    this.#choose(team);
  }

  /** Time alone: the cover hours begin or end. */
  hoursTurned(id: string, at: number): void {
    const team = this.#teams.get(id);
    if (!team) return;
    this.#awaitHours(team, at);
    this.#changed.add(team);
  }

  /** The site's zone is another. */
  moveZone(at: number): void {
    for (const team of this.#teams.values()) {
      this.#awaitHours(team, at);
      this.#changed.add(team);
    }
  }

  flush(at: number): void {
    if (this.#changed.size === 0) return;
    // Whether cover is thin depends on the other teams of whoever is alone.
    const affected = new Set(this.#changed);
    this.#changed.clear();
    for (const team of [...affected])
      for (const person of team.candidates)
        for (const other of this.#covers.get(person) ?? []) affected.add(other);
    for (const team of affected) this.#put(team, at);
  }

  dump(): readonly Team[] {
    return [...this.#teams.values()].map(({ id, name, leads, coveredBy, coverHours, ...rest }) => {
      const { limits, hoursChangeAt } = rest;
      return { id, name, leads, coveredBy, coverHours, limits, ...handsOf(rest), hoursChangeAt };
    });
  }

  /** Staff and work come from the agents, who are restored after. */
  restore(dump: readonly Team[]): void {
    for (const said of dump) {
      const team = this.#get(said.id);
      Object.assign(team, said, { takenBy: said.takenBy.map(withEnd) });
      for (const lender of team.coveredBy) entry(this.#lendsTo, lender).add(team);
      const end = firstEnd(team);
      if (end !== null) this.#agenda.add('cover', team.id, end);
      if (team.hoursChangeAt !== null) this.#agenda.add('hours', team.id, team.hoursChangeAt);
    }
    for (const team of this.#teams.values()) this.#choose(team);
  }

  #get(id: string): Staffed {
    let team = this.#teams.get(id);
    if (team) return team;
    team = {
      id,
      name: id,
      leads: [],
      coveredBy: [],
      coverHours: null,
      limits: {},
      takenBy: [],
      hoursChangeAt: null,
      staff: new Set(),
      working: 0,
      candidates: new Set(),
    };
    this.#teams.set(id, team);
    this.#changed.add(team);
    return team;
  }

  /** Finds again who may cover this team, and those which its people cover. */
  #choose(team: Staffed): void {
    for (const each of [team, ...(this.#lendsTo.get(team.id) ?? [])]) {
      for (const person of each.candidates) this.#covers.get(person)?.delete(each);
      // Those whom it loses decide about their other teams, too.
      for (const person of each.candidates) this.sawPresence(person);
      const lenders = each.coveredBy.map((id) => this.#teams.get(id));
      const candidates = new Set<string>();
      for (const from of [each, ...lenders]) {
        for (const person of from?.leads ?? []) candidates.add(person);
        for (const person of from?.staff ?? []) candidates.add(person);
      }
      for (const { agent } of each.takenBy) candidates.add(agent);
      each.candidates = candidates;
      for (const person of candidates) entry(this.#covers, person).add(each);
      this.#changed.add(each);
    }
  }

  #awaitHours(team: Staffed, at: number): void {
    team.hoursChangeAt = coverHoursAt(team.coverHours, at, this.#site.zone).changesAt;
    if (team.hoursChangeAt !== null) this.#agenda.add('hours', team.id, team.hoursChangeAt);
  }

  #basis(team: Staffed, at: number): Basis {
    const { agents } = this.#tables.facts;
    const present: string[] = [];
    const inCall: string[] = [];
    for (const person of team.candidates) {
      const presence = agents.get(person)?.presence;
      if (presence === 'desk' || presence === 'floor') present.push(person);
      else if (presence === 'call') inCall.push(person);
    }
    const { inside } = coverHoursAt(team.coverHours, at, this.#site.zone);
    return { isOff: team.working === 0 || !inside, present: present.sort(), inCall: inCall.sort() };
  }

  #stateOf(team: Staffed, { isOff, present, inCall }: Basis, at: number): CoverState {
    if (isOff) return 'off';
    const [first] = present;
    if (first === undefined) return inCall.length > 0 ? 'thin' : 'uncovered';
    if (present.length > 1) return 'covered';
    for (const other of this.#covers.get(first) ?? []) {
      if (other === team) continue;
      const basis = this.#basis(other, at);
      if (!basis.isOff && basis.present.length === 1) return 'thin';
    }
    return 'covered';
  }

  #put(team: Staffed, at: number): void {
    const basis = this.#basis(team, at);
    const state = this.#stateOf(team, basis, at);
    const row = this.#tables.facts.teams.get(team.id);
    const present = basis.present.length > 0 ? basis.present : basis.inCall;
    const was = row?.cover;
    const since =
      was === undefined ? at : was.state === state ? was.since : Math.max(at, was.since);
    const cover: Cover = { state, since, present };
    const { id, name, leads, coveredBy, coverHours, limits } = team;
    const next = { id, name, leads, cover, coveredBy, coverHours, limits, ...handsOf(team) };
    if (row && JSON.stringify(row) === JSON.stringify(next)) return;
    this.#tables.put('teams', next);
  }
}

function firstEnd({ takenBy }: Team): number | null {
  return takenBy.length === 0 ? null : Math.min(...takenBy.map(({ until }) => until));
}

/** Who has taken the cover, and who gave it back. */
function handsOf({ takenBy, gaveBack }: Pick<Team, 'takenBy' | 'gaveBack'>) {
  return gaveBack === undefined ? { takenBy } : { takenBy, gaveBack };
}

/** In older dumps a cover may have no end. */
function withEnd(taken: Omit<CoverTaken, 'until'> & { readonly until: number | null }): CoverTaken {
  return { ...taken, until: taken.until ?? (taken.at ?? 0) + COVER_BELIEVED_MS };
}

function entry<K, V>(map: Map<K, Set<V>>, key: K): Set<V> {
  let set = map.get(key);
  if (!set) map.set(key, (set = new Set()));
  return set;
}
