// The pages of management: their address, their word, and the least role that sees them. Each is loaded when somebody opens it.
import type { Component } from 'svelte';
import { isAtLeast } from '../../server/contract/access.ts';
import type { AccessRole } from '../../server/contract/access.ts';
import type { ManageKey } from './manage-words.ts';

export interface ManagePage {
  /** Its address is `/desk/NAME` and what is below. */
  readonly name: string;
  readonly word: ManageKey;
  readonly least: AccessRole;
  readonly load: () => Promise<{ readonly default: Component }>;
}

/** In the order of the list at the side. */
export const PAGES: readonly ManagePage[] = [
  {
    name: 'boards',
    word: 'manage.page.boards',
    least: 'supervisor',
    load: () => import('./boards/BoardsPage.svelte'),
  },
  {
    name: 'screens',
    word: 'manage.page.screens',
    least: 'supervisor',
    load: () => import('./screens/ScreensPage.svelte'),
  },
  {
    name: 'people',
    word: 'manage.page.people',
    least: 'installer',
    load: () => import('./people/PeoplePage.svelte'),
  },
  {
    name: 'sources',
    word: 'manage.page.sources',
    least: 'installer',
    load: () => import('./sources/SourcesPage.svelte'),
  },
  {
    name: 'trail',
    word: 'manage.page.trail',
    least: 'installer',
    load: () => import('./trail/TrailPage.svelte'),
  },
  {
    name: 'account',
    word: 'manage.page.account',
    least: 'agent',
    load: () => import('./account/AccountPage.svelte'),
  },
];

export function pagesFor(role: AccessRole): readonly ManagePage[] {
  return PAGES.filter(({ least }) => isAtLeast(role, least));
}
