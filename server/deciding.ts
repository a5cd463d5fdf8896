// Proposals on their way to Redis: after each turn and at each appointment the watch is asked, and what it proposes is put to the store.
import type { Alerts, Proposal } from './alerts/alerts.ts';
import type { Move } from './alerts/machine.ts';
import type { Cancel, Clock } from './clock.ts';
import type { AlertMoved } from './events/episode.ts';
import { encode } from './events/encode.ts';
import type { Touched } from './floor/rows.ts';
import type { Decision, DecisionStore } from './log/decisions.ts';
import type { Telemetry } from './telemetry.ts';
import { wordsOf } from './words-of.ts';

export interface DecidingParts {
  readonly alerts: Alerts;
  readonly store: DecisionStore;
  /** The site's clock. */
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** The floor follows the log at this moment; else nothing is decided, and the screens say so. */
  readonly isLive: () => boolean;
}

export class Deciding {
  readonly #parts: DecidingParts;
  #appointment: { readonly at: number; readonly cancel: Cancel } | null = null;
  /** Set: everything is to be looked at, at the next moment at which the floor is live. */
  #isAllDue = true;
  #isClosed = false;
  readonly #asking = new Set<Promise<void>>();

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

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#appointment?.cancel();
    await Promise.all(this.#asking);
  }

  #turn(): void {
    const { alerts, clock, isLive } = this.#parts;
    if (this.#isClosed || !isLive()) return;
    const now = clock.now();
    if (this.#isAllDue) alerts.lookAtAll(now);
    this.#isAllDue = false;
    for (const proposal of alerts.propose(now)) this.#ask(proposal);
    this.#makeAppointment();
  }

  #ask(proposal: Proposal): void {
    const asking = this.#put(proposal).finally(() => this.#asking.delete(asking));
    this.#asking.add(asking);
  }

  async #put({ key, move }: Proposal): Promise<void> {
    const { alerts, store, clock, telemetry } = this.#parts;
    try {
      const decided = await store.decide(decisionOf(move, clock.now()));
      if (decided === 'taken') return;
    } catch (error) {
      const text = `A decision could not be put to Redis: ${wordsOf(error)}. It is proposed again.`;
      telemetry.announce({ name: 'alerts.undecided', severity: 'warn', text });
    }
    alerts.notTaken(key, clock.now());
    this.#makeAppointment();
  }

  #makeAppointment(): void {
    const { alerts, clock } = this.#parts;
    const at = alerts.nextAt();
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

/** `now`: the instant of the decision. */
export function decisionOf({ from, to, reason, by, why }: Move, now: number): Decision {
  const { id, state, ...said } = to;
  const data: AlertMoved = {
    ...said,
    episode: id,
    from: from?.state ?? null,
    to: state,
    reason,
    by,
    why,
    at: now,
  };
  return {
    episode: id,
    key: to.key,
    expected: from?.revision ?? 0,
    revision: to.revision,
    isOpen: state !== 'resolved',
    entry: encode({
      type: 'alert.moved',
      subject: id,
      source: 'pharos',
      id: `${id}/${to.revision}`,
      data,
    }),
    notices: [],
  };
}
