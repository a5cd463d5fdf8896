// Who is told at a level, and by which ways at this instant: channels, quiet hours, and why somebody has none.
import type { Move } from '../alerts/machine.ts';
import { peopleAt } from '../alerts/people.ts';
import type { House } from '../alerts/people.ts';
import type { Told } from '../events/episode.ts';
import type { Channel } from './channel-form.ts';
import type { ChannelBook, Owner } from './channels.ts';
import { breaksQuiet, isQuietAt } from './quiet-hours.ts';

/** The last level; here the team itself is told, and nobody is passed over. */
export const LAST_LEVEL = 3;

export interface TellingAround {
  readonly house: House;
  readonly book: ChannelBook;
  readonly site: string;
  readonly zone: string;
  /** The site's clock. */
  readonly now: number;
}

export function ownersAt(
  level: number,
  { to: { team } }: Move,
  { house, book, site }: TellingAround,
): readonly Owner[] {
  const people = peopleAt(level, team, house).map((of) => ({ owner: 'person', of }) as const);
  if (level < LAST_LEVEL) return people;
  const ofTeam = team === null ? null : ({ owner: 'team', of: team } as const);
  const hasOwn = ofTeam !== null && book.of(ofTeam).length > 0;
  return [...people, hasOwn ? ofTeam : { owner: 'site', of: site }];
}

interface Way {
  readonly channel: Channel | null;
  readonly why: Told['why'];
}

/** One with no channel says why nobody is told by it. */
export function waysTo(
  owner: Owner,
  { to: { severity } }: Move,
  { book, zone, now }: TellingAround,
): readonly Way[] {
  const channels = book.of(owner);
  // A team that has none is not missed.
  if (channels.length === 0)
    return owner.owner === 'person' ? [{ channel: null, why: 'no-channel' }] : [];
  const quiet = owner.owner === 'person' ? book.quietOf(owner.of) : null;
  const isQuiet = quiet !== null && isQuietAt(quiet, now, zone);
  const heard = isQuiet ? channels.filter((each) => breaksQuiet(severity, each, quiet)) : channels;
  if (heard.length === 0) return [{ channel: null, why: 'quiet' }];
  return heard.map((channel) => ({ channel, why: null }));
}
