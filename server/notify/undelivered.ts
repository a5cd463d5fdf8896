// Dead letters of the outbox as the desk reads them.
import type { Undelivered } from '../contract/undelivered.ts';
import { lanePartsOf } from '../log/outbox.ts';
import type { DeadLetter } from '../log/outbox.ts';
import { isReadable, rowIn } from './letter.ts';
import { plainWhy } from './plain-why.ts';

/** Nothing where somebody else wrote it. */
export function undeliveredOf(letter: DeadLetter): readonly Undelivered[] {
  const { at, why, tries, via, notice } = letter;
  if (!isReadable(notice)) return [];
  const { owner, of, channel } = lanePartsOf(notice.lane);
  const { rule, severity, kind } = rowIn(notice);
  const said = {
    ...{ at, owner, of, channel, via, tries },
    why: plainWhy(why),
    notification: notice.id,
    episode: notice.about,
    ...{ rule, severity, kind },
  };
  return [said];
}
