// The browser's clock in a test's hands.
import type { Clock } from '../../client/live/clock.ts';

export class HandClock implements Clock {
  #now = 0;
  #turns: { at: number; readonly run: () => void; readonly every: number | null }[] = [];
  monotonic(): number {
    return this.#now;
  }
  after(ms: number, run: () => void): () => void {
    return this.#add({ at: this.#now + ms, run, every: null });
  }
  every(ms: number, run: () => void): () => void {
    return this.#add({ at: this.#now + ms, run, every: ms });
  }
  advance(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const [next] = this.#turns.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#now = next.at;
      if (next.every === null) this.#turns = this.#turns.filter((turn) => turn !== next);
      else next.at += next.every;
      next.run();
    }
    this.#now = until;
  }
  #add(turn: { at: number; readonly run: () => void; readonly every: number | null }): () => void {
    this.#turns.push(turn);
    return () => {
      this.#turns = this.#turns.filter((one) => one !== turn);
    };
  }
}
