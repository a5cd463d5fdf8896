// The pages and files of the built client: the page itself is never kept by a browser, files with a hash in their name for ever.
import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Doorman } from './doorman.ts';
import type { Guard } from './guard.ts';
import { setSession } from './sign-in.ts';

export interface PagesOptions {
  readonly staticDir: string;
  readonly guard: Guard;
  readonly doorman: Doorman;
}

const PAGE = 'index.html';
const PAGES = ['/', '/wall/:board', '/desk', '/desk/*'] as const;
const NOT_BUILT = 'The client is not built yet. Run `npm run build`, then load this page again.\n';

export function pages(app: FastifyInstance, { staticDir, guard, doorman }: PagesOptions): void {
  const assets = `${sep}assets${sep}`;
  void app.register(fastifyStatic, {
    root: staticDir,
    index: false,
    cacheControl: false,
    dotfiles: 'ignore',
    setHeaders(response, path) {
      const isHashed = path.slice(staticDir.length).startsWith(assets);
      const kept = isHashed ? 'public, max-age=31536000, immutable' : 'no-cache';
      response.setHeader('cache-control', path.endsWith(PAGE) ? 'no-store' : kept);
    },
  });
  const show = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const session = guard.renewedSession(request.raw);
    if (session !== null) setSession(reply, session, doorman.isSecure(request.raw));
    if (!existsSync(join(staticDir, PAGE)))
      return reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT);
    return reply.sendFile(PAGE);
  };
  for (const path of PAGES) app.get(path, { config: { door: 'page' } }, show);
}
