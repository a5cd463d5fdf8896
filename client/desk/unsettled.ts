// Words of which nobody knows whether they were heard, as they were said first: for ten minutes the same words are the same fact.
import type { CommandName } from '../../server/contract/commands.ts';
import type { Clock } from '../live/clock.ts';
import type { NotDone } from './answer-words.ts';

export interface First {
  /** Empty where the server knows none of it. */
  readonly once: string;
  /** Whether it was done after all; null: not known. */
  readonly wasHeard: (() => Promise<boolean | null>) | undefined;
}

/** Said twice they make two; all else may be undone and done again meanwhile, and is another fact then. */
const MAKING: readonly CommandName[] = ['promise', 'comment', 'assist'];
/** Milliseconds for which the server knows words by their `once`. */
const ONCE_MS = 600_000;

export class Unsettled {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #first = new Map<string, First>();

  constructor(clock: Pick<Clock, 'after'>) {
    this.#clock = clock;
  }

  /** By the words. */
  of(key: string): First | undefined {
    return this.#first.get(key);
  }

  answered(
    name: CommandName,
    key: string,
    { answer, ...first }: First & { answer: NotDone },
  ): void {
    // What was not sent now may have been heard before.
    if (!MAKING.includes(name) || ('lost' in answer && answer.lost === 'unsent')) return;
    if (!isOpen(answer)) this.#first.delete(key);
    else if (!this.#first.has(key)) {
      this.#first.set(key, first);
      this.#clock.after(ONCE_MS, () => {
        if (this.#first.get(key) === first) this.#first.delete(key);
      });
    }
  }

  done(key: string): void {
    this.#first.delete(key);
  }

  clear(): void {
    this.#first.clear();
  }
}

/** Nobody knows whether it was done. */
export function isOpen(answer: NotDone): boolean {
  return 'lost' in answer ? answer.lost === 'unanswered' : answer.refused === 'log';
}
