// `/api/v1/boards`: which boards there are, and those that people make. Each saving says what it replaces, so that of two who change one board neither undoes the other.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DEFAULT_BOARD } from '../contract/board.ts';
import type { Board, BoardSaid, BoardsSaid } from '../contract/board.ts';
import type { Facts } from '../floor/rows.ts';
import { againstId, readBoard } from './board-said.ts';
import type { BoardWrites, Written } from './board-writes.ts';
import { decodedParts } from './decoded-parts.ts';
import type { Note } from './note.ts';

const BOARDS = '/api/v1/boards/';
const BODY_MOST = 256 * 1024;

export interface BoardsDoorOptions {
  readonly facts: Facts;
  readonly writes: BoardWrites;
  readonly note: Note;
  /** There until somebody saves one of its id; absent: `DEFAULT_BOARD`. */
  readonly firstBoard?: Board;
}

export function boardsDoor(app: FastifyInstance, options: BoardsDoorOptions): void {
  const { facts, writes, note, firstBoard = DEFAULT_BOARD } = options;

  function said(board: Board): BoardSaid {
    return { ...board, isSaved: facts.boards.has(board.id) };
  }
  /** As it stands; null: there is none. */
  function standing(id: string): BoardSaid | null {
    const board = facts.boards.get(id) ?? (id === firstBoard.id ? firstBoard : undefined);
    return board === undefined ? null : said(board);
  }
  function answer(reply: FastifyReply, id: string, written: Written): FastifyReply {
    switch (written) {
      case 'written':
        return reply.send({ board: standing(id) });
      case 'overtaken':
        return reply.code(409).send({ error: OVERTAKEN, board: standing(id) });
      case 'unread':
        return reply.code(503).header('retry-after', '1').send({ error: UNREAD });
      default:
        return written satisfies never;
    }
  }

  app.get('/api/v1/boards', { config: { least: 'lead' } }, async (_request, reply) => {
    const saved = [...facts.boards.values()].map(said);
    const first = facts.boards.has(firstBoard.id) ? [] : [said(firstBoard)];
    const answered: BoardsSaid = { boards: [...first, ...saved] };
    return reply.header('cache-control', 'no-store').send(answered);
  });
  app.put(
    `${BOARDS}*`,
    { bodyLimit: BODY_MOST, config: { least: 'supervisor' } },
    async (request, reply) => {
      void reply.header('cache-control', 'no-store');
      const id = idIn(request);
      if (id === null) return reply.code(404).send({ error: NO_PLACE });
      const read = readBoard(id, request.body);
      if (read.kind === 'refused') return reply.code(422).send(read.problem);
      const { words, over } = read;
      if (writes.revision(id) !== over) return answer(reply, id, 'overtaken');
      const written = await writes.save(id, words, over).catch(lost);
      if (written === null) return logLost(reply);
      if (written === 'written') await note(request, 'board-saved', id, { name: words.name });
      return answer(reply, id, written);
    },
  );
  app.delete(`${BOARDS}*`, { config: { least: 'supervisor' } }, async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    const id = idIn(request);
    if (id === null) return reply.code(404).send({ error: NO_PLACE });
    const unfit = againstId(id);
    if (unfit !== null) return reply.code(422).send(unfit);
    const { over } = request.query as { readonly over?: unknown };
    if (over !== undefined && typeof over !== 'string')
      return reply.code(422).send({
        field: 'over',
        expected: 'the revision that is removed, once',
        given: JSON.stringify(over).slice(0, 200),
      });
    const board = facts.boards.get(id);
    if (board === undefined)
      return reply.code(404).send({ error: 'Nobody saved a board of this id.' });
    const expected = over ?? null;
    if (writes.revision(id) !== expected) return answer(reply, id, 'overtaken');
    const written = await writes.remove(id, expected).catch(lost);
    if (written === null) return logLost(reply);
    if (written === 'written') await note(request, 'board-removed', id, { name: board.name });
    return answer(reply, id, written);
  });
}

const OVERTAKEN = 'Somebody else changed this board meanwhile; nothing of yours was done.';
const UNREAD = 'It is in the log, and this server has not read it yet. Look again in a moment.';
const NO_PLACE = 'Expected /api/v1/boards/ID, the id percent-encoded.';

function idIn({ url }: FastifyRequest): string | null {
  const [id = '', ...more] = decodedParts(url, BOARDS) ?? [];
  return id === '' || more.length > 0 ? null : id;
}

/** Null where the log did not take it; a mistake of ours is one. */
function lost(error: unknown): null {
  const { reason } = (error ?? {}) as { readonly reason?: unknown };
  if (reason === undefined) throw error;
  return null;
}

function logLost(reply: FastifyReply): FastifyReply {
  return reply.code(503).header('retry-after', '1').send({
    error: 'Redis is not to be reached; it is not known whether this was kept. Look again.',
  });
}
