// assist.unanswered: an agent asked for help, and nobody has claimed it; who is nearest stands in its words.
import type { AssistRow } from '../../contract/rows.ts';
import { NOTHING_HOLDS } from '../rule.ts';
import type { Rule } from '../rule.ts';
import type { View } from '../view.ts';

/** Seconds that those who are present have; limit `assistSeconds`. */
const ASSIST_SECONDS = 45;
/** Seconds; limit `assistWorseSeconds`. */
const WORSE_SECONDS = 120;

export const assistUnanswered: Rule = {
  name: 'assist.unanswered',
  forMs: 0,
  keepFiringMs: 0,
  *affected({ assists, teams }, view) {
    yield* assists ?? [];
    for (const team of teams ?? []) yield* view.askedIn(team);
    if (!view.havePeopleMoved) return;
    yield* view.askedIn(null);
    for (const { subject } of view.openOf('assist.unanswered')) yield subject;
  },
  all: ({ facts }) => facts.assists.keys(),
  judge(subject, view) {
    const assist = view.facts.assists.get(subject);
    if (assist === undefined) return NOTHING_HOLDS;
    const { agent, team, requestedAt, claimedBy, claimedAt = requestedAt, claimedHow } = assist;
    if (claimedBy !== null) {
      const by = { holder: claimedBy, by: claimedBy };
      const hand = { ...by, has: true, at: claimedAt, how: claimedHow };
      return { ...NOTHING_HOLDS, isAnswered: true, hand };
    }
    const limit = view.limit('assistSeconds', { team }, ASSIST_SECONDS);
    const worse = view.limit('assistWorseSeconds', { team }, WORSE_SECONDS);
    const nearest = view.nearest(team, agent);
    const raisedAt = Math.min(requestedAt + limit * 1_000, aloneSince(assist, nearest, view));
    const worseAt = requestedAt + worse * 1_000;
    const isWorse = worseAt <= view.now;
    return {
      holds: {
        since: requestedAt,
        raisedAt: isWorse ? worseAt : raisedAt,
        severity: isWorse ? 'P1' : 'P2',
        team,
        queue: null,
        // A request cannot die of a silent telephone system.
        sources: [],
        text: {
          key: 'assist.unanswered',
          params: { agent, ...(nearest === null ? {} : { nearest }) },
        },
      },
      nextAt: isWorse ? null : worseAt,
    };
  },
};

/** Since when there is nobody whom those 45 seconds are given to: nobody present covers the team. */
function aloneSince({ team, requestedAt }: AssistRow, nearest: string | null, view: View): number {
  const cover = team === null ? undefined : view.facts.teams.get(team)?.cover;
  if (cover === undefined) return nearest === null ? requestedAt : Infinity;
  if (cover.state === 'uncovered') return Math.max(requestedAt, cover.since);
  return cover.present.length === 0 ? requestedAt : Infinity;
}
