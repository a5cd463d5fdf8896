// wait.long: whoever waits longest in a queue waits too long, and how many callers there are for each free agent.
import type { ContactFact } from '../../floor/rows.ts';
import { NOTHING_HOLDS } from '../rule.ts';
import type { Rule } from '../rule.ts';
import type { View } from '../view.ts';
import { teamOfQueue } from '../whose.ts';
import { reached, stepsOf } from './steps.ts';
import type { Step } from './steps.ts';

/** Seconds; limit `waitSeconds`. */
const WAIT_SECONDS = 120;
/** Milliseconds of ringing in one visit for which the alarm is held back. */
const HELD_BACK_MS = 15_000;

export const waitLong: Rule = {
  name: 'wait.long',
  forMs: 0,
  keepFiringMs: 10_000,
  // Whoever waits longest is another one with each answer.
  beginsAnew: 'said',
  *affected({ queues, contacts, agents }, { facts }) {
    yield* queues ?? [];
    for (const id of contacts ?? []) {
      const queue = facts.contacts.get(id)?.queue ?? null;
      if (queue !== null) yield queue;
    }
    // Whether it rings at somebody who was available.
    for (const id of agents ?? []) {
      const agent = facts.agents.get(id);
      const rung = agent?.state === 'ringing' ? facts.contacts.get(agent.contact ?? '') : undefined;
      if (rung?.queue != null) yield rung.queue;
    }
  },
  all: ({ facts }) => facts.queues.keys(),
  judge(subject, view) {
    const queue = view.facts.queues.get(subject);
    const contact = view.facts.contacts.get(queue?.oldest ?? '');
    const since = queue?.oldestAt ?? null;
    if (queue === undefined || contact === undefined || since === null) return NOTHING_HOLDS;
    const team = teamOfQueue(subject, view.facts);
    const seconds = view.limit('waitSeconds', { queue: subject, team }, WAIT_SECONDS);
    const steps = stepsOf(since, seconds);
    const late = reached(heldBack(steps, contact, view), view.now);
    // While it is held back it is true all the same, so that it neither begins nor ends.
    const first = late.worst ?? waits(steps, late.nextAt, view.now);
    if (first === null) return { holds: null, nextAt: late.nextAt };
    return {
      holds: {
        since,
        raisedAt: first.at,
        severity: first.severity,
        team,
        queue: subject,
        sources: [contact.source],
        text: {
          key: 'wait.long',
          params: { waiting: String(queue.waiting), free: String(queue.agents.available) },
        },
      },
      nextAt: late.nextAt,
      ...view.settlesAt(contact.id, first.at),
    };
  },
};

/** All but the worst step come no sooner than the phone of an available agent has rung for long enough. */
function heldBack(steps: readonly Step[], contact: ContactFact, { facts }: View): readonly Step[] {
  const isRung =
    contact.state === 'ringing' &&
    contact.ringing.some((id) => facts.agents.get(id)?.state === 'ringing');
  if (!isRung) return steps;
  const until = contact.since + HELD_BACK_MS - contact.rungMs;
  return steps.map((step) =>
    step.severity === 'P1' || step.at < contact.since || step.at >= until
      ? step
      : { ...step, at: until },
  );
}

/** The warning step, to be raised when it is held back no longer; null: none is reached. */
function waits(steps: readonly Step[], until: number | null, now: number): Step | null {
  const { worst } = reached(steps, now);
  return worst === null || until === null ? null : { ...worst, at: until };
}
