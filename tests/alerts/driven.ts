// The machine driven as the watch drives it: at each word and at each instant that it asks for itself, one move after the other.
import type { Command } from '../../server/alerts/commands.ts';
import type { Episode } from '../../server/alerts/episode.ts';
import type { Around, Move, Seen } from '../../server/alerts/machine.ts';
import type { Line, Outcome, Said } from './model.ts';

/** The parts of `server/alerts` that are tried, as they are or with a fault. */
export interface Parts {
  readonly command: (typeof import('../../server/alerts/commands.ts'))['command'];
  readonly nextMoveAt: (typeof import('../../server/alerts/machine.ts'))['nextMoveAt'];
  readonly nextMove: (typeof import('../../server/alerts/next-move.ts'))['nextMove'];
  readonly currentOf: (typeof import('../../server/alerts/next-move.ts'))['currentOf'];
}

/** More moves than this at one instant: it goes round in circles. */
const MOVES_MOST = 20;
const WATCHING = { key: 'main hold.long c1', rule: { name: 'hold.long', forMs: 0 }, subject: 'c1' };

/** Tells the outcome after each line of the story. `keep` in seconds. */
export function* drive(parts: Parts, story: readonly Line[], keep: number): Generator<Outcome> {
  let episodes: Episode[] = [];
  const began = new Map<string, number>();
  const openings: number[] = [];
  const told: string[] = [];
  let seen: Seen = { kind: 'false' };
  let staff: readonly number[] = [1, 2];
  let clock = (story[0]?.at ?? 0) * 1_000;

  const around = (): Around => ({
    now: clock,
    keepFiringMs: keep * 1_000,
    reach: (level) => staff.includes(level),
    recent: openings,
  });
  function make({ from, to, tells }: Move): void {
    if (from === null) {
      openings.push(clock);
      began.set(to.id, to.since / 1_000);
    }
    episodes = [...episodes.filter(({ id }) => id !== to.id), to];
    const { severity, round, loop } = to;
    for (const { kind, level } of tells)
      told.push([began.get(to.id), kind, severity, round, loop, level].join(' '));
  }
  function settle(): void {
    for (let count = 0; ; count++) {
      const move = parts.nextMove(WATCHING, seen, { episodes, around: around() });
      if (move === null) return;
      if (count === MOVES_MOST) throw new Error(`more than ${MOVES_MOST} moves at one instant`);
      make(move);
    }
  }
  function pass(until: number): void {
    for (;;) {
      const current = parts.currentOf(episodes);
      const at = current === null ? null : parts.nextMoveAt(current, seen, around());
      if (at === null || at > until || at <= clock) break;
      clock = at;
      settle();
    }
    clock = until;
    settle();
  }
  function say(said: Command): void {
    const current = parts.currentOf(episodes);
    if (current === null) return;
    const answer = parts.command(current, said, around());
    if (answer.ok) make(answer.move);
  }

  for (const { at, said } of story) {
    pass(at * 1_000);
    switch (said.kind) {
      case 'true':
        seen = holds(said, clock);
        break;
      case 'false':
        seen = { kind: 'false' };
        break;
      case 'silent':
        seen = { kind: 'unclear' };
        break;
      case 'staff':
        staff = said.levels;
        break;
      case 'away':
        clock = said.until * 1_000;
        break;
      case 'restart':
        episodes = JSON.parse(JSON.stringify(episodes)) as Episode[];
        break;
      case 'time':
        break;
      case 'snooze':
        say({ ...said, until: said.until * 1_000, why: 'later' });
        break;
      case 'comment':
        say({ ...said, kind: 'comment', why: 'a word' });
        break;
      case 'see':
        say({ ...said, kind: 'see' });
        break;
      case 'acknowledge':
      case 'release':
        say({ ...said, why: null });
        break;
      default:
        said satisfies never;
    }
    settle();
    yield { episodes: episodes.map((each) => written(each, began)).sort(), told };
  }
}

function holds({ severity, began }: Extract<Said, { kind: 'true' }>, now: number): Seen {
  return {
    kind: 'true',
    since: began * 1_000,
    raisedAt: now - 1_000,
    severity: (['P1', 'P2', 'P3'] as const)[severity - 1] ?? 'P3',
    team: 'blue',
    queue: 'billing',
    sources: ['pbx'],
    text: { key: 'hold.long', params: {} },
  };
}

function written(episode: Episode, began: ReadonlyMap<string, number>): string {
  const { id, state, severity, level, loop, round, version, since, raisedAt, taken } = episode;
  const parts = [
    `${began.get(id)} ${state} ${severity} level ${level} loop ${loop}`,
    `round ${round} version ${version} since ${since / 1_000} raised ${raisedAt / 1_000}`,
    taken === null ? 'nobody' : `${taken.by} ${taken.how} until ${taken.until / 1_000}`,
    ...(episode.isExhausted ? ['exhausted'] : []),
    ...(episode.isSeen ? ['seen'] : []),
  ];
  return parts.join(', ');
}
