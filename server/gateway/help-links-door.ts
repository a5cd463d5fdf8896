// `/api/v1/help-links`: a lead makes an agent's personal link, sees who has one, and ends it.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { renderSVG } from 'uqr';
import type { HelpLinks } from '../access/help-links.ts';
import { isId } from '../contract/ids.ts';
import type { Facts } from '../floor/rows.ts';
import type { Doorman } from './doorman.ts';
import type { GatewaySettings } from './options.ts';
import type { Who } from './who.ts';

export interface HelpLinksDoorOptions {
  readonly settings: GatewaySettings;
  readonly doorman: Doorman;
  readonly facts: Facts;
  readonly who: Who;
  readonly links: HelpLinks;
}

/** A phone reads it from a screen at an arm's length: dark on light, with the quiet border that the standard asks for. */
const QR = { ecc: 'M', border: 4, whiteColor: '#ffffff', blackColor: '#000000' } as const;

/** In whose name a link is made by a program of the site. */
const PROGRAM = 'program';

export function helpLinksDoor(app: FastifyInstance, options: HelpLinksDoorOptions): void {
  const { settings, doorman, facts, who, links } = options;

  /** The person of the session, or the program; null: nobody who may. */
  function speaker(request: FastifyRequest): string | null {
    if (who.isProgram(request.raw)) return PROGRAM;
    const judged = who.judge(who.sitting(request.raw));
    return judged.kind === 'person' ? judged.person.id : null;
  }
  function refuse(reply: FastifyReply): FastifyReply {
    return reply.code(403).send({ error: 'Say first who you are: a lead or supervisor.' });
  }
  function baseOf(request: FastifyRequest): string {
    if (settings.publicUrl !== null) return settings.publicUrl.origin;
    const scheme = doorman.isSecure(request.raw) ? 'https' : 'http';
    return `${scheme}://${request.headers.host ?? 'localhost'}`;
  }

  app.get('/api/v1/help-links', async (request, reply) => {
    if (speaker(request) === null) return refuse(reply);
    return reply.header('cache-control', 'no-store').send({ links: await links.list() });
  });
  app.post('/api/v1/help-links', async (request, reply) => {
    const by = speaker(request);
    if (by === null) return refuse(reply);
    const { agent } = (request.body ?? {}) as { readonly agent?: unknown };
    if (typeof agent !== 'string' || !isId(agent) || !facts.agents.has(agent))
      return reply.code(422).send({
        field: 'agent',
        expected: 'the id of an agent of this floor',
        given: agent === undefined ? 'nothing' : (JSON.stringify(agent) ?? '').slice(0, 200),
      });
    const token = await links.make(agent, by);
    // Behind the `#`, so that it is in no log on the way.
    const url = `${baseOf(request)}/help#${token}`;
    return reply
      .code(201)
      .header('cache-control', 'no-store')
      .send({ agent, url, svg: renderSVG(url, QR) });
  });
  app.delete('/api/v1/help-links/*', async (request, reply) => {
    if (speaker(request) === null) return refuse(reply);
    const { '*': agent } = request.params as { readonly '*': string };
    if (await links.end(agent)) return reply.code(200).send({ agent });
    return reply.code(404).send({ error: 'This agent has no link.' });
  });
}
