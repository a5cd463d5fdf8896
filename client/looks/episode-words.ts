// What the line of an episode says: which rule, who and where, and who has it.
import type { AlertRow } from '../../server/contract/rows.ts';
import { shorterNames } from '../lib/fit-text.ts';
import type { Say, WordKey } from '../lib/words.ts';
import type { View } from './view.svelte.ts';

const RULES = {
  'hold.long': 'rule.hold.long',
  'hold.forgotten': 'rule.hold.forgotten',
  'wait.long': 'rule.wait.long',
  'queue.target': 'rule.queue.target',
  'cover.lost': 'rule.cover.lost',
  'assist.unanswered': 'rule.assist.unanswered',
  'callback.at-risk': 'rule.callback.at-risk',
  'callback.overdue': 'rule.callback.overdue',
  'callback.customer-first': 'rule.callback.customer-first',
  'callback.unproved': 'rule.callback.unproved',
  'agent.doubtful': 'rule.agent.doubtful',
  'source.stale': 'rule.source.stale',
} as const satisfies Readonly<Record<string, WordKey>>;

export function ruleWord(rule: string, say: Say): string {
  return say(
    Object.prototype.hasOwnProperty.call(RULES, rule)
      ? RULES[rule as keyof typeof RULES]
      : 'rule.other',
  );
}

/** Who or what, and where: the most telling first. Ids become names where the screen knows them. */
export function aboutEpisode(alert: AlertRow, view: View): readonly string[] {
  const { params } = alert.text;
  const { tables } = view.live;
  const said: string[] = [];
  const who = params.agent ?? (tables.agents.has(alert.subject) ? alert.subject : undefined);
  // Beside it stands that they have it.
  const isSaidBeside = who !== undefined && who === params.owner && who === holderOf(alert);
  if (who !== undefined && !isSaidBeside) said.push(view.agentName(who));
  const holds = Number(params.holds ?? '0');
  if (holds > 1) said.push(view.say('hold.nth', { n: holds }));
  const due = Number(params.dueAt ?? Number.NaN);
  if (Number.isFinite(due)) said.push(view.say('alert.due', { time: view.when(due) }));
  const queue = alert.queue === null ? undefined : tables.queues.get(alert.queue)?.name;
  const team = alert.team === null ? undefined : tables.teams.get(alert.team)?.name;
  const place = queue ?? team ?? alert.queue ?? alert.team;
  if (place !== null && place !== undefined) said.push(place);
  return said.length > 0 ? said : [alert.subject];
}

/** The same on one line, with the figure that it is about, while figures are shown: the queue's own line has that of the whole day. */
export function aboutOnLine(alert: AlertRow, view: View): readonly string[] {
  const { percent, waiting, free } = alert.text.params;
  const about = aboutEpisode(alert, view);
  if (view.isTooOld) return about;
  if (waiting !== undefined && free !== undefined)
    return [...about, view.say('alert.waiting', { waiting, free })];
  return percent === undefined ? about : [...about, view.say('alert.lately', { percent })];
}

/** Who took it; of a promise also who has said that they call, so that its alert says what stands on the promise. Null: nobody. */
export function holderOf({ takenBy, text }: Pick<AlertRow, 'takenBy' | 'text'>): string | null {
  return takenBy ?? text.params.owner ?? null;
}

/** Who has it, else who had it before it alarmed again, else who is nearest, else that nobody has; from long to short. Of what is only shown nobody is asked to take it. */
export function whoHasIt(alert: AlertRow, view: View): readonly string[] {
  if (alert.state === 'recovering') return [view.say('alert.ending')];
  const { nearest } = alert.text.params;
  const holder = holderOf(alert);
  // Whoever was asked did not answer: it is anybody's now.
  if (holder === null && alert.exhausted === true) return [view.say('alert.exhausted')];
  const [key, id] =
    holder !== null
      ? (['alert.taken', holder] as const)
      : alert.hadBy !== undefined
        ? (['alert.had', alert.hadBy] as const)
        : (['alert.nearest', nearest ?? ''] as const);
  if (id === '') return [alert.severity === 'P3' ? '' : view.say('alert.untaken')];
  const names = shorterNames(view.agentName(id));
  const all = names.map((name) => view.say(key, { name }));
  // A bare name would say that they have it.
  return key === 'alert.had' ? all : [...all, names[names.length - 1] ?? ''];
}
