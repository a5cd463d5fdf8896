// What people say at the desk, message by message, and what they are answered. One room: a command is its words, its answer and its refusals.
import type { AccessRole, AccountSaid } from './access.ts';
import type { CallbackResult, Presence, Role } from './lists.ts';

/** About an episode: decided by Redis, compare and set. */
export const EPISODE_COMMANDS = ['acknowledge', 'snooze', 'release', 'comment', 'see'] as const;
export type EpisodeCommand = (typeof EPISODE_COMMANDS)[number];

/** About everything else: an event of the log, in the name of the person of the session. */
export const FACT_COMMANDS = [
  'promise',
  'claim',
  'unclaim',
  'attempt',
  'complete',
  'cancel',
  'presence',
  'cover',
  'uncover',
  'assist',
  'come',
  'close',
] as const;
export type FactCommand = (typeof FACT_COMMANDS)[number];

export type CommandName = EpisodeCommand | FactCommand;
export const COMMANDS: readonly CommandName[] = [...EPISODE_COMMANDS, ...FACT_COMMANDS];

/** Milliseconds since 1970, or RFC 3339 with an offset. */
export type InstantSaid = number | string;

interface OfEpisode {
  readonly episode: string;
  /** The version that the person saw; where the episode is of another by now, the answer is `stale`. Absent: as it is now. */
  readonly expectedVersion?: number;
}

interface Once {
  /** The same words said again with the same `once`, within ten minutes, change nothing and are answered as before. */
  readonly once?: string;
}

/** Who says it is never among the words: it is the person of the session. */
export interface CommandSays {
  readonly acknowledge: OfEpisode & { readonly why?: string };
  /** `until` is at most four hours away. */
  readonly snooze: OfEpisode & { readonly until: InstantSaid; readonly why: string };
  readonly release: OfEpisode & { readonly why?: string };
  readonly comment: { readonly episode: string; readonly why: string };
  /** It ended before anybody looked; now somebody has. */
  readonly see: { readonly episode: string };
  /** `callback` names an older promise that is to be another; absent: a new one, whose id is in the answer. */
  readonly promise: Once & {
    readonly callback?: string;
    readonly customer: { readonly id?: string; readonly name?: string; readonly address?: string };
    readonly dueAt: InstantSaid;
    readonly team?: string;
    readonly contact?: string;
    readonly note?: string;
  };
  /** `from`: who has it now, where it is taken over from somebody. */
  readonly claim: Once & { readonly callback: string; readonly from?: string };
  readonly unclaim: Once & { readonly callback: string };
  readonly attempt: Once & {
    readonly callback: string;
    readonly contact?: string;
    readonly result: CallbackResult;
    readonly talkSeconds?: number;
  };
  readonly complete: Once & { readonly callback: string; readonly why?: string };
  readonly cancel: Once & { readonly callback: string; readonly why?: string };
  /** One's own. A page that is used says `{presence: 'desk', via: 'desk-page'}`, and the server ends it after five minutes. */
  readonly presence: Once & {
    readonly presence: Presence;
    readonly until?: InstantSaid;
    readonly via?: string;
  };
  readonly cover: Once & { readonly team: string; readonly until?: InstantSaid };
  readonly uncover: Once & { readonly team: string };
  /** Help for `agent`; absent: for the person of the session. */
  readonly assist: Once & {
    readonly agent?: string;
    readonly contact?: string;
    readonly about?: string;
  };
  /** "I'm coming." */
  readonly come: Once & { readonly assist: string };
  readonly close: Once & { readonly assist: string };
}

export const COMMAND_REFUSALS = [
  /** The words are not of the contract; `field`, `expected` and `given` say where. */
  'malformed',
  /** Too many commands of this socket or person; `retryAfterMs` says when. */
  'rate',
  /** This screen, session or person may not say it. */
  'not-allowed',
  /** The session has no person yet: `POST /api/v1/session/person`. */
  'no-person',
  /** The session is over. */
  'session',
  /** There is no such episode, callback, request, team or agent. */
  'unknown',
  /** It has moved since: another version, taken by somebody, ended. `version` and `by` are as it stands now. */
  'stale',
  /** It is over, so nothing is left to put off, to give back, to claim or to close. */
  'over',
  /** A reason is needed, in words. */
  'no-reason',
  /** An end that has passed. */
  'past',
  /** An end that is too far away. */
  'too-long',
  /** Nobody has it, so there is nothing to give back. */
  'not-taken',
  /** Somebody else has it: `by`. */
  'taken',
  /** Nobody said "I'm coming" yet; only the agent who asked may end it. */
  'not-claimed',
  /** The log is not to be reached, or the server has not caught up with it; nothing is known to have been done. Say it again. */
  'log',
] as const;
export type CommandRefusal = (typeof COMMAND_REFUSALS)[number];

export type CommandAnswer = CommandDone | CommandRefused;

export interface CommandDone {
  readonly ok: true;
  /** Of what was made by it, or of what it was about. */
  readonly id?: string;
  /** Of the episode, afterwards. */
  readonly version?: number;
}

export interface CommandRefused {
  readonly refused: CommandRefusal;
  readonly field?: string;
  readonly expected?: string;
  readonly given?: string;
  readonly retryAfterMs?: number;
  /** Who has it now. */
  readonly by?: string;
  /** Of the episode, now. */
  readonly version?: number;
}

/** `GET /api/v1/session`. */
export interface SessionSaid {
  readonly role: AccessRole;
  /** Who signed in; null: by the site's token, or at the demo. */
  readonly account: AccountSaid | null;
  /** In whose name the desk acts; null: in nobody's, or nobody said yet. */
  readonly person: PersonSaid | null;
  /** Who sits there says so themselves: at the demo, and until somebody has an account. */
  readonly choosesPerson: boolean;
  /** `insecure`: browsers take pushes from secure origins only. */
  readonly push: { readonly possible: boolean; readonly reason: 'insecure' | null };
}

export interface PersonSaid {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly team: string | null;
  /** True: nobody proved it, and the history says `said`. */
  readonly unverified: boolean;
}
