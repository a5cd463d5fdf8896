// What receivers heard beside what the journal planned, by another way than the product's: lost, told under two names, repeated, never planned.
import type { AlertMoved, AlertTold } from '../../server/events/episode.ts';
import type { Store } from '../../server/log/store.ts';
import type { HttpSink } from '../support/http-sink.ts';

export interface Heard {
  readonly id: string;
  /** Path of the receiver, without its slash. */
  readonly to: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Which server sent it, where it says. */
  readonly by: string;
  readonly kind: string;
  readonly title: string;
  readonly lines: readonly string[];
  readonly episodes: readonly HeardEpisode[];
}

interface HeardEpisode {
  readonly kind: string;
  readonly episode: string;
  readonly rule: string;
  readonly severity: string;
  readonly round: number;
  readonly loop: number;
  readonly level: number;
  readonly params: Readonly<Record<string, string>>;
  /** RFC 3339. */
  readonly raisedAt: string;
  readonly decidedAt: string;
}

interface Body {
  readonly type: string;
  readonly data: Pick<Heard, 'id' | 'title' | 'lines' | 'episodes'>;
}

/** All that came, in its order. */
export function heardBy({ received }: Pick<HttpSink, 'received'>): readonly Heard[] {
  return received.map(({ path, headers, body, at }) => {
    const { type, data } = JSON.parse(body.toString()) as Body;
    const { id, title, lines, episodes } = data;
    if (headers['webhook-id'] !== id) throw new Error(`two names of one message: ${id}`);
    return {
      ...{ id, title, lines, episodes, to: path.slice(1), at: performance.timeOrigin + at },
      by: String(headers['x-sent-by'] ?? ''),
      kind: type.replace(/^alert\./, ''),
    };
  });
}

/** Alarms: fires, escalations and raises. */
export function isAlarm({ kind }: Pick<Heard, 'kind'>): boolean {
  return kind === 'fire' || kind === 'escalate' || kind === 'raise';
}

/** Entries of the journal, oldest first. */
export async function allOf<T>(store: Pick<Store, 'read'>, type: string): Promise<readonly T[]> {
  const found: T[] = [];
  for (let after = '0-0'; ;) {
    const entries = await store.read(after, { count: 1_000, blockMs: 0 });
    for (const { fields } of entries)
      if (fields.type === type) found.push(JSON.parse(fields.data ?? '') as T);
    const last = entries.at(-1)?.id;
    if (last === undefined) return found;
    after = last;
  }
}

export interface Reckoned {
  readonly raw: number;
  readonly unique: number;
  /** Planned, neither heard nor settled as not to be told. */
  readonly lost: readonly string[];
  /** One thing that somebody was told under two names. */
  readonly renamed: readonly string[];
  /** Heard, and in no move of the journal. */
  readonly unplanned: readonly string[];
  /** What a receiver heard that it had heard before. */
  readonly repeats: readonly Repeat[];
}

export interface Repeat {
  readonly to: string;
  /** When it was heard before, and again; milliseconds since 1970. */
  readonly before: number;
  readonly again: number;
}

/** A receiver has heard it before the kill was noted, or a moment after. */
const SEEN_MS = 1_000;
/** What is not to be told any more: an end of which no beginning arrived, an alarm that failed and is over. */
const SETTLED: readonly AlertTold['outcome'][] = ['dropped', 'dead'];

export async function reckon(
  store: Pick<Store, 'read'>,
  sink: Pick<HttpSink, 'received'>,
): Promise<Reckoned> {
  const heard = heardBy(sink);
  const moves = await allOf<AlertMoved>(store, 'alert.moved');
  const settled = await allOf<AlertTold>(store, 'alert.told');
  const over = new Set(
    settled.flatMap(({ outcome, notification }) =>
      SETTLED.includes(outcome) ? [notification] : [],
    ),
  );
  const planned = new Set(
    moves.flatMap(({ told }) => told.flatMap(({ notification }) => notification ?? [])),
  );
  const came = new Set(heard.map(({ id }) => id));
  return {
    raw: heard.length,
    unique: came.size,
    lost: [...planned].filter((id) => !came.has(id) && !over.has(id)),
    unplanned: [...came].filter((id) => !planned.has(id)),
    renamed: renamedIn(heard),
    repeats: repeatsIn(heard),
  };
}

/** Per episode, level, channel and person: one name. */
function renamedIn(heard: readonly Heard[]): readonly string[] {
  const named = new Map<string, string>();
  const found: string[] = [];
  for (const message of heard) {
    for (const each of message.episodes) {
      const { episode, severity, round, loop, level } = each;
      // Who was told of an end in a digest may have been told of it there alone.
      const what = isAlarm(each) ? 'alarm' : each.kind;
      const of = [message.to, episode, what, severity, round, loop, level].join(' ');
      const name = message.kind === 'digest' ? `digest ${message.id}` : message.id;
      const was = named.get(of) ?? name;
      if (was !== name) found.push(of);
      named.set(of, was);
    }
  }
  return found;
}

function repeatsIn(heard: readonly Heard[]): readonly Repeat[] {
  const known = new Map<string, number>();
  const repeats: Repeat[] = [];
  for (const { id, to, at } of heard) {
    const before = known.get(id);
    if (before !== undefined) repeats.push({ to, before, again: at });
    known.set(id, at);
  }
  return repeats;
}

/** Of a fault, in milliseconds since 1970; a kill is an instant. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Repeats that no fault of their own explains: at most one a fault and channel is promised. */
export function tooMany(repeats: readonly Repeat[], faults: readonly Span[]): readonly Repeat[] {
  const used = new Set<string>();
  return repeats.filter(({ to: channel, before, again }) => {
    const fault = faults.find(
      ({ from, to }) =>
        from <= again && to >= before - SEEN_MS && !used.has(`${channel} ${String(from)}`),
    );
    used.add(`${channel} ${String(fault?.from)}`);
    return fault === undefined;
  });
}
