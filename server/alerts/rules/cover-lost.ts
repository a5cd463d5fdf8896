// cover.lost: a team is at work, and nobody is at the supervisor's desk. It names the team, never a person.
import type { Touched } from '../../floor/rows.ts';
import { NOTHING_HOLDS } from '../rule.ts';
import type { Rule, View } from '../rule.ts';

const FOR_MS = 120_000;
const KEEP_FIRING_MS = 60_000;

export const coverLost: Rule = {
  name: 'cover.lost',
  forMs: FOR_MS,
  keepFiringMs: KEEP_FIRING_MS,
  *affected(touched: Touched, { facts }: View) {
    yield* touched.teams ?? [];
    // Help that is asked for, or a hold that runs on, makes it worse.
    for (const id of touched.assists ?? []) {
      const team = facts.assists.get(id)?.team ?? null;
      // One that was closed has left the table with its team.
      if (team === null) yield* facts.teams.keys();
      else yield team;
    }
    for (const id of touched.alerts ?? []) {
      const alert = facts.alerts.get(id);
      if (alert?.rule.startsWith('hold.') && alert.team !== null) yield alert.team;
    }
  },
  all: ({ facts }) => facts.teams.keys(),
  judge(subject, view) {
    const team = view.facts.teams.get(subject);
    if (team?.cover.state !== 'uncovered') return NOTHING_HOLDS;
    const isNeeded = isHelpWanted(subject, view);
    const { since } = team.cover;
    return {
      holds: {
        since,
        raisedAt: since,
        severity: isNeeded ? 'P1' : 'P2',
        team: subject,
        queue: null,
        // Presence has many signs; no one source's silence hides an empty desk.
        sources: [],
        text: { key: 'cover.lost', params: {} },
      },
      nextAt: null,
    };
  },
};

function isHelpWanted(team: string, { facts, openIn }: View): boolean {
  for (const assist of facts.assists.values())
    if (assist.team === team && assist.claimedBy === null) return true;
  return openIn(team).some(({ rule }) => rule.startsWith('hold.'));
}
