// The door of `npm run replay`: flags and files become a recording, and the recording is lived again on a running site.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { systemClock } from './clock.ts';
import { environment } from './config.ts';
import { readRecording } from './connectors/replay/recording.ts';
import { replay } from './connectors/replay/replay.ts';
import { SiteTrouble, siteAt } from './connectors/replay/site.ts';
import type { Site } from './connectors/replay/site.ts';
import { openRedisStore } from './log/redis-store.ts';

const USAGE = `npm run replay -- FILE [--speed 10] [--url http://127.0.0.1:8080] [--into-live]

Appends a recording to a running site, its times moved to now.

  FILE         CloudEvents, one JSON object a line, or an Asterisk recording: the raw bytes of its manager
               interface, or one JSON line a message; each may be packed with gzip
  --speed      how many times faster than it was; 1 by default
  --url        the site; http://127.0.0.1:8080 by default. Without it and with REDIS_URL set, straight into the
               journal of PHAROS_SITE
  --into-live  also where somebody else feeds the site

PHAROS_BOOTSTRAP_TOKEN is the token that the site asks for.
`;
const EXIT_REFUSED = 2;
/** Sources that wrote to the journal so lately (milliseconds) feed it. */
const LIVE_MS = 60_000;

process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  const read = readFlags(words);
  if (read.kind === 'help') return print(USAGE);
  if (read.kind === 'wrong') return refuse([read.complaint, 'npm run replay -- --help says more.']);
  const { file, speed, intoLive, url } = read;

  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    return refuse([`Expected a file that can be read, got ${file}.`]);
  }
  const recording = readRecording(bytes);
  if (recording.kind === 'unreadable') {
    return refuse([...recording.complaints, 'Nothing was appended.']);
  }
  for (const note of recording.notes) print(`${note}\n`);

  const opened = openSite(url);
  const { site } = opened;
  const stopping = new AbortController();
  process.once('SIGINT', () => stopping.abort());
  try {
    const { events } = recording;
    const lastsMs = ((events.at(-1)?.at ?? 0) - (events[0]?.at ?? 0)) / speed;
    print(`${events.length} events, ${Math.ceil(lastsMs / 1_000)} s at speed ${speed}.\n`);
    const replayed = await replay({
      events,
      speed,
      onLiveSite: intoLive ? 'join' : 'refuse',
      liveSources: () => site.liveSources(),
      append: (batch) => site.append(batch),
      clock: systemClock,
      run: `replay-${randomBytes(4).toString('hex')}`,
      signal: stopping.signal,
    });
    switch (replayed.kind) {
      case 'refused':
        return refuse([replayed.complaint]);
      case 'stopped':
        return print(`Stopped: ${replayed.appended} of ${events.length} events were appended.\n`);
      case 'done':
        return print(
          `Done: ${replayed.appended} events in ${Math.round(replayed.tookMs / 1_000)} s.\n`,
        );
      default:
        return replayed satisfies never;
    }
  } catch (error) {
    if (error instanceof SiteTrouble || (error instanceof Error && error.name === 'LogTrouble'))
      return refuse([error.message]);
    throw error;
  } finally {
    await opened.close();
  }
}

type Flags =
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly complaint: string }
  | {
      readonly kind: 'flags';
      readonly file: string;
      readonly speed: number;
      readonly intoLive: boolean;
      readonly url: URL | null;
    };

function readFlags(words: readonly string[]): Flags {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        speed: { type: 'string', default: '1' },
        url: { type: 'string' },
        'into-live': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return { kind: 'help' };
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0)
      return { kind: 'wrong', complaint: `Expected one FILE, got ${positionals.length}.` };
    const speed = Number(values.speed);
    if (!(speed > 0 && speed <= 10_000))
      return {
        kind: 'wrong',
        complaint: `--speed: expected a number over 0 and up to 10000, got "${values.speed}".`,
      };
    const url = values.url === undefined ? null : URL.parse(values.url);
    if (values.url !== undefined && (url === null || !/^https?:$/.test(url.protocol)))
      return {
        kind: 'wrong',
        complaint: `--url: expected an http:// or https:// address, got "${values.url}".`,
      };
    return { kind: 'flags', file, speed, intoLive: values['into-live'], url };
  } catch (error) {
    if (error instanceof TypeError) return { kind: 'wrong', complaint: error.message };
    throw error;
  }
}

function openSite(url: URL | null): { readonly site: Site; close(): Promise<void> } {
  const { REDIS_URL, PHAROS_SITE, PHAROS_BOOTSTRAP_TOKEN } = environment();
  if (url === null && REDIS_URL) {
    const address = REDIS_URL.replace(/^unix:\/+/, '/');
    const store = openRedisStore({ url: address, site: PHAROS_SITE?.trim() || 'main' });
    return { site: journalAs(store), close: () => store.close() };
  }
  const site = siteAt({
    url: url ?? new URL('http://127.0.0.1:8080'),
    token: PHAROS_BOOTSTRAP_TOKEN?.trim() || null,
    clock: systemClock,
    random: () => randomBytes(4).readUInt32LE() / 2 ** 32,
  });
  return { site, close: () => Promise.resolve() };
}

/** The journal knows no floor, so whoever wrote a moment ago is taken for a live source. */
function journalAs(store: ReturnType<typeof openRedisStore>): Site {
  return {
    append: store.append,
    async liveSources() {
      const sources = new Set<string>();
      let after = `${(await store.time()) - LIVE_MS}-0`;
      for (;;) {
        const entries = await store.read(after, { count: 1_000, blockMs: 0 });
        for (const { fields } of entries) sources.add(fields.source ?? 'unknown');
        const last = entries.at(-1);
        if (!last) return [...sources];
        after = last.id;
      }
    },
  };
}

function print(text: string): 0 {
  process.stdout.write(text);
  return 0;
}

function refuse(sentences: readonly string[]): number {
  process.stderr.write(sentences.map((sentence) => `${sentence}\n`).join(''));
  return EXIT_REFUSED;
}
