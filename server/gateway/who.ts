// Who sits at a desk, as they said themselves: kept in the session, asked anew at each command, looked up on the floor, and told to all servers.
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SessionNote } from '../access/secret.ts';
import type { CommandRefusal, PersonSaid, SessionSaid } from '../contract/commands.ts';
import { isId } from '../contract/ids.ts';
import { actsAs } from '../contract/may-act.ts';
import type { Fields } from '../events/decode.ts';
import { encode } from '../events/encode.ts';
import { OWN_SOURCE } from '../events/event.ts';
import type { DataOf } from '../events/schema.ts';
import type { AgentFact, Facts } from '../floor/rows.ts';
import type { Doorman } from './doorman.ts';
import type { Guard } from './guard.ts';
import { setSession } from './sign-in.ts';

/** Browsers that changed their person lately, so that their open sockets follow at once. */
const CHANGES_MOST = 10_000;

/** A session as it was when its socket came. */
export type Sitting = SessionNote;

/** Another person sits at a session from now on. */
export type AccessChange = DataOf['access.changed'];

export type JudgedPerson =
  | { readonly kind: 'person'; readonly person: AgentFact }
  | {
      readonly kind: 'refused';
      readonly reason: Extract<CommandRefusal, 'session' | 'no-person' | 'not-allowed'>;
    };

export interface WhoOptions {
  readonly guard: Guard;
  readonly facts: Facts;
  readonly now: () => number;
}

export class Who {
  readonly #options: WhoOptions;
  /** By the hash of the session. */
  readonly #changes = new Map<string, AccessChange>();

  constructor(options: WhoOptions) {
    this.#options = options;
  }

  /** Null: it has no session, as a program or a wall of the demo. */
  sitting(caller: Pick<IncomingMessage, 'headers' | 'socket'>): Sitting | null {
    return this.#options.guard.session(caller);
  }

  /** It says in whose name it speaks, since it has the site's token. */
  isProgram(caller: Pick<IncomingMessage, 'headers' | 'socket'>): boolean {
    return this.#options.guard.isProgram(caller);
  }

  /** Who sits there now, if they may still act. */
  judge(sitting: Sitting | null): JudgedPerson {
    if (sitting === null) return { kind: 'refused', reason: 'no-person' };
    if (sitting.endsAt <= this.#options.now()) return { kind: 'refused', reason: 'session' };
    const changed = this.#changes.get(sessionName(sitting));
    const { person: id } = changed && changed.endsAt >= sitting.endsAt ? changed : sitting;
    if (id === null) return { kind: 'refused', reason: 'no-person' };
    const person = this.mayAct(id);
    return person === null
      ? { kind: 'refused', reason: 'not-allowed' }
      : { kind: 'person', person };
  }

  /** The lead, supervisor or duty manager of this id; null for everybody else. */
  mayAct(id: string): AgentFact | null {
    const { agents, teams, site } = this.#options.facts;
    const agent = agents.get(id);
    if (agent === undefined) return null;
    const { dutyManager = null } = site.values().next().value ?? {};
    return actsAs(agent, { teams: teams.values(), dutyManager }) === null ? null : agent;
  }

  /** Here, or on another server of the site. */
  changed(change: AccessChange): void {
    const known = this.#changes.get(change.session);
    if (known !== undefined && known.endsAt > change.endsAt) return;
    // Anew, so that the order is that of the changes.
    this.#changes.delete(change.session);
    if (this.#changes.size >= CHANGES_MOST) this.#makeRoom();
    this.#changes.set(change.session, change);
  }

  /** What is over goes; where nothing is, the oldest. */
  #makeRoom(): void {
    const now = this.#options.now();
    for (const [session, { endsAt }] of this.#changes)
      if (endsAt <= now) this.#changes.delete(session);
    for (const session of this.#changes.keys()) {
      if (this.#changes.size < CHANGES_MOST) return;
      this.#changes.delete(session);
    }
  }
}

/** Who reads the journal learns which sessions are the same, and could forge none. */
function sessionName({ nonce }: Pick<Sitting, 'nonce'>): string {
  return createHash('sha256').update(nonce).digest('base64url');
}

export interface WhoDoorsOptions extends WhoOptions {
  readonly who: Who;
  readonly doorman: Doorman;
  /** Rejects where the log did not take them. */
  readonly append: (entries: readonly Fields[]) => Promise<unknown>;
  /** A desk was opened in this person's name. */
  readonly onSits?: (person: string) => void;
}

/** `GET /api/v1/session`; `POST` and `DELETE /api/v1/session/person`. */
export function whoDoors(app: FastifyInstance, options: WhoDoorsOptions): void {
  const { guard, who, doorman, append, onSits } = options;

  function said(request: FastifyRequest, person: AgentFact | null): SessionSaid {
    const isSecure = doorman.isSecure(request.raw) || doorman.isLocal(request.raw);
    return {
      role: 'administrator',
      person: person === null ? null : personSaid(person),
      push: { possible: isSecure, reason: isSecure ? null : 'insecure' },
    };
  }
  async function sit(
    request: FastifyRequest,
    reply: FastifyReply,
    person: AgentFact | null,
  ): Promise<FastifyReply> {
    const before = who.sitting(request.raw)?.person ?? null;
    const { note, session } = guard.sessionFor(request.raw, person?.id ?? null);
    const { endsAt } = note;
    const change: AccessChange = { session: sessionName(note), person: note.person, endsAt };
    // Where it may be open already, every server is to know before it is so: else it would act in the old name there.
    if (before !== null && before !== note.person) {
      const event = {
        ...({ type: 'access.changed', source: OWN_SOURCE, data: change } as const),
        subject: note.person ?? before,
      };
      const isTold = await append([encode(event)]).then(
        () => true,
        () => false,
      );
      if (!isTold) return reply.code(503).send({ error: 'The log cannot be reached just now.' });
    }
    who.changed(change);
    if (person !== null) onSits?.(person.id);
    setSession(reply, session, doorman.isSecure(request.raw));
    return reply.send(said(request, person));
  }

  app.get('/api/v1/session', async (request, reply) => {
    const judged = who.judge(who.sitting(request.raw));
    const person = judged.kind === 'person' ? judged.person : null;
    if (person !== null) onSits?.(person.id);
    return reply.header('cache-control', 'no-store').send(said(request, person));
  });
  app.post('/api/v1/session/person', async (request, reply) => {
    const { agent } = (request.body ?? {}) as { readonly agent?: unknown };
    const person = typeof agent === 'string' && isId(agent) ? who.mayAct(agent) : null;
    if (person !== null) return sit(request, reply, person);
    return reply.code(422).send({
      field: 'agent',
      expected: 'the id of a lead or supervisor of this floor',
      given: agent === undefined ? 'nothing' : (JSON.stringify(agent) ?? '').slice(0, 200),
    });
  });
  app.delete('/api/v1/session/person', async (request, reply) => sit(request, reply, null));
}

function personSaid({ id, name, role, team }: AgentFact): PersonSaid {
  return { id, name, role, team, unverified: true };
}
