// Episodes as they were decided: the floor only repeats what `alert.moved` says, and keeps how each came to be so.
import type { AlertMoved, AlertTold } from '../events/episode.ts';
import type { AlertFact, AlertMove } from './rows.ts';
import type { Site } from './site.ts';
import type { FactTables } from './tables.ts';

/** So many moves of one episode are kept in full; all are counted by its revision. */
const MOVES_KEPT = 100;
/** So are as many notifications. */
const DELIVERIES_KEPT = 200;
/** What ended is kept until a day has passed, for the list of what was missed. */
const RESOLVED_KEPT_MS = 24 * 3_600_000;

/** Words that change nothing; anybody may say them without end, as by a link that was passed on. */
const ONLY_SAID: ReadonlySet<string> = new Set(['acknowledged-late', 'commented', 'seen']);

/** The first one, what people did, and what people were told stay longest. */
function bounded(moves: readonly AlertMove[]): readonly AlertMove[] {
  if (moves.length <= MOVES_KEPT) return moves;
  const [first, ...others] = moves;
  const ofNobody = others.findIndex(({ by, told }) => by === null && told.length === 0);
  const onlySaid = others.findIndex(({ reason }) => ONLY_SAID.has(reason));
  const least = [ofNobody, onlySaid, 0].find((index) => index >= 0 && index < others.length - 1);
  return first === undefined ? [] : [first, ...others.toSpliced(least ?? 0, 1)];
}

export class Episodes {
  readonly #tables: FactTables;
  readonly #site: Pick<Site, 'day' | 'setUnseen'>;
  /** Those of today that people were called for, and that ended before anybody took or saw them. */
  readonly #unseen = new Set<string>();
  /** The episodes of each key that are kept, oldest first. */
  readonly #ofKey = new Map<string, readonly string[]>();
  /** Sources that were silent when we looked last. */
  readonly #silent = new Set<string>();

  constructor(tables: FactTables, site: Pick<Site, 'day' | 'setUnseen'>) {
    this.#tables = tables;
    this.#site = site;
  }

  moved({ episode: id, from, to, reason, by, why, how, at, told, ...said }: AlertMoved): void {
    const old = this.#tables.facts.alerts.get(id);
    // A move that was told twice, or written back after Redis was emptied.
    if (old !== undefined && old.revision >= said.revision) return;
    const { version, severity, level } = said;
    const spoken = how === undefined ? {} : { how };
    const move: AlertMove = {
      at,
      from,
      to,
      reason,
      by,
      why,
      ...spoken,
      version,
      severity,
      level,
      told,
    };
    const moves = bounded([...(old?.moves ?? []), move]);
    const stale = this.#isStale(said.sources);
    const deliveries = old?.deliveries ?? [];
    this.#tables.put('alerts', { ...said, id, state: to, stale, moves, deliveries });
    if (old === undefined) this.#note(said.key, id);
    this.#lookUnseen(id);
  }

  /** Of an episode that is not kept any more nobody asks. */
  told(id: string, attempt: AlertTold): void {
    const alert = this.#tables.facts.alerts.get(id);
    if (alert === undefined) return;
    const { notification } = attempt;
    const at = alert.deliveries.findIndex((each) => each.notification === notification);
    const deliveries =
      at < 0
        ? [...alert.deliveries, attempt].slice(-DELIVERIES_KEPT)
        : alert.deliveries.with(at, attempt);
    this.#tables.put('alerts', { ...alert, deliveries });
  }

  /** The episodes of a key, oldest first; all but the last have ended. */
  ofKey(key: string): readonly AlertFact[] {
    const { alerts } = this.#tables.facts;
    return (this.#ofKey.get(key) ?? []).flatMap((id) => alerts.get(id) ?? []);
  }

  /** A source that fell silent, or spoke again, marks what is known by it. */
  flush(): void {
    for (const id of this.#tables.touchedIn('sources') ?? []) {
      const isSilent = this.#isSilent(id);
      if (isSilent === this.#silent.has(id)) continue;
      if (isSilent) this.#silent.add(id);
      else this.#silent.delete(id);
      for (const alert of this.#tables.facts.alerts.values())
        if (alert.resolvedAt === null && alert.sources.includes(id))
          this.#tables.put('alerts', { ...alert, stale: this.#isStale(alert.sources) });
    }
  }

  /** The day has changed: what ended long ago leaves the table. */
  turn(at: number): void {
    for (const { id, key, resolvedAt } of this.#tables.facts.alerts.values()) {
      if (resolvedAt === null || resolvedAt > at - RESOLVED_KEPT_MS) continue;
      this.#tables.remove('alerts', id);
      const rest = (this.#ofKey.get(key) ?? []).filter((other) => other !== id);
      if (rest.length === 0) this.#ofKey.delete(key);
      else this.#ofKey.set(key, rest);
    }
    this.#countUnseen();
  }

  /** Rows of the table are restored already. */
  restore(): void {
    for (const { id, key } of this.#tables.facts.alerts.values()) this.#note(key, id);
    for (const { id } of this.#tables.facts.sources.values())
      if (this.#isSilent(id)) this.#silent.add(id);
    this.#countUnseen();
  }

  #countUnseen(): void {
    this.#unseen.clear();
    for (const id of this.#tables.facts.alerts.keys()) this.#lookUnseen(id);
    this.#site.setUnseen(this.#unseen.size);
  }

  #lookUnseen(id: string): void {
    const alert = this.#tables.facts.alerts.get(id);
    const isUnseen =
      alert !== undefined &&
      alert.resolvedAt !== null &&
      alert.resolvedAt >= this.#site.day.startsAt &&
      !alert.isSeen &&
      // For a note nobody is called.
      alert.severity !== 'P3';
    if (isUnseen) this.#unseen.add(id);
    else this.#unseen.delete(id);
    this.#site.setUnseen(this.#unseen.size);
  }

  #note(key: string, id: string): void {
    this.#ofKey.set(key, [...(this.#ofKey.get(key) ?? []), id]);
  }

  #isStale(sources: readonly string[]): boolean {
    return sources.some((id) => this.#isSilent(id));
  }

  #isSilent(id: string): boolean {
    const source = this.#tables.facts.sources.get(id);
    return source !== undefined && source.state !== 'live';
  }
}
