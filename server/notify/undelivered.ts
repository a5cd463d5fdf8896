// Dead letters of the outbox as the desk reads them.
import type { Undelivered } from '../contract/undelivered.ts';
import { lanePartsOf } from '../log/outbox.ts';
import type { DeadLetter } from '../log/outbox.ts';
import { rowIn } from './letter.ts';
import { plainWhy } from './plain-why.ts';

export function undeliveredOf({ at, why, tries, via, notice }: DeadLetter): Undelivered {
  const { owner, of, channel } = lanePartsOf(notice.lane);
  const { rule, severity, kind } = rowIn(notice);
  return {
    ...{ at, owner, of, channel, via, tries },
    why: plainWhy(why),
    notification: notice.id,
    episode: notice.about,
    ...{ rule, severity, kind },
  };
}
