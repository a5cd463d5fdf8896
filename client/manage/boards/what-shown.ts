// What a board shows, in words: whose queues, which teams, which pages.
import type { Board } from '../../../server/contract/board.ts';
import type { Live } from '../../live/live.svelte.ts';
import type { SayBoard } from './board-words.ts';

export interface Names {
  readonly queue: (id: string) => string;
  readonly team: (id: string) => string;
}

/** More are counted. */
const NAMED_MOST = 4;

/** A name that nobody has said yet is the id. */
export function namesOf({ queues, teams }: Live['tables']): Names {
  return {
    queue: (id) => queues.get(id)?.name ?? id,
    team: (id) => teams.get(id)?.name ?? id,
  };
}

export function shownSaid(
  { queues, queuesOf, teams }: Pick<Board, 'queues' | 'queuesOf' | 'teams'>,
  { say, names }: { readonly say: SayBoard; readonly names: Names },
): string {
  const listed = (ids: readonly string[], nameOf: (id: string) => string): string => {
    const some = ids.slice(0, NAMED_MOST).map(nameOf).join(', ');
    return ids.length <= NAMED_MOST
      ? some
      : say('boards.and-more', { some, n: ids.length - NAMED_MOST });
  };
  const ofQueues =
    queuesOf != null
      ? say('boards.shows.queues-of', { teams: listed(queuesOf, names.team) })
      : queues !== null
        ? say('boards.shows.queues', { queues: listed(queues, names.queue) })
        : say('boards.shows.all-queues');
  const ofTeams =
    teams === null
      ? say('boards.shows.all-teams')
      : say('boards.shows.teams', { teams: listed(teams, names.team) });
  return `${ofQueues} · ${ofTeams}`;
}

export function pagesSaid({ pages, rotateSeconds }: Board, say: SayBoard): string {
  const list = pages.map((page) => say(`boards.page.${page}`)).join(' → ');
  return pages.length === 1 ? list : say('boards.turning', { list, seconds: rotateSeconds });
}
