// The desk's state: who sits here, what they need, which place of it is open, and what is being said to the server.
import { getContext, setContext } from 'svelte';
import type { CommandName, CommandSays, PersonSaid } from '../../server/contract/commands.ts';
import { ACCESS_ROLES, isAtLeast } from '../../server/contract/access.ts';
import type { AccessRole } from '../../server/contract/access.ts';
import { actsAs } from '../../server/contract/may-act.ts';
import type { ActsAs } from '../../server/contract/may-act.ts';
import type { AgentRow } from '../../server/contract/rows.ts';
import type { Clock } from '../live/clock.ts';
import type { Live } from '../live/live.svelte.ts';
import { unsentOf } from '../looks/unsent.ts';
import type { Unsent } from '../looks/unsent.ts';
import { View } from '../looks/view.svelte.ts';
import { pathOf, readPlace } from './desk-address.ts';
import type { Place } from './desk-address.ts';
import { speakDesk } from './desk-words.ts';
import type { SayDesk } from './desk-words.ts';
import { needsOf, ownTeams } from './needs.ts';
import type { Needs, Seat } from './needs.ts';
import { sayWhoIAm } from './server-said.ts';
import { readSession } from '../live/ask.ts';
import { Saying } from './saying.svelte.ts';
import type { Note, Said } from './saying.svelte.ts';
import { WhoSits } from './who-sits.svelte.ts';
import type { Session } from './who-sits.svelte.ts';

export interface DeskOptions {
  readonly live: Live;
  readonly view: View;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
}

export class Desk {
  readonly live: Live;
  readonly view: View;
  readonly clock: Clock;
  readonly say: SayDesk = $derived.by(() => speakDesk(this.view.language));
  place = $state.raw<Place>(readPlace(location.pathname));
  /** Which episode of the list is chosen. */
  chosen = $state<string | null>(idOf(this.place));
  /** Which episode's form is open. */
  form = $state.raw<{ readonly id: string; readonly kind: 'snooze' | 'comment' } | null>(null);

  /** What was typed when the session ended. */
  unsent = $state.raw<readonly Unsent[]>([]);

  readonly who: WhoSits;
  readonly #saying: Saying;

  constructor({ live, view, clock, random }: DeskOptions) {
    this.live = live;
    this.view = view;
    this.clock = clock;
    this.who = new WhoSits({
      read: readSession,
      sit: sayWhoIAm,
      changed: (from) => this.#sat(from),
    });
    this.#saying = new Saying({
      command: (name, says) => live.command(name, says),
      version: (episode) => live.tables.alerts.get(episode)?.version,
      unknown: () => void this.who.ask(),
      clock,
      random,
    });
    void this.who.ask();
  }

  readonly person: PersonSaid | null = $derived.by(() => this.who.person);
  readonly me: AgentRow | undefined = $derived.by(() =>
    this.person === null ? undefined : this.live.tables.agents.get(this.person.id),
  );
  /** Own team, those that I lead and those that I cover. */
  readonly ownTeams: ReadonlySet<string> = $derived.by(() =>
    ownTeams(this.live.tables.teams.values(), {
      id: this.person?.id ?? '',
      team: this.me?.team ?? this.person?.team ?? null,
    }),
  );
  /** Whoever signed in is what their account says, whether the floor knows them or not. */
  readonly #as: ActsAs | null = $derived.by(() => {
    const { person, me } = this;
    if (person !== null && !person.unverified)
      return person.role === 'lead' ? 'lead' : 'supervisor';
    const dutyManager = this.view.site?.dutyManager ?? null;
    return me ? actsAs(me, { teams: this.live.tables.teams.values(), dutyManager }) : null;
  });
  readonly seat: Seat = $derived.by(() => {
    return { id: this.person?.id ?? null, teams: this.ownTeams, as: this.#as };
  });
  readonly needs: Needs = $derived.by(() => needsOf(this.live.tables.alerts.values(), this.seat));

  get session(): Session {
    return this.who.session;
  }

  /** Nobody says here who sits there: it is known by their account, or nobody signed in as themselves. */
  get isByAccount(): boolean {
    return this.who.said?.choosesPerson === false;
  }

  /** Whether whoever sits here may open what takes this role; until it is known, not. */
  may(least: AccessRole): boolean {
    const role = ACCESS_ROLES.find((one) => one === this.who.said?.role);
    return role !== undefined && isAtLeast(role, least);
  }

  get said(): readonly Said[] {
    return this.#saying.said;
  }

  go(place: Place): void {
    this.form = null;
    history.pushState(null, '', pathOf(place) + location.search);
    this.#show(place);
  }

  /** The browser went back or forth. */
  went(): void {
    this.form = null;
    this.#show(readPlace(location.pathname));
  }

  sending(about: string): string | null {
    return this.#saying.sending(about);
  }

  isUnsettled(form: string): boolean {
    return this.#saying.isUnsettled(form);
  }

  tell<C extends CommandName>(name: C, says: CommandSays[C], note: Note): Promise<boolean> {
    return this.#saying.tell(name, says, note);
  }

  forget(n: number): void {
    this.#saying.forget(n);
  }

  /** Before the page goes because nobody is signed in any more. */
  keepUnsent(): void {
    const typed = unsentOf(document);
    if (typed.length > 0) this.unsent = typed;
  }

  #show(place: Place): void {
    this.place = place;
    this.chosen = idOf(place) ?? this.chosen;
  }

  /** What the former person said, chose and wrote goes with them. */
  #sat(from: Session['kind']): void {
    if (this.session.kind === 'trouble') this.keepUnsent();
    this.#saying.leave();
    this.chosen = idOf(this.place);
    this.form = null;
    // A socket keeps the session that it came with; the first one came with this.
    if (from !== 'asking' && this.person !== null) this.live.reconnect();
  }
}

function idOf(place: Place): string | null {
  return place.kind === 'episode' ? place.id : null;
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
