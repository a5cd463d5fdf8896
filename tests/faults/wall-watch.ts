// Watches a real wall for a sign that it is not live, however short; and signs a browser in.
import type { Browser } from 'playwright-core';
import { openWall } from '../support/wall-page.ts';
import { showToken } from '../support/sign-in-page.ts';
import type { WallPage } from '../support/wall-page.ts';
import { TOKEN } from './arena.ts';

/** Runs in the page. */
const WATCH = `
  globalThis.signs = [];
  let shown = null;
  new MutationObserver(() => {
    const text = document.querySelector('[data-not-live]')?.textContent ?? null;
    if (text !== null && text !== shown) globalThis.signs.push(text);
    shown = text;
  }).observe(document.body, { childList: true, subtree: true, attributes: true, characterData: true });
`;

/** Gives what asks for all signs since. */
export async function watchForSigns({ page }: WallPage): Promise<() => Promise<readonly string[]>> {
  await page.evaluate(WATCH);
  return () => page.evaluate<readonly string[]>('globalThis.signs');
}

/** `clockOffMs`: by which the machine before the screen is wrong. */
export async function openSignedIn(
  browser: Browser,
  { url, clockOffMs = 0 }: { readonly url: string; readonly clockOffMs?: number },
): Promise<WallPage> {
  const wall = await openWall(browser, { url: `${url}/sign-in`, clockOffMs });
  await showToken(wall.page, TOKEN);
  return wall;
}
