// What open episodes say now: who is nearest, how many wait, since when whoever waits longest waits. Decided is what they said when they were moved last.
import type { AlertFact, Facts } from '../floor/rows.ts';
import { isOpen } from './episode.ts';

type Said = Pick<AlertFact, 'text' | 'since'>;

export class Words {
  readonly #facts: Facts;
  /** Where they are others than the decided ones. */
  readonly #now = new Map<string, Said>();
  #changed = new Set<string>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  /** What a rule says of an episode now; null: nothing, so that it says what was decided, which is the same on every server. */
  heard(episode: AlertFact | null, said: Said | null): void {
    if (episode === null) return;
    const { id } = episode;
    const before = this.#now.get(id) ?? episode;
    const isDecided = said === null || !isOpen(episode) || isSame(said, episode);
    if (isDecided) this.#now.delete(id);
    else this.#now.set(id, { text: said.text, since: said.since });
    if (!isSame(before, this.#now.get(id) ?? episode)) this.#changed.add(id);
  }

  /** Episodes whose words are others than when this was asked last. */
  take(): ReadonlySet<string> {
    const changed = this.#changed;
    if (changed.size > 0) this.#changed = new Set();
    return changed;
  }

  /** The floor's facts, with the words of now. */
  get facts(): Facts {
    return { ...this.#facts, alerts: new Spoken(this.#facts.alerts, this.#now) };
  }
}

/** The table of alerts with the words of now in it. */
class Spoken implements ReadonlyMap<string, AlertFact> {
  readonly #alerts: ReadonlyMap<string, AlertFact>;
  readonly #now: ReadonlyMap<string, Said>;

  constructor(alerts: ReadonlyMap<string, AlertFact>, now: ReadonlyMap<string, Said>) {
    this.#alerts = alerts;
    this.#now = now;
  }

  get size(): number {
    return this.#alerts.size;
  }

  has(id: string): boolean {
    return this.#alerts.has(id);
  }

  get(id: string): AlertFact | undefined {
    const alert = this.#alerts.get(id);
    return alert && this.#spoken(alert);
  }

  keys(): MapIterator<string> {
    return this.#alerts.keys();
  }

  *values(): MapIterator<AlertFact> {
    for (const alert of this.#alerts.values()) yield this.#spoken(alert);
  }

  *entries(): MapIterator<[string, AlertFact]> {
    for (const [id, alert] of this.#alerts) yield [id, this.#spoken(alert)];
  }

  [Symbol.iterator](): MapIterator<[string, AlertFact]> {
    return this.entries();
  }

  forEach(each: (alert: AlertFact, id: string, map: ReadonlyMap<string, AlertFact>) => void): void {
    for (const [id, alert] of this) each(alert, id, this);
  }

  #spoken(alert: AlertFact): AlertFact {
    const said = this.#now.get(alert.id);
    return said === undefined || !isOpen(alert) ? alert : { ...alert, ...said };
  }
}

function isSame({ text: a, since }: Said, { text: b, since: other }: Said): boolean {
  const names = Object.keys(a.params);
  return (
    since === other &&
    a.key === b.key &&
    names.length === Object.keys(b.params).length &&
    names.every((name) => a.params[name] === b.params[name])
  );
}
