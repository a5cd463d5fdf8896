// A board as somebody says it by HTTP: checked by the door that the log has, and refused where it could not be read from its seat.
import type { BoardWords } from '../contract/board.ts';
import { DESK_BOARD } from '../contract/board.ts';
import { readingOf } from '../contract/board-reading.ts';
import type { BoardProblem, Mend, Reading } from '../contract/board-reading.ts';
import { ID_EXPECTED, isId } from '../contract/ids.ts';
import { decode } from '../events/decode.ts';

/** What may be said; `over` is the saving that it replaces, null for none. */
const KNOWN: readonly string[] = [
  'name',
  'audience',
  'queues',
  'queuesOf',
  'teams',
  'language',
  'pages',
  'rotateSeconds',
  'screen',
  'over',
];

export type BoardSaying =
  | { readonly kind: 'board'; readonly words: BoardWords; readonly over: string | null }
  | { readonly kind: 'refused'; readonly problem: BoardProblem };

export function readBoard(id: string, said: unknown): BoardSaying {
  const named = againstId(id);
  if (named !== null) return refused(named);
  if (typeof said !== 'object' || said === null || Array.isArray(said))
    return refused(problem('board', 'a JSON object', said));
  const unknown = Object.keys(said).find((name) => !KNOWN.includes(name));
  if (unknown !== undefined)
    return refused(problem(unknown, `one of ${KNOWN.join(', ')}`, unknown));
  const decoded = decode(
    { type: 'board.saved', subject: id, data: JSON.stringify(said) },
    { entryAt: 0, entryId: '0-0', trusted: true },
  );
  if (decoded.kind === 'refused') {
    const { field, expected, given } = decoded.refused;
    return refused({ field: field.replace(/^data\.?/, '') || 'board', expected, given });
  }
  if (decoded.kind !== 'event' || decoded.event.type !== 'board.saved')
    throw new Error('invariant: what is said of a board is about one');
  const { over, ...rest } = decoded.event.data;
  if (over === undefined)
    return refused(problem('over', 'the revision that it replaces, or null for none', undefined));
  const words = { ...rest, name: rest.name.trim() };
  const unfit = against(words);
  return unfit === null ? { kind: 'board', words, over } : refused(unfit);
}

/** Why nobody may save, or remove, a board of this id; null: they may. */
export function againstId(id: string): BoardProblem | null {
  if (!isId(id)) return problem('id', ID_EXPECTED, id);
  if (id !== DESK_BOARD.id) return null;
  return problem('id', 'another id: this is what the desk itself reads, and nobody makes it', id);
}

/** What the log would take, and a screen could not show. */
function against({
  name,
  queues,
  queuesOf,
  teams,
  pages,
  screen,
}: BoardWords): BoardProblem | null {
  if (name === '') return problem('name', 'a name', name);
  for (const [field, list] of [
    ['queues', queues],
    ['queuesOf', queuesOf],
    ['teams', teams],
  ] as const)
    if (list?.length === 0) return problem(field, 'at least one, or null for no choice', list);
  if (queues !== null && queuesOf != null)
    return problem('queuesOf', 'either queues or the teams whose queues they are', queuesOf);
  if (new Set(pages).size < pages.length) return problem('pages', 'each page once', pages);
  const reading = readingOf({ pages, screen });
  return reading.why === null
    ? null
    : {
        field: reading.why.kind,
        expected: `what can be read from the farthest seat: ${mendsSaid(reading.mends)}`,
        given: `${screen.inches} inches read from ${screen.seatMetres} m: ${whySaid(reading)}`,
        mends: reading.mends,
      };
}

function whySaid({ why, lines, linesLeast }: Reading): string {
  if (why?.kind === 'pages') return `no room for ${why.pages.join(', ')}`;
  return `${lines} lines would fit, and a board needs ${linesLeast}`;
}

function mendsSaid(mends: readonly Mend[]): string {
  return mends.length === 0 ? 'a larger screen' : mends.map(mendSaid).join(', or ');
}

function mendSaid(mend: Mend): string {
  switch (mend.kind) {
    case 'nearer':
      return `a seat at ${mend.seatMetres} m`;
    case 'larger':
      return `a screen of ${mend.inches} inches`;
    case 'without':
      return `the same without ${mend.pages.join(', ')}`;
    case 'turned':
      return mend.isPortrait ? 'the same screen upright' : 'the same screen lying';
    default:
      return mend satisfies never;
  }
}

function refused(found: BoardProblem): BoardSaying {
  return { kind: 'refused', problem: found };
}

function problem(field: string, expected: string, given: unknown): BoardProblem {
  const shown = given === undefined ? 'nothing' : (JSON.stringify(given) ?? '');
  return { field, expected, given: shown.slice(0, 200) };
}
