// A board that is being made: what is written so far, what it replaces, and how its saving fared. It is kept in this tab, so that nothing of it is lost on the way.
import type { BoardSaid, BoardWords, Page } from '../../../server/contract/board.ts';
import { DEFAULT_BOARD, DESK_BOARD, PAGES } from '../../../server/contract/board.ts';
import { mended, readingOf } from '../../../server/contract/board-reading.ts';
import type { Mend } from '../../../server/contract/board-reading.ts';
import { isId } from '../../../server/contract/ids.ts';
import type { Trouble } from '../../live/ask.ts';
import { saveBoard, wordsOf } from './boards-said.ts';
import { newId } from './new-id.ts';
import { forgetDraft, keepDraft, keptDraft } from './kept-draft.ts';

export type DraftState =
  | { readonly kind: 'writing' }
  | { readonly kind: 'saving' }
  | { readonly kind: 'saved' }
  | { readonly kind: 'overtaken' }
  | { readonly kind: 'trouble'; readonly trouble: Trouble };

export interface DraftOf {
  /** Of the board that is changed; null: a new one. */
  readonly id: string | null;
  readonly from: BoardWords;
  /** The revision that it replaces; null: none. */
  readonly over: string | null;
  readonly taken: readonly string[];
  /** Under which it is kept in this tab. */
  readonly keptAs: string;
  /** It was saved a moment ago. */
  readonly isSaved?: boolean;
}

export class Draft {
  readonly isNew: boolean;
  words = $state.raw<BoardWords>(wordsOf(DEFAULT_BOARD));
  state = $state.raw<DraftState>({ kind: 'writing' });
  /** It was written before, in this tab, and not saved. */
  isKept = $state(false);
  /** Fields with something in them that cannot be. */
  wrong = $state.raw<readonly string[]>([]);
  readonly reading = $derived(readingOf(this.words));
  readonly isDirty = $derived.by(() => JSON.stringify(this.words) !== this.#saved);
  readonly id = $derived.by(() => this.#fixedId ?? this.#saidId ?? this.#idOfName());
  readonly isIdFree = $derived.by(() => !this.isNew || !this.#taken.includes(this.id));
  readonly isId = $derived.by(() => isId(this.id) && this.id !== DESK_BOARD.id);
  #fixedId = $state<string | null>(null);
  #saidId = $state<string | null>(null);
  #over: string | null;
  #saved: string = $state('');
  readonly #taken: readonly string[];
  readonly #keptAs: string;

  constructor({ id, from, over, taken, keptAs, isSaved }: DraftOf) {
    this.isNew = id === null;
    this.#keptAs = keptAs;
    this.#fixedId = id;
    this.#taken = [...taken, DESK_BOARD.id];
    this.#over = over;
    this.#saved = JSON.stringify(from);
    const kept = keptDraft(keptAs);
    this.words = kept?.words ?? from;
    if (kept !== null) this.#over = kept.over;
    this.isKept = kept !== null;
    if (isSaved === true) this.state = { kind: 'saved' };
  }

  /** Nothing stands against saving it. */
  get isFit(): boolean {
    return (
      this.wrong.length === 0 &&
      this.reading.why === null &&
      this.words.name.trim() !== '' &&
      this.words.pages.length > 0 &&
      !isEmpty(this.words) &&
      this.isId &&
      this.isIdFree
    );
  }

  set(part: Partial<BoardWords>): void {
    this.words = { ...this.words, ...part };
    if (this.state.kind !== 'saving') this.state = { kind: 'writing' };
    this.#keep();
  }

  setId(id: string): void {
    this.#saidId = id.trim() === '' ? null : id.trim();
  }

  setWrong(field: string, isWrong: boolean): void {
    if (this.wrong.includes(field) === isWrong) return;
    this.wrong = isWrong ? [...this.wrong, field] : this.wrong.filter((one) => one !== field);
  }

  setPage(page: Page, isOn: boolean): void {
    const others = this.words.pages.filter((one) => one !== page);
    this.set({ pages: isOn ? [...others, page] : others });
  }

  /** One place up or down among the pages that are on. */
  movePage(page: Page, by: -1 | 1): void {
    const pages = [...this.words.pages];
    const at = pages.indexOf(page);
    const to = at + by;
    if (at < 0 || to < 0 || to >= pages.length) return;
    pages.splice(at, 1);
    pages.splice(to, 0, page);
    this.set({ pages });
  }

  mend(mend: Mend): void {
    this.set(mended(this.words, mend));
  }

  /** Pages that are on, in their order, and then those that are off. */
  get inOrder(): readonly Page[] {
    const { pages } = this.words;
    return [...pages, ...PAGES.filter((page) => !pages.includes(page))];
  }

  /** The board as it was saved, null where it was not. */
  async save(): Promise<BoardSaid | null> {
    const { id, words } = this;
    this.state = { kind: 'saving' };
    const said = await saveBoard(id, words, this.#over);
    if (said === 'overtaken') this.state = { kind: 'overtaken' };
    else if ('trouble' in said) this.state = { kind: 'trouble', trouble: said };
    else {
      forgetDraft(this.#keptAs);
      this.rest(said.board);
      return said.board;
    }
    return null;
  }

  /** Mine goes over what another saved. */
  replaces(board: BoardSaid | null): void {
    this.#over = board?.revision ?? null;
    this.state = { kind: 'writing' };
  }

  /** Back to what is saved. */
  rest(board: BoardSaid): void {
    const words = wordsOf(board);
    const isSame = JSON.stringify(this.words) === JSON.stringify(words);
    this.#saved = JSON.stringify(words);
    if (!isSame) this.words = words;
    this.#over = board.revision ?? null;
    this.isKept = false;
    this.state = { kind: 'saved' };
  }

  /** What was written is given up. */
  discard(): void {
    forgetDraft(this.#keptAs);
    this.words = JSON.parse(this.#saved) as BoardWords;
    this.isKept = false;
    this.wrong = [];
    this.state = { kind: 'writing' };
  }

  #keep(): void {
    if (this.isDirty) keepDraft(this.#keptAs, { words: this.words, over: this.#over });
    else forgetDraft(this.#keptAs);
  }

  #idOfName(): string {
    return newId(this.words.name, this.#taken);
  }
}

/** A choice of nothing. */
export function isEmpty({ queues, queuesOf, teams }: BoardWords): boolean {
  return [queues, queuesOf ?? null, teams].some((list) => list?.length === 0);
}
