// An eight-hour shift of two hundred agents by seed: the real calls of one morning and afternoon, copied until the busiest half hour needs everybody, with holds, promises, cries for help and leads who go away.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { NewEvent } from '../../server/events/event.ts';
import type { Chance } from '../support/chance.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
export const SHIFT_MS = 8 * 60 * MINUTE;
/** Of the data: Wednesday, 13 January 1999, from eight o'clock on, in seconds of its own. */
const DAY_S = 12 * 86_400 + 8 * 3_600;
export const TEAMS = 5;
export const AGENTS = 40;
const WRAP_UP_MS = 20 * SECOND;
const PATIENCE_MS = 4 * MINUTE;
const JITTER_MS = 5 * MINUTE;
const HALF_HOUR_MS = 30 * MINUTE;
/** Of contacts, how many are put on hold; of holds, how many last over two minutes. */
const HELD = 0.2;
const LONG = 0.03;
const PROMISES = 40;
const CRIES = 24;

/** As Redis' journal would have it: with an instant each, in order. */
export type Happened = NewEvent & { readonly at: number };

interface Call {
  /** After the beginning of the shift, in milliseconds. */
  readonly at: number;
  readonly talkMs: number;
}

/** Real calls of these eight hours that were answered. */
export function callsOf(file: string): readonly Call[] {
  const [, ...lines] = gunzipSync(readFileSync(file)).toString().trim().split('\n');
  return lines.flatMap((line) => {
    const [, , , enqueue, answer = '', , end] = line.split(',');
    const at = (Number(enqueue) - DAY_S) * SECOND;
    if (answer === '' || at < 0 || at >= SHIFT_MS) return [];
    return [{ at, talkMs: Math.max(10, Number(end) - Number(answer)) * SECOND }];
  });
}

export const leadOf = (team: number): string => `lead-${team}`;
const teamName = (team: number): string => `team-${team}`;
const queueName = (team: number): string => `queue-${team}`;
const agentName = (team: number, seat: number): string => `agent-${team}-${seat}`;
export const SUPERVISORS = [...Array.from({ length: TEAMS }, (_, team) => leadOf(team)), 'head'];

/** Who is there before the shift begins. */
export function crew(beginsAt: number): readonly Happened[] {
  const at = beginsAt - 1;
  const teams = Array.from({ length: TEAMS }, (_, team) => team);
  return [
    { type: 'site.profile', subject: 'main', data: { dutyManager: 'head' } } as const,
    { type: 'agent.profile', subject: 'head', data: { name: 'Head', role: 'supervisor' } } as const,
    ...teams.flatMap((team) => [
      {
        type: 'team.profile',
        subject: teamName(team),
        // One of five teams has nobody who stands in.
        data: { name: teamName(team), coveredBy: team === 3 ? [] : [teamName((team + 1) % TEAMS)] },
      } as const,
      {
        type: 'queue.profile',
        subject: queueName(team),
        data: {
          name: queueName(team),
          teams: [teamName(team)],
          wrapUpSeconds: WRAP_UP_MS / SECOND,
        },
      } as const,
      {
        type: 'agent.profile',
        subject: leadOf(team),
        data: { name: leadOf(team), role: 'lead', team: teamName(team) },
      } as const,
    ]),
    ...teams.flatMap((team) =>
      Array.from({ length: AGENTS }, (_, seat) => agentName(team, seat)).flatMap((subject) => [
        { type: 'agent.profile', subject, data: { name: subject, team: teamName(team) } } as const,
        {
          type: 'agent.state',
          subject,
          data: { state: 'available', memberOf: [queueName(team)] },
        } as const,
      ]),
    ),
  ].map((event) => ({ ...event, at }) as Happened);
}

export function shift(
  calls: readonly Call[],
  chance: Chance,
  beginsAt: number,
): readonly Happened[] {
  const happened: Happened[] = [];
  const tell = (after: number, event: NewEvent): void =>
    void happened.push({ ...event, at: beginsAt + Math.round(after) });
  const busy: Busy[] = [];
  for (let team = 0; team < TEAMS; team++)
    serve(copied(calls, chance), team, { chance, tell, busy });
  presence(tell);
  cries(busy, chance, tell);
  promises(chance, tell, beginsAt);
  return happened.sort((a, b) => a.at - b.at);
}

type Tell = (after: number, event: NewEvent) => void;

interface Busy {
  readonly agent: string;
  readonly contact: string;
  readonly from: number;
  readonly to: number;
}

/** So often that a team of forty is just enough in the busiest half hour. */
function copied(calls: readonly Call[], chance: Chance): readonly Call[] {
  const needs = new Map<number, number>();
  for (const { at, talkMs } of calls) {
    const slot = Math.floor(at / HALF_HOUR_MS);
    needs.set(slot, (needs.get(slot) ?? 0) + talkMs + WRAP_UP_MS);
  }
  const copies = (AGENTS * HALF_HOUR_MS) / Math.max(...needs.values());
  return calls
    .flatMap(({ at, talkMs }) => {
      const times = Math.floor(copies) + (chance.next() < copies % 1 ? 1 : 0);
      return Array.from({ length: times }, () => ({
        at: Math.min(SHIFT_MS - 1, Math.max(0, at + (chance.next() - 0.5) * 2 * JITTER_MS)),
        talkMs: talkMs * (0.8 + 0.4 * chance.next()),
      }));
    })
    .sort((a, b) => a.at - b.at);
}

/** First come, first served, by whoever is free first; who waits too long for their patience goes. */
function serve(
  calls: readonly Call[],
  team: number,
  { chance, tell, busy }: { readonly chance: Chance; readonly tell: Tell; readonly busy: Busy[] },
): void {
  const freeAt = Array.from({ length: AGENTS }, () => 0);
  const queue = queueName(team);
  for (const [number, { at, talkMs }] of calls.entries()) {
    const subject = `call-${team}-${number}`;
    const seat = freeAt.indexOf(Math.min(...freeAt));
    const from = Math.max(at, freeAt[seat] ?? 0);
    const patience = -Math.log(1 - chance.next()) * PATIENCE_MS;
    tell(at, { type: 'contact.queued', subject, data: { queue } });
    if (from - at > patience) {
      tell(at + patience, { type: 'contact.ended', subject, data: { by: 'customer' } });
      continue;
    }
    const agent = agentName(team, seat);
    tell(from, { type: 'contact.answered', subject, data: { agent, queue } });
    const holdMs = chance.next() < HELD ? holdFor(chance) : 0;
    const heldAt = from + talkMs * (0.2 + 0.6 * chance.next());
    if (holdMs > 0) {
      tell(heldAt, { type: 'contact.held', subject, data: { agent } });
      tell(heldAt + holdMs, { type: 'contact.resumed', subject, data: { agent } });
    }
    const to = from + talkMs + holdMs;
    tell(to, { type: 'contact.ended', subject, data: {} });
    freeAt[seat] = to + WRAP_UP_MS;
    busy.push({ agent, contact: subject, from, to });
  }
}

function holdFor(chance: Chance): number {
  const isLong = chance.next() < LONG;
  const more = -Math.log(1 - chance.next());
  return isLong ? (120 + 60 * more) * SECOND : Math.min(119, 8 + 25 * more) * SECOND;
}

/** Leads are at their desks but for two of them, for three quarters of an hour and for a whole one. */
function presence(tell: Tell): void {
  const away = [
    { team: 1, from: 150 * MINUTE, to: 195 * MINUTE },
    { team: 3, from: 300 * MINUTE, to: 360 * MINUTE },
  ];
  for (const [index, subject] of SUPERVISORS.entries())
    for (let at = 0; at < SHIFT_MS; at += 5 * MINUTE) {
      const gone = away.find(({ team, from, to }) => team === index && from <= at && at < to);
      const isHead = subject === 'head';
      // The head of the house is in meetings most of the time.
      const is = gone ? 'away' : isHead && at % (120 * MINUTE) >= 30 * MINUTE ? 'meeting' : 'desk';
      tell(at, { type: 'supervisor.presence', subject, data: { presence: is } });
    }
}

/** Help is asked for in calls; most of it is claimed before it is an alarm. */
function cries(busy: readonly Busy[], chance: Chance, tell: Tell): void {
  for (let number = 0; number < CRIES; number++) {
    const { agent, contact, from, to } = chance.of(
      busy.filter(({ from, to }) => to - from > MINUTE),
    );
    const at = from + (to - from) * 0.4;
    const subject = `cry-${number}`;
    const by = leadOf(Number(agent.split('-')[1]));
    tell(at, { type: 'assist.requested', subject, data: { agent, contact } });
    const claimedMs = chance.next() < 0.7 ? 20 * SECOND : (60 + 120 * chance.next()) * SECOND;
    tell(at + claimedMs, { type: 'assist.claimed', subject, data: { by } });
    tell(at + claimedMs + 2 * MINUTE, { type: 'assist.closed', subject, data: { by } });
  }
}

/** Most are kept in time, some late, some hardly ever. */
function promises(chance: Chance, tell: Tell, beginsAt: number): void {
  for (let number = 0; number < PROMISES; number++) {
    const team = chance.below(TEAMS);
    const by = agentName(team, chance.below(AGENTS));
    const address = `+3712000${String(1_000 + number)}`;
    const promisedAt = chance.next() * (SHIFT_MS - 100 * MINUTE);
    const dueMs = promisedAt + (20 + 40 * chance.next()) * MINUTE;
    const subject = `promise-${number}`;
    tell(promisedAt, {
      ...{ type: 'callback.promised', subject },
      data: {
        customer: { address },
        dueAt: beginsAt + Math.round(dueMs),
        by,
        team: teamName(team),
      },
    });
    tell(promisedAt + MINUTE, { type: 'callback.claimed', subject, data: { by } });
    const luck = chance.next();
    const lateMs = luck < 0.85 ? -(2 + 8 * chance.next()) : luck < 0.95 ? 6 : 25;
    const call = `back-${number}`;
    const at = dueMs + lateMs * MINUTE;
    const customer = { address };
    tell(at, {
      ...{ type: 'contact.started', subject: call },
      data: { direction: 'outbound', customer, callback: subject },
    });
    tell(at + 10 * SECOND, { type: 'contact.answered', subject: call, data: {} });
    tell(at + 90 * SECOND, { type: 'contact.ended', subject: call, data: {} });
  }
}
