// What a line says of its queue: the small print beside a service level, and how many agents are at work.
import type { AlertRow, QueueRow, Target } from '../../server/contract/rows.ts';
import type { View } from '../looks/view.svelte.ts';

export function noteOf(
  { percent, seconds, formula }: Target,
  view: View,
): readonly [string, string] {
  return [
    view.say('queues.of-target', { percent: view.format.percent(percent / 100) }),
    view.say(`formula.${formula}`, { seconds }),
  ];
}

/** Its service level has been under its target for long enough to be said. */
export function isUnderTarget(queue: string, alerts: Iterable<AlertRow>): boolean {
  for (const { rule, subject, state } of alerts)
    if (rule === 'queue.target' && subject === queue && state !== 'snoozed') return true;
  return false;
}

/** Agents who are at work for this queue, the free ones among them. */
export function workingOf({ agents }: QueueRow): number {
  const { available, ringing, talking, holding, wrapup, busy } = agents;
  return available + ringing + talking + holding + wrapup + busy;
}
