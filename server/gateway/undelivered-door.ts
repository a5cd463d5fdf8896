// `/api/v1/undelivered`: notifications that were given up, so that an operator sees whom nobody could reach.
import type { FastifyInstance } from 'fastify';
import type { UndeliveredSaid } from '../contract/undelivered.ts';
import type { OutboxLook } from './options.ts';

const COUNT_USUAL = 100;
const COUNT_MOST = 1_000;

export function undeliveredDoor(
  app: FastifyInstance,
  { outbox }: { readonly outbox: OutboxLook },
): void {
  app.get('/api/v1/undelivered', { config: { least: 'supervisor' } }, async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    const query = request.query as Readonly<Record<string, unknown>>;
    const unknown = Object.keys(query).find((name) => name !== 'count');
    if (unknown !== undefined)
      return reply.code(400).send([{ field: unknown, expected: 'count', given: unknown }]);
    const count = countOf(query.count);
    if (count === null) {
      const expected = `a number from 1 to ${COUNT_MOST}`;
      const given = String(query.count).slice(0, 200);
      return reply.code(400).send([{ field: 'count', expected, given }]);
    }
    const letters = await outbox.deadLetters(count).catch(() => null);
    if (letters === null)
      return reply.code(503).send({ error: 'The outbox cannot be read just now.' });
    return reply.send({ letters } satisfies UndeliveredSaid);
  });
}

function countOf(given: unknown): number | null {
  if (given === undefined) return COUNT_USUAL;
  const count = typeof given === 'string' && /^\d{1,5}$/.test(given) ? Number(given) : 0;
  return count >= 1 && count <= COUNT_MOST ? count : null;
}
