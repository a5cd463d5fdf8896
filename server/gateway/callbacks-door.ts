// `/api/v1/callbacks/ID`: one promise with its history, for the person who is to call.
import type { FastifyInstance } from 'fastify';
import type { CallbackTold } from '../contract/callback-told.ts';
import type { CallbackFact, Facts } from '../floor/rows.ts';
import { identityOf } from './doors.ts';
import { sightOf } from './within.ts';

const GONE = { error: 'No such promise is known; it may have been closed before today.' };

export function callbacksDoor(app: FastifyInstance, { facts }: { readonly facts: Facts }): void {
  app.get('/api/v1/callbacks/*', { config: { least: 'lead' } }, async (request, reply) => {
    // An id may be longer than a parameter of a path.
    const { '*': id } = request.params as { readonly '*': string };
    const callback = facts.callbacks.get(id);
    void reply.header('cache-control', 'no-store');
    const sight = sightOf(identityOf(request), facts);
    if (callback === undefined || !sight.callbacks(callback, facts))
      return reply.code(404).send(GONE);
    return reply.send({ callback: told(callback) });
  });
}

/** Field by field, so that what is added to a promise stays inside until somebody lists it here. */
function told({ id, customer, note, tries, steps = [], ...closed }: CallbackFact): CallbackTold {
  const { closedAt, closedBy, why } = closed;
  return {
    id,
    customer: { name: customer.name, address: customer.address },
    ...{ note, closedAt, closedBy, why },
    tries: tries.map(({ at, by, result, talkMs, how }) => ({
      ...{ at, by, result, talkMs },
      ...(how === undefined ? {} : { how }),
    })),
    steps: steps.map(({ at, what, by, how }) => ({
      ...{ at, what, by },
      ...(how === undefined ? {} : { how }),
    })),
  };
}
