// `/help` and `/api/v1/help`: an agent's personal link asks for help, shows who is coming, and takes it back; nothing else.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HelpLinks } from '../access/help-links.ts';
import type { HowKnown } from '../contract/lists.ts';
import type { HelpAnswer, HelpRequest } from '../contract/help.ts';
import type { LogHealth } from '../contract/protocol.ts';
import type { Facts } from '../floor/rows.ts';
import { statusOf } from './alerts-http.ts';
import type { Commands } from './commands.ts';
import type { Throttle } from '../log/throttle.ts';
import type { Doorman } from './doorman.ts';
import type { Guard } from './guard.ts';

/** Bytes of what is asked. */
const BODY_MOST = 4_096;

export interface HelpDoorOptions {
  readonly doorman: Doorman;
  readonly throttle: Throttle;
  readonly guard: Guard;
  readonly now: () => number;
  readonly health: () => LogHealth;
  readonly facts: Facts;
  readonly commands: Commands;
  readonly links: HelpLinks;
}

type Known =
  | { readonly kind: 'agent'; readonly agent: string; readonly how: HowKnown }
  | { readonly kind: 'refused'; readonly status: 401 | 429 | 503; readonly error: string };

export function helpDoor(app: FastifyInstance, options: HelpDoorOptions): void {
  const { doorman, throttle, guard, now, health, facts, commands, links } = options;

  /** Whose link it is. It is shown in a header, so that it is in no log of addresses. */
  async function know(request: FastifyRequest): Promise<Known> {
    const shown = /^Help +(\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (shown === undefined) return byAccount(request);
    const token = shown;
    const link = await links.read(token).catch(() => 'away' as const);
    if (link === 'away')
      return { kind: 'refused', status: 503, error: 'The links cannot be read just now.' };
    if (link !== null) return { kind: 'agent', agent: link.agent, how: 'link' };
    // A whole floor shares one address: who has a link is never stopped by those who guess beside them.
    const address = doorman.addressOf(request.raw);
    if ((await throttle.take('help-link', address)) > 0)
      return { kind: 'refused', status: 429, error: 'Too many wrong links; wait a minute.' };
    return { kind: 'refused', status: 401, error: 'This link is nobody’s, or was ended.' };
  }
  /** Whoever is signed in asks for help for themselves. */
  async function byAccount(request: FastifyRequest): Promise<Known> {
    const known = await guard.know(request.raw);
    if (known.kind === 'away')
      return { kind: 'refused', status: 503, error: 'Nobody can be known just now.' };
    return known.kind === 'known' && known.identity.kind === 'person'
      ? { kind: 'agent', agent: known.identity.account.id, how: 'account' }
      : { kind: 'refused', status: 401, error: 'Expected a personal link, or somebody signed in.' };
  }
  function requestOf(agent: string): HelpRequest | null {
    for (const { id, agent: whose, claimedBy, ...open } of facts.assists.values()) {
      if (whose !== agent) continue;
      const coming = claimedBy === null ? null : nameOf(claimedBy);
      const { about, requestedAt, claimedAt: comingSince = null } = open;
      return { id, about, requestedAt, coming, comingSince };
    }
    return null;
  }
  function nameOf(agent: string): string {
    return facts.agents.get(agent)?.name ?? agent;
  }
  function stand(agent: string): HelpAnswer {
    const isLive = health().state === 'live' || health().state === 'poisoned';
    return { name: nameOf(agent), request: requestOf(agent), now: now(), isLive };
  }
  async function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    then: (agent: string, how: HowKnown) => Promise<FastifyReply> | FastifyReply,
  ): Promise<FastifyReply> {
    void reply.header('cache-control', 'no-store');
    const known = await know(request);
    if (known.kind === 'agent') return then(known.agent, known.how);
    return reply.code(known.status).send({ error: known.error });
  }

  app.get('/help', { config: { door: 'open' } }, async (_request, reply) =>
    reply.sendFile('help.html'),
  );
  app.get('/api/v1/help', { config: { door: 'link' } }, async (request, reply) =>
    answer(request, reply, (agent) => reply.send(stand(agent))),
  );
  app.post(
    '/api/v1/help',
    { config: { door: 'link' }, bodyLimit: BODY_MOST },
    async (request, reply) =>
      answer(request, reply, async (agent, how) => {
        const { about, once } = (request.body ?? {}) as Readonly<Record<string, unknown>>;
        const done = await commands.say('assist', { about, once }, { id: agent, how });
        return reply.code(statusOf(done)).send(done);
      }),
  );
  app.delete('/api/v1/help', { config: { door: 'link' } }, async (request, reply) =>
    answer(request, reply, async (agent, how) => {
      const open = requestOf(agent);
      // What is over already is what was wanted.
      if (open === null) return reply.send({ ok: true });
      const done = await commands.say('close', { assist: open.id }, { id: agent, how });
      return reply.code(statusOf(done)).send(done);
    }),
  );
}
