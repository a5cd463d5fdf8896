// `/api/v1/help-links`: a lead makes an agent's personal link, sees who has one, and ends it.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { renderSVG } from 'uqr';
import { teamsOf } from '../access/identity.ts';
import type { HelpLinks } from '../access/help-links.ts';
import { isId } from '../contract/ids.ts';
import type { Facts } from '../floor/rows.ts';
import type { Doorman } from './doorman.ts';
import type { GatewaySettings } from './options.ts';
import { baseOf } from './base-of.ts';
import { identityOf } from './doors.ts';
import type { Note } from './note.ts';
import { given } from './problem.ts';
import type { Who } from './who.ts';

export interface HelpLinksDoorOptions {
  readonly settings: GatewaySettings;
  readonly doorman: Doorman;
  readonly facts: Facts;
  readonly who: Who;
  readonly links: HelpLinks;
  readonly note: Note;
}

const LEAD = { config: { least: 'lead' } } as const;

/** A phone reads it from a screen at an arm's length: dark on light, with the quiet border that the standard asks for. */
const QR = { ecc: 'M', border: 4, whiteColor: '#ffffff', blackColor: '#000000' } as const;

export function helpLinksDoor(app: FastifyInstance, options: HelpLinksDoorOptions): void {
  const { settings, doorman, facts, who, links, note } = options;

  /** Who asks may see this agent. */
  function sees(request: FastifyRequest, id: string): boolean {
    const agent = facts.agents.get(id);
    // A lead sees the supervisors of the site, whose links are not theirs to make.
    const teams = teamsOf(identityOf(request));
    return (
      agent !== undefined && (teams === null || agent.team === null || teams.includes(agent.team))
    );
  }
  function refuse(reply: FastifyReply): FastifyReply {
    return reply.code(403).send({ error: 'Say first who you are: a lead or supervisor.' });
  }
  app.get('/api/v1/help-links', LEAD, async (request, reply) => {
    if (who.actor(identityOf(request)) === null) return refuse(reply);
    const seen = (await links.list()).filter(({ agent }) => sees(request, agent));
    return reply.header('cache-control', 'no-store').send({ links: seen });
  });
  app.post('/api/v1/help-links', LEAD, async (request, reply) => {
    const by = who.actor(identityOf(request));
    if (by === null) return refuse(reply);
    const { agent } = (request.body ?? {}) as { readonly agent?: unknown };
    if (typeof agent !== 'string' || !isId(agent) || !sees(request, agent))
      return reply.code(422).send({
        field: 'agent',
        expected: 'the id of an agent of this floor',
        given: given(agent),
      });
    const token = await links.make(agent, by);
    await note(request, 'help-link-made', agent);
    // Behind the `#`, so that it is in no log on the way.
    const url = `${baseOf(request, { settings, doorman })}/help#${token}`;
    return reply
      .code(201)
      .header('cache-control', 'no-store')
      .send({ agent, url, svg: renderSVG(url, QR) });
  });
  app.delete('/api/v1/help-links/*', LEAD, async (request, reply) => {
    if (who.actor(identityOf(request)) === null) return refuse(reply);
    const { '*': agent } = request.params as { readonly '*': string };
    if (sees(request, agent) && (await links.end(agent))) {
      await note(request, 'help-link-ended', agent);
      return reply.code(200).send({ agent });
    }
    return reply.code(404).send({ error: 'This agent has no link.' });
  });
}
