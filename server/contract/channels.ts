// How people, teams and the site are reached, as a desk or a program reads and sets it: `/api/v1/channels`, `/api/v1/quiet`, `/api/v1/take`.
import type { Language } from './lists.ts';

export const CHANNEL_OWNERS = ['person', 'team', 'site'] as const;
export type ChannelOwner = (typeof CHANNEL_OWNERS)[number];

/** An owner may have so many. */
export const CHANNELS_MOST = 20;
/** Signs of a channel's name. */
export const CHANNEL_NAME_MOST = 80;

/** Why somebody was not told after all, as the journal has it: words that a screen knows. */
export const DROPPED = { quiet: 'quiet hours', full: 'too many waited' } as const;

interface ChannelBase {
  readonly owner: ChannelOwner;
  /** Id of the person, the team or the site. */
  readonly of: string;
  readonly id: string;
  /** Of the browser, or what somebody called it; null: none. */
  readonly name: string | null;
  /** In which its words are; null: the site's. */
  readonly language: Language | null;
  /** What is urgent (P1) comes through in quiet hours. */
  readonly breaksQuiet: boolean;
  /** From the settings of the server: nobody can change it here. */
  readonly isFixed: boolean;
}

/** Without its secrets: of an address only so much as tells one from another. */
export type ChannelSaid =
  /** `host`: of the browser's push service. */
  | (ChannelBase & { readonly kind: 'push'; readonly host: string })
  | (ChannelBase & {
      readonly kind: 'webhook';
      readonly host: string;
      readonly shape: 'json' | 'slack';
      readonly isSigned: boolean;
    })
  /** In full to its own person; to everybody else `l…@example.org`. */
  | (ChannelBase & { readonly kind: 'email'; readonly address: string });

/** `HH:MM` of the site's zone, or of `zone`. They may pass midnight; from and to the same: all day. */
export interface QuietSaid {
  readonly from: string;
  readonly to: string;
  /** IANA. */
  readonly zone?: string;
  /** What is urgent (P1) comes through on all channels. */
  readonly urgent?: boolean;
}

/** `GET /api/v1/channels?browser=ID`. */
export interface ChannelsAnswer {
  /** base64url; what browsers subscribe with. */
  readonly pushKey: string;
  /** Who asks; null: a program of the site. */
  readonly person: string | null;
  readonly site: string;
  readonly canMail: boolean;
  /** Those of the person, of the teams and of the site; to a program, everybody's. */
  readonly channels: readonly ChannelSaid[];
  /** By person. */
  readonly quiet: Readonly<Record<string, QuietSaid>>;
  /** Whose the browser is whose push channel has the id that was asked for. */
  readonly browser: 'mine' | 'of-another' | 'nobody';
}

/** 422 of what is set. */
export interface ChannelProblem {
  readonly field: string;
  readonly expected: string;
  readonly given: string;
}

/** `POST /api/v1/channels/OWNER/OF/ID/try`: what the receiver made of it. */
export type TryAnswer =
  | { readonly outcome: 'arrived' }
  /** `status`: what it answered, by HTTP or SMTP; null: it was not sent at all, and `why` says why. */
  | { readonly outcome: 'refused'; readonly status: number | null; readonly why: string }
  | { readonly outcome: 'no-answer'; readonly why: string }
  /** The browser's subscription has ended; the channel was taken away. */
  | { readonly outcome: 'gone'; readonly status: number | null; readonly why: string };

/** `POST /api/v1/take {capability}`: what became of the press in a notification. */
export type TakeAnswer =
  | { readonly outcome: 'yours' }
  /** `by`: by name. */
  | { readonly outcome: 'taken'; readonly by: string }
  | { readonly outcome: 'ended' }
  /** The capability is over, or is none. */
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'not-allowed' }
  /** It could not be written down just now. */
  | { readonly outcome: 'later' };
