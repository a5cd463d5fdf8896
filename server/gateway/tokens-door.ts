// `/api/v1/tokens`: installers give programs a token of their own, shown once, say what each may send, and take it back.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { nameInTrail } from '../access/identity.ts';
import type { SourceTokens } from '../access/sources.ts';
import { isGrant, PRODUCER_GRANT, TAKEN_SOURCES } from '../contract/grants.ts';
import { isId } from '../contract/ids.ts';
import type { Changes } from './changes.ts';
import { decodedParts } from './decoded-parts.ts';
import { identityOf } from './doors.ts';
import type { Note } from './note.ts';
import { readBody } from './problem.ts';

const TOKENS = '/api/v1/tokens';
const INSTALLER = { config: { least: 'installer' } } as const;
const SOURCE = `an id that is none of ${TAKEN_SOURCES.join(', ')}`;
const source = z
  .string({ error: SOURCE })
  .refine((name) => isId(name) && !TAKEN_SOURCES.includes(name), { error: SOURCE });
const GRANT = 'a list of types such as contact.held, or beginnings such as contact.*';
const grant = z
  .array(z.string().refine(isGrant, { error: GRANT }), { error: GRANT })
  .min(1, { error: GRANT })
  .max(50, { error: GRANT });

const made = z.object({ source, grant: grant.default([...PRODUCER_GRANT]) });
const granted = z.object({ grant });

export interface TokensDoorOptions {
  readonly sources: SourceTokens;
  readonly changes: Changes;
  readonly note: Note;
}

export function tokensDoor(app: FastifyInstance, options: TokensDoorOptions): void {
  const { sources, changes, note } = options;

  app.get(TOKENS, INSTALLER, async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ sources: await sources.list() }),
  );
  app.post(TOKENS, INSTALLER, async (request, reply) => {
    const read = readBody(made, request.body);
    if (read.kind === 'problem') return reply.code(422).send(read.problem);
    const { source: name, grant: may } = read.value;
    const token = await sources.make(name, may, nameInTrail(identityOf(request)));
    await changes.tell('source', name, name);
    await note(request, 'token-made', name, { grant: may.join(' ') });
    return reply
      .code(201)
      .header('cache-control', 'no-store')
      .send({ source: name, grant: may, token });
  });
  app.put(`${TOKENS}/*`, INSTALLER, async (request, reply) => {
    const name = source.safeParse(nameIn(request));
    if (!name.success)
      return reply.code(422).send({ field: 'source', expected: SOURCE, given: nameIn(request) });
    const read = readBody(granted, request.body);
    if (read.kind === 'problem') return reply.code(422).send(read.problem);
    await sources.grant(name.data, read.value.grant, nameInTrail(identityOf(request)));
    await changes.tell('source', name.data, name.data);
    await note(request, 'grant-changed', name.data, { grant: read.value.grant.join(' ') });
    return reply.send({ source: name.data, grant: read.value.grant });
  });
  app.delete(`${TOKENS}/*`, INSTALLER, async (request, reply) => {
    const name = nameIn(request);
    if (!(await sources.end(name)))
      return reply.code(404).send({ error: 'There is no such source.' });
    await changes.tell('source', name, name);
    await note(request, 'token-ended', name);
    return reply.send({ ok: true });
  });
}

function nameIn({ url }: FastifyRequest): string {
  return decodedParts(url, `${TOKENS}/`)?.join('/').slice(0, 200) ?? '';
}
