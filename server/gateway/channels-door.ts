// `/api/v1/channels` and `/api/v1/quiet`: how people, teams and the site are reached. One's own is for oneself; teams and the site are for every lead and supervisor.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ChannelProblem, ChannelsAnswer } from '../contract/channels.ts';
import { CHANNEL_OWNERS } from '../contract/channels.ts';
import { isId } from '../contract/ids.ts';
import type { Facts } from '../floor/rows.ts';
import type { Telemetry } from '../telemetry.ts';
import { decodedParts } from './decoded-parts.ts';
import type { ChannelPlace, ChannelRegister, GatewayLimits } from './options.ts';
import { teamsOf } from '../access/identity.ts';
import { identityOf } from './doors.ts';
import { PROGRAM } from './who.ts';
import type { Who } from './who.ts';

const BODY_MOST = 8_192;
const CHANNELS = '/api/v1/channels/';
const QUIET = '/api/v1/quiet/';

export interface ChannelsDoorOptions {
  readonly facts: Facts;
  readonly who: Who;
  readonly channels: ChannelRegister;
  readonly telemetry: Telemetry;
  readonly limits: GatewayLimits;
}

/** Who asks: somebody who may act, or a program that has the site's token; of which teams they set the channels, null: of all and of the site. */
type Asking = ({ readonly kind: 'person'; readonly id: string } | { readonly kind: 'program' }) & {
  readonly teams: readonly string[] | null;
};

export function channelsDoor(app: FastifyInstance, options: ChannelsDoorOptions): void {
  const { facts, who, channels, telemetry, limits } = options;

  function asking(request: FastifyRequest): Asking | null {
    const identity = identityOf(request);
    const teams = teamsOf(identity);
    const id = who.actor(identity);
    if (id === null) return null;
    return id === PROGRAM ? { kind: 'program', teams } : { kind: 'person', id, teams };
  }
  /** Null: it may be set by whoever asks; else why not. */
  function against(asks: Asking, { owner, of }: Omit<ChannelPlace, 'id'>): string | null {
    if (asks.kind === 'program') return null;
    if (owner === 'person')
      return of === asks.id ? null : 'Only this person sets how they are reached.';
    if (asks.teams === null || (owner === 'team' && asks.teams.includes(of))) return null;
    return owner === 'team'
      ? 'Only a lead of this team or a supervisor sets how it is reached.'
      : 'Only a supervisor sets how the site is reached.';
  }
  /** An owner that nobody knows would never be told. */
  function missing({ owner, of }: Omit<ChannelPlace, 'id'>): ChannelProblem | null {
    const problem = (expected: string): ChannelProblem => ({
      field: 'of',
      expected,
      given: JSON.stringify(of).slice(0, 200),
    });
    switch (owner) {
      case 'person':
        return facts.agents.has(of) ? null : problem('the id of a person of this floor');
      case 'team':
        return facts.teams.has(of) ? null : problem('the id of a team of this floor');
      case 'site':
        return of === channels.site ? null : problem(`the site’s own id, ${channels.site}`);
      default:
        return owner satisfies never;
    }
  }
  function tell(asks: Asking, what: string): void {
    const by = asks.kind === 'program' ? 'A program of the site' : asks.id;
    telemetry.announce({ name: 'channels.changed', severity: 'info', text: `${by} ${what}.` });
  }

  interface Asked {
    readonly asks: Asking;
    readonly place: ChannelPlace;
    readonly reply: FastifyReply;
  }
  /** Whoever may is let through; a log that does not answer is said. */
  async function atPlace(
    { request, reply, tail }: { request: FastifyRequest; reply: FastifyReply; tail?: 'try' },
    then: (asked: Asked) => Promise<FastifyReply>,
  ): Promise<FastifyReply> {
    void reply.header('cache-control', 'no-store');
    const place = placeIn(request, tail);
    if (place === null) return reply.code(404).send({ error: NO_PLACE });
    const asks = asking(request);
    if (asks === null) return reply.code(403).send({ error: NOBODY });
    const why = against(asks, place);
    if (why !== null) return reply.code(403).send({ error: why });
    return then({ asks, place, reply }).catch((error: unknown) => logLost(error, reply));
  }

  app.get('/api/v1/channels', LEAD, async (request, reply) => {
    const asks = asking(request);
    if (asks === null) return reply.code(403).send({ error: NOBODY });
    const { browser } = request.query as { readonly browser?: unknown };
    const person = asks.kind === 'person' ? asks.id : null;
    const isShown = (owner: string, of: string): boolean =>
      person === null ||
      (owner === 'person'
        ? of === person
        : owner !== 'team' || asks.teams === null || asks.teams.includes(of));
    const quiet = [...channels.quiet()].filter(([of]) => isShown('person', of));
    const whose = typeof browser === 'string' ? channels.personOfBrowser(browser) : null;
    const answer: ChannelsAnswer = {
      pushKey: channels.pushKey,
      person,
      site: channels.site,
      canMail: channels.canMail,
      channels: channels.list(person).filter(({ owner, of }) => isShown(owner, of)),
      quiet: Object.fromEntries(quiet),
      browser: whose === null ? 'nobody' : whose === person ? 'mine' : 'of-another',
    };
    return reply.header('cache-control', 'no-store').send(answer);
  });
  app.put(`${CHANNELS}*`, { ...LEAD, bodyLimit: BODY_MOST }, (request, reply) =>
    atPlace({ request, reply }, async ({ asks, place }) => {
      const problem = missing(place);
      if (problem !== null) return reply.code(422).send(problem);
      const answer = await channels.set(place, request.body ?? null);
      switch (answer.kind) {
        case 'set':
          tell(asks, `set the ${answer.channel.kind} ${named(place)}`);
          return reply.send(answer.channel);
        case 'refused':
          return reply.code(422).send(answer.problem);
        case 'fixed':
          return reply.code(409).send({ error: FIXED });
        default:
          return answer satisfies never;
      }
    }),
  );
  app.delete(`${CHANNELS}*`, LEAD, (request, reply) =>
    atPlace({ request, reply }, async ({ asks, place }) => {
      const became = await channels.drop(place);
      if (became === 'unknown') return reply.code(404).send({ error: NO_CHANNEL });
      if (became === 'fixed') return reply.code(409).send({ error: FIXED });
      tell(asks, `took away the channel ${named(place)}`);
      return reply.send({ ok: true });
    }),
  );
  app.post(
    `${CHANNELS}*`,
    { config: { ...LEAD.config, rateLimit: { max: limits.trialsPerMinute, timeWindow: 60_000 } } },
    (request, reply) =>
      atPlace({ request, reply, tail: 'try' }, async ({ asks, place }) => {
        const answer = await channels.tryOut(place);
        if (answer === null) return reply.code(404).send({ error: NO_CHANNEL });
        tell(asks, `tried the channel ${named(place)}: ${answer.outcome}`);
        return reply.send(answer);
      }),
  );

  async function setQuiet(
    request: FastifyRequest,
    reply: FastifyReply,
    given: unknown,
  ): Promise<FastifyReply> {
    void reply.header('cache-control', 'no-store');
    const [of, ...more] = decodedParts(request.url, QUIET) ?? [];
    if (of === undefined || !isId(of) || more.length > 0)
      return reply.code(404).send({ error: NO_PLACE });
    const asks = asking(request);
    if (asks === null) return reply.code(403).send({ error: NOBODY });
    const place = { owner: 'person', of } as const;
    const why = against(asks, place);
    if (why !== null) return reply.code(403).send({ error: why });
    const unknown = given === null ? null : missing(place);
    try {
      const problem = unknown ?? (await channels.setQuiet(of, given));
      if (problem !== null) return await reply.code(422).send(problem);
    } catch (error) {
      return logLost(error, reply);
    }
    tell(asks, `${given === null ? 'took away' : 'set'} the quiet hours of ${of}`);
    return reply.send({ ok: true });
  }
  app.put(`${QUIET}*`, { ...LEAD, bodyLimit: BODY_MOST }, (request, reply) =>
    setQuiet(request, reply, request.body ?? {}),
  );
  app.delete(`${QUIET}*`, LEAD, (request, reply) => setQuiet(request, reply, null));
}

const LEAD = { config: { least: 'lead' } } as const;

const NOBODY = 'Say first who you are: a lead or supervisor.';
const FIXED = 'This one is from the settings of the server (PHAROS_WEBHOOK) and is changed there.';
const NO_CHANNEL = 'There is no such channel.';
const NO_PLACE =
  'Expected /api/v1/channels/person|team|site/OF/ID, or /api/v1/quiet/PERSON, each part percent-encoded.';

function named({ owner, of, id }: ChannelPlace): string {
  return `${JSON.stringify(id)} of ${owner} ${of}`;
}

function placeIn({ url }: FastifyRequest, tail?: 'try'): ChannelPlace | null {
  const [owner, of = '', id = '', ...more] = decodedParts(url, CHANNELS) ?? [];
  const known = CHANNEL_OWNERS.find((each) => each === owner);
  const isWhole = tail === undefined ? more.length === 0 : more.length === 1 && more[0] === tail;
  return known !== undefined && isWhole && isId(of) && isId(id) ? { owner: known, of, id } : null;
}

function logLost(error: unknown, reply: FastifyReply): FastifyReply {
  const { reason } = (error ?? {}) as { readonly reason?: unknown };
  // A mistake of ours is one.
  if (reason === undefined) throw error;
  return reply.code(503).header('retry-after', '1').send({
    error: 'Redis is not to be reached; it is not known whether this was kept. Say it again.',
    reason,
  });
}
