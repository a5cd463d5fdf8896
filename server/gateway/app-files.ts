// Files that a browser fetches by itself, without the session of its page: the worker that hears pushes, and what is shown of an installed desk.
import type { FastifyInstance } from 'fastify';

const FILES = [
  '/sw.js',
  '/desk.webmanifest',
  '/icon-192.png',
  '/icon-512.png',
  '/icon-maskable.png',
  '/badge-96.png',
  '/apple-touch-icon.png',
] as const;

/** Their names are the same in every build, so that a browser asks each time whether there is another. */
export function appFiles(app: FastifyInstance): void {
  for (const path of FILES)
    app.get(path, { config: { door: 'open' } }, async (_request, reply) =>
      reply.sendFile(path.slice(1)),
    );
}
