// `/help` and `/api/v1/help`: an agent's personal link asks for help, shows who is coming, and takes it back; nothing else.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HelpLinks } from '../access/help-links.ts';
import { WrongTries } from '../access/wrong-tries.ts';
import type { Clock } from '../clock.ts';
import type { HelpAnswer, HelpRequest } from '../contract/help.ts';
import type { LogHealth } from '../contract/protocol.ts';
import type { Facts } from '../floor/rows.ts';
import { statusOf } from './alerts-http.ts';
import type { Commands } from './commands.ts';
import type { Doorman } from './doorman.ts';

/** Tokens of one address in a minute that are nobody's. */
const WRONG_MOST = 20;
/** Bytes of what is asked. */
const BODY_MOST = 4_096;

export interface HelpDoorOptions {
  readonly doorman: Doorman;
  readonly clock: Clock;
  readonly now: () => number;
  readonly health: () => LogHealth;
  readonly facts: Facts;
  readonly commands: Commands;
  readonly links: HelpLinks;
}

type Known =
  | { readonly kind: 'agent'; readonly agent: string }
  | { readonly kind: 'refused'; readonly status: 401 | 429 | 503; readonly error: string };

export function helpDoor(app: FastifyInstance, options: HelpDoorOptions): void {
  const { doorman, clock, now, health, facts, commands, links } = options;
  const tries = new WrongTries(WRONG_MOST);

  /** Whose link it is. It is shown in a header, so that it is in no log of addresses. */
  async function know(request: FastifyRequest): Promise<Known> {
    const token = /^Help +(\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const link = await links.read(token).catch(() => 'away' as const);
    if (link === 'away')
      return { kind: 'refused', status: 503, error: 'The links cannot be read just now.' };
    if (link !== null) return { kind: 'agent', agent: link.agent };
    // A whole floor shares one address: who has a link is never stopped by those who guess beside them.
    const address = doorman.addressOf(request.raw);
    if (tries.isBlocked(address, clock.monotonic()))
      return { kind: 'refused', status: 429, error: 'Too many wrong links; wait a minute.' };
    tries.wrong(address, clock.monotonic());
    return { kind: 'refused', status: 401, error: 'This link is nobody’s, or was ended.' };
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
    then: (agent: string) => Promise<FastifyReply> | FastifyReply,
  ): Promise<FastifyReply> {
    void reply.header('cache-control', 'no-store');
    const known = await know(request);
    if (known.kind === 'agent') return then(known.agent);
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
      answer(request, reply, async (agent) => {
        const { about, once } = (request.body ?? {}) as Readonly<Record<string, unknown>>;
        const done = await commands.say('assist', { about, once }, { id: agent, how: 'link' });
        return reply.code(statusOf(done)).send(done);
      }),
  );
  app.delete('/api/v1/help', { config: { door: 'link' } }, async (request, reply) =>
    answer(request, reply, async (agent) => {
      const open = requestOf(agent);
      // What is over already is what was wanted.
      if (open === null) return reply.send({ ok: true });
      const done = await commands.say('close', { assist: open.id }, { id: agent, how: 'link' });
      return reply.code(statusOf(done)).send(done);
    }),
  );
}
