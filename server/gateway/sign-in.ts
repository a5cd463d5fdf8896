// `/sign-in`: a browser shows the site's token once, by POST, and gets a cookie that is not the token.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { SESSION_MS } from '../access/secret.ts';
import type { Doorman } from './doorman.ts';
import { SESSION_COOKIE } from './guard.ts';
import type { Guard } from './guard.ts';
import { signInPage, SIGN_IN_STYLE } from './sign-in-page.ts';
import type { SignInTrouble } from './sign-in-page.ts';

/** Bytes of the form. */
const FORM_MOST = 8_192;

/** Pages of our own only, so that nobody is sent elsewhere after signing in. */
const OWN_PAGE = /^\/(wall\/[\w.~%-]+|desk(\/[\w.~%-]+){0,2})?(\?[\w.~%=&-]*)?$/;

export interface SignInOptions {
  readonly doorman: Doorman;
  readonly guard: Guard;
}

export function signIn(app: FastifyInstance, { doorman, guard }: SignInOptions): void {
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: FORM_MOST },
      (_request, body, parsed) => {
        parsed(null, new URLSearchParams(String(body)));
      },
    );
    scope.get('/sign-in.css', { config: { door: 'open' } }, async (_request, reply) =>
      reply.type('text/css; charset=utf-8').send(SIGN_IN_STYLE),
    );
    scope.get('/sign-in', { config: { door: 'open' } }, async (request, reply) =>
      show(request, reply, { status: 200, trouble: null, next: nextOf(request.query) }),
    );
    scope.post('/sign-in', { config: { door: 'open' } }, async (request, reply) => {
      const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
      const next = ownPage(form.get('next'));
      const judged = guard.judge(request.raw, form.get('token')?.trim() ?? '');
      if (judged.kind === 'blocked') {
        void reply.header('retry-after', String(Math.ceil(judged.waitMs / 1_000)));
        return show(request, reply, { status: 429, trouble: 'blocked', next });
      }
      const session = judged.kind === 'granted' ? guard.newSession() : null;
      if (judged.kind === 'refused')
        return show(request, reply, { status: 401, trouble: 'wrong', next });
      if (session !== null) setSession(reply, session, doorman.isSecure(request.raw));
      return reply.redirect(next, 303);
    });
    done();
  });
}

/** Keeps a screen signed in for as long as it is used: each page that it loads seals a new note. */
export function setSession(reply: FastifyReply, session: string, isSecure: boolean): void {
  void reply.setCookie(SESSION_COOKIE, session, {
    httpOnly: true,
    sameSite: 'strict',
    secure: isSecure,
    path: '/',
    maxAge: Math.floor(SESSION_MS / 1_000),
  });
}

/** Where to go after signing in; a page of ours, or the first one. */
export function ownPage(path: unknown): string {
  return typeof path === 'string' && OWN_PAGE.test(path) ? path : '/';
}

function nextOf(query: unknown): string {
  return ownPage((query as Readonly<Record<string, unknown>>).next);
}

interface Shown {
  readonly status: 200 | 401 | 429;
  readonly trouble: SignInTrouble | null;
  readonly next: string;
}

async function show(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, trouble, next }: Shown,
): Promise<FastifyReply> {
  const page = signInPage({ languages: request.headers['accept-language'], trouble, next });
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(page);
}
