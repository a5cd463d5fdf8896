// The doors that only read: is it up, is it ready, the figures for Prometheus, and the whole floor.
import type { FastifyInstance } from 'fastify';
import type { LogHealth } from '../contract/protocol.ts';

export interface ReadDoorsOptions {
  readonly now: () => number;
  readonly health: () => LogHealth;
  /** JSON of every row. */
  readonly wholeFloor: () => string;
  readonly metrics: {
    readonly contentType: string;
    print(): Promise<string>;
  };
}

/** States in which the log is reached and caught up, whatever else is the matter with it. */
const READY: readonly LogHealth['state'][] = ['live', 'poisoned'];

export function readDoors(
  app: FastifyInstance,
  { now, health, wholeFloor, metrics }: ReadDoorsOptions,
): void {
  app.get('/healthz', { config: { door: 'open' } }, async (_request, reply) =>
    reply.type('text/plain; charset=utf-8').send('up\n'),
  );
  app.get('/readyz', { config: { door: 'open' } }, async (_request, reply) => {
    const { state, reason, asOf } = health();
    return reply.code(READY.includes(state) ? 200 : 503).send({ state, reason, asOf });
  });
  app.get('/metrics', { config: { door: 'metrics' } }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.print()),
  );
  app.get('/api/v1/floor', { config: { least: 'supervisor' } }, async (_request, reply) =>
    reply
      .type('application/json; charset=utf-8')
      // The rows are JSON already.
      .send(`{"now":${now()},"log":${JSON.stringify(health())},"rows":${wholeFloor()}}`),
  );
}
