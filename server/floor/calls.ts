// Calls that may prove a callback or overtake it: by contact, and by the address that they reached.
import { addressKey, isSameAddress } from './address.ts';

/** Connected calls are kept so long, since a promise may be told of after the call that kept it. */
export const CALLS_KEPT_MS = 48 * 3_600_000;
/** A call proves something once it was connected for so long. */
export const CONNECTED_MS = 10_000;

export interface Call {
  readonly contact: string;
  readonly isOutbound: boolean;
  readonly address: string | null;
  /** The site's country when it began. */
  readonly country: string | null;
  /** The one callback that it is for; null: every promise to that address. */
  readonly callback: string | null;
  readonly agent: string | null;
  readonly startedAt: number;
  answeredAt: number | null;
  endedAt: number | null;
  /** It was said to have reached no person, so it proves nothing. */
  isVoid: boolean;
  /** Its tenth second has been seen. */
  isJudged: boolean;
}

/** A promise, as far as a call cares. */
export interface Promised {
  readonly id: string;
  readonly address: string | null;
  readonly country: string | null;
}

export class Calls {
  readonly #calls = new Map<string, Call>();
  readonly #byKey = new Map<string, Set<Call>>();

  get(contact: string): Call | undefined {
    return this.#calls.get(contact);
  }

  values(): IterableIterator<Call> {
    return this.#calls.values();
  }

  add(call: Call): void {
    this.delete(call.contact);
    this.#calls.set(call.contact, call);
    const key = addressKey(call.address, call.country)?.key;
    if (key === undefined) return;
    const same = this.#byKey.get(key);
    if (same) same.add(call);
    else this.#byKey.set(key, new Set([call]));
  }

  delete(contact: string): void {
    const call = this.#calls.get(contact);
    if (!call) return;
    this.#calls.delete(contact);
    const key = addressKey(call.address, call.country)?.key ?? '';
    const same = this.#byKey.get(key);
    same?.delete(call);
    if (same?.size === 0) this.#byKey.delete(key);
  }

  /** Calls that reached the address of this promise, in the order of their answers. */
  to(promise: Promised): readonly Call[] {
    const key = addressKey(promise.address, promise.country)?.key;
    const calls = [...(this.#byKey.get(key ?? '') ?? [])].filter((call) => reaches(call, promise));
    return calls.sort((a, b) => (a.answeredAt ?? Infinity) - (b.answeredAt ?? Infinity));
  }

  /** Lets go of calls that ended before `before`, and of those that never did but began so long ago. */
  forget(before: number): void {
    for (const call of this.#calls.values())
      if ((call.endedAt ?? call.startedAt) < before) this.delete(call.contact);
  }

  dump(): readonly Call[] {
    return Array.from(this.#calls.values(), (call) => ({ ...call }));
  }

  restore(dump: readonly Call[]): void {
    for (const call of dump) this.add(call);
  }
}

/** The call and the promise have one address, read in the promise's country, and the call is not for another promise. */
export function reaches(call: Call, promise: Promised): boolean {
  if (call.callback !== null && call.callback !== promise.id) return false;
  const theirs = addressKey(promise.address, promise.country);
  const ours = addressKey(call.address, promise.country);
  return theirs !== null && ours !== null && isSameAddress(ours, theirs);
}

/** Was it with a person for long enough, as far as is known at `at`? */
export function isConnected(call: Call, at: number): boolean {
  if (call.answeredAt === null || call.isVoid) return false;
  return (call.endedAt ?? at) - call.answeredAt >= CONNECTED_MS;
}
