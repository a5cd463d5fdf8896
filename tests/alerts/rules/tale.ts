// A floor and the watch over it, told a story in seconds after nine: time passes by every instant that either asks for, and what is proposed is taken.
import { Alerts } from '../../../server/alerts/alerts.ts';
import type { Move } from '../../../server/alerts/machine.ts';
import type { Rule } from '../../../server/alerts/rule.ts';
import { RULES } from '../../../server/alerts/rules.ts';
import type { DataIn, EventType } from '../../../server/events/schema.ts';
import type { AlertFact, Touched } from '../../../server/floor/rows.ts';
import { at, event, Scene } from '../../floor/scene.ts';
import { thrown } from '../../support/thrown.ts';

/** Moves that follow from the machine alone, or only tell a beginning better. */
const NOT_OF_RULES: ReadonlySet<string> = new Set(['escalated', 'exhausted', 'corrected']);

/** What happened to episodes: `60.25 P3 began`. */
type Line = string;

export class Tale {
  readonly scene = new Scene();
  readonly alerts: Alerts;
  readonly #lines = new Map<string, Line[]>();
  #now = 0;

  constructor(rules: readonly Rule[] = RULES) {
    this.alerts = new Alerts({ site: 'main', floor: this.scene.floor, rules });
    this.alerts.lookAtAll(at(0));
  }

  tell<T extends EventType>(
    seconds: number,
    type: T,
    subject: string,
    data: DataIn[T],
    source?: string,
  ): this {
    this.until(seconds);
    this.#turn(this.scene.tell(seconds, type, subject, data, source));
    return this;
  }

  /** What is told only at `now`, of an instant before. */
  tellLate<T extends EventType>(
    now: number,
    said: { readonly at: number; readonly type: T; readonly subject: string },
    data: DataIn[T],
    source?: string,
  ): this {
    this.until(now);
    this.#turn(this.scene.tell(said.at, said.type, said.subject, data, source));
    return this;
  }

  /** Time passes, up to and including `seconds`. */
  until(seconds: number): this {
    const { floor } = this.scene;
    for (;;) {
      const next = Math.min(floor.nextAt() ?? Infinity, this.alerts.nextAt() ?? Infinity);
      if (next > at(seconds)) break;
      this.#now = Math.max(this.#now, (next - at(0)) / 1_000);
      this.#turn(floor.expire(at(this.#now)));
    }
    this.#now = seconds;
    this.#turn(floor.expire(at(seconds)));
    return this;
  }

  /** All that happened to episodes of a rule, of one subject or of all. */
  lines(rule: string, subject?: string): readonly Line[] {
    return [...this.#lines].flatMap(([key, lines]) => {
      const isMeant =
        subject === undefined ? key.startsWith(`${rule} `) : key === `${rule} ${subject}`;
      return isMeant ? lines : [];
    });
  }

  /** The open episode of a rule, of the only subject or of this one. */
  open(rule: string, subject?: string): AlertFact | undefined {
    const { alerts } = this.scene.floor.facts;
    return [...alerts.values()].find(
      (alert) =>
        alert.rule === rule &&
        alert.state !== 'resolved' &&
        (subject === undefined || alert.subject === subject),
    );
  }

  /** The episode of a rule that began last, also when it is over. */
  last(rule: string): AlertFact | undefined {
    return [...this.scene.floor.facts.alerts.values()].findLast((alert) => alert.rule === rule);
  }

  /** What is open at each of these instants: its severity, or `-`. */
  severities(rule: string, ...instants: readonly number[]): string {
    return instants.map((seconds) => this.until(seconds).open(rule)?.severity ?? '-').join(' ');
  }

  /** What the open episode says now. */
  says(rule: string, subject?: string): AlertFact['text'] | undefined {
    const alert = this.open(rule, subject);
    return alert && this.alerts.words.facts.alerts.get(alert.id)?.text;
  }

  #turn(touched: Touched): void {
    this.alerts.changed(touched, at(this.#now));
    for (let round = 0; round < 20; round++) {
      const proposals = this.alerts.propose(at(this.#now), { onBroken: thrown });
      if (proposals.length === 0) return;
      for (const { move } of proposals) this.#take(move);
    }
    throw new Error(
      `it goes round in circles at ${this.#now}: ${[...this.#lines.values()].flat().join(', ')}`,
    );
  }

  #take({ from, to, reason, by, why }: Move): void {
    const now = at(this.#now);
    const data = { ...to, episode: to.id, from: from?.state ?? null, to: to.state };
    const key = `${to.rule} ${to.subject}`;
    const line = `${this.#now} ${to.severity} ${reason}`;
    if (!NOT_OF_RULES.has(reason)) this.#lines.set(key, [...(this.#lines.get(key) ?? []), line]);
    const { floor } = this.scene;
    floor.fold(
      event({
        type: 'alert.moved',
        subject: to.id,
        source: 'pharos',
        at: now,
        data: { ...data, reason, by, why, at: now },
      }),
    );
    this.alerts.changed(floor.take(), now);
  }
}
