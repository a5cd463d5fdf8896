// What is read off the long day every ten seconds: the server's memory and handles, Redis, and what each page holds.
import { readdir, readFile, readlink } from 'node:fs/promises';
import type { Redis } from 'ioredis';
import { WebSocket } from 'ws';
import type { Screens, Wall } from './long-day-screens.ts';
import { TOKEN } from './long-day-site.ts';
import type { Site } from './long-day-site.ts';

const MB = 1024 * 1024;

/** One figure over the day. `collected`: read right after a forced collection, each half minute. */
export const SERIES = [
  { name: 'server.heap', title: 'Server: heap after a collection', unit: 'MB', collected: true },
  { name: 'server.used', title: 'Server: heap as it stands', unit: 'MB', collected: false },
  { name: 'server.rss', title: 'Server: resident memory (RSS)', unit: 'MB', collected: false },
  {
    name: 'server.lag',
    title: 'Server: event loop, p99 of 10 ms turns',
    unit: 'ms',
    collected: false,
  },
  { name: 'server.files', title: 'Server: open file descriptors', unit: '', collected: false },
  { name: 'server.sockets', title: 'Server: of these, sockets', unit: '', collected: false },
  { name: 'redis.clients', title: "Redis: the server's connections", unit: '', collected: false },
  { name: 'redis.memory', title: 'Redis: memory', unit: 'MB', collected: false },
  {
    name: 'turning.heap',
    title: 'Turning wall: heap after a collection',
    unit: 'MB',
    collected: true,
  },
  { name: 'turning.nodes', title: 'Turning wall: DOM nodes', unit: '', collected: true },
  { name: 'turning.listeners', title: 'Turning wall: event listeners', unit: '', collected: true },
  { name: 'turning.documents', title: 'Turning wall: documents', unit: '', collected: true },
  { name: 'floor.heap', title: 'Floor wall: heap after a collection', unit: 'MB', collected: true },
  { name: 'floor.nodes', title: 'Floor wall: DOM nodes', unit: '', collected: true },
  { name: 'floor.listeners', title: 'Floor wall: event listeners', unit: '', collected: true },
  { name: 'floor.documents', title: 'Floor wall: documents', unit: '', collected: true },
  {
    name: 'pages.rss',
    title: 'Both walls: resident memory of their pages',
    unit: 'MB',
    collected: false,
  },
] as const;
export type SeriesName = (typeof SERIES)[number]['name'];

export interface Sample {
  /** Minutes since the doors opened. */
  readonly atMinutes: number;
  readonly values: { readonly [name in SeriesName]?: number };
}

export interface Sampler {
  /** `collect`: garbage is collected before, in the server and in the pages. */
  take(atMinutes: number, options: { readonly collect: boolean }): Promise<Sample>;
  close(): void;
}

export async function openSampler(site: Site, { browser, walls }: Screens): Promise<Sampler> {
  const inspector = await openInspector(site.pharos.printed());
  const system = await browser.newBrowserCDPSession();
  const pid = site.pharos.pid();

  return {
    async take(atMinutes, { collect }) {
      // What is asked as it stands comes first: a collection would lower it.
      const server = await serverFigures(site.pharos.url, pid);
      const redis = await redisFigures(site.redis);
      const { processInfo } = await system.send('SystemInfo.getProcessInfo');
      const pages = processInfo.filter(({ type }) => type === 'renderer');
      const rss = await Promise.all(pages.map(({ id }) => rssOf(id)));
      const collected = collect ? await collectedFigures(inspector, walls) : {};
      const values = { ...server, ...redis, 'pages.rss': sum(rss), ...collected };
      return { atMinutes, values };
    },
    close: () => inspector.close(),
  };
}

async function serverFigures(url: string, pid: number): Promise<Sample['values']> {
  const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } });
  const text = await answer.text();
  const metric = (name: string): number => {
    const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
    if (value === undefined) throw new Error(`expected ${name} in /metrics, and it is not there`);
    return Number(value);
  };
  const files = await readdir(`/proc/${pid}/fd`);
  // Some are gone again when they are asked what they are.
  const kinds = await Promise.all(
    files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => 'gone')),
  );
  return {
    'server.used': metric('nodejs_heap_size_used_bytes') / MB,
    'server.rss': await rssOf(pid),
    'server.lag': metric('nodejs_eventloop_lag_p99_seconds') * 1_000,
    'server.files': kinds.filter((kind) => kind !== 'gone').length,
    'server.sockets': kinds.filter((kind) => kind.startsWith('socket:')).length,
  };
}

async function redisFigures(redis: Redis): Promise<Sample['values']> {
  const clients = String(await redis.client('LIST'));
  const [, memory = 'NaN'] = /used_memory:(\d+)/.exec(await redis.info('memory')) ?? [];
  return {
    'redis.clients': clients.match(/ name=pharos:/g)?.length ?? 0,
    'redis.memory': Number(memory) / MB,
  };
}

async function collectedFigures(
  inspector: Inspector,
  walls: readonly Wall[],
): Promise<Sample['values']> {
  const values: { [name in SeriesName]?: number } = {
    'server.heap': (await inspector.heapAfterCollection()) / MB,
  };
  for (const { name, session } of walls) {
    await session.send('HeapProfiler.collectGarbage');
    const { metrics } = await session.send('Performance.getMetrics');
    const metric = (wanted: string): number =>
      metrics.find((one) => one.name === wanted)?.value ?? Number.NaN;
    values[`${name}.heap`] = metric('JSHeapUsedSize') / MB;
    values[`${name}.nodes`] = metric('Nodes');
    values[`${name}.listeners`] = metric('JSEventListeners');
    values[`${name}.documents`] = metric('Documents');
  }
  return values;
}

async function rssOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
}

interface Inspector {
  /** Bytes. */
  heapAfterCollection(): Promise<number>;
  close(): void;
}

/** Node's own inspector, by the address that it prints. */
async function openInspector(printed: string): Promise<Inspector> {
  const [, address] = /Debugger listening on (ws:\S+)/.exec(printed) ?? [];
  if (address === undefined) throw new Error('expected Pharos to run with --inspect');
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  let asked = 0;
  const say = (method: string): Promise<Readonly<Record<string, unknown>>> =>
    new Promise((resolve) => {
      const id = ++asked;
      const hear = (text: Buffer): void => {
        const said = JSON.parse(text.toString()) as {
          readonly id?: number;
          readonly result?: Readonly<Record<string, unknown>>;
        };
        if (said.id !== id) return;
        socket.off('message', hear);
        resolve(said.result ?? {});
      };
      socket.on('message', hear);
      socket.send(JSON.stringify({ id, method }));
    });
  return {
    async heapAfterCollection() {
      await say('HeapProfiler.collectGarbage');
      return Number((await say('Runtime.getHeapUsage')).usedSize);
    },
    close: () => socket.close(),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
