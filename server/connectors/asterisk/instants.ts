// When a message happened: at its arrival, or by the PBX's own clock where events carry it, laid on ours.
import type { Message } from './message.ts';

/** A PBX's clock that seems to be further behind than this (milliseconds) was set, rather than slow. */
const STEP_MS = 60_000;

export interface Instants {
  /** Milliseconds on our clock, never before the last. */
  of(message: Message, arrivedAt: number): number;
}

export function createInstants(): Instants {
  /** What is to be added to the PBX's clock: the least ever seen, so that a slow delivery does not count. */
  let offset: number | null = null;
  let last = 0;
  return {
    of(message, arrivedAt) {
      const stamp = message.event === '' ? null : message.number('Timestamp');
      let at = arrivedAt;
      if (stamp !== null) {
        const stampedAt = stamp * 1_000;
        if (offset === null || arrivedAt - stampedAt < offset) offset = arrivedAt - stampedAt;
        if (stampedAt + offset < arrivedAt - STEP_MS) offset = arrivedAt - stampedAt;
        at = Math.min(arrivedAt, stampedAt + offset);
      }
      last = Math.max(last, at);
      return Math.round(last);
    },
  };
}
