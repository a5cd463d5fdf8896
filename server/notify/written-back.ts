// What an emptied outbox had of an episode, as far as its history tells: what was to be told and is not known to have been, by its old names.
import type { AlertFact, AlertMove } from '../floor/rows.ts';
import type { Held } from '../log/decisions.ts';
import { laneOf } from '../log/outbox.ts';
import type { Notice } from '../log/outbox.ts';
import { END_AFTER_MS, paramsOf } from './notices.ts';
import type { Row } from './notices.ts';

/** An end that is older is no news (milliseconds). */
const END_NEWS_MS = 3_600_000;

const NOTHING: Pick<Held, 'notices' | 'told'> = { notices: [], told: [] };

/** `now`: the site's clock. Of what ended only its end is told. */
export function writtenBack(alert: AlertFact, now: number): Pick<Held, 'notices' | 'told'> {
  const { moves, resolvedAt } = alert;
  const last = moves.at(-1);
  const isOver = resolvedAt !== null;
  if (isOver && now - resolvedAt > END_NEWS_MS) return NOTHING;
  const alive = isOver
    ? moves.filter((move) => move === last && move.reason === 'ended')
    : // An end that was taken back was withdrawn.
      moves.filter(({ reason }) => reason !== 'ended');
  const notices = alive.flatMap((move) => pendingOf(move, alert, now));
  return { notices, told: lanesTold(alert) };
}

function pendingOf(move: AlertMove, alert: AlertFact, now: number): readonly Notice[] {
  const isEnd = move.reason === 'ended';
  const dueAt = Math.max(Math.floor(now), isEnd ? move.at + END_AFTER_MS : 0);
  return move.told.flatMap(({ owner, of, channel, notification, level }) => {
    if (channel === null || notification === null || isSettled(notification, alert)) return [];
    const row = rowOf(move, level, alert);
    const text = JSON.stringify(row);
    const isUrgent = row.severity === 'P1' && !isEnd;
    const lane = laneOf({ owner, of, channel });
    const marks = isEnd ? 'ends' : 'tells';
    return { id: notification, lane, about: alert.id, marks, dueAt, text, isUrgent } as const;
  });
}

function isSettled(notification: string, { deliveries }: AlertFact): boolean {
  const known = deliveries.find((each) => each.notification === notification);
  return known !== undefined && known.outcome !== 'failed' && known.outcome !== 'held';
}

/** Where something has arrived since the last end. */
export function lanesTold({ deliveries }: Pick<AlertFact, 'deliveries'>): readonly string[] {
  const lanes = new Set<string>();
  for (const { owner, of, channel, kind, outcome } of deliveries) {
    if (outcome !== 'sent') continue;
    const lane = laneOf({ owner, of, channel });
    if (kind === 'end') lanes.delete(lane);
    else lanes.add(lane);
  }
  return [...lanes];
}

const ANEW: readonly string[] = ['taken-ran-out', 'snooze-ran-out', 'released', 'worse-than-taken'];

/** What comes back within its time goes on, and nobody is told. */
function isAnew({ reason, told }: AlertMove): boolean {
  return ANEW.includes(reason) || (reason === 'again' && told.length > 0);
}

/** As it was decided; of what is not in the history, as the episode is now. */
function rowOf(move: AlertMove, level: number, alert: AlertFact): Row {
  const { id: episode, rule, loop, team, queue, since, raisedAt, moves } = alert;
  const before = moves.slice(0, moves.indexOf(move));
  const round = 1 + [...before, move].filter(isAnew).length;
  const passed = move.told
    .filter((each) => each.channel === null && each.level < level)
    .map((each) => each.level);
  return {
    kind: kindOf(move, before),
    ...{ episode, rule, severity: move.severity, round, loop, team, queue },
    params: paramsOf(alert),
    ...{ since, raisedAt, decidedAt: move.at, level },
    passed: [...new Set(passed)],
  };
}

function kindOf({ reason }: AlertMove, before: readonly AlertMove[]): Row['kind'] {
  switch (reason) {
    case 'ended':
      return 'end';
    case 'escalated':
      return 'escalate';
    case 'unstable':
      return 'unstable';
    case 'worse':
    case 'worse-than-taken':
      return before.some(({ told }) => told.length > 0) ? 'raise' : 'fire';
    default:
      return 'fire';
  }
}
