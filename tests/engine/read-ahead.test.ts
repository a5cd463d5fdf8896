// Reading ahead: the next read of a backlog is under way while the last is folded, and only what is asked for is given.
import { describe, expect, it } from 'vitest';
import type { Entry, ReadOptions } from '../../server/log/log.ts';
import { ReadAhead } from '../../server/engine/read-ahead.ts';

const NOW: ReadOptions = { count: 10, blockMs: 0 };
const entry = (id: string): Entry => ({ id, at: 1, fields: {} });

/** A log that answers when it is told to, and bears one reader at a time, as the real one does. */
class Answering {
  readonly asked: string[] = [];
  #answer: ((entries: readonly Entry[]) => void) | null = null;
  #refuse: ((error: Error) => void) | null = null;

  read(after: string): Promise<readonly Entry[]> {
    if (this.#answer !== null)
      throw new Error('invariant: the log is read by one reader at a time');
    this.asked.push(after);
    return new Promise((resolve, reject) => {
      this.#answer = resolve;
      this.#refuse = reject;
    });
  }

  answer(...ids: readonly string[]): void {
    this.#answer?.(ids.map(entry));
    this.#answer = null;
  }

  refuse(): void {
    this.#refuse?.(new Error('gone'));
    this.#answer = null;
  }
}

describe('a read ahead', () => {
  it('[ENG-14] is under way before it is wanted, and given where one goes on from its beginning', async () => {
    const log = new Answering();
    const reads = new ReadAhead(log);
    reads.ask('1-0', NOW);
    expect(log.asked).toEqual(['1-0']);
    log.answer('2-0');
    expect((await reads.read('1-0', NOW)).map(({ id }) => id)).toEqual(['2-0']);
    expect(log.asked).toEqual(['1-0']);
  });

  it('[ENG-14] is thrown away where one goes on elsewhere, with no second reader beside it', async () => {
    const log = new Answering();
    const reads = new ReadAhead(log);
    reads.ask('1-0', NOW);
    const wanted = reads.read('7-0', NOW);
    expect(log.asked).toEqual(['1-0']);
    log.answer('2-0');
    await expect.poll(() => log.asked).toEqual(['1-0', '7-0']);
    log.answer('8-0');
    expect((await wanted).map(({ id }) => id)).toEqual(['8-0']);
  });

  it('[ENG-14] that failed is told to who comes for it, and harms nobody else', async () => {
    const log = new Answering();
    const reads = new ReadAhead(log);
    reads.ask('1-0', NOW);
    log.refuse();
    await expect(reads.read('1-0', NOW)).rejects.toThrow('gone');
    const again = reads.read('1-0', NOW);
    log.answer('2-0');
    expect(await again).toHaveLength(1);
    reads.ask('2-0', NOW);
    log.refuse();
    const elsewhere = reads.read('5-0', NOW);
    await expect.poll(() => log.asked.at(-1)).toBe('5-0');
    log.answer();
    expect(await elsewhere).toEqual([]);
  });
});
