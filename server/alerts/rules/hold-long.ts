// hold.long: one hold, all holds of a contact, or their number, past what a customer should bear.
import type { ContactFact } from '../../floor/rows.ts';
import { NOTHING_HOLDS } from '../rule.ts';
import type { Judged, Rule } from '../rule.ts';
import type { View } from '../view.ts';
import { teamOfContact } from '../whose.ts';
import { reached, stepsOf } from './steps.ts';
import type { Step } from './steps.ts';

/** Seconds of one hold; limit `holdSeconds`. */
const HOLD_SECONDS = 120;
/** Seconds of all holds of a contact together, limit `holdTotalSeconds`; from there on until it ends. */
const TOTAL_SECONDS = 180;
/** The hold that is one too many, limit `holdsMost`, a count; from there on until it ends. */
const HOLDS_MOST = 3;

export const holdLong: Rule = {
  name: 'hold.long',
  forMs: 0,
  keepFiringMs: 0,
  affected: (touched) => touched.contacts ?? [],
  all: ({ facts }) => facts.contacts.keys(),
  judge(subject, view) {
    const contact = view.facts.contacts.get(subject);
    // In a wrap-up the contact is over, and only its agent is not.
    if (contact === undefined || contact.state === 'wrapup') return NOTHING_HOLDS;
    return contact.hold.count === 0 ? NOTHING_HOLDS : judge(contact, view);
  },
};

function judge(contact: ContactFact, view: View): Judged {
  const { hold, queue } = contact;
  const team = teamOfContact(contact, view.facts);
  const holdSeconds = view.limit('holdSeconds', { queue, team }, HOLD_SECONDS);
  const totalSeconds = view.limit('holdTotalSeconds', { queue, team }, TOTAL_SECONDS);
  const holdsMost = view.limit('holdsMost', { queue, team }, HOLDS_MOST);
  const { worst, nextAt } = reached(
    stepsFor(contact, { holdSeconds, totalSeconds, holdsMost }, view.now),
    view.now,
  );
  if (worst === null) return { holds: null, nextAt };
  const holder = contact.agent ?? contact.heldBy;
  return {
    holds: {
      since: hold.since ?? contact.answeredAt ?? contact.since,
      raisedAt: worst.at,
      severity: worst.severity,
      team,
      queue,
      sources: [contact.source],
      text: {
        key: 'hold.long',
        params: { holds: String(hold.count), ...(holder === null ? {} : { agent: holder }) },
      },
    },
    nextAt,
    ...view.settlesAt(contact.id, worst.at),
  };
}

function stepsFor(
  { hold, since }: ContactFact,
  limits: {
    readonly holdSeconds: number;
    readonly totalSeconds: number;
    readonly holdsMost: number;
  },
  now: number,
): readonly Step[] {
  const steps: Step[] = hold.since === null ? [] : [...stepsOf(hold.since, limits.holdSeconds)];
  // What was reached in an earlier hold is no news of this instant, and so not in flight.
  const before = Math.min(hold.since ?? since, now);
  const totalMs = limits.totalSeconds * 1_000;
  for (const [severity, ms] of [
    ['P2', totalMs],
    ['P1', 2 * totalMs],
  ] as const) {
    if (hold.totalMs >= ms) steps.push({ severity, at: before });
    else if (hold.since !== null) steps.push({ severity, at: hold.since + ms - hold.totalMs });
  }
  const isTheOne = hold.count === limits.holdsMost && hold.since !== null;
  if (hold.count >= limits.holdsMost)
    steps.push({ severity: 'P2', at: isTheOne ? hold.since : before });
  return steps;
}
