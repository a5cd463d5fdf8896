// Is what we show true? What the last replies of Redis say about it, in the words that the screens show.
import type { LogReason, LogState } from '../contract/lists.ts';
import type { LogHealth } from '../contract/protocol.ts';

/** A healthy reader hears from Redis each half second, so this long without a word means that it hangs. */
const SILENT_MS = 2_500;

/** After a gap the screens say so until the sources have told anew what is true, or so long. */
const GAP_MS = 60_000;
/** And at least so long, so that a person can read it. */
const GAP_LEAST_MS = 5_000;

export class HealthOfLog {
  #heardAt: number | null = null;
  #readTrouble: LogReason | null = null;
  #writeTrouble: LogReason | null = null;
  #caughtUp = false;
  #asOf: number;
  #poisoned = false;
  /** Sources that are known to tell all that is true now and then. */
  readonly #tellers = new Set<string>();
  #gap: { readonly reason: LogReason; readonly at: number; readonly missing: Set<string> } | null =
    null;

  /** `asOf`: the instant up to which the floor is known at the start. */
  constructor(asOf: number) {
    this.#asOf = asOf;
  }

  /** Redis answered the reader, and its log is folded up to `asOf`. `now` is monotonic. */
  heard(now: number, asOf: number): void {
    this.#heardAt = now;
    this.#readTrouble = null;
    // What was lost in a gap, could not be written or is dated wrongly happened after this instant, so nothing later is known.
    if (this.#writeTrouble === null && !this.#poisoned && !this.#gapStands(now))
      this.#asOf = Math.max(this.#asOf, asOf);
  }

  caughtUp(is: boolean): void {
    this.#caughtUp = is;
  }

  /** The reader failed; `null` reasons are taken as unreachable. */
  readFailed(reason: LogReason | null): void {
    this.#readTrouble = reason ?? 'unreachable';
  }

  /** What a write that changes nothing was answered with; null: it went through. */
  writeProbed(reason: LogReason | null): void {
    this.#writeTrouble = reason;
  }

  /** Entries are gone that were never read, so every source that can must tell anew what is true. */
  gapFound(reason: LogReason, now: number): void {
    this.#gap = { reason, at: now, missing: new Set(this.#tellers) };
  }

  /** A source told all that is true. */
  snapshotCame(source: string): void {
    this.#tellers.add(source);
    this.#gap?.missing.delete(source);
  }

  /** Whether it told all that is true at any time, and so will again. */
  tells(source: string): boolean {
    return this.#tellers.has(source);
  }

  poisoned(is: boolean): void {
    this.#poisoned = is;
  }

  /** True if the floor may be trusted to follow the log at this moment. */
  get readable(): boolean {
    return this.#readTrouble === null && this.#caughtUp;
  }

  /** `now` is monotonic. */
  at(now: number): LogHealth {
    const [state, reason] = this.#judge(now);
    return { state, reason, asOf: this.#asOf };
  }

  #judge(now: number): readonly [LogState, LogReason | null] {
    if (this.#readTrouble !== null) return ['lost', this.#readTrouble];
    if (this.#heardAt === null || now - this.#heardAt > SILENT_MS)
      return ['lost', this.#heardAt === null ? 'unreachable' : 'frozen'];
    // Redis still answers reads, but nothing new can get in, so what is shown grows old.
    if (this.#writeTrouble !== null) return ['lost', this.#writeTrouble];
    if (!this.#caughtUp) return ['behind', null];
    if (this.#gapStands(now)) return ['gap', this.#gap?.reason ?? null];
    return this.#poisoned ? ['poisoned', null] : ['live', null];
  }

  #gapStands(now: number): boolean {
    if (this.#gap === null) return false;
    const age = now - this.#gap.at;
    if (age < GAP_LEAST_MS || (this.#gap.missing.size > 0 && age < GAP_MS)) return true;
    this.#gap = null;
    return false;
  }
}
