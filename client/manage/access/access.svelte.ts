// What each page of access is drawn with besides the frame's: its words, and the form of an instant.
import type { Trouble } from '../../live/ask.ts';
import { formatOf } from '../../lib/format.ts';
import './access.css';
import { useManage } from '../manage.svelte.ts';
import type { Manage } from '../manage.svelte.ts';
import { speakAccess } from './access-words.ts';
import type { SayAccess } from './access-words.ts';
import { whyNot } from './trouble-said.ts';

export class Access {
  readonly manage: Manage;
  readonly say: SayAccess = $derived.by(() => speakAccess(this.manage.view.language));

  constructor(manage: Manage) {
    this.manage = manage;
  }

  /** In the site's zone; whoever may not see the floor is told in their own browser's. */
  when(at: number): string {
    const { view } = this.manage;
    if (view.site !== undefined) return view.when(at);
    const own = formatOf(view.language, new Intl.DateTimeFormat().resolvedOptions().timeZone);
    return `${own.weekdayAndDate(at)} ${own.clock(at)}`;
  }

  whyNot(trouble: Trouble): string {
    return whyNot(trouble, this.say, this.manage.say);
  }
}

export function useAccess(): Access {
  return new Access(useManage());
}
