/// <reference lib="dom" />
// The wall in a real browser, looked at as a person would: whole, readable, honest about what is live. One room, since all look at one browser.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Locator, Page as Tab } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { leastSizes } from '../../server/contract/type-size.ts';
import type { Board } from '../../server/contract/board.ts';
import { AGENT_STATES, LANGUAGES, SEVERITIES } from '../../server/contract/lists.ts';
import type { AgentRow, QueueRow } from '../../server/contract/rows.ts';
import type { Tables } from '../../server/contract/tables.ts';
import { buildClient } from '../support/built-client.ts';
import type { BuiltClient } from '../support/built-client.ts';
import { openChromium } from '../support/chromium.ts';
import { boardOf, FLOORS, floorRows, NOW } from '../support/wall-floors.ts';
import type { FloorName } from '../support/wall-floors.ts';
import { probe } from '../support/wall-probe.ts';
import { WallServer } from '../support/wall-server.ts';

const SIZES = [
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
  { width: 3840, height: 2160 },
] as const;
const FULL_HD = SIZES[1];
/** Floor, page, inches, metres: looked at in every language and size; and more of them at the commonest size. */
type Case = readonly [FloorName, Board['pages'][number], number, number];
const SOME: readonly Case[] = [
  ['small', 'floor', 55, 5],
  ['busy', 'queues', 55, 5],
  ['busy', 'promises', 55, 5],
  ['busy', 'today', 55, 5],
  ['large', 'queues', 55, 5],
  ['large', 'floor', 75, 3],
  ['long', 'queues', 55, 5],
  ['long', 'floor', 55, 5],
];
const MORE: readonly Case[] = [
  ['small', 'queues', 55, 5],
  ['calm', 'queues', 75, 3],
  ['demo', 'floor', 55, 5],
  ['large', 'queues', 75, 3],
  ['large', 'floor', 55, 5],
  ['busy', 'queues', 55, 8],
  ['busy', 'queues', 43, 8],
  ['busy', 'floor', 43, 8],
  ['busy', 'today', 55, 8],
  ['long', 'promises', 43, 8],
  ['long', 'queues', 65, 12],
];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let client: BuiltClient;
let browser: Browser;
const servers: WallServer[] = [];
/** What the policy or a page complained of, over all tests of this file. */
const complaints: string[] = [];
const BY_DESIGN = /ERR_CONNECTION_REFUSED|Error in connection establishment|WebSocket connection/;

beforeAll(async () => {
  client = await buildClient();
  browser = await openChromium();
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  for (const server of servers.splice(0)) await server.close();
});
afterAll(async () => {
  await browser.close();
  client.remove();
});

async function serve(tables: Tables, board: Partial<Board> = {}): Promise<WallServer> {
  const server = await WallServer.open(client.folder, {
    tables,
    board: boardOf(board),
    now: NOW - 1_000,
  });
  servers.push(server);
  return server;
}

/** The server goes, and within 5 s its wall says so. */
async function gone(server: WallServer, tab: Tab): Promise<Locator> {
  await server.close();
  servers.splice(servers.indexOf(server), 1);
  const sign = tab.locator('[data-not-live="link"]');
  await sign.waitFor({ timeout: 5_000 });
  return sign;
}

/** Another one in its place, a minute later. */
async function back({ origin }: WallServer, tables: Tables): Promise<WallServer> {
  const floor = { tables, board: boardOf({}), now: NOW + 60_000 };
  const server = await WallServer.open(client.folder, floor, Number(new URL(origin).port));
  servers.push(server);
  return server;
}

async function open(
  server: WallServer,
  path = '/wall/main',
  viewport: { readonly width: number; readonly height: number } = FULL_HD,
): Promise<Tab> {
  const context = await browser.newContext({ viewport, reducedMotion: 'reduce' });
  const tab = await context.newPage();
  watch(tab);
  await tab.goto(server.origin + path);
  return tab;
}

function watch(tab: Tab): void {
  tab.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !BY_DESIGN.test(message.text()))
      complaints.push(message.text());
  });
  tab.on('pageerror', (error) => complaints.push(error.message));
}

/** Waits until the fonts have come, the wall is drawn, and one more frame was painted. */
async function drawn(tab: Tab, kind?: string): Promise<void> {
  await tab.waitForSelector(kind === undefined ? '.wall' : `[data-page="${kind}"]`);
  await tab.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  });
}

const looksOf = (
  tab: Tab,
  viewport: { width: number; height: number },
  inches: number,
  seat: number,
) =>
  tab.evaluate(
    probe,
    leastSizes({ widthPx: viewport.width, heightPx: viewport.height, inches, seatMetres: seat }),
  );

describe.each(LANGUAGES)('the wall in %s', (language) => {
  it.each(SIZES)(
    '[WAL-30, WAL-31, WAL-32] is whole and readable at $width × $height, on small and large floors',
    async (viewport) => {
      const cases = viewport === FULL_HD ? [...SOME, ...MORE] : SOME;
      const shown = new Map<FloorName, WallServer>();
      const context = await browser.newContext({ viewport, reducedMotion: 'reduce' });
      const tab = await context.newPage();
      watch(tab);
      for (const [floor, kind, inches, seat] of cases) {
        const server = shown.get(floor) ?? (await serve(floorRows(FLOORS[floor]), { language }));
        shown.set(floor, server);
        await tab.goto(`${server.origin}/wall/main?page=${kind}&inches=${inches}&seat=${seat}`);
        await drawn(tab, kind);
        const { values, ...faults } = await looksOf(tab, viewport, inches, seat);
        expect({ floor, kind, inches, seat, ...faults }).toEqual({
          floor,
          kind,
          inches,
          seat,
          cut: [],
          overlapping: [],
          outside: [],
          small: [],
        });
        expect(values).toBeGreaterThan(0);
      }
    },
    180_000,
  );

  it('[WAL-33] has nothing serious that axe would find, live or not', async () => {
    for (const kind of ['queues', 'floor', 'promises', 'today'] as const) {
      const server = await serve(floorRows(FLOORS.busy), { language });
      const tab = await open(server, `/wall/main?page=${kind}`);
      server.tick();
      await drawn(tab, kind);
      expect([kind, await axe(tab)]).toEqual([kind, []]);
      server.log = { state: 'lost', reason: 'frozen', asOf: server.now };
      server.tick();
      await tab.waitForSelector('[data-not-live="log"]');
      expect([kind, 'not live', await axe(tab)]).toEqual([kind, 'not live', []]);
    }
  }, 90_000);
});

/** The policy refuses scripts from outside, so this one comes by the debugger's door. */
async function axe(tab: Tab): Promise<readonly string[]> {
  await tab.evaluate(AXE);
  return tab.evaluate(async () => {
    const { axe: tool } = window as unknown as {
      axe: {
        run(): Promise<{
          violations: readonly {
            readonly id: string;
            readonly impact: string;
            readonly nodes: readonly { readonly html: string }[];
          }[];
        }>;
      };
    };
    const { violations } = await tool.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.slice(0, 2).map(({ html }) => `${id}: ${html.slice(0, 160)}`),
      );
  });
}

describe('the probe', () => {
  it('[WAL-30, WAL-31, WAL-32] sees text that is cut off, covered, outside or too small', async () => {
    const server = await serve(floorRows(FLOORS.busy));
    const tab = await open(server, '/wall/main?page=queues');
    await drawn(tab, 'queues');
    await tab.evaluate(() => {
      const spoil = (
        selector: string,
        text: string,
        style: Readonly<Record<string, string>>,
      ): void => {
        const of = document.querySelector<HTMLElement>(selector);
        if (!of) throw new Error(`Expected ${selector}.`);
        if (text !== '') of.textContent = text;
        for (const [name, value] of Object.entries(style)) of.style.setProperty(name, value);
      };
      spoil(
        '[data-queue] .name > span',
        'A name that is far too long for the column it stands in',
        {},
      );
      spoil('[data-queue="q1"] [data-value]', '', { 'font-size': '30px' });
      spoil('footer .left', '', { transform: 'translate(-60px, 0)' });
    });
    const { cut, overlapping, outside, small } = await looksOf(tab, FULL_HD, 55, 5);
    expect(cut.join()).toContain('A name that is far too long');
    expect(overlapping.join()).toContain('A name that is far too long');
    expect(outside.join()).toContain('Promises');
    expect(small.join()).toContain('2: 30.0');
  });
});

describe('shapes', () => {
  it('[WAL-35] tell every state and every severity apart without a colour', async () => {
    const tables = floorRows(FLOORS.long);
    for (const [i, state] of AGENT_STATES.entries()) {
      const row = tables.agents.get(`a${i}`);
      if (row) tables.agents.set(row.id, { ...row, state, reachable: true } satisfies AgentRow);
    }
    for (const [i, alert] of [...tables.alerts.values()].entries()) {
      const severity = SEVERITIES[i];
      if (severity) tables.alerts.set(alert.id, { ...alert, severity, takenBy: null });
      else tables.alerts.delete(alert.id);
    }
    const server = await serve(tables);
    const tab = await open(server, '/wall/main?page=floor&inches=75&seat=3');
    await drawn(tab, 'floor');
    const shapes = await tab.evaluate(() =>
      [...document.querySelectorAll('[data-agent] [data-state-shape]')].map((svg) => [
        svg.getAttribute('data-state-shape') ?? '',
        svg.innerHTML.replace(/<!--.*?-->/g, '').trim(),
      ]),
    );
    const states = new Map(shapes.map(([state = '', shape = '']) => [state, shape]));
    expect([...states.keys()].sort()).toEqual(
      AGENT_STATES.filter((state) => state !== 'offline').sort(),
    );
    expect(new Set(states.values()).size).toBe(states.size);
    const severities = await tab.evaluate(() =>
      [...document.querySelectorAll('[data-severity] [data-severity-shape]')].map((svg) => [
        svg.getAttribute('data-severity-shape') ?? '',
        svg.querySelector('path, circle')?.getAttribute('d') ?? 'circle',
      ]),
    );
    const marks = new Map(severities.map(([severity = '', shape = '']) => [severity, shape]));
    expect([...marks.keys()].sort()).toEqual([...SEVERITIES]);
    expect(new Set(marks.values()).size).toBe(SEVERITIES.length);
  });

  it('[WAL-35] mark who cannot be reached, and a hold past its limit', async () => {
    const server = await serve(floorRows(FLOORS.busy));
    const tab = await open(server, '/wall/main?page=floor');
    server.tick();
    await drawn(tab, 'floor');
    expect(await tab.locator('[data-unreachable]').count()).toBeGreaterThan(0);
    const long = tab.locator('[data-state="holding"].P2');
    expect(await long.count()).toBeGreaterThan(0);
    expect(await tab.locator('[data-cover="uncovered"]').first().innerText()).toMatch(
      /^nobody since \d\d:\d\d$/,
    );
  });
});

describe('what is not live', () => {
  it('[WAL-36] names the log’s reason large, and keeps its numbers as of then', async () => {
    const server = await serve(floorRows(FLOORS.busy));
    const tab = await open(server, '/wall/main?page=queues');
    server.tick();
    await drawn(tab, 'queues');
    server.log = { state: 'lost', reason: 'frozen', asOf: server.now };
    for (let second = 0; second < 3; second += 1) server.tick();
    const sign = tab.locator('[data-not-live="log"]');
    await sign.waitFor();
    expect(await sign.innerText()).toContain('Not live since 15:42:07');
    expect(await sign.innerText()).toContain('Redis does not answer the server');
    const row = tab.locator('[data-queue="q1"] [data-value]');
    expect((await row.allInnerTexts()).slice(0, 2)).toEqual(['2', '0:41']);
    await expect
      .poll(() => tab.locator('[data-clock]').innerText(), { timeout: 5_000 })
      .toMatch(/^15:42:(09|1\d)$/);
    server.log = { state: 'live', reason: null, asOf: server.now };
    server.tick();
    await sign.waitFor({ state: 'detached' });
  });

  it('[WAL-46] says the day of its last word once that day is over', async () => {
    const server = await serve(floorRows(FLOORS.busy));
    const tab = await open(server, '/wall/main?page=queues');
    server.log = { state: 'lost', reason: 'frozen', asOf: NOW };
    server.tick(2 * 86_400_000);
    await tab.getByText('Not live since Sat 15:42:07').waitFor();
  });

  it('[WAL-36] shows dashes, not numbers and not zeros, after five minutes', async () => {
    const server = await serve(floorRows(FLOORS.busy));
    const tab = await open(server, '/wall/main?page=queues');
    server.log = { state: 'lost', reason: 'unreachable', asOf: NOW };
    server.tick(301_500);
    await tab.waitForSelector('[data-not-live="log"]');
    await tab.waitForFunction(
      () => document.querySelector('[data-queue="q0"] [data-value]')?.textContent === '–',
    );
    const texts = await tab.locator('.wall [data-value]').allInnerTexts();
    expect(texts.filter((text) => /\d/.test(text))).toEqual([]);
  });

  it('[WAL-36] names a silent source and marks only what it speaks for', async () => {
    const tables = floorRows(FLOORS.calm);
    for (const [id, row] of tables.queues)
      tables.queues.set(id, { ...row, sources: [id === 'q1' ? 'crm' : 'pbx1'] } satisfies QueueRow);
    const server = await serve(tables);
    const tab = await open(server, '/wall/main?page=queues');
    server.sources = {
      crm: { state: 'stale', ageMs: 48_000 },
      pbx1: { state: 'live', ageMs: 300 },
    };
    server.tick();
    const line = tab.locator('[data-silent="crm"]');
    await line.waitFor();
    expect(await line.innerText()).toMatch(/crm has been silent for 0:4[789]/);
    expect(await line.innerText()).toContain('15:41:19');
    expect(await tab.locator('[data-queue].stale').count()).toBe(1);
    expect(await tab.locator('[data-queue="q1"].stale').innerText()).toContain('as of 15:41:19');
    expect(await tab.locator('[data-not-live]').count()).toBe(0);
    expect(await tab.locator('[data-quiet-line]').innerText()).toMatch(/≥ ?\d/);
    expect(await tab.locator('[data-quiet-line].stale').count()).toBe(0);
  });

  it('[WAL-36] never says as live that nobody waits where every queue’s source is silent', async () => {
    const tables = floorRows(FLOORS.calm);
    for (const [id, row] of tables.queues)
      tables.queues.set(id, { ...row, waiting: 0, oldestAt: null, sources: ['pbx1'] });
    const server = await serve(tables);
    for (const [language, words] of [
      ['en', /^0 waiting\s*as of 15:41:[12]\d$/],
      ['lv', /^gaida 0\s*.*15:41:[12]\d$/],
    ] as const) {
      const tab = await open(server, `/wall/main?page=queues&language=${language}`);
      server.sources = { pbx1: { state: 'stale', ageMs: 48_000 } };
      server.tick();
      const line = tab.locator('[data-quiet-line].stale');
      await line.waitFor();
      expect((await line.innerText()).replace(/\s+/g, ' ')).toMatch(words);
    }
  });

  it('[WAL-37] does not touch ages on a television whose clock is ten minutes wrong', async () => {
    for (const wrong of [-600_000, 600_000]) {
      const server = await serve(floorRows(FLOORS.busy));
      const context = await browser.newContext({ viewport: FULL_HD });
      const tab = await context.newPage();
      watch(tab);
      await tab.addInitScript((ms) => {
        const real = Date.now.bind(Date);
        Date.now = () => real() + ms;
      }, wrong);
      await tab.goto(`${server.origin}/wall/main?page=queues`);
      server.tick();
      await drawn(tab, 'queues');
      const age = await tab.locator('[data-queue="q0"] .oldest [data-figure]').innerText();
      expect(['3:11', '3:12', '3:13']).toContain(age);
      expect(await tab.locator('[data-clock]').innerText()).toMatch(/^15:42:0[678]$/);
      await context.close();
    }
  });

  it('[WAL-38] is said within 5 s of a server’s last word, and is over within 3 s of its return, by itself', async () => {
    const tables = floorRows(FLOORS.busy);
    const server = await serve(tables);
    const tab = await open(server, '/wall/main?page=queues');
    server.tick();
    await drawn(tab, 'queues');
    const sign = await gone(server, tab);
    expect(await sign.innerText()).toContain('the link to the server is down');
    const again = await back(server, tables);
    await sign.waitFor({ state: 'detached', timeout: 3_000 });
    expect(again.handshakes[0]).toMatchObject({
      protocol: 1,
      board: 'main',
      have: { epoch: 'first', seq: 0 },
    });
  });
});

describe('the link', () => {
  it('[WAL-41] is left its patience after an outage, where the first words take a second over a slow line', async () => {
    const tables = floorRows(FLOORS.busy);
    const server = await serve(tables);
    const tab = await open(server, '/wall/main?page=queues');
    server.tick();
    await drawn(tab, 'queues');
    const sign = await gone(server, tab);
    const again = await back(server, tables);
    // Another life of the server: all of the floor must come again.
    again.epoch = 'second';
    again.slowMs = 1_200;
    await sign.waitFor({ state: 'detached', timeout: 8_000 });
    expect(again.handshakes).toHaveLength(1);
  });

  it('[WAL-39] answers every tick with what it has and when it last painted', async () => {
    const server = await serve(floorRows(FLOORS.busy));
    const tab = await open(server, '/wall/main?page=queues');
    await drawn(tab, 'queues');
    server.change({ put: { queues: {} }, gone: {} });
    server.tick();
    await expect.poll(() => server.haves.at(-1)).toMatchObject({ epoch: 'first', seq: 1 });
    server.tick();
    await expect.poll(() => server.haves.at(-1)?.painted ?? 0).toBeGreaterThan(NOW - 5_000);
  });

  it('[WAL-39] asks for a resync when a delta does not fit, and shows what changed when it does', async () => {
    const tables = floorRows(FLOORS.busy);
    const server = await serve(tables);
    const tab = await open(server, '/wall/main?page=queues');
    await drawn(tab, 'queues');
    const row = tables.queues.get('q1');
    if (!row) throw new Error('Expected a queue.');
    server.change({ put: { queues: { q1: { ...row, waiting: 9 } } }, gone: {} });
    const waiting = tab.locator('[data-queue="q1"] [data-value]').first();
    await expect.poll(() => waiting.innerText()).toBe('9');
    expect(server.resyncs).toBe(0);
    server.tellOutOfOrder();
    await expect.poll(() => server.resyncs).toBe(1);
  });
});

describe('a screen that has no floor to show', () => {
  it.each([
    ['session', 'This screen is not signed in'],
    ['board', 'There is no board named main'],
    ['host', 'The server does not know this address'],
    ['protocol', 'A newer Pharos is running'],
  ] as const)('[WAL-40] says that it was refused: %s', async (refusal, words) => {
    const server = await serve(floorRows(FLOORS.small));
    server.refusal = refusal;
    const tab = await open(server);
    const notice = tab.locator('h1', { hasText: words });
    await notice.waitFor();
    expect(await axe(tab)).toEqual([]);
  });

  it('[WAL-40] says that it is connecting while nobody answers', async () => {
    const server = await serve(floorRows(FLOORS.small));
    const tab = await (await browser.newContext()).newPage();
    watch(tab);
    await tab.route('**/socket.io/**', () => undefined);
    await tab.routeWebSocket(/socket\.io/, () => undefined);
    await tab.goto(`${server.origin}/wall/main`);
    expect(await tab.locator('[data-notice="connecting"] h1').innerText()).toBe('Connecting');
  });

  it('[WAL-40] says which command feeds an empty floor, with the site’s own key', async () => {
    const tables = floorRows(FLOORS.small);
    tables.queues.clear();
    tables.agents.clear();
    const server = await serve(tables);
    const tab = await open(server);
    await tab.locator('[data-notice="empty"]').waitFor();
    expect(await tab.locator('code').innerText()).toContain(
      "redis-cli XADD 'pharos:{main}:events'",
    );
  });

  it('[WAL-40] says for whom a board is made that nobody has spoken of', async () => {
    const tables = floorRows(FLOORS.small);
    tables.queues.clear();
    tables.agents.clear();
    const server = await serve(tables, { queues: ['billing', 'sales'] });
    const tab = await open(server);
    const notice = tab.locator('[data-notice="empty"]');
    await notice.waitFor();
    expect(await notice.innerText()).toContain('billing, sales');
    expect(await notice.innerText()).not.toContain('No queue has spoken');
    expect(await notice.locator('code').count()).toBe(0);
  });

  it('[WAL-40] refuses to show what cannot be read', async () => {
    const server = await serve(floorRows(FLOORS.busy));
    const tab = await open(server, '/wall/main?inches=32&seat=12');
    const notice = tab.locator('[data-notice="unreadable"]');
    await notice.waitFor();
    expect(await notice.innerText()).toContain('This board cannot be read from 12 m on 32 inches');
    expect(await tab.locator('[data-value]').count()).toBe(0);
  });
});

describe('all of the above', () => {
  it('[WAL-34] broke no policy and printed no error', () => {
    expect(complaints).toEqual([]);
  });
});
