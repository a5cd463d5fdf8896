// What the pages of boards ask of the server: which there are, and to save or remove one.
import type { Board, BoardSaid, BoardsSaid, BoardWords } from '../../../server/contract/board.ts';
import { ask } from '../../live/ask.ts';
import type { Trouble } from '../../live/ask.ts';

/** `overtaken`: somebody else changed it meanwhile, and nothing was done. */
export type Saved = { readonly board: BoardSaid } | 'overtaken' | Trouble;
export type Removed = 'removed' | 'overtaken' | Trouble;

const BOARDS = '/api/v1/boards';

export async function readBoards(): Promise<readonly BoardSaid[] | Trouble> {
  const said = await ask(BOARDS);
  if ('trouble' in said) return said;
  const { boards } = (said.body ?? {}) as Partial<BoardsSaid>;
  return Array.isArray(boards) ? boards : { trouble: 'words', status: said.status };
}

/** `over`: the revision that it replaces, null for none. */
export async function saveBoard(
  id: string,
  words: BoardWords,
  over: string | null,
): Promise<Saved> {
  const said = await ask(pathTo(id), { ...words, over }, 'PUT');
  if ('trouble' in said) return said.status === 409 ? 'overtaken' : said;
  const { board } = (said.body ?? {}) as { readonly board?: BoardSaid };
  return board === undefined ? { trouble: 'words', status: said.status } : { board };
}

export async function removeBoard({ id, revision }: Board): Promise<Removed> {
  const over = revision === undefined ? '' : `?over=${encodeURIComponent(revision)}`;
  const said = await ask(`${pathTo(id)}${over}`, undefined, 'DELETE');
  if (!('trouble' in said)) return 'removed';
  return said.status === 409 ? 'overtaken' : said;
}

export function wallPath(id: string): string {
  return `/wall/${encodeURIComponent(id)}`;
}

/** What an editor writes, without the rest. */
export function wordsOf(board: Board): BoardWords {
  const { name, audience, queues, queuesOf, teams, language, pages, rotateSeconds, screen } = board;
  return {
    ...{ name, audience, queues, queuesOf: queuesOf ?? null, teams, language, pages },
    ...{ rotateSeconds, screen },
  };
}

function pathTo(id: string): string {
  return `${BOARDS}/${encodeURIComponent(id)}`;
}
