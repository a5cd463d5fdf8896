// What every part of a wall is drawn with: the rows, the words, the numbers' form, and as of when they are true.
import { getContext, setContext } from 'svelte';
import { duration } from '../../server/contract/duration.ts';
import type { AgentRow } from '../../server/contract/rows.ts';
import type { Language } from '../../server/contract/lists.ts';
import { TOO_OLD_MS } from '../../server/contract/protocol.ts';
import { daysGone, formatOf, UNKNOWN } from '../lib/format.ts';
import type { Format } from '../lib/format.ts';
import { speak } from '../lib/words.ts';
import type { Say } from '../lib/words.ts';
import { rowKnownAt, silentSources } from '../live/health-of-sources.ts';
import type { Live } from '../live/live.svelte.ts';

export class View {
  readonly live: Live;
  readonly #language: () => Language;
  readonly site = $derived.by(() => this.#site());
  readonly language: Language = $derived.by(() => this.#language());
  readonly say: Say = $derived(speak(this.language));
  /** The row of the site changes often, and its zone never: what is dear to make hangs on the zone alone. */
  readonly zone: string = $derived(this.site?.zone ?? 'UTC');
  readonly format: Format = $derived(formatOf(this.language, this.zone));
  /** While nothing is heard the days go on all the same. */
  readonly #goneMs = $derived.by(() => daysGone(this.site?.dayEndsAt ?? Infinity, this.live.now));
  readonly #dayStartsAt = $derived((this.site?.dayStartsAt ?? -Infinity) + this.#goneMs);
  readonly #dayEndsAt = $derived((this.site?.dayEndsAt ?? Infinity) + this.#goneMs);
  readonly collator = $derived(new Intl.Collator(this.language, { numeric: true }));
  /** The whole screen is not live. */
  readonly isStale: boolean = $derived.by(() => this.live.health.kind !== 'live');
  /** Known for so long ago that no number may be shown. */
  readonly isTooOld: boolean = $derived.by(() => this.live.now - this.live.shownAt > TOO_OLD_MS);
  readonly silent = $derived.by(() => silentSources(this.live.sources, this.live.beatAt));

  constructor(live: Live, language: () => Language) {
    this.live = live;
    this.#language = language;
  }

  /** As of when a row of these sources is known, or null while it is live. */
  knownAt(sources: readonly string[] | undefined): number | null {
    return rowKnownAt(sources, this.silent, this.live.sources);
  }

  /** The instant at which a row's running clocks are read: null where they must not be shown any more. */
  instant(knownAt: number | null): number | null {
    if (this.isTooOld) return null;
    if (knownAt === null) return this.live.shownAt;
    return this.live.now - knownAt > TOO_OLD_MS ? null : Math.min(knownAt, this.live.shownAt);
  }

  /** How long since `since`, by a row's instant. */
  age(since: number | null, instant: number | null): string {
    return since === null || instant === null ? UNKNOWN : duration(instant - since);
  }

  /** The day of an instant, where it is not the site's today. */
  day(at: number): string {
    return this.format.day(at, { startsAt: this.#dayStartsAt, endsAt: this.#dayEndsAt });
  }

  /** Hours and minutes, and the day where it is not the site's today. */
  when(at: number): string {
    return `${this.day(at)} ${this.format.clock(at)}`.trim();
  }

  /** Hours, minutes and seconds, and the day where it is not the site's today. */
  whenSeconds(at: number): string {
    return `${this.day(at)} ${this.format.clockSeconds(at)}`.trim();
  }

  agentName(id: string): string {
    return this.live.tables.agents.get(id)?.name ?? id;
  }

  #site() {
    // One row, whatever its id.
    return [...this.live.tables.site.values()][0];
  }
}

/** When the present hold of this agent began, and whether it began before that. */
export function holdOf(view: View, agent: AgentRow): { since: number; atLeast: boolean } {
  const contact = agent.contact === null ? undefined : view.live.tables.contacts.get(agent.contact);
  const since = contact?.hold.since ?? null;
  return since === null
    ? { since: agent.since, atLeast: false }
    : { since, atLeast: contact?.hold.atLeast ?? false };
}

const KEY = Symbol('view');

export function giveView(view: View): void {
  setContext(KEY, view);
}

export function useView(): View {
  const view = getContext<View | undefined>(KEY);
  if (!view) throw new Error('invariant: a part of the wall is drawn outside of a wall');
  return view;
}
