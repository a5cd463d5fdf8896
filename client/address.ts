// What the address of the page asks for: which board, and what of it is overruled for trying.
import type { Board, Page } from '../server/contract/board.ts';
import { DEFAULT_BOARD, PAGES } from '../server/contract/board.ts';
import type { Language } from '../server/contract/lists.ts';
import { LANGUAGES } from '../server/contract/lists.ts';

export interface Address {
  readonly board: string;
  readonly inches: number | null;
  readonly seat: number | null;
  readonly language: Language | null;
  readonly page: Page | null;
}

/** `/wall/BOARD?inches=55&seat=5&language=lv&page=floor`; what is not understood is passed over. */
export function readAddress(path: string, search: string): Address {
  const query = new URLSearchParams(search);
  const named = /^\/wall\/([^/]+)/.exec(path)?.[1];
  return {
    board: named === undefined ? DEFAULT_BOARD.id : decoded(named),
    inches: within(query.get('inches'), 5, 300),
    seat: within(query.get('seat'), 0.3, 100),
    language: LANGUAGES.find((language) => language === query.get('language')) ?? null,
    page: PAGES.find((page) => page === query.get('page')) ?? null,
  };
}

/** `/desk` and what is below it. */
export function isDesk(path: string): boolean {
  return /^\/desk(\/|$)/.test(path);
}

/** What the editor of boards shows a draft in. It is no part of `/desk`, since a notification would be opened in it there. */
export function isPreview(path: string): boolean {
  return path === '/preview';
}

/** The board as this screen shows it. */
export function overruled(board: Board, address: Address): Board {
  return {
    ...board,
    language: address.language ?? board.language,
    pages: address.page === null ? board.pages : [address.page],
    screen: {
      inches: address.inches ?? board.screen.inches,
      seatMetres: address.seat ?? board.screen.seatMetres,
    },
  };
}

function within(text: string | null, least: number, most: number): number | null {
  const number = text === null || text === '' ? Number.NaN : Number(text);
  return number >= least && number <= most ? number : null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
