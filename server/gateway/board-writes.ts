// What people make of boards: written into the log, and waited for until this server has read it back.
import type { Clock } from '../clock.ts';
import type { BoardWords } from '../contract/board.ts';
import type { Fields } from '../events/decode.ts';
import { encode } from '../events/encode.ts';
import { OWN_SOURCE } from '../events/event.ts';
import type { NewEvent } from '../events/event.ts';
import type { Facts } from '../floor/rows.ts';
import { Looking } from '../looking.ts';

/** `overtaken`: somebody else changed it meanwhile, and nothing of this was done. `unread`: it is in the log, and this server has not read so far. */
export type Written = 'written' | 'overtaken' | 'unread';

/** Milliseconds in which this server reads what it wrote. */
const READ_MS = 3_000;

export interface BoardWritesOptions {
  readonly facts: Facts;
  /** Rejects where the log did not take them. */
  readonly append: (entries: readonly Fields[]) => Promise<unknown>;
  readonly clock: Clock;
  readonly random: (bytes: number) => Buffer;
}

export class BoardWrites {
  readonly #options: BoardWritesOptions;
  readonly #looking: Looking;

  constructor(options: BoardWritesOptions) {
    this.#options = options;
    const { clock } = options;
    this.#looking = new Looking((ms, run) => clock.after(ms, run), READ_MS);
  }

  /** Which saving made the board what it is; null: nobody saved it. */
  revision(board: string): string | null {
    return this.#options.facts.boards.get(board)?.revision ?? null;
  }

  /** After each turn that touched a board. */
  turned(): void {
    this.#looking.turned();
  }

  /** `over`: the saving that it replaces, null for none. Rejects where the log does not take it. */
  async save(board: string, words: BoardWords, over: string | null): Promise<Written> {
    const id = this.#options.random(12).toString('base64url');
    const data = { ...mutable(words), over };
    await this.#write({ type: 'board.saved', subject: board, source: OWN_SOURCE, id, data });
    if (!(await this.#looking.until(() => this.revision(board) !== over))) return 'unread';
    // The journal has one of two first; the other is done nowhere.
    return this.revision(board) === id ? 'written' : 'overtaken';
  }

  async remove(board: string, over: string | null): Promise<Written> {
    const { facts, random } = this.#options;
    const id = random(12).toString('base64url');
    const data = { over };
    await this.#write({ type: 'board.removed', subject: board, source: OWN_SOURCE, id, data });
    const isRead = () => !facts.boards.has(board) || this.revision(board) !== over;
    if (!(await this.#looking.until(isRead))) return 'unread';
    return facts.boards.has(board) ? 'overtaken' : 'written';
  }

  #write(event: NewEvent<'board.saved' | 'board.removed'>): Promise<unknown> {
    return this.#options.append([encode(event)]);
  }
}

/** The event's schema speaks of lists that it may write. */
function mutable({ queues, queuesOf, teams, pages, ...rest }: BoardWords) {
  return {
    ...rest,
    queues: queues && [...queues],
    queuesOf: queuesOf && [...queuesOf],
    teams: teams && [...teams],
    pages: [...pages],
  };
}
