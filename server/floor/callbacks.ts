// The ledger of callbacks, one room since every entry's way from promise to proof is read here: promised, tried, proved, broken.
import TinyQueue from 'tinyqueue';
import type { CallbackResult } from '../contract/lists.ts';
import type { DataOf } from '../events/schema.ts';
import { AddressBook } from './address-book.ts';
import { addressKey } from './address.ts';
import type { Agenda } from './agenda.ts';
import { withStep } from './callback-steps.ts';
import { Calls, CALLS_KEPT_MS, CONNECTED_MS, isConnected, reaches } from './calls.ts';
import type { Call, Promised } from './calls.ts';
import type { Attempt, CallbackFact, RawCustomer } from './rows.ts';
import type { Site } from './site.ts';
import type { FactTables } from './tables.ts';

const CLOSED_KEPT_MS = 35 * 24 * 3_600_000;
/** So many attempts are kept in full; all are counted. */
const TRIES_KEPT = 50;

export interface CallbacksDump {
  readonly archive: readonly CallbackFact[];
  readonly calls: readonly Call[];
}

export class Callbacks {
  readonly #tables: FactTables;
  readonly #agenda: Agenda;
  readonly #site: Site;
  readonly #calls = new Calls();
  /** Closed before today: out of the table, yet a proof may still come. */
  readonly #archive = new Map<string, CallbackFact>();
  /** Callbacks by their addresses, as long as something may become of them. */
  readonly #book = new AddressBook();
  #sum = { due: 0, kept: 0, overdue: 0 };
  #next = newNext();

  constructor(tables: FactTables, agenda: Agenda, site: Site) {
    this.#tables = tables;
    this.#agenda = agenda;
    this.#site = site;
    agenda.keeps('due', (id) => this.#brokenAt(id));
    agenda.keeps('connected', (contact) => {
      const call = this.#calls.get(contact);
      if (!call?.isOutbound || call.isVoid || call.isJudged || call.endedAt !== null) return null;
      return call.answeredAt === null ? null : call.answeredAt + CONNECTED_MS;
    });
  }

  promise(id: string, data: DataOf['callback.promised'], at: number): void {
    const old = this.#find(id);
    if (old && !isActive(old)) return;
    const { country } = this.#site;
    const address = data.customer.address ?? null;
    const made: CallbackFact = {
      id,
      customer: rawCustomer(data.customer),
      promisedAt: old?.promisedAt ?? at,
      dueAt: data.dueAt,
      by: data.by ?? null,
      owner: old?.owner ?? null,
      team: data.team ?? null,
      state: old?.state ?? 'open',
      kept: old?.kept ?? null,
      attempts: old?.attempts ?? 0,
      lastAttemptAt: old?.lastAttemptAt ?? null,
      proof: old?.proof ?? null,
      note: data.note ?? null,
      contact: data.contact ?? null,
      country,
      addressKey: addressKey(address, country)?.key ?? null,
      tries: old?.tries ?? [],
      closedAt: null,
      closedBy: null,
      why: null,
      steps: old?.steps ?? [],
      ...(old?.missedDueAt === undefined ? {} : { missedDueAt: old.missedDueAt }),
    };
    const { by = null, how } = data;
    this.#put(withStep(made, { at, what: old ? 'promised-anew' : 'promised', by, how }));
    for (const call of this.#calls.to(promised(made)))
      if (call.isOutbound && isConnected(call, at)) this.#prove(call, at);
  }

  /** Of two who claim what they saw as nobody's, the first in the journal has it. */
  claim(id: string, { by, from, how }: DataOf['callback.claimed'], at: number): void {
    const callback = this.#find(id);
    if (!callback || !isActive(callback)) return;
    if (from !== undefined && callback.owner !== from) return;
    const claimed = { ...callback, owner: by, state: 'claimed' } as const;
    this.#put(withStep(claimed, { at, what: 'claimed', by, how }));
  }

  release(id: string, { by, how }: DataOf['callback.released'], at: number): void {
    const callback = this.#find(id);
    if (!callback || !isActive(callback) || callback.owner === null) return;
    const state = callback.attempts > 0 ? 'attempted' : 'open';
    this.#put(withStep({ ...callback, owner: null, state }, { at, what: 'released', by, how }));
  }

  attempt(id: string, data: DataOf['callback.attempted'], at: number): void {
    const { contact = null, by = null, result, talkSeconds, how } = data;
    const talkMs = talkSeconds === undefined ? null : Math.round(talkSeconds * 1_000);
    this.#addTry(id, { at, by, contact, result, talkMs, ...(how === undefined ? {} : { how }) });
    if (contact !== null && result !== 'answered') this.#voidCall(contact, at);
  }

  complete(id: string, data: DataOf['callback.completed'], at: number): void {
    this.#close(id, 'unproved', data, at);
  }

  cancel(id: string, data: DataOf['callback.cancelled'], at: number): void {
    this.#close(id, 'cancelled', data, at);
  }

  /** A contact with this address began. */
  began(call: Call): void {
    // An attempt may have been told of before its call.
    call.isVoid = this.#calls.get(call.contact)?.isVoid ?? false;
    if (call.isOutbound || this.#callbacksTo(call).length > 0) this.#calls.add(call);
  }

  answered(contact: string, at: number): void {
    const call = this.#calls.get(contact);
    if (call?.answeredAt !== null) return;
    call.answeredAt = at;
    if (call.isOutbound) this.#agenda.add('connected', contact, at + CONNECTED_MS);
  }

  ended(contact: string, at: number): void {
    const call = this.#calls.get(contact);
    if (call?.endedAt !== null) return;
    call.endedAt = at;
    if (call.isOutbound) this.#outboundEnded(call, at);
    else this.#inboundEnded(call, at);
    if (!call.isOutbound || !isConnected(call, at)) this.#calls.delete(contact);
    // What waited for this call to end may be broken now.
    for (const { id, dueAt } of this.#callbacksTo(call)) this.#agenda.add('due', id, dueAt);
  }

  /** The open promise to this address that is due first. */
  openTo(address: string | null): string | null {
    let first: CallbackFact | null = null;
    for (const callback of this.#byAddressOf(address))
      if (isActive(callback) && (first === null || callback.dueAt < first.dueAt)) first = callback;
    return first?.id ?? null;
  }

  /** Time alone: a call has been connected for ten seconds. */
  connected(contact: string, at: number): void {
    const call = this.#calls.get(contact);
    if (!call) return;
    call.isJudged = true;
    this.#prove(call, at);
  }

  /** Time alone: it is due and not proved. */
  fellDue(id: string): void {
    const callback = this.#find(id);
    if (callback !== undefined && isToFall(callback))
      this.#put({ ...callback, kept: false, missedDueAt: callback.dueAt });
  }

  /** The day has changed: what was closed before it leaves the table. */
  turn(at: number): void {
    const { startsAt } = this.#site.day;
    for (const callback of this.#tables.facts.callbacks.values()) {
      if (callback.closedAt === null || callback.closedAt >= startsAt) continue;
      this.#tables.remove('callbacks', callback.id);
      this.#archive.set(callback.id, callback);
    }
    for (const callback of this.#archive.values()) {
      if ((callback.closedAt ?? at) >= at - CLOSED_KEPT_MS) continue;
      this.#archive.delete(callback.id);
      this.#index(callback, undefined);
    }
    this.#calls.forget(at - CALLS_KEPT_MS);
    this.#sum = { due: 0, kept: 0, overdue: 0 };
    for (const callback of [...this.#tables.facts.callbacks.values(), ...this.#archive.values()])
      this.#count(callback, 1);
    this.#tellSite();
  }

  dump(): CallbacksDump {
    return { archive: [...this.#archive.values()], calls: this.#calls.dump() };
  }

  /** Rows of the table are restored already. */
  restore(dump: CallbacksDump): void {
    this.#calls.restore(dump.calls);
    for (const call of this.#calls.values())
      if (call.answeredAt !== null && !call.isJudged && call.endedAt === null)
        this.#agenda.add('connected', call.contact, call.answeredAt + CONNECTED_MS);
    for (const callback of dump.archive) this.#archive.set(callback.id, callback);
    for (const callback of [...this.#tables.facts.callbacks.values(), ...dump.archive]) {
      this.#index(undefined, callback);
      this.#count(callback, 1);
      this.#await(callback);
    }
    this.#tellSite();
  }

  #find(id: string): CallbackFact | undefined {
    return this.#tables.facts.callbacks.get(id) ?? this.#archive.get(id);
  }

  #put(next: CallbackFact): void {
    const old = this.#find(next.id);
    if (old) this.#count(old, -1);
    this.#count(next, 1);
    this.#archive.delete(next.id);
    this.#index(old, next);
    this.#tables.put('callbacks', next);
    if (old?.state !== next.state || old.dueAt !== next.dueAt || old.kept !== next.kept)
      this.#await(next);
    this.#tellSite();
  }

  #await(callback: CallbackFact): void {
    if (!isToFall(callback)) return;
    this.#agenda.add('due', callback.id, callback.dueAt);
    if (isActive(callback)) this.#next.push({ id: callback.id, dueAt: callback.dueAt });
  }

  /** A call that is up at the due time, and answered before it, is let to its tenth second or its end. */
  #brokenAt(id: string): number | null {
    const callback = this.#find(id);
    if (callback === undefined || !isToFall(callback) || callback.state === 'cancelled')
      return null;
    const isTalking = this.#calls
      .to(promised(callback))
      .some((call) => call.endedAt === null && !call.isVoid && isInTime(call, callback));
    return isTalking ? null : callback.dueAt;
  }

  #addTry(id: string, attempt: Attempt): void {
    const callback = this.#find(id);
    if (!callback) return;
    const isKnown = attempt.contact !== null;
    const known = isKnown ? callback.tries.findIndex((t) => t.contact === attempt.contact) : -1;
    const was = callback.tries[known];
    const tries = was
      ? callback.tries.with(known, { ...attempt, at: was.at, by: attempt.by ?? was.by })
      : [...callback.tries, attempt].slice(-TRIES_KEPT);
    this.#put({
      ...callback,
      tries,
      attempts: callback.attempts + (was ? 0 : 1),
      lastAttemptAt: Math.max(attempt.at, callback.lastAttemptAt ?? 0),
      state: isActive(callback) ? 'attempted' : callback.state,
    });
  }

  #close(
    id: string,
    state: 'unproved' | 'cancelled',
    { by, why, how }: DataOf['callback.completed'],
    at: number,
  ): void {
    const callback = this.#find(id);
    if (!callback || !isActive(callback)) return;
    const closed = { ...callback, state, closedAt: at, closedBy: by, why: why ?? null };
    const what = state === 'unproved' ? 'completed' : 'cancelled';
    this.#put(withStep(closed, { at, what, by, how }));
  }

  /** One call proves every promise to its address that was made before its answer. */
  #prove(call: Call, at: number): void {
    const { contact, answeredAt } = call;
    if (answeredAt === null || !isConnected(call, at)) return;
    const talkMs = (call.endedAt ?? at) - answeredAt;
    for (const callback of this.#callbacksTo(call)) {
      const isSame = callback.proof?.contact === contact;
      if (answeredAt < callback.promisedAt || (callback.proof && !isSame)) continue;
      if (!isActive(callback) && callback.state !== 'unproved' && !isSame) continue;
      this.#put({
        ...callback,
        state: 'proved',
        kept: answeredAt <= callback.dueAt,
        proof: { contact, talkMs, at: answeredAt },
        closedAt: callback.closedAt ?? at,
        closedBy: callback.closedBy ?? call.agent,
      });
      if (!isSame) this.#addTry(callback.id, tryOf(call, 'answered', talkMs));
    }
  }

  #outboundEnded(call: Call, at: number): void {
    if (isConnected(call, at)) {
      this.#prove(call, at);
      return;
    }
    for (const callback of this.#callbacksTo(call)) {
      if (!isActive(callback) || call.startedAt < callback.promisedAt) continue;
      if (callback.tries.some(({ contact }) => contact === call.contact)) continue;
      const talkMs = call.answeredAt === null ? null : at - call.answeredAt;
      const result = call.answeredAt === null ? 'no-answer' : 'answered';
      this.#addTry(callback.id, tryOf(call, result, talkMs));
    }
  }

  /** The customer rang first and was served. A word of a few seconds serves nobody, and is no attempt of ours either. */
  #inboundEnded(call: Call, at: number): void {
    const { answeredAt } = call;
    if (answeredAt === null || !isConnected(call, at)) return;
    for (const callback of this.#callbacksTo(call)) {
      const isOwn = callback.contact === call.contact || answeredAt < callback.promisedAt;
      if (isOwn || !isActive(callback)) continue;
      const kept = answeredAt <= callback.dueAt;
      this.#put({ ...callback, state: 'customer-first', kept, closedAt: at, closedBy: call.agent });
    }
  }

  /** It reached no person: what it proved is open again, with its old due time. */
  #voidCall(contact: string, at: number): void {
    const call = this.#calls.get(contact);
    if (!call) {
      this.#calls.add({ ...unseenCall(contact, at), isVoid: true });
      return;
    }
    call.isVoid = true;
    for (const callback of this.#callbacksTo(call)) {
      if (callback.proof?.contact === contact) {
        const { dueAt } = callback;
        const fate = dueAt <= at ? { kept: false, missedDueAt: dueAt } : { kept: null };
        const open = { proof: null, closedAt: null, closedBy: null, ...fate };
        this.#put({ ...callback, ...open, state: 'attempted' });
        // Another call may have reached a person all the same.
        for (const other of this.#calls.to(promised(callback)))
          if (other.isOutbound) this.#prove(other, at);
      } else this.#agenda.add('due', callback.id, callback.dueAt);
    }
  }

  #callbacksTo(call: Call): CallbackFact[] {
    if (call.callback !== null) {
      const named = this.#find(call.callback);
      return named && reaches(call, promised(named)) ? [named] : [];
    }
    return this.#byAddressOf(call.address).filter((callback) => reaches(call, promised(callback)));
  }

  #byAddressOf(address: string | null): CallbackFact[] {
    const found: CallbackFact[] = [];
    for (const id of this.#book.find(address)) {
      const callback = this.#find(id);
      if (callback) found.push(callback);
    }
    return found;
  }

  #index(old: CallbackFact | undefined, next: CallbackFact | undefined): void {
    if (old?.addressKey === next?.addressKey && old?.country === next?.country) return;
    if (old) this.#book.remove(old);
    if (next) this.#book.add(next);
  }

  #count(callback: CallbackFact, by: 1 | -1): void {
    const isOff = callback.state === 'cancelled' && callback.kept !== false;
    if (this.#site.isToday(callback.dueAt) && !isOff) {
      this.#sum.due += by;
      if (callback.kept === true) this.#sum.kept += by;
    }
    if (isActive(callback) && callback.kept === false && !isToFall(callback))
      this.#sum.overdue += by;
  }

  #tellSite(): void {
    this.#site.setPromises({ ...this.#sum, nextDueAt: this.#nextDueAt() });
  }

  #nextDueAt(): number | null {
    for (let first = this.#next.peek(); first; first = this.#next.peek()) {
      const callback = this.#find(first.id);
      const isMeant = callback && isActive(callback) && isToFall(callback);
      if (isMeant && callback.dueAt === first.dueAt) return first.dueAt;
      this.#next.pop();
    }
    return null;
  }
}

/** Its due time has not judged it yet: not once, or not since it was promised anew. */
function isToFall(callback: CallbackFact): boolean {
  const { kept, dueAt, missedDueAt } = callback;
  return kept === null || (!kept && isActive(callback) && missedDueAt !== dueAt);
}

/** Still to be done. */
export function isActive({ state }: CallbackFact): boolean {
  return state === 'open' || state === 'claimed' || state === 'attempted';
}

export function rawCustomer(
  customer: { readonly [K in keyof RawCustomer]?: string | undefined } | undefined,
): RawCustomer {
  const { id = null, name = null, address = null } = customer ?? {};
  return { id, name, address };
}

function promised({ id, customer, country }: CallbackFact): Promised {
  return { id, address: customer.address, country };
}

function isInTime({ answeredAt }: Call, { promisedAt, dueAt }: CallbackFact): boolean {
  return answeredAt !== null && answeredAt >= promisedAt && answeredAt <= dueAt;
}

function tryOf(call: Call, result: CallbackResult, talkMs: number | null): Attempt {
  return { at: call.startedAt, by: call.agent, contact: call.contact, result, talkMs };
}

function unseenCall(contact: string, at: number): Call {
  return {
    contact,
    isOutbound: true,
    address: null,
    country: null,
    callback: null,
    agent: null,
    startedAt: at,
    answeredAt: null,
    endedAt: null,
    isVoid: false,
    isJudged: false,
  };
}

function newNext(): TinyQueue<{ readonly id: string; readonly dueAt: number }> {
  return new TinyQueue<{ readonly id: string; readonly dueAt: number }>(
    [],
    (a, b) => a.dueAt - b.dueAt,
  );
}
