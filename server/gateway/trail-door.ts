// `/api/v1/trail`: who did what, newest first, for installers.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { TrailBook } from '../access/trail.ts';
import { readBody } from './problem.ts';

const COUNT = 'a number from 1 to 500';
const BEFORE = 'the id of a line';
const query = z.object({
  count: z.coerce
    .number({ error: COUNT })
    .int({ error: COUNT })
    .min(1, { error: COUNT })
    .max(500, { error: COUNT })
    .default(100),
  before: z
    .string()
    .regex(/^\d{1,16}-\d{1,16}$/, { error: BEFORE })
    .optional(),
});

export function trailDoor(app: FastifyInstance, { trail }: { readonly trail: TrailBook }): void {
  app.get('/api/v1/trail', { config: { least: 'installer' } }, async (request, reply) => {
    const read = readBody(query, request.query);
    if (read.kind === 'problem') return reply.code(400).send(read.problem);
    const { count, before = null } = read.value;
    return reply
      .header('cache-control', 'no-store')
      .send({ lines: await trail.read(count, before) });
  });
}
