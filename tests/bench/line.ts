// What a bench says: one promise, what was measured of it, and what stood beside it in the same run.

/** `whole`: the workload that the promise names. `tiny`: seconds, to see that the bench itself still works. */
export type Scale = 'whole' | 'tiny';

export interface Line {
  /** Such as `P-3`. */
  readonly promise: string;
  /** What was measured, in a few words. */
  readonly what: string;
  /** The workload with its figures: agents, queues, events a second, screens, seconds, repetitions. */
  readonly workload: string;
  /** With unit. */
  readonly measured: string;
  /** The yardstick of the same run, with unit. */
  readonly beside: string;
  /** What is promised, with unit. */
  readonly promised: string;
  readonly holds: boolean;
}

export interface Bench {
  /** One word, as `npm run bench -- WORD` takes it. */
  readonly name: string;
  run(scale: Scale): Promise<readonly Line[]>;
}
