// What one move of an episode says: all that the episode is afterwards, and who or what moved it.
import { z } from 'zod';
import { ID_EXPECTED, isId } from '../contract/ids.ts';
import { EPISODE_STATES, HOW_KNOWN, SEVERITIES } from '../contract/lists.ts';

const id = z.string().refine(isId, { error: ID_EXPECTED });
const text = z.string().max(500);
/** Milliseconds since 1970: Pharos writes these itself. */
const instant = z.number().int();
const count = z.number().int().nonnegative();

const taken = z.object({
  how: z.enum(['acknowledged', 'snoozed']),
  by: id,
  at: instant,
  /** When it alarms again if the condition still holds. */
  until: instant,
  why: z.string().nullable(),
});

const episode = z.object({
  /** One open episode at most has it: made of site, rule and subject. */
  key: z.string(),
  rule: id,
  subject: id,
  team: id.nullable(),
  queue: id.nullable(),
  /** By whom the condition is known; while one of them is silent nothing ends. */
  sources: z.array(id).max(64).readonly(),
  /** A key of the words, and what stands in them. */
  text: z.object({ key: z.string(), params: z.record(z.string(), z.string()) }),
  severity: z.enum(SEVERITIES),
  /** When the condition began, as far as is known now. */
  since: instant,
  /** When its limit was passed. */
  raisedAt: instant,
  /** Moves with state and taker only, so that an escalation does not refuse the thumb that presses "take it". */
  version: count,
  /** Moves with every decision: what a proposal is compared with. */
  revision: count,
  /** Which alarm this is, from 1: what was put off and alarms again is told anew. */
  round: count,
  /** Which time around the levels, from 1. */
  loop: count,
  /** 0 while nobody is to be told (P3). */
  level: count,
  /** Since when it escalates; null: nothing that is told to people yet. */
  escalatesFrom: instant.nullable(),
  isExhausted: z.boolean(),
  /** A person who has it in hand, or who put it off. */
  taken: taken.nullable(),
  /** Since when the condition is false; null while it holds. */
  falseSince: instant.nullable(),
  resolvedAt: instant.nullable(),
  /** Somebody took it or looked at it; what ended unseen stays on the list of what was missed. */
  isSeen: z.boolean(),
  /** Instants at which the condition became true, the latest ones, oldest first. */
  activations: z.array(instant).max(10).readonly(),
  /** Set while it flaps: until then it is slow to end. */
  unstableUntil: instant.nullable(),
});

export type Taken = Readonly<z.output<typeof taken>>;

/** As it stands in the floor: what was said of it last. */
export type EpisodeSaid = Readonly<z.output<typeof episode>>;

const recipient = z.object({ owner: z.enum(['person', 'team', 'site']), of: id });

/** Somebody whom a move is for. */
const telling = recipient.extend({
  level: count,
  /** Null: there is no way to them at this moment, or they are too many to be told one by one; `why` says which. */
  channel: id.nullable(),
  /** What of: push, webhook, email; absent in what was written before this was said. */
  via: text.optional(),
  /** Name of the notification. */
  notification: id.nullable(),
  why: z.enum(['no-channel', 'quiet', 'too-many']).nullable(),
});

export type Told = Readonly<z.output<typeof telling>>;

/** What became of one attempt to tell somebody. */
export const alertTold = recipient.extend({
  channel: id,
  /** What of: push, webhook, email. */
  via: text,
  notification: id,
  kind: text,
  /** `held`: it waits for a digest, until `nextAt`. */
  outcome: z.enum(['sent', 'failed', 'dead', 'dropped', 'held']),
  /** Which attempt this was, from 1; 0: none was made. */
  attempt: count,
  at: instant,
  why: text.nullable(),
  /** When it is tried again, or goes in its digest. */
  nextAt: instant.optional(),
  /** It went together with others, as one message. */
  isDigest: z.boolean().optional(),
});

export type AlertTold = Readonly<z.output<typeof alertTold>>;

export const alertMoved = episode.extend({
  episode: id,
  from: z.enum(EPISODE_STATES).nullable(),
  to: z.enum(EPISODE_STATES),
  reason: z.string(),
  /** Who moved it and in which words, where a person did. */
  by: id.nullable(),
  why: z.string().nullable(),
  /** How it is known who. */
  how: z.enum(HOW_KNOWN).optional(),
  at: instant,
  /** Whom it is for; absent in what was written before anybody was told. */
  told: z.array(telling).max(200).readonly().default([]),
});

export type AlertMoved = Readonly<z.output<typeof alertMoved>>;
