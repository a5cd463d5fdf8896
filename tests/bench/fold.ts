// P-3: how fast the journal becomes a floor, beside ioredis alone reading the same stream, and how soon a backlog of an hour is live.
import { startRedis } from '../support/redis-server.ts';
import { readBare } from './bare-reader.ts';
import { startOnJournal } from './fold-backlog.ts';
import type { Start } from './fold-backlog.ts';
import { builtServer } from './fold-built.ts';
import { forgetRecord, JOURNAL, writeJournal } from './fold-journal.ts';
import { median, rounded } from './fold-median.ts';
import { foldJournal } from './fold-run.ts';
import { tellStory } from './fold-story.ts';
import type { Bench, Line, Scale } from './line.ts';

/** As many entries as the engine asks for in a backlog. */
const COUNT = 1_000;
const SIZES = {
  whole: { agents: 1_000, events: 300_000, backlog: 180_000, rounds: 5 },
  tiny: { agents: 120, events: 4_000, backlog: 2_000, rounds: 1 },
} as const;
const QUEUES = 50;
const BACKLOG_PER_SECOND = 50;
const RATIO_PROMISED = 0.7;
const RATE_PROMISED = 60_000;
const LIVE_PROMISED_MS = 5_000;
const SEED = 'folding';

export const bench: Bench = {
  name: 'fold',
  run: async (scale) => [...(await folding(scale)), await backlog(scale)],
};

async function folding(scale: Scale): Promise<readonly Line[]> {
  const { agents, events, rounds } = SIZES[scale];
  const built = await builtServer();
  const { workload, bare, ours } = await onJournal({ agents, events }, async (url) => {
    const bare: number[] = [];
    const ours: number[] = [];
    // The first round warms both up.
    for (let round = 0; round <= rounds; round++) {
      const read = await readBare(url, { key: JOURNAL, count: COUNT });
      const folded = await foldJournal(built, url);
      if (round === 0) continue;
      bare.push((read.entries / read.ms) * 1_000);
      ours.push((folded.applied / folded.ms) * 1_000);
    }
    return { bare, ours };
  });
  const rate = median(ours);
  const ratio = median(ours.map((each, round) => each / (bare[round] ?? Infinity)));
  const common = {
    promise: 'P-3',
    workload: `${workload}, each with an id; COUNT ${COUNT}, median of ${rounds}, in turn`,
    beside: `${rounded(median(bare))} events/s by ioredis alone`,
  };
  return [
    {
      ...common,
      what: 'folding, as a share of bare reading',
      measured: `${Math.round(ratio * 100)} %`,
      promised: `≥ ${RATIO_PROMISED * 100} %`,
      holds: ratio >= RATIO_PROMISED,
    },
    {
      ...common,
      what: 'folding',
      measured: `${rounded(rate)} events/s`,
      promised: `≥ ${RATE_PROMISED.toLocaleString('en')} events/s`,
      holds: rate >= RATE_PROMISED,
    },
  ];
}

async function backlog(scale: Scale): Promise<Line> {
  const { agents, backlog: events, rounds } = SIZES[scale];
  const { workload, bare, starts } = await onJournal({ agents, events }, async (url) => {
    const bare: number[] = [];
    const starts: Start[] = [];
    for (let round = 0; round < rounds; round++) {
      bare.push((await readBare(url, { key: JOURNAL, count: COUNT })).ms);
      starts.push(await startOnJournal(url));
      await forgetRecord(url);
    }
    return { bare, starts };
  });
  const foldingMs = median(starts.map((start) => start.foldingMs));
  const wholeMs = median(starts.map((start) => start.listeningMs + start.foldingMs));
  return {
    promise: 'P-3',
    what: 'a backlog until live, by a process that starts without a record',
    workload: `${workload} at ${BACKLOG_PER_SECOND}/s, median of ${rounds}`,
    measured: `${seconds(foldingMs)} from the beginning of reading, ${seconds(wholeMs)} from the start of the process`,
    beside: `${seconds(median(bare))} by ioredis alone, reading only`,
    promised: `≤ ${seconds(LIVE_PROMISED_MS)}`,
    holds: wholeMs <= LIVE_PROMISED_MS,
  };
}

/** A Redis of its own with a story in it, which ended a moment ago. */
async function onJournal<T>(
  { agents, events }: { readonly agents: number; readonly events: number },
  measure: (url: string) => Promise<T>,
): Promise<T & { readonly workload: string }> {
  const story = tellStory({
    agents,
    queues: QUEUES,
    events,
    perSecond: BACKLOG_PER_SECOND,
    endsAt: Date.now(),
    seed: SEED,
  });
  const redis = await startRedis();
  try {
    const entries = await writeJournal(redis.url, [...story.opening, ...story.events]);
    const workload = `${story.agents.toLocaleString('en')} agents, ${story.queues} queues, ${entries.toLocaleString('en')} events`;
    return { ...(await measure(redis.url)), workload };
  } finally {
    await redis.close();
  }
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}
