// Which boards a caller may read, and what of them.
import { roleOf, teamsOf } from '../access/identity.ts';
import type { Identity } from '../access/identity.ts';
import { isAtLeast } from '../contract/access.ts';
import type { Board } from '../contract/board.ts';
import { LANGUAGES } from '../contract/lists.ts';
import { board as boardShape } from '../events/board-schema.ts';
import type { Viewer } from './reader.ts';

/** A draft's id: no saved board can have one with a line's end in it. */
const DRAFT = 'draft\n';

/** A paired screen reads its own board; an agent what hangs in public; leads and up whatever their teams leave of it. */
export function mayRead(identity: Identity, { id, audience }: Board): boolean {
  if (identity.kind === 'screen') return identity.screen.board === id;
  const role = roleOf(identity);
  if (role === null) return false;
  return isAtLeast(role, audience === 'public' ? 'agent' : 'lead');
}

export function viewerOf(identity: Identity): Viewer {
  const teams = teamsOf(identity);
  if (identity.kind !== 'screen') return { teams };
  const { inches, seatMetres, language } = identity.screen;
  const spoken = LANGUAGES.find((known) => known === language);
  return {
    teams,
    own: {
      ...(inches === null || seatMetres === null ? {} : { screen: { inches, seatMetres } }),
      ...(spoken === undefined ? {} : { language: spoken }),
    },
  };
}

/** A board that is not saved, for those who may save it; null: it is none. */
export function draftOf(identity: Identity, said: unknown): Board | null {
  const role = roleOf(identity);
  if (role === null || !isAtLeast(role, 'supervisor')) return null;
  const read = boardShape.safeParse(said);
  return read.success ? { ...read.data, id: DRAFT } : null;
}
