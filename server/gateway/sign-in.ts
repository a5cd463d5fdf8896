// `/sign-in`, `/sign-out`: somebody shows who they are, once, by POST, and gets a cookie that holds nothing of it.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Accounts } from '../access/accounts.ts';
import { loginOf } from '../access/accounts.ts';
import { sessionOf } from '../access/identity.ts';
import { isLogin } from '../contract/access.ts';
import type { SessionBy, Sessions } from '../access/sessions.ts';
import { LogTrouble } from '../log/log.ts';
import type { Throttle } from '../log/throttle.ts';
import type { Changes } from './changes.ts';
import { dropCookie, setCookie } from './cookies.ts';
import type { Doorman } from './doorman.ts';
import { FORM_STYLE } from './form-page.ts';
import { formRoom, typed } from './forms.ts';
import type { Guard } from './guard.ts';
import type { Note } from './note.ts';
import { signInPage } from './sign-in-page.ts';
import type { SignInTrouble } from './sign-in-page.ts';

/** Pages of our own only, so that nobody is sent elsewhere after signing in. */
const OWN_PAGE = /^\/(wall\/[\w.~%-]+|desk(\/[\w.~%-]+){0,2}|help)?(\?[\w.~%=&-]*)?$/;

export interface SignInOptions {
  readonly doorman: Doorman;
  readonly guard: Guard;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly throttle: Throttle;
  readonly changes: Changes;
  readonly note: Note;
  /** The site's own; null: it has none. */
  readonly token: string | null;
  /** The company's own sign-in by its name; null: there is none. */
  readonly openId: string | null;
}

export function signIn(app: FastifyInstance, options: SignInOptions): void {
  const { doorman, guard, accounts, sessions, throttle, changes, note, token } = options;

  async function byToken(request: FastifyRequest, shown: string): Promise<Tried> {
    const known = await guard.byToken(shown, request.raw);
    if (known.kind === 'blocked') return { trouble: 'blocked', waitMs: known.waitMs };
    if (known.kind === 'away') return { trouble: 'away', waitMs: 0 };
    if (token !== null && known.kind === 'known' && known.identity.kind === 'program')
      return { person: null, said: null, by: 'token', stamp: guard.tokenStamp() ?? '' };
    await note(request, 'sign-in-failed', 'token');
    return { trouble: 'wrongToken', waitMs: 0 };
  }
  /** Counted before it is looked at, so that many tries at once are no more tries. */
  async function byPassword(request: FastifyRequest, login: string, word: string): Promise<Tried> {
    const address = doorman.addressOf(request.raw);
    // What can be nobody's name is counted by its address only, so that nobody fills Redis with names.
    const here = isLogin(login) ? `${login}\n${address}` : null;
    const waitMs = await firstWait([
      () => throttle.take('address', address),
      ...(here === null
        ? []
        : [() => throttle.take('login-here', here), () => throttle.take('login', login)]),
    ]);
    if (waitMs > 0) return { trouble: 'blocked', waitMs };
    const account = here === null ? null : await accounts.signIn(login, word);
    if (account === null || here === null) {
      // What was typed there may be a password.
      const isSomebodys = here !== null && (await accounts.isSomebodys(login));
      await note(request, 'sign-in-failed', isSomebodys ? login : null);
      return { trouble: 'wrong', waitMs: 0 };
    }
    await throttle.forget('login-here', here);
    // A whole floor that comes in the morning by one address has guessed at nothing.
    await throttle.giveBack('address', address);
    await throttle.giveBack('login', login);
    return { person: account.id, said: null, by: 'password', stamp: account.stamp };
  }

  app.get('/form.css', { config: { door: 'open' } }, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(FORM_STYLE),
  );
  formRoom(app, (room) => {
    room.get('/sign-in', { config: { door: 'open' } }, async (request, reply) => {
      const query = request.query as Readonly<Record<string, unknown>>;
      const trouble = TOLD.find((each) => each === query.trouble) ?? null;
      return show(request, reply, { status: 200, trouble, next: ownPage(query.next), login: '' });
    });
    room.post('/sign-in', { config: { door: 'open' } }, async (request, reply) => {
      const next = ownPage(typed(request.body, 'next'));
      const login = loginOf(typed(request.body, 'login'));
      const shown = typed(request.body, 'token').trim();
      try {
        const tried =
          shown === ''
            ? await byPassword(request, login, typed(request.body, 'password'))
            : await byToken(request, shown);
        if ('trouble' in tried) {
          const { trouble, waitMs } = tried;
          if (waitMs > 0) void reply.header('retry-after', String(Math.ceil(waitMs / 1_000)));
          return await show(request, reply, {
            status: waitMs > 0 ? 429 : 401,
            trouble,
            next,
            login,
          });
        }
        await beginSession(request, reply, tried, { doorman, sessions });
        await note(request, 'signed-in', null, { by: tried.by }, tried.person ?? 'token');
        return await reply.redirect(next, 303);
      } catch (error) {
        if (!(error instanceof LogTrouble)) throw error;
        return show(request, reply, { status: 503, trouble: 'away', next, login });
      }
    });
    room.post('/sign-out', { config: { least: 'agent' } }, async (request, reply) => {
      const session = request.identity === null ? null : sessionOf(request.identity);
      if (session !== null) {
        await sessions.end(session.hash, session.record.person);
        await changes.tell('session', session.hash, session.record.person ?? 'nobody');
        await note(request, 'signed-out');
      }
      dropCookie(reply, 'session');
      return reply.redirect('/sign-in', 303);
    });
  });

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    { status, trouble, next, login }: Shown,
  ): Promise<FastifyReply> {
    const page = signInPage({
      languages: request.headers['accept-language'],
      ...{ trouble, next, login },
      openId: options.openId,
      hasToken: token !== null,
    });
    return reply
      .code(status)
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(page);
  }
}

/** The first who says wait is heard, and no further one counts: who is stopped at one address uses up nobody's tries elsewhere. */
async function firstWait(takes: readonly (() => Promise<number>)[]): Promise<number> {
  for (const take of takes) {
    const waitMs = await take();
    if (waitMs > 0) return waitMs;
  }
  return 0;
}

type Tried = SessionBy | { readonly trouble: SignInTrouble; readonly waitMs: number };

/** Of what another page of ours may say here. */
const TOLD: readonly SignInTrouble[] = [
  ...(['openId', 'silent', 'stale', 'unknown', 'taken', 'off', 'blocked', 'away'] as const),
];

interface Shown {
  readonly status: 200 | 401 | 429 | 503;
  readonly trouble: SignInTrouble | null;
  readonly next: string;
  readonly login: string;
}

/** A session of its own for each sign-in, whatever the browser brought. */
export async function beginSession(
  request: FastifyRequest,
  reply: FastifyReply,
  who: SessionBy,
  { doorman, sessions }: { readonly doorman: Doorman; readonly sessions: Sessions },
): Promise<void> {
  const from = doorman.addressOf(request.raw);
  const { text } = await sessions.begin(who, { from, browser: request.headers['user-agent'] });
  setCookie(reply, 'session', text, doorman.isSecure(request.raw));
}

/** Where to go after signing in; a page of ours, or the first one. */
export function ownPage(path: unknown): string {
  return typeof path === 'string' && OWN_PAGE.test(path) ? path : '/';
}
