// `/api/v1/alerts`: episodes with their history, and what is said of them by HTTP; the same words and the same decision as by socket.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { EPISODE_COMMANDS } from '../contract/commands.ts';
import type { CommandAnswer, CommandRefusal, EpisodeCommand } from '../contract/commands.ts';
import { INSTANT_EXPECTED, parseInstant } from '../events/instant.ts';
import type { AlertFact, Facts } from '../floor/rows.ts';
import type { Commands } from './commands.ts';
import type { Speaker } from './options.ts';
import { sessionOf } from '../access/identity.ts';
import { identityOf } from './doors.ts';
import type { Who } from './who.ts';
import { seesEpisode, sightOf } from './within.ts';

export interface AlertsHttpOptions {
  readonly facts: Facts;
  readonly who: Who;
  readonly commands: Commands;
}

const STATUS: Readonly<Record<CommandRefusal, number>> = {
  malformed: 422,
  rate: 429,
  'not-allowed': 403,
  'no-person': 403,
  session: 401,
  unknown: 404,
  stale: 409,
  over: 409,
  'no-reason': 422,
  past: 422,
  'too-long': 422,
  'not-taken': 409,
  taken: 409,
  'not-claimed': 409,
  log: 503,
};

const LEAD = { config: { least: 'lead' } } as const;

const GONE = { error: 'No such episode is known; it may have ended more than a day ago.' };

/** Where it is done, 200. */
export function statusOf(answer: CommandAnswer): number {
  return 'ok' in answer ? 200 : STATUS[answer.refused];
}

export function alertsHttp(
  app: FastifyInstance,
  { facts, who, commands }: AlertsHttpOptions,
): void {
  app.get('/api/v1/alerts', LEAD, async (request, reply) => {
    const read = readQuery(request.query as Readonly<Record<string, unknown>>);
    if ('problems' in read) return reply.code(400).send(read.problems);
    const sight = sightOf(identityOf(request), facts);
    const alerts = [...facts.alerts.values()].filter(
      (alert) => isAskedFor(alert, read.query) && seesEpisode(sight, alert, facts),
    );
    alerts.sort((a, b) => a.raisedAt - b.raisedAt || (a.id < b.id ? -1 : 1));
    return reply.header('cache-control', 'no-store').send({ alerts });
  });
  app.get('/api/v1/alerts/:id', LEAD, async (request, reply) => {
    const { id } = request.params as { readonly id: string };
    const alert = facts.alerts.get(id);
    void reply.header('cache-control', 'no-store');
    const isSeen =
      alert !== undefined && seesEpisode(sightOf(identityOf(request), facts), alert, facts);
    return isSeen ? reply.send({ alert }) : reply.code(404).send(GONE);
  });
  for (const name of EPISODE_COMMANDS)
    app.post(`/api/v1/alerts/:id/${name}`, LEAD, (request, reply) => obey(name, request, reply));

  async function obey(
    name: EpisodeCommand,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const { id } = request.params as { readonly id: string };
    const body = isRecord(request.body) ? request.body : {};
    const by = speaker(request, body);
    const said = { ...body, episode: id };
    const answer = 'refused' in by ? by : await commands.say(name, said, by, identityOf(request));
    if ('refused' in answer && answer.retryAfterMs !== undefined)
      void reply.header('retry-after', String(Math.ceil(answer.retryAfterMs / 1_000)));
    return reply.code(statusOf(answer)).send(answer);
  }

  /** The person of the session; a program, which has the site's token, says in whose name. */
  function speaker(
    request: FastifyRequest,
    { by }: Readonly<Record<string, unknown>>,
  ): Speaker | Extract<CommandAnswer, { readonly refused: CommandRefusal }> {
    const identity = identityOf(request);
    if (identity.kind === 'person' || sessionOf(identity) !== null) {
      const judged = who.judge(identity);
      return judged.kind === 'refused' ? { refused: judged.reason } : judged.speaker;
    }
    const person = typeof by === 'string' ? who.mayAct(by) : null;
    if (person !== null) return { id: person.id, how: 'program' };
    const given = by === undefined ? 'nothing' : (JSON.stringify(by) ?? '').slice(0, 200);
    const expected = 'a signed-in person, or the id of a lead or supervisor of this floor';
    return { refused: 'malformed', field: 'by', expected, given };
  }
}

interface Query {
  readonly state: 'open' | 'all';
  /** Episodes that moved at this instant or later; of `all` those, too, that are open. */
  readonly since: number | null;
}

type QueryProblem = Readonly<Record<'field' | 'expected' | 'given', string>>;

function readQuery(
  given: Readonly<Record<string, unknown>>,
): { readonly query: Query } | { readonly problems: readonly QueryProblem[] } {
  const problems: QueryProblem[] = [];
  const complain = (field: string, expected: string): void => {
    problems.push({ field, expected, given: String(given[field]).slice(0, 200) });
  };
  for (const name of Object.keys(given))
    if (name !== 'state' && name !== 'since') complain(name, 'one of state, since');
  const { state = 'open', since } = given;
  if (state !== 'open' && state !== 'all') complain('state', 'open or all');
  const text = typeof since === 'string' && /^\d+$/.test(since) ? Number(since) : since;
  const at = since === undefined ? null : parseInstant(text);
  if (since !== undefined && at === null) complain('since', INSTANT_EXPECTED);
  if (problems.length > 0) return { problems };
  return { query: { state: state === 'all' ? 'all' : 'open', since: at } };
}

function isAskedFor({ state, moves, raisedAt }: AlertFact, query: Query): boolean {
  const isOpen = state !== 'resolved';
  if (query.state === 'open' && !isOpen) return false;
  const isMoved = query.since === null || (moves.at(-1)?.at ?? raisedAt) >= query.since;
  // Who asks what there was today asks for what is open since yesterday, too.
  return isMoved || (query.state === 'all' && isOpen);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
