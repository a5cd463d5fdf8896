// What people say of everything but episodes, as events of the log in their name, or why it is not one. Pure: what is so comes in as facts.
import { createHash } from 'node:crypto';
import type { CommandAnswer, CommandRefusal, FactCommand } from '../contract/commands.ts';
import type { HowKnown } from '../contract/lists.ts';
import type { NewEvent } from '../events/event.ts';
import type { EventType } from '../events/schema.ts';
import { DESK_PAGE } from '../floor/agents.ts';
import { isActive } from '../floor/callbacks.ts';
import type { AgentFact, Facts } from '../floor/rows.ts';
import type { Heard } from '../gateway/command-said.ts';

/** A page that is used is a sign of its person for so long (milliseconds). */
const PAGE_SIGN_MS = 5 * 60_000;
/** Such a sign is written at most so often (milliseconds). */
const PAGE_SIGN_EVERY_MS = 60_000;
/** Nobody says for longer than this where they will be, or that they cover a team (milliseconds). */
const SAID_MOST_MS = 24 * 3_600_000;

export interface Moment {
  readonly by: string;
  /** How it is known who says so. */
  readonly how: HowKnown;
  readonly facts: Facts;
  /** The site's clock, in milliseconds. */
  readonly now: number;
  /** Random, unlike any other. */
  readonly newId: () => string;
}

export type Outcome =
  | { readonly kind: 'event'; readonly event: NewEvent; readonly answer: CommandAnswer }
  /** Nothing is to be written. */
  | { readonly kind: 'answer'; readonly answer: CommandAnswer };

export function factOf(heard: Heard<FactCommand>, moment: Moment): Outcome {
  switch (heard.name) {
    case 'promise':
      return promise(heard, moment);
    case 'claim':
    case 'unclaim':
    case 'attempt':
    case 'complete':
    case 'cancel':
      return ofCallback(heard, moment);
    case 'presence':
      return presence(heard, moment);
    case 'cover':
    case 'uncover':
      return cover(heard, moment);
    case 'assist':
      return assist(heard, moment);
    case 'come':
    case 'close':
      return ofAssist(heard, moment);
    default:
      return heard satisfies never;
  }
}

function promise({ name, says }: Heard<'promise'>, moment: Moment): Outcome {
  const { callback, once, ...data } = says;
  const { by, facts, now, newId } = moment;
  const old = callback === undefined ? null : (facts.callbacks.get(callback) ?? null);
  if (callback !== undefined && old === null) return refused('unknown', { field: 'callback' });
  if (old !== null && !isActive(old)) return refused('over');
  if (data.dueAt <= now) return refused('past', { field: 'dueAt' });
  if (data.team !== undefined && !facts.teams.has(data.team))
    return refused('unknown', { field: 'team' });
  const made = once === undefined ? newId() : nameOf(by, name, once);
  const id = callback ?? `desk/${made}`;
  return said({ type: 'callback.promised', subject: id, data: { ...data, by } }, once, moment);
}

type OfCallback = 'claim' | 'unclaim' | 'attempt' | 'complete' | 'cancel';

function ofCallback(heard: Heard<OfCallback>, moment: Moment): Outcome {
  const { callback: subject, once } = heard.says;
  const { by } = moment;
  const callback = moment.facts.callbacks.get(subject);
  if (callback === undefined) return refused('unknown', { field: 'callback' });
  // What was tried after it was closed still says something, as that the call which proved it reached a machine.
  if (!isActive(callback) && heard.name !== 'attempt') return refused('over');
  const { owner } = callback;
  switch (heard.name) {
    case 'claim':
      if (owner === by) return unchanged(subject);
      if (owner !== null && owner !== heard.says.from) return refused('taken', { by: owner });
      return said({ type: 'callback.claimed', subject, data: { by, from: owner } }, once, moment);
    case 'unclaim':
      if (owner === null) return refused('not-taken');
      if (owner !== by) return refused('taken', { by: owner });
      return said({ type: 'callback.released', subject, data: { by } }, once, moment);
    case 'attempt': {
      const { contact, result, talkSeconds } = heard.says;
      const data = { by, contact, result, talkSeconds };
      return said({ type: 'callback.attempted', subject, data }, once, moment);
    }
    case 'complete': {
      const data = { by, why: heard.says.why };
      return said({ type: 'callback.completed', subject, data }, once, moment);
    }
    case 'cancel': {
      const data = { by, why: heard.says.why };
      return said({ type: 'callback.cancelled', subject, data }, once, moment);
    }
    default:
      return heard satisfies never;
  }
}

function presence({ says }: Heard<'presence'>, moment: Moment): Outcome {
  const { by, now } = moment;
  const { once, ...data } = says;
  if (data.via === DESK_PAGE) return pageSign(moment);
  const until = checkEnd(data.until, now);
  if (until !== null) return until;
  const event = {
    type: 'supervisor.presence',
    subject: by,
    data: { via: 'desk', ...data },
  } as const;
  return said(event, once, moment);
}

/** Somebody works at a desk's page: a sign, which neither shortens nor contradicts what they said themselves; what has run out is said no more. */
function pageSign(moment: Moment): Outcome {
  const { by, facts, now } = moment;
  const agent = facts.agents.get(by);
  const until = now + PAGE_SIGN_MS;
  const saidUntil = agent?.presenceUntil ?? null;
  const isElsewhere = agent !== undefined && isSaid(agent, facts, now) && agent.presence !== 'desk';
  const isFresh = saidUntil !== null && saidUntil > until - PAGE_SIGN_EVERY_MS;
  if (isElsewhere || isFresh) return unchanged(by);
  const data = { presence: 'desk', via: DESK_PAGE, until } as const;
  return said({ type: 'supervisor.presence', subject: by, data }, undefined, moment);
}

/** Away and off duty have no end; they are said for the day. */
function isSaid(
  { presenceSaidAt: at, presenceUntil: until }: AgentFact,
  { site }: Facts,
  now: number,
): boolean {
  if (at === undefined) return false;
  if (until !== null) return until > now;
  const { dayStartsAt = -Infinity } = site.values().next().value ?? {};
  return at >= dayStartsAt;
}

function cover(heard: Heard<'cover' | 'uncover'>, moment: Moment): Outcome {
  const { team: subject, once } = heard.says;
  const { by, facts, now } = moment;
  const team = facts.teams.get(subject);
  if (team === undefined) return refused('unknown', { field: 'team' });
  if (heard.name === 'uncover') {
    if (!team.takenBy.some(({ agent }) => agent === by)) return refused('not-taken');
    return said({ type: 'cover.ended', subject, data: { by } }, once, moment);
  }
  const { until } = heard.says;
  const late = checkEnd(until, now);
  if (late !== null) return late;
  return said({ type: 'cover.taken', subject, data: { by, until } }, once, moment);
}

function assist({ name, says }: Heard<'assist'>, moment: Moment): Outcome {
  const { by, facts, newId } = moment;
  const { agent = by, contact, about, once } = says;
  if (!facts.agents.has(agent)) return refused('unknown', { field: 'agent' });
  // Who asks twice has asked once.
  for (const open of facts.assists.values()) if (open.agent === agent) return unchanged(open.id);
  const made = once === undefined ? newId() : nameOf(by, name, once);
  const event = {
    type: 'assist.requested',
    subject: `desk/${made}`,
    data: { agent, contact, about },
  } as const;
  return said(event, once, moment);
}

function ofAssist(heard: Heard<'come' | 'close'>, moment: Moment): Outcome {
  const { assist: subject, once } = heard.says;
  const { by } = moment;
  const open = moment.facts.assists.get(subject);
  if (open === undefined) return refused('over');
  const { claimedBy } = open;
  if (heard.name === 'come') {
    if (claimedBy === by) return unchanged(subject);
    if (claimedBy !== null) return refused('taken', { by: claimedBy });
    return said({ type: 'assist.claimed', subject, data: { by } }, once, moment);
  }
  if (claimedBy === null && open.agent !== by) return refused('not-claimed');
  return said({ type: 'assist.closed', subject, data: { by } }, once, moment);
}

/** What people say, all of which carries how it is known who said it. */
type Spoken = NewEvent<
  | Extract<EventType, `callback.${string}` | `assist.${string}` | `cover.${string}`>
  | 'supervisor.presence'
>;

function checkEnd(until: number | undefined, now: number): Outcome | null {
  if (until === undefined) return null;
  if (until <= now) return refused('past', { field: 'until' });
  return until > now + SAID_MOST_MS ? refused('too-long', { field: 'until' }) : null;
}

function said(event: Spoken, once: string | undefined, { by, how }: Moment): Outcome {
  const id = once === undefined ? {} : { id: nameOf(by, event.type, once) };
  return {
    kind: 'event',
    event: { ...event, data: { ...event.data, how }, source: 'desk', ...id } as NewEvent,
    answer: { ok: true, id: event.subject },
  };
}

function unchanged(id: string): Outcome {
  return { kind: 'answer', answer: { ok: true, id } };
}

function refused(
  reason: CommandRefusal,
  more: { readonly field?: string; readonly by?: string } = {},
): Outcome {
  return { kind: 'answer', answer: { refused: reason, ...more } };
}

/** The same for the same words, so that what is said again is known by it. */
function nameOf(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 24);
}
