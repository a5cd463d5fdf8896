// Forty screens of the long day: thirty-eight programs on ten boards with the habits of real ones, and two walls in a real browser.
import { setMaxListeners } from 'node:events';
import type { Browser, CDPSession } from 'playwright-core';
import { pause, systemClock } from '../../server/clock.ts';
import type { Chance } from '../support/chance.ts';
import { showToken } from '../support/sign-in-page.ts';
import { openChromium } from '../support/chromium.ts';
import { openWall } from '../support/wall-page.ts';
import type { WallPage } from '../support/wall-page.ts';
import { isLive, openWireClient } from '../support/wire-client.ts';
import type { WireClient } from '../support/wire-client.ts';
import { BOARDS, FLOOR, TURNING } from './long-day-boards.ts';
import { TOKEN } from './long-day-site.ts';

const CLIENTS = 38;
const SECOND_MS = 1_000;
/** A wall that is not live by then will not be. */
const PATIENCE_MS = 60_000;

/**
 * `steady`: stays. `returning`: leaves now and then and says what it has. `new`: a page that is loaded anew. `slow`: says
 * nothing for a while, and at times reads nothing for so long that it is closed.
 */
type Habit = 'steady' | 'returning' | 'new' | 'slow';
export const HABITS: readonly (readonly [Habit, number])[] = [
  ['steady', 24],
  ['returning', 8],
  ['new', 2],
  ['slow', 4],
];

export interface Wall {
  readonly name: 'turning' | 'floor';
  readonly page: WallPage['page'];
  readonly session: CDPSession;
}

export interface Counts {
  readonly connected: number;
  /** Lines that were opened again, by whichever side they had been closed. */
  readonly cameBack: number;
  readonly closedAsSlow: number;
  /** Deltas that did not follow what a client had. */
  readonly misfits: number;
  readonly httpCalls: number;
}

export interface Screens {
  readonly browser: Browser;
  /** The turning one, and the one on the floor page. */
  readonly walls: readonly [Wall, Wall];
  counts(): Counts;
  /** The same two boards in pages that are loaded now; to be closed by whoever asked. */
  openAnew(): Promise<readonly [Wall, Wall]>;
  close(): Promise<void>;
}

export async function openScreens(url: string, chance: Chance): Promise<Screens> {
  const browser = await openChromium();
  const stopping = new AbortController();
  const { signal } = stopping;
  // Each screen waits for the end, and there are many.
  setMaxListeners(0, signal);
  const counted = { cameBack: 0, closedAsSlow: 0, misfits: 0, httpCalls: 0 };
  const clients = new Set<WireClient>();
  const lives: Promise<void>[] = [];
  const between = (least: number, most: number): Promise<void> =>
    pause(systemClock, (least + chance.next() * (most - least)) * SECOND_MS, signal);

  function open(board: string): WireClient {
    const client = openWireClient({ url, auth: { token: TOKEN, board }, isForgetful: true });
    clients.add(client);
    // Whoever loses its line, or is shown the door, comes back as a screen does.
    const comeBack = (): void => {
      if (signal.aborted || !clients.has(client)) return;
      void between(0.5, 2).then(() => {
        if (signal.aborted || !clients.has(client) || client.socket.connected) return;
        counted.cameBack += 1;
        client.socket.connect();
      });
    };
    client.socket.on('disconnect', comeBack);
    client.socket.on('connect_error', comeBack);
    client.socket.on('refused', () => (counted.closedAsSlow += 1));
    return client;
  }

  function leave(client: WireClient): void {
    clients.delete(client);
    counted.misfits += client.misfits;
    client.close();
  }

  async function live(habit: Habit, board: string): Promise<void> {
    let client = open(board);
    if (habit === 'steady') return;
    while (!signal.aborted) {
      await between(20, 60);
      if (signal.aborted) return;
      switch (habit) {
        case 'returning':
          if (client.socket.connected) client.socket.disconnect();
          break;
        case 'new':
          leave(client);
          await between(1, 3);
          client = open(board);
          break;
        case 'slow':
          await dawdle(client);
          break;
        default:
          habit satisfies never;
      }
    }
  }

  /** Says nothing for a while; every other time it does not even read, until it is closed. */
  async function dawdle(client: WireClient): Promise<void> {
    const line = lineOf(client);
    client.isMute = true;
    const isDeaf = chance.below(2) === 0;
    if (isDeaf) line?.pause();
    await between(isDeaf ? 14 : 4, isDeaf ? 20 : 8);
    line?.resume();
    client.isMute = false;
  }

  /** What programs fetch now and then. */
  async function readByHttp(): Promise<void> {
    const paths = ['/api/v1/intervals?every=15m', '/api/v1/floor', '/api/v1/intervals?every=1h'];
    for (let turn = 0; !signal.aborted; turn += 1) {
      await between(5, 10);
      if (signal.aborted) return;
      const accept = turn % 2 === 0 ? 'application/json' : 'text/csv, application/json';
      const answer = await fetch(`${url}${paths[turn % paths.length] ?? ''}`, {
        headers: { authorization: `Bearer ${TOKEN}`, accept },
      });
      await answer.arrayBuffer();
      counted.httpCalls += 1;
    }
  }

  const habits = HABITS.flatMap(([habit, times]) => Array<Habit>(times).fill(habit));
  if (habits.length !== CLIENTS) throw new Error('invariant: each client has one habit');
  habits.forEach((habit, index) =>
    lives.push(live(habit, BOARDS[index % BOARDS.length]?.id ?? TURNING.id)),
  );
  await Promise.all([...clients].map((client) => client.until(isLive)));
  lives.push(readByHttp());
  const openBoth = async (): Promise<readonly [Wall, Wall]> => [
    await openSignedIn(browser, { url, name: 'turning', board: TURNING.id }),
    await openSignedIn(browser, { url, name: 'floor', board: FLOOR.id }),
  ];
  const walls = await openBoth();
  return {
    browser,
    walls,
    openAnew: openBoth,
    counts() {
      const all = [...clients];
      return {
        ...counted,
        connected: all.filter(({ socket }) => socket.connected).length,
        misfits: counted.misfits + all.reduce((sum, { misfits }) => sum + misfits, 0),
      };
    },
    async close() {
      stopping.abort();
      for (const client of [...clients]) leave(client);
      await Promise.all(lives);
      await browser.close();
    },
  };
}

async function openSignedIn(
  browser: Browser,
  {
    url,
    name,
    board,
  }: { readonly url: string; readonly name: Wall['name']; readonly board: string },
): Promise<Wall> {
  const wall = await openWall(browser, { url: `${url}/sign-in?next=/wall/${board}` });
  await showToken(wall.page, TOKEN);
  await wall.untilLive(PATIENCE_MS);
  const session = await wall.page.context().newCDPSession(wall.page);
  await session.send('Performance.enable');
  return { name, page: wall.page, session };
}

/** The websocket under a client, as the transport of engine.io has it in Node. */
function lineOf(client: WireClient): { pause(): void; resume(): void } | null {
  const engine = client.socket.io.engine as unknown as
    { readonly transport?: { readonly ws?: { pause(): void; resume(): void } } } | undefined;
  return engine?.transport?.ws ?? null;
}
