// Proposals on their way to Redis: after each turn and at each appointment the watch is asked, and what it proposes is put to the store.
import type { Alerts, Proposal } from '../alerts/alerts.ts';
import type { Move } from '../alerts/machine.ts';
import type { Cancel, Clock } from '../clock.ts';
import type { Touched } from '../floor/rows.ts';
import type { DecisionStore, Held } from '../log/decisions.ts';
import { decisionOf, heldOf } from './decision-of.ts';
import { countMove } from './move-counted.ts';
import type { Telling } from '../notify/notices.ts';
import type { Telemetry } from '../telemetry.ts';
import { wordsOf } from '../words-of.ts';

/** While Redis is away or does not answer, it is looked at again after so long (milliseconds). */
const LOOK_AGAIN_MS = 250;
/** Mistakes of so many kinds are said. */
const BROKEN_SAID = 20;
/** So many proposals are on their way at most: what waits behind thousands of them, as a person's word or a lease, would be given up. */
const ASKING_MOST = 64;

export interface DecidingParts {
  readonly alerts: Alerts;
  readonly store: DecisionStore;
  /** The site's clock. */
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** The floor follows the log at this moment; else nothing is decided, and the screens say so. */
  readonly isLive: () => boolean;
  /** Who is to be told by a move. */
  readonly tellingOf: TellingOf;
  /** There is something new in the outbox. */
  readonly onTold: () => void;
}

/** `now`: the instant of the decision. */
export type TellingOf = (move: Move, now: number) => Telling;

export class Deciding {
  readonly #parts: DecidingParts;
  #appointment: { readonly at: number; readonly cancel: Cancel } | null = null;
  /** Set: everything is to be looked at, at the next moment at which the floor is live. */
  #isAllDue = true;
  /** Set after a gap: what Redis and this floor hold is brought together before anything is proposed. */
  #isApart = false;
  #isReconciling = false;
  /** The log was not followed when we looked last, as at the start. */
  #wasAway = true;
  #isClosed = false;
  /** The first failure speaks, the next are counted. */
  #hasFailed = false;
  readonly #asking = new Set<Promise<void>>();
  readonly #broken = new Set<string>();
  /** There may be more to propose than there was room for. */
  #isFull = false;

  constructor(parts: DecidingParts) {
    this.#parts = parts;
  }

  /** After each turn of the engine. */
  turned(touched: Touched): void {
    const { alerts, clock, isLive } = this.#parts;
    // What passes by while it catches up is no news: what is true at its end is looked at once.
    if (!isLive()) this.#isAllDue = true;
    else if (!this.#isAllDue) alerts.changed(touched, clock.now());
    this.#turn();
  }

  /** The log can be read again: whoever could not be heard meanwhile may speak. */
  cameBack(): void {
    this.#wasAway = true;
    this.#isAllDue = true;
  }

  /** Entries of the journal are gone, and with them perhaps decisions. */
  gapFound(): void {
    this.#isApart = true;
    this.#turn();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#appointment?.cancel();
    await Promise.all(this.#asking);
  }

  #turn(): void {
    const { alerts, clock, telemetry, isLive } = this.#parts;
    if (this.#isClosed) return;
    if (!isLive()) {
      // Redis may come back without any entry that would wake us.
      this.#isAllDue = true;
      this.#wasAway = true;
      this.#awake(clock.now() + LOOK_AGAIN_MS);
      return;
    }
    if (this.#wasAway) alerts.cameBack(clock.now());
    this.#wasAway = false;
    if (this.#isApart || this.#isReconciling) {
      this.#isAllDue = true;
      if (!this.#isReconciling) this.#track(this.#reconcileAll());
      return;
    }
    const now = clock.now();
    if (this.#isAllDue) alerts.lookAtAll(now);
    this.#isAllDue = false;
    const room = Math.max(0, ASKING_MOST - this.#asking.size);
    const onBroken = (what: string, error: unknown): void => this.#broke(what, error);
    const proposals = alerts.propose(now, { most: room, onBroken });
    this.#isFull = proposals.length === room;
    for (const rule of alerts.takeFleeting())
      telemetry.announce({ name: 'alerts.fleeting', severity: 'debug', fields: { rule } });
    for (const proposal of proposals) this.#track(this.#putOne(proposal));
    this.#makeAppointment();
  }

  #track(work: Promise<void>): void {
    const asking = work
      .catch((error: unknown) => this.#broke('what Redis and this server hold', error))
      .finally(() => {
        this.#asking.delete(asking);
        if (this.#isFull && this.#asking.size <= ASKING_MOST / 2) this.#turn();
      });
    this.#asking.add(asking);
  }

  /** A mistake about one episode costs that one, and is looked at again. */
  async #putOne(proposal: Proposal): Promise<void> {
    try {
      await this.#put(proposal);
    } catch (error) {
      const { alerts, clock } = this.#parts;
      const { rule, subject } = proposal.move.to;
      this.#broke(`${rule} of ${subject}`, error);
      alerts.notTaken(proposal.key, clock.now());
      this.#makeAppointment();
    }
  }

  async #put({ key, move }: Proposal): Promise<void> {
    const { alerts, store, clock, telemetry, tellingOf, onTold } = this.#parts;
    const now = clock.now();
    const telling = tellingOf(move, now);
    const decision = decisionOf(move, now, telling);
    const answer = await store.decide(decision).catch((error: unknown) => {
      this.#failed(error);
      return 'failed' as const;
    });
    telemetry.announce({ name: 'alerts.proposed', severity: 'debug', fields: { answer } });
    if (answer !== 'failed') this.#hasFailed = false;
    if (answer === 'taken') countMove(telemetry, move, telling);
    if (answer === 'taken' && decision.notices.length > 0) onTold();
    if (answer === 'failed') alerts.notTaken(key, clock.now());
    else if (answer === 'stale' && alerts.refused(key, clock.now())) {
      const held = alerts.held(key).map((each) => heldOf(each, clock.now()));
      const isKnown = held.some(({ episode }) => episode === move.to.id);
      const { id: episode } = move.to;
      const nothing = { revision: 0, isOpen: true, entry: null, notices: [], told: [] };
      const unknown = { episode, key, ...nothing };
      await this.#reconcile(isKnown ? held : [...held, unknown]);
    }
    this.#makeAppointment();
  }

  async #reconcileAll(): Promise<void> {
    const { alerts, clock } = this.#parts;
    this.#isReconciling = true;
    this.#isApart = false;
    let isDone = false;
    try {
      const held = alerts.held().map((each) => heldOf(each, clock.now()));
      isDone = await this.#reconcile(held);
    } finally {
      this.#isReconciling = false;
      this.#isApart = !isDone;
    }
    if (isDone) return this.#turn();
    this.#awake(clock.now() + LOOK_AGAIN_MS);
  }

  /** False: Redis failed. */
  async #reconcile(all: readonly Held[]): Promise<boolean> {
    const { store, telemetry, onTold } = this.#parts;
    try {
      for (const held of all) {
        if (this.#isClosed) return true;
        const how = await store.reconcile(held);
        if (how === 'same') continue;
        if (how === 'written' && held.notices.length > 0) onTold();
        telemetry.announce({ name: 'alerts.reconciled', severity: 'debug', fields: { how } });
      }
      return true;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }

  /** A mistake in Pharos; of each kind the first one speaks. */
  #broke(what: string, error: unknown): void {
    const words = wordsOf(error);
    if (this.#broken.has(words) || this.#broken.size >= BROKEN_SAID) return;
    this.#broken.add(words);
    const text = `A decision about ${what} could not be made: ${words}. This is a mistake in Pharos; it is tried again, and all else goes on.`;
    this.#parts.telemetry.announce({ name: 'alerts.broken', severity: 'error', text });
  }

  #failed(error: unknown): void {
    const { alerts, clock, telemetry } = this.#parts;
    // What could not be written could not be told either.
    alerts.cameBack(clock.now());
    const isFirst = !this.#hasFailed;
    this.#hasFailed = true;
    if (!isFirst) return;
    const text = `Decisions about alerts cannot be put to Redis: ${wordsOf(error)}. They are proposed again.`;
    telemetry.announce({ name: 'alerts.undecided', severity: 'warn', text });
  }

  #makeAppointment(): void {
    // Who ends makes room, and looks; what is due until then would only wake us in vain.
    if (!this.#isFull) this.#awake(this.#parts.alerts.nextAt());
  }

  /** One timer; null: it sleeps until something comes. */
  #awake(at: number | null): void {
    const { clock } = this.#parts;
    if (at === (this.#appointment?.at ?? null)) return;
    this.#appointment?.cancel();
    this.#appointment = null;
    if (at === null || this.#isClosed) return;
    const cancel = clock.after(at - clock.now(), () => {
      this.#appointment = null;
      this.#turn();
    });
    this.#appointment = { at, cancel };
  }
}
