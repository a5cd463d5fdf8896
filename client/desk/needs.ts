// What needs me, in which order: mine and untaken P1, then what nobody has, what is perhaps over, what others have, what was put off.
import type { ActsAs } from '../../server/contract/may-act.ts';
import type { AlertRow, TeamRow } from '../../server/contract/rows.ts';

/** Own team, those that I lead, and those that I cover. */
export function ownTeams(
  teams: Iterable<TeamRow>,
  me: { readonly id: string; readonly team: string | null },
): ReadonlySet<string> {
  const own = new Set<string>();
  if (me.team !== null) own.add(me.team);
  for (const { id, leads, cover, coverTaken = [] } of teams)
    if (
      leads.includes(me.id) ||
      cover.present.includes(me.id) ||
      coverTaken.some(({ agent }) => agent === me.id)
    )
      own.add(id);
  return own;
}

export interface Needs {
  /** Mine, and what nobody has. */
  readonly now: readonly AlertRow[];
  /** Nobody has it, and its condition holds no more: perhaps it is over. */
  readonly ending: readonly AlertRow[];
  readonly others: readonly AlertRow[];
  readonly later: readonly AlertRow[];
}

export interface Me {
  readonly id: string | null;
  /** Teams that are mine to look after. */
  readonly teams: ReadonlySet<string>;
}

export interface Seat extends Me {
  /** As what they may sit here. */
  readonly as: ActsAs | null;
}

const RANK = { P1: 0, P2: 1, P3: 2 } as const;

/** Open episodes. Within a part: mine and untaken P1, then by severity, own teams before others, oldest first. */
export function needsOf(alerts: Iterable<AlertRow>, me: Me): Needs {
  const now: AlertRow[] = [];
  const ending: AlertRow[] = [];
  const others: AlertRow[] = [];
  const later: AlertRow[] = [];
  for (const alert of alerts) {
    if (alert.state === 'resolved') continue;
    if (alert.state === 'snoozed') later.push(alert);
    else if (alert.takenBy !== null && alert.takenBy !== me.id) others.push(alert);
    else if (alert.takenBy === null && alert.state === 'recovering') ending.push(alert);
    else now.push(alert);
  }
  const order = (a: AlertRow, b: AlertRow): number =>
    Number(!isFirst(a, me)) - Number(!isFirst(b, me)) ||
    RANK[a.severity] - RANK[b.severity] ||
    Number(!isOurs(a, me)) - Number(!isOurs(b, me)) ||
    a.since - b.since ||
    (a.id < b.id ? -1 : 1);
  for (const part of [now, ending, others, later]) part.sort(order);
  return { now, ending, others, later };
}

/** From this level on supervisors are told, and from that one the duty manager. */
const SUPERVISORS_FROM = 2;
const DUTY_MANAGER_FROM = 3;

/** Is it this person's to hear? Of their teams, nearest to them, come up to their level, or left by everybody. */
export function concerns(alert: AlertRow, me: Seat): boolean {
  if (me.id === null) return false;
  if (alert.exhausted === true || isOurs(alert, me)) return true;
  const from = me.as === 'supervisor' ? SUPERVISORS_FROM : DUTY_MANAGER_FROM;
  return (me.as === 'supervisor' || me.as === 'duty-manager') && alert.level >= from;
}

/** A P1 that alarms and that nobody has: what is rung for. */
export function isUntakenP1({ severity, state, takenBy }: AlertRow): boolean {
  return severity === 'P1' && state === 'firing' && takenBy === null;
}

function isFirst(alert: AlertRow, { id }: Me): boolean {
  return (alert.takenBy !== null && alert.takenBy === id) || isUntakenP1(alert);
}

function isOurs({ team, text }: AlertRow, me: Me): boolean {
  return team === null || me.teams.has(team) || (me.id !== null && text.params.nearest === me.id);
}
