// Cookies: what of ours a browser keeps, out of reach of scripts, for as long as it is used.
import type { FastifyReply } from 'fastify';
import { BEGUN_MS } from '../access/begun-sign-ins.ts';
import { SESSION_MS } from '../access/sessions.ts';
import { SCREEN_COOKIE, SESSION_COOKIE } from './guard.ts';

/** Milliseconds that a paired screen's cookie lasts from its last page; browsers keep none longer than 400 days. */
const SCREEN_MS = 400 * 24 * 3_600_000;

export const OPEN_ID_COOKIE = 'pharos_open_id';

const KINDS = {
  session: { name: SESSION_COOKIE, forMs: SESSION_MS, path: '/' },
  screen: { name: SCREEN_COOKIE, forMs: SCREEN_MS, path: '/' },
  /** Of one sign-in on its way through the company's own provider. */
  openId: { name: OPEN_ID_COOKIE, forMs: BEGUN_MS, path: '/sign-in/open-id' },
} as const;
export type CookieKind = keyof typeof KINDS;

/** `Lax`: a link in a mail or a chat opens the desk signed in, and no other page's form or script comes in our name. */
export function setCookie(
  reply: FastifyReply,
  kind: CookieKind,
  text: string,
  isSecure: boolean,
): void {
  const { name, forMs, path } = KINDS[kind];
  void reply.setCookie(name, text, {
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure,
    path,
    maxAge: Math.floor(forMs / 1_000),
  });
}

export function dropCookie(reply: FastifyReply, kind: CookieKind): void {
  const { name, path } = KINDS[kind];
  void reply.clearCookie(name, { path });
}
