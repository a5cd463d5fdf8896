// What the editor of boards and its preview say to each other, page to page.
import type { BoardWords, Page } from '../../server/contract/board.ts';

/** The editor's: this board, and one page of it where one is looked at by itself. */
export interface DraftSaid {
  readonly pharos: 'draft';
  readonly draft: BoardWords;
  readonly page: Page | null;
}

/** The preview's: it hears now. */
export const PREVIEW_READY = { pharos: 'preview-ready' } as const;

export function isReady(data: unknown): boolean {
  return sign(data) === PREVIEW_READY.pharos;
}

/** Null: it is something else. */
export function readDraft(data: unknown): DraftSaid | null {
  return sign(data) === 'draft' ? (data as DraftSaid) : null;
}

/** Drafts of one key are sent the same rows, so that no link need begin anew between them. */
export function rowsKey({ audience, queues, queuesOf, teams, pages }: BoardWords): string {
  return JSON.stringify([audience, queues, queuesOf ?? null, teams, pages.includes('today')]);
}

function sign(data: unknown): unknown {
  return ((data ?? {}) as { readonly pharos?: unknown }).pharos;
}
