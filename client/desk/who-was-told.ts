// Who was told of an episode, latest first: when it was decided, by which way, whether it arrived, and when it is tried again; and who could not be told.
import { DROPPED } from '../../server/contract/channels.ts';
import type { Desk } from './desk.svelte.ts';
import type { DeskKey } from './desk-words.ts';
import type { Delivery, EpisodeTold, ToldTo } from './server-said.ts';

export interface Reached {
  readonly key: string;
  /** When it was decided that they are to be told. */
  readonly at: number;
  readonly who: string;
  /** Their id, where it is one person. */
  readonly person: string | null;
  readonly how: string;
  /** Not at its end yet: it may be another a moment later. */
  readonly isPending: boolean;
  /** It was given up. */
  readonly isLost: boolean;
}

type Words = Pick<Desk, 'say' | 'view' | 'live'>;
type Whom = Pick<ToldTo, 'owner' | 'of'>;

const VIA = {
  push: 'desk.told.push',
  webhook: 'desk.told.webhook',
  email: 'desk.told.email',
} as const satisfies Readonly<Record<string, DeskKey>>;

export function reached({ moves, deliveries = [] }: EpisodeTold, words: Words): readonly Reached[] {
  const known = new Map(deliveries.map((one) => [one.notification, one]));
  const lines = new Map<string, Reached>();
  for (const [index, { at, told = [], reason }] of moves.entries())
    for (const one of told) {
      const name = one.notification ?? null;
      const key = name ?? `${index} ${one.owner} ${one.of}`;
      if (one.channel === null && one.why !== null)
        lines.set(key, lineOf(one, { key, at }, [words.say(`desk.told.${one.why}`)], words));
      else if (name !== null && !lines.has(key))
        lines.set(key, sentLine(one, known.get(name), { key, at, reason }, words));
    }
  // What was written before moves said whom they were for.
  for (const one of deliveries)
    if (!lines.has(one.notification))
      lines.set(
        one.notification,
        sentLine(one, one, { key: one.notification, at: one.at, reason: '' }, words),
      );
  return [...lines.values()].sort((a, b) => b.at - a.at);
}

interface Of {
  readonly key: string;
  readonly at: number;
}

function sentLine(
  whom: Whom & { readonly via?: string },
  delivery: Delivery | undefined,
  { reason, ...of }: Of & { readonly reason: string },
  words: Words,
): Reached {
  const via = delivery?.via ?? whom.via;
  const isEnd = delivery?.kind === 'end' || reason === 'ended';
  const clauses = [
    via === undefined ? '' : viaWord(via, words),
    isEnd ? words.say('desk.told.end') : '',
    delivery === undefined ? words.say('desk.told.waiting') : outcome(delivery, words),
  ];
  const state = delivery?.outcome ?? 'waiting';
  const isPending = state === 'waiting' || state === 'failed' || state === 'held';
  return { ...lineOf(whom, of, clauses, words), isPending, isLost: state === 'dead' };
}

function lineOf(whom: Whom, { key, at }: Of, clauses: readonly string[], words: Words): Reached {
  const how = clauses.filter((clause) => clause !== '').join(' · ');
  const person = whom.owner === 'person' ? whom.of : null;
  return { key, at, who: nameOf(whom, words), person, how, isPending: false, isLost: false };
}

export function nameOf({ owner, of }: Whom, { say, view, live }: Words): string {
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

function outcome(delivery: Delivery, { say, view }: Words): string {
  const { outcome: how, at, attempt = 1, nextAt, isDigest } = delivery;
  const why = delivery.why ?? '–';
  const clock = (instant: number): string => view.whenSeconds(instant);
  switch (how) {
    case 'sent': {
      const time = clock(at);
      if (isDigest === true) return say('desk.told.in-digest', { time });
      return attempt > 1
        ? say('desk.told.arrived-after', { time, n: attempt })
        : say('desk.told.arrived', { time });
    }
    case 'held':
      return say('desk.told.held', { time: nextAt === undefined ? '–' : clock(nextAt) });
    case 'failed':
      return nextAt === undefined
        ? say('desk.told.failed', { why })
        : say('desk.told.failed-next', { n: attempt, time: clock(nextAt), why });
    case 'dead':
      return say('desk.told.dead', { why, n: attempt, time: clock(at) });
    case 'dropped':
      return say(
        why === DROPPED.quiet
          ? 'desk.told.quiet'
          : why === DROPPED.full
            ? 'desk.told.full'
            : 'desk.told.dropped',
      );
    default: {
      const never: never = how;
      return never;
    }
  }
}

export function viaWord(via: string, { say }: Pick<Words, 'say'>): string {
  return Object.prototype.hasOwnProperty.call(VIA, via) ? say(VIA[via as keyof typeof VIA]) : via;
}
