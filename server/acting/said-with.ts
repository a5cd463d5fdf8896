// What is said along with taking an alert or giving it back, so that alert and floor say one thing: of a promise that one calls, of a call for help that one comes.
import type { EpisodeCommand, FactCommand } from '../contract/commands.ts';
import { isActive } from '../floor/callbacks.ts';
import type { AlertFact, CallbackFact, Facts } from '../floor/rows.ts';
import type { Heard } from '../gateway/command-said.ts';

/** Rules whose subject is a promise that is still to be kept. */
const OF_PROMISES: ReadonlySet<string> = new Set(['callback.overdue', 'callback.at-risk']);

interface SaidWith {
  readonly heard: Heard<FactCommand>;
  /** In whose name. */
  readonly by: string;
}

/** `episode` as it was before; `by`: who said it. Null: nothing more is to be said. */
export function saidWith(
  name: EpisodeCommand,
  { rule, subject, state, taken }: AlertFact,
  { by, facts }: { readonly by: string; readonly facts: Facts },
): SaidWith | null {
  if (state === 'resolved') return null;
  if (rule === 'assist.unanswered')
    // Nobody takes back that they come; whoever is quicker is.
    return name === 'acknowledge' && facts.assists.get(subject)?.claimedBy === null
      ? { heard: { name: 'come', says: { assist: subject } }, by }
      : null;
  if (!OF_PROMISES.has(rule)) return null;
  const owner = activeOwner(facts.callbacks.get(subject));
  const says = { callback: subject };
  // Also where somebody else had said that they call: the alert and the promise are one person's.
  if (name === 'acknowledge' && owner !== undefined && owner !== by)
    return {
      heard: { name: 'claim', says: owner === null ? says : { ...says, from: owner } },
      by,
    };
  // Somebody else may give back what one had.
  if (name === 'release' && owner != null && owner === taken?.by)
    return { heard: { name: 'unclaim', says }, by: owner };
  return null;
}

/** Undefined: it is over, or gone. */
export function activeOwner(callback: CallbackFact | undefined): string | null | undefined {
  return callback !== undefined && isActive(callback) ? callback.owner : undefined;
}
