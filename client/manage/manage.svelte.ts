// What each page of management is drawn with: the floor's rows, the words, who asks, and where one is.
import { getContext, setContext } from 'svelte';
import type { AccessRole } from '../../server/contract/access.ts';
import type { SessionSaid } from '../../server/contract/commands.ts';
import { readSession } from '../live/ask.ts';
import type { Trouble } from '../live/ask.ts';
import type { Clock } from '../live/clock.ts';
import type { Live } from '../live/live.svelte.ts';
import type { View } from '../looks/view.svelte.ts';
import { pathOfManage, readManagePlace } from './manage-address.ts';
import type { ManagePlace } from './manage-address.ts';
import { speakManage } from './manage-words.ts';
import type { SayManage } from './manage-words.ts';
import { roleOf } from './role.ts';

export interface ManageOptions {
  readonly live: Live;
  readonly view: View;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
}

export class Manage {
  readonly live: Live;
  readonly view: View;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly say: SayManage = $derived.by(() => speakManage(this.view.language));
  place = $state.raw<ManagePlace>(readManagePlace(location.pathname));
  /** Null until the server has answered. */
  session = $state.raw<SessionSaid | null>(null);
  /** Why it did not answer; what was known before stays. */
  trouble = $state.raw<Trouble | null>(null);
  /** Null until it is known. */
  readonly role: AccessRole | null = $derived(this.session && roleOf(this.session.role));
  #asks = 0;

  constructor({ live, view, clock, random }: ManageOptions) {
    this.live = live;
    this.view = view;
    this.clock = clock;
    this.random = random;
    void this.ask();
  }

  /** Who asks: again whenever that may have changed. */
  async ask(): Promise<void> {
    const ask = ++this.#asks;
    const said = await readSession();
    if (ask !== this.#asks) return;
    this.trouble = 'trouble' in said ? said : null;
    if (!('trouble' in said)) this.session = said;
  }

  /** To a page and what is below it: `go('boards', 'billing')`. */
  go(page: string | null, ...below: readonly string[]): void {
    const place = { page, below };
    history.pushState(null, '', pathOfManage(place) + location.search);
    this.place = place;
  }

  /** The browser went back or forth. */
  went(): void {
    this.place = readManagePlace(location.pathname);
  }
}

/** Why the server could not be asked, in words. */
export function troubleSaid({ trouble, status, expected }: Trouble, say: SayManage): string {
  if (expected !== undefined) return say('manage.trouble.expected', { expected });
  return say(`manage.trouble.${trouble}`, { status });
}

const KEY = Symbol('manage');

export function giveManage(manage: Manage): void {
  setContext(KEY, manage);
}

export function useManage(): Manage {
  const manage = getContext<Manage | undefined>(KEY);
  if (!manage) throw new Error('invariant: a page of management is drawn outside of its frame');
  return manage;
}
