// Who is let in at each door: every route says who may knock, and whoever comes is known before anything of theirs is read.
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { roleOf } from '../access/identity.ts';
import type { Identity } from '../access/identity.ts';
import { isAtLeast } from '../contract/access.ts';
import type { AccessRole } from '../contract/access.ts';
import type { Doorman } from './doorman.ts';
import type { Guard, Known } from './guard.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may knock without being known: all, who has the link, this machine. `page`: a person, who is led to the sign-in. `events`: sources, too. */
    door?: 'open' | 'metrics' | 'page' | 'link' | 'events';
    /** The least role that is let in; absent: installers, where `door` says nothing else. */
    least?: AccessRole;
  }
  interface FastifyRequest {
    /** Set at each door that is not open to all. */
    identity: Identity | null;
  }
}

export interface DoorsOptions {
  readonly guard: Guard;
  readonly doorman: Doorman;
  /** Somebody came in. */
  readonly onCame: (identity: Identity) => void;
}

/** Lets in who is known and may; everybody else is told what is missing. */
export function guardDoors(app: FastifyInstance, { guard, doorman, onCame }: DoorsOptions): void {
  app.decorateRequest('identity', null);
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => void routes.push(route));
  app.addHook('onReady', (done) => {
    const unsaid = routes.find(({ config }) => config?.door === undefined && !config?.least);
    done(unsaid && new Error(`invariant: ${unsaid.url} does not say who may knock`));
  });
  app.addHook('onRequest', async (request, reply) => {
    const { door, least = 'installer' } = request.routeOptions.config;
    if (door === 'open' || door === 'link') return;
    if (door === 'metrics' && doorman.isLocal(request.raw)) return;
    if (isForeign(request)) {
      await reply.code(403).send({ error: 'Pharos takes nothing from pages of another site.' });
      return;
    }
    const known = await guard.know(request.raw);
    // A screen that is switched on while Redis is away must not stand on an error for ever: its page waits, and is sent nothing.
    if (known.kind === 'away' && door === 'page') return;
    if (known.kind !== 'known') {
      await turnAway(request, reply, known);
      return;
    }
    const { identity } = known;
    const role = roleOf(identity);
    const may = role === null ? door === 'events' : isAtLeast(role, least);
    if (!may) {
      await notAllowed(request, reply, { identity, least });
      return;
    }
    request.identity = identity;
    onCame(identity);
  });
}

export function boardPath(board: string): string {
  return `/wall/${encodeURIComponent(board)}`;
}

/** Of whoever came through a door that is not open to all. */
export function identityOf(request: FastifyRequest): Identity {
  if (request.identity === null) throw new Error('invariant: whoever is within is known');
  return request.identity;
}

/** A browser says so itself where another site's page is behind what would change something; older ones say `Origin`, at which the doorman looks. */
function isForeign({ method, headers }: FastifyRequest): boolean {
  if (method === 'GET' || method === 'HEAD') return false;
  const site = headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

interface NotAllowed {
  readonly identity: Identity;
  readonly least: AccessRole;
}

function notAllowed(
  request: FastifyRequest,
  reply: FastifyReply,
  { identity, least }: NotAllowed,
): FastifyReply {
  // Who is known is led to the page that is theirs.
  if (request.routeOptions.config.door === 'page') {
    if (identity.kind === 'person') return reply.redirect('/help', 303);
    if (identity.kind === 'screen') return reply.redirect(boardPath(identity.screen.board), 303);
  }
  return reply
    .code(403)
    .send({ error: `Your role does not open this; it takes ${ROLE_WORDS[least]}.` });
}

const ROLE_WORDS: Readonly<Record<AccessRole, string>> = {
  wall: 'a screen',
  agent: 'an agent',
  lead: 'a lead',
  supervisor: 'a supervisor',
  installer: 'an installer',
};

type Refused = Exclude<Known, { readonly kind: 'known' }>;

function turnAway(request: FastifyRequest, reply: FastifyReply, refused: Refused): FastifyReply {
  if (refused.kind === 'blocked')
    return reply
      .code(429)
      .header('retry-after', String(Math.ceil(refused.waitMs / 1_000)))
      .send({ error: 'Too many wrong tokens from this address; wait a minute.' });
  const isPage = request.routeOptions.config.door === 'page';
  if (refused.kind === 'away')
    return reply
      .code(503)
      .header('retry-after', '1')
      .send({ error: 'Redis is not to be reached, so nobody can be known just now.' });
  if (isPage && refused.reason === 'no-screen') return reply.redirect('/pair', 303);
  if (isPage) return reply.redirect(`/sign-in?next=${encodeURIComponent(request.url)}`, 303);
  return reply
    .code(401)
    .header('www-authenticate', 'Bearer realm="Pharos"')
    .send({
      error:
        refused.reason === 'wrong-token'
          ? 'That is no token of this site.'
          : 'Expected Authorization: Bearer with the token of this site, or a signed-in browser.',
    });
}
