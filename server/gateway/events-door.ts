// `POST /api/v1/events`: all events of a call are in the log, or none is and the caller knows why.
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Identity } from '../access/identity.ts';
import { isGranted } from '../contract/grants.ts';
import { decode } from '../events/decode.ts';
import type { Fields } from '../events/decode.ts';
import type { Telemetry } from '../telemetry.ts';
import { isProblem, readCloudEvents } from './cloud-events.ts';
import type { Problem } from './cloud-events.ts';
import { identityOf } from './doors.ts';

/** Bytes of one call. */
const BODY_MOST = 8 * 1024 * 1024;

export interface EventsDoorOptions {
  readonly append: (entries: readonly Fields[]) => Promise<readonly string[]>;
  readonly now: () => number;
  readonly telemetry: Telemetry;
}

export function eventsDoor(app: FastifyInstance, options: EventsDoorOptions): void {
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, parsed) => {
      parsed(null, body);
    });
    const post = { bodyLimit: BODY_MOST, config: { door: 'events' } } as const;
    scope.post('/api/v1/events', post, async (request, reply) => {
      const coding = request.headers['content-encoding'] ?? 'identity';
      if (coding !== 'identity') {
        count(options, 'unknown', 'unreadable');
        return reply.code(415).send({ error: `Expected a body as it is; got one in ${coding}.` });
      }
      const body = typeof request.body === 'string' ? request.body : '';
      const reading = readCloudEvents(request.headers, body);
      switch (reading.kind) {
        case 'unreadable':
          count(options, 'unknown', 'unreadable');
          return reply.code(reading.status).send({ error: reading.says });
        case 'read':
          return appendAll(ownOf(reading.events, identityOf(request)), reply, options);
        default:
          return reading satisfies never;
      }
    });
    done();
  });
}

/** A source speaks in its own name, and of what it was granted. */
function ownOf(
  read: readonly (Fields | Problem)[],
  identity: Identity,
): readonly (Fields | Problem)[] {
  if (identity.kind !== 'source') return read;
  const { source, grant } = identity;
  return read.map((one, index) => {
    if (isProblem(one)) return one;
    const type = one.type ?? '';
    if (isGranted(grant, type)) return { ...one, source };
    const expected = `one of ${grant.join(' ')}, which are granted to ${source}`;
    return { index, field: 'type', expected, given: type.slice(0, 200) };
  });
}

async function appendAll(
  read: readonly (Fields | Problem)[],
  reply: FastifyReply,
  options: EventsDoorOptions,
): Promise<unknown> {
  const problems = problemsOf(read, options);
  if (problems.length > 0) return reply.code(422).send(problems);
  const events = read.filter((one): one is Fields => !isProblem(one));
  try {
    const ids = events.length === 0 ? [] : await options.append(events);
    return await reply.code(202).send({ ids });
  } catch (error) {
    const reason = reasonOf(error);
    options.telemetry.announce({
      name: 'gateway.append-failed',
      severity: 'warn',
      text: `An event by HTTP did not reach the log${reason === null ? '' : ` (${reason})`}; the caller was told.`,
    });
    return reply.code(503).header('retry-after', '1').send({
      error: 'The log is not to be reached; nothing is known to be in it. Send the same ids again.',
      reason,
    });
  }
}

/** Of every event of the call, and each is counted, whoever wrote it. */
function problemsOf(
  read: readonly (Fields | Problem)[],
  options: EventsDoorOptions,
): readonly Problem[] {
  const problems: Problem[] = [];
  const entryAt = options.now();
  for (const [index, fields] of read.entries()) {
    if (isProblem(fields)) {
      problems.push(fields);
      count(options, 'unknown', `form:${fields.field}`);
      continue;
    }
    const decoded = decode(fields, { entryAt, entryId: 'http' });
    // An unknown type is kept for later rows of the product: counted by the reader, never an error.
    if (decoded.kind !== 'refused') continue;
    const { reason, field, expected, given } = decoded.refused;
    problems.push({ index, field, expected, given });
    count(options, decoded.source, reason);
  }
  return problems;
}

function count({ telemetry }: EventsDoorOptions, source: string, reason: string): void {
  telemetry.announce({
    name: 'gateway.event-refused',
    severity: 'debug',
    fields: { source, reason },
  });
}

/** The log's own word for what is the matter with it. */
function reasonOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('reason' in error)) return null;
  return typeof error.reason === 'string' ? error.reason : null;
}
