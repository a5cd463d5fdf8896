// `/welcome/SECRET`: a one-time link. Looking at it uses nothing up, so that a mail scanner lets nobody in; only the form does.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { loginOf } from '../access/accounts.ts';
import type { Accounts } from '../access/accounts.ts';
import type { Sessions } from '../access/sessions.ts';
import { isLogin, isName } from '../contract/access.ts';
import { LogTrouble } from '../log/log.ts';
import type { Throttle } from '../log/throttle.ts';
import type { Changes } from './changes.ts';
import type { Doorman } from './doorman.ts';
import { formRoom, typed } from './forms.ts';
import type { Note } from './note.ts';
import { beginSession } from './sign-in.ts';
import { overPage, welcomePage } from './welcome-page.ts';
import type { WelcomeTrouble } from './welcome-page.ts';

export interface WelcomeOptions {
  readonly doorman: Doorman;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly throttle: Throttle;
  readonly changes: Changes;
  readonly note: Note;
  /** There are accounts from now on. */
  readonly onAccount: () => void;
}

const LINK = { config: { door: 'link' } } as const;

export function welcome(app: FastifyInstance, options: WelcomeOptions): void {
  const { doorman, accounts, sessions, throttle, changes, note, onAccount } = options;

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    trouble: WelcomeTrouble | null,
  ): Promise<FastifyReply> {
    const languages = request.headers['accept-language'];
    void reply.header('cache-control', 'no-store').type('text/html; charset=utf-8');
    const invited = await accounts.invitation(secretOf(request));
    if (invited === null) return reply.code(410).send(overPage(languages));
    const { account } = invited;
    const page = welcomePage({
      ...{ languages, trouble },
      invited: account && { name: account.name, login: account.login },
      typed: { name: typed(request.body, 'name'), login: typed(request.body, 'login') },
    });
    return reply.code(trouble === null ? 200 : trouble === 'away' ? 503 : 422).send(page);
  }

  async function join(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const invited = await accounts.invitation(secretOf(request));
    if (invited === null) return show(request, reply, null);
    const name = typed(request.body, 'name').trim();
    const login = loginOf(typed(request.body, 'login'));
    const password = typed(request.body, 'password');
    if (invited.account === null && (!isName(name) || !isLogin(login)))
      return show(request, reply, 'no-name');
    if (password !== typed(request.body, 'again')) return show(request, reply, 'different');
    const joined = await accounts.join(secretOf(request), password, { name, login });
    if (joined.kind === 'refused')
      return show(request, reply, joined.problem === 'over' ? null : joined.problem);
    const { account } = joined;
    await throttle.giveBack('address', doorman.addressOf(request.raw));
    onAccount();
    // A new password ends what was open with the old one.
    await sessions.endAll(account.id);
    await changes.tell('person', account.id, account.id);
    await beginSession(
      request,
      reply,
      { person: account.id, said: null, by: 'invitation', stamp: account.stamp },
      { doorman, sessions },
    );
    await note(request, 'password-set', account.id, {}, account.id);
    return reply.redirect(account.role === 'agent' ? '/help' : '/desk', 303);
  }

  formRoom(app, (room) => {
    room.get('/welcome/:secret', LINK, (request, reply) =>
      orAway(request, reply, () => show(request, reply, null)),
    );
    room.post('/welcome/:secret', LINK, async (request, reply) => {
      const address = doorman.addressOf(request.raw);
      const waitMs = await throttle.take('address', address);
      if (waitMs > 0)
        return reply
          .code(429)
          .header('retry-after', String(Math.ceil(waitMs / 1_000)))
          .send('');
      return orAway(request, reply, () => join(request, reply));
    });
  });

  async function orAway(
    request: FastifyRequest,
    reply: FastifyReply,
    work: () => Promise<FastifyReply>,
  ): Promise<FastifyReply> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof LogTrouble)) throw error;
      return reply
        .code(503)
        .header('retry-after', '1')
        .type('text/html; charset=utf-8')
        .send(
          welcomePage({
            languages: request.headers['accept-language'],
            ...{ trouble: 'away', invited: null },
            typed: { name: typed(request.body, 'name'), login: typed(request.body, 'login') },
          }),
        );
    }
  }
}

function secretOf(request: FastifyRequest): string {
  return (request.params as { readonly secret: string }).secret;
}
