// The screens of the site as the server last told them, and what a supervisor has it do with them.
import type {
  PairingSaid,
  ScreenBoard,
  ScreenOrder,
  ScreenSaid,
  ScreensAnswer,
} from '../../../server/contract/access.ts';
import { ask } from '../../live/ask.ts';
import type { Trouble } from '../../live/ask.ts';
import type { Clock } from '../../live/clock.ts';

/** How often they are read while the page is looked at (milliseconds). */
const READ_MS = 5_000;

/** What of a screen is for supervisors to say; null: as its board says. */
export type ScreenFields = Pick<
  ScreenSaid,
  'name' | 'board' | 'inches' | 'seatMetres' | 'language'
>;

export class Screens {
  /** Null: not told yet. */
  list = $state.raw<readonly ScreenSaid[] | null>(null);
  boards = $state.raw<readonly ScreenBoard[]>([]);
  /** Why they could not be read; what was told before stays. */
  trouble = $state.raw<Trouble | null>(null);
  /** The site's time at which they were read last. */
  readAt = $state.raw<number | null>(null);
  readonly #now: () => number;
  #reads = 0;

  /** `now`: the site's time. */
  constructor(now: () => number) {
    this.#now = now;
  }

  async read(): Promise<void> {
    const read = ++this.#reads;
    const said = await ask('/api/v1/screens');
    // A younger reading knows better.
    if (read !== this.#reads) return;
    this.trouble = 'trouble' in said ? said : null;
    if ('trouble' in said) return;
    const { screens, boards } = said.body as ScreensAnswer;
    this.readAt = this.#now();
    this.list = screens;
    this.boards = boards;
  }

  /** Returns its own undoing. */
  follow(clock: Clock): () => void {
    void this.read();
    return clock.every(READ_MS, () => {
      if (!document.hidden) void this.read();
    });
  }

  async find(code: string): Promise<PairingSaid | Trouble> {
    const said = await ask(`/api/v1/pairings/${encodeURIComponent(code)}`);
    return 'trouble' in said ? said : (said.body as PairingSaid);
  }

  pair(code: string, fields: ScreenFields): Promise<Trouble | null> {
    return this.#do('/api/v1/screens', 'POST', { code, ...fields });
  }

  change(id: string, fields: ScreenFields): Promise<Trouble | null> {
    return this.#do(pathOf(id), 'PATCH', fields);
  }

  order(id: string, order: ScreenOrder): Promise<Trouble | null> {
    return this.#do(`${pathOf(id)}/${order}`, 'POST');
  }

  revoke(id: string): Promise<Trouble | null> {
    return this.#do(pathOf(id), 'DELETE');
  }

  /** Null: it is done. */
  async #do(path: string, method: string, body?: object): Promise<Trouble | null> {
    const said = await ask(path, body, method);
    await this.read();
    return 'trouble' in said ? said : null;
  }
}

function pathOf(id: string): string {
  return `/api/v1/screens/${encodeURIComponent(id)}`;
}
