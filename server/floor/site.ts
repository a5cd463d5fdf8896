// The site: its name, zone and country, its present day, and its one row.
import type { Promises } from '../contract/rows.ts';
import type { DataOf } from '../events/schema.ts';
import type { Agenda } from './agenda.ts';
import type { FloorOptions } from './options.ts';
import { alignedStart, siteDayBefore, siteDayOf } from './site-day.ts';
import type { SiteDay } from './site-day.ts';
import type { FactTables } from './tables.ts';

const HALF_HOUR_MINUTES = 30;
/** One object, so that identity tells change. */
const NO_LIMITS: Readonly<Record<string, number>> = {};
const NO_PROMISES: Promises = { due: 0, kept: 0, overdue: 0, nextDueAt: null };

/** What the site's profile said; it speaks louder than the options. */
type Said = Pick<DataOf['site.profile'], 'name' | 'zone' | 'country' | 'dayStarts' | 'languages'> &
  Pick<DataOf['site.profile'], 'limits' | 'dutyManager'>;

export interface SiteDump {
  readonly now: number;
  readonly said: Said;
  readonly lastWaitingAt: number | null;
  readonly unseen: number;
  readonly day: SiteDay;
}

export class Site {
  readonly #tables: FactTables;
  readonly #agenda: Agenda;
  readonly #options: FloorOptions;
  #said: Said = {};
  #lastWaitingAt: number | null = null;
  #unseen = 0;
  #promises: Promises = NO_PROMISES;
  #changed = true;
  /** To ask a zone for its offset takes some 20 µs. */
  readonly #halfHours = new Map<number, number>();
  /** The latest instant that the floor was told of. */
  now: number;
  day: SiteDay;

  constructor(tables: FactTables, agenda: Agenda, options: FloorOptions) {
    this.#tables = tables;
    this.#agenda = agenda;
    this.#options = options;
    this.now = options.now;
    this.day = this.dayOf(options.now);
    agenda.keeps('day', () => this.day.endsAt);
    agenda.add('day', options.site, this.day.endsAt);
  }

  get zone(): string {
    return this.#said.zone ?? this.#options.zone;
  }

  get country(): string | null {
    return this.#said.country ?? this.#options.country;
  }

  get #dayStarts(): string {
    return this.#said.dayStarts ?? this.#options.dayStarts;
  }

  dayOf(at: number): SiteDay {
    if (this.day && at >= this.day.startsAt && at < this.day.endsAt) return this.day;
    return siteDayOf(at, this.zone, this.#dayStarts);
  }

  isToday(at: number): boolean {
    return at >= this.day.startsAt && at < this.day.endsAt;
  }

  /** The beginning of the half hour, by local time, in which a quarter lies. */
  halfHourOf(quarter: number): number {
    let start = this.#halfHours.get(quarter);
    if (start === undefined) {
      start = alignedStart(quarter, HALF_HOUR_MINUTES, this.zone);
      this.#halfHours.set(quarter, start);
    }
    return start;
  }

  /** The same weekday, a week ago. */
  get weekAgo(): SiteDay {
    return siteDayBefore(this.day.startsAt, 7, { zone: this.zone, dayStarts: this.#dayStarts });
  }

  tell(data: DataOf['site.profile']): void {
    this.#said = { ...this.#said, ...data };
    this.#halfHours.clear();
    this.#changed = true;
  }

  /** Looks up the day of `at`; true if it is another than before. */
  turnTo(at: number): boolean {
    const day = siteDayOf(at, this.zone, this.#dayStarts);
    const same = day.startsAt === this.day.startsAt && day.endsAt === this.day.endsAt;
    if (same) return false;
    this.day = day;
    this.#halfHours.clear();
    this.#agenda.add('day', this.#options.site, day.endsAt);
    this.#changed = true;
    return true;
  }

  /** Nobody waits any more. */
  sawNobodyWaiting(at: number): void {
    if (this.#lastWaitingAt !== null && at <= this.#lastWaitingAt) return;
    this.#lastWaitingAt = at;
    this.#changed = true;
  }

  setPromises(promises: Promises): void {
    const { due, kept, overdue, nextDueAt } = this.#promises;
    const isSame =
      promises.due === due &&
      promises.kept === kept &&
      promises.overdue === overdue &&
      promises.nextDueAt === nextDueAt;
    if (isSame) return;
    this.#promises = promises;
    this.#changed = true;
  }

  /** Alerts of today that ended before anybody took or saw them. */
  setUnseen(unseen: number): void {
    if (unseen === this.#unseen) return;
    this.#unseen = unseen;
    this.#changed = true;
  }

  flush(): void {
    if (!this.#changed) return;
    this.#changed = false;
    const { site, name, demo, build, languages } = this.#options;
    this.#tables.put('site', {
      id: site,
      name: this.#said.name ?? name ?? site,
      zone: this.zone,
      country: this.country,
      dayStartsAt: this.day.startsAt,
      dayEndsAt: this.day.endsAt,
      languages: this.#said.languages ?? languages,
      demo,
      build,
      lastWaitingAt: this.#lastWaitingAt,
      promises: this.#promises,
      unseen: this.#unseen,
      limits: this.#said.limits ?? NO_LIMITS,
      dutyManager: this.#said.dutyManager ?? null,
    });
  }

  dump(): SiteDump {
    return {
      now: this.now,
      said: this.#said,
      lastWaitingAt: this.#lastWaitingAt,
      unseen: this.#unseen,
      day: this.day,
    };
  }

  restore(dump: SiteDump): void {
    this.now = dump.now;
    this.#said = dump.said;
    this.#lastWaitingAt = dump.lastWaitingAt;
    this.#unseen = dump.unseen;
    this.day = dump.day;
    this.#agenda.add('day', this.#options.site, this.day.endsAt);
    this.#changed = true;
  }
}
