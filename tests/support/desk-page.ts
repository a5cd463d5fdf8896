/// <reference lib="dom" />
// A desk in a real browser on the small server for looking, with a person who sits there.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page as Tab } from 'playwright-core';
import { deskFloor, ME } from './desk-floor.ts';
import type { DeskFloor } from './desk-floor.ts';
import { boardOf, NOW } from './wall-floors.ts';
import type { FloorName } from './wall-floors.ts';
import { WallServer } from './wall-server.ts';

export const LAPTOP = { width: 1280, height: 800 } as const;
export const PHONE = { width: 390, height: 844 } as const;

export interface DeskScene {
  readonly server: WallServer;
  readonly tab: Tab;
  readonly floor: DeskFloor;
  /** What the browser printed as an error or a warning. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

export interface DeskSceneOptions {
  readonly folder: string;
  readonly floor?: FloorName;
  readonly path?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly language?: string;
  /** Nobody said yet who sits there. */
  readonly isNobody?: boolean;
  /** Before the page is opened. */
  readonly prepare?: (server: WallServer, tab: Tab) => void | Promise<void>;
}

const BY_DESIGN =
  /ERR_CONNECTION_REFUSED|Error in connection establishment|WebSocket connection|503|404/;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export async function openDesk(browser: Browser, options: DeskSceneOptions): Promise<DeskScene> {
  const floor = deskFloor(options.floor ?? 'busy');
  const server = await WallServer.open(options.folder, {
    tables: floor.tables,
    board: boardOf({ id: 'desk', audience: 'desk' }),
    now: NOW - 1_000,
  });
  server.episodes = floor.episodes;
  if (options.isNobody !== true)
    server.person = {
      id: ME,
      name: 'Lea Manette',
      role: 'supervisor',
      team: 't1',
      unverified: true,
    };
  const context = await browser.newContext({
    viewport: options.viewport ?? LAPTOP,
    reducedMotion: 'reduce',
  });
  const tab = await context.newPage();
  const complaints: string[] = [];
  tab.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !BY_DESIGN.test(message.text()))
      complaints.push(message.text());
  });
  tab.on('pageerror', (error) => complaints.push(error.message));
  await options.prepare?.(server, tab);
  const language = options.language ?? 'en';
  await tab.goto(`${server.origin}${options.path ?? '/desk'}?language=${language}`);
  await tab.waitForSelector('.page main');
  server.tick();
  await tab.waitForSelector('[data-health="live"]');
  await tab.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  });
  return {
    server,
    tab,
    floor,
    complaints,
    async close() {
      await context.close();
      await server.close();
    },
  };
}

/** What axe finds that is serious; the policy refuses scripts from outside, so it comes by the debugger's door. */
export async function axe(tab: Tab): Promise<readonly string[]> {
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
        nodes.slice(0, 2).map(({ html }) => `${id}: ${html.slice(0, 200)}`),
      );
  });
}

/** Text that is cut off by its box or hangs out of the screen, and how much wider than the screen the page is. */
export function cutOff(
  tab: Tab,
): Promise<{ readonly cut: readonly string[]; readonly wider: number }> {
  return tab.evaluate(() => {
    const cut: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const of = node.parentElement;
      const text = node.textContent?.trim() ?? '';
      if (!of || text === '' || of.closest('.aside, noscript, option, script, style')) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const box = range.getBoundingClientRect();
      if (box.width === 0) continue;
      if (box.left < -0.5 || box.right > innerWidth + 0.5) cut.push(`outside: ${text}`);
      for (let up: Element | null = of; up && up !== document.body; up = up.parentElement) {
        const around = up.getBoundingClientRect();
        const clips = getComputedStyle(up).overflow !== 'visible';
        const isButton = up.localName === 'button';
        if ((clips || isButton) && (box.right > around.right + 1 || box.left < around.left - 1))
          cut.push(`${up.localName}: ${text}`);
      }
    }
    return { cut, wider: document.documentElement.scrollWidth - innerWidth };
  });
}
