// The desk's state: who sits here, which place of it is open, what is being said to the server, and how that fared.
import { getContext, setContext } from 'svelte';
import type { CommandName, CommandSays, PersonSaid } from '../../server/contract/commands.ts';
import { EPISODE_COMMANDS } from '../../server/contract/commands.ts';
import { actsAs } from '../../server/contract/may-act.ts';
import type { AgentRow } from '../../server/contract/rows.ts';
import type { Clock } from '../live/clock.ts';
import type { Live } from '../live/live.svelte.ts';
import { View } from '../wall/view.svelte.ts';
import type { NotDone } from './answer-words.ts';
import { pathOf, readPlace } from './desk-address.ts';
import type { Place } from './desk-address.ts';
import { speakDesk } from './desk-words.ts';
import type { SayDesk } from './desk-words.ts';
import { needsOf, ownTeams } from './needs.ts';
import type { Needs, Seat } from './needs.ts';
import { readSession, sayWhoIAm } from './server-said.ts';
import type { Trouble } from './server-said.ts';

export type Session =
  | { readonly kind: 'asking' }
  | { readonly kind: 'trouble'; readonly trouble: Trouble }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'person'; readonly person: PersonSaid };

/** What was said to the server and how it fared; `what` is the words of the button and its subject. */
export interface Said {
  readonly n: number;
  readonly what: string;
  /** The row that it is about. */
  readonly about: string;
  readonly fate:
    | { readonly kind: 'sending' }
    | { readonly kind: 'done' }
    | { readonly kind: 'not-done'; readonly answer: NotDone; readonly again: () => void };
}

export interface DeskOptions {
  readonly live: Live;
  readonly view: View;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Milliseconds that "done" stays. */
const DONE_MS = 5_000;
/** So many notes are kept on the screen; the oldest go. */
const SAID_MOST = 6;

export class Desk {
  readonly live: Live;
  readonly view: View;
  readonly clock: Clock;
  readonly say: SayDesk = $derived.by(() => speakDesk(this.view.language));
  session = $state.raw<Session>({ kind: 'asking' });
  place = $state.raw<Place>(readPlace(location.pathname));
  /** Which episode of the list is chosen. */
  chosen = $state<string | null>(null);
  said = $state.raw<readonly Said[]>([]);
  /** Which episode's form is open. */
  form = $state.raw<{ readonly id: string; readonly kind: 'snooze' | 'comment' } | null>(null);

  readonly #random: () => number;
  #n = 0;

  constructor({ live, view, clock, random }: DeskOptions) {
    this.live = live;
    this.view = view;
    this.clock = clock;
    this.#random = random;
    void this.askWho();
  }

  readonly person: PersonSaid | null = $derived(
    this.session.kind === 'person' ? this.session.person : null,
  );
  readonly me: AgentRow | undefined = $derived.by(() =>
    this.person === null ? undefined : this.live.tables.agents.get(this.person.id),
  );
  /** Own team, those that I lead and those that I cover. */
  readonly ownTeams: ReadonlySet<string> = $derived.by(() =>
    ownTeams(this.live.tables.teams.values(), {
      id: this.person?.id ?? '',
      team: this.me?.team ?? null,
    }),
  );
  readonly seat: Seat = $derived.by(() => {
    const { teams } = this.live.tables;
    const dutyManager = this.view.site?.dutyManager ?? null;
    const as = this.me ? actsAs(this.me, { teams: teams.values(), dutyManager }) : null;
    return { id: this.person?.id ?? null, teams: this.ownTeams, as };
  });
  readonly needs: Needs = $derived.by(() => needsOf(this.live.tables.alerts.values(), this.seat));

  go(place: Place): void {
    this.form = null;
    history.pushState(null, '', pathOf(place) + location.search);
    this.place = place;
    if (place.kind === 'episode') this.chosen = place.id;
  }

  /** The browser went back or forth. */
  went(): void {
    this.form = null;
    this.place = readPlace(location.pathname);
  }

  async askWho(): Promise<void> {
    const said = await readSession();
    if ('trouble' in said) this.session = { kind: 'trouble', trouble: said };
    else if (said.person === null) this.session = { kind: 'nobody' };
    else this.session = { kind: 'person', person: said.person };
  }

  /** Null: it is kept; else what stood against it. */
  async beWho(agent: string): Promise<Trouble | null> {
    const said = await sayWhoIAm(agent);
    if ('trouble' in said) return said;
    this.live.reconnect();
    this.session = { kind: 'person', person: said };
    return null;
  }

  askAnew(): void {
    this.session = { kind: 'nobody' };
  }

  /** What is being sent of a row; null: nothing. */
  sending(about: string): string | null {
    return (
      this.said.find((one) => one.about === about && one.fate.kind === 'sending')?.what ?? null
    );
  }

  /** True once it is done; whatever else becomes of it is said on the screen. */
  async tell<C extends CommandName>(
    name: C,
    says: CommandSays[C],
    { what, about }: { readonly what: string; readonly about: string },
  ): Promise<boolean> {
    // Pressed again before it was answered: once is enough.
    if (this.sending(about) !== null) return false;
    const words = this.#withOnce(name, says);
    this.#n += 1;
    const n = this.#n;
    this.#put({ n, what, about, fate: { kind: 'sending' } });
    const answer = await this.live.command(name, words);
    if ('ok' in answer) {
      this.#put({ n, what, about, fate: { kind: 'done' } });
      this.clock.after(DONE_MS, () => this.forget(n));
      return true;
    }
    const again = (): void => {
      this.forget(n);
      // What was compared with an older version is said of the one that is seen now.
      void this.tell(name, this.#seenNow(words), { what, about });
    };
    this.#put({ n, what, about, fate: { kind: 'not-done', answer, again } });
    if ('refused' in answer && (answer.refused === 'no-person' || answer.refused === 'session'))
      void this.askWho();
    return false;
  }

  forget(n: number): void {
    this.said = this.said.filter((one) => one.n !== n);
  }

  #put(said: Said): void {
    const others = this.said.filter(({ n }) => n !== said.n);
    this.said = [...others, said].slice(-SAID_MOST);
  }

  /** A fact that is said twice with the same `once` is one fact. */
  #withOnce<C extends CommandName>(name: C, says: CommandSays[C]): CommandSays[C] {
    if ((EPISODE_COMMANDS as readonly string[]).includes(name) || 'once' in says) return says;
    const once = [this.#random(), this.#random()]
      .map((part) => part.toString(36).slice(2))
      .join('');
    return { ...says, once };
  }

  #seenNow<S extends object>(says: S): S {
    if (!('expectedVersion' in says) || !('episode' in says)) return says;
    const row = this.live.tables.alerts.get(String(says.episode));
    return row === undefined ? says : { ...says, expectedVersion: row.version };
  }
}

const KEY = Symbol('desk');

export function giveDesk(desk: Desk): void {
  setContext(KEY, desk);
}

export function useDesk(): Desk {
  const desk = getContext<Desk | undefined>(KEY);
  if (!desk) throw new Error('invariant: a part of the desk is drawn outside of a desk');
  return desk;
}
