// One promise as its page at the desk is told of it: what its row says, and how it came to be so.
import type { CallbackResult, HowKnown } from './lists.ts';

export interface CallbackTry {
  readonly at: number;
  readonly by: string | null;
  /** How it is known who; missing where a producer said it. */
  readonly how?: HowKnown;
  readonly result: CallbackResult;
  readonly talkMs: number | null;
}

export interface CallbackStepTold {
  readonly at: number;
  readonly what: 'promised' | 'promised-anew' | 'claimed' | 'released' | 'completed' | 'cancelled';
  readonly by: string | null;
  readonly how?: HowKnown;
}

/** `GET /api/v1/callbacks/ID`. */
export interface CallbackTold {
  readonly id: string;
  readonly customer: { readonly name: string | null; readonly address: string | null };
  readonly note: string | null;
  readonly closedAt: number | null;
  readonly closedBy: string | null;
  /** Why it was completed or cancelled, in that person's words. */
  readonly why: string | null;
  /** Oldest first. */
  readonly tries: readonly CallbackTry[];
  /** Oldest first. */
  readonly steps: readonly CallbackStepTold[];
}
