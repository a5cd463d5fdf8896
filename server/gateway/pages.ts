// The pages and files of the built client: the page itself is never kept by a browser, files with a hash in their name for ever.
import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyStaticOptions } from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Doorman } from './doorman.ts';
import { sessionOf } from '../access/identity.ts';
import type { AccessRole } from '../contract/access.ts';
import { isManage } from '../contract/managed.ts';
import { setCookie } from './cookies.ts';
import type { CookieKind } from './cookies.ts';
import { SCREEN_COOKIE, SESSION_COOKIE } from './guard.ts';
import { boardPath } from './doors.ts';

export interface PagesOptions {
  readonly staticDir: string;
  readonly doorman: Doorman;
}

const PAGE = 'index.html';
const PAGES: readonly (readonly [path: string, least: AccessRole])[] = [
  ['/', 'wall'],
  ['/wall/:board', 'wall'],
  ['/desk', 'lead'],
  ['/desk/*', 'agent'],
  ['/preview', 'supervisor'],
];
/** What the editor of boards shows a draft in, as a television will show it; the pages of management are one document. */
const FRAMED = '/preview';
const POLICY = 'content-security-policy';
const NOT_BUILT = 'The client is not built yet. Run `npm run build`, then load this page again.\n';

export function pages(app: FastifyInstance, { staticDir, doorman }: PagesOptions): void {
  const assets = `${sep}assets${sep}`;
  const files = {
    root: staticDir,
    index: false,
    cacheControl: false,
    dotfiles: 'ignore',
    setHeaders(response, path) {
      const isHashed = path.slice(staticDir.length).startsWith(assets);
      const kept = isHashed ? 'public, max-age=31536000, immutable' : 'no-cache';
      response.setHeader('cache-control', path.endsWith(PAGE) ? 'no-store' : kept);
    },
  } satisfies FastifyStaticOptions;
  void app.register(fastifyStatic, { ...files, serve: false });
  // What the client is built of is the same for everybody, and says nothing of anybody.
  void app.register(async (room) => {
    room.addHook('onRoute', (route) => void (route.config = { door: 'open' }));
    await room.register(fastifyStatic, { ...files, decorateReply: false });
  });
  const show = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const own = request.identity;
    if (own?.kind === 'screen' && request.url.split('?')[0] !== boardPath(own.screen.board))
      return reply.redirect(boardPath(own.screen.board), 303);
    // A browser keeps them from here on as long again.
    if (own !== null && sessionOf(own) !== null) renew(request, reply, 'session', SESSION_COOKIE);
    if (own?.kind === 'screen') renew(request, reply, 'screen', SCREEN_COOKIE);
    if (!existsSync(join(staticDir, PAGE)))
      return reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT);
    frames(request, reply);
    return reply.sendFile(PAGE);
  };
  /** The policy of all pages lets none be framed, and none frame. */
  function frames({ url, routeOptions }: FastifyRequest, reply: FastifyReply): void {
    const policy = String(reply.getHeader(POLICY));
    if (isManage(url.split('?')[0] ?? '')) void reply.header(POLICY, `${policy};frame-src 'self'`);
    if (routeOptions.url !== FRAMED) return;
    void reply.header(POLICY, policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'"));
    void reply.header('x-frame-options', 'SAMEORIGIN');
  }
  function renew(
    request: FastifyRequest,
    reply: FastifyReply,
    kind: CookieKind,
    name: string,
  ): void {
    const text = request.cookies[name];
    if (text !== undefined) setCookie(reply, kind, text, doorman.isSecure(request.raw));
  }
  for (const [path, least] of PAGES) app.get(path, { config: { door: 'page', least } }, show);
}
