// Who is to be told by a move of an episode, and where: pure, so that every server makes the same rows with the same names.
import { isPushed } from '../alerts/episode.ts';
import { notificationId } from '../alerts/identity.ts';
import type { Move, Tell, TellKind } from '../alerts/machine.ts';
import { AGAIN_MS } from '../alerts/timing.ts';
import type { EpisodeSaid, Told } from '../events/episode.ts';
import type { AlertMove } from '../floor/rows.ts';
import { laneOf } from '../log/outbox.ts';
import type { Notice } from '../log/outbox.ts';
import type { Channel } from './channel-form.ts';
import type { Owner } from './channels.ts';
import { LAST_LEVEL, ownersAt, waysTo } from './ways.ts';
import type { TellingAround } from './ways.ts';

/** An end is told so long after it (milliseconds): until then it may come back as the same episode, and nobody has heard of the end. */
export const END_AFTER_MS = AGAIN_MS + 1_000;
/** One move is told in so many places at most, so that its entry stays small; that there were more is said. */
const TOLD_MOST = 200;

/** Rules say these of themselves; none of them is about a customer. */
const PARAMS = ['agent', 'nearest', 'holds', 'waiting', 'free', 'percent', 'dueAt', 'why'] as const;

/** A row's text: what was so when it was decided. */
export interface Row {
  readonly kind: TellKind;
  readonly episode: string;
  readonly rule: string;
  readonly severity: 'P1' | 'P2' | 'P3';
  readonly round: number;
  readonly loop: number;
  readonly level: number;
  readonly team: string | null;
  readonly queue: string | null;
  readonly params: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly since: number;
  readonly raisedAt: number;
  readonly decidedAt: number;
  /** Levels at which nobody could be told. */
  readonly passed: readonly number[];
}

export interface Telling {
  readonly notices: readonly Notice[];
  readonly withdrawn: readonly string[];
  /** For the history of the episode. */
  readonly told: readonly Told[];
}

export const NOBODY: Telling = { notices: [], withdrawn: [], told: [] };

export function tellingOf(move: Move, around: TellingAround): Telling {
  const history = around.house.facts.alerts.get(move.to.id)?.moves ?? [];
  const tellings = move.tells.map((tell) =>
    tell.kind === 'end' ? endOf(move, history, around) : alarmOf(move, tell, { history, around }),
  );
  const isBack = move.from?.state === 'resolved' && move.to.state !== 'resolved';
  const told = boundedOf(
    tellings.flatMap((each) => each.told),
    around.site,
  );
  const named = new Set(told.map(({ notification }) => notification));
  return {
    notices: tellings.flatMap(({ notices }) => notices.filter(({ id }) => named.has(id))),
    withdrawn: isBack ? endsOf(history) : [],
    told,
  };
}

/** Those to whom there is a way come first. */
function boundedOf(told: readonly Told[], site: string): readonly Told[] {
  if (told.length <= TOLD_MOST) return told;
  const reached = told.filter(({ channel }) => channel !== null);
  const missed = told.filter(({ channel }) => channel === null);
  const kept = [...reached, ...missed].slice(0, TOLD_MOST - 1);
  const level = kept.at(-1)?.level ?? LAST_LEVEL;
  const ways = { channel: null, notification: null, why: 'too-many' } as const;
  return [...kept, { owner: 'site', of: site, level, ...ways }];
}

interface Past {
  readonly history: readonly AlertMove[];
  readonly around: TellingAround;
}

/** The level's own people; where none of them can be told, those of the next, who hear that it passed the first. */
function alarmOf(move: Move, { kind, level: first }: Tell, { history, around }: Past): Telling {
  const known = new Set(history.flatMap(({ told }) => told.map((each) => each.notification)));
  const passed = emptyBefore(move, kind, first);
  const told: Told[] = [];
  for (let level = first; ; level++) {
    const here = ownersAt(level, move, around).flatMap((owner) =>
      waysTo(owner, move, around).map((way) => ({ owner, ...way })),
    );
    const ways = here.flatMap(({ owner, channel }) => (channel === null ? [] : { owner, channel }));
    for (const { owner, channel, why } of here)
      if (channel === null) told.push({ ...owner, level, channel: null, notification: null, why });
    if (ways.length === 0 && level < LAST_LEVEL) {
      passed.push(level);
      continue;
    }
    const fresh = ways
      .map(({ owner, channel }) => ({
        owner,
        channel,
        id: idOf(move, kind, { owner, channel, level }),
      }))
      .filter(({ id }) => !known.has(id));
    const row = { ...rowOf(move, heardAs(move, kind), around), level, passed };
    return {
      notices: fresh.map(({ owner, channel, id }) => ({
        id,
        lane: laneOf({ ...owner, channel: channel.id }),
        about: move.to.id,
        marks: 'tells',
        dueAt: Math.floor(around.now),
        text: JSON.stringify(row),
        isUrgent: row.severity === 'P1',
      })),
      withdrawn: [],
      told: [...told, ...fresh.map((each) => toldOf(each.owner, each.channel, level, each.id))],
    };
  }
}

/** Levels at which there was nobody at all, so that it begins or goes on behind them. */
function emptyBefore({ from, to }: Move, kind: TellKind, first: number): number[] {
  // What comes and goes is told where it is.
  if (kind === 'unstable') return [];
  const isFurther = kind === 'escalate' && from !== null && from.loop === to.loop;
  const begins = isFurther ? from.level + 1 : 1;
  return Array.from({ length: Math.max(0, first - begins) }, (_, index) => begins + index);
}

/** What got worse than a note is news to those who never heard of it. */
function heardAs({ from }: Move, kind: TellKind): TellKind {
  return kind === 'raise' && from !== null && !isPushed(from.severity) ? 'fire' : kind;
}

/** Those who were told since the last end, each where they were told. */
function endOf(move: Move, history: readonly AlertMove[], around: TellingAround): Telling {
  // An end that was taken back is none.
  const from = history.findLastIndex(({ reason, at }, index) => {
    const next = history[index + 1];
    return (
      reason === 'ended' &&
      next !== undefined &&
      (next.reason !== 'again' || next.at - at > AGAIN_MS)
    );
  });
  const lanes = new Map<string, { readonly owner: Owner; readonly channel: Channel }>();
  for (const { owner, of, channel } of history.slice(from + 1).flatMap(({ told }) => told)) {
    const way = around.book.of({ owner, of }).find(({ id }) => id === channel);
    if (way)
      lanes.set(laneOf({ owner, of, channel: way.id }), { owner: { owner, of }, channel: way });
  }
  const { level } = move.to;
  const row = { ...rowOf(move, 'end', around), level, passed: [] };
  const ends = [...lanes].map(([lane, way]) => ({
    ...way,
    lane,
    id: idOf(move, 'end', { ...way, level }),
  }));
  return {
    notices: ends.map(({ lane, id }) => ({
      id,
      lane,
      about: move.to.id,
      marks: 'ends',
      dueAt: Math.floor(around.now) + END_AFTER_MS,
      text: JSON.stringify(row),
    })),
    withdrawn: [],
    told: ends.map(({ owner, channel, id }) => toldOf(owner, channel, level, id)),
  };
}

/** Notifications of the last end. */
function endsOf(history: readonly AlertMove[]): readonly string[] {
  const last = history.findLast(({ reason }) => reason === 'ended');
  return last?.told.flatMap(({ notification }) => notification ?? []) ?? [];
}

interface Where {
  readonly owner: Owner;
  readonly channel: Channel;
  readonly level: number;
}

/** Fire, escalation and raise are told once per severity, level and loop, so that they share their names. */
function idOf({ to }: Move, kind: TellKind, { owner, channel, level }: Where): string {
  const { id: episode, severity, round, loop } = to;
  return notificationId({
    ...{ episode, severity, round, loop, level },
    kind: kind === 'end' || kind === 'unstable' ? kind : 'alarm',
    channel: channel.id,
    person: `${owner.owner} ${owner.of}`,
  });
}

function rowOf(
  { to }: Move,
  kind: TellKind,
  { now }: TellingAround,
): Omit<Row, 'level' | 'passed'> {
  const { id: episode, rule, severity, round, loop, team, queue, since, raisedAt } = to;
  const params = paramsOf(to);
  const decidedAt = Math.floor(now);
  return {
    ...{ kind, episode, rule, severity, round, loop, team, queue },
    params,
    since,
    raisedAt,
    decidedAt,
  };
}

/** What of an episode may be told outside: nothing of a customer. */
export function paramsOf({
  rule,
  subject,
  text,
}: Pick<EpisodeSaid, 'rule' | 'subject' | 'text'>): Row['params'] {
  const said = PARAMS.flatMap((name) => {
    const value = text.params[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const source = rule === 'source.stale' ? [['source', subject] as const] : [];
  return Object.fromEntries([...said, ...source]);
}

function toldOf(owner: Owner, channel: Channel, level: number, notification: string): Told {
  const { id, kind: via } = channel;
  return { ...owner, level, channel: id, via, notification, why: null };
}
