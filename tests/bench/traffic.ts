// A floor's traffic without end at any rate: contacts that come, ring, are answered, held and over, and what happens beside them. One room, since each step draws on the same contacts.
import type { NewEvent } from '../../server/events/event.ts';
import type { Chance } from '../support/chance.ts';

export interface TrafficOptions {
  readonly agents: number;
  readonly queues: number;
  /** Each has its own agents and queues; ids begin with its name, `d0` and so on. */
  readonly departments: number;
  readonly chance: Chance;
}

interface Call {
  readonly id: string;
  readonly queue: string;
  agent: string;
  isHeld: boolean;
}

/** So many of a department's agents are at each step of a contact, once the floor is in its stride. */
const SHARES = { waiting: 0.08, ringing: 0.03, talking: 0.6, wrapup: 0.08 };
const AGENTS_OF_A_TEAM = 15;
/** One to three, as in the demo. */
const QUEUES_OF_AN_AGENT_MOST = 3;

export class Traffic {
  readonly #departments: readonly Department[];
  readonly #chance: Chance;

  constructor({ agents, queues, departments, chance }: TrafficOptions) {
    this.#chance = chance;
    this.#departments = Array.from(
      { length: departments },
      (_, at) =>
        new Department(`d${at}`, chance, {
          agents: share(agents, departments, at),
          queues: share(queues, departments, at),
        }),
    );
  }

  /** Names of everything; all agents are free. */
  profiles(): NewEvent[] {
    return this.#departments.flatMap((department) => department.profiles());
  }

  /** Boards `all-public` and `all-desk`, and one of each department by its name, public and desk in turn. */
  boards(): NewEvent[] {
    const board = (id: string, data: NewEvent<'board.saved'>['data']): NewEvent => ({
      type: 'board.saved',
      subject: id,
      data,
    });
    return [
      board('all-public', { name: 'All', audience: 'public' }),
      board('all-desk', { name: 'All', audience: 'desk' }),
      ...this.#departments.map(({ id, queues, teams }, at) =>
        board(id, { name: id, audience: at % 2 === 0 ? 'public' : 'desk', queues, teams }),
      ),
    ];
  }

  /** What happens next, at `at`. */
  next(at: number): NewEvent {
    return { ...this.#chance.of(this.#departments).next(), at, source: 'acd' };
  }
}

class Department {
  readonly id: string;
  readonly queues: string[];
  readonly teams: string[];
  readonly #chance: Chance;
  readonly #agents: readonly string[];
  readonly #free: string[];
  readonly #waiting: Call[] = [];
  readonly #ringing: Call[] = [];
  readonly #talking: Call[] = [];
  readonly #wrapup: string[] = [];
  readonly #callbacks: string[] = [];
  readonly #assists: string[] = [];
  /** What must come next. */
  readonly #due: NewEvent[] = [];
  #made = 0;

  constructor(
    id: string,
    chance: Chance,
    size: { readonly agents: number; readonly queues: number },
  ) {
    const named = (kind: string, count: number): string[] =>
      Array.from({ length: count }, (_, at) => `${id}-${kind}-${at}`);
    this.id = id;
    this.#chance = chance;
    this.queues = named('queue', size.queues);
    this.teams = named('team', Math.ceil(size.agents / AGENTS_OF_A_TEAM));
    this.#agents = named('agent', size.agents);
    this.#free = [...this.#agents];
  }

  profiles(): NewEvent[] {
    const name = (at: number): string => `${FIRST[at % FIRST.length]} ${LAST[at % LAST.length]}`;
    return [
      ...this.teams.map((id): NewEvent => ({
        type: 'team.profile',
        subject: id,
        data: { name: id },
      })),
      ...this.queues.map((id, at): NewEvent => ({
        type: 'queue.profile',
        subject: id,
        data: {
          name: `Queue ${at} of ${this.id}`,
          channel: 'voice',
          teams: this.teams.slice(0, 4),
        },
      })),
      ...this.#agents.flatMap((id, at): NewEvent[] => [
        {
          type: 'agent.profile',
          subject: id,
          data: {
            name: name(at),
            team: this.teams[Math.floor(at / AGENTS_OF_A_TEAM)] ?? this.id,
            role: at % AGENTS_OF_A_TEAM === 0 ? 'lead' : 'agent',
          },
        },
        {
          type: 'agent.state',
          subject: id,
          source: 'acd',
          data: { state: 'available', reachable: true, memberOf: this.#queuesOf(at) },
        },
      ]),
    ];
  }

  next(): NewEvent {
    const due = this.#due.shift();
    if (due !== undefined) return due;
    const kind = this.#chance.next();
    if (kind < 0.02) return this.#presence();
    if (kind < 0.03) return this.#callback();
    if (kind < 0.04) return this.#assist();
    return this.#chance.of(this.#steps())();
  }

  /** The steps that may be taken; what has come far enough goes on before more comes. */
  #steps(): readonly (() => NewEvent)[] {
    const most = (step: keyof typeof SHARES): number =>
      Math.max(1, Math.round(this.#agents.length * SHARES[step]));
    const steps: (() => NewEvent)[] = [];
    if (this.#waiting.length < 2 * most('waiting')) steps.push(() => this.#arrive());
    if (this.#waiting.length > most('waiting') && this.#free.length > 0)
      steps.push(this.#chance.below(20) === 0 ? () => this.#abandon() : () => this.#ring());
    if (this.#ringing.length > most('ringing')) steps.push(() => this.#answer());
    if (this.#talking.length > most('talking')) steps.push(() => this.#end());
    if (this.#wrapup.length > most('wrapup')) steps.push(() => this.#ready());
    if (this.#talking.length > 0 && this.#chance.below(3) === 0) steps.push(() => this.#hold());
    // Nobody is free and everybody waits: the oldest talk is over.
    return steps.length > 0 ? steps : [() => this.#end()];
  }

  #arrive(): NewEvent {
    const call: Call = {
      id: this.#newId('call'),
      queue: this.#chance.of(this.queues),
      agent: '',
      isHeld: false,
    };
    this.#waiting.push(call);
    return {
      type: 'contact.queued',
      subject: call.id,
      data: { queue: call.queue, channel: 'voice', customer: this.#customer() },
    };
  }

  #abandon(): NewEvent {
    const { id } = this.#take(this.#waiting);
    return { type: 'contact.ended', subject: id, data: { by: 'customer', outcome: 'abandoned' } };
  }

  #ring(): NewEvent {
    const call = this.#take(this.#waiting);
    call.agent = this.#take(this.#free);
    this.#ringing.push(call);
    return { type: 'contact.ringing', subject: call.id, data: whoAndWhere(call) };
  }

  #answer(): NewEvent {
    const call = this.#take(this.#ringing);
    this.#talking.push(call);
    return { type: 'contact.answered', subject: call.id, data: whoAndWhere(call) };
  }

  #hold(): NewEvent {
    const call = this.#chance.of(this.#talking);
    call.isHeld = !call.isHeld;
    const type = call.isHeld ? 'contact.held' : 'contact.resumed';
    return { type, subject: call.id, data: { agent: call.agent } };
  }

  #end(): NewEvent {
    const { id, agent, queue } = this.#take(this.#talking);
    this.#wrapup.push(agent);
    this.#due.push({ type: 'agent.state', subject: agent, data: { state: 'wrapup', queue } });
    return { type: 'contact.ended', subject: id, data: { by: 'customer', outcome: 'answered' } };
  }

  #ready(): NewEvent {
    const agent = this.#take(this.#wrapup);
    this.#free.push(agent);
    return { type: 'agent.state', subject: agent, data: { state: 'available' } };
  }

  #presence(): NewEvent {
    const presence = this.#chance.of(['desk', 'floor', 'meeting', 'away'] as const);
    const lead = this.#chance.below(this.teams.length) * AGENTS_OF_A_TEAM;
    return {
      type: 'supervisor.presence',
      subject: this.#agents[lead] ?? this.id,
      data: { presence },
    };
  }

  #callback(): NewEvent {
    if (this.#callbacks.length < 20) {
      const id = this.#newId('callback');
      this.#callbacks.push(id);
      const data = {
        customer: this.#customer(),
        dueAt: new Date(Date.now() + 3_600_000).toISOString(),
        by: this.#chance.of(this.#agents),
        team: this.#chance.of(this.teams),
      };
      return { type: 'callback.promised', subject: id, data };
    }
    const id = this.#take(this.#callbacks);
    return { type: 'callback.completed', subject: id, data: { by: this.#chance.of(this.#agents) } };
  }

  #assist(): NewEvent {
    const agent = this.#chance.of(this.#agents);
    if (this.#assists.length >= 5)
      return { type: 'assist.closed', subject: this.#take(this.#assists), data: { by: agent } };
    const id = this.#newId('assist');
    this.#assists.push(id);
    return { type: 'assist.requested', subject: id, data: { agent } };
  }

  #customer(): { readonly name: string; readonly address: string } {
    const number = 20_000_000 + this.#chance.below(9_999_999);
    return { name: this.#chance.of(LAST), address: `+371${number}` };
  }

  #queuesOf(agent: number): string[] {
    const count = Math.min(1 + (agent % QUEUES_OF_AN_AGENT_MOST), this.queues.length);
    return Array.from(
      { length: count },
      (_, at) => this.queues[(agent + at) % this.queues.length] ?? '',
    );
  }

  #take<T>(line: T[]): T {
    const first = line.shift();
    if (first === undefined) throw new Error('invariant: nobody is at this step');
    return first;
  }

  #newId(kind: string): string {
    this.#made += 1;
    return `${this.id}-${kind}-${this.#made}`;
  }
}

function whoAndWhere({ agent, queue }: Call): { readonly agent: string; readonly queue: string } {
  return { agent, queue };
}

/** The `at`-th of `parts` nearly equal parts of `whole`. */
function share(whole: number, parts: number, at: number): number {
  return Math.floor((whole * (at + 1)) / parts) - Math.floor((whole * at) / parts);
}

const FIRST = ['Charles', 'Lucie', 'Jarvis', 'Sydney', 'Jerry', 'Ruth', 'Roger', 'Gabelle'];
const LAST = [
  'Darnay',
  'Manette',
  'Lorry',
  'Carton',
  'Cruncher',
  'Pross',
  'Cly',
  'Barsad',
  'Stryver',
];
