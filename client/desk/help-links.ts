// What the desk asks and tells the server of the personal links of `/help`. Failures are values.
import type { HelpLink } from '../../server/contract/help.ts';
import { ask } from '../live/ask.ts';
import type { Trouble } from '../live/ask.ts';

/** One path on a square, in the units of its box. */
export interface Qr {
  readonly box: string;
  readonly path: string;
}

/** What is told this once. */
export interface MadeLink {
  readonly url: string;
  /** Null: the server drew nothing that is understood here. */
  readonly qr: Qr | null;
  /** A phone finds this machine only, which is itself. */
  readonly isOnlyHere: boolean;
}

const LINKS = '/api/v1/help-links';

/** Null: this agent has none. */
export async function readHelpLink(agent: string): Promise<HelpLink | null | Trouble> {
  const said = await ask(LINKS);
  if ('trouble' in said) return said;
  const { links } = (said.body ?? {}) as { readonly links?: unknown };
  if (!Array.isArray(links)) return { trouble: 'words', status: said.status };
  return (links as readonly HelpLink[]).find((link) => link.agent === agent) ?? null;
}

export async function makeHelpLink(agent: string): Promise<MadeLink | Trouble> {
  const said = await ask(LINKS, { agent });
  if ('trouble' in said) return said;
  const { url, svg } = (said.body ?? {}) as { readonly url?: unknown; readonly svg?: unknown };
  const host = typeof url === 'string' ? hostOf(url) : null;
  if (typeof url !== 'string' || host === null) return { trouble: 'words', status: said.status };
  return { url, qr: qrOf(svg), isOnlyHere: isLoopback(host) };
}

/** Null: it is over; else what stood against it. */
export async function endHelpLink(agent: string): Promise<Trouble | null> {
  const said = await ask(`${LINKS}/${encodeURIComponent(agent)}`, undefined, 'DELETE');
  // What is not there any more is what was wanted.
  return 'trouble' in said && said.status !== 404 ? said : null;
}

/** Its lines only, so that nothing of a server is markup of this page. */
export function qrOf(svg: unknown): Qr | null {
  if (typeof svg !== 'string') return null;
  const box = / viewBox="([\d. ]+)"/.exec(svg)?.[1];
  const path = /<path [^>]*\bd="([MmHhVvLlZz\d., -]+)"/.exec(svg)?.[1];
  return box === undefined || path === undefined ? null : { box, path };
}

/** Null: it is no address. */
function hostOf(url: string): string | null {
  try {
    return new URL(url).hostname;
  } catch {
    return null;
  }
}

export function isLoopback(host: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(host);
}
