// The outbox on Redis: scripts that claim and settle, so that of two servers one tells.
import { z } from 'zod';
import type { Keys } from './keys.ts';
import {
  BACKLOG_LANES,
  CLAIM_MOST,
  DEAD_KEPT_MS,
  DEAD_MOST,
  DONE_KEPT_MS,
  LANE_MOST,
  LATELY_MS,
  ROWS_MOST,
  TAKEN_AWAY_KEPT_MS,
} from './outbox.ts';
import type {
  ChannelStore,
  Claimed,
  DeadLetter,
  Notice,
  Outcome,
  Over,
  OutboxStore,
  Pace,
  WaitingRow,
} from './outbox.ts';
import type { RedisLink } from './redis-link.ts';
import { CHANNELS, GIVE_BACK_CHANNELS, PUT_CHANNEL, SECRET } from './scripts/channels.ts';
import { BACKLOG, CLAIM, RENEW, SETTLE } from './scripts/outbox.ts';
import { runScript, wordsOf } from './scripts/script.ts';

type Row = Omit<Notice, 'id'>;
type FoundRow = readonly [id: string, raw: string, tries: string, told: string];
type FoundPace = readonly [lately: number, held: string, over: string];
type Found = readonly [
  ...(readonly [lane: string, calm: FoundPace, urgent: FoundPace]),
  ...(readonly [rows: readonly FoundRow[], endsLately: number]),
];

export function redisOutbox(keys: Keys, commands: RedisLink): OutboxStore & ChannelStore {
  const dead = keys.outbox.at(-1) ?? '';
  const channelKeys = [keys.channels, keys.channelsChanged, keys.channelsAt];
  return {
    claim: ({ token, leaseMs, lanes }) =>
      commands.run(async (redis) => {
        const at = [...keys.outbox, keys.channelsAt];
        const words = [token, leaseMs, lanes, ROWS_MOST, LATELY_MS, LANE_MOST, CLAIM_MOST];
        const reply = await runScript(redis, CLAIM, at, words);
        const [next, channelsAt, found] = reply as readonly [string, string, readonly Found[]];
        return {
          claimed: found.map((lane) => claimedOf(token, lane)),
          nextAt: next === '' ? null : Number(next),
          channelsAt,
        };
      }),
    settle: ({ lane, token, ids, outcome, entries }) =>
      commands.run(async (redis) => {
        const head = [token, lane, outcome.kind, detailOf(outcome), countOf(outcome)];
        const kept = [LATELY_MS, DONE_KEPT_MS, DEAD_KEPT_MS, DEAD_MOST];
        const over = outcome.kind === 'sent' ? outcome.over : null;
        const said = over === null ? '' : overSaid(over);
        const kin = [isUrgent(outcome) ? 1 : 0, over?.count ?? 0, said];
        const words = [...head, ...kept, ...kin, ids.length, ...ids, ...wordsOf(entries)];
        return (await runScript(redis, SETTLE, [keys.journal, ...keys.outbox], words)) === 1;
      }),
    renew: ({ lane, token, leaseMs }) =>
      commands.run(async (redis) => {
        await runScript(redis, RENEW, [...keys.outbox], [token, lane, leaseMs]);
      }),
    deadLetters: (count) =>
      commands.run(async (redis) => {
        if ((await redis.type(dead)) !== 'zset') return [];
        return (await redis.zrange(dead, '0', String(count - 1), 'REV')).flatMap(deadLetterOf);
      }),
    backlog: () =>
      commands.run(async (redis) => {
        const reply = await runScript(redis, BACKLOG, keys.outbox, [BACKLOG_LANES]);
        const [rows, oldest] = reply as readonly [number, string];
        return { rows, oldestDueAt: oldest === '' ? null : Number(oldest) };
      }),
    channels: () =>
      commands.run(async (redis) => {
        const reply = await runScript(redis, CHANNELS, channelKeys.slice(0, 2), []);
        const [texts, changed] = (reply as readonly (readonly string[])[]).map(pairsOf);
        const lanes = new Set([...(texts?.keys() ?? []), ...(changed?.keys() ?? [])]);
        return new Map(
          [...lanes].map((lane) => {
            const changedAt = Number(changed?.get(lane) ?? 0) || 0;
            return [lane, { text: texts?.get(lane) ?? null, changedAt }];
          }),
        );
      }),
    putChannel: (lane, text) =>
      commands.run(async (redis) => {
        const words = [TAKEN_AWAY_KEPT_MS, lane, ...(text === null ? [] : [text])];
        await runScript(redis, PUT_CHANNEL, channelKeys, words);
      }),
    giveBackChannels: (rows) =>
      commands.run(async (redis) => {
        const words = [...rows].flatMap(([lane, { text, changedAt }]) => [
          ...[lane, changedAt],
          ...(text === null ? [0, ''] : [1, text]),
        ]);
        await runScript(redis, GIVE_BACK_CHANNELS, channelKeys, words);
      }),
    secret: (name, made) =>
      commands.run(async (redis) =>
        String(await runScript(redis, SECRET, [keys.secrets], [name, made])),
      ),
  };
}

/** As Redis says a hash. */
function pairsOf(words: readonly string[]): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (let at = 0; at + 1 < words.length; at += 2) pairs.set(words[at] ?? '', words[at + 1] ?? '');
  return pairs;
}

function isUrgent(outcome: Outcome): boolean {
  return (outcome.kind === 'sent' || outcome.kind === 'held') && outcome.isUrgent;
}

function countOf(outcome: Outcome): 0 | 1 | 2 {
  const counts = outcome.kind === 'sent' ? outcome.counts : null;
  return counts === null ? 0 : counts === 'news' ? 1 : 2;
}

function overSaid({ why, via }: Over): string {
  return JSON.stringify({ why, via, tries: 0 });
}

function detailOf(outcome: Outcome): string | number {
  switch (outcome.kind) {
    case 'dead': {
      const { why, tries, via } = outcome;
      return JSON.stringify({ why, tries, via });
    }
    case 'again':
      return Math.ceil(outcome.at);
    case 'held':
      return Math.ceil(outcome.until);
    case 'packed':
      return JSON.stringify(outcome.digest);
    case 'sent':
    case 'gone':
      return '';
    default:
      return outcome satisfies never;
  }
}

function claimedOf(token: string, [lane, calm, urgent, rows, endsLately]: Found): Claimed {
  const read = rows.map(([id, raw, tries, told]) => ({ row: waitingRow(id, raw, tries), told }));
  return {
    lane,
    token,
    rows: read.map(({ row }) => row),
    calm: paceOf(calm),
    urgent: paceOf(urgent),
    endsLately,
    told: new Set(read.filter(({ told }) => told === '1').map(({ row }) => row.about)),
  };
}

function paceOf([lately, held, over]: FoundPace): Pace {
  return { lately, heldUntil: held === '' ? null : Number(held), over: Number(over) };
}

function waitingRow(id: string, raw: string, said: string): WaitingRow {
  const [tries = '', firstAt = ''] = said.split(' ');
  const known = { tries: Number(tries), firstAt: firstAt === '' ? null : Number(firstAt) };
  return { id, ...rowFrom(raw), ...known };
}

/** Redis reads some things as JSON that are none; its text tells whoever sends that it is not ours. */
function rowFrom(raw: string): Row {
  try {
    return JSON.parse(raw) as Row;
  } catch {
    return { lane: '', about: '', marks: 'tells', dueAt: 0, text: '' };
  }
}

const deadLetter = z.object({
  id: z.string(),
  at: z.number(),
  why: z.string(),
  tries: z.number().nullable().default(null),
  via: z.string().nullable().default(null),
  row: z.object({
    lane: z.string(),
    about: z.string(),
    marks: z.enum(['tells', 'ends']),
    dueAt: z.number(),
    text: z.string(),
  }),
});

/** What somebody else wrote among them is none. */
function deadLetterOf(said: string): readonly DeadLetter[] {
  try {
    const { id, row, ...letter } = deadLetter.parse(JSON.parse(said));
    return [{ ...letter, notice: { id, ...row } }];
  } catch {
    return [];
  }
}
