// The HTTP server: what holds for every request, before its own door opens.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import fastifyCookie from '@fastify/cookie';
import fastifyHelmet from '@fastify/helmet';
import fastifyRateLimit from '@fastify/rate-limit';
import fastify from 'fastify';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { LogTrouble } from '../log/log.ts';
import type { Telemetry } from '../telemetry.ts';
import type { Doorman } from './doorman.ts';
import type { GatewayLimits, GatewaySettings } from './options.ts';
import { wordsOf } from '../words-of.ts';

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
