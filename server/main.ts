// The door of the program: flags, signals and exit codes; everything else is built in house.ts.
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { systemClock } from './clock.ts';
import { environment, readConfig } from './config.ts';
import type { Config } from './config.ts';
import { keepHeapSmall } from './heap.ts';
import { openHouse } from './house.ts';
import { createLifecycle } from './lifecycle.ts';
import type { Lifecycle } from './lifecycle.ts';
import { startPrivateRedis } from './log/private-redis.ts';
import { openLink } from './log/redis-link.ts';
import { redisShelves } from './log/redis-shelves.ts';
import { openRedisStore } from './log/redis-store.ts';
import { createThrottle } from './log/throttle.ts';
import { printedLog } from './printed-log.ts';
import { help } from './settings.ts';
import { StartRefused } from './start-refused.ts';
import { createTelemetry } from './telemetry.ts';
import type { Telemetry } from './telemetry.ts';

const EXIT_REFUSED = 2;
/** It has a patience of its own, after which it is killed (milliseconds). */
const PRIVATE_REDIS_MS = 12_000;
/** Milliseconds: whoever comes is looked up by short commands. */
const ACCESS_TIMEOUTS = { commandTimeoutMs: 1_000, socketTimeoutMs: 3_000 } as const;
/** The built client lies beside the built server; who runs the sources finds it in `dist/`. */
const CLIENT = import.meta.url.endsWith('.ts') ? '../dist/client' : '../client';
const STATIC_DIR = fileURLToPath(new URL(CLIENT, import.meta.url));

keepHeapSmall();
await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<void> {
  if (words.includes('--help') || words.includes('-h')) {
    process.stdout.write(help());
    return;
  }
  if (words.length > 0)
    return refuse([
      `Pharos takes its settings from the environment, and got "${words.join(' ')}". Try --help.`,
    ]);
  const read = readConfig(environment());
  if (!read.ok) return refuse(read.complaints);
  const { config } = read;

  const telemetry = createTelemetry();
  const write = (line: string): void => void process.stdout.write(line);
  telemetry.subscribe(printedLog({ clock: systemClock, format: config.logFormat, write }));
  const lifecycle = createLifecycle();
  listenForTheEnd(lifecycle, telemetry);
  try {
    await start(config, lifecycle, telemetry);
  } catch (error) {
    await lifecycle.close();
    if (error instanceof StartRefused) return refuse([error.message]);
    throw error;
  }
}

async function start(config: Config, lifecycle: Lifecycle, telemetry: Telemetry): Promise<void> {
  const url = await redisFor(config, lifecycle, telemetry);
  const store = openRedisStore({ url, site: config.site });
  lifecycle.onClose('store', () => store.close());
  const accessLink = openLink({ url, name: 'pharos:access', ...ACCESS_TIMEOUTS });
  lifecycle.onClose('access', () => accessLink.close());
  const { address, firstInvitation } = await openHouse({
    config,
    store,
    lifecycle,
    telemetry,
    clock: systemClock,
    holder: `${process.pid}-${randomBytes(6).toString('hex')}`,
    token: config.demo ? null : config.bootstrapToken,
    staticDir: STATIC_DIR,
    build: buildOf(STATIC_DIR),
    shelves: redisShelves(config.site, accessLink),
    throttle: createThrottle({ link: accessLink, site: config.site }),
  });
  const scheme = config.tls ? 'https' : 'http';
  const { host, port } = address;
  const name = host.includes(':') ? `[${host}]` : host;
  const base = config.publicUrl?.origin ?? `${scheme}://${name}:${port}`;
  const lines = [`The wall is at ${base}/`];
  if (config.demo)
    lines.push('It shows a demo floor; set REDIS_URL or PHAROS_ASTERISK for your own.');
  const invitation = config.demo ? null : await firstInvitation();
  if (invitation !== null)
    lines.push(
      `Nobody has an installer’s account yet. This link makes yours, once, until tomorrow: ${base}${invitation}`,
    );
  lines.push(`Site ${config.site}, time zone ${config.zone}. Ctrl-C ends it.`);
  process.stdout.write(`\n${lines.map((line) => `  ${line}\n`).join('')}\n`);
}

async function redisFor(
  config: Config,
  lifecycle: Lifecycle,
  telemetry: Telemetry,
): Promise<string> {
  // ioredis takes the bare path of a socket.
  if (config.redisUrl !== null) return config.redisUrl.replace(/^unix:\/+/, '/');
  const started = await startPrivateRedis({
    dir: config.dataDir,
    clock: systemClock,
    onDied: (text) => telemetry.announce({ name: 'redis.died', severity: 'error', text }),
  });
  if (started.kind === 'refused') throw new StartRefused(started.why);
  lifecycle.onClose('private Redis', () => started.redis.close(), PRIVATE_REDIS_MS);
  return started.redis.url;
}

/** The first signal closes in order; a second one does not wait. */
function listenForTheEnd(lifecycle: Lifecycle, telemetry: Telemetry): void {
  let asked = false;
  const end = (): void => {
    if (asked) process.exit(1);
    asked = true;
    void lifecycle.close().then((failures) => {
      for (const text of failures)
        telemetry.announce({ name: 'close.failed', severity: 'error', text });
      process.exit(failures.length > 0 ? 1 : 0);
    });
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
}

function refuse(sentences: readonly string[]): void {
  process.stderr.write(sentences.map((sentence) => `${sentence}\n`).join(''));
  process.exitCode = EXIT_REFUSED;
}

/** Names the client's build, so that a screen knows when a newer one is served. */
function buildOf(staticDir: string): string {
  const page = `${staticDir}/index.html`;
  if (!existsSync(page)) return 'none';
  return createHash('sha256').update(readFileSync(page)).digest('hex').slice(0, 12);
}
