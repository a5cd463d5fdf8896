// What the desk says of an episode besides the wall's line: the figures and names that help to decide.
import { duration } from '../../server/contract/duration.ts';
import { AGENT_STATES } from '../../server/contract/lists.ts';
import type { AgentState } from '../../server/contract/lists.ts';
import type { AlertRow } from '../../server/contract/rows.ts';
import { aboutEpisode } from '../looks/episode-words.ts';
import type { View } from '../looks/view.svelte.ts';
import type { DeskKey, SayDesk } from './desk-words.ts';

type Params = AlertRow['text']['params'];
type Told = Pick<AlertRow, 'rule' | 'subject' | 'team' | 'queue' | 'text'>;

/** Whom it is about and where, the most telling first. */
export function whereOf(alert: Told, view: View): string {
  return placeParts(alert, view).join(' · ');
}

/** Further facts, each a clause. */
export function storyOf(alert: Told, view: View, say: SayDesk): readonly string[] {
  const { why } = alert.text.params;
  const told = view.isTooOld ? [] : figuresOf(alert.text.params, say);
  const { tables } = view.live;
  if (alert.rule.startsWith('hold.')) {
    const contact = tables.contacts.get(alert.subject);
    if (contact && contact.customer.label !== '') told.push(contact.customer.label);
    if (contact && contact.hold.count > 1 && !view.isTooOld) {
      const running = contact.hold.since === null ? 0 : view.live.shownAt - contact.hold.since;
      told.push(say('desk.story.hold-total', { age: duration(contact.hold.totalMs + running) }));
    }
    if (contact?.hold.parked != null) told.push(say('desk.story.parked'));
  }
  const callback = tables.callbacks.get(alert.text.params.callback ?? alert.subject);
  if (callback !== undefined && alert.rule.startsWith('callback.')) {
    if (callback.attempts > 0) told.push(view.say('promises.tries', { n: callback.attempts }));
  }
  const about = tables.assists.get(alert.subject)?.about;
  if (alert.rule === 'assist.unanswered' && about) told.push(say('desk.story.about', { about }));
  if (why !== undefined)
    told.push(
      alert.rule === 'callback.at-risk'
        ? riskOf(alert.text.params, view, say)
        : whyOf(alert.rule, why, view, say),
    );
  return told.filter((text) => text !== '');
}

function figuresOf({ waiting, free, percent }: Params, say: SayDesk): string[] {
  const told: string[] = [];
  if (waiting !== undefined && free !== undefined)
    told.push(say('desk.story.waiting', { waiting, free }));
  if (percent !== undefined) told.push(say('desk.story.percent', { percent }));
  return told;
}

function placeParts(alert: Told, view: View): readonly string[] {
  const said = aboutEpisode(alert as AlertRow, view);
  const { tables } = view.live;
  const customer =
    tables.callbacks.get(alert.text.params.callback ?? alert.subject)?.customer.label ?? '';
  if (!alert.rule.startsWith('callback.') || customer === '' || said.includes(customer))
    return said;
  // An id means nothing to a person where the customer is known.
  return [customer, ...said.filter((part) => part !== alert.subject)];
}

const ABSENCES = {
  break: 'desk.story.owner-break',
  meeting: 'desk.story.owner-meeting',
  away: 'desk.story.owner-away',
  offline: 'desk.story.owner-offline',
} as const satisfies Readonly<Record<string, DeskKey>>;

/** Why a promise is at risk: it is nobody's, or where the one is who has it. */
function riskOf({ why, agent }: Params, view: View, say: SayDesk): string {
  if (why === 'unclaimed') return say('desk.story.unclaimed');
  if (
    why === undefined ||
    agent === undefined ||
    !Object.prototype.hasOwnProperty.call(ABSENCES, why)
  )
    return '';
  return say(ABSENCES[why as keyof typeof ABSENCES], { name: view.agentName(agent) });
}

function whyOf(rule: string, why: string, view: View, say: SayDesk): string {
  if (rule !== 'agent.doubtful') return '';
  const state = stateWord(why, view);
  if (why === 'missed') return say('desk.story.missed');
  if (why === 'unreachable') return view.say('unreachable');
  return state === null ? '' : say('desk.story.too-long', { state });
}

function stateWord(why: string, view: View): string | null {
  const state: AgentState | undefined = AGENT_STATES.find((known) => known === why);
  return state === undefined ? null : view.say(`state.${state}`);
}
