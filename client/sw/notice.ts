// What a push becomes on the screen: pure. Its tag is the episode, so that the next takes its place, and an end does so without a sound.
import type { TakeAnswer } from '../../server/contract/channels.ts';
import { langOf } from '../../server/contract/lang.ts';
import { languageFor, wordsFor } from './words.ts';
import type { WorkerWords } from './words.ts';

/** As `server/notify/push.ts` sends it. */
export interface Pushed {
  readonly id: string;
  /** The episode; `digest` and `trial` for what is about none. */
  readonly tag: string;
  readonly kind: string;
  readonly severity: string;
  readonly language?: string;
  readonly title: string;
  readonly body: string;
  readonly page: string;
  /** Null: there is nothing to take. */
  readonly take: string | null;
  readonly isSilent: boolean;
  /** Milliseconds: when it was sent. */
  readonly at: number;
  readonly actions: readonly NoticeAction[];
}

export interface NoticeAction {
  readonly action: string;
  readonly title: string;
}

/** What browsers know besides what the compiler does. */
export interface NoticeOptions extends NotificationOptions {
  readonly actions?: readonly NoticeAction[];
  readonly renotify?: boolean;
  readonly timestamp?: number;
}

export interface Notice {
  readonly title: string;
  readonly options: NoticeOptions & { readonly tag: string };
}

/** What became of *take it*; `lost`: no answer came. */
export type Took = TakeAnswer | { readonly outcome: 'lost' };

const LOOKS = { icon: '/icon-192.png', badge: '/badge-96.png' } as const;

/** Null: nobody understands it. */
export function readPushed(text: string | undefined): Pushed | null {
  if (text === undefined) return null;
  try {
    const said = JSON.parse(text) as Partial<Pushed> | null;
    const isOurs =
      typeof said?.title === 'string' && typeof said.tag === 'string' && said.tag !== '';
    return isOurs ? (said as Pushed) : null;
  } catch {
    return null;
  }
}

/** `shown`: what stands on the screen under the same tag. What is older than it, or is it, makes no sound and changes nothing. */
export function noticeOf(pushed: Pushed, shown: Pushed | null): Notice {
  const isOld = shown !== null && (shown.id === pushed.id || shown.at > pushed.at);
  const seen = isOld ? shown : pushed;
  const words = wordsFor(seen.language);
  const isSilent = isOld || pushed.isSilent;
  return {
    title: seen.title,
    options: {
      ...LOOKS,
      tag: seen.tag,
      body: seen.body,
      lang: langOf(languageFor(seen.language)),
      data: seen,
      timestamp: seen.at,
      silent: isSilent,
      // The next of an episode is news, though it stands in the place of the one before.
      renotify: !isSilent,
      requireInteraction: seen.severity === 'P1' && !seen.isSilent,
      actions: [...seen.actions, { action: 'open', title: words.open }],
    },
  };
}

/** The same notification, with what became of the press in the place of its text. */
export function tookNotice(pushed: Pushed, took: Took): Notice {
  const words = wordsFor(pushed.language);
  const mayAgain = took.outcome === 'lost' || took.outcome === 'later';
  const again = mayAgain ? [{ action: 'take', title: words.again }] : [];
  const body = tookWords(took, words);
  // The same push once more shows what became of it, and not the question again.
  const data: Pushed = { ...pushed, body, actions: again };
  return {
    title: pushed.title,
    options: {
      ...LOOKS,
      tag: pushed.tag,
      body,
      lang: langOf(languageFor(pushed.language)),
      data,
      silent: true,
      requireInteraction: mayAgain,
      actions: [...again, { action: 'open', title: words.open }],
    },
  };
}

/** A push must be shown, also one that nobody understands. */
export function oddNotice(language: string): Notice {
  const { something } = wordsFor(language);
  const lang = langOf(languageFor(language));
  return { title: 'Pharos', options: { ...LOOKS, tag: 'pharos', body: something, lang } };
}

export function offNotice(language: string): Notice {
  const { offTitle, off } = wordsFor(language);
  const lang = langOf(languageFor(language));
  return { title: offTitle, options: { ...LOOKS, tag: 'off', body: off, lang } };
}

/** Where a click leads: at the desk, or where nobody is signed in by what came with the push. */
export function pagesOf({ kind, tag, page }: Pushed): {
  readonly desk: string;
  readonly link: string;
} {
  const path = /^https?:\/\/[^/]+(\/.*)$/.exec(page)?.[1] ?? page;
  // Only pages of our own, whatever the push says.
  const link = /^\/(?!\/)/.test(path) ? path : '/desk';
  if (kind === 'digest' || kind === 'trial') return { desk: link, link };
  return { desk: `/desk/episode/${encodeURIComponent(tag)}`, link };
}

function tookWords(took: Took, words: WorkerWords): string {
  switch (took.outcome) {
    case 'taken':
      return words.taken(took.by);
    case 'not-allowed':
      return words.notAllowed;
    case 'yours':
    case 'ended':
    case 'gone':
    case 'later':
    case 'lost':
      return words[took.outcome];
    default:
      return took satisfies never;
  }
}
