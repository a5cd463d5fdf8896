// What a supervisor says of a screen, checked: its name, its board, and what of the board is its own.
import type { ScreenGiven } from '../access/screens.ts';
import { INCHES, isName, SEAT_METRES } from '../contract/access.ts';
import type { Board } from '../contract/board.ts';
import { LANGUAGES } from '../contract/lists.ts';
import { isValueTooDeep } from '../events/nesting.ts';
import { given, TOO_DEEP } from './problem.ts';
import type { Problem } from './problem.ts';

/** `kept`: a board that it has already may stay, whether it is there or not. */
export function readScreen(
  said: unknown,
  boards: readonly Board[],
  kept?: string,
): ScreenGiven | { readonly problem: Problem } {
  if (isValueTooDeep(said)) return { problem: TOO_DEEP };
  const fields = fieldsOf(said);
  const { name, board, inches = null, seatMetres = null } = fields;
  const language = fields.language ?? null;
  const wrong = (field: string, expected: string) => ({
    problem: { field, expected, given: given(fields[field]) },
  });
  if (typeof name !== 'string' || !isName(name)) return wrong('name', 'one line, 1 to 120 letters');
  if (typeof board !== 'string' || (board !== kept && !boards.some(({ id }) => id === board)))
    return wrong('board', `one of ${boards.map(({ id }) => id).join(', ')}`.slice(0, 300));
  if (inches !== null && !isWithin(inches, INCHES))
    return wrong('inches', `${INCHES.least} to ${INCHES.most} inches, or null`);
  if (seatMetres !== null && !isWithin(seatMetres, SEAT_METRES))
    return wrong('seatMetres', `${SEAT_METRES.least} to ${SEAT_METRES.most} metres, or null`);
  const missing = inches === null ? 'inches' : 'seatMetres';
  // One of them alone says nothing of how large letters must be.
  if ((inches === null) !== (seatMetres === null))
    return wrong(missing, 'both the diagonal and the farthest seat, or neither');
  const spoken = LANGUAGES.find((known) => known === language) ?? null;
  if (language !== null && spoken === null)
    return wrong('language', `one of ${LANGUAGES.join(', ')}, or null`);
  return { name: name.trim(), board, inches, seatMetres, language: spoken };
}

/** What was, with what is said of it now. */
export function asChanged(
  { name, board, inches, seatMetres, language }: ScreenGiven,
  said: unknown,
): unknown {
  const change = fieldsOf(said);
  const before: Readonly<Record<string, unknown>> = { name, board, inches, seatMetres, language };
  return Object.fromEntries(
    Object.entries(before).map(
      ([field, was]) => [field, change[field] === undefined ? was : change[field]] as const,
    ),
  );
}

function fieldsOf(said: unknown): Readonly<Record<string, unknown>> {
  return typeof said === 'object' && said !== null ? { ...said } : {};
}

function isWithin(
  value: unknown,
  { least, most }: { readonly least: number; readonly most: number },
): value is number {
  return typeof value === 'number' && value >= least && value <= most;
}
