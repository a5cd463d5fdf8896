// `/api/v1/session`: who sits here and what they may; at the demo and until there are accounts, one says oneself who one is.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { accountSaid } from '../access/accounts.ts';
import { roleOf, sessionOf } from '../access/identity.ts';
import type { Identity } from '../access/identity.ts';
import type { Sessions } from '../access/sessions.ts';
import type { SessionSaid } from '../contract/commands.ts';
import { isId } from '../contract/ids.ts';
import type { Doorman } from './doorman.ts';
import { setCookie } from './cookies.ts';
import { identityOf } from './doors.ts';
import { given } from './problem.ts';
import type { Who } from './who.ts';

export interface SessionDoorOptions {
  readonly doorman: Doorman;
  readonly who: Who;
  readonly sessions: Sessions;
  /** A desk was opened in this person's name. */
  readonly onSits?: (person: string) => void;
}

/** `GET /api/v1/session`; `POST` and `DELETE /api/v1/session/person`. */
export function sessionDoor(app: FastifyInstance, options: SessionDoorOptions): void {
  const { doorman, who, sessions, onSits } = options;

  function said(request: FastifyRequest, identity: Identity): SessionSaid {
    const isSecure = doorman.isSecure(request.raw) || doorman.isLocal(request.raw);
    const judged = who.judge(identity);
    return {
      role: roleOf(identity) ?? 'wall',
      account: identity.kind === 'person' ? accountSaid(identity.account) : null,
      person: judged.kind === 'person' ? judged.person : null,
      choosesPerson: who.mayChoose(identity),
      push: { possible: isSecure, reason: isSecure ? null : 'insecure' },
    };
  }
  async function sit(
    request: FastifyRequest,
    reply: FastifyReply,
    agent: string | null,
  ): Promise<FastifyReply> {
    const identity = identityOf(request);
    if (!who.mayChoose(identity))
      return reply.code(409).send({ error: 'Who is signed in here is known by their account.' });
    const before = sessionOf(identity);
    const session =
      before === null ? await begun(request, reply, agent) : await sessions.say(before, agent);
    if (agent !== null) onSits?.(agent);
    return reply.send(said(request, { ...identity, session } as Identity));
  }
  async function begun(request: FastifyRequest, reply: FastifyReply, agent: string | null) {
    const came = {
      from: doorman.addressOf(request.raw),
      browser: request.headers['user-agent'],
    };
    const made = await sessions.begin({ person: null, said: agent, by: 'demo', stamp: '' }, came);
    setCookie(reply, 'session', made.text, doorman.isSecure(request.raw));
    return made;
  }

  app.get('/api/v1/session', { config: { least: 'agent' } }, async (request, reply) => {
    const identity = identityOf(request);
    const answer = said(request, identity);
    if (answer.person !== null) onSits?.(answer.person.id);
    return reply.header('cache-control', 'no-store').send(answer);
  });
  app.post('/api/v1/session/person', { config: { least: 'agent' } }, async (request, reply) => {
    const { agent } = (request.body ?? {}) as { readonly agent?: unknown };
    const person = typeof agent === 'string' && isId(agent) ? who.mayAct(agent) : null;
    if (person !== null) return sit(request, reply, person.id);
    return reply.code(422).send({
      field: 'agent',
      expected: 'the id of a lead or supervisor of this floor',
      given: given(agent),
    });
  });
  app.delete('/api/v1/session/person', { config: { least: 'agent' } }, (request, reply) =>
    sit(request, reply, null),
  );
}
