// Who was told of an episode, latest first: what was sent and what became of it, and who could not be told.
import type { Desk } from './desk.svelte.ts';
import type { DeskKey } from './desk-words.ts';
import type { Delivery, EpisodeTold, ToldTo } from './server-said.ts';

export interface Reached {
  readonly key: string;
  readonly at: number;
  readonly who: string;
  readonly how: string;
}

type Words = Pick<Desk, 'say' | 'view' | 'live'>;

const VIA = {
  push: 'desk.told.push',
  webhook: 'desk.told.webhook',
  email: 'desk.told.email',
} as const satisfies Readonly<Record<string, DeskKey>>;

export function reached({ moves, deliveries = [] }: EpisodeTold, words: Words): readonly Reached[] {
  const sent = deliveries.map((one) => ({
    key: one.notification,
    at: one.at,
    who: nameOf(one, words),
    how: `${viaWord(one.via, words)} · ${outcome(one, words)}`,
  }));
  const unsent = moves.flatMap(({ at, told = [] }, index) =>
    told.flatMap((one) =>
      one.channel !== null || one.why === null
        ? []
        : [
            {
              key: `${index} ${one.owner} ${one.of}`,
              at,
              who: nameOf(one, words),
              how: words.say(`desk.told.${one.why}`),
            },
          ],
    ),
  );
  return [...sent, ...unsent].sort((a, b) => b.at - a.at);
}

function nameOf({ owner, of }: Pick<ToldTo, 'owner' | 'of'>, { say, view, live }: Words): string {
  switch (owner) {
    case 'person':
      return view.agentName(of);
    case 'team':
      return say('desk.told.team', { name: live.tables.teams.get(of)?.name ?? of });
    case 'site':
      return say('desk.told.site');
    default: {
      const never: never = owner;
      return never;
    }
  }
}

function outcome({ outcome: how, why }: Delivery, { say }: Words): string {
  switch (how) {
    case 'sent':
    case 'dropped':
      return say(`desk.told.${how}`);
    case 'failed':
    case 'dead':
      return say(`desk.told.${how}`, { why: why ?? '–' });
    default: {
      const never: never = how;
      return never;
    }
  }
}

function viaWord(via: string, { say }: Words): string {
  return Object.prototype.hasOwnProperty.call(VIA, via) ? say(VIA[via as keyof typeof VIA]) : via;
}
