// The closed lists of the trade: every word that a row, an event or a screen may choose from.

export const AGENT_STATES = [
  'offline',
  'available',
  'ringing',
  'talking',
  'holding',
  'wrapup',
  'break',
  'busy',
] as const;
export type AgentState = (typeof AGENT_STATES)[number];

export const WISHES = ['available', 'break', 'offline'] as const;
export type Wish = (typeof WISHES)[number];

export const ROLES = ['agent', 'trainee', 'lead', 'supervisor'] as const;
export type Role = (typeof ROLES)[number];

export const PRESENCES = ['desk', 'floor', 'meeting', 'call', 'away', 'offline'] as const;
export type Presence = (typeof PRESENCES)[number];

export const COVER_STATES = ['covered', 'thin', 'uncovered', 'off'] as const;
export type CoverState = (typeof COVER_STATES)[number];

export const CHANNELS = ['voice', 'chat', 'email', 'social', 'callback'] as const;
export type Channel = (typeof CHANNELS)[number];

export const DIRECTIONS = ['inbound', 'outbound', 'internal'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** `routing`: in the system's hands, neither in a queue nor with a person (an IVR, between two queues). */
export const CONTACT_STATES = [
  'routing',
  'waiting',
  'ringing',
  'talking',
  'held',
  'wrapup',
] as const;
export type ContactState = (typeof CONTACT_STATES)[number];

export const DEQUEUE_REASONS = ['timeout', 'key', 'empty', 'overflow', 'transfer'] as const;
export type DequeueReason = (typeof DEQUEUE_REASONS)[number];

export const ENDED_BY = ['customer', 'agent', 'system'] as const;
export type EndedBy = (typeof ENDED_BY)[number];

export const OUTCOMES = ['answered', 'abandoned', 'failed', 'unknown'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export const CALLBACK_STATES = [
  'open',
  'claimed',
  'attempted',
  'proved',
  'unproved',
  'customer-first',
  'cancelled',
] as const;
export type CallbackState = (typeof CALLBACK_STATES)[number];

export const CALLBACK_RESULTS = ['answered', 'no-answer', 'busy', 'voicemail', 'failed'] as const;
export type CallbackResult = (typeof CALLBACK_RESULTS)[number];

export const FORMULAS = [
  'offered',
  'ignore-early-abandons',
  'ignore-short-abandons',
  'answered-only',
  'abandons-count',
] as const;
export type Formula = (typeof FORMULAS)[number];

export const EPISODE_STATES = [
  'firing',
  'acknowledged',
  'snoozed',
  'recovering',
  'resolved',
] as const;
export type EpisodeState = (typeof EPISODE_STATES)[number];

/** How it is known who said something: by their `account`, `said` by a session that nobody proved, by a `link` that was sent to them, or by a `program` of the site. */
export const HOW_KNOWN = ['account', 'said', 'link', 'program'] as const;
export type HowKnown = (typeof HOW_KNOWN)[number];

export const SEVERITIES = ['P1', 'P2', 'P3'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const AUDIENCES = ['public', 'desk'] as const;
export type Audience = (typeof AUDIENCES)[number];

/** `faulty`: something was done to its own stream, so that what it told is not known whole; `SOURCE_FAULTS` says what. */
export const SOURCE_STATES = ['live', 'stale', 'lost', 'faulty'] as const;
export type SourceState = (typeof SOURCE_STATES)[number];

/** `replaced`: something else than a stream is in its place. `poisoned`: its ids are from the future. */
export const SOURCE_FAULTS = ['trimmed', 'emptied', 'went-back', 'poisoned', 'replaced'] as const;
export type SourceFault = (typeof SOURCE_FAULTS)[number];

export const LOG_STATES = ['live', 'behind', 'lost', 'gap', 'poisoned'] as const;
export type LogState = (typeof LOG_STATES)[number];

export const LOG_REASONS = [
  'OOM',
  'READONLY',
  'LOADING',
  'NOAUTH',
  'WRONGTYPE',
  'unreachable',
  'frozen',
  'trimmed',
  'emptied',
] as const;
export type LogReason = (typeof LOG_REASONS)[number];

export const LANGUAGES = ['en', 'zh', 'lv'] as const;
export type Language = (typeof LANGUAGES)[number];
