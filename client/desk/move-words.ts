// One step of an episode's history in words: who, what, why.
import type { WordKey } from '../lib/words.ts';
import type { DeskKey, SayDesk } from './desk-words.ts';
import type { MoveTold } from './server-said.ts';

const MOVES = {
  began: 'desk.move.began',
  corrected: 'desk.move.corrected',
  worse: 'desk.move.worse',
  escalated: 'desk.move.escalated',
  exhausted: 'desk.move.exhausted',
  ended: 'desk.move.ended',
  ending: 'desk.move.ending',
  again: 'desk.move.again',
  unstable: 'desk.move.unstable',
  'taken-ran-out': 'desk.move.taken-ran-out',
  'snooze-ran-out': 'desk.move.snooze-ran-out',
  'worse-than-taken': 'desk.move.worse-than-taken',
  acknowledged: 'desk.move.acknowledged',
  'acknowledged-late': 'desk.move.acknowledged-late',
  snoozed: 'desk.move.snoozed',
  released: 'desk.move.released',
  commented: 'desk.move.commented',
  seen: 'desk.move.seen',
} as const satisfies Readonly<Record<string, DeskKey>>;

export interface MoveSpeech {
  readonly say: SayDesk;
  readonly wall: (key: WordKey) => string;
  readonly nameOf: (agent: string) => string;
}

export function moveWords(
  { reason, by, severity, level }: MoveTold,
  { say, wall, nameOf }: MoveSpeech,
): string {
  if (!Object.prototype.hasOwnProperty.call(MOVES, reason))
    return say('desk.move.other', { reason });
  return say(MOVES[reason as keyof typeof MOVES], {
    name: by === null ? say('desk.move.somebody') : nameOf(by),
    severity: wall(`severity.${severity}`),
    level,
  });
}
