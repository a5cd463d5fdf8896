// The HTTP server: what holds for every request, before its own door opens.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import fastifyCookie from '@fastify/cookie';
import fastifyHelmet from '@fastify/helmet';
import fastifyRateLimit from '@fastify/rate-limit';
import fastify from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { LogTrouble } from '../log/log.ts';
import type { Telemetry } from '../telemetry.ts';
import type { Doorman } from './doorman.ts';
import { roleOf } from '../access/identity.ts';
import type { Identity } from '../access/identity.ts';
import { isAtLeast } from '../contract/access.ts';
import type { AccessRole } from '../contract/access.ts';
import type { Guard, Known } from './guard.ts';
import type { GatewayLimits, GatewaySettings } from './options.ts';
import { wordsOf } from '../words-of.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may knock without being known: all, who has the link, this machine. `page`: a person, who is led to the sign-in. `events`: sources, too. */
    door?: 'open' | 'metrics' | 'page' | 'link' | 'events';
    /** The least role that is let in; absent: installers. */
    least?: AccessRole;
  }
  interface FastifyRequest {
    /** Set at each door that is not open to all. */
    identity: Identity | null;
  }
}

/** Milliseconds in which a whole request must have come, and for which an idle connection is kept. */
const REQUEST_MS = 30_000;
const KEEP_ALIVE_MS = 65_000;

/** Of what is answered before the hooks that set the rest. */
const BARE_HEADERS = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

export interface HttpOptions {
  readonly settings: GatewaySettings;
  readonly doorman: Doorman;
  readonly telemetry: Telemetry;
  readonly limits: GatewayLimits;
}

export interface Http {
  readonly app: FastifyInstance;
  readonly server: Server;
}

export async function createHttp(options: HttpOptions): Promise<Http> {
  const { settings, doorman, limits } = options;
  let server: Server | null = null;
  const app = fastify({
    logger: false,
    // The doorman stands before Fastify, so that nothing of it answers to a wrong name.
    frameworkErrors: (error, _request, reply: FastifyReply) => {
      void reply
        .code(400)
        .headers(BARE_HEADERS)
        .type('text/plain; charset=utf-8')
        .send(`That is no address: ${error.message}.\n`);
    },
    serverFactory: (handle) => (server = listenerFor(settings, doorman, handle)),
  });
  if (server === null) throw new Error('invariant: Fastify made no server');
  await app.register(fastifyCookie);
  await app.register(fastifyHelmet, securityHeaders(settings));
  await app.register(fastifyRateLimit, {
    max: limits.callsPerMinute,
    timeWindow: 60_000,
    keyGenerator: (request) => doorman.addressOf(request.raw),
    allowList: (request) => request.routeOptions.config.door === 'open' && request.method === 'GET',
    errorResponseBuilder: (_request, { after, statusCode }) =>
      Object.assign(new Error(`Too many requests from this address; wait ${after}.`), {
        statusCode,
      }),
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).type('text/plain; charset=utf-8').send('There is nothing here.\n'),
  );
  app.setErrorHandler((error, _request, reply) => answerError(error, reply, options.telemetry));
  return { app, server };
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

function listenerFor({ tls }: GatewaySettings, doorman: Doorman, handle: RequestListener): Server {
  const listener: RequestListener = (request, response) => {
    const turned = doorman.judge(request);
    if (turned === null) {
      handle(request, response);
      return;
    }
    response.writeHead(turned.status, {
      ...BARE_HEADERS,
      'content-type': 'text/plain; charset=utf-8',
    });
    response.end(turned.text);
  };
  const server =
    tls === null
      ? createServer(listener)
      : createTlsServer({ cert: readFileSync(tls.cert), key: readFileSync(tls.key) }, listener);
  server.requestTimeout = REQUEST_MS;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return server;
}

function securityHeaders({ tls, publicUrl }: GatewaySettings) {
  const isSecure = tls !== null || publicUrl?.protocol === 'https:';
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        // Older TVs do not take the sockets of one's own host for 'self'.
        connectSrc: [
          "'self'",
          ({ headers }: IncomingMessage) =>
            `ws://${headers.host ?? 'localhost'} wss://${headers.host ?? 'localhost'}`,
        ],
        manifestSrc: ["'self'"],
        workerSrc: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
      },
    },
    frameguard: { action: 'deny' as const },
    // With `no-referrer` a browser says `Origin: null` of its own form, which would shut our own door on it.
    referrerPolicy: { policy: 'same-origin' as const },
    // Other names of the same domain are not ours to decide for.
    hsts: isSecure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  };
}

function answerError(error: unknown, reply: FastifyReply, telemetry: Telemetry): FastifyReply {
  if (error instanceof LogTrouble)
    return reply.code(503).header('retry-after', '1').send({
      error: 'Redis is not to be reached; nothing is known to have been done. Say it again.',
      reason: error.reason,
    });
  const status = statusOf(error);
  if (status < 500) return reply.code(status).send({ error: wordsOf(error) });
  telemetry.announce({
    name: 'gateway.failed',
    severity: 'error',
    text: `A request failed: ${wordsOf(error)}`,
  });
  return reply.code(status).send({ error: 'Pharos made a mistake; its log says which.' });
}

function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return 500;
  return typeof error.statusCode === 'number' ? error.statusCode : 500;
}
