// `POST /api/v1/take`: *take it* in a notification. The browser's worker shows the capability that came with it, and is told what became of the press.
import type { FastifyInstance } from 'fastify';
import type { TakeAnswer } from '../contract/channels.ts';
import type { CommandAnswer } from '../contract/commands.ts';
import type { Facts } from '../floor/rows.ts';
import type { Commands } from './commands.ts';
import type { Capability } from './options.ts';
import type { Who } from './who.ts';

const BODY_MOST = 4_096;
/** What moved just as it was pressed is looked at anew, so often. */
const TRIES = 3;

const STATUS: Readonly<Record<TakeAnswer['outcome'], number>> = {
  yours: 200,
  taken: 409,
  ended: 409,
  gone: 410,
  'not-allowed': 403,
  later: 503,
};

export interface PushDoorOptions {
  readonly facts: Facts;
  readonly now: () => number;
  readonly who: Who;
  readonly commands: Commands;
  /** Null: forged, cut, or over. */
  readonly readCapability: (token: string) => Capability | null;
}

export function pushDoor(app: FastifyInstance, options: PushDoorOptions): void {
  const { facts, now, who, commands, readCapability } = options;

  async function take(token: string): Promise<TakeAnswer> {
    const capability = readCapability(token);
    if (capability === null || capability.until <= now()) return { outcome: 'gone' };
    const { episode, person } = capability;
    if (who.mayAct(person) === null) return { outcome: 'not-allowed' };
    for (let tried = 0; tried < TRIES; tried++) {
      const alert = facts.alerts.get(episode);
      if (alert === undefined) return { outcome: 'gone' };
      const { taken, version, state } = alert;
      // Who has it is told, and is not taken over: the press was meant for what nobody had.
      if (state !== 'resolved' && taken !== null && taken.by !== person)
        return { outcome: 'taken', by: nameOf(taken.by) };
      if (state !== 'resolved' && taken?.how === 'acknowledged') return { outcome: 'yours' };
      const said = { episode, expectedVersion: version };
      const answer = await commands.say('acknowledge', said, { id: person, how: 'link' });
      // That they wanted to take it after its end is written down, and changes nothing.
      if (state === 'resolved') return { outcome: 'ended' };
      const became = outcomeOf(answer, person);
      if (became !== null) return became;
    }
    return { outcome: 'later' };
  }

  /** Null: it has moved; look again. */
  function outcomeOf(answer: CommandAnswer, person: string): TakeAnswer | null {
    if ('ok' in answer) return { outcome: 'yours' };
    switch (answer.refused) {
      case 'stale':
        if (answer.by === undefined) return null;
        return answer.by === person
          ? { outcome: 'yours' }
          : { outcome: 'taken', by: nameOf(answer.by) };
      case 'over':
        return { outcome: 'ended' };
      case 'unknown':
        return { outcome: 'gone' };
      case 'not-allowed':
      case 'no-person':
      case 'session':
        return { outcome: 'not-allowed' };
      default:
        return { outcome: 'later' };
    }
  }
  function nameOf(agent: string): string {
    return facts.agents.get(agent)?.name ?? agent;
  }

  app.post(
    '/api/v1/take',
    { config: { door: 'link' }, bodyLimit: BODY_MOST },
    async (request, reply) => {
      const { capability } = (request.body ?? {}) as { readonly capability?: unknown };
      const answer = await take(typeof capability === 'string' ? capability : '');
      return reply.code(STATUS[answer.outcome]).header('cache-control', 'no-store').send(answer);
    },
  );
}
