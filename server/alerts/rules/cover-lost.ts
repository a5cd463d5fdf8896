// cover.lost: a team is at work, and nobody is at the supervisor's desk. It names the team, never the person who is missing.
import type { TeamFact } from '../../floor/rows.ts';
import type { Hand } from '../handed.ts';
import { NOTHING_HOLDS } from '../rule.ts';
import type { Rule } from '../rule.ts';
import type { View } from '../view.ts';

/** Milliseconds for which a team may be without anybody. */
const FOR_MS = 120_000;

export const coverLost: Rule = {
  name: 'cover.lost',
  forMs: FOR_MS,
  keepFiringMs: 60_000,
  *affected({ teams, assists, alerts }, view) {
    const { facts } = view;
    yield* teams ?? [];
    // Help that is asked for, or a hold that runs on, makes it worse. What ended makes nothing better before the next look.
    for (const id of assists ?? []) {
      const team = facts.assists.get(id)?.team ?? null;
      if (team !== null) yield team;
    }
    for (const id of alerts ?? []) {
      const alert = facts.alerts.get(id);
      if (alert?.rule.startsWith('hold.') && alert.team !== null) yield alert.team;
    }
    if (view.havePeopleMoved) for (const { subject } of view.openOf('cover.lost')) yield subject;
  },
  all: ({ facts }) => facts.teams.keys(),
  judge(subject, view) {
    const team = view.facts.teams.get(subject);
    const hand = team === undefined ? null : handOf(team);
    if (team?.cover.state !== 'uncovered') return { ...NOTHING_HOLDS, hand };
    const { cover } = team;
    const nearest = view.nearest(subject);
    const neededAt = neededSince(subject, view);
    return {
      holds: {
        since: cover.since,
        // What makes it worse does so at once.
        raisedAt: Math.max(cover.since, (neededAt ?? -Infinity) - FOR_MS),
        severity: neededAt === null ? 'P2' : 'P1',
        team: subject,
        queue: null,
        // Presence has many signs; no one source's silence hides an empty desk.
        sources: [],
        text: { key: 'cover.lost', params: nearest === null ? {} : { nearest } },
      },
      nextAt: null,
      hand,
    };
  },
};

/** Who took the cover last, or gave it back after that. */
function handOf({ takenBy, gaveBack }: Pick<TeamFact, 'takenBy' | 'gaveBack'>): Hand | null {
  let last: Hand | null = null;
  for (const { agent, at, how } of takenBy)
    if (at !== undefined && at >= (last?.at ?? at))
      last = { holder: agent, by: agent, has: true, at, how };
  if (gaveBack === undefined || (last !== null && last.at > gaveBack.at)) return last;
  const { agent, at, how } = gaveBack;
  return { holder: agent, by: agent, has: false, at, how };
}

/** Since when somebody of the team needs help, or a hold of theirs runs on (milliseconds); null: nobody does. */
function neededSince(team: string, view: View): number | null {
  const asked = [...view.askedIn(team)].map((id) => view.facts.assists.get(id)?.requestedAt);
  const held = view.openIn(team).filter(({ rule }) => rule.startsWith('hold.'));
  const since = [...asked, ...held.map(({ raisedAt }) => raisedAt)].filter(
    (at) => at !== undefined,
  );
  return since.length === 0 ? null : Math.min(...since);
}
