// What is written of a board and not saved, kept in this tab: a page that is loaded anew, or left and opened again, has it.
import type { BoardWords } from '../../../server/contract/board.ts';

export interface KeptDraft {
  readonly words: BoardWords;
  /** The revision that it replaces; null: none. */
  readonly over: string | null;
}

/** `name`: which board it is of, or that it is a new one. */
const keyOf = (name: string): string => `pharos.board.${name}`;

export function keptDraft(name: string): KeptDraft | null {
  try {
    const text = sessionStorage.getItem(keyOf(name));
    return text === null ? null : (JSON.parse(text) as KeptDraft);
  } catch {
    // A browser may forbid it; then nothing is kept.
    return null;
  }
}

export function keepDraft(name: string, draft: KeptDraft): void {
  try {
    sessionStorage.setItem(keyOf(name), JSON.stringify(draft));
  } catch {
    // As above.
  }
}

export function forgetDraft(name: string): void {
  try {
    sessionStorage.removeItem(keyOf(name));
  } catch {
    // As above.
  }
}
