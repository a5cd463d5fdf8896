// What is put to Redis: a move as a decision, and what this server holds of an episode, in the words of the journal.
import type { z } from 'zod';
import type { Move } from '../alerts/machine.ts';
import { alertMoved } from '../events/episode.ts';
import type { AlertMoved } from '../events/episode.ts';
import { encode } from '../events/encode.ts';
import type { AlertFact } from '../floor/rows.ts';
import type { Decision, Held } from '../log/decisions.ts';
import { NOBODY } from '../notify/notices.ts';
import type { Telling } from '../notify/notices.ts';
import { writtenBack } from '../notify/written-back.ts';

/** `now`: the instant of the decision. */
export function decisionOf(
  { from, to, reason, by, why, how }: Move & Pick<AlertMoved, 'how'>,
  now: number,
  { notices, withdrawn, told }: Telling = NOBODY,
): Decision {
  const said = { ...to, episode: to.id, from: from?.state ?? null, to: to.state };
  const { id: episode, key, revision, state } = to;
  return {
    episode,
    key,
    expected: from?.revision ?? 0,
    revision,
    isOpen: state !== 'resolved',
    entry: entryOf({ ...said, reason, by, why, how, at: now, told: [...told] }),
    notices,
    withdrawn,
  };
}

/** What is held of an episode, as an entry that says it anew; its earlier moves are not in it. */
export function heldOf(alert: AlertFact, now: number): Held {
  const { id: episode, key, revision, state } = alert;
  const said = { ...alert, episode, from: state, to: state, reason: 'written-back' };
  const entry = entryOf({ ...said, by: null, why: null, at: now });
  const isOpen = state !== 'resolved';
  return { episode, key, revision, isOpen, entry, ...writtenBack(alert, now) };
}

/** Only what an entry holds goes into it: a row of the floor has more. */
function entryOf(said: z.input<typeof alertMoved>): Decision['entry'] {
  const data = alertMoved.parse(said);
  const id = `${data.episode}/${data.revision}`;
  return encode({ type: 'alert.moved', subject: data.episode, source: 'pharos', id, data });
}
