// `/api/v1/account`: one's own account: in which browsers one is signed in, and another password.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Accounts } from '../access/accounts.ts';
import type { Sessions } from '../access/sessions.ts';
import type { Throttle } from '../log/throttle.ts';
import type { Changes } from './changes.ts';
import type { Doorman } from './doorman.ts';
import { identityOf } from './doors.ts';
import type { Note } from './note.ts';
import { readBody } from './problem.ts';

const AGENT = { config: { least: 'agent' } } as const;
const words = z.object({ old: z.string().max(1_000), password: z.string().max(1_000) });
const NO_ACCOUNT = { error: 'Nobody is signed in here as themselves.' };

export interface AccountDoorOptions {
  readonly doorman: Doorman;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly throttle: Throttle;
  readonly changes: Changes;
  readonly note: Note;
}

export function accountDoor(app: FastifyInstance, options: AccountDoorOptions): void {
  const { doorman, accounts, sessions, throttle, changes, note } = options;

  app.get('/api/v1/account/sessions', AGENT, async (request, reply) => {
    const identity = identityOf(request);
    if (identity.kind !== 'person') return reply.code(409).send(NO_ACCOUNT);
    const { account, session } = identity;
    return reply
      .header('cache-control', 'no-store')
      .send({ sessions: await sessions.of(account.id, session.hash) });
  });
  app.delete('/api/v1/account/sessions/:id', AGENT, async (request, reply) => {
    const identity = identityOf(request);
    if (identity.kind !== 'person') return reply.code(409).send(NO_ACCOUNT);
    const { id } = request.params as { readonly id: string };
    if (!(await sessions.end(id, identity.account.id)))
      return reply.code(404).send({ error: 'There is no such session of yours.' });
    await changes.tell('session', id, identity.account.id);
    await note(request, 'session-ended', identity.account.id);
    return reply.send({ ok: true });
  });
  app.post('/api/v1/account/password', AGENT, async (request, reply) => {
    const identity = identityOf(request);
    if (identity.kind !== 'person') return reply.code(409).send(NO_ACCOUNT);
    const read = readBody(words, request.body);
    if (read.kind === 'problem')
      // What was typed is never repeated.
      return reply.code(422).send({ ...read.problem, given: 'something else' });
    const { account, session } = identity;
    const here = `${account.login}\n${doorman.addressOf(request.raw)}`;
    const waitMs = await throttle.take('login-here', here);
    if (waitMs > 0)
      return reply
        .code(429)
        .header('retry-after', String(Math.ceil(waitMs / 1_000)))
        .send({ problem: 'blocked', error: 'Too many tries; wait some minutes.' });
    const problem = await accounts.setPassword(account, read.value.old, read.value.password);
    if (problem !== null) return reply.code(422).send({ problem, error: SAYS[problem] });
    await throttle.forget('login-here', here);
    // Whoever knew the old one is out.
    await sessions.endAll(account.id, session.hash);
    const { stamp = '' } = (await accounts.read(account.id)) ?? {};
    await sessions.restamp(session, stamp);
    await changes.tell('person', account.id, account.id);
    await note(request, 'password-set', account.id);
    return reply.send({ ok: true });
  });
}

const SAYS = {
  wrong: 'That is not your present password.',
  short: 'The new password is too short.',
  long: 'The new password is too long.',
  plain: 'The new password is too easy to guess.',
} as const;
