// Reads of a backlog, one ahead: while what was read is folded, Redis gathers what comes next.
import type { Entry, Log, ReadOptions } from '../log/log.ts';

interface Asked {
  readonly after: string;
  readonly answer: Promise<readonly Entry[]>;
}

export class ReadAhead {
  readonly #log: Pick<Log, 'read'>;
  #asked: Asked | null = null;

  constructor(log: Pick<Log, 'read'>) {
    this.#log = log;
  }

  /** Begins the read that `read` will give, if it is asked to begin at the same entry and for as many. */
  ask(after: string, options: ReadOptions): void {
    if (this.#asked !== null) throw new Error('invariant: one read ahead at a time');
    const answer = this.#log.read(after, options);
    // Nobody may come for it, as after a fault; whoever comes is told.
    answer.catch(() => undefined);
    this.#asked = { after, answer };
  }

  /** As the log's own; rejects as that does. */
  async read(after: string, options: ReadOptions): Promise<readonly Entry[]> {
    const asked = this.#asked;
    this.#asked = null;
    if (asked === null) return this.#log.read(after, options);
    if (asked.after === after) return asked.answer;
    // One goes on elsewhere, as after a gap; the log has one reader at a time.
    await asked.answer.catch(() => undefined);
    return this.#log.read(after, options);
  }
}
