// A backlog met by the whole product: a process that starts on a journal without a record, until it says that it is live.
import { pause, systemClock } from '../../server/clock.ts';
import { freePort, startPharos } from '../support/pharos.ts';

export interface Start {
  /** Milliseconds from the start of the process until it listens; then it begins to read. */
  readonly listeningMs: number;
  /** Milliseconds from there until `/readyz` says `live`. */
  readonly foldingMs: number;
}

const POLL_MS = 10;

export async function startOnJournal(redisUrl: string): Promise<Start> {
  const port = await freePort();
  const begun = performance.now();
  const starting = startPharos({
    PORT: String(port),
    REDIS_URL: redisUrl,
    PHAROS_DEMO: 'off',
    PHAROS_BOOTSTRAP_TOKEN: 'a-token-of-a-bench-in-full',
  });
  try {
    await untilSays(port, '/healthz', 'up');
    const listening = performance.now();
    await untilSays(port, '/readyz', '"live"');
    const live = performance.now();
    return { listeningMs: listening - begun, foldingMs: live - listening };
  } finally {
    const pharos = await starting;
    // At its leisure it would write a record, from which the next start would go on.
    await pharos.kill('SIGKILL');
    await pharos.close();
  }
}

async function untilSays(port: number, path: string, word: string): Promise<void> {
  for (;;) {
    const said = await fetch(`http://127.0.0.1:${port}${path}`).then(
      (answer) => answer.text(),
      () => '',
    );
    if (said.includes(word)) return;
    await pause(systemClock, POLL_MS);
  }
}
