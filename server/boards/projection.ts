// What may be shown, field by field, for each audience: a new field stays hidden until somebody lists it here. One room, so that all that leaves the house is read in one place.
import type { Audience } from '../contract/lists.ts';
import type { AlertRow } from '../contract/rows.ts';
import type { RowOf } from '../contract/tables.ts';
import type { AlertFact, FactOf } from '../floor/rows.ts';
import { fullCustomer, opaqueId, shortCustomer, shortName } from './mask.ts';
import type { HiddenKind } from './mask.ts';
import type { SeenTable } from './sight.ts';

export type Projection = {
  readonly [T in SeenTable]: (fact: FactOf[T]) => RowOf[T];
};

/** `key` makes the opaque ids of a public scope; a desk sees the ids as they are. */
export function createProjection(audience: Audience, key: string): Projection {
  const isPublic = audience === 'public';
  const hide = (kind: HiddenKind, id: string): string => (isPublic ? opaqueId(key, kind, id) : id);
  const hideOrNull = (kind: HiddenKind, id: string | null): string | null =>
    id === null ? null : hide(kind, id);
  const customer = isPublic ? shortCustomer : fullCustomer;
  // A public list of pause reasons does not exist yet, so no reason at all leaves.
  const reason = (text: string | null): string | null => (isPublic ? null : text);

  return {
    site: (site) => ({
      id: site.id,
      name: site.name,
      zone: site.zone,
      country: site.country,
      dayStartsAt: site.dayStartsAt,
      dayEndsAt: site.dayEndsAt,
      languages: site.languages,
      demo: site.demo,
      build: site.build,
      lastWaitingAt: site.lastWaitingAt,
      promises: {
        due: site.promises.due,
        kept: site.promises.kept,
        overdue: site.promises.overdue,
        nextDueAt: site.promises.nextDueAt,
      },
      unseen: site.unseen,
      ...(isPublic || site.dutyManager === null ? {} : { dutyManager: site.dutyManager }),
    }),
    queues: (queue) => ({
      id: queue.id,
      name: queue.name,
      channel: queue.channel,
      teams: queue.teams,
      waiting: queue.waiting,
      oldestAt: queue.oldestAt,
      target: queue.target,
      limits: queue.limits,
      today: {
        offered: queue.today.offered,
        answered: queue.today.answered,
        abandoned: queue.today.abandoned,
        shortAbandoned: queue.today.shortAbandoned,
        leftOtherwise: queue.today.leftOtherwise,
        unknown: queue.today.unknown,
        withinTarget: queue.today.withinTarget,
        serviceLevel: fraction(queue.today.serviceLevel),
        liveServiceLevel: fraction(queue.today.liveServiceLevel),
        asaMs: queue.today.asaMs,
        ahtMs: queue.today.ahtMs,
        holdMs: queue.today.holdMs,
        longestWaitMs: queue.today.longestWaitMs,
      },
      agents: {
        offline: queue.agents.offline,
        available: queue.agents.available,
        ringing: queue.agents.ringing,
        talking: queue.agents.talking,
        holding: queue.agents.holding,
        wrapup: queue.agents.wrapup,
        break: queue.agents.break,
        busy: queue.agents.busy,
      },
      sources: queue.sources ?? [],
    }),
    intervals: (interval) => ({
      id: interval.id,
      queue: interval.queue,
      start: interval.start,
      minutes: interval.minutes,
      offered: interval.offered,
      answered: interval.answered,
      abandoned: interval.abandoned,
      withinTarget: interval.withinTarget,
      serviceLevel: fraction(interval.serviceLevel),
    }),
    agents: (agent) => ({
      id: agent.id,
      name: isPublic ? shortName(agent) : agent.name,
      team: agent.team,
      role: agent.role,
      state: agent.state,
      reason: reason(agent.reason),
      since: agent.since,
      wish: agent.wish,
      reachable: agent.reachable,
      contact: hideOrNull('contacts', agent.contact),
      queue: agent.queue,
      pausedIn: isPublic ? withoutReasons(agent.pausedIn) : agent.pausedIn,
      memberOf: agent.memberOf,
      presence: agent.presence,
      presenceUntil: agent.presenceUntil,
      ...(isPublic || agent.presenceSaidAt === undefined
        ? {}
        : { presenceSaidAt: agent.presenceSaidAt }),
      ...(agent.source === undefined ? {} : { source: agent.source }),
    }),
    teams: (team) => ({
      id: team.id,
      name: team.name,
      leads: team.leads,
      cover: { state: team.cover.state, since: team.cover.since, present: team.cover.present },
      ...(isPublic || team.takenBy.length === 0
        ? {}
        : { coverTaken: team.takenBy.map(({ agent, until }) => ({ agent, until })) }),
    }),
    contacts: (contact) => ({
      id: hide('contacts', contact.id),
      queue: contact.queue,
      channel: contact.channel,
      direction: contact.direction,
      state: contact.state,
      since: contact.since,
      queuedAt: contact.queuedAt,
      answeredAt: contact.answeredAt,
      agent: contact.agent,
      customer: { label: customer(contact.customer) },
      hold: {
        count: contact.hold.count,
        totalMs: contact.hold.totalMs,
        since: contact.hold.since,
        atLeast: contact.hold.atLeast,
        // That it is parked is for all to see; the slot may be any text of the producer's.
        parked: isPublic && contact.hold.parked !== null ? '' : contact.hold.parked,
      },
    }),
    callbacks: (callback) => ({
      id: hide('callbacks', callback.id),
      customer: { label: customer(callback.customer) },
      promisedAt: callback.promisedAt,
      dueAt: callback.dueAt,
      by: callback.by,
      owner: callback.owner,
      team: callback.team,
      state: callback.state,
      kept: callback.kept,
      attempts: callback.attempts,
      lastAttemptAt: callback.lastAttemptAt,
      proof: callback.proof && {
        contact: hide('contacts', callback.proof.contact),
        talkMs: callback.proof.talkMs,
        at: callback.proof.at,
      },
    }),
    assists: (assist) => ({
      id: hide('assists', assist.id),
      agent: assist.agent,
      team: assist.team,
      contact: hideOrNull('contacts', assist.contact),
      about: isPublic ? null : assist.about,
      requestedAt: assist.requestedAt,
      claimedBy: assist.claimedBy,
      ...(assist.claimedAt === undefined ? {} : { claimedAt: assist.claimedAt }),
    }),
    alerts: (alert) => ({
      id: alert.id,
      rule: alert.rule,
      severity: alert.severity,
      subject: subjectOf(alert, hide),
      team: alert.team,
      queue: alert.queue,
      text: { key: alert.text.key, params: shownParams(alert, hide) },
      since: alert.since,
      raisedAt: alert.raisedAt,
      state: alert.state,
      level: alert.level,
      takenBy: alert.taken?.by ?? null,
      ...(alert.isExhausted && alert.state === 'firing' ? { exhausted: true as const } : {}),
      ...hadBy(alert),
      version: alert.version,
      stale: alert.stale,
    }),
    sources: (source) => ({
      id: source.id,
      state: source.state,
      // Whole seconds: a source that speaks a hundred times a second is not news a hundred times.
      lastAt: Math.floor(source.lastAt / 1_000) * 1_000,
      skewMs: source.skewMs,
      refused: source.refused,
      ...(source.fault === undefined ? {} : { fault: source.fault }),
    }),
  };
}

/** The id under which a row of `table` leaves. */
export function outgoingId(
  audience: Audience,
  key: string,
): (table: SeenTable, id: string) => string {
  return (table, id) => (audience === 'public' && isHidden(table) ? opaqueId(key, table, id) : id);
}

function isHidden(table: SeenTable): table is HiddenKind {
  return table === 'contacts' || table === 'callbacks' || table === 'assists';
}

/** What the subject of a rule is, where its id must not leave as it is. */
const SUBJECTS: Readonly<Record<string, HiddenKind>> = {
  'hold.long': 'contacts',
  'hold.forgotten': 'contacts',
  'assist.unanswered': 'assists',
  'callback.at-risk': 'callbacks',
  'callback.overdue': 'callbacks',
  'callback.unproved': 'callbacks',
  'callback.customer-first': 'contacts',
};

/** What may stand in the words of an episode, and which of it is an id that must not leave as it is. */
const PARAMS: Readonly<Record<string, HiddenKind | null>> = {
  agent: null,
  nearest: null,
  owner: null,
  holds: null,
  dueAt: null,
  waiting: null,
  free: null,
  percent: null,
  why: null,
  contact: 'contacts',
  callback: 'callbacks',
};

type Hide = (kind: HiddenKind, id: string) => string;

function subjectOf({ rule, subject }: Pick<AlertFact, 'rule' | 'subject'>, hide: Hide): string {
  const kind = Object.hasOwn(SUBJECTS, rule) ? SUBJECTS[rule] : undefined;
  return kind === undefined ? subject : hide(kind, subject);
}

/** Who had it when it alarmed again: until somebody takes it anew they know most of it. */
function hadBy({ taken, moves }: AlertFact): Pick<AlertRow, 'hadBy'> {
  if (taken !== null) return {};
  const last = moves.findLast(({ reason }) => HANDS.has(reason));
  return last?.by == null || last.reason === 'released' ? {} : { hadBy: last.by };
}

const HANDS: ReadonlySet<string> = new Set(['acknowledged', 'snoozed', 'released']);

function shownParams({ text }: Pick<AlertFact, 'text'>, hide: Hide): Record<string, string> {
  const shown = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(text.params)) {
    const kind = Object.hasOwn(PARAMS, name) ? PARAMS[name] : undefined;
    if (kind === undefined) continue;
    shown[name] = kind === null ? value : hide(kind, value);
  }
  return shown;
}

function withoutReasons(pausedIn: Readonly<Record<string, string>>): Record<string, string> {
  const bare = Object.create(null) as Record<string, string>;
  for (const queue of Object.keys(pausedIn)) bare[queue] = '';
  return bare;
}

/** A service level to a hundredth of a per cent: seventeen digits of each would be a twentieth of what is sent. */
function fraction(exact: number | null): number | null {
  return exact === null ? null : Math.round(exact * 10_000) / 10_000;
}
