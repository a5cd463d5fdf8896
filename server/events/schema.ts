// Everything that can happen, in the past tense, each with the shape of its data. The names are promises to other people's programs.
import { z } from 'zod';
import {
  CALLBACK_RESULTS,
  CHANNELS,
  DEQUEUE_REASONS,
  DIRECTIONS,
  ENDED_BY,
  FORMULAS,
  HOW_KNOWN,
  LANGUAGES,
  OUTCOMES,
  AGENT_STATES,
  PRESENCES,
  ROLES,
  SOURCE_FAULTS,
  WISHES,
} from '../contract/lists.ts';
import { SCREEN_ORDERS } from '../contract/access.ts';
import { ID_EXPECTED, isId } from '../contract/ids.ts';
import { boardRemoved, boardSaved } from './board-schema.ts';
import { alertMoved, alertTold } from './episode.ts';
import { instant, zoneName } from './instant.ts';

/** Longest text that a name, a reason or a note may have. */
const TEXT_MAX = 500;

const id = z.string().refine(isId, { error: ID_EXPECTED });
const text = z.string().max(TEXT_MAX);
const seconds = z.number().nonnegative().max(1_000_000);
const idList = z.array(id).max(2_000);

const customer = z.object({
  id: text.optional(),
  name: text.optional(),
  /** A telephone number or an e-mail address. */
  address: text.optional(),
});
/** Names of limits to seconds (or to a count, as the rule says). */
const limits = z.record(id, seconds);
const pauses = z.record(id, text);

const held = z.object({ since: instant, atLeast: z.boolean().optional() });

const snapshotAgent = z.object({
  id,
  state: z.enum(AGENT_STATES),
  reason: text.optional(),
  since: instant.optional(),
  wish: z.enum(WISHES).optional(),
  contact: id.optional(),
  queue: id.optional(),
  reachable: z.boolean().optional(),
  pausedIn: pauses.optional(),
  memberOf: idList.optional(),
});

const snapshotContact = z.object({
  id,
  /** `wrapup` is the agent's, so a snapshot has no contact in it. */
  state: z.enum(['routing', 'waiting', 'ringing', 'talking', 'held']),
  direction: z.enum(DIRECTIONS).optional(),
  channel: z.enum(CHANNELS).optional(),
  queue: id.optional(),
  queuedAt: instant.optional(),
  answeredAt: instant.optional(),
  agent: id.optional(),
  customer: customer.optional(),
  held: held.optional(),
  parked: text.optional(),
});

/** Of what people say: how it is known who said it. Absent: a producer says it, and vouches for it. */
const how = z.enum(HOW_KNOWN).optional();

export const SCHEMAS = {
  'site.profile': z.object({
    name: text.optional(),
    zone: zoneName.optional(),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .optional(),
    dayStarts: z
      .string()
      .regex(/^([01]\d|2[0-3]):(00|15|30|45)$/)
      .optional(),
    languages: z.array(z.enum(LANGUAGES)).min(1).max(3).optional(),
    limits: limits.optional(),
    dutyManager: id.optional(),
  }),
  'team.profile': z.object({
    name: text,
    leads: idList.optional(),
    coveredBy: idList.optional(),
    /** Local times of the site, such as `08:00-20:00`; absent: always. */
    coverHours: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d$/)
      .optional(),
    limits: limits.optional(),
  }),
  'queue.profile': z.object({
    name: text,
    channel: z.enum(CHANNELS).optional(),
    teams: idList.optional(),
    target: z
      .object({
        seconds,
        percent: z.number().min(0).max(100),
        formula: z.enum(FORMULAS).optional(),
      })
      .optional(),
    shortAbandonSeconds: seconds.optional(),
    wrapUpSeconds: seconds.optional(),
    limits: limits.optional(),
  }),
  'agent.profile': z.object({
    name: text,
    alias: text.optional(),
    team: id.optional(),
    role: z.enum(ROLES).optional(),
    extension: text.optional(),
    queues: idList.optional(),
  }),
  'agent.state': z.object({
    state: z.enum(AGENT_STATES),
    reason: text.optional(),
    contact: id.optional(),
    queue: id.optional(),
    reachable: z.boolean().optional(),
    wish: z.enum(WISHES).optional(),
    pausedIn: pauses.optional(),
    memberOf: idList.optional(),
  }),
  'supervisor.presence': z.object({
    presence: z.enum(PRESENCES),
    until: instant.optional(),
    via: text.optional(),
    how,
  }),
  'cover.taken': z.object({ by: id, until: instant.optional(), how }),
  'cover.ended': z.object({ by: id, until: instant.optional(), how }),
  'contact.started': z.object({
    direction: z.enum(DIRECTIONS),
    channel: z.enum(CHANNELS).optional(),
    customer: customer.optional(),
    agent: id.optional(),
    callback: id.optional(),
  }),
  'contact.queued': z.object({
    queue: id,
    channel: z.enum(CHANNELS).optional(),
    customer: customer.optional(),
    reason: text.optional(),
    priority: z.number().optional(),
  }),
  'contact.dequeued': z.object({ why: z.enum(DEQUEUE_REASONS) }),
  'contact.ringing': z.object({ agent: id.optional(), queue: id.optional() }),
  'contact.unanswered': z.object({ agent: id.optional(), queue: id.optional() }),
  'contact.answered': z.object({ agent: id.optional(), queue: id.optional() }),
  'contact.held': z.object({
    agent: id.optional(),
    parked: text.optional(),
    atLeast: z.boolean().optional(),
  }),
  'contact.resumed': z.object({
    agent: id.optional(),
    parked: text.optional(),
    atLeast: z.boolean().optional(),
  }),
  'contact.transferred': z.object({
    to: z.object({ agent: id.optional(), queue: id.optional() }),
    kind: z.enum(['blind', 'attended']).optional(),
  }),
  'contact.tagged': z.object({
    reason: text.optional(),
    incident: text.optional(),
    disposition: text.optional(),
  }),
  'contact.ended': z.object({
    by: z.enum(ENDED_BY).optional(),
    outcome: z.enum(OUTCOMES).optional(),
  }),
  'callback.promised': z.object({
    customer,
    dueAt: instant,
    by: id.optional(),
    team: id.optional(),
    contact: id.optional(),
    note: z.string().max(4_000).optional(),
    how,
  }),
  /** `from`: whose it was for whoever says so, null for nobody's; if it is another's by then, nothing is claimed. Absent: it is so. */
  'callback.claimed': z.object({ by: id, from: id.nullable().optional(), how }),
  'callback.released': z.object({ by: id, how }),
  'callback.attempted': z.object({
    by: id.optional(),
    contact: id.optional(),
    result: z.enum(CALLBACK_RESULTS),
    talkSeconds: seconds.optional(),
    how,
  }),
  'callback.completed': z.object({ by: id, why: text.optional(), how }),
  'callback.cancelled': z.object({ by: id, why: text.optional(), how }),
  'assist.requested': z.object({ agent: id, contact: id.optional(), about: text.optional(), how }),
  'assist.claimed': z.object({ by: id, how }),
  'assist.closed': z.object({ by: id, how }),
  'board.saved': boardSaved,
  'board.removed': boardRemoved,
  'alert.moved': alertMoved,
  /** Its subject is the episode. */
  'alert.told': alertTold,
  /** What a person, a session (by its hash), a screen or a source may has changed; every server looks it up anew. */
  'access.changed': z.object({
    what: z.enum(['person', 'session', 'screen', 'source']),
    of: text,
    /** To a screen: it goes the same way as a change, so that it comes to every server, and after what was changed before it. */
    order: z.enum(SCREEN_ORDERS).optional(),
  }),
  'source.snapshot': z.object({
    at: instant.optional(),
    agents: z.array(snapshotAgent).max(20_000).optional(),
    contacts: z.array(snapshotContact).max(20_000).optional(),
    queues: z
      .array(z.object({ id, name: text.optional() }))
      .max(5_000)
      .optional(),
  }),
  'source.heartbeat': z.object({ everySeconds: z.number().min(1).max(3_600) }),
  /** Its own stream was tampered with; `lost` entries were never seen, absent where nobody can say. */
  'source.faulted': z.object({
    fault: z.enum(SOURCE_FAULTS),
    lost: z.int().nonnegative().optional(),
  }),
  /** So many entries of its own stream were refused. */
  'source.refused': z.object({ count: z.int().positive() }),
} as const;

export type EventType = keyof typeof SCHEMAS;

/** What is in the data of each type, after the door. Instants are milliseconds. */
export type DataOf = { readonly [T in EventType]: z.output<(typeof SCHEMAS)[T]> };

/** What may be written into the data of each type. Instants are RFC 3339 or milliseconds. */
export type DataIn = { readonly [T in EventType]: z.input<(typeof SCHEMAS)[T]> };

/** Types that only Pharos itself may write; from anybody else they are refused as `not-yours`. */
export const OWN_TYPES: readonly string[] = [
  'alert.',
  'access.',
  'source.faulted',
  'source.refused',
];
