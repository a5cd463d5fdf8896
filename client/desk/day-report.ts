// What the day's episodes tell of us: how long until somebody took each, how it ended, and which nobody saw.
import type { EpisodeTold } from './server-said.ts';

export interface Reported {
  readonly episode: EpisodeTold;
  /** When it was raised first, however bad it became. */
  readonly beganAt: number;
  /** Milliseconds from when it was shown until a person took it or put it off; null: nobody did. */
  readonly takenAfterMs: number | null;
  readonly takenBy: string | null;
  readonly isUnseen: boolean;
}

export interface DayReport {
  /** It ended, and nobody had looked at it. */
  readonly unseen: readonly Reported[];
  readonly others: readonly Reported[];
  readonly taken: number;
  /** Half of what was taken was taken within so many milliseconds; null: nothing was taken. */
  readonly medianMs: number | null;
  /** What was taken last of all; null: nothing was taken. */
  readonly slowest: Reported | null;
}

export function dayReport(episodes: readonly EpisodeTold[]): DayReport {
  const all = episodes.map(reported).sort((a, b) => b.beganAt - a.beganAt);
  const times = all
    .flatMap(({ takenAfterMs }) => (takenAfterMs === null ? [] : [takenAfterMs]))
    .sort((a, b) => a - b);
  return {
    unseen: all.filter(({ isUnseen }) => isUnseen),
    others: all.filter(({ isUnseen }) => !isUnseen),
    taken: times.length,
    medianMs: times[Math.ceil(times.length / 2) - 1] ?? null,
    slowest: slowestOf(all),
  };
}

function slowestOf(all: readonly Reported[]): Reported | null {
  let slowest: Reported | null = null;
  for (const one of all)
    if (one.takenAfterMs !== null && one.takenAfterMs > (slowest?.takenAfterMs ?? -1))
      slowest = one;
  return slowest;
}

function reported(episode: EpisodeTold): Reported {
  const first = episode.moves.find(
    ({ reason, by }) => by !== null && (reason === 'acknowledged' || reason === 'snoozed'),
  );
  // `raisedAt` moves with a worse severity; of very many moves the first is not kept.
  const shownAt = episode.moves[0]?.at ?? episode.raisedAt;
  return {
    episode,
    beganAt: Math.min(shownAt, episode.raisedAt),
    // What alarmed while nothing could be decided was shown later than its limit was passed.
    takenAfterMs: first ? Math.max(0, first.at - shownAt) : null,
    takenBy: first?.by ?? null,
    // For a note nobody is called, so nobody missed it; as `site.unseen` counts.
    isUnseen: episode.resolvedAt !== null && !episode.isSeen && episode.severity !== 'P3',
  };
}
