// Three producers at once, each its own way into the log: the journal itself, a stream of its own, HTTP. Each says some things twice, and remembers what was acknowledged.
import { Redis } from 'ioredis';
import type { Fields } from '../../server/events/decode.ts';
import { encode } from '../../server/events/encode.ts';
import { createChance } from '../support/chance.ts';
import type { Chance } from '../support/chance.ts';
import { JOURNAL, TOKEN } from './arena.ts';
import { tellCalls } from './calls.ts';

/** Sources by their way in, and how many of 200 events a second each says. */
const SHARES = { pbx: 80, crm: 60, desk: 60 } as const;
type Source = keyof typeof SHARES;
export const INBOUND = 'pharos:{main}:in:crm';
/** A contact is queued without a queue's id. */
export const MALFORMED_DATA = '{"queue":5}';
const REPEATED = 0.05;
const MALFORMED = 0.01;
const NAMELESS = 0.2;
/** A repeat is of one of so many last events of its producer. */
const REMEMBERED = 4_000;
const BATCH_MOST = 100;
const STEP_MS = 20;
const ANSWER_MS = 2_000;
const COPIED_MS = 30_000;

export interface Producers {
  /** Source and id of every event that has one and was acknowledged, with a space between; and how often it was. */
  readonly acknowledged: ReadonlyMap<string, number>;
  /** Ends them; resolves when all that they said is acknowledged, and the journal has what was said by the stream. */
  stop(): Promise<void>;
}

export interface ProducersOptions {
  /** Of the Redis itself, not of a proxy. */
  readonly redisUrl: string;
  /** Of the servers; where one fails the next is called. */
  readonly urls: readonly string[];
  readonly seed: number;
  /** Goes into every id, so that one who goes on says nothing that was said before. */
  readonly run: number;
  readonly perSecond: number;
}

export function startProducers(options: ProducersOptions): Producers {
  const redis = new Redis(options.redisUrl);
  const acknowledged = new Map<string, number>();
  const isStopping = (): boolean => stopping;
  let stopping = false;
  let called = 0;

  async function add(stream: string, events: readonly Fields[]): Promise<void> {
    const batch = redis.pipeline();
    for (const fields of events) batch.xadd(stream, '*', ...Object.entries(fields).flat());
    const answers = (await batch.exec()) ?? [];
    for (const [index, [error]] of answers.entries()) {
      if (error) throw error;
      took(events[index]);
    }
  }

  function took(fields: Fields | undefined): void {
    if (fields?.id === undefined) return;
    const name = `${fields.source ?? ''} ${fields.id}`;
    acknowledged.set(name, (acknowledged.get(name) ?? 0) + 1);
  }

  async function post(events: readonly Fields[]): Promise<void> {
    for (;;) {
      const url = options.urls[called % options.urls.length] ?? '';
      const status = await postOnce(url, events).catch(() => null);
      if (status === 202) break;
      if (status !== null && status < 500 && status !== 429)
        throw new Error(`events were refused by HTTP with ${status}`);
      called += 1;
      await pause(STEP_MS);
    }
    events.forEach(took);
  }

  function deliver(source: Source, events: readonly Fields[]): Promise<void> {
    switch (source) {
      case 'pbx':
        return add(JOURNAL, events);
      case 'crm':
        return add(INBOUND, events);
      case 'desk':
        return post(events);
      default:
        return source satisfies never;
    }
  }

  async function produce(source: Source, seed: number): Promise<void> {
    const next = speaker(source, { chance: createChance(seed), run: options.run });
    const perMs = (SHARES[source] / 200) * (options.perSecond / 1_000);
    const began = performance.now();
    for (let said = 0; !isStopping();) {
      const due = Math.floor((performance.now() - began) * perMs) - said;
      const batch = Array.from({ length: Math.min(BATCH_MOST, due) }, next);
      if (batch.length > 0) await deliver(source, batch);
      said += batch.length;
      await pause(STEP_MS);
    }
  }

  async function untilCopied(): Promise<void> {
    const last = (await redis.xrevrange(INBOUND, '+', '-', 'COUNT', 1))[0]?.[0];
    const until = performance.now() + COPIED_MS;
    for (;;) {
      const cursor = await redis.hget('pharos:{main}:copied', 'crm');
      if (last === undefined || cursor?.startsWith(`${last} `)) return;
      if (performance.now() > until)
        throw new Error(`the copier stands at ${String(cursor)}, and the stream at ${last}`);
      await pause(STEP_MS);
    }
  }

  const running = Promise.all(
    (Object.keys(SHARES) as Source[]).map((source, index) => produce(source, options.seed + index)),
  );
  // What fails early is told by `stop`, not by the process.
  running.catch(() => undefined);
  return {
    acknowledged,
    async stop() {
      stopping = true;
      try {
        await running;
        await untilCopied();
      } finally {
        redis.disconnect();
      }
    },
  };
}

/** The next thing that a producer says: something new, now and then something again, or something malformed. */
function speaker(
  source: Source,
  { chance, run }: { readonly chance: Chance; readonly run: number },
): () => Fields {
  const tell = tellCalls(`${source}-${run}`, chance, () => Date.now());
  const remembered: Fields[] = [];
  let said = 0;
  return () => {
    if (remembered.length > 0 && chance.next() < REPEATED) return chance.of(remembered);
    said += 1;
    const id = `${run}-${said}`;
    // By HTTP it would be told at once, and nothing of its batch taken.
    if (source !== 'desk' && chance.next() < MALFORMED)
      return { type: 'contact.queued', subject: 'nobody', source, id, data: MALFORMED_DATA };
    const event = tell();
    // The shortest producer gives no id, and can be known as said again by nothing but its place.
    if (source === 'pbx' && chance.next() < NAMELESS) return encode({ ...event, source });
    const fields = encode({ ...event, source, id });
    remembered.push(fields);
    if (remembered.length > REMEMBERED) remembered.shift();
    return fields;
  };
}

async function postOnce(url: string, events: readonly Fields[]): Promise<number> {
  const answer = await fetch(`${url}/api/v1/events`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'application/cloudevents-batch+json',
    },
    body: JSON.stringify(events.map(structured)),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  await answer.arrayBuffer();
  return answer.status;
}

function structured({ data, ...attributes }: Fields): Readonly<Record<string, unknown>> {
  return { specversion: '1.0', ...attributes, data: JSON.parse(data ?? '{}') as unknown };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
