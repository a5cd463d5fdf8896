// What is read off the long day every ten seconds: the server's memory and handles, Redis, and what each page holds.
import { readdir, readFile, readlink } from 'node:fs/promises';
import type { Redis } from 'ioredis';
import { openInspector } from './long-day-inspector.ts';
import type { Inspector } from './long-day-inspector.ts';
import type { Screens, Wall } from './long-day-screens.ts';
import { TOKEN } from './long-day-site.ts';
import type { Site } from './long-day-site.ts';

const MB = 1024 * 1024;

/** Figures over the day. Pages are collected at each sample, since a wall that turns is on another page each time; the server only now and then, so that its memory is seen as it stands too. */
export const SERIES = [
  { name: 'server.heap', title: 'Server: heap after a collection', unit: 'MB' },
  { name: 'server.used', title: 'Server: heap as it stands', unit: 'MB' },
  { name: 'server.rss', title: 'Server: resident memory (RSS)', unit: 'MB' },
  {
    name: 'server.lag',
    title: 'Server: event loop, p99 of 10 ms turns',
    unit: 'ms',
  },
  { name: 'server.files', title: 'Server: open file descriptors', unit: '' },
  { name: 'server.sockets', title: 'Server: of these, sockets', unit: '' },
  { name: 'redis.clients', title: "Redis: the server's connections", unit: '' },
  { name: 'redis.memory', title: 'Redis: memory', unit: 'MB' },
  {
    name: 'turning.heap',
    title: 'Turning wall: heap after a collection',
    unit: 'MB',
  },
  { name: 'turning.nodes', title: 'Turning wall: DOM nodes', unit: '' },
  { name: 'turning.listeners', title: 'Turning wall: event listeners', unit: '' },
  { name: 'turning.documents', title: 'Turning wall: documents', unit: '' },
  { name: 'floor.heap', title: 'Floor wall: heap after a collection', unit: 'MB' },
  { name: 'floor.nodes', title: 'Floor wall: DOM nodes', unit: '' },
  { name: 'floor.listeners', title: 'Floor wall: event listeners', unit: '' },
  { name: 'floor.documents', title: 'Floor wall: documents', unit: '' },
  {
    name: 'pages.rss',
    title: 'Both walls: resident memory of their pages',
    unit: 'MB',
  },
] as const;
export type SeriesName = (typeof SERIES)[number]['name'];

export interface Sample {
  /** Minutes since the doors opened. */
  readonly atMinutes: number;
  readonly values: { readonly [name in SeriesName]?: number };
}

export interface Sampler {
  /** `collectServer`: the garbage of the server is collected too. */
  take(atMinutes: number, options: { readonly collectServer: boolean }): Promise<Sample>;
  close(): void;
}

export async function openSampler(site: Site, { browser, walls }: Screens): Promise<Sampler> {
  const inspector: Inspector = await openInspector(site.pharos);
  const system = await browser.newBrowserCDPSession();
  const pid = site.pharos.pid();

  return {
    async take(atMinutes, { collectServer }) {
      // What is asked as it stands comes first: a collection would lower it.
      const server = await serverFigures(site.pharos.url, pid);
      const redis = await redisFigures(site.redis);
      const { processInfo } = await system.send('SystemInfo.getProcessInfo');
      const pages = processInfo.filter(({ type }) => type === 'renderer');
      const rss = await Promise.all(pages.map(({ id }) => rssOf(id)));
      const values = { ...server, ...redis, 'pages.rss': sum(rss), ...(await pageFigures(walls)) };
      if (!collectServer) return { atMinutes, values };
      const heap = (await inspector.heapAfterCollection()) / MB;
      return { atMinutes, values: { ...values, 'server.heap': heap } };
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

async function pageFigures(walls: readonly Wall[]): Promise<Sample['values']> {
  const values: { [name in SeriesName]?: number } = {};
  for (const { name, session } of walls) {
    const { heapMb, nodes, listeners, documents } = await figuresOfPage(session);
    values[`${name}.heap`] = heapMb;
    values[`${name}.nodes`] = nodes;
    values[`${name}.listeners`] = listeners;
    values[`${name}.documents`] = documents;
  }
  return values;
}

export interface PageFigures {
  readonly heapMb: number;
  readonly nodes: number;
  readonly listeners: number;
  readonly documents: number;
}

/** Right after a collection. */
export async function figuresOfPage(session: Wall['session']): Promise<PageFigures> {
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const metric = (wanted: string): number =>
    metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN;
  return {
    heapMb: metric('JSHeapUsedSize') / MB,
    nodes: metric('Nodes'),
    listeners: metric('JSEventListeners'),
    documents: metric('Documents'),
  };
}

async function rssOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
