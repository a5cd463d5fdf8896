// hold.long: one hold, all holds of a contact, or their number, past what a customer should bear.
import type { Severity } from '../../contract/lists.ts';
import type { ContactFact } from '../../floor/rows.ts';
import { isWorse } from '../episode.ts';
import { NOTHING_HOLDS } from '../rule.ts';
import type { Judged, Rule, View } from '../rule.ts';

/** Seconds of one hold; warned of at half of it, worst at twice. */
const HOLD_SECONDS = 120;
/** Seconds of all holds of a contact together, and how many there may be; from there on until it ends. */
const TOTAL_SECONDS = 180;
const HOLDS_MOST = 3;

interface Passed {
  readonly severity: Severity;
  readonly at: number;
}

export const holdLong: Rule = {
  name: 'hold.long',
  forMs: 0,
  keepFiringMs: 0,
  affected: (touched) => touched.contacts ?? [],
  all: ({ facts }) => facts.contacts.keys(),
  judge(subject, view) {
    const contact = view.facts.contacts.get(subject);
    return contact === undefined ? NOTHING_HOLDS : judge(contact, view);
  },
};

function judge(contact: ContactFact, view: View): Judged {
  const { hold, agent } = contact;
  if (hold.count === 0) return NOTHING_HOLDS;
  const team = agent === null ? null : (view.facts.agents.get(agent)?.team ?? null);
  const limitMs = 1_000 * view.limit('holdSeconds', { queue: contact.queue, team }, HOLD_SECONDS);
  const totalMs =
    1_000 * view.limit('holdTotalSeconds', { queue: contact.queue, team }, TOTAL_SECONDS);
  const limits: Passed[] = [];
  if (hold.since !== null) {
    limits.push({ severity: 'P3', at: hold.since + limitMs / 2 });
    limits.push({ severity: 'P2', at: hold.since + limitMs });
    limits.push({ severity: 'P1', at: hold.since + 2 * limitMs });
    limits.push({ severity: 'P2', at: hold.since + Math.max(0, totalMs - hold.totalMs) });
  } else if (hold.totalMs >= totalMs) limits.push({ severity: 'P2', at: contact.since });
  if (hold.count >= HOLDS_MOST) limits.push({ severity: 'P2', at: hold.since ?? contact.since });
  const passed = limits.filter(({ at }) => at <= view.now);
  const ahead = limits.filter(({ at }) => at > view.now).map(({ at }) => at);
  const nextAt = ahead.length === 0 ? null : Math.min(...ahead);
  const worst = passed.reduce<Passed | null>(
    (found, each) => (found === null || isWorse(each.severity, found.severity) ? each : found),
    null,
  );
  if (worst === null) return { holds: null, nextAt };
  const since = hold.since ?? contact.since;
  return {
    holds: {
      since,
      raisedAt: worst.at,
      severity: worst.severity,
      team,
      queue: contact.queue,
      sources: [contact.source],
      text: { key: 'hold.long', params: paramsOf(contact) },
    },
    nextAt,
  };
}

function paramsOf({ agent, hold }: ContactFact): Record<string, string> {
  return { holds: String(hold.count), ...(agent === null ? {} : { agent }) };
}
