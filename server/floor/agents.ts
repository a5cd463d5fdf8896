// Agents: what each wants, does and says of their presence. One room since every sign of an agent ends in the one review of the row.
import type { AgentState, Presence, Role, Wish } from '../contract/lists.ts';
import type { DataOf } from '../events/schema.ts';
import type { Agenda } from './agenda.ts';
import { deriveState } from './agent-state.ts';
import type { Derived } from './agent-state.ts';
import type { Activity, Had, WrapUp } from './agent-state.ts';
import type { Queues } from './queues.ts';
import type { AgentFact } from './rows.ts';
import type { FactTables } from './tables.ts';
import type { Teams } from './teams.ts';
import type { Slot, Visits } from './visits.ts';

const MINUTE_MS = 60_000;
/** `via` of a presence that a page in use tells. */
export const DESK_PAGE = 'desk-page';
/** How long a presence is believed when nobody said until when. */
const BELIEVED_MS: Readonly<Record<Presence, number | null>> = {
  desk: 30 * MINUTE_MS,
  floor: 30 * MINUTE_MS,
  call: 10 * MINUTE_MS,
  meeting: 120 * MINUTE_MS,
  away: null,
  offline: null,
};
const AT_WORK: ReadonlySet<AgentState> = new Set<AgentState>([
  'available',
  'ringing',
  'talking',
  'holding',
  'wrapup',
  'busy',
]);
/** Said by its source, whoever holds a contact has left it. */
const AWAY: ReadonlySet<AgentState> = new Set<AgentState>(['break', 'wrapup', 'offline']);
/** Activities that are a contact's: when the contact is over, so are they. */
const OF_A_CONTACT: ReadonlySet<AgentState> = new Set<AgentState>([
  'ringing',
  'talking',
  'holding',
]);

export interface Agent extends Activity {
  name: string;
  alias: string | null;
  team: string | null;
  role: Role;
  extension: string | null;
  /** The source of the last `agent.state`. */
  owner: string | null;
  saidAt: number;
  said: AgentState;
  saidReason: string | null;
  saidContact: string | null;
  saidQueue: string | null;
  wish: Wish;
  reachable: boolean;
  pausedIn: Readonly<Record<string, string>>;
  /** By the source; null: it never said. */
  memberOf: readonly string[] | null;
  /** By the profile. */
  queues: readonly string[];
  wrapUp: WrapUp | null;
  open: readonly string[];
  /** The contact that they had last. */
  had: Had | null;
  /** Where the wrap-up that runs now is counted. */
  wrapping: Slot | null;
  /** The contact whose row lies in it; null: none. */
  wrappingContact: string | null;
  presence: {
    readonly is: Presence;
    readonly until: number | null;
    /** Of a page that they use, not in their own words. */
    readonly isSign?: true;
    /** When they said it in their own words; missing in dumps from before there was this. */
    readonly saidAt?: number;
  } | null;
  /** There has been a sign of their presence once. */
  isKnown: boolean;
  awaySince: number | null;
  /** Contacts that rang and were not taken, one after the other. */
  missed: number;
  /** Requests for help that they claimed today. */
  claimedToday: number;
}

/** What an agent counts for now; derived. */
interface Counted {
  readonly queues: readonly string[];
  readonly state: AgentState;
  readonly pausedIn: Readonly<Record<string, string>>;
  readonly worksFor: string | null;
}

export interface Said extends Omit<DataOf['agent.state'], 'state'> {
  readonly state: AgentState;
}

export class Agents {
  readonly #tables: FactTables;
  readonly #agenda: Agenda;
  readonly #queues: Queues;
  readonly #teams: Teams;
  readonly #visits: Visits;
  readonly #agents = new Map<string, Agent>();
  readonly #counted = new Map<string, Counted>();
  /** Agents by the source that last spoke of them. */
  readonly #owned = new Map<string, Set<string>>();

  constructor(parts: {
    readonly tables: FactTables;
    readonly agenda: Agenda;
    readonly queues: Queues;
    readonly teams: Teams;
    readonly visits: Visits;
  }) {
    this.#tables = parts.tables;
    this.#agenda = parts.agenda;
    this.#queues = parts.queues;
    this.#teams = parts.teams;
    this.#visits = parts.visits;
    parts.agenda.keeps('wrapUp', (id) => this.#agents.get(id)?.wrapUp?.until ?? null);
    parts.agenda.keeps('presence', (id) => this.#agents.get(id)?.presence?.until ?? null);
  }

  /** Makes the agent's row at the first mention. */
  mention(id: string, at: number): void {
    this.#get(id, at);
  }

  find(id: string): Readonly<Agent> | undefined {
    return this.#agents.get(id);
  }

  ownedBy(source: string): ReadonlySet<string> {
    return this.#owned.get(source) ?? new Set();
  }

  tell(id: string, data: DataOf['agent.profile'], at: number): void {
    const agent = this.#get(id, at);
    const wasStaff = staffOf(agent);
    agent.name = data.name;
    agent.alias = data.alias ?? agent.alias;
    agent.team = data.team ?? agent.team;
    agent.role = data.role ?? agent.role;
    agent.extension = data.extension ?? agent.extension;
    if (data.queues) agent.queues = keepIfEqual(agent.queues, [...new Set(data.queues)]);
    const isStaff = staffOf(agent);
    if (agent.team !== null) this.#teams.mention(agent.team);
    if (wasStaff !== isStaff) {
      if (wasStaff !== null) this.#teams.staff(wasStaff, id, 'left');
      if (isStaff !== null) this.#teams.staff(isStaff, id, 'joined');
    }
    this.#review(agent, at);
  }

  /** What a source says of an agent; it owns that agent's state from now on. */
  say(
    id: string,
    said: Said,
    { source, at }: { readonly source: string; readonly at: number },
  ): void {
    const agent = this.#get(id, at);
    this.#own(agent, source);
    agent.saidAt = Math.max(agent.saidAt, at);
    const wasOffline = agent.said === 'offline';
    agent.said = said.state;
    agent.saidReason = said.reason ?? null;
    agent.saidContact = said.contact ?? null;
    agent.saidQueue = said.queue ?? null;
    agent.wish = said.wish ?? wishBehind(said.state) ?? (wasOffline ? 'available' : agent.wish);
    agent.reachable = said.reachable ?? agent.reachable;
    agent.pausedIn = keepIfEqual(agent.pausedIn, said.pausedIn ?? agent.pausedIn);
    if (said.memberOf) agent.memberOf = keepIfEqual(agent.memberOf, [...new Set(said.memberOf)]);
    for (const queue of said.memberOf ?? []) this.#queues.heardFrom(queue, source);
    if (said.state === 'break' || said.state === 'offline') agent.missed = 0;
    // A new shift does not wrap up what the last one left.
    if (said.state === 'offline') agent.had = agent.wrapUp = null;
    this.#review(agent, at);
  }

  sayPresence(id: string, data: DataOf['supervisor.presence'], at: number): void {
    const agent = this.#get(id, at);
    const believed = BELIEVED_MS[data.presence];
    const until = data.until ?? (believed === null ? null : at + believed);
    const whose = data.via === DESK_PAGE ? ({ isSign: true } as const) : { saidAt: at };
    agent.presence = { is: data.presence, until, ...whose };
    if (data.presence === 'offline') this.#teams.left(id, data.how, at);
    agent.isKnown = true;
    if (until !== null) this.#agenda.add('presence', id, until);
    this.#review(agent, at);
  }

  /** A contact rings at them. */
  ring(id: string, contact: string, at: number): void {
    const agent = this.#get(id, at);
    if (!agent.open.includes(contact)) agent.open = [...agent.open, contact];
    this.#review(agent, at);
  }

  /** They have taken a contact. */
  take(id: string, contact: string, at: number): void {
    const agent = this.#get(id, at);
    // Of somebody of whom no source speaks, this much is known: they are at work.
    if (agent.owner === null && agent.said === 'offline') agent.said = agent.wish = 'available';
    agent.missed = 0;
    agent.open = [...agent.open.filter((open) => open !== contact), contact];
    this.#review(agent, at);
  }

  /** A contact rang at them, and they did not take it; who is free of it then, is reviewed then. */
  miss(id: string): void {
    const agent = this.#agents.get(id);
    if (agent) agent.missed += 1;
  }

  /** They have claimed a request for help. */
  claimed(id: string, at: number): void {
    const agent = this.#get(id, at);
    agent.claimedToday += 1;
    this.#review(agent, at);
  }

  /** The day has changed. */
  turn(at: number): void {
    for (const agent of this.#agents.values()) {
      if (agent.claimedToday === 0) continue;
      agent.claimedToday = 0;
      this.#review(agent, at);
    }
  }

  /** They are free of a contact that they had or that rang. `wrapUpMs` after what they had, 0 for none. */
  release(
    id: string,
    contact: string,
    {
      at,
      had,
      wrapUpMs,
    }: { readonly at: number; readonly had: Had | null; readonly wrapUpMs: number },
  ): void {
    const agent = this.#agents.get(id);
    if (!agent?.open.includes(contact)) return;
    agent.open = agent.open.filter((open) => open !== contact);
    if (OF_A_CONTACT.has(agent.said) && (agent.saidContact ?? contact) === contact) {
      agent.said = 'available';
      agent.saidContact = agent.saidQueue = null;
    }
    if (had) agent.had = had;
    if (had && wrapUpMs > 0) {
      const until = at + wrapUpMs;
      agent.wrapUp = { of: had.contact, slot: had.slot, until };
      this.#agenda.add('wrapUp', id, until);
    }
    this.#review(agent, at);
  }

  /** One of their contacts has changed. */
  review(id: string, at: number): void {
    const agent = this.#agents.get(id);
    if (agent) this.#review(agent, at);
  }

  /** Time alone: the timed wrap-up is over. */
  wrapUpRanOut(id: string, at: number): void {
    const agent = this.#agents.get(id);
    if (!agent) return;
    agent.wrapUp = null;
    this.#review(agent, at);
  }

  /** Time alone: what was said of a presence is no longer believed. */
  presenceRanOut(id: string, at: number): void {
    const agent = this.#agents.get(id);
    if (!agent) return;
    agent.presence = null;
    this.#review(agent, at);
  }

  /** What an agent consists of is replaced, never changed, so that a copy of the agent is enough. */
  dump(): readonly Agent[] {
    return Array.from(this.#agents.values(), (agent) => ({ ...agent }));
  }

  /** Rows are in the tables already, and queues and teams are restored. */
  restore(dump: readonly Agent[]): void {
    for (const agent of dump) {
      this.#agents.set(agent.id, agent);
      if (agent.owner !== null) this.#ownedBy(agent.owner).add(agent.id);
      if (agent.wrapUp) this.#agenda.add('wrapUp', agent.id, agent.wrapUp.until);
      const { presence } = agent;
      if (presence && presence.until !== null)
        this.#agenda.add('presence', agent.id, presence.until);
      const staff = staffOf(agent);
      if (staff !== null) this.#teams.staff(staff, agent.id, 'joined');
      const row = this.#tables.facts.agents.get(agent.id);
      if (row) this.#count(agent, row.state);
    }
  }

  #get(id: string, at: number): Agent {
    let agent = this.#agents.get(id);
    if (agent) return agent;
    agent = newAgent(id);
    this.#agents.set(id, agent);
    this.#review(agent, at);
    return agent;
  }

  #own(agent: Agent, source: string): void {
    if (agent.owner === source) return;
    if (agent.owner !== null) {
      const owned = this.#owned.get(agent.owner);
      owned?.delete(agent.id);
      if (owned?.size === 0) this.#owned.delete(agent.owner);
    }
    agent.owner = source;
    this.#ownedBy(source).add(agent.id);
  }

  #ownedBy(source: string): Set<string> {
    let owned = this.#owned.get(source);
    if (!owned) this.#owned.set(source, (owned = new Set()));
    return owned;
  }

  /** Derives the state again, and puts a row if anything in it is new. */
  #review(agent: Agent, at: number): void {
    const row = this.#tables.facts.agents.get(agent.id);
    const derived = deriveState(agent, this.#tables.facts.contacts);
    const moved = row?.state !== derived.state;
    const since = row ? (moved ? Math.max(at, row.since) : this.#sameSince(row, derived)) : at;
    if (row && moved && row.state === 'wrapup') this.#endWrapUp(agent, since - row.since);
    if (moved && derived.state === 'wrapup') this.#beginWrapUp(agent, since);
    const had = derived.state === 'wrapup' ? agent.had?.contact : undefined;
    const presence = this.#presenceOf(agent, derived.state);
    const presenceMoved = (row?.presence ?? null) !== presence;
    const presenceWas = row?.presenceSince ?? null;
    const presenceSince = presenceMoved ? Math.max(at, presenceWas ?? at) : presenceWas;
    // Of whom no source speaks, nobody says that they have left.
    const isAway = agent.owner !== null && AWAY.has(agent.said);
    agent.awaySince = isAway ? (agent.awaySince ?? at) : null;
    const next: AgentFact = {
      id: agent.id,
      name: agent.name,
      alias: agent.alias,
      team: agent.team,
      role: agent.role,
      extension: agent.extension,
      state: derived.state,
      reason: derived.reason,
      since,
      wish: agent.wish,
      reachable: agent.reachable,
      contact: derived.contact ?? had?.id ?? null,
      queue: derived.queue ?? had?.queue ?? null,
      pausedIn: agent.pausedIn,
      memberOf: agent.memberOf ?? agent.queues,
      presence,
      presenceUntil: agent.presence?.until ?? null,
      presenceSaidAt: agent.presence?.saidAt,
      presenceSince,
      awaySince: agent.awaySince,
      missed: agent.missed,
      claimedToday: agent.claimedToday,
      source: agent.owner ?? undefined,
    };
    if (row && isSameRow(row, next)) return;
    this.#tables.put('agents', next);
    if (
      moved ||
      row?.memberOf !== next.memberOf ||
      row.pausedIn !== next.pausedIn ||
      !isPlaced(row, next)
    )
      this.#count(agent, derived.state);
    if (presenceMoved) this.#teams.sawPresence(agent.id);
  }

  /** Of a state that stays: whoever goes from one contact to another in one instant is with the other since that began. */
  #sameSince({ since, contact: before }: AgentFact, { contact: now }: Derived): number {
    if (before === null || now === null || before === now) return since;
    return Math.max(since, this.#tables.facts.contacts.get(now)?.since ?? since);
  }

  /** What a person says beats the phone; of a lead's phone only a call is a sign, since a phone is on in an empty room, too. */
  #presenceOf(agent: Agent, state: AgentState): Presence | null {
    const isOnPhone = state === 'talking' || state === 'holding';
    // Who clicks at a desk while they talk is in a call all the same.
    if (agent.presence && !(agent.presence.isSign && isOnPhone)) return agent.presence.is;
    if (isOnPhone && (staffOf(agent) !== null || this.#teams.leads(agent.id))) {
      agent.isKnown = true;
      return 'call';
    }
    return agent.isKnown ? 'away' : null;
  }

  #count(agent: Agent, state: AgentState): void {
    const was = this.#counted.get(agent.id);
    const isAgent = agent.role === 'agent' || agent.role === 'trainee';
    const is: Counted = {
      queues: agent.memberOf ?? agent.queues,
      state,
      pausedIn: agent.pausedIn,
      worksFor: isAgent && AT_WORK.has(state) ? agent.team : null,
    };
    if (was) for (const queue of was.queues) this.#queues.tally(queue, standingIn(queue, was), -1);
    for (const queue of is.queues) this.#queues.tally(queue, standingIn(queue, is), 1);
    const workedFor = was?.worksFor ?? null;
    if (is.worksFor !== workedFor) {
      if (workedFor !== null) this.#teams.work(workedFor, -1);
      if (is.worksFor !== null) this.#teams.work(is.worksFor, 1);
    }
    this.#counted.set(agent.id, is);
  }

  /** The contact's row stays as long as the wrap-up, unless it lives on with somebody else. */
  #beginWrapUp(agent: Agent, since: number): void {
    const timed = agent.wrapUp;
    const contact = timed?.of ?? agent.had?.contact;
    agent.wrapping = timed ? timed.slot : (agent.had?.slot ?? null);
    if (!contact || this.#tables.facts.contacts.has(contact.id)) return;
    agent.wrappingContact = contact.id;
    this.#tables.put('contacts', { ...contact, state: 'wrapup', since, agent: agent.id });
  }

  #endWrapUp(agent: Agent, ms: number): void {
    if (agent.wrapping) this.#visits.wrapUp(agent.wrapping, ms);
    const contact = this.#tables.facts.contacts.get(agent.wrappingContact ?? '');
    agent.wrapping = agent.wrappingContact = null;
    if (contact?.state === 'wrapup' && contact.agent === agent.id)
      this.#tables.remove('contacts', contact.id);
  }
}

function newAgent(id: string): Agent {
  return {
    id,
    name: id,
    alias: null,
    team: null,
    role: 'agent',
    extension: null,
    owner: null,
    saidAt: 0,
    said: 'offline',
    saidReason: null,
    saidContact: null,
    saidQueue: null,
    wish: 'offline',
    reachable: true,
    pausedIn: {},
    memberOf: null,
    queues: [],
    wrapUp: null,
    open: [],
    had: null,
    wrapping: null,
    wrappingContact: null,
    presence: null,
    isKnown: false,
    awaySince: null,
    missed: 0,
    claimedToday: 0,
  };
}

/** The team whose lead or supervisor this is. */
function staffOf({ role, team }: Agent): string | null {
  return role === 'lead' || role === 'supervisor' ? team : null;
}

function wishBehind(state: AgentState): Wish | null {
  return state === 'available' || state === 'break' || state === 'offline' ? state : null;
}

/** The old one where the new one says the same, so that identity tells change. */
function keepIfEqual<T>(was: T, is: NonNullable<T>): NonNullable<T> {
  if (was === is) return is;
  return was && JSON.stringify(was) === JSON.stringify(is) ? was : is;
}

/** Paused in this queue alone, they are on a break there, and free elsewhere. */
function standingIn(queue: string, { state, pausedIn }: Counted): AgentState {
  return state === 'available' && Object.hasOwn(pausedIn, queue) ? 'break' : state;
}

function isPlaced(row: AgentFact, next: AgentFact): boolean {
  return row.team === next.team && row.role === next.role;
}

function isSameRow(row: AgentFact, next: AgentFact): boolean {
  for (const field in next)
    if (row[field as keyof AgentFact] !== next[field as keyof AgentFact]) return false;
  return true;
}
